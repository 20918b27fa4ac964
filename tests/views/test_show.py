"""What a notebook calls, and which file it works on."""

import asyncio
import json
from unittest.mock import Mock

import pytest

from client_triage.domain import Client
from client_triage.store import Portfolio
from client_triage.views import show
from client_triage.views.app import App
from client_triage.views.clients import ClientsView
from client_triage.views.matrix import MatrixView
from client_triage.views.sweep import SweepView


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    """Give the notebooks' folder of a checkout, with the kernel in its English part."""
    folder = tmp_path / "notebooks"
    for language in ("en", "ko"):
        (folder / language).mkdir(parents=True)
    monkeypatch.delenv(show.PORTFOLIO_VARIABLE, raising=False)
    monkeypatch.delenv(show.LANGUAGE_VARIABLE, raising=False)
    monkeypatch.delenv("QUERY_STRING", raising=False)
    monkeypatch.setattr(show, "_workspaces", {})
    monkeypatch.chdir(folder / "en")
    return folder


@pytest.fixture
def shown(notebooks, monkeypatch):
    """Give what was displayed."""
    assert notebooks.is_dir()
    displayed = []
    monkeypatch.setattr(show, "display", displayed.append)
    return displayed


def views(widget, kind):
    below = (view for child in getattr(widget, "children", ()) for view in views(child, kind))
    return [*([widget] if isinstance(widget, kind) else []), *below]


# the file


@pytest.mark.parametrize("start", [".", "en", "ko", "en/deeper/still"])
def test_every_folder_below_the_notebooks_has_the_same_file(notebooks, start):
    (notebooks / start).mkdir(parents=True, exist_ok=True)
    assert show.portfolio_path(notebooks / start) == notebooks / "portfolio.json"


def test_a_folder_with_the_app_is_the_notebooks_folder_whatever_its_name(tmp_path, notebooks):
    assert notebooks.is_dir()
    course = tmp_path / "course"
    (course / "en").mkdir(parents=True)
    (course / "app.ipynb").touch()
    assert show.portfolio_path(course / "en") == course / "portfolio.json"


def test_a_file_that_is_there_on_the_way_up_is_taken(notebooks):
    (notebooks / "en" / "portfolio.json").touch()
    assert show.portfolio_path(notebooks / "en") == notebooks / "en" / "portfolio.json"


def test_elsewhere_the_file_is_in_the_kernels_folder(tmp_path, notebooks):
    assert notebooks.is_dir()
    (tmp_path / "portfolio.json").touch()
    (tmp_path / "else").mkdir()
    assert show.portfolio_path(tmp_path / "else") == tmp_path / "else" / "portfolio.json"


def test_a_file_above_the_notebooks_is_not_taken(notebooks):
    (notebooks.parent / "portfolio.json").touch()
    assert show.portfolio_path() == notebooks / "portfolio.json"


def test_the_kernels_folder_is_where_the_search_begins(notebooks):
    assert show.portfolio_path() == notebooks / "portfolio.json"


def test_the_variable_decides(notebooks, tmp_path, monkeypatch):
    (notebooks / "portfolio.json").touch()
    monkeypatch.setenv("CLIENT_TRIAGE_PORTFOLIO", str(tmp_path / "mine.json"))
    assert show.portfolio_path() == tmp_path / "mine.json"


def test_an_empty_variable_decides_nothing(notebooks, monkeypatch):
    monkeypatch.setenv("CLIENT_TRIAGE_PORTFOLIO", "")
    assert show.portfolio_path() == notebooks / "portfolio.json"


# showing


def test_the_start_shows_the_clients(shown):
    show.show_start()
    assert len(views(shown[0], ClientsView)) == 1


def test_a_scenario_shows_its_sweep(shown):
    show.show_scenario("slow-pay")
    (sweep,) = views(shown[0], SweepView)
    assert sweep.scenario.id == "slow-pay"


