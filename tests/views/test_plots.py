"""The plots on the page: drawn when seen, a moment after the last change, or told as tables."""

import asyncio

import pytest

from client_triage import plots
from client_triage.domain import Client
from client_triage.store import Portfolio, dumps
from client_triage.views import plots as plots_view
from client_triage.views.plots import PlotsView
from client_triage.views.workspace import Workspace

NAMES = ["heatmap", "tally_by_scenario", "revenue_by_verdict"]


class Drawing:
    """Stands in for matplotlib: what was drawn, of how many clients, in which language."""

    def __init__(self):
        self.drawn = []

    def plot(self, name):
        def draw(tally, words):
            self.drawn.append((name, len(tally.clients), words.language))
            return name

        return draw

    @property
    def names(self):
        return [name for name, *_ in self.drawn]


@pytest.fixture
def drawing(monkeypatch):
    drawing = Drawing()
    for name in NAMES:
        monkeypatch.setattr(plots, name, drawing.plot(name))
    monkeypatch.setattr(plots, "svg", lambda figure, _: f"<svg>{figure}</svg>")
    return drawing


@pytest.fixture
def sent(monkeypatch):
    """Give the pictures that go to the browser."""
    messages = []
    monkeypatch.setattr(PlotsView, "send", lambda _, message, *__: messages.append(message))
    return messages


@pytest.fixture
def view(workspace, drawing, sent):
    assert (drawing.drawn, sent) == ([], [])
    return PlotsView(workspace)


def see(view, act, *names):
    for name in names:
        act(view, "see", plot=name, seen=True)


# what is drawn


def test_nothing_is_drawn_before_it_is_seen(view, drawing):
    view.workspace.add_clients(["Heron"])
    assert drawing.drawn == []


def test_the_plot_that_is_seen_is_drawn_alone(view, drawing, sent, act):
    see(view, act, "heatmap")
    assert drawing.names == ["heatmap"]
    assert sent == [{"plot": "heatmap", "svg": "<svg>heatmap</svg>"}]


def test_a_plot_that_is_seen_again_is_sent_but_not_drawn_again(view, drawing, sent, act):
    see(view, act, "heatmap", "heatmap")
    assert drawing.names == ["heatmap"]
    assert len(sent) == 2


def test_a_plot_on_screen_follows_a_change(view, drawing, act):
    see(view, act, "heatmap")
    view.workspace.add_clients(["Heron"])
    assert drawing.drawn == [("heatmap", 3, "en"), ("heatmap", 4, "en")]


def test_a_plot_that_left_the_screen_follows_nothing(view, drawing, act):
    see(view, act, "heatmap")
    act(view, "see", plot="heatmap", seen=False)
    view.workspace.add_clients(["Heron"])
    assert drawing.names == ["heatmap"]


def test_a_plot_that_comes_back_after_a_change_is_drawn_as_things_are_now(view, drawing, act):
    see(view, act, "heatmap")
    act(view, "see", plot="heatmap", seen=False)
    view.workspace.add_clients(["Heron"])
    see(view, act, "heatmap")
    assert drawing.drawn[-1] == ("heatmap", 4, "en")


def test_a_change_of_language_draws_again(view, drawing, act):
    see(view, act, "heatmap")
    view.workspace.speak("ko")
    assert drawing.drawn[-1] == ("heatmap", 3, "ko")


def test_a_change_to_the_language_of_the_file_draws_again(drawing, act):
    workspace = Workspace(language="en")
    workspace.open_text(dumps(Portfolio(language="ko", clients=(Client("c1", "Heron"),))), "f")
    view = PlotsView(workspace)
    see(view, act, "heatmap")
    workspace.speak("ko")
    assert drawing.drawn == [("heatmap", 1, "en"), ("heatmap", 1, "ko")]


def test_a_trouble_draws_nothing_again(view, drawing, act):
    see(view, act, "heatmap")
    view.workspace.trouble = "Not saved."
    assert drawing.names == ["heatmap"]


