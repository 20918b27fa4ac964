"""The history as text, ``client-triage/history@1``: what is kept of it beside a portfolio."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from cattrs import Converter

from client_triage.domain.differences import Difference, Part, is_fact
from client_triage.domain.history import History
from client_triage.domain.portfolio import Portfolio
from client_triage.domain.scenario import Scenario
from client_triage.faults import ExpectedError, Fault, FaultyFileError, faults_in
from client_triage.store.parsing import parse_object
from client_triage.store.structuring import portfolio_converter
from client_triage.store.texts import Texts

SCHEMA = "client-triage/history@1"
_MOST_CHARACTERS = 2_000_000  # opening large files again and again must not fill a browser's store

_MOST_PLACES = 1_000_000


def dumps_history(history: History) -> str:
    """Write a history as text, with the steps of `step_texts`."""
    undo, redo = step_texts(history)
    lists = ",\n".join(
        f'"{name}": [' + ",\n".join(texts) + "]" for name, texts in (("undo", undo), ("redo", redo))
    )
    return f'{{"schema": "{SCHEMA}",\n{lists}}}\n'


def step_texts(history: History) -> tuple[list[str], list[str]]:
    """Write each step of "undo" and of "redo"; the oldest are left out where it gets too long."""
    left = _MOST_CHARACTERS
    both: tuple[list[str], list[str]] = ([], [])
    for steps, texts in zip((history.undo, history.redo), both, strict=True):
        for step in reversed(steps):
            text = _step_text(step)
            left -= len(text)
            if left < 0:
                break
            texts.insert(0, text)
    return both


def loads_history(text: str, file: str, scenarios: Sequence[Scenario]) -> History:
    """Read a history from text.

    Parameters
    ----------
    file
        What faults call it.

    Raises
    ------
    FaultyFileError
        With every fault in the text, another version included.
    """
    raw = parse_object(text, file)
    if raw.get("schema") != SCHEMA:
        raise FaultyFileError([Fault(file, f"expected a history, {SCHEMA!r}", "$.schema")])
    converter = portfolio_converter(tuple(scenarios), Portfolio)
    try:
        return History(
            *(_steps(raw.get(name, []), converter) for name in ("undo", "redo")),
        )
    except Exception as error:  # noqa: BLE001 - cattrs raises groups of whatever the hooks raise
        raise FaultyFileError(faults_in(file, error)) from None


@Texts
def _step_text(step: Difference) -> str:
    converter = portfolio_converter((), Portfolio)
    raw = {
        "facts": step.facts,
        "before": converter.unstructure(step.before, Portfolio),
        "after": converter.unstructure(step.after, Portfolio),
        "places": step.places,
    }
    return json.dumps(raw, ensure_ascii=False)


def _steps(raw: object, converter: Converter) -> tuple[Difference, ...]:
    if not isinstance(raw, list):
        raise ExpectedError("a list of changes", raw)
    return tuple(_step(one, converter) for one in raw)


def _step(raw: Any, converter: Converter) -> Difference:  # noqa: ANN401 - plain JSON
    try:
        facts = tuple(_part(one) for one in raw["facts"])
        places = {
            str(name): (_place(was), _place(now)) for name, (was, now) in raw["places"].items()
        }
        before, after = raw["before"], raw["after"]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ExpectedError("a change", raw) from None
    return Difference(
        converter.structure(before, Portfolio),
        converter.structure(after, Portfolio),
        facts,
        places,
    )


def _part(raw: Iterable[Any]) -> Part:
    part = tuple(raw)
    if not is_fact(part) or part == ("extra", "schema"):
        raise ValueError
    return part


def _place(raw: object) -> int | None:
    if raw is not None and (type(raw) is not int or not 0 <= raw < _MOST_PLACES):
        raise ValueError
    return raw
