"""Practice: a case, what one would do, why, and another case."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from client_triage.content import load_content
from client_triage.domain import edits
from client_triage.domain.practice import Attempt
from client_triage.store import dumps, loads
from client_triage.views.asking import every_item
from client_triage.views.practice import PracticeView
from client_triage.views.standings import Practised
from client_triage.views.workspace import Workspace

CONTENT = load_content()
ITEMS = every_item(CONTENT)
HOTEL, AQUARIUM, CHOIR, SIX, COST = (
    f"slow-pay/{name}"
    for name in (
        "new-hotel",
        "office-aquarium",
        "brewery-or-choir",
        "six-a-year",
        "cost-of-waiting",
    )
)
RATING = "be-the-adviser/could-they-tell"
SURE, FAIRLY = 3, 2


@pytest.fixture
def view():
    return PracticeView(Workspace(language="en"), "slow-pay")


@pytest.fixture
def reply(act):
    """Answer the question that is asked, and go on: ``reply(view, right=False)``."""

    def do(view, *, right=True, confidence=FAIRLY, go_on=True):
        ref = asked(view)
        item = ITEMS[ref]
        others = ["1"] if item.type == "number" else [*item.option_ids]
        answer = item.answer if right else next(one for one in others if one != item.answer)
        act(view, "answer", ref=ref, answer=answer, confidence=confidence)
        if go_on:
            act(view, "next")
        return ref

    return do


def asked(view):
    question = view.state["question"]
    return question and question["ref"]


def practice(view):
    return view.workspace.own.practice


# what is asked


def test_the_first_case_is_asked_first(view):
    assert asked(view) == HOTEL
    assert view.state["given"] is None


def test_the_cases_of_the_tests_are_not_practised(view, reply):
    seen = {reply(view) for _ in range(5)}
    assert seen == {HOTEL, AQUARIUM, CHOIR, SIX, COST}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("topic", CONTENT.topics)
def test_every_item_can_be_asked_answered_and_shown_in_both_languages(topic, language, act):
    view = PracticeView(Workspace(language=language), topic)
    for _ in Practised(CONTENT, topic).items:
        item = ITEMS[asked(view)]
        answer = item.answer if item.type != "rating" else item.option_ids[0]
        confidence = None if item.type == "rating" else SURE
        given = list(answer) if isinstance(answer, tuple) else answer
        act(view, "answer", ref=asked(view), answer=given, confidence=confidence)
        assert (view.state["fault"], bool(view.state["given"])) == ("", True)
        act(view, "next")
    assert (asked(view), view.state["has_items"]) == (None, True)


def test_a_scenario_without_questions_shows_nothing(monkeypatch):
    monkeypatch.setattr("client_triage.views.asking.items_of", lambda *_: {})
    view = PracticeView(Workspace(language="en"), "slow-pay")
    assert not view.state["has_items"]


# answering


def test_an_answer_brings_its_feedback(view, reply):
    reply(view, go_on=False)
    assert (asked(view), view.state["given"]["right"]) == (HOTEL, True)
    assert all(option["feedback"] for option in view.state["question"]["options"])


def test_an_answer_brings_the_worked_example_by_the_rules(view, reply):
    reply(view, go_on=False)
    worked = view.state["worked"]
    assert worked["level"] == "watch"
    assert [fact["said"] for fact in worked["facts"]] == ["2", "2"]


def test_the_twin_comes_half_worked_with_its_count_left_open(view, reply):
    reply(view)
    assert asked(view) == AQUARIUM
    assert [fact["id"] for fact in view.state["half"] if fact["is_open"]] == ["late"]


def test_an_answer_is_kept_with_what_goes_with_it(view, act):
    act(view, "answer", ref=HOTEL, answer="fire", confidence=SURE, hints=2)
    (kept,) = practice(view)[HOTEL]
    assert kept == Attempt(date.today(), ITEMS[HOTEL].fingerprint, "fire", SURE, 2)  # noqa: DTZ011 - the user's own calendar day


def test_an_answer_survives_a_save_and_a_load(view, reply):
    reply(view)
    assert loads(dumps(view.workspace.own)).practice == practice(view)


def test_an_answer_is_one_redraw(view, act, states):
    sent = states(view)
    act(view, "answer", ref=HOTEL, answer="keep", confidence=SURE)
    assert len(sent) == 1


def test_the_next_question_is_one_redraw(view, reply, act, states):
    reply(view, go_on=False)
    sent = states(view)
    act(view, "next")
    assert len(sent) == 1


def test_a_second_press_of_next_changes_nothing(view, reply, act):
    reply(view)
    reply(view)
    reply(view, right=False, confidence=SURE)
    act(view, "next")
    assert asked(view) == SIX


def test_numbers_are_taken_as_people_write_them(view, act):
    act(view, "answer", ref=COST, answer="80.0", confidence=SURE)
    assert practice(view)[COST][0].answer == 80


@pytest.mark.parametrize("answer", [None, "", [], "perhaps", 3, {"a": 1}, [{"a": 1}], ["keep"]])
def test_an_answer_that_is_none_is_refused(view, act, answer):
    act(view, "answer", ref=HOTEL, answer=answer, confidence=SURE)
    assert view.state["fault"] == "Choose an answer first."
    assert practice(view) == {}


@pytest.mark.parametrize("confidence", [None, 0, 4, True, "3", 3.0, [3]])
def test_an_answer_that_does_not_say_how_sure_is_refused(view, act, confidence):
    act(view, "answer", ref=HOTEL, answer="keep", confidence=confidence)
    assert view.state["fault"] == "Say how sure you are; a guess is fine."
    assert practice(view) == {}


def test_a_rating_does_not_ask_how_sure(act):
    view = PracticeView(Workspace(language="en"), "be-the-adviser")
    act(view, "answer", ref=RATING, answer="4", confidence=None)
    assert view.state["given"]["right"] is None


@pytest.mark.parametrize("answer", ["many", "-3", "1,5", ""])
def test_what_is_no_number_is_refused(view, act, answer):
    act(view, "answer", ref=SIX, answer=answer, confidence=SURE)
    assert view.state["fault"]
    assert practice(view) == {}


@pytest.mark.parametrize("hints", [-1, 100, "2", None])
def test_an_impossible_number_of_hints_is_none(view, act, hints):
    act(view, "answer", ref=HOTEL, answer="keep", confidence=SURE, hints=hints)
    assert practice(view)[HOTEL][0].hints == 0


@pytest.mark.parametrize("ref", ["slow-pay/kind-notes", "lies/dry-floor", "nothing"])
def test_what_is_not_practised_here_takes_no_answer(view, act, ref, caplog):
    act(view, "answer", ref=ref, answer="keep", confidence=SURE)
    assert view.state["fault"].startswith("That did not work")
    assert (practice(view), len(caplog.records)) == ({}, 1)


# why


def test_what_was_written_as_why_is_kept_with_the_latest_answer(view, reply, act):
    reply(view, go_on=False)
    act(view, "why", ref=HOTEL, text="  two are\n no habit ")
    assert practice(view)[HOTEL][-1].why == "two are no habit"
    assert view.state["given"]["why"] == "two are no habit"


def test_why_is_never_marked(view, reply, act):
    reply(view, right=False, go_on=False)
    before = view.state["given"]
    act(view, "why", ref=HOTEL, text="because")
    assert {**view.state["given"], "why": ""} == {**before, "why": ""}


def test_why_is_at_most_a_line(view, reply, act):
    reply(view, go_on=False)
    act(view, "why", ref=HOTEL, text="x" * 1000)
    assert len(practice(view)[HOTEL][-1].why) == 300


def test_why_without_an_answer_is_refused(view, act, caplog):
    act(view, "why", ref=HOTEL, text="because")
    assert (view.state["fault"] != "", practice(view), len(caplog.records)) == (True, {}, 1)


# what comes next


def test_after_a_case_its_twin_is_asked(view, reply):
    reply(view)
    assert asked(view) == AQUARIUM


def test_a_wrong_case_is_retried_with_the_other_story(view, reply):
    reply(view)
    assert reply(view, right=False) == AQUARIUM
    order = [reply(view) for _ in range(4)]
    assert order[-1] == HOTEL


def test_sure_and_wrong_comes_back_before_what_is_new(view, reply):
    reply(view)
    reply(view, right=False, confidence=SURE)
    assert asked(view) == HOTEL


def test_unsure_and_wrong_waits_behind_what_is_new(view, reply):
    reply(view)
    reply(view, right=False, confidence=FAIRLY)
    assert asked(view) == CHOIR


def test_what_was_answered_last_is_not_asked_twice_in_a_row(view, reply):
    reply(view)
    reply(view)
    reply(view, right=False, confidence=SURE)
    assert asked(view) == SIX


def test_all_right_is_done(view, reply):
    for _ in range(5):
        reply(view)
    assert asked(view) is None
    assert view.state["progress"] == "4 of 4 done here"


def test_progress_counts_twins_as_one(view, reply):
    reply(view)
    assert view.state["progress"] == "0 of 4 done here"
    reply(view)
    assert view.state["progress"] == "1 of 4 done here"


def test_the_last_case_says_that_it_is_the_last(view, reply):
    for _ in range(4):
        reply(view)
    reply(view, go_on=False)
    assert view.state["is_last"]


def test_practising_again_forgets_this_scenario_alone(view, reply, act):
    other = PracticeView(view.workspace, "lies")
    reply(other)
    reply(view)
    act(view, "again")
    assert asked(view) == HOTEL
    assert list(practice(view)) == ["lies/twelve-houses"]


# changes from elsewhere


def test_an_answer_that_is_undone_is_asked_for_again(view, reply):
    reply(view, go_on=False)
    view.workspace.undo()
    assert (asked(view), view.state["given"], practice(view)) == (HOTEL, None, {})


def test_a_second_answer_that_is_undone_does_not_show_the_first(view, reply):
    for _ in range(4):
        reply(view)
    reply(view, right=False)
    reply(view, go_on=False)
    view.workspace.undo()
    assert (asked(view), view.state["given"]) == (COST, None)


def test_what_is_undone_can_be_made_again(view, reply):
    reply(view, go_on=False)
    view.workspace.undo()
    view.workspace.redo()
    assert view.state["given"]["right"]


@pytest.fixture
def changed(view, reply):
    """Give a practice in which one item was answered in an earlier wording."""
    reply(view)
    reply(view)
    old = Attempt(date(2026, 1, 1), "0" * 16, "keep", SURE)
    view.workspace.apply(lambda own: edits.practise(own, CHOIR, old))
    return view


def test_an_answer_to_an_earlier_wording_does_not_count(changed):
    assert asked(changed) == CHOIR
    assert changed.state["changed"].startswith("This case was changed")


def test_a_changed_item_drops_only_its_own_answers(changed):
    assert changed.state["progress"] == "1 of 4 done here"


def test_a_new_answer_takes_the_place_of_those_to_the_earlier_wording(changed, reply):
    reply(changed)
    assert [one.item for one in practice(changed)[CHOIR]] == [ITEMS[CHOIR].fingerprint]


def test_an_answer_that_the_item_can_not_have_does_not_count(view):
    odd = Attempt(date(2026, 1, 1), ITEMS[HOTEL].fingerprint, "nonsense", SURE)
    view.workspace.apply(lambda own: edits.practise(own, HOTEL, odd))
    assert asked(PracticeView(view.workspace, "slow-pay")) == HOTEL


# beside the sample, in another language, and later


def test_while_the_sample_is_shown_the_answer_goes_to_ones_own_file(tmp_path, reply):
    path = tmp_path / "portfolio.json"
    view = PracticeView(Workspace(path, "en"), "slow-pay")
    view.workspace.show_sample()
    reply(view, go_on=False)
    assert view.state["given"]["right"]
    assert (view.workspace.is_sample, len(view.workspace.portfolio.clients)) == (True, 6)
    assert list(loads(path.read_text("utf-8")).practice) == [HOTEL]


def test_the_answer_stays_when_the_sample_is_left(view, reply):
    view.workspace.show_sample()
    reply(view)
    view.workspace.leave_sample()
    assert list(practice(view)) == [HOTEL]
    assert asked(view) == AQUARIUM


def test_a_change_of_language_keeps_the_place(view, reply):
    reply(view, go_on=False)
    view.workspace.speak("ko")
    assert (asked(view), view.state["given"]["right"]) == (HOTEL, True)
    assert view.state["question"]["stem"][0].startswith("경희 씨")
    assert view.state["question"]["prompt"] == "나라면 어떻게 할까요?"


def test_the_reminder_is_a_calendar_file_in_two_weeks_that_names_nothing(view, act, monkeypatch):
    sent = []
    monkeypatch.setattr(PracticeView, "send", lambda _, message, *__: sent.append(message))
    act(view, "remind")
    (file,) = sent
    (event,) = Calendar.from_ical(file["text"]).walk("VEVENT")
    assert (file["file"], file["type"]) == ("client-triage.ics", "text/calendar")
    assert event["DTSTART"].dt == date.today() + timedelta(days=14)  # noqa: DTZ011 - the user's own calendar day
    assert not {"pay", "invoice", "Bluebird"} & set(file["text"].lower().split())
    assert view.state["notice"] == "client-triage.ics was handed to your browser."