def test_the_portfolio_shows_the_matrix(shown):
    show.show_portfolio()
    assert len(views(shown[0], MatrixView)) == 1


def test_the_language_is_the_one_asked_for(shown):
    show.show_scenario("slow-pay", lang="ko")
    assert views(shown[0], SweepView)[0].state["language"] == "ko"


def test_without_a_language_the_files_own_is_spoken(shown, notebooks):
    Portfolio(language="ko").save(notebooks / "portfolio.json")
    show.show_scenario("slow-pay")
    assert views(shown[0], SweepView)[0].state["language"] == "ko"


def test_two_cells_of_one_kernel_share_their_answers(shown):
    show.show_start()
    show.show_scenario("slow-pay")
    views(shown[0], ClientsView)[0].workspace.add_clients(["Heron"])
    assert len(views(shown[1], SweepView)[0].state["rows"]) == 1


def test_showing_alone_writes_no_file(shown, notebooks):
    show.show_portfolio()
    assert shown
    assert not (notebooks / "portfolio.json").exists()


def test_what_is_entered_in_english_is_there_in_korean(shown, notebooks, monkeypatch, act):
    show.show_start(lang="en")
    act(views(shown[0], ClientsView)[0], "add", alias="Heron")
    # Another kernel, in the other language's folder.
    monkeypatch.setattr(show, "_workspaces", {})
    monkeypatch.chdir(notebooks / "ko")
    show.show_portfolio(lang="ko")
    (matrix,) = views(shown[1], MatrixView)
    assert matrix.state["language"] == "ko"
    assert [row[1] for row in matrix.state["rows"]] == ["Heron"]


def test_a_cell_that_is_run_again_shows_what_another_notebook_entered(shown, notebooks):
    show.show_portfolio()
    Portfolio(clients=(Client("c1", "Heron"),)).save(notebooks / "portfolio.json")
    show.show_portfolio()
    assert [row[1] for row in views(shown[1], MatrixView)[0].state["rows"]] == ["Heron"]


class Shell:
    """Says which cell runs, as a frontend tells the kernel."""

    def __init__(self):
        self.parent_header = {}

    def runs(self, cell, run):
        self.parent_header = {"header": {"msg_id": run}, "metadata": {"cellId": cell}}


@pytest.fixture
def shell(monkeypatch):
    shell = Shell()
    monkeypatch.setattr(show, "get_ipython", lambda: shell)
    monkeypatch.setattr(show, "_displayed", {})
    return shell


def followers(displayed):
    clients = [view for widget in displayed for view in views(widget, ClientsView)]
    clients[-1].workspace.add_clients(["Heron"])
    return [bool(view.state["clients"]) for view in clients]


def test_what_a_cell_displayed_before_is_closed_when_it_runs_again(shown, shell):
    shell.runs("first", "1")
    show.show_start()
    shell.runs("first", "2")
    show.show_start()
    assert followers(shown) == [False, True]


def test_what_another_cell_displayed_lives_on(shown, shell):
    shell.runs("first", "1")
    show.show_start()
    shell.runs("second", "2")
    show.show_start()
    assert followers(shown) == [True, True]


def test_what_the_same_run_of_a_cell_displayed_lives_on(shown, shell):
    shell.runs("first", "1")
    show.show_start()
    show.show_start()
    assert followers(shown) == [True, True]


def test_a_look_that_fails_is_not_the_last_one(monkeypatch):
    loop, workspace = Mock(), Mock()
    workspace.catch_up.side_effect = RuntimeError
    monkeypatch.setattr(show.asyncio, "get_running_loop", lambda: loop)
    with pytest.raises(RuntimeError):
        show._follow(workspace)  # noqa: SLF001 - what the kernel's loop calls
    loop.call_later.assert_called_once()


# faults


