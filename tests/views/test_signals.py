"""The form of one scenario at one client: its fields, and what is done with what comes back."""

import pytest

from client_triage.domain import Record
from client_triage.views.signals import SignalForm, signal_words


@pytest.fixture
def form(workspace):
    return SignalForm(workspace)


def facts(form, scenario, client="c1"):
    return form.workspace.portfolio.client(client), form.workspace.content.scenario(scenario)


def fields(form, scenario, client="c1"):
    return {field["id"]: field for field in form.fields(*facts(form, scenario, client))}


def details(form, scenario, client="c1"):
    return {field["id"]: field for field in form.details(*facts(form, scenario, client))}


def record(form, scenario, client="c1"):
    return form.workspace.portfolio.client(client).records.get(scenario, Record())


# fields


def test_every_signal_that_is_asked_has_a_field(form):
    assert list(fields(form, "slow-pay")) == ["late", "invoices"]


def test_a_signal_that_is_only_explained_is_not_asked(form):
    assert "apologised" not in fields(form, "physical-abuse")


def test_no_field_is_filled_in_before_an_answer(form):
    for scenario in form.workspace.scenarios:
        for field in fields(form, scenario.id).values():
            assert (field["known"], field["value"], field["error"]) == (False, None, "")


def test_every_field_has_its_label_in_both_languages(form):
    seen = []
    for language in ("en", "ko"):
        form.workspace.speak(language)
        every = (fields(form, one.id).values() for one in form.workspace.scenarios)
        seen.append([field["label"] for one in every for field in one])
    english, korean = seen
    assert all(english)
    assert all(korean)
    assert not set(english) & set(korean)


def test_a_flag_offers_yes_and_no(form):
    assert fields(form, "lies")["suspected"]["options"] == [[True, "Yes"], [False, "No"]]


def test_a_choice_offers_its_options(form):
    options = fields(form, "legal-risk")["exposed"]["options"]
    assert [value for value, _ in options] == ["yes", "suspected", "no"]


def test_a_scale_offers_every_step(form):
    options = fields(form, "changes-mind")["frustration"]["options"]
    assert [value for value, _ in options] == [1, 2, 3, 4, 5]


def test_a_count_is_typed(form):
    assert fields(form, "slow-pay")["late"]["options"] is None


def test_an_answer_is_seen_in_its_field(form):
    form.answer("c1", "slow-pay", "late", 2)
    assert fields(form, "slow-pay")["late"] | {"label": "", "hint": ""} == {
        "id": "late",
        "type": "count",
        "label": "",
        "hint": "",
        "known": True,
        "value": "2",
        "options": None,
        "error": "",
    }


def test_dont_know_is_known_and_has_no_value(form):
    form.answer("c1", "slow-pay", "late", None)
    field = fields(form, "slow-pay")["late"]
    assert (field["known"], field["value"]) == (True, None)


# answers


def test_an_answer_is_recorded_as_ones_own(form):
    form.answer("c1", "slow-pay", "late", "2")
    assert (record(form, "slow-pay").answers, record(form, "slow-pay").how) == (
        {"late": 2},
        {"late": "self"},
    )


def test_an_answer_on_the_client_itself_holds_for_every_scenario(form):
    form.answer("c1", "changes-mind", "billing", "hourly")
    assert form.workspace.portfolio.client("c1").billing == "hourly"
    assert fields(form, "changes-mind")["billing"]["value"] == "hourly"


@pytest.mark.parametrize("typed", ["lots", "-1", "1.5"])
def test_what_is_no_answer_stays_beside_its_reason(form, typed):
    form.answer("c1", "slow-pay", "late", typed)
    field = fields(form, "slow-pay")["late"]
    assert field["value"] == typed
    assert field["error"].startswith("Enter a whole number from 0")
    assert record(form, "slow-pay") == Record()


def test_more_late_than_invoices_is_refused_and_names_both(form):
    form.answer("c1", "slow-pay", "invoices", 3)
    form.answer("c1", "slow-pay", "late", 4)
    shown = fields(form, "slow-pay")
    late, invoices = (shown[name]["label"] for name in ("late", "invoices"))
    assert shown["late"]["error"] == f"“{late}” can't be more than “{invoices}”."
    assert record(form, "slow-pay").answers == {"invoices": 3}


