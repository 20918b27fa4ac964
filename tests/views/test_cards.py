"""Cards: what they say of each client, and the decisions that are made on them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from client_triage.domain import Band, Client, Me, Record, Review
from client_triage.views.cards import CardsView
from client_triage.views.workspace import Workspace

TODAY = date(2026, 11, 23)
SLOW = Record({"late": 5, "invoices": 5})
HAGGLES = Record({"reopened": 1})
LIAR = Record({"confirmed": 1, "suspected": True})
SHOUTS = Record({"incidents": 1})
LIABLE = Record({"exposed": "yes"})
MENDED = Record({"episodes": 1})


def workspace(*clients, language="en", **facts):
    one = Workspace(language=language)
    one.apply(lambda portfolio: replace(portfolio, clients=clients, as_of=TODAY, **facts))
    return one


def client(name="c1", /, records=None, **facts):
    return Client(id=name, alias=name.upper(), records=records or {}, **facts)


def slow_payer(**facts):
    return client(records={"slow-pay": SLOW}, **facts)


def liar(**facts):
    return client(records={"lies": LIAR}, **facts)


def act(view, action, **details):
    view._on_message(None, {"action": action, **details}, [])  # noqa: SLF001 - as a browser would


def only_card(*clients, **facts):
    return CardsView(workspace(*clients, **facts)).state["cards"][0]


def labels(card):
    return [label for label, _ in card["money"].get("sums", [])]


# --- what a card says ---------------------------------------------------------------------------


def test_the_most_urgent_client_comes_first():
    view = CardsView(workspace(client("c1"), client("c2", {"lies": LIAR})))
    assert [card["id"] for card in view.state["cards"]] == ["c2", "c1"]


def test_a_card_gives_the_reason_of_what_decides():
    card = only_card(slow_payer())
    assert card["reasons"][0]["text"].startswith("5 of 5 invoices late")


def test_a_card_gives_the_next_step_of_what_decides():
    assert only_card(slow_payer())["next"].startswith("Collect what is owed")


def test_the_next_step_is_that_of_the_worst_scenario():
    card = only_card(client(records={"lies": LIAR, "legal-risk": LIABLE}))
    assert card["next"].startswith("Get legal advice")


def test_a_clear_client_is_clear_so_far():
    card = only_card(client(records={"slow-pay": Record({"late": 0, "invoices": 4})}))
    assert card["reasons"] == [{"text": "Clear so far, 1 of 10."}]


def test_a_client_without_answers_has_nothing_answered_yet():
    assert only_card(client())["reasons"] == [{"text": "Nothing answered yet."}]


def test_not_knowing_is_told_apart_from_not_answering():
    card = only_card(client(records={"slow-pay": Record({"late": None})}))
    assert card["reasons"] != [{"text": "Nothing answered yet."}]


def test_further_findings_of_warn_or_worse_are_listed():
    card = only_card(client(records={"lies": LIAR, "slow-pay": SLOW, "ignores-advice": MENDED}))
    assert [finding["level"] for finding in card["further"]] == ["weigh", "warn"]


@pytest.mark.parametrize(
    ("records", "when"),
    [
        ({"physical-abuse": SHOUTS}, "Now, for your safety"),
        ({"legal-risk": LIABLE}, "Now, after legal advice"),
        ({"lies": LIAR}, "This week"),
        ({"lies": LIAR, "physical-abuse": SHOUTS}, "Now, for your safety"),
    ],
)
def test_a_fire_says_when(records, when):
    assert only_card(client(records=records))["when"] == when


def test_danger_and_legal_risk_together_name_both():
    records = {"physical-abuse": SHOUTS, "legal-risk": LIABLE}
    assert "legal advice" in only_card(client(records=records))["when"]


def test_a_reviewed_weigh_ends_with_the_contract():
    card = only_card(slow_payer(worth_keeping=False))
    assert card["when"] == "At the end of the contract"


def test_nothing_but_a_fire_says_when():
    assert only_card(slow_payer())["when"] == ""


def test_danger_comes_with_contacts():
    view = CardsView(workspace(client(records={"physical-abuse": SHOUTS})))
    assert view.state["contacts"]["countries"]


def test_without_danger_there_are_no_contacts():
    assert CardsView(workspace(liar())).state["contacts"] is None


# --- money --------------------------------------------------------------------------------------

PAID = {"revenue": Decimal(12000), "hours": Decimal(100)}
ME = Me(opportunity_rate=Decimal(80))


def test_money_shows_on_a_weigh():
    card = only_card(slow_payer(**PAID), currency="USD", me=ME)
    assert [sum_ for _, sum_ in card["money"]["sums"]] == ["$12,000.00", "$120.00", "$4,000.00"]


def test_money_never_enters_while_a_finding_is_fire():
    assert only_card(liar(**PAID), me=ME)["money"] == {}


def test_what_was_left_out_of_the_money_is_named():
    card = only_card(slow_payer(**PAID, direct_costs=Decimal(0)), me=ME)
    assert card["money"]["left_out"].startswith("Not known, so not counted: write-offs")


def test_a_loss_against_other_work_is_said_in_words():
    card = only_card(slow_payer(**PAID), me=Me(opportunity_rate=Decimal(200)))
    assert labels(card)[-1].startswith("Less than")


def test_unknown_money_is_left_out():
    assert labels(only_card(slow_payer(revenue=Decimal(5)), me=ME)) == ["Paid revenue"]


def test_a_band_is_said_to_be_rough():
    card = only_card(slow_payer(revenue_band=Band(Decimal(1000), Decimal(5000))))
    assert labels(card) == ["Paid revenue, about"]


def test_revenue_is_asked_where_a_weigh_needs_it():
    assert only_card(slow_payer())["band"] == ""


def test_revenue_is_asked_where_a_fire_needs_it():
    assert only_card(liar())["band"] == ""


@pytest.mark.parametrize(
    "one",
    [
        client(records={"ignores-advice": MENDED}),
        slow_payer(revenue=Decimal(5)),
        client(records={"physical-abuse": SHOUTS}),
    ],
    ids=["light", "known", "in danger"],
)
def test_revenue_is_not_asked_elsewhere(one):
    assert only_card(one)["band"] is None


def test_a_band_is_taken_and_can_be_taken_back():
    one = workspace(slow_payer())
    view = CardsView(one)
    act(view, "band", client="c1", value="1000-5000")
    assert one.portfolio.clients[0].revenue_band == Band(Decimal(1000), Decimal(5000))
    act(view, "band", client="c1", value=None)
    assert one.portfolio.clients[0].revenue_band is None


def test_an_invented_band_changes_nothing():
    one = workspace(slow_payer())
    view = CardsView(one)
    act(view, "band", client="c1", value="NaN-1")
    assert view.state["fault"]
    assert one.portfolio.clients[0].revenue_band is None


# --- is it worth it? ----------------------------------------------------------------------------


def test_no_answer_is_preselected():
    assert only_card(slow_payer())["decision"]["answer"] == ""


def test_only_a_weigh_is_asked_whether_it_is_worth_it():
    assert only_card(liar())["decision"] is None


@pytest.mark.parametrize(
    ("answer", "worth", "level"),
    [("yes", True, "watch"), ("no", False, "fire"), ("not_yet", None, "weigh")],
)
def test_a_decision_is_kept_with_its_day_and_scenarios(answer, worth, level):
    one = workspace(slow_payer())
    view = CardsView(one)
    act(view, "decide", client="c1", answer=answer)
    decided = one.portfolio.clients[0]
    assert (decided.worth_keeping, decided.review) == (worth, Review(TODAY, ("slow-pay",)))
    assert view.state["cards"][0]["level"] == level
    assert view.state["cards"][0]["decision"]["answer"] == answer


def test_a_decision_is_said_to_have_been_noted():
    view = CardsView(workspace(slow_payer()))
    act(view, "decide", client="c1", answer="no")
    assert view.state["notice"] == "Noted. C1: Let go."


def test_what_the_decision_means_is_the_next_step():
    view = CardsView(workspace(slow_payer()))
    act(view, "decide", client="c1", answer="no")
    assert view.state["cards"][0]["next"].startswith("You decided that it is not worth it")


def test_conditions_and_a_day_go_with_the_decision():
    one = workspace(slow_payer())
    view = CardsView(one)
    act(view, "decide", client="c1", answer="yes")
    act(view, "conditions", client="c1", text=" A deposit. ")
    act(view, "look_again", client="c1", day="2027-03-01")
    review = Review(TODAY, ("slow-pay",), "A deposit.", date(2027, 3, 1))
    assert one.portfolio.clients[0].review == review


def test_another_answer_keeps_the_conditions():
    one = workspace(slow_payer(worth_keeping=True, review=Review(conditions="A deposit.")))
    act(CardsView(one), "decide", client="c1", answer="not_yet")
    assert one.portfolio.clients[0].review.conditions == "A deposit."


def test_conditions_without_an_answer_invent_none():
    one = workspace(slow_payer())
    view = CardsView(one)
    act(view, "conditions", client="c1", text="A deposit.")
    assert view.state["fault"]
    assert one.portfolio.clients[0].review is None


@pytest.mark.parametrize("day", ["2026-11-23", "soon", "9999-01-01"])
def test_a_day_that_is_none_to_come_is_refused_beside_its_field(day):
    one = workspace(slow_payer(worth_keeping=True, review=Review()))
    view = CardsView(one)
    act(view, "look_again", client="c1", day=day)
    decision = view.state["cards"][0]["decision"]
    assert decision["look_again"] == day
    assert decision["faults"]["look_again"].startswith("Choose a day from November 24, 2026")
    assert one.portfolio.clients[0].review.look_again is None


def test_conditions_that_are_too_long_are_refused_and_kept_in_the_field():
    view = CardsView(workspace(slow_payer(worth_keeping=True)))
    act(view, "conditions", client="c1", text="x" * 1001)
    decision = view.state["cards"][0]["decision"]
    assert decision["conditions"] == "x" * 1001
    assert decision["faults"]["conditions"]


def test_what_is_refused_follows_the_language():
    view = CardsView(workspace(slow_payer(worth_keeping=True, review=Review())))
    act(view, "look_again", client="c1", day="soon")
    act(view, "conditions", client="c1", text="x" * 1001)
    view.workspace.speak("ko")
    faults = view.state["cards"][0]["decision"]["faults"]
    assert "2026년 11월 24일" in faults["look_again"]
    assert "1,000자" in faults["conditions"] or "1000자" in faults["conditions"]


def test_a_day_to_look_again_that_has_passed_is_pointed_out():
    review = Review(scenarios=("slow-pay",), look_again=date(2026, 11, 1))
    card = only_card(slow_payer(worth_keeping=True, review=review))
    assert card["decision"]["overdue"] == "You wanted to look at this again on November 1, 2026."


def test_a_decision_can_be_cleared():
    one = workspace(slow_payer(worth_keeping=True, review=Review(conditions="A deposit.")))
    act(CardsView(one), "clear_decision", client="c1")
    assert one.portfolio.clients[0] == slow_payer()


def reopened():
    review = Review(date(2026, 10, 1), ("slow-pay",))
    records = {"slow-pay": SLOW, "plays-competitors": HAGGLES}
    return client(records=records, worth_keeping=True, review=review)


def test_a_reopened_review_says_what_came_up_since():
    since = only_card(reopened())["decision"]["reopened"]["since"]
    assert [finding["scenario"] for finding in since] == ["Rivals"]


def test_a_reopened_review_shows_the_earlier_answer_and_preselects_none():
    decision = only_card(reopened())["decision"]
    assert "“Yes”" in decision["reopened"]["earlier"]
    assert decision["answer"] == ""


def test_a_new_answer_covers_what_came_up():
    view = CardsView(workspace(reopened()))
    act(view, "decide", client="c1", answer="yes")
    assert view.state["cards"][0]["decision"]["reopened"] is None


def test_nobody_decides_about_a_fire():
    one = workspace(liar())
    view = CardsView(one)
    act(view, "decide", client="c1", answer="yes")
    assert view.state["fault"]
    assert one.portfolio.clients[0].worth_keeping is None


# --- keep anyway, because… ----------------------------------------------------------------------


def test_a_chip_keeps_a_client_against_advice():
    one = workspace(liar())
    view = CardsView(one)
    act(view, "keep", client="c1", chip="income")
    assert one.portfolio.clients[0].exception == "I need the income"
    assert view.state["cards"][0]["kept"] == "Kept against advice"


def test_kept_against_advice_is_still_fire():
    view = CardsView(workspace(liar()))
    act(view, "keep", client="c1", chip="income")
    assert view.state["cards"][0]["level"] == "fire"


def test_own_words_stand_beside_the_chip():
    one = workspace(liar())
    view = CardsView(one)
    act(view, "keep", client="c1", chip="contract")
    act(view, "keep_note", client="c1", text="until March")
    assert one.portfolio.clients[0].exception == "The contract still runs: until March"
    keep = view.state["cards"][0]["keep"]
    assert (keep["chip"], keep["note"]) == ("contract", "until March")


def test_own_words_alone_are_enough():
    one = workspace(liar())
    act(CardsView(one), "keep_note", client="c1", text="My landlord")
    assert one.portfolio.clients[0].exception == "My landlord"


def test_blank_words_keep_nobody():
    one = workspace(liar())
    act(CardsView(one), "keep_note", client="c1", text="  ")
    assert one.portfolio.clients[0].exception is None


def test_a_chip_is_recognised_in_another_language():
    card = only_card(liar(exception="I need the income: rent"), language="ko")
    assert (card["keep"]["chip"], card["keep"]["note"]) == ("income", "rent")


def test_the_reason_can_be_cleared():
    one = workspace(liar(exception="rent"))
    act(CardsView(one), "clear_keep", client="c1")
    assert one.portfolio.clients[0].exception is None


def test_the_one_in_danger_is_asked_with_care():
    card = only_card(client(records={"physical-abuse": SHOUTS}))
    assert card["keep"]["hint"].startswith("This is not your fault")


def test_nobody_is_kept_against_an_advice_that_was_not_given():
    one = workspace(slow_payer())
    view = CardsView(one)
    act(view, "keep", client="c1", chip="income")
    assert view.state["fault"]
    assert one.portfolio.clients[0].exception is None


def test_a_reviewed_fire_can_be_kept_too():
    one = workspace(slow_payer(worth_keeping=False))
    act(CardsView(one), "keep", client="c1", chip="preparing")
    assert one.tally.clients[0].kept


# --- many, and the example ----------------------------------------------------------------------


def many():
    return workspace(*(client(f"c{number}", {"lies": LIAR}) for number in range(50)))


def test_twenty_cards_show_at_first():
    state = CardsView(many()).state
    assert len(state["cards"]) == 20
    assert (state["more"], state["left"]) == ("Show 20 more", "30 more clients.")


def test_more_cards_show_on_request():
    view = CardsView(many())
    act(view, "more")
    act(view, "more")
    assert (len(view.state["cards"]), view.state["more"]) == (50, "")


def test_cards_stay_in_place_under_the_hand():
    view = CardsView(workspace(slow_payer(), client("c2", {"plays-competitors": HAGGLES})))
    act(view, "decide", client="c2", answer="no")
    assert [card["id"] for card in view.state["cards"]] == ["c1", "c2"]


def test_cards_are_sorted_anew_when_something_else_changes():
    one = workspace(slow_payer(), client("c2", {"plays-competitors": HAGGLES}))
    view = CardsView(one)
    act(view, "decide", client="c2", answer="no")
    one.apply(lambda portfolio: replace(portfolio, currency="EUR"))
    assert [card["id"] for card in view.state["cards"]] == ["c2", "c1"]


def test_an_action_draws_once():
    view = CardsView(workspace(slow_payer()))
    drawn = []
    view.observe(drawn.append, "state")
    act(view, "decide", client="c1", answer="no")
    assert len(drawn) == 1


def test_the_example_shows_three_cards():
    assert len(CardsView(workspace(), sample=True).state["cards"]) == 3


def test_the_example_makes_way_for_the_first_real_client():
    view = CardsView(workspace(client("mine")), sample=True)
    assert view.state["is_over"]
    assert view.state["cards"] == []


def test_a_fire_says_what_leaving_costs():
    letting_go = client("c1", {"legal-risk": Record({"exposed": "yes"})}, revenue=Decimal(300))
    other = client("c2", revenue=Decimal(700))
    card = CardsView(workspace(letting_go, other)).state["cards"][0]
    assert "30%" in card["leaving"]


def test_where_somebody_is_unsafe_nobody_speaks_of_what_leaving_costs():
    unsafe = client("c1", {"physical-abuse": Record({"incidents": 1})}, revenue=Decimal(300))
    assert CardsView(workspace(unsafe)).state["cards"][0]["leaving"] == ""


def test_who_stays_with_somebody_who_hurt_them_is_not_said_to_keep_against_advice():
    unsafe = client("c1", {"physical-abuse": Record({"incidents": 1})}, exception="income")
    assert CardsView(workspace(unsafe)).state["cards"][0]["kept"] == "Not left yet"


def test_the_example_is_labelled_as_made_up():
    assert CardsView(workspace(), sample=True).state["is_sample"]


def test_the_example_asks_nothing():
    for card in CardsView(workspace(), sample=True).state["cards"]:
        assert card["decision"] is card["keep"] is card["band"] is None


def test_the_example_can_only_be_looked_at():
    one = workspace(slow_payer())
    view = CardsView(one, sample=True)
    act(view, "decide", client="c1", answer="no")
    assert view.state["fault"]
    assert one.portfolio.clients[0].review is None


def test_an_unknown_client_does_not_raise():
    view = CardsView(workspace())
    act(view, "clear_decision", client="nobody")
    assert view.state["fault"]


def test_what_was_refused_of_a_deleted_client_troubles_nobody_else():
    view = CardsView(workspace(slow_payer()))
    act(view, "decide", client="c1", answer="not_yet")
    act(view, "conditions", client="c1", text="x" * 1001)
    view.workspace.apply(lambda portfolio: replace(portfolio, clients=()))
    view.workspace.apply(lambda portfolio: replace(portfolio, clients=(slow_payer(),)))
    assert view.state["cards"][0]["decision"]["faults"]["conditions"] == ""
