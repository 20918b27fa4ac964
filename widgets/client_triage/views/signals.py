"""The signals of one scenario at one client, as form fields, and what is done with them."""

from collections.abc import Callable, Mapping
from typing import Any

from client_triage.domain import edits
from client_triage.domain.portfolio import Client, Record
from client_triage.domain.scenario import Detail, Scenario, Signal
from client_triage.views import entry
from client_triage.views.view import Refused, RefusedError, refused_of
from client_triage.views.workspace import Workspace
from client_triage.words import Words

Options = list[list[Any]] | None
"""What a field offers, as value and text; None where a number is typed."""


class SignalForm:
    """Answers to signals: draws the fields, takes what comes back, keeps what was refused."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._refused: Refused = {}

    def fields(self, client: Client, scenario: Scenario) -> list[dict[str, Any]]:
        """Give every signal that is asked, as ``signals.js`` draws it."""
        return [
            self._field(client, scenario, Detail(name))
            for name, signal in scenario.signals.items()
            if signal.asked
        ]

    def details(self, client: Client, scenario: Scenario) -> list[dict[str, Any]]:
        """Give what the sweep asks further after a yes."""
        known = _answers(client, scenario)
        return [
            self._field(client, scenario, detail)
            for detail in scenario.sweep.details
            if all(known.get(name) == wanted for name, wanted in detail.only_if.items())
        ]

    def answer(self, client: str, scenario: str, signal: str, value: object) -> None:
        """Record one answer; one that breaks a limit is refused beside its field."""
        facts = self.workspace.content.scenario(scenario)
        words = self.workspace.words
        key = (client, scenario, signal)
        try:
            taken = entry.answer(value, facts.signals[signal], words)
            known = _answers(self.workspace.portfolio.client(client), facts)
            _refuse_excess({**known, signal: taken}, facts, words)
        except RefusedError as error:
            self._refused[key] = (str(value), error)
            return
        self._refused.pop(key, None)
        self.workspace.apply(
            lambda portfolio: edits.answer(portfolio, client, facts, {signal: taken})
        )

    def clear(self, client: str, scenario: str, signal: str | None = None) -> None:
        """Take one answer, or all answers to a scenario, back to "not asked"."""
        facts = self.workspace.content.scenario(scenario)
        signals = [signal] if signal else [n for n, s in facts.signals.items() if s.of == "record"]
        for name in signals:
            self._refused.pop((client, scenario, name), None)
        self.workspace.apply(lambda portfolio: edits.clear(portfolio, client, facts, signals))

    def forget_deleted(self) -> None:
        """Drop what was refused of deleted clients."""
        self._refused = refused_of(self.workspace.portfolio, self._refused)

    def _field(self, client: Client, scenario: Scenario, detail: Detail) -> dict[str, Any]:
        words = self.workspace.words
        signal = scenario.signals[detail.signal]
        texts = words.scenario(scenario.id).signals[detail.signal]
        known = _answers(client, scenario)
        options = _options(signal, detail, scenario, words)
        typed, error = self._refused.get((client.id, scenario.id, detail.signal), (None, None))
        return {
            "id": detail.signal,
            "type": signal.type,
            "label": texts.label,
            "hint": texts.hint,
            "known": detail.signal in known,
            "value": typed if error else _held(known.get(detail.signal), detail, options, words),
            "options": options,
            "error": error.said(words) if error else "",
        }


def signal_words(words: Words) -> Mapping[str, str]:
    """Give the texts that ``signals.js`` needs."""
    return words.texts("signals")


def _refuse_excess(answers: Mapping[str, Any], scenario: Scenario, words: Words) -> None:
    if over := scenario.excess(answers):
        part, whole = (_label_of(scenario, signal) for signal in (over.part, over.whole))
        raise RefusedError(words, "fault.excess", part=part, whole=whole)


def _label_of(scenario: Scenario, signal: str) -> Callable[[Words], str]:
    return lambda words: words.scenario(scenario.id).signals[signal].label


def _answers(client: Client, scenario: Scenario) -> Mapping[str, Any]:
    record = client.records.get(scenario.id, Record())
    facts = {
        name: client.facts[name]
        for name, signal in scenario.signals.items()
        if signal.of == "client" and client.facts.get(name) is not None
    }
    return {**record.answers, **facts}


def _held(value: Any, detail: Detail, options: Options, words: Words) -> Any:  # noqa: ANN401 - an answer of any type
    """Give an answer as its field holds it: an option's value, or a number as it is written."""
    if options is None and value is not None:
        return words.number(value)
    return _offered(value, detail)


def _offered(value: Any, detail: Detail) -> Any:  # noqa: ANN401 - an answer of any type
    """Show a count above the offered ones as the highest of them: "twice or more"."""
    counts = [offer for offer in detail.offer if isinstance(offer, int)]
    return min(value, max(counts)) if counts and isinstance(value, int) else value


def _options(signal: Signal, detail: Detail, scenario: Scenario, words: Words) -> Options:
    texts = words.scenario(scenario.id).signals[detail.signal]
    if signal.type == "flag":
        return [[True, words.text("signals.yes")], [False, words.text("signals.no")]]
    if signal.type == "choice":
        offered = detail.offer or signal.options
        return [[option, texts.options[str(option)]] for option in offered]
    if signal.type == "scale":
        return [[value, words.number(value)] for value in range(signal.minimum, signal.maximum + 1)]
    if detail.offer:
        return [[value, texts.offers[str(value)]] for value in detail.offer]
    return None
