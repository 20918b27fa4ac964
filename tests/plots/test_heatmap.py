"""The heatmap and its description."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from io import StringIO

import pytest
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure

from client_triage import plots
from client_triage.domain import Level
from client_triage.plots._sheet import MARGIN
from client_triage.words import words_in


def test_a_heatmap_is_a_figure(sample):
    assert isinstance(plots.heatmap(sample()), Figure)


def test_there_is_a_cell_a_finding_in_the_colour_of_its_level(sample, boxes):
    tally = sample()

    expected = Counter(finding.level.word for one in tally.clients for finding in one.findings)

    assert boxes(plots.heatmap(tally), "cell") == expected


def test_every_cell_has_a_sign(sample, boxes):
    figure = plots.heatmap(sample())

    signs = {
        signs.get_label().split()[1]: len(signs.get_offsets())
        for signs in figure.axes[0].collections
    }

    cells, legend = boxes(figure, "cell"), boxes(figure, "swatch")
    assert signs == {level: cells.get(level, 0) + legend[level] for level in legend}


def test_the_legend_names_every_level(sample, texts):
    words = words_in("ko")

    assert {words.level(level) for level in Level} <= set(texts(plots.heatmap(sample(), words)))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_rows_are_aliases_and_columns_scenarios(sample, texts, language):
    words, tally = words_in(language), sample(language)

    written = " ".join(texts(plots.heatmap(tally, words)))

    assert all(one.client.alias in written for one in tally.clients)
    for scenario in tally.scenarios:
        assert all(part in written for part in words.scenario(scenario.id).short.split())


def test_the_most_urgent_client_comes_first(sample, texts):
    tally = sample()
    aliases = [one.client.alias for one in tally.most_urgent_first]

    assert [text for text in texts(plots.heatmap(tally)) if text in aliases] == aliases


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "2 of 6 clients should go: Legal risk, Demands"),
        ("ko", "고객 6곳 중 2곳과는 거래를 끝내는 게 좋아요: 법적 책임, 요구"),
    ],
)
def test_the_title_says_who_has_to_go_and_why(sample, language, title):
    assert plots.describe_heatmap(sample(language), words_in(language)).title == title


def test_the_title_stands_in_the_figure(sample, texts):
    assert texts(plots.heatmap(sample()))[0] == plots.describe_heatmap(sample()).title


def test_a_title_names_three_scenarios_and_counts_the_rest(client, portfolio, count):
    bad = client(
        physical_abuse={"incidents": 1},
        verbal_abuse={"incidents": 2},
        lies={"confirmed": 1},
        legal_risk={"exposed": "yes"},
    )

    title = plots.describe_heatmap(count(portfolio(bad))).title

    assert title == "Your one client should go: Safety, Legal risk, Respect, 1 more"


@pytest.mark.parametrize(
    ("records", "title"),
    [
        (
            {"slow_pay": {"invoices": 5, "late": 4}},
            "Nobody has to go so far, but 1 of 2 clients should be weighed up: Slow pay",
        ),
        (
            {"verbal_abuse": {"incidents": 1, "told": False}},
            "Nobody has to go so far, but 1 of 2 clients call for action: Respect",
        ),
        (
            {"lies": {"suspected": True}},
            "Nobody has to go so far, but keep an eye on 1 of 2 clients: Honesty",
        ),
        ({"lies": {"confirmed": 0, "suspected": False}}, "Clear so far: 1 of 2 clients"),
        ({}, "Nothing is known yet of your 2 clients"),
    ],
)
def test_the_title_says_the_worst_there_is(client, portfolio, count, records, title):
    two = portfolio(client(**records), client(id="c2"))

    assert plots.describe_heatmap(count(two)).title == title


def test_a_client_who_is_not_worth_keeping_goes_for_the_pattern(client, portfolio, count):
    weighed = client(slow_pay={"invoices": 5, "late": 4}, worth_keeping=False)

    title = plots.describe_heatmap(count(portfolio(weighed))).title

    assert title == "Your one client should go: Slow pay"


def test_clients_kept_against_advice_are_named_so(client, portfolio, count):
    kept = client(lies={"confirmed": 1}, exception="still preparing")

    described = plots.describe_heatmap(count(portfolio(kept)))

    assert described.note == "You keep one of those who should go, against advice."
    assert described.rows[0][-1] == "Let go (kept against advice)"


def test_forty_clients_are_shown_and_the_figure_says_so(sample, boxes, texts):
    figure = plots.heatmap(sample(clients=45))

    assert sum(boxes(figure, "cell").values()) == 40 * 10
    assert "Shown: the 40 most urgent of 45 clients." in texts(figure)


def test_with_forty_clients_there_is_nothing_to_say_of_a_limit(sample):
    assert plots.describe_heatmap(sample(clients=40)).note == ""


def test_the_table_has_the_same_clients_as_the_figure(sample):
    tally, words = sample(clients=45), words_in()

    described = plots.describe_heatmap(tally, words)

    assert described.columns[0] == "Client"
    assert described.rows == tuple(
        (one.client.alias, *map(words.level, [f.level for f in one.findings] + [one.verdict]))
        for one in tally.most_urgent_first[:40]
    )


def test_the_alt_text_says_the_finding_and_every_verdict(sample):
    tally = sample()

    described = plots.describe_heatmap(tally)

    assert described.title in described.alt
    assert "Let go 2, Weigh 1, Warn 1, Watch 1, Clear 1" in described.alt


def test_the_alt_text_says_the_limit(sample):
    assert "40 most urgent of 45" in plots.describe_heatmap(sample(clients=45)).alt


def test_without_clients_the_figure_says_so(sample, texts):
    assert texts(plots.heatmap(sample(clients=0))) == ["No clients yet"]


def test_a_long_alias_is_cut_with_an_ellipsis(sample, texts):
    alias = "Antigone and Sons, Purveyors of Fine Umbrellas"

    shown = texts(plots.heatmap(sample(clients=1, alias=alias)))

    assert alias not in shown
    assert any(text.endswith("…") and alias.startswith(text[:-1]) for text in shown)


def test_the_table_has_the_whole_alias(sample):
    alias = "Antigone and Sons, Purveyors of Fine Umbrellas 🎉"

    assert plots.describe_heatmap(sample(clients=1, alias=alias)).rows[0][0] == alias


@pytest.mark.parametrize("alias", ["C", "고객 이름이 아주 길고 또 길어요", "W" * 80, "🎉" * 40])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_nothing_is_written_beyond_the_edge(sample, alias, language):
    figure = plots.heatmap(sample(language, clients=3, alias=alias), words_in(language))

    width, height = figure.bbox.width, figure.bbox.height
    renderer = RendererSVG(width, height, StringIO())
    for text in figure.axes[0].texts:
        box = text.get_window_extent(renderer)
        assert box.x0 >= MARGIN - 2
        assert box.y0 >= MARGIN - 2
        assert box.x1 <= width - 1
        assert box.y1 <= height - 1


def test_money_is_no_part_of_a_heatmap(sample):
    tally = sample()
    richer = replace(tally, revenue={Level.FIRE: Decimal(10**9)})

    assert plots.describe_heatmap(richer) == plots.describe_heatmap(tally)
