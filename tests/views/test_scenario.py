"""One scenario on one page: views that see the same answers, shown and hidden together."""

import pytest

from client_triage.views.scenario import ScenarioView


@pytest.fixture
def page(workspace):
    return ScenarioView(workspace, "slow-pay")


def test_an_answer_in_the_sweep_is_seen_across_the_clients(page, act):
    *_, sweep, across = page.children
    act(sweep, "answer", client="c2", answer="yes")
    assert [(row["alias"], row["level"]) for row in across.state["rows"]] == [("Otter", "watch")]


def test_an_answer_is_drawn_once_in_each_view(page, act, states):
    _, _, sweep, across = page.children
    sent = [states(view) for view in (sweep, across)]
    act(sweep, "answer", client="c2", answer="yes")
    assert [len(one) for one in sent] == [1, 1]


def test_a_page_out_of_sight_waits(page, states):
    sent = [states(view) for view in page.children]
    page.shown = False
    page.children[0].workspace.speak("ko")
    assert sent == [[]] * 4


def test_a_page_that_comes_back_speaks_the_language_of_now(page):
    page.shown = False
    page.children[0].workspace.speak("ko")
    page.shown = True
    assert {view.state["language"] for view in page.children} == {"ko"}


def test_an_unknown_scenario_names_those_that_there_are(workspace):
    with pytest.raises(LookupError, match=r"there are physical-abuse, .*slow-pay"):
        ScenarioView(workspace, "slow-pya")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_scenario_has_its_page(workspace, language):
    workspace.speak(language)
    for scenario in workspace.scenarios:
        page = ScenarioView(workspace, scenario.id)
        assert {view.state["language"] for view in page.children} == {language}
