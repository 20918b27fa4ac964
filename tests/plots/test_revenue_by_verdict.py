"""The bars of revenue, one a verdict."""

from decimal import Decimal
from io import StringIO

import pytest
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure

from client_triage import plots
from client_triage.domain import Band
from client_triage.words import words_in

LIAR = {"lies": {"confirmed": 1}}
FINE = {"lies": {"confirmed": 0, "suspected": False}}


def test_it_is_a_figure(sample):
    assert isinstance(plots.revenue_by_verdict(sample()), Figure)


def test_there_is_a_bar_for_every_verdict_with_revenue(sample, boxes):
    tally = sample()

    figure = plots.revenue_by_verdict(tally)

    assert set(boxes(figure, "bar")) == {level.word for level in tally.revenue}


@pytest.mark.parametrize(
    ("language", "label"), [("en", "$45,600.00 · 50%"), ("ko", "₩33,000,000 · 50%")]
)
def test_sums_are_written_as_money_of_the_language(sample, texts, language, label):
    assert label in texts(plots.revenue_by_verdict(sample(language), words_in(language)))


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Of the revenue you know, 50% comes from clients who should go"),
        ("ko", "확인된 매출 중 거래를 끝내는 게 좋은 고객의 비중: 50%"),
    ],
)
def test_the_title_says_how_much_would_go(sample, language, title):
    assert plots.describe_revenue_by_verdict(sample(language), words_in(language)).title == title


def test_the_title_says_where_nothing_would_go(client, portfolio, count):
    fine = portfolio(client(**FINE, revenue=Decimal(100)))

    title = plots.describe_revenue_by_verdict(count(fine)).title

    assert title == "None of the revenue you know comes from clients who should go"


def test_a_small_share_is_not_called_nothing(client, portfolio, count):
    two = portfolio(
        client(**LIAR, revenue=Decimal(1)), client(id="c2", **FINE, revenue=Decimal(999))
    )

    title = plots.describe_revenue_by_verdict(count(two)).title

    assert title == "Of the revenue you know, less than 1% comes from clients who should go"


def test_it_says_how_many_clients_have_no_known_revenue(client, portfolio, count, texts):
    two = count(portfolio(client(**LIAR, revenue=Decimal(100)), client(id="c2", **FINE)))

    assert "Revenue is not known for 1 of 2 clients." in texts(plots.revenue_by_verdict(two))
    assert "not known for 1 of 2" in plots.describe_revenue_by_verdict(two).alt


def test_a_verdict_without_known_revenue_says_so_in_place_of_a_bar(
    client, portfolio, count, texts, boxes
):
    two = count(portfolio(client(**LIAR, revenue=Decimal(100)), client(id="c2", **FINE)))

    figure = plots.revenue_by_verdict(two)

    assert "not known" in texts(figure)
    assert boxes(figure, "bar") == {"fire": 1}


def test_it_says_that_bands_count_with_their_middle(client, portfolio, count):
    rough = client(**LIAR, revenue_band=Band(Decimal(100), Decimal(200)))

    described = plots.describe_revenue_by_verdict(count(portfolio(rough)))

    assert described.rows[0][2] == "150"
    assert described.note == "Revenue given as a band counts with its middle."


def test_an_exact_revenue_beside_a_band_needs_no_note(client, portfolio, count):
    exact = client(**LIAR, revenue=Decimal(120), revenue_band=Band(Decimal(100), Decimal(200)))

    assert plots.describe_revenue_by_verdict(count(portfolio(exact))).note == ""


def test_without_any_revenue_the_figure_says_so_and_counts_clients(
    client, portfolio, count, texts, boxes
):
    figure = plots.revenue_by_verdict(count(portfolio(client(**LIAR), client(id="c2", **LIAR))))

    assert texts(figure)[0] == "No revenue is known yet"
    assert {"2 clients", "not known"} <= set(texts(figure))
    assert boxes(figure, "bar") == {}


def test_revenue_of_zero_is_known_and_has_no_share(client, portfolio, count):
    nothing = count(portfolio(client(**LIAR, revenue=Decimal(0)), currency="USD"))

    described = plots.describe_revenue_by_verdict(nothing)

    assert described.title == "All the revenue you know adds up to zero"
    assert described.rows == (("Let go", "1", "$0.00", ""),)
    assert isinstance(plots.revenue_by_verdict(nothing), Figure)


def test_without_clients_the_figure_says_so(sample, texts):
    assert texts(plots.revenue_by_verdict(sample(clients=0))) == ["No clients yet"]


def test_the_table_has_the_sums_of_the_tally(sample):
    tally, words = sample(), words_in()

    described = plots.describe_revenue_by_verdict(tally, words)

    assert described.columns == ("Verdict", "Clients", "Revenue", "Share")
    assert [row[:3] for row in described.rows] == [
        (
            words.level(level),
            words.number(tally.verdicts[level]),
            words.money(tally.revenue[level], tally.currency),
        )
        for level in sorted(tally.revenue, reverse=True)
    ]


def test_the_alt_text_says_the_finding_and_every_sum(sample):
    described = plots.describe_revenue_by_verdict(sample())

    assert described.title in described.alt
    assert all(f"{row[0]}: {row[2]}" in described.alt for row in described.rows)


def test_long_sums_stay_on_the_sheet(client, portfolio, count):
    huge = client(**LIAR, revenue=Decimal(10) ** 15)
    figure = plots.revenue_by_verdict(count(portfolio(huge, currency="KRW")), words_in("ko"))

    renderer = RendererSVG(figure.bbox.width, figure.bbox.height, StringIO())
    ends = [text.get_window_extent(renderer).x1 for text in figure.axes[0].texts]
    assert max(ends) <= figure.bbox.width
