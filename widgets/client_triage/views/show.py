"""What a notebook calls: each function shows one thing, over one portfolio a kernel."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import get_args
from urllib.parse import parse_qs

import ipywidgets
from IPython import get_ipython
from IPython.display import display

from client_triage.domain.practice import When
from client_triage.exchange.jupyterquiz import ALL, arrange, load
from client_triage.faults import FaultyFileError
from client_triage.views.app import App, portfolio_views, start_views
from client_triage.views.practice import PracticeView
from client_triage.views.prepared import take
from client_triage.views.progress import ProgressView
from client_triage.views.quiz import QuizView
from client_triage.views.scenario import ScenarioView
from client_triage.views.sitting import SittingView
from client_triage.views.workspace import Workspace
from client_triage.words import words_in

PORTFOLIO_VARIABLE = "CLIENT_TRIAGE_PORTFOLIO"
LANGUAGE_VARIABLE = "CLIENT_TRIAGE_LANG"
_FILE = "portfolio.json"
_LOOK_SECONDS = 1

_workspaces: dict[Path, Workspace] = {}
_pages: list[Workspace] = []
_displayed: dict[str, tuple[str, list[ipywidgets.Widget]]] = {}
"""By cell: the run that displayed last, and what it displayed."""


def show_start(lang: str | None = None) -> None:
    """Show where one begins: the clients, the file, a sample result.

    Parameters
    ----------
    lang
        Language of the interface; by default the portfolio's own.
    """
    _show(lang, lambda workspace: start_views(workspace, prose=False)[1])


def show_scenario(scenario: str, lang: str | None = None) -> None:
    """Show the questions of one scenario, and what it looks like across the clients.

    Parameters
    ----------
    scenario
        Its id, such as ``"slow-pay"``.
    lang
        Language of the interface; by default the portfolio's own.

    Raises
    ------
    LookupError
        There is no such scenario; the message names those that there are.
    """
    _show(lang, lambda workspace: ScenarioView(workspace, scenario, prose=False))


def show_portfolio(lang: str | None = None) -> None:
    """Show the whole portfolio: matrix, cards, tally, plots, clients, bar and file.

    Parameters
    ----------
    lang
        Language of the interface; by default the portfolio's own.
    """
    _show(lang, lambda workspace: portfolio_views(workspace, prose=False)[1])


def show_practice(topic: str, lang: str | None = None) -> None:
    """Show the questions to practise one scenario with, or a lesson.

    Parameters
    ----------
    topic
        Id of the scenario or of the lesson, such as ``"slow-pay"`` or ``"cash-flow"``.
    lang
        Language of the interface; by default the portfolio's own.

    Raises
    ------
    LookupError
        There is neither; the message names the scenarios that there are.
    """
    _show(lang, lambda workspace: PracticeView(workspace, topic))


def show_test(when: When, lang: str | None = None) -> None:
    """Show the test before the course, or the one after it.

    Parameters
    ----------
    when
        ``"before"`` or ``"after"``.
    lang
        Language of the interface; by default the portfolio's own.

    Raises
    ------
    ValueError
        It is neither.
    """
    if when not in get_args(When):
        message = f"the test is 'before' or 'after', not {when!r}"
        raise ValueError(message)
    _show(lang, lambda workspace: SittingView(workspace, when))


def show_progress(lang: str | None = None) -> None:
    """Show what was practised and learnt, and what comes next.

    Parameters
    ----------
    lang
        Language of the interface; by default the portfolio's own.
    """
    _show(lang, ProgressView)


def display_quiz(
    ref: object,
    num: int = ALL,
    *,
    shuffle_questions: bool = False,
    shuffle_answers: bool = True,
    lang: str | None = None,
) -> None:
    """Show a quiz written for the package jupyterquiz, in an accessible form.

    Parameters
    ----------
    ref
        A list of questions, the path of a JSON file, or its address (http, https): with
        jupyterquiz's own keys.
    num
        How many questions to draw at random; all of them by default.
    shuffle_questions, shuffle_answers
        As in jupyterquiz.
    lang
        Language of the interface.

    Examples
    --------
    >>> display_quiz("questions.json", num=3)  # doctest: +SKIP
    """
    try:
        questions = load(ref)
    except FaultyFileError as error:
        print(error)  # noqa: T201 - a notebook's own output
        return
    drawn = arrange(
        questions,
        Random(),  # noqa: S311 - nothing is to be kept secret
        num=num,
        shuffle_questions=shuffle_questions,
        shuffle_answers=shuffle_answers,
    )
    display(QuizView(Workspace(language=lang), drawn))


def show_app() -> None:
    """Show the whole walk on one page, over memory alone: no file is read or written."""
    asked = parse_qs(os.environ.get("QUERY_STRING", "")).get("lang", [None])[0]
    language = words_in(asked or os.environ.get(LANGUAGE_VARIABLE)).language
    app = take(language) or App(Workspace(language=language))
    is_page_of(app.workspace)
    display(app)


def is_page_of(workspace: Workspace) -> None:
    """Have `speak` reach the workspace of a page."""
    _pages.append(workspace)


def speak(language: str) -> None:
    """Have the page of this kernel speak a language: it was made before its visitor came."""
    for workspace in _pages:
        workspace.speak(language)


def portfolio_path(start: Path | None = None) -> Path:
    """Find the portfolio file of a notebook.

    ``CLIENT_TRIAGE_PORTFOLIO`` decides. Else it is looked for from the kernel's folder upward,
    as far as the folder of the notebooks (the one called ``notebooks`` or holding
    ``app.ipynb``), which is also where a new one belongs; elsewhere it is the kernel's folder.
    """
    if given := os.environ.get(PORTFOLIO_VARIABLE):
        return Path(given)
    here = (start or Path.cwd()).resolve()
    passed = [here]
    for folder in (here, *here.parents):
        passed.append(folder)
        if folder.name == "notebooks" or (folder / "app.ipynb").exists():
            found = (one / _FILE for one in passed if (one / _FILE).exists())
            return next(found, folder / _FILE)
    return here / _FILE


def _show(lang: str | None, make: Callable[[Workspace], ipywidgets.Widget]) -> None:
    path = portfolio_path()
    try:
        workspace = _workspace(path, lang)
    except FaultyFileError as error:
        words = words_in(lang)
        print(words.text("file.unreadable", file=path.name))  # noqa: T201 - a notebook's own output
        print(error)  # noqa: T201 - a notebook's own output
        return
    widget = make(workspace)
    _close_earlier(widget)
    display(widget)


def _follow(workspace: Workspace) -> None:
    """Show within a second what another notebook or a hand changed in the file."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:  # no kernel runs here
        return
    loop.call_later(_LOOK_SECONDS, _follow, workspace)  # whatever becomes of this look
    workspace.catch_up(is_patient=True)


def _close_earlier(widget: ipywidgets.Widget) -> None:
    """Close what an earlier run of this cell displayed: it would be redrawn for nobody."""
    parent = getattr(get_ipython(), "parent_header", {})
    cell = parent.get("metadata", {}).get("cellId")
    if not cell:  # not every frontend says which cell it runs
        return
    run = parent["header"]["msg_id"]
    before, widgets = _displayed.get(cell, (run, []))
    if before != run:
        for one in widgets:
            _close(one)
        widgets = []
    _displayed[cell] = (run, [*widgets, widget])


def _close(widget: ipywidgets.Widget) -> None:
    for child in getattr(widget, "children", ()):
        _close(child)
    widget.close()


def _workspace(path: Path, lang: str | None) -> Workspace:
    workspace = _workspaces.get(path)
    if workspace is None:
        workspace = _workspaces[path] = Workspace(path, lang)
        _follow(workspace)
    else:
        workspace.catch_up()
        if lang:
            workspace.speak(lang)
    return workspace
