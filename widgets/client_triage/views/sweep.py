"""The sweep: one question to all clients at once, answered with the least work."""

from collections.abc import Callable, Mapping
from typing import Any

from client_triage.domain import edits
from client_triage.domain.findings import Finding, Reason
from client_triage.domain.portfolio import Client, Portfolio, Record
from client_triage.domain.rules import BarValue
from client_triage.domain.scenario import BarItem, Scenario
from client_triage.views import entry
from client_triage.views.modules import script
from client_triage.views.signals import SignalForm, signal_words
from client_triage.views.undo import UndoView
from client_triage.views.view import Action, RefusedError, level_words
from client_triage.views.workspace import Workspace
from client_triage.words import Words

_ANSWERS = {"yes": edits.sweep_yes, "unsure": edits.sweep_unsure, "no": edits.sweep_no}

Fields = list[dict[str, Any]]
Ask = Callable[[Client, Scenario], Fields]


class SweepView(UndoView):
    """One scenario's question, a row a client, and the details of those with a yes.

    Examples
    --------
    >>> SweepView(Workspace(), "slow-pay")  # doctest: +SKIP
    """

    _esm = script("sweep.js")

    def __init__(self, workspace: Workspace, scenario_id: str, *, shown: bool = True) -> None:
        self.scenario = workspace.content.scenario(scenario_id)
        self._form = SignalForm(workspace)
        self._asked: dict[str, Ask] = {}
        self._latest: tuple[Portfolio, str] | None = None
        self._before: dict[str, Record | None] = {}
        self._reasons: dict[object, str] = {}
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give the question, a row a client, and the bar where it has to be set first."""
        workspace, words = self.workspace, self.workspace.words
        texts, bar = words.scenario(self.scenario.id), self._bar()
        # Where lines are needed nothing can be answered before they are set, and the hint says so.
        waits = bar is not None and not bar["lines"]
        clients = () if waits else workspace.tally.clients
        return {
            **level_words(workspace),
            "words": {**words.texts("actions"), **words.texts("sweep")},
            "signal_words": signal_words(words),
            "question": self._question(),
            "hint": "" if bar and not waits else words.phrase(texts.hint, self._figures()),
            "safety": self.scenario.safety,
            "is_sample": workspace.is_sample,
            "is_empty": not workspace.portfolio.clients,
            "bar": bar,
            "rows": [self._row(one.client, one.findings[self._column]) for one in clients],
            "none": self._none_label([one.client for one in clients]),
            "undo": self._undo_label(),
            **self.steps(),
        }

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here."""
        return {
            **super().actions,
            "answer": self._on_answer,
            "none": self._on_none,
            "later": self._on_later,
            "change": self._on_change_answer,
            "close": self._on_close_answer,
            "signal": self._on_signal,
            "clear_signal": self._on_clear_signal,
            "clear": self._on_clear,
            "set_bar": self._on_set_bar,
        }

    def _on_change(self, change: object) -> None:
        self._form.forget_deleted()
        super()._on_change(change)

    # --- drawing ----------------------------------------------------------------------------

    @property
    def _column(self) -> int:
        return self.workspace.scenarios.index(self.scenario)

    @property
    def _held(self) -> Mapping[str, BarValue]:
        return self.scenario.bar_with(self.workspace.portfolio.bar.get(self.scenario.id))

    def _figures(self) -> dict[str, object]:
        limits = {f"bar_{item}": value for item, value in self._held.items()}
        return {"months": self.workspace.portfolio.period_months, **limits}

    def _question(self) -> str:
        words, figures = self.workspace.words, self._figures()
        return words.phrase(words.scenario(self.scenario.id).question, figures, figures["months"])

    def _row(self, client: Client, finding: Finding) -> dict[str, Any]:
        kind = _kind(client, self.scenario)
        # What is known in part, as from a ledger, leaves the question open; details settle it.
        if kind == "open" and _is_judged(client, self.scenario) and client.id in self._asked:
            kind = "exact"
        row: dict[str, Any] = {"id": client.id, "alias": client.alias, "kind": kind}
        if _is_judged(client, self.scenario):
            row["level"] = finding.level.word
            partly = self.workspace.words.text("sweep.partly")
            row["reason"] = partly if kind == "open" else self._reason(finding.reason)
            row["from_ledger"] = _is_from_ledger(client, self.scenario)
            row["fields"] = self._fields(client, kind)
        return row

    def _fields(self, client: Client, kind: str) -> Fields | None:
        ask = self._asked.get(client.id, self._form.details if kind == "yes" else None)
        return ask(client, self.scenario) if ask else None

    def _reason(self, reason: Reason) -> str:
        """Render a reason once: with many clients that is most of the work of a redraw."""
        words = self.workspace.words
        key = (words.language, reason.key, *reason.figures.items())
        if key not in self._reasons:
            self._reasons[key] = words.reason(reason)
        return self._reasons[key]

    def _none_label(self, clients: list[Client]) -> str:
        words = self.workspace.words
        none = words.scenario(self.scenario.id).none
        count = sum(_kind(client, self.scenario) == "open" for client in clients)
        if not count:
            return ""
        if self.scenario.safety:
            return none
        return words.text("sweep.none_count", count=count, none=none)

    def _undo_label(self) -> str:
        words = self.workspace.words
        if self._latest and self._latest[0] is self.workspace.portfolio:
            return words.text("sweep.undo_of", what=self._latest[1])
        return words.text("actions.undo")

    def _told(self, client_id: str) -> str:
        """Say how one client stands now."""
        words, one = self.workspace.words, self.workspace.tally.client(client_id)
        alias, kind = one.client.alias, _kind(one.client, self.scenario)
        if not _is_judged(one.client, self.scenario):
            return words.text("sweep.answered", alias=alias, answer=words.text(f"sweep.{kind}"))
        finding = one.findings[self._column]
        level, reason = words.level(finding.level), self._reason(finding.reason)
        return words.text("sweep.found", alias=alias, level=level, reason=reason)

    # --- answers ----------------------------------------------------------------------------

    def _on_answer(self, client: str, answer: str) -> None:
        edit = _ANSWERS[answer]
        self._asked.pop(client, None)
        if answer == "yes":
            self._asked[client] = self._form.details
        self.workspace.apply(lambda portfolio: edit(portfolio, client, self.scenario))
        self._done(client)

    def _on_none(self) -> None:
        words = self.workspace.words
        before = self._records()
        self.workspace.apply(lambda portfolio: edits.sweep_none(portfolio, self.scenario))
        count = len(self._changed(before))
        self._remember(words.scenario(self.scenario.id).none)
        self.say(words.text("sweep.none_noted", count=count))

    def _on_later(self) -> None:
        self.say(self.workspace.words.text("sweep.later_noted"))

    def _on_change_answer(self, client: str) -> None:
        self._asked[self.workspace.portfolio.client(client).id] = self._form.fields

    def _on_close_answer(self, client: str) -> None:
        self._asked.pop(client, None)

    def _on_signal(self, client: str, signal: str, value: object) -> None:
        # A first detail makes the answer exact; the other details stay open for all that.
        self._asked.setdefault(client, self._form.details)
        self._form.answer(client, self.scenario.id, signal, value)
        fields = self._fields(self.workspace.portfolio.client(client), "yes") or []
        error = next((field["error"] for field in fields if field["id"] == signal), "")
        if error:
            self.say(error)
        else:
            self._done(client)

    def _on_clear_signal(self, client: str, signal: str) -> None:
        self._form.clear(client, self.scenario.id, signal)
        self._done(client)

    def _on_clear(self, client: str) -> None:
        self._asked.pop(client, None)
        self._form.clear(client, self.scenario.id)
        self._done(client)

    def undo(self) -> None:
        """Take the last change back, and say whose it was."""
        self._before = self._records()
        super().undo()

    def undone(self) -> str:
        """Say what was taken back here."""
        words, changed = self.workspace.words, self._changed(self._before)
        if len(changed) == 1:
            return words.text("sweep.undone_of", what=self._told(changed[0]))
        if changed:
            return words.text("sweep.undone_many", count=len(changed))
        return super().undone()

    def _done(self, client: str) -> None:
        self._remember(self.workspace.portfolio.client(client).alias)
        self.say(self._told(client))

    def _remember(self, what: str) -> None:
        self._latest = (self.workspace.portfolio, what)

    def _records(self) -> dict[str, Record | None]:
        clients = self.workspace.portfolio.clients
        return {client.id: client.records.get(self.scenario.id) for client in clients}

    def _changed(self, before: Mapping[str, Record | None]) -> list[str]:
        return [one for one, record in self._records().items() if before.get(one) != record]

    # --- the bar ----------------------------------------------------------------------------

    def _bar(self) -> dict[str, Any] | None:
        """Give the lines, and the limits that go with them; None where none are needed."""
        lines = _item_of_lines(self.scenario)
        if lines is None:
            return None
        words, held = self.workspace.words, self._held
        texts = words.scenario(self.scenario.id)
        return {
            "label": texts.bar[lines].label,
            "hint": texts.bar[lines].hint,
            "lines": list(held.get(lines, ())),  # type: ignore[arg-type] # its type is lines
            "counts": [
                {
                    "id": item,
                    "label": texts.bar[item].label,
                    "hint": texts.bar[item].hint,
                    "value": _written(held.get(item), words),
                }
                for item in _counted_items(self.scenario)
            ],
            "presets": [
                {
                    "id": preset,
                    "name": words.text(f"presets.{preset}"),
                    "lines": list(wording.lines),
                    "counts": {
                        item: _written(value, words)
                        for item, value in self.scenario.presets[preset].items()
                    },
                }
                for preset, wording in texts.presets.items()
            ],
        }

    def _on_set_bar(self, lines: str, counts: Mapping[str, object]) -> None:
        words, item = self.workspace.words, _item_of_lines(self.scenario)
        if item is None:
            raise KeyError(self.scenario.id)
        written = entry.lines(lines, words)
        if not written and not self._held.get(item):
            raise RefusedError(words, "sweep.lines_blank")
        limits: dict[str, BarValue | None] = {
            name: _count(counts.get(name), facts, words)
            for name, facts in _counted_items(self.scenario).items()
        }
        limits[item] = written or None
        self.workspace.apply(lambda portfolio: edits.set_bar(portfolio, self.scenario.id, limits))
        self._remember(words.scenario(self.scenario.id).bar[item].label)
        self.say(words.text("sweep.lines_saved" if written else "sweep.lines_removed"))


