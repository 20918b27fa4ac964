"""The matrix: every client against every scenario; a cell opens the signals behind it."""

from collections.abc import Mapping
from typing import Any

from client_triage.domain.levels import Level
from client_triage.domain.portfolio import Record
from client_triage.domain.tally import ClientTally
from client_triage.views.modules import script
from client_triage.views.signals import SignalForm, signal_words
from client_triage.views.undo import UndoView
from client_triage.views.view import Action, level_words
from client_triage.views.workspace import Workspace

_PLACES = {level: place for place, level in enumerate(Level)}


class MatrixView(UndoView):
    """Clients × scenarios, each cell with its level.

    Only the open cell's form and reason are in the state; the rest of a row is its levels, as
    places in ``state["order"]``.

    Examples
    --------
    >>> MatrixView(Workspace())  # doctest: +SKIP
    """

    _esm = script("matrix.js")

    def __init__(self, workspace: Workspace, *, shown: bool = True) -> None:
        self._form = SignalForm(workspace)
        self._open: tuple[str, str] | None = None
        self._held: Mapping[str, int] = {}
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give a row a client, the most urgent first as an order of rows, and the open cell."""
        workspace, words = self.workspace, self.workspace.words
        panel = self._panel()
        return {
            "words": {
                **words.texts("matrix"),
                **words.texts("actions"),
                "grave": words.text("matrix.grave", level=words.level(Level.WARN)),
            },
            "signal_words": signal_words(words),
            "sorts": [list(pair) for pair in words.texts("matrix.sorts").items()],
            **level_words(workspace),
            "order": [level.word for level in Level],
            "scenarios": [self._heading(scenario.id) for scenario in workspace.scenarios],
            "rows": [self._row(one) for one in workspace.tally.clients],
            "urgent": self._urgent(),
            "open": panel,
            **self.steps(),
        }

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here."""
        return {
            **super().actions,
            "open": self._on_open,
            "close": self._on_close,
            "answer": self._on_answer,
            "clear": self._on_clear,
        }

    def _on_change(self, change: object) -> None:
        self._form.forget_deleted()
        super()._on_change(change)

    def _heading(self, scenario: str) -> list[str]:
        texts = self.workspace.words.scenario(scenario)
        named = self.workspace.words.named(texts.short, texts.title)
        return [scenario, texts.short, texts.title, named]

    def _row(self, one: ClientTally) -> list[Any]:
        levels = [_PLACES[finding.level] for finding in one.findings]
        return [one.client.id, one.client.alias, _PLACES[one.verdict], self._note(one), levels]

    def _note(self, one: ClientTally) -> str:
        """Say what a verdict alone would hide."""
        words = self.workspace.words
        if one.kept:
            return words.text("matrix.kept")
        if one.reopened:
            return words.text("matrix.reopened")
        if one.verdict is Level.CLEAR:
            asked = len(one.findings)
            return words.text("matrix.so_far", answered=one.answered, asked=asked)
        return ""

    def _urgent(self) -> list[int]:
        """Give the order by urgency; rows keep their places while a cell is open."""
        tally = self.workspace.tally
        order = [one.client.id for one in tally.most_urgent_first]
        if self._open:
            last = len(order)
            order.sort(key=lambda client: self._held.get(client, last))
        self._held = {client: place for place, client in enumerate(order)}
        rows = {one.client.id: row for row, one in enumerate(tally.clients)}
        return [rows[client] for client in order]

    def _panel(self) -> dict[str, Any] | None:
        """Give the open cell, closing it where its client is gone."""
        known = {one.client.id: one for one in self.workspace.tally.clients}
        if self._open is None or self._open[0] not in known:
            self._open = None
            return None
        return self._cell(known[self._open[0]], self._open[1])

    def _cell(self, one: ClientTally, scenario_id: str) -> dict[str, Any]:
        words, client = self.workspace.words, one.client
        scenario = self.workspace.content.scenario(scenario_id)
        finding = next(found for found in one.findings if found.scenario == scenario_id)
        title = words.scenario(scenario_id).title
        events = len(client.records.get(scenario_id, Record()).events)
        return {
            "client": client.id,
            "scenario": scenario_id,
            "title": words.text("matrix.panel", alias=client.alias, title=title),
            "level": finding.level.word,
            "reason": words.reason(finding.reason),
            "verdict": words.text("matrix.verdict_now", level=words.level(one.verdict)),
            "no_bar": finding.reason.key.endswith(".no-bar"),
            "events": words.text("matrix.events", count=events) if events else "",
            "fields": self._form.fields(client, scenario),
        }

    def _on_open(self, client: str, scenario: str) -> None:
        self.workspace.portfolio.client(client)
        self.workspace.words.scenario(scenario)
        self._open = (client, scenario)

    def _on_close(self) -> None:
        self._open = None

    def _on_answer(self, client: str, scenario: str, signal: str, value: object) -> None:
        self._form.answer(client, scenario, signal, value)

    def _on_clear(self, client: str, scenario: str, signal: str | None = None) -> None:
        self._form.clear(client, scenario, signal)
