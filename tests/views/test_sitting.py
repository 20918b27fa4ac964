"""The test before and the one after: forms, cases, no feedback before the end."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest

from client_triage.content import Content, Quiz, load_content
from client_triage.domain import edits
from client_triage.domain.practice import Attempt
from client_triage.store import dumps, loads
from client_triage.views import asking
from client_triage.views.asking import every_item, topic_of
from client_triage.views.sitting import SittingView
from client_triage.views.workspace import Workspace

ITEMS = every_item(load_content())
SCENARIOS = [scenario.id for scenario in load_content().scenarios]
WRONG = {"keep": "fire", "warn": "keep", "weigh": "keep", "fire": "keep"}


@pytest.fixture(autouse=True)
def seeded(monkeypatch):
    """Draw the same in every run."""
    monkeypatch.setattr("client_triage.views.sitting.random.SystemRandom", lambda: Random(7))  # noqa: S311 - no secret


@pytest.fixture
def view():
    return SittingView(Workspace(language="en"), "before")


@pytest.fixture
def reply(act):
    """Answer the case that is asked: ``reply(view, right=False)``."""

    def do(view, *, right=True, confidence=2):
        ref = view.state["question"]["ref"]
        key = ITEMS[ref].answer
        answer = key if right else WRONG[key]
        act(view, "answer", ref=ref, answer=answer, confidence=confidence, hints=0)
        return ref

    return do


@pytest.fixture
def sit(act, reply):
    """Take a whole test, the first few cases wrongly: ``sit(view, wrong=3)``."""

    def do(view, wrong=0, *, short=False):
        act(view, "begin", short=short)
        for place in range(len(items(view))):
            reply(view, right=place >= wrong)

    return do


def sitting(view):
    return view.workspace.own.tests[view.when]


def items(view):
    return sitting(view).items


def forms(refs):
    return {ITEMS[ref].form for ref in refs}


# the offer


def test_nothing_is_asked_before_it_is_begun(view):
    assert (view.state["stage"], view.state["question"]) == ("offer", None)
    assert view.state["offer"].startswith("10 cases, one for each warning sign")


def test_folded_it_reads_no_case_until_it_is_opened(act, monkeypatch):
    read = []
    real = asking.items_of
    monkeypatch.setattr(asking, "items_of", lambda *args: (read.append(args[1]), real(*args))[1])
    monkeypatch.setattr(Content, "quiz", lambda _, scenario: read.append(scenario) or Quiz())
    view = SittingView(Workspace(language="en"), "before", folded=True)
    assert (view.state["stage"], read) == ("folded", [])
    view.workspace.speak("ko")
    assert read == []
    monkeypatch.undo()
    act(view, "unfold")
    assert view.state["offer"].startswith("상황마다 하나씩 모두 10문제예요.")


def test_folded_it_shows_at_once_a_test_that_was_begun(view, act):
    act(view, "begin")
    again = SittingView(view.workspace, "before", folded=True)
    assert again.state["question"] == view.state["question"]


def test_a_short_test_is_offered(view):
    assert view.state["can_be_short"]


def test_without_cases_there_is_no_test(monkeypatch):
    monkeypatch.setattr("client_triage.views.sitting.draw", lambda *_: [])
    view = SittingView(Workspace(language="en"), "before")
    assert not view.state["has_items"]


# the forms


def test_there_is_one_case_a_scenario_in_their_order(view, act):
    act(view, "begin")
    assert [topic_of(ref) for ref in items(view)] == SCENARIOS


def test_all_cases_are_of_one_form_and_of_the_first_pair(view, act):
    act(view, "begin")
    assert forms(items(view)) == {sitting(view).form}
    assert {ITEMS[ref].pair for ref in items(view)} == {1}


def test_the_form_is_drawn_at_random(act, monkeypatch):
    rng = Random(1)  # noqa: S311 - no secret
    monkeypatch.setattr("client_triage.views.sitting.random.SystemRandom", lambda: rng)
    drawn = []
    for _ in range(20):
        view = SittingView(Workspace(language="en"), "before")
        act(view, "begin")
        drawn.append(sitting(view).form)
    assert set(drawn) == {"A", "B"}


def test_the_short_test_has_five_cases_in_their_order(view, act):
    act(view, "begin", short=True)
    asked = [topic_of(ref) for ref in items(view)]
    assert len(asked) == 5
    assert asked == [scenario for scenario in SCENARIOS if scenario in asked]


def test_the_five_are_drawn_for_each_person(act, monkeypatch):
    rng = Random(1)  # noqa: S311 - no secret
    monkeypatch.setattr("client_triage.views.sitting.random.SystemRandom", lambda: rng)
    drawn = set()
    for _ in range(5):
        view = SittingView(Workspace(language="en"), "before")
        act(view, "begin", short=True)
        drawn.add(tuple(map(topic_of, items(view))))
    assert len(drawn) > 1


@pytest.mark.parametrize("short", [False, True])
def test_the_test_after_has_the_other_form_and_the_same_scenarios(view, act, sit, short):
    sit(view, short=short)
    after = SittingView(view.workspace, "after")
    assert not after.state["can_be_short"]
    act(after, "begin", short=True)
    assert forms(items(after)) | forms(items(view)) == {"A", "B"}
    assert list(map(topic_of, items(after))) == list(map(topic_of, items(view)))


def test_the_test_after_offers_as_many_cases_as_there_were_before(view, sit):
    sit(view, short=True)
    after = SittingView(view.workspace, "after")
    assert after.state["offer"].startswith("5 cases like those before")


def test_without_a_test_before_the_one_after_is_drawn_as_well(act):
    after = SittingView(Workspace(language="en"), "after")
    act(after, "begin")
    assert len(items(after)) == 10


def test_a_second_press_of_begin_begins_nothing_anew(view, act, reply):
    act(view, "begin")
    reply(view)
    before = sitting(view)
    act(view, "begin", short=True)
    assert sitting(view) == before


# case by case


def test_the_place_is_said(view, act, reply):
    act(view, "begin")
    assert view.state["place"] == "Case 1 of 10"
    reply(view)
    assert view.state["place"] == "Case 2 of 10"


def test_there_is_no_feedback_before_the_end(view, act, reply):
    act(view, "begin")
    reply(view, right=False)
    assert (view.state["stage"], view.state["result"]) == ("question", None)


@pytest.mark.parametrize(("answer", "confidence"), [(None, 2), ("keep", None), ("perhaps", 2)])
def test_an_incomplete_answer_is_refused(view, act, answer, confidence):
    act(view, "begin")
    ref = view.state["question"]["ref"]
    act(view, "answer", ref=ref, answer=answer, confidence=confidence)
    assert view.state["fault"]
    assert sitting(view).answers == {}


def test_a_case_of_the_other_form_takes_no_answer(view, act, caplog):
    act(view, "begin")
    other = next(ref for ref, item in ITEMS.items() if item.pair == 1 and ref not in items(view))
    act(view, "answer", ref=other, answer="keep", confidence=2)
    assert (sitting(view).answers, len(caplog.records)) == ({}, 1)


def test_an_answer_before_the_beginning_is_refused(view, act, caplog):
    act(view, "answer", ref="slow-pay/kind-notes", answer="keep", confidence=2)
    assert (view.workspace.own.tests, len(caplog.records)) == ({}, 1)


@pytest.mark.parametrize("action", ["begin", "answer", "again"])
def test_an_action_is_one_redraw(view, act, reply, states, action):
    if action != "begin":
        act(view, "begin")
    sent = states(view)
    if action == "answer":
        reply(view)
    else:
        act(view, action)
    assert len(sent) == 1


def test_a_begun_test_goes_on_after_a_restart(view, act, reply):
    act(view, "begin")
    reply(view)
    later = Workspace(language="en")
    later.open_text(dumps(view.workspace.own), "portfolio.json")
    again = SittingView(later, "before")
    assert again.state["place"] == "Case 2 of 10"


# the result


def test_the_score_counts_what_fits(view, sit):
    sit(view, wrong=3)
    assert view.state["stage"] == "result"
    assert view.state["result"]["score"] == "7 of 10 fit."


def test_the_result_shows_each_case_under_its_discreet_name(view, sit):
    sit(view, wrong=1)
    rows = view.state["result"]["rows"]
    assert [row["said"].partition(":")[0] for row in rows][:2] == ["Safety", "Respect"]
    assert [row["right"] for row in rows] == [False] + [True] * 9


def test_a_test_taken_again_is_offered_anew(view, sit, act):
    sit(view)
    act(view, "again")
    assert (view.state["stage"], view.workspace.own.tests) == ("offer", {})


def test_a_test_taken_back_can_be_brought_back(view, sit, act):
    sit(view)
    act(view, "again")
    view.workspace.undo()
    assert view.state["result"]["score"] == "10 of 10 fit."


def test_an_answer_that_is_undone_is_asked_for_again(view, act, reply):
    act(view, "begin")
    ref = reply(view)
    view.workspace.undo()
    assert view.state["question"]["ref"] == ref


# items that changed


def rewrite(view, change):
    """Change the test as it is kept."""
    view.workspace.apply(lambda own: edits.sit(own, view.when, change(sitting(view))))


def outdated(kept, ref):
    return kept.with_answer(ref, replace(kept.answers[ref], item="0" * 16))


def test_a_changed_item_drops_only_its_own_answer(view, sit):
    sit(view)
    changed = items(view)[4]
    rewrite(view, lambda kept: outdated(kept, changed))
    assert view.state["question"]["ref"] == changed
    assert view.state["place"] == "Case 10 of 10"


def test_an_item_that_is_gone_leaves_the_others_in_the_test(view, sit):
    sit(view, wrong=1)
    gone = {"lies/gone": Attempt(date(2026, 1, 1), "0" * 16, "keep", 2)}
    rewrite(
        view,
        lambda kept: replace(
            kept, items=("lies/gone", *kept.items), answers={**kept.answers, **gone}
        ),
    )
    assert view.state["result"]["score"] == "9 of 10 fit."


def test_a_test_of_which_nothing_is_left_is_offered_anew(view, sit):
    sit(view)
    rewrite(view, lambda kept: replace(kept, items=("lies/gone",), answers={}))
    assert view.state["stage"] == "offer"


def test_what_is_no_item_of_the_test_is_left_out(view, sit):
    sit(view)
    rating = "be-the-adviser/could-they-tell"
    rewrite(view, lambda kept: replace(kept, items=(*kept.items, rating)))
    assert view.state["result"]["score"] == "10 of 10 fit."


# beside the sample, and in another language


def test_while_the_sample_is_shown_the_test_goes_to_ones_own_file(tmp_path, sit):
    path = tmp_path / "portfolio.json"
    view = SittingView(Workspace(path, "en"), "before")
    view.workspace.show_sample()
    sit(view)
    assert view.workspace.is_sample
    assert view.state["result"]["score"] == "10 of 10 fit."
    assert loads(path.read_text("utf-8")).tests["before"].is_finished


def test_a_change_of_language_keeps_the_test(view, act, reply):
    act(view, "begin")
    reply(view)
    view.workspace.speak("ko")
    assert view.state["place"] == "10문제 중 2번째"
    assert [option["text"] for option in view.state["question"]["options"]] == [
        "계속하기",
        "짚고 넘어가기",
        "따져보기",
        "거래 끝내기",
    ]