def test_a_faulty_file_is_told_of_in_plain_lines(shown, notebooks, capsys):
    (notebooks / "portfolio.json").write_text("{", "utf-8")
    show.show_portfolio(lang="en")
    first, second = capsys.readouterr().out.splitlines()
    assert shown == []
    assert first.startswith("portfolio.json can't be used as it is. Nothing was changed.")
    assert "portfolio.json:1: not valid JSON" in second
    assert (notebooks / "portfolio.json").read_text("utf-8") == "{"


def test_every_fault_of_a_file_has_its_line(shown, notebooks, capsys):
    clients = [{"id": "c1", "alias": 7}, {"id": "c1", "alias": "Otter", "hours": "-1"}]
    body = {"schema": "client-triage/portfolio@1", "clients": clients}
    (notebooks / "portfolio.json").write_text(json.dumps(body), "utf-8")
    show.show_scenario("slow-pay")
    assert shown == []
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_a_faulty_file_is_told_of_in_korean(shown, notebooks, capsys):
    (notebooks / "portfolio.json").write_text("", "utf-8")
    show.show_portfolio(lang="ko")
    assert shown == []
    assert "파일을 이대로는 쓸 수 없어요" in capsys.readouterr().out


def test_a_mended_file_is_shown_by_the_same_cell(shown, notebooks, capsys):
    (notebooks / "portfolio.json").write_text("{", "utf-8")
    show.show_portfolio()
    Portfolio(clients=(Client("c1", "Heron"),)).save(notebooks / "portfolio.json")
    show.show_portfolio()
    assert len(shown) == 1
    assert capsys.readouterr().out


def test_an_unknown_scenario_names_those_that_there_are(shown):
    with pytest.raises(LookupError, match=r"no scenario 'slow-pya'; there are physical-abuse, .*"):
        show.show_scenario("slow-pya")
    assert shown == []


# the page


def test_the_page_works_on_memory_alone(shown, notebooks, monkeypatch):
    mine = notebooks / "portfolio.json"
    Portfolio(clients=(Client("c1", "Heron"),)).save(mine)
    monkeypatch.setenv("CLIENT_TRIAGE_PORTFOLIO", str(mine))
    before = mine.read_bytes()
    show.show_app()
    (app,) = shown
    assert isinstance(app, App)
    assert app.workspace.portfolio.clients == ()
    app.workspace.add_clients(["Otter"])
    assert mine.read_bytes() == before


@pytest.mark.parametrize(
    ("query", "variable", "language"),
    [
        ("", "", "en"),
        ("lang=ko", "", "ko"),
        ("lang=en", "ko", "en"),
        ("", "ko", "ko"),
        ("lang=xx", "", "en"),
        ("lang=", "ko", "ko"),
        ("other=1&lang=ko", "", "ko"),
    ],
)
def test_the_page_speaks_what_the_visitor_or_the_server_asks_for(
    shown, monkeypatch, query, variable, language
):
    monkeypatch.setenv("QUERY_STRING", query)
    monkeypatch.setenv("CLIENT_TRIAGE_LANG", variable)
    show.show_app()
    assert shown[0].workspace.language == language


def test_every_call_of_the_page_is_a_person_of_its_own(shown):
    show.show_app()
    show.show_app()
    first, second = shown
    first.workspace.add_clients(["Heron"])
    assert second.workspace.portfolio.clients == ()


def test_what_changes_in_the_file_is_shown_by_itself(notebooks, shown, monkeypatch):
    monkeypatch.setattr(show, "_LOOK_SECONDS", 0)

    async def wait():
        show.show_start()
        Portfolio(clients=(Client("c1", "Heron"),)).save(notebooks / "portfolio.json")
        [view] = views(shown[0], ClientsView)
        drawn = asyncio.Event()
        view.observe(lambda _: drawn.set(), "state")
        await drawn.wait()
        return view.state["clients"][0]["alias"]

    assert asyncio.run(asyncio.wait_for(wait(), 20)) == "Heron"
