"""Is it worth it? Every sum counted by hand."""

from decimal import Decimal

import pytest

from client_triage.domain import Band, LatePayment, Me
from client_triage.domain.worth import Worth, plain, worth

D = Decimal
NOTHING_DUE = {"direct_costs": D(0), "write_offs": D(0), "chasing_hours": D(0), "late_payments": ()}


def me(rate="80", capital="0.08"):
    return Me(rate and D(rate), capital and D(capital))


def test_the_example_of_the_design_earns_83_57_an_hour_and_500_more(client):
    found = worth(client(revenue=D(12000), hours=D(140), direct_costs=D(300)), me())
    assert found.margin == 11700
    assert plain(found.effective_rate) == "83.57"
    assert plain(found.surplus) == "500"


def test_margin_is_revenue_less_costs_lateness_and_write_offs(client):
    one = client(
        revenue=D(10000),
        hours=D(100),
        direct_costs=D(1000),
        write_offs=D(500),
        chasing_hours=D(2),
        late_payments=(LatePayment(D(3650), 30), LatePayment(D(7300), 10)),
    )
    # 3650 × 30 / 365 × .1 = 30; 7300 × 10 / 365 × .1 = 20; 2 hours of chasing at 50 = 100
    found = worth(one, me(rate="50", capital="0.1"))
    assert found.margin == 8350
    assert found.effective_rate == D("83.5")
    assert found.left_out == ()


def test_hours_of_chasing_are_charged_once(client):
    facts = {**NOTHING_DUE, "revenue": D(1000), "hours": D(10)}
    without = worth(client(**facts), me())
    with_chasing = worth(client(**{**facts, "chasing_hours": D(4)}), me())
    assert with_chasing.margin == without.margin - 320
    assert with_chasing.surplus == without.surplus == 200


def test_hours_elsewhere_can_make_the_surplus_negative(client):
    assert worth(client(revenue=D(100), hours=D(10)), me()).surplus == -700


def test_without_revenue_there_is_nothing_to_work_out(client):
    found = worth(client(hours=D(10), direct_costs=D(5)), me())
    assert (found.margin, found.effective_rate, found.surplus) == (None, None, None)


@pytest.mark.parametrize("hours", [None, D(0)])
def test_without_hours_there_is_neither_rate_nor_surplus(client, hours):
    found = worth(client(revenue=D(10), hours=hours), me())
    assert (found.effective_rate, found.surplus) == (None, None)


def test_without_an_opportunity_rate_there_is_no_surplus(client):
    found = worth(client(revenue=D(100), hours=D(10)), me(rate=None))
    assert found.effective_rate == 10
    assert found.surplus is None


def test_no_revenue_at_all_is_known(client):
    assert worth(client(revenue=D(0), hours=D(1)), me()).surplus == -80


def test_missing_costs_and_lateness_are_named(client):
    left_out = worth(client(revenue=D(1), hours=D(1)), me()).left_out
    assert set(left_out) == {"direct_costs", "write_offs", "late_payments", "chasing_hours"}


def test_known_costs_are_not_named(client):
    assert worth(client(revenue=D(1), hours=D(1), **NOTHING_DUE), me()).left_out == ()


def test_lateness_is_left_out_without_a_cost_of_capital(client):
    late = {**NOTHING_DUE, "late_payments": (LatePayment(D(365), 10),)}
    found = worth(client(revenue=D(1), hours=D(1), **late), me(capital=None))
    assert found.left_out == ("late_payments",)
    assert found.margin == 1


def test_chasing_is_left_out_without_an_opportunity_rate(client):
    facts = {**NOTHING_DUE, "chasing_hours": D(1)}
    found = worth(client(revenue=D(1), hours=D(1), **facts), me(rate=None))
    assert found.left_out == ("chasing_hours",)
    assert found.margin == 1


def test_a_band_of_revenue_counts_with_its_middle(client):
    one = client(revenue_band=Band(D(100), D(300)), hours=D(10))
    assert worth(one, me()).effective_rate == 20


def test_an_open_band_counts_with_its_low_end(client):
    assert worth(client(revenue_band=Band(D(100))), me()).margin == 100


def test_nothing_known_is_worth_nothing_known(client):
    assert worth(client(), Me()) == Worth()


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("12000.00", "12000"),
        ("12000.50", "12000.5"),
        ("0.005", "0"),
        ("0.015", "0.02"),
        ("0.025", "0.02"),
        ("-0.001", "0"),
        ("-1.10", "-1.1"),
        ("1E+3", "1000"),
        ("100", "100"),
        ("0", "0"),
    ],
)
def test_sums_are_half_even_at_two_places_without_trailing_zeros(amount, text):
    assert plain(D(amount), "USD") == text
    assert plain(D(amount)) == text


@pytest.mark.parametrize("currency", ["KRW", "JPY"])
@pytest.mark.parametrize(
    ("amount", "text"),
    [("1000.5", "1000"), ("1001.5", "1002"), ("1200", "1200"), ("0.5", "0"), ("-0.4", "0")],
)
def test_won_and_yen_have_no_places(currency, amount, text):
    assert plain(D(amount), currency) == text


def test_an_unknown_sum_stays_unknown():
    assert plain(None, "USD") is None


def test_the_largest_sums_that_a_file_takes_can_be_written(client):
    most = D(10**15 - 1)
    found = worth(client(revenue=D(1), hours=most), Me(opportunity_rate=most))
    written = plain(found.surplus)
    assert written is not None
    assert written.startswith("-99999999999999")