def test_a_refusal_follows_the_language_with_all_that_it_names(form):
    form.answer("c1", "slow-pay", "invoices", 3)
    form.answer("c1", "slow-pay", "late", 4)
    form.workspace.speak("ko")
    shown = fields(form, "slow-pay")
    late, invoices = (shown[name]["label"] for name in ("late", "invoices"))
    assert shown["late"]["error"] == form.workspace.words.text(
        "fault.excess", part=late, whole=invoices
    )


def test_fewer_invoices_than_late_are_refused_as_well(form):
    form.answer("c1", "slow-pay", "late", 4)
    form.answer("c1", "slow-pay", "invoices", 3)
    assert fields(form, "slow-pay")["invoices"]["error"]
    assert record(form, "slow-pay").answers == {"late": 4}


def test_a_refusal_ends_with_a_good_answer(form):
    form.answer("c1", "slow-pay", "late", "lots")
    form.answer("c1", "slow-pay", "late", 1)
    assert fields(form, "slow-pay")["late"]["error"] == ""


def test_a_refusal_is_that_of_one_client(form):
    form.answer("c1", "slow-pay", "late", "lots")
    assert fields(form, "slow-pay", "c2")["late"]["error"] == ""


@pytest.mark.parametrize(
    ("client", "scenario", "signal"),
    [("c9", "slow-pay", "late"), ("c1", "slow-pya", "late"), ("c1", "slow-pay", "lat")],
)
def test_an_answer_to_nothing_that_exists_is_an_error(form, client, scenario, signal):
    before = form.workspace.portfolio
    with pytest.raises(LookupError):
        form.answer(client, scenario, signal, 1)
    assert form.workspace.portfolio is before


# clearing


def test_one_answer_goes_back_to_not_asked(form):
    form.answer("c1", "slow-pay", "invoices", 3)
    form.answer("c1", "slow-pay", "late", 1)
    form.clear("c1", "slow-pay", "late")
    assert record(form, "slow-pay").answers == {"invoices": 3}
    assert not fields(form, "slow-pay")["late"]["known"]


def test_all_answers_go_back_to_not_asked(form):
    form.answer("c1", "slow-pay", "invoices", 3)
    form.answer("c1", "slow-pay", "late", 1)
    form.clear("c1", "slow-pay")
    assert record(form, "slow-pay").answers == {}


def test_clearing_a_scenario_keeps_what_belongs_to_the_client(form):
    form.answer("c1", "changes-mind", "billing", "hourly")
    form.clear("c1", "changes-mind")
    assert form.workspace.portfolio.client("c1").billing == "hourly"


def test_clearing_ends_a_refusal(form):
    form.answer("c1", "slow-pay", "late", "lots")
    form.clear("c1", "slow-pay", "late")
    assert fields(form, "slow-pay")["late"]["error"] == ""


# details of a sweep


def test_a_detail_waits_for_what_it_depends_on(form):
    assert "told" not in details(form, "verbal-abuse")
    form.answer("c1", "verbal-abuse", "incidents", 1)
    assert "told" in details(form, "verbal-abuse")


def test_frustration_is_asked_where_work_is_billed_by_the_hour_alone(form):
    form.answer("c1", "changes-mind", "billing", "fixed")
    assert "frustration" not in details(form, "changes-mind")
    form.answer("c1", "changes-mind", "billing", "hourly")
    assert "frustration" in details(form, "changes-mind")


def test_a_count_above_the_offered_ones_shows_as_the_highest(form):
    form.answer("c1", "verbal-abuse", "incidents", 7)
    field = details(form, "verbal-abuse")["incidents"]
    assert field["value"] == max(value for value, _ in field["options"])
    assert record(form, "verbal-abuse").answers == {"incidents": 7}


def test_the_words_of_the_form_are_in_the_language(workspace):
    assert signal_words(workspace.words)["unsure"] == "Don't know"
    workspace.speak("ko")
    assert signal_words(workspace.words)["unsure"] != "Don't know"
