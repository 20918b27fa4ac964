"""From the text of a portfolio file to plain values, refusing what no portfolio can be."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import isinf
from typing import Any

from client_triage.faults import ExpectedError, Fault, FaultyFileError
from client_triage.store.migrations import STEPS, Migration, migrated

SCHEMA = f"client-triage/portfolio@{len(STEPS) + 1}"
_MOST_LEVELS = 100  # far below what this or another reader's recursion takes
_TOO_DEEP = "nested too deeply for a portfolio"
_MOST_DIGITS = 9
_NESTS = {dict, list}  # of what json.loads gives
_SCHEMA_FORM = re.compile(r"client-triage/portfolio@([1-9][0-9]*)")


def parse(text: str, file: str, steps: Sequence[Migration] = STEPS) -> dict[str, Any]:
    """Read the JSON of a portfolio, of this version or an older one.

    Parameters
    ----------
    steps
        What brings older versions to this one.

    Raises
    ------
    FaultyFileError
        What `parse_object` refuses; no portfolio, or one of a newer version.
    """
    raw = parse_object(text, file)
    return migrated(raw, _version(raw, file, len(steps) + 1), steps)


def parse_object(text: str, file: str) -> dict[str, Any]:
    """Read a JSON object.

    Raises
    ------
    FaultyFileError
        Empty, no JSON, a key twice in one object, a number that is none, half a character.
    """
    if not text.strip():
        raise FaultyFileError([Fault(file, "the file is empty; expected a portfolio in JSON")])
    doubled: list[str] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) < len(pairs):
            counted = Counter(key for key, _ in pairs)
            doubled.extend(key for key, times in counted.items() if times > 1)
        return built

    raw = _parse_json(text, file, unique)
    if doubled:
        raise FaultyFileError(
            Fault(file, f"key {key!r} stands twice in one object: keep one") for key in doubled
        )
    if not isinstance(raw, dict):
        raise FaultyFileError([Fault(file, str(ExpectedError("an object", raw)), "$")])
    _refuse_depth(raw, file)
    if "\\u" in text:
        _refuse_half_characters(raw, file)
    return raw


def _parse_json(text: str, file: str, build: Callable[[list[tuple[str, Any]]], Any]) -> object:
    def refuse(digits: str) -> float:
        problem = f"{digits[:20]} is no number that can be counted with"
        raise FaultyFileError([Fault(file, problem)])

    def finite(digits: str) -> float:
        number = float(digits)
        return refuse(digits) if isinf(number) else number

    try:
        return json.loads(text, object_pairs_hook=build, parse_constant=refuse, parse_float=finite)
    except json.JSONDecodeError as error:
        fault = Fault(file, f"not valid JSON: {error.msg}", line=error.lineno)
    except RecursionError:
        fault = Fault(file, _TOO_DEEP)
    except ValueError:
        fault = Fault(file, "a number has too many digits")
    raise FaultyFileError([fault]) from None


def _refuse_depth(raw: object, file: str) -> None:
    """Refuse what could be read, but not written again."""
    level: list[Any] = [raw]
    for _ in range(_MOST_LEVELS):
        level = [
            inner
            for one in level
            for inner in (one.values() if type(one) is dict else one)
            if type(inner) in _NESTS
        ]
    if level:
        raise FaultyFileError([Fault(file, _TOO_DEEP)])


def _refuse_half_characters(raw: Mapping[str, Any], file: str) -> None:
    r"""Refuse a lone surrogate such as ``"\ud83d"``: no text file can hold it."""
    try:
        json.dumps(raw, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise FaultyFileError(
            [Fault(file, "a text has half a character (\\ud800–\\udfff)")]
        ) from None


def _version(raw: Mapping[str, Any], file: str, newest: int) -> int:
    schema = raw.get("schema")
    form = _SCHEMA_FORM.fullmatch(schema) if isinstance(schema, str) else None
    if form is None:
        problem = str(ExpectedError(f"{SCHEMA!r}", schema))
        raise FaultyFileError([Fault(file, problem, "$.schema")])
    if len(form[1]) > _MOST_DIGITS or int(form[1]) > newest:
        found = form[1][:_MOST_DIGITS]
        problem = (
            f"this file is version {found}, and this program reads version {newest}: "
            "update client-triage to open it"
        )
        raise FaultyFileError([Fault(file, problem, "$.schema")])
    return int(form[1])


def doubled_ids(raw: Mapping[str, Any], file: str) -> list[Fault]:
    """Find ids that two clients have."""
    clients = raw.get("clients")
    faults, seen = [], dict[str, int]()
    for number, client in enumerate(clients if isinstance(clients, list) else ()):
        client_id = client.get("id") if isinstance(client, dict) else None
        if isinstance(client_id, str):
            first = seen.setdefault(client_id, number)
            if first != number:
                problem = f"id {client_id!r} is taken already by $.clients[{first}]"
                faults.append(Fault(file, problem, f"$.clients[{number}].id"))
    return faults
