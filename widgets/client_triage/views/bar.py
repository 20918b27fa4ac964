"""The person's own bar: currency, period, what an hour earns, the limits of each scenario."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from babel.core import get_global

from client_triage.domain import edits
from client_triage.domain.portfolio import Portfolio
from client_triage.domain.rules import BarValue
from client_triage.domain.scenario import BarItem, Scenario
from client_triage.views import entry
from client_triage.views.days import day
from client_triage.views.modules import script
from client_triage.views.undo import UndoView
from client_triage.views.view import Action, Refused, RefusedError
from client_triage.views.workspace import Workspace
from client_triage.words import Words

_COMMON = ("USD", "KRW", "EUR", "GBP", "JPY", "CNY", "CAD", "AUD", "CHF", "INR")
_MONTHS = (1, 120)
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
_SHARES = {
    "quarter": 1 / 4,
    "third": 1 / 3,
    "half": 1 / 2,
    "two-thirds": 2 / 3,
    "three-quarters": 3 / 4,
}
_CONFIDENCES = {"lenient": 0.8, "normal": 0.9, "strict": 0.95}
_NEAR = 1e-3
_HUNDRED = Decimal(100)

_Items = Mapping[str, BarValue]


class BarView(UndoView):
    """What holds for all clients: the facts that sums need, and the limits of each scenario.

    Examples
    --------
    >>> BarView(Workspace())  # doctest: +SKIP
    """

    _esm = script("bar.js")

    def __init__(self, workspace: Workspace, *, shown: bool = True) -> None:
        self._refused: Refused = {}
        self._changed: list[str] = []
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give the facts, the limits and the presets."""
        workspace, words = self.workspace, self.workspace.words
        return {
            "words": {**words.texts("bar"), **words.texts("actions")},
            "facts": self._facts(),
            "currencies": _currencies(words, workspace.portfolio.currency),
            "common": len(_COMMON),
            "scenarios": [self._scenario(one) for one in workspace.scenarios if one.bar],
            "presets": self._presets(),
            "changed": self._changed,
            **self.steps(),
            "is_sample": workspace.is_sample,
        }

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here."""
        return {
            **super().actions,
            "set": self._on_set,
            "limit": self._on_limit,
            "default": self._on_default,
            "copy": self._on_copy,
        }

    def _on_message(self, *message: object) -> None:
        self._changed = []
        super()._on_message(*message)

    # --- facts ------------------------------------------------------------------------------

    def _facts(self) -> list[dict[str, Any]]:
        words, portfolio = self.workspace.words, self.workspace.portfolio
        labels, hints, me = words.texts("bar.facts"), words.texts("bar.fact_hints"), portfolio.me
        shown = {
            "currency": portfolio.currency or "",
            "period_months": words.number(portfolio.period_months),
            "as_of": portfolio.as_of.isoformat() if portfolio.as_of else "",
            "opportunity_rate": words.entered(me.opportunity_rate, portfolio.currency),
            "cost_of_capital": words.entered(_in_percent(me.cost_of_capital)),
        }
        return [
            {"id": name, "label": labels[name], "hint": hints[name], "value": value, "error": error}
            for name in shown
            for value, error in [self._typed("", name, shown[name])]
        ]

    def _typed(self, scenario: str, name: str, known: str) -> tuple[str, str]:
        """Give what stands in a field, and what is wrong with it."""
        typed, error = self._refused.get((scenario, name), (known, None))
        return typed, error.said(self.workspace.words) if error else ""

    def _on_set(self, field: str, value: str | None) -> None:
        take: Callable[[str | None], dict[str, Any]] = {
            "currency": self._currency,
            "period_months": self._period,
            "as_of": self._as_of,
            "opportunity_rate": self._opportunity_rate,
            "cost_of_capital": self._cost_of_capital,
        }[field]
        try:
            changes = take(value)
        except RefusedError as error:
            self._refused["", field] = (value or "", error)
            self.say(str(error))
            return
        self._refused.pop(("", field), None)
        self.workspace.apply(lambda portfolio: replace(portfolio, **changes))

    def _currency(self, value: str | None) -> dict[str, Any]:
        if value is not None and value not in _current_currencies():
            raise KeyError(value)
        return {"currency": value}

    def _period(self, value: str | None) -> dict[str, Any]:
        if value is None:
            return {"period_months": Portfolio.period_months}
        return {"period_months": entry.whole(value, *_MONTHS, self.workspace.words)}

    def _as_of(self, value: str | None) -> dict[str, Any]:
        return {"as_of": day(value, self.workspace.words, _FIRST_DAY, _LAST_DAY)}

    def _opportunity_rate(self, value: str | None) -> dict[str, Any]:
        rate = entry.money(value, self.workspace.words)
        return {"me": replace(self.workspace.portfolio.me, opportunity_rate=rate)}

    def _cost_of_capital(self, value: str | None) -> dict[str, Any]:
        words = self.workspace.words
        percent = entry.money(unicodedata.normalize("NFKC", value or "").replace("%", ""), words)
        if percent is not None and percent > _HUNDRED:
            raise RefusedError(words, "bar.percent")
        share = None if percent is None else percent / _HUNDRED
        return {"me": replace(self.workspace.portfolio.me, cost_of_capital=share)}

    # --- limits -----------------------------------------------------------------------------

    def _own(self, scenario: Scenario) -> _Items:
        return self.workspace.portfolio.bar.get(scenario.id, {})

    def _scenario(self, scenario: Scenario) -> dict[str, Any]:
        texts = self.workspace.words.scenario(scenario.id)
        return {
            "id": scenario.id,
            "title": texts.title,
            "is_open": any(item.type == "lines" for item in scenario.bar.values()),
            "items": [self._item(scenario, name, item) for name, item in scenario.bar.items()],
        }

    def _item(self, scenario: Scenario, name: str, item: BarItem) -> dict[str, Any]:
        words, own = self.workspace.words, self._own(scenario)
        texts = words.scenario(scenario.id).bar[name]
        value = scenario.bar_with(own).get(name)
        typed, error = self._typed(scenario.id, name, _entered(item, value, words))
        return {
            "id": name,
            "type": item.type,
            "label": texts.label,
            "hint": " ".join(part for part in (texts.hint, self._note(item, name in own)) if part),
            "value": typed,
            "options": _options(item, value, words),
            "error": error,
            "is_own": name in own,
        }

    def _note(self, item: BarItem, is_own: bool) -> str:  # noqa: FBT001 - a fact of the item
        words = self.workspace.words
        if item.default is None:
            return "" if is_own else words.text("bar.not_set")
        key = "bar.own" if is_own else "bar.default"
        return words.text(key, value=_said(item, item.default, words))

    def _on_limit(self, scenario: str, item: str, value: object) -> None:
        facts = self.workspace.content.scenario(scenario).bar[item]
        try:
            taken = _taken(facts, value, self.workspace.words)
        except RefusedError as error:
            self._refused[scenario, item] = (str(value), error)
            self.say(str(error))
            return
        self._refused.pop((scenario, item), None)
        self.workspace.apply(lambda portfolio: edits.set_bar(portfolio, scenario, {item: taken}))

    def _on_default(self, scenario: str, item: str) -> None:
        if item not in self.workspace.content.scenario(scenario).bar:
            raise KeyError(item)
        self._refused.pop((scenario, item), None)
        self.workspace.apply(lambda portfolio: edits.set_bar(portfolio, scenario, {item: None}))

    # --- presets ----------------------------------------------------------------------------

    def _presets(self) -> list[dict[str, Any]]:
        names = self.workspace.words.texts("presets")
        return [
            {
                "id": preset,
                "name": names.get(preset, preset),
                "items": [
                    self._line(scenario, item, value)
                    for scenario, items in self._preset(preset)
                    for item, value in items.items()
                ],
            }
            for preset in _preset_ids(self.workspace.scenarios)
        ]

    def _preset(self, preset: str) -> list[tuple[Scenario, _Items]]:
        """Give what a trade's preset sets: its figures, and its lines in the chosen language."""
        words = self.workspace.words
        items: list[tuple[Scenario, _Items]] = []
        for scenario in self.workspace.scenarios:
            own = dict[str, BarValue](scenario.presets.get(preset, {}))
            texts = words.scenario(scenario.id).presets.get(preset)
            if texts and texts.lines:
                own["lines"] = texts.lines
            if own:
                items.append((scenario, {name: own[name] for name in scenario.bar if name in own}))
        return items

    def _line(self, scenario: Scenario, item: str, value: BarValue) -> str:
        words = self.workspace.words
        texts = words.scenario(scenario.id)
        said = _said(scenario.bar[item], value, words)
        return words.text("bar.item", title=texts.short, label=texts.bar[item].label, value=said)

    def _on_copy(self, preset: str) -> None:
        if preset not in _preset_ids(self.workspace.scenarios):
            raise KeyError(preset)
        words, copied = self.workspace.words, self._preset(preset)
        self._changed = [
            self._line(scenario, item, value)
            for scenario, items in copied
            for item, value in items.items()
            if scenario.bar_with(self._own(scenario)).get(item) != value
        ]
        for scenario, items in copied:
            for item in items:
                self._refused.pop((scenario.id, item), None)
        count = len(self._changed)
        self.say(words.text("bar.copied", count) if count else words.text("bar.copied_nothing"))
        self.workspace.apply(lambda portfolio: _with_bars(portfolio, copied))


