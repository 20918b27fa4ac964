"""The bars of clients by level, one a scenario."""

import pytest
from matplotlib.figure import Figure

from client_triage import plots
from client_triage.domain import Level
from client_triage.palette import LEVEL_LOOKS
from client_triage.words import words_in


def test_it_is_a_figure(sample):
    assert isinstance(plots.tally_by_scenario(sample()), Figure)


def test_there_is_a_box_for_every_level_that_a_scenario_has(sample, boxes):
    tally = sample()

    figure = plots.tally_by_scenario(tally)

    for level in Level:
        with_level = sum(bool(counts[level]) for counts in tally.by_scenario.values())
        assert boxes(figure, "bar").get(level.word, 0) == with_level


def test_a_box_is_as_long_as_its_count(sample):
    tally = sample()

    figure = plots.tally_by_scenario(tally)

    clear = next(p for p in figure.axes[0].patches if p.get_label() == "bar clear")
    widths = _widths(clear)
    counts = [c[Level.CLEAR] for c in tally.by_scenario.values() if c[Level.CLEAR]]
    unit = max(widths) / max(counts)
    assert widths == pytest.approx([count * unit for count in counts], abs=1.5)


def test_counts_stand_in_the_bars_with_their_signs(sample, texts):
    written = texts(plots.tally_by_scenario(sample()))

    assert "✓ 6" in written
    assert "◆ 1" in written


def test_the_sign_gives_way_before_the_count_does(sample, texts):
    written = texts(plots.tally_by_scenario(sample(clients=72)))

    assert "✓ 72" in written
    assert "12" in written or "× 12" in written


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_scenario_is_named(sample, texts, language):
    words, tally = words_in(language), sample(language)

    written = texts(plots.tally_by_scenario(tally, words))

    assert {words.scenario(scenario.id).short for scenario in tally.scenarios} <= set(written)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Most common: Reversals, seen in 4 of 6 clients"),
        ("ko", "가장 흔한 상황: 잦은 번복(고객 6곳 중 4곳)"),
    ],
)
def test_the_title_says_what_comes_up_most(sample, texts, language, title):
    words = words_in(language)

    assert plots.describe_tally_by_scenario(sample(language), words).title == title
    assert texts(plots.tally_by_scenario(sample(language), words))[0] == title


def test_the_title_names_every_scenario_that_comes_up_as_often(client, portfolio, count):
    two = portfolio(client(lies={"confirmed": 1}, legal_risk={"exposed": "yes"}), client(id="c2"))

    title = plots.describe_tally_by_scenario(count(two)).title

    assert title == "Most common: Honesty, Legal risk, each seen in 1 of 2 clients"


def test_with_one_client_the_title_counts_scenarios(sample):
    title = plots.describe_tally_by_scenario(sample(clients=1)).title

    assert title == "Your one client shows 3 of 10 scenarios"


def test_without_an_answer_the_title_says_so(client, portfolio, count):
    title = plots.describe_tally_by_scenario(count(portfolio(client()))).title

    assert title == "No answers yet"


def test_where_nothing_came_up_the_title_says_so(client, portfolio, count):
    clear = client(physical_abuse={"incidents": 0})

    title = plots.describe_tally_by_scenario(count(portfolio(clear))).title

    assert title == "Nothing has come up so far"


def test_without_clients_the_figure_says_so(sample, texts):
    assert texts(plots.tally_by_scenario(sample(clients=0))) == ["No clients yet"]


def test_the_table_has_the_counts_of_the_tally(sample):
    tally = sample(clients=45)

    described = plots.describe_tally_by_scenario(tally)

    words = words_in()
    assert described.columns == ("Scenario", *map(words.level, LEVEL_LOOKS))
    assert [row[0] for row in described.rows] == [
        words.scenario(scenario.id).short for scenario in tally.scenarios
    ]
    assert [[int(cell) for cell in row[1:]] for row in described.rows] == [
        [tally.by_scenario[scenario.id][level] for level in LEVEL_LOOKS]
        for scenario in tally.scenarios
    ]


def test_the_alt_text_says_the_finding(sample):
    described = plots.describe_tally_by_scenario(sample())

    assert described.title in described.alt


def _widths(patch):
    """Measure the boxes of a patch."""
    path = patch.get_path()
    starts = [i for i, code in enumerate(path.codes) if code == path.MOVETO]
    return [path.vertices[i + 1, 0] - path.vertices[i, 0] for i in starts]
