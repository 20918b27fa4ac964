"""A page made before there is a kernel: it is the page that a kernel would make."""

import json
import sys
from datetime import date
from types import SimpleNamespace

import ipywidgets
import pytest
from comm import get_comm_manager

from client_triage.views import prepared, show
from client_triage.views.app import App
from client_triage.views.prepared import prepare, take
from client_triage.views.sheet import Sheet
from client_triage.views.view import View
from client_triage.views.workspace import Workspace


@pytest.fixture(autouse=True)
def _none_but_these(monkeypatch):
    """Leave out the widgets of other tests, some of which are half closed."""
    every = {}
    monkeypatch.setattr(Sheet, "_shared", None)
    monkeypatch.setattr("ipywidgets.widgets.widget._instances", every)
    monkeypatch.setattr(prepared, "_all", every)
    monkeypatch.setattr(prepared, "_prepared", {})


@pytest.fixture
def shown(monkeypatch):
    shown = []
    monkeypatch.setattr(show, "display", shown.append)
    return shown


@pytest.fixture
def on(monkeypatch):
    """Let it be another day: ``on(2027, 7, 20)``."""

    def on(*numbers):
        class Day(date):
            @classmethod
            def today(cls):
                return date(*numbers)

        for name, module in list(sys.modules.items()):
            if name.startswith("client_triage") and hasattr(module, "date"):
                monkeypatch.setattr(module, "date", Day)

    return on


def views(box):
    """Give all views of a page."""
    if isinstance(box, View):
        yield box
    for child in getattr(box, "children", ()):
        yield from views(child)


def states(page):
    """Give what a page's views show."""
    return json.dumps([(type(view).__name__, view.state) for view in views(page)])


@pytest.mark.parametrize("language", ["en", "ko"])
def test_it_shows_what_one_made_later_shows(language):
    prepare(language)
    assert states(take(language)) == states(App(Workspace(language=language)))


def test_what_it_shows_does_not_depend_on_the_day(on):
    on(2026, 1, 5)
    prepare("en")
    on(2027, 7, 20)
    assert states(take("en")) == states(App(Workspace(language="en")))


def test_it_counts_on_the_day_on_which_it_is_used(on):
    on(2026, 1, 5)
    prepare("en")
    on(2027, 7, 20)
    assert take("en").workspace.tally.as_of == date(2027, 7, 20)


def test_it_is_given_away_once():
    prepare("en")
    assert take("en") is not None
    assert take("en") is None


def test_another_language_is_left():
    prepare("en")
    assert take("ko") is None
    assert take("en") is not None


def told():
    """Give the ids of the widgets whose states a frontend is told."""
    return set(ipywidgets.Widget.get_manager_state()["state"])


def ids(page):
    """Give the ids of a page's views."""
    return {view.model_id for view in views(page)}


def test_a_frontend_is_told_of_it_only_once_it_is_taken():
    prepare("en")
    before = told()
    page = take("en")
    assert not before & ids(page)
    assert ids(page) <= told()


def open_comms():
    return set(get_comm_manager().comms)


def test_no_comm_is_open_until_one_is_taken():
    before = open_comms()
    prepare("en")
    prepare("ko")
    assert open_comms() == before


def test_the_comms_of_one_that_was_taken_are_open():
    prepare("en")
    page = take("en")
    assert {page.model_id, *ids(page)} <= open_comms()


def test_what_is_made_later_has_its_style_sheet():
    prepare("en")
    prepare("ko")
    page = take("en")
    [sheet] = {view.sheet for view in views(page)}
    assert App(Workspace(language="en")).children[0].sheet is sheet


def test_two_have_no_view_in_common():
    prepare("en")
    prepare("ko")
    assert not ids(take("en")) & ids(take("ko"))


def test_the_page_of_a_kernel_is_the_one_that_was_made_before(shown, monkeypatch):
    made = []
    monkeypatch.setattr(show, "App", made.append)
    prepare("en")
    prepare("ko")
    monkeypatch.setenv("QUERY_STRING", "lang=ko")
    show.show_app()
    assert shown[0].workspace.language == "ko"
    assert made == []


def test_a_second_page_is_another_persons(shown):
    prepare("en")
    show.show_app()
    show.show_app()
    first, second = shown
    first.workspace.add_clients(["Heron"])
    assert second.workspace.portfolio.clients == ()


def test_a_prepared_page_changes_its_language(shown):
    prepare("en")
    show.show_app()
    show.speak("ko")
    assert shown[0].workspace.language == "ko"


def test_its_comms_know_the_kernel_that_shows_it(monkeypatch):
    kernel = object()
    monkeypatch.setattr(prepared, "get_ipython", lambda: SimpleNamespace(kernel=kernel))
    prepare("en")
    page = take("en")
    assert all(one.comm.kernel is kernel for one in (page, *views(page)))