def _kind(client: Client, scenario: Scenario) -> str:
    """Tell how a client's row stands: open, yes, no, unsure, or exact: more than a sweep asks."""
    if not edits.is_answered(client, scenario):
        return "open"
    if edits.is_exact(client, scenario):
        return "exact"
    answers, sweep = client.records[scenario.id].answers, scenario.sweep
    meanings = {"yes": sweep.yes, "no": sweep.none, "unsure": dict.fromkeys(sweep.none)}
    for kind, meant in meanings.items():
        if all(name in answers and answers[name] == value for name, value in meant.items()):
            return kind
    return "exact"


def _is_judged(client: Client, scenario: Scenario) -> bool:
    return edits.is_exact(client, scenario) or _kind(client, scenario) in {"yes", "exact"}


def _is_from_ledger(client: Client, scenario: Scenario) -> bool:
    record = client.records.get(scenario.id, Record())
    return "ledger" in record.how.values()


def _item_of_lines(scenario: Scenario) -> str | None:
    return next((name for name, item in scenario.bar.items() if item.type == "lines"), None)


def _counted_items(scenario: Scenario) -> dict[str, BarItem]:
    return {name: item for name, item in scenario.bar.items() if item.type == "count"}


def _written(limit: BarValue | None, words: Words) -> str:
    return words.number(limit) if isinstance(limit, int) else ""


def _count(typed: object, item: BarItem, words: Words) -> int | None:
    """Take a limit as it was typed; None, an empty field, is the default."""
    if typed is None or typed == "":
        return None
    return entry.whole(typed, item.minimum, item.maximum, words)
