"""What the tests of the views share: a person who does something, and who counts redraws."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from client_triage.domain import edits
from client_triage.views.view import View
from client_triage.views.workspace import Workspace

NAMES = ["Bluebird", "Otter", "Fox"]


@pytest.fixture(autouse=True)
def _counted_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have new clients be c1, c2 and so on; real ids are random."""
    numbers = count(1)
    monkeypatch.setattr("client_triage.views.workspace.new_id", lambda: f"c{next(numbers)}")


@pytest.fixture
def workspace() -> Workspace:
    """Give a workspace in English, in memory, with three clients and no answers."""
    workspace = Workspace(language="en")
    workspace.add_clients(NAMES)
    return workspace


@pytest.fixture(scope="session")
def act() -> Callable[..., None]:
    """Do something in a view: ``act(view, "rename", client="c1", alias="Heron")``."""

    def do(view: View, action: str, **details: Any) -> None:
        view._on_message(None, {"action": action, **details}, [])  # noqa: SLF001 - as a browser would

    return do


@pytest.fixture(scope="session")
def answer() -> Callable[..., None]:
    """Answer from elsewhere: ``answer(workspace, "c1", "slow-pay", late=1)``."""

    def do(workspace: Workspace, client: str, scenario: str, **answers: Any) -> None:
        facts = workspace.content.scenario(scenario)
        workspace.apply(lambda portfolio: edits.answer(portfolio, client, facts, answers))

    return do


@pytest.fixture(scope="session")
def states() -> Callable[[View], list[Any]]:
    """Give a list that grows by each state that goes to the browser."""

    def follow(view: View) -> list[Any]:
        sent: list[Any] = []
        view.observe(lambda change: sent.append(change.new), "state")
        return sent

    return follow