def _with_bars(portfolio: Any, copied: Iterable[tuple[Scenario, _Items]]) -> Any:  # noqa: ANN401 - whichever portfolio it is
    for scenario, items in copied:
        portfolio = edits.set_bar(portfolio, scenario.id, items)
    return portfolio


def _preset_ids(scenarios: Iterable[Scenario]) -> list[str]:
    return list(dict.fromkeys(preset for scenario in scenarios for preset in scenario.presets))


# --- a limit: as it is entered, as it is said, as it is taken -----------------------------------


def _entered(item: BarItem, value: BarValue | None, words: Words) -> str:
    """Write a limit as its field holds it."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "\n".join(value)
    if item.type == "confidence":
        return _nearest_confidence(value)
    if item.type == "scale":
        return str(value)  # the key of one of its options
    return _share_key(value) if item.type == "share" else words.entered(value)


def _said(item: BarItem, value: BarValue, words: Words) -> str:
    if isinstance(value, tuple):
        return words.joined(value, "lines")
    if item.type == "share":
        return _share_named(value, words)
    return words.confidence(value) if item.type == "confidence" else words.number(value)


def _taken(item: BarItem, value: object, words: Words) -> BarValue | None:
    """Take a limit as its field sends it; None is the way back to the default."""
    if value is None or value == "":
        return None
    if item.type == "share":
        return _SHARES[str(value)]
    if item.type == "confidence":
        return _CONFIDENCES[str(value)]
    if item.type == "lines":
        return entry.lines(value, words) or None
    if item.type == "rate":
        return _rate(value, item, words)
    return entry.whole(value, item.minimum, item.maximum, words)


def _options(item: BarItem, value: BarValue | None, words: Words) -> list[list[str]]:
    if item.type == "share" and not isinstance(value, tuple):
        own = {} if value is None else {_share_key(value): value}
        return [[name, _share_named(share, words)] for name, share in {**_SHARES, **own}.items()]
    if item.type == "confidence":
        return [[name, words.text(f"confidence.{name}")] for name in _CONFIDENCES]
    if item.type == "scale":
        return [[str(step), words.number(step)] for step in range(item.minimum, item.maximum + 1)]
    return []


def _share_key(share: float) -> str:
    near = (name for name, known in _SHARES.items() if abs(known - share) < _NEAR)
    return next(near, repr(share))


def _share_named(share: float, words: Words) -> str:
    if abs(share - _SHARES["three-quarters"]) < _NEAR:
        return words.text("bar.three_quarters")
    return words.share(share)


def _nearest_confidence(confidence: float) -> str:
    return min(_CONFIDENCES, key=lambda name: abs(_CONFIDENCES[name] - confidence))


def _rate(value: object, item: BarItem, words: Words) -> BarValue | None:
    typed = entry.money(value, words)
    if typed is None:
        return None
    rate = int(typed) if typed == int(typed) else float(typed)
    if not item.accepts(rate):
        raise RefusedError(words, "fault.number")
    return rate


def _in_percent(share: Decimal | None) -> Decimal | None:
    return None if share is None else (share * _HUNDRED).normalize()


# --- currencies ---------------------------------------------------------------------------------


@cache
def _current_currencies() -> frozenset[str]:
    """Give the codes that are legal tender somewhere today."""
    used = get_global("territory_currencies").values()
    return frozenset(
        code for known in used for code, _, end, is_tender in known if end is None and is_tender
    )


@cache
def _named_currencies(language: str) -> dict[str, str]:
    names = Locale.parse(language, sep="-").currencies
    others = _current_currencies() - {*_COMMON}
    # The browser sorts the others: it knows how each language sorts.
    return {code: f"{names.get(code, code)} ({code})" for code in (*_COMMON, *sorted(others))}


def _currencies(words: Words, known: str | None) -> list[list[str]]:
    named = _named_currencies(words.language)
    own = {known: known} if known and known not in named else {}
    return [["", words.text("bar.not_said")], *map(list, {**named, **own}.items())]