def test_plots_of_a_view_out_of_sight_wait(view, drawing, act):
    see(view, act, "heatmap")
    view.shown = False
    view.workspace.add_clients(["Heron"])
    assert drawing.names == ["heatmap"]
    view.shown = True
    assert drawing.drawn[-1] == ("heatmap", 4, "en")


def test_an_unknown_plot_is_refused(view, drawing, act, caplog):
    see(view, act, "pie")
    assert view.state["fault"].startswith("That did not work")
    assert drawing.drawn == []
    assert caplog.records


def test_without_clients_there_is_nothing_to_draw(drawing, sent, act):
    view = PlotsView(Workspace(language="en"))
    see(view, act, *NAMES)
    assert view.state["is_empty"]
    assert (drawing.drawn, sent) == ([], [])


def test_a_real_plot_is_an_svg_with_its_alt_text(workspace, sent, act):
    see(PlotsView(workspace), act, "heatmap")
    assert sent[0]["svg"].startswith("<svg")
    assert "Nothing is known yet of your 3 clients" in sent[0]["svg"]


# bursts


def in_a_burst(drawing, change):
    """Change things many times in an event loop, and wait for all that was put off."""

    async def burst():
        over = asyncio.Event()
        change()
        before = list(drawing.names)
        # Put off later than anything of the view, so that it comes last.
        asyncio.get_running_loop().call_later(plots_view._PAUSE, over.set)  # noqa: SLF001 - its pause
        await over.wait()
        return before

    drawing.drawn.clear()
    return asyncio.run(burst())


def test_a_burst_of_changes_is_drawn_once_with_the_last(view, drawing, act, monkeypatch):
    monkeypatch.setattr(plots_view, "_PAUSE", 0.01)
    see(view, act, "heatmap")

    def change():
        for number in range(20):
            view.workspace.add_clients([f"Client {number}"])

    assert in_a_burst(drawing, change) == []
    assert drawing.drawn == [("heatmap", 23, "en")]


def test_a_burst_redraws_the_view_once(view, drawing, monkeypatch):
    monkeypatch.setattr(plots_view, "_PAUSE", 0.01)
    redrawn = []
    monkeypatch.setattr(view, "redraw", lambda: redrawn.append("once"))
    in_a_burst(drawing, lambda: [view.workspace.add_clients([name]) for name in "ABC"])
    assert redrawn == ["once"]


def test_a_burst_that_ends_in_another_language_is_drawn_in_it(view, drawing, act, monkeypatch):
    monkeypatch.setattr(plots_view, "_PAUSE", 0.01)
    see(view, act, "heatmap")

    def change():
        view.workspace.add_clients(["Heron"])
        view.workspace.speak("ko")

    in_a_burst(drawing, change)
    assert drawing.drawn == [("heatmap", 4, "ko")]


# tables


def test_every_plot_has_its_finding_as_a_title_and_its_data_as_a_table(view):
    shown = {plot["name"]: plot for plot in view.state["plots"]}
    assert list(shown) == NAMES
    assert shown["heatmap"]["title"] == "Nothing is known yet of your 3 clients"
    assert all(plot["columns"] and plot["rows"] for plot in shown.values())


def test_tables_follow_a_change_of_what_is_not_seen(view, answer):
    answer(view.workspace, "c1", "lies", confirmed=1)
    assert view.state["plots"][0]["title"].startswith("1 of 3 clients should go")


def test_without_matplotlib_the_tables_stand_alone(workspace, drawing, sent, act, monkeypatch):
    monkeypatch.setattr(plots_view, "find_spec", lambda _: None)
    view = PlotsView(workspace)
    see(view, act, *NAMES)
    assert (drawing.drawn, sent, view.state["fault"]) == ([], [], "")
    for plot in view.state["plots"]:
        assert plot["rows"]
        assert not plot["can_draw"]
