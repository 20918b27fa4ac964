"""Progress: what is done and what is next, the tests, how sure one may be, what is kept."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from client_triage import plots
from client_triage.content import load_content
from client_triage.domain import edits
from client_triage.domain.practice import Attempt, Sitting
from client_triage.store import loads
from client_triage.views import plots as plots_view
from client_triage.views.asking import every_item, topic_of
from client_triage.views.practice import PracticeView
from client_triage.views.progress import ProgressView
from client_triage.views.standings import Practised, items_of_test
from client_triage.views.workspace import Workspace

CONTENT = load_content()
ITEMS = every_item(CONTENT)
SCENARIOS = [scenario.id for scenario in CONTENT.scenarios]
DAY = date(2026, 11, 23)
WRONG = {"keep": "fire", "warn": "keep", "weigh": "keep", "fire": "keep"}
FORM = {
    form: [ref for ref, item in items_of_test(CONTENT).items() if item.form == form]
    for form in ("A", "B")
}


@pytest.fixture
def workspace():
    return Workspace(language="en")


@pytest.fixture
def view(workspace):
    return ProgressView(workspace)


def given(ref, confidence=2, *, right=True):
    item = ITEMS[ref]
    answer = item.answer if item.type != "rating" else item.option_ids[0]
    if not right:
        answer = WRONG[answer]
    sure = None if item.type == "rating" else confidence
    return Attempt(DAY, item.fingerprint, answer, sure)


def practise(workspace, *refs, **facts):
    for ref in refs:
        workspace.apply(lambda own, ref=ref: edits.practise(own, ref, given(ref, **facts)))


def practise_all(workspace, *wanted):
    for topic in wanted or CONTENT.topics:
        practise(workspace, *Practised(CONTENT, topic).items)


def sit(workspace, when, right, cases=slice(10), done=None):
    """Take a test of some cases; the first ones are right."""
    form = "A" if when == "before" else "B"
    refs = FORM[form][cases]
    answers = {ref: given(ref, right=place < right) for place, ref in enumerate(refs[:done])}
    workspace.apply(lambda own: edits.sit(own, when, Sitting(form, tuple(refs), answers)))


def outdate(workspace, when, ref):
    kept = workspace.own.tests[when]
    old = replace(kept.answers[ref], item="0" * 16)
    workspace.apply(lambda own: edits.sit(own, when, kept.with_answer(ref, old)))


def row(view, topic):
    return next(row for row in view.state["rows"] if row["topic"] == topic)


# what is next


def test_at_first_the_first_scenario_is_next(view):
    assert view.state["next"] == "Next: practise “Safety”. 0 of 4 done there."


def test_the_first_scenario_with_practice_left_is_next(view):
    practise_all(view.workspace, "physical-abuse", "verbal-abuse")
    assert view.state["next"] == "Next: practise “Honesty”. 0 of 4 done there."


def test_after_all_scenarios_the_test_after_is_next(view):
    practise_all(view.workspace, *SCENARIOS)
    assert view.state["next"].startswith("Next: the test after.")


def test_a_test_after_that_is_not_over_is_still_next(view):
    practise_all(view.workspace, *SCENARIOS)
    sit(view.workspace, "after", 3, done=3)
    assert view.state["next"].startswith("Next: the test after.")


def test_after_the_test_after_a_lesson_is_next(view):
    practise_all(view.workspace, *SCENARIOS)
    sit(view.workspace, "after", 10)
    assert view.state["next"].startswith("Next: practise “Delight them in public”.")


def test_at_last_nothing_is_next(view):
    practise_all(view.workspace)
    sit(view.workspace, "after", 10)
    assert view.state["next"] == "Nothing is left to do."


# the table


def test_there_is_a_row_for_each_scenario_and_lesson(view):
    assert [row["topic"] for row in view.state["rows"]] == list(CONTENT.topics)


def test_scenarios_have_their_discreet_names(view):
    assert row(view, "physical-abuse")["name"] == "Safety"


def test_lessons_have_their_titles(view):
    assert row(view, "cash-flow")["name"] == "Five quick ways to better cash flow"


def test_a_row_counts_the_practice_that_is_done(view):
    practise(view.workspace, "slow-pay/new-hotel")
    assert row(view, "slow-pay")["practice"] == "0 of 4"
    practise(view.workspace, "slow-pay/office-aquarium", "slow-pay/brewery-or-choir")
    assert row(view, "slow-pay")["practice"] == "2 of 4"


def test_a_row_says_how_its_scenario_was_seen_in_the_tests(view):
    sit(view.workspace, "before", 1)
    assert [row(view, topic)["before"] for topic in SCENARIOS[:2]] == ["fits", "seen differently"]
    assert row(view, "physical-abuse")["after"] == ""


def test_a_test_that_is_not_over_tells_nothing_yet(view):
    sit(view.workspace, "before", 3, done=9)
    assert {row["before"] for row in view.state["rows"]} == {""}


def test_without_a_way_to_go_there_nothing_is_a_button(view):
    assert {row["step"] for row in view.state["rows"]} == {""}


def test_with_a_way_to_go_there_scenarios_are_buttons_and_lessons_are_not(workspace):
    view = ProgressView(workspace, lambda _: None)
    assert [row["step"] for row in view.state["rows"] if row["step"]] == SCENARIOS


def test_a_button_goes_to_its_scenario(workspace, act):
    gone = []
    act(ProgressView(workspace, gone.append), "go", step="lies")
    assert gone == ["lies"]


@pytest.mark.parametrize("step", ["cash-flow", "nowhere", ["lies"]])
def test_nobody_goes_anywhere_else(workspace, act, step, caplog):
    gone = []
    act(ProgressView(workspace, gone.append), "go", step=step)
    assert (gone, len(caplog.records)) == ([], 1)


def test_without_a_way_to_go_there_nobody_goes(view, act, caplog):
    act(view, "go", step="lies")
    assert view.state["fault"]
    assert caplog.records


def test_without_questions_there_is_nothing_to_see(monkeypatch):
    monkeypatch.setattr("client_triage.views.asking.items_of", lambda *_: {})
    assert ProgressView(Workspace(language="en")).state["is_empty"]


# the tests


def test_without_a_test_it_says_so(view):
    assert view.state["tests"] == ["You have taken neither the test before nor the one after."]


def test_a_begun_test_says_how_far_it_is_and_gives_no_score(view):
    sit(view.workspace, "before", 3, done=4)
    assert view.state["tests"] == [
        "The test before is begun: 4 of 10 answered. Its result is shown at its end."
    ]


def test_one_test_has_its_score_and_the_honest_word(view):
    sit(view.workspace, "before", 4)
    score, noise = view.state["tests"]
    assert score == "Before: 4 of 10 fit."
    assert noise.startswith("One person's score on so few cases is mostly chance")


def test_both_tests_have_scores_difference_gain_and_the_honest_word(view):
    sit(view.workspace, "before", 4)
    sit(view.workspace, "after", 7)
    assert view.state["tests"] == [
        "Before: 4 of 10 fit.",
        "After: 7 of 10 fit.",
        "That is 3 more than before.",
        "Normalised gain: 0.5. 1 would be all that was left to learn. It is meant for groups.",
        view.state["words"]["noise"],
    ]


def test_a_loss_is_a_negative_gain(view):
    sit(view.workspace, "before", 7)
    sit(view.workspace, "after", 5)
    assert "That is 2 fewer than before." in view.state["tests"]
    assert view.state["tests"][3].startswith("Normalised gain: -0.67.")


def test_no_difference_is_called_so(view):
    sit(view.workspace, "before", 5)
    sit(view.workspace, "after", 5)
    assert view.state["tests"][2] == "That is as many as before."
    assert view.state["tests"][3].startswith("Normalised gain: 0.")


def test_where_all_fit_before_there_is_no_gain(view):
    sit(view.workspace, "before", 10)
    sit(view.workspace, "after", 9)
    assert view.state["tests"][3] == "There is no gain to give: all of it fit before."


def test_an_answer_to_an_earlier_wording_is_in_no_score(view):
    sit(view.workspace, "before", 4)
    outdate(view.workspace, "before", FORM["A"][0])
    assert view.state["tests"][0] == "Before: 3 of 9 fit."
    assert row(view, SCENARIOS[0])["before"] == ""


def test_only_what_both_tests_have_is_compared(view):
    # Before: the first four of ten fit. After: the third to the seventh, of which three fit;
    # of these five, two fit before.
    sit(view.workspace, "before", 4)
    sit(view.workspace, "after", 3, slice(2, 7))
    assert view.state["tests"][:5] == [
        "Before: 4 of 10 fit.",
        "After: 3 of 5 fit.",
        "5 scenarios are in both: there 2 fit before and 3 after.",
        "That is 1 more than before.",
        "Normalised gain: 0.33. 1 would be all that was left to learn. It is meant for groups.",
    ]


def test_tests_without_a_common_scenario_are_not_compared(view):
    sit(view.workspace, "before", 4, slice(5))
    sit(view.workspace, "after", 5, slice(5, 10))
    assert view.state["tests"][2] == "No scenario is in both, so the two can't be compared."
    assert "gain" not in " ".join(view.state["tests"])


# how sure one may be


def test_without_an_answer_there_is_no_plot(view):
    assert view.state["plot"] is None
    assert view.state["no_plot"] == "There is no answer yet that says how sure you were."


def test_every_marked_answer_of_practice_and_tests_is_counted(view):
    # Practice: sure, two right and one wrong; guessed, one right; a rating, which is not marked.
    practise(view.workspace, "slow-pay/new-hotel", "lies/two-clients", confidence=3)
    practise(view.workspace, "slow-pay/new-hotel", confidence=3, right=False)
    practise(view.workspace, "slow-pay/six-a-year", confidence=1)
    practise(view.workspace, "be-the-adviser/could-they-tell")
    # The test before: all fairly sure, six of ten right.
    sit(view.workspace, "before", 6)
    assert [line[:3] for line in view.state["plot"]["rows"]] == [
        ("Sure", "3", "2"),
        ("Fairly sure", "10", "6"),
        ("I am guessing", "1", "1"),
    ]
    assert view.state["plot"]["title"] == "Fairly sure and right: 6 of 10"


def test_a_test_that_is_not_over_is_not_counted(view):
    sit(view.workspace, "before", 6, done=9)
    assert view.state["plot"] is None


def test_an_answer_to_an_earlier_wording_is_not_counted(view):
    sit(view.workspace, "before", 6)
    outdate(view.workspace, "before", FORM["A"][0])
    assert view.state["plot"]["title"] == "Fairly sure and right: 5 of 9"


@pytest.fixture
def pictures(monkeypatch):
    """Give the pictures that go to the browser; what draws is stood in for."""
    sent = []
    monkeypatch.setattr(plots, "calibration", lambda found, words: f"{found[2].n} {words.language}")
    monkeypatch.setattr(plots, "svg", lambda figure, _: figure)
    monkeypatch.setattr(ProgressView, "send", lambda _, message, *__: sent.append(message["svg"]))
    return sent


def test_the_picture_is_drawn_only_while_it_is_on_screen(view, act, pictures):
    sit(view.workspace, "before", 6)
    assert pictures == []
    act(view, "see", plot="calibration", seen=True)
    sit(view.workspace, "after", 6)
    act(view, "see", plot="calibration", seen=False)
    view.workspace.speak("ko")
    assert pictures == ["10 en", "20 en"]


def test_what_changes_no_count_draws_nothing_again(view, act, pictures):
    sit(view.workspace, "before", 6)
    act(view, "see", plot="calibration", seen=True)
    view.workspace.add_clients(["Heron"])
    assert pictures == ["10 en"]


def test_a_real_picture_is_an_svg(view, act, monkeypatch):
    sent = []
    monkeypatch.setattr(ProgressView, "send", lambda _, message, *__: sent.append(message["svg"]))
    sit(view.workspace, "before", 6)
    act(view, "see", plot="calibration", seen=True)
    assert sent[0].startswith("<svg")


def test_without_matplotlib_the_table_stands_alone(view, act, pictures, monkeypatch):
    monkeypatch.setattr(plots_view, "find_spec", lambda _: None)
    sit(view.workspace, "before", 6)
    act(view, "see", plot="calibration", seen=True)
    assert pictures == []
    assert not view.state["plot"]["can_draw"]
    assert len(view.state["plot"]["rows"]) == 3


# what changed


def test_while_all_answers_count_nothing_is_said_of_dropped_ones(view):
    practise_all(view.workspace)
    sit(view.workspace, "before", 6)
    assert view.state["dropped"] == ""


def test_answers_whose_questions_changed_are_counted(view):
    sit(view.workspace, "before", 6)
    outdate(view.workspace, "before", FORM["A"][0])
    assert view.state["dropped"] == "1 answer was dropped because its question has changed."
    old = Attempt(DAY, "0" * 16, "keep", 2)
    for ref in ("slow-pay/new-hotel", "slow-pay/gone", "gone/gone"):
        view.workspace.apply(lambda own, ref=ref: edits.practise(own, ref, old))
    assert view.state["dropped"].startswith("4 answers were dropped")


def test_a_changed_item_drops_only_its_own_answers(view):
    practise_all(view.workspace, "slow-pay")
    old = Attempt(DAY, "0" * 16, 80, 2)
    practice = {**view.workspace.own.practice, "slow-pay/cost-of-waiting": (old,)}
    view.workspace.apply(lambda own: replace(own, practice=practice))
    assert row(view, "slow-pay")["practice"] == "3 of 4"


# what is kept, and forgetting it


def test_in_memory_it_says_that_nothing_is_stored(view):
    assert view.state["kept"].startswith("What you type is not stored.")


def test_with_a_file_it_names_the_file(tmp_path):
    view = ProgressView(Workspace(tmp_path / "portfolio.json", "en"))
    assert view.state["kept"].startswith("Saved in portfolio.json, in this folder.")


def test_what_the_browser_remembers_is_said(view):
    view.workspace.stored = view.workspace.portfolio
    assert view.state["kept"].startswith("This browser keeps a copy")


@pytest.fixture
def learnt(view):
    view.workspace.add_clients(["Heron"])
    practise_all(view.workspace, "slow-pay")
    sit(view.workspace, "before", 6)
    return view


def test_forgetting_takes_practice_and_tests_and_leaves_the_clients(learnt, act):
    act(learnt, "forget")
    own = learnt.workspace.own
    assert (own.practice, own.tests, len(own.clients)) == ({}, {}, 1)
    assert not learnt.state["can_forget"]


def test_forgetting_says_that_it_can_be_undone_and_it_can(learnt, act):
    before = learnt.workspace.own
    act(learnt, "forget")
    assert learnt.state["notice"].endswith("You can undo this.")
    act(learnt, "undo")
    assert learnt.workspace.own == before


def test_forgetting_is_one_redraw(learnt, act, states):
    sent = states(learnt)
    act(learnt, "forget")
    assert len(sent) == 1


def test_forgetting_is_one_redraw_in_a_notebook_too(learnt, act, monkeypatch):
    monkeypatch.setattr(plots_view, "_PAUSE", 0)
    redrawn = []
    monkeypatch.setattr(learnt, "redraw", lambda: redrawn.append("once"))

    async def forget():
        act(learnt, "forget")
        over = asyncio.Event()
        asyncio.get_running_loop().call_later(0.01, over.set)
        await over.wait()

    asyncio.run(forget())
    assert redrawn == ["once"]


def test_with_nothing_to_forget_nothing_is_done(view, act):
    act(view, "forget")
    assert (view.state["can_undo"], view.state["notice"]) == (False, "")


# beside the sample, and in Korean


def test_while_the_sample_is_shown_ones_own_progress_is(learnt):
    before = {**learnt.state, "can_undo": None}
    learnt.workspace.show_sample()
    assert {**learnt.state, "can_undo": None} == before


def test_while_the_sample_is_shown_ones_own_is_forgotten_in_the_file(tmp_path, act):
    path = tmp_path / "portfolio.json"
    view = ProgressView(Workspace(path, "en"))
    practise_all(view.workspace, "slow-pay")
    view.workspace.show_sample()
    view.workspace.apply(lambda sample: edits.remove_client(sample, "c1"))
    act(view, "forget")
    assert view.state["notice"].endswith("once you have left the example.")
    assert (view.workspace.is_sample, view.state["can_undo"]) == (True, False)
    assert loads(path.read_text("utf-8")).practice == {}
    view.workspace.leave_sample()
    act(view, "undo")
    assert row(view, "slow-pay")["practice"] == "4 of 4"


def test_while_the_sample_is_shown_an_answer_elsewhere_is_followed(view, act):
    view.workspace.show_sample()
    practice = PracticeView(view.workspace, "cash-flow")
    ref = practice.state["question"]["ref"]
    act(practice, "answer", ref=ref, answer=ITEMS[ref].answer, confidence=2)
    assert row(view, "cash-flow")["practice"] == "1 of 2"


def test_in_korean_all_of_it_is_korean(learnt):
    learnt.workspace.speak("ko")
    sit(learnt.workspace, "after", 8)
    state = learnt.state
    assert state["next"] == "다음에 할 것: ‘안전’ 연습(4개 중 0개 풀었어요)"
    assert row(learnt, "slow-pay")["practice"] == "4개 중 4개"
    assert row(learnt, "slow-pay")["before"] == "맞음"
    assert state["tests"][2] == "배우기 전보다 2문제 더 맞았어요."
    assert state["tests"][3].startswith("정규화 향상도: 0.5. 더 맞힐 수 있던 만큼을")
    assert state["plot"]["columns"] == ("확신한 정도", "답한 수", "맞은 수", "맞은 비율")


def test_every_topic_of_a_test_is_a_scenario():
    assert {topic_of(ref) for ref in items_of_test(CONTENT)} == set(SCENARIOS)
