"""The mark on a text that somebody still has to write: what carries it, and where it stands."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from client_triage.faults import Fault

MARK = "[TODO]"
"""Stands before a text taken from elsewhere, plain to see on the page, until it is written."""

_STILL_TO_BE = ("still to be written", "still to be decided")
_COMMENT = re.compile(rf"\s*#.*{re.escape(MARK)}")


def marked(text: str) -> str:
    """Mark a text; one that is marked already stays as it is."""
    return text if MARK in text else f"{MARK} {text}"


def is_mark(fault: Fault) -> bool:
    """Tell whether a fault says that something is still to be written, and no more."""
    return fault.problem.startswith(_STILL_TO_BE)


def unwritten(root: Path) -> Iterator[Fault]:
    """Find every mark in a content folder; files that can't be read have faults of their own."""
    for path in sorted(root.rglob("*")):
        find = _FINDERS.get(path.suffix)
        if find is None or "schema" in path.relative_to(root).parts:
            continue
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if MARK in text:
            yield from find(path, text)


def _in_markdown(path: Path, text: str) -> Iterator[Fault]:
    # In a scenario the headings follow the catalogue, and are written there.
    follows = path.parent.parent.name == "scenarios"
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("## "):
            section = line.removeprefix("## ").replace(MARK, "").strip()
        if MARK in line and not (follows and line.startswith("## ")):
            what = f"{_STILL_TO_BE[0]}: {section!r}" if section else _STILL_TO_BE[0]
            yield Fault(str(path), what, line=number)


def _in_toml(path: Path, text: str) -> Iterator[Fault]:
    for number, line in enumerate(text.splitlines(), start=1):
        if _COMMENT.match(line):
            yield Fault(str(path), _STILL_TO_BE[1], line=number)
    try:
        yield from _in_values(path, tomllib.loads(text))
    except ValueError:  # no TOML, which is a fault of its own
        return


def _in_json(path: Path, text: str) -> Iterator[Fault]:
    try:
        yield from _in_values(path, json.loads(text))
    except ValueError:  # no JSON
        return


def _in_values(path: Path, value: object, place: str = "$") -> Iterator[Fault]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _in_values(path, part, f"{place}.{key}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _in_values(path, part, f"{place}[{number}]")
    elif isinstance(value, str) and MARK in value:
        yield Fault(str(path), _STILL_TO_BE[0], place)


_FINDERS = {".md": _in_markdown, ".toml": _in_toml, ".json": _in_json}
