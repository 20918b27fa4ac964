"""Which texts of the catalogues the code asks for: read from its Python and its JavaScript.

``words.text("a.b")`` asks for one text, ``words.texts("a")`` for a table. A table that goes to the
browser counts text by text: only what the view's scripts read of it is asked for.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import client_triage

PACKAGE = Path(client_triage.__file__).parent
STATIC = PACKAGE / "views" / "static"
TEMPLATES = PACKAGE / "serve" / "templates"

# What the scripts call the texts that they were given.
_READ = re.compile(r"\b(?:words|fields|keep|contacts)\.(\w+)")
_BY_NAME = re.compile(r"\b(?:words|fields)\[(?!level\])\w+\]")  # levels have a table of their own
_BY_PATTERN = re.compile(r"\bwords\[`([^`]*)`\]")
_IN_TEMPLATES = re.compile(r"\b(?:shell|page|losses)\.(\w+)")
_WRITTEN = re.compile(r'"(\w+)"|\b(\w+): \[')
_IMPORTED = re.compile(r'from "\./([\w-]+\.js)"')
_NAMED_BY_DATA = {"levels", "presets", "joining"}
ANY = "\N{BULLET}"  # stands for what is filled in


@dataclass
class Asked:
    """What one piece of code asks for: texts, as patterns; and tables for the browser."""

    texts: set[str] = field(default_factory=set)
    sent: list[tuple[str, ...]] = field(default_factory=list)
    """Tables that the browser gets as one object; a later one hides the same names before it."""
    given: set[str] = field(default_factory=set)
    """Names in such an object that are no table's."""
    figures: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    """A text with the figures that it is filled with."""


@cache
def asked_in(path: Path) -> Asked:
    """Read one Python module."""
    found, tree = Asked(), ast.parse(path.read_text("utf-8"))
    merged: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.texts.add(node.value)
        if isinstance(node, ast.JoinedStr):
            found.texts.add(_pattern(node))
        if isinstance(node, ast.Dict):
            _take_dict(node, found, merged)
        if isinstance(node, ast.Call):
            found.figures += _filled_texts(node)
    found.texts = {text for one in found.texts for text in _filled(one, found.texts)}
    for node in ast.walk(tree):
        if _is_table(node) and node not in merged:
            if _goes_to_browser(node, tree):
                found.sent.append((_pattern(node.args[0]),))
            else:
                found.texts.add(f"{_pattern(node.args[0])}.{ANY}")
    return found


def _filled(pattern: str, written: set[str]) -> Iterator[str]:
    """Fill ``table.…`` with what the module writes out: a large table has texts of all kinds."""
    table, _, rest = pattern.partition(".")
    if rest != ANY or table in _NAMED_BY_DATA:
        yield pattern
        return
    for one in written:
        if re.fullmatch(r"[\w-]+", one):
            yield f"{table}.{one}"


def _take_dict(node: ast.Dict, found: Asked, merged: set[ast.AST]) -> None:
    """Note ``{**words.texts("a"), **words.texts("b"), "own": …}``."""
    tables = [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
    tables = [value for value in tables if _is_table(value)]
    if tables:
        merged.update(tables)
        found.sent.append(tuple(_pattern(table.args[0]) for table in tables))
        found.given |= {key.value for key in node.keys if isinstance(key, ast.Constant)}


def _goes_to_browser(call: ast.Call, tree: ast.Module) -> bool:
    """Tell whether a table is a value of what is drawn, or what a function gives."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict) and call in node.values:
            return True
        if isinstance(node, ast.Return) and node.value is call:
            return True
    return False


def _is_table(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _name(node) == "texts" and bool(node.args)


def _filled_texts(call: ast.Call) -> Iterator[tuple[str, frozenset[str]]]:
    """Give the texts of ``words.text(key, …)`` or of ``RefusedError(words, key, …)``."""
    if _name(call) == "text" and call.args:
        yield from ((key, _figures(call)) for key in _keys(call.args[0]))
    match call:
        case ast.Call(func=ast.Name("RefusedError"), args=[_, key]):
            named = frozenset(one.arg or ANY for one in call.keywords) - {"details"}
            yield from ((one, named) for one in _keys(key))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _keys(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (*_keys(node.body), *_keys(node.orelse))
    elif isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    ):
        yield _pattern(node)


def _figures(call: ast.Call) -> frozenset[str]:
    named = {keyword.arg or ANY for keyword in call.keywords}
    return frozenset(named | {"count"} if len(call.args) > 1 else named)


def _pattern(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_pattern(part) for part in node.values)
    return ANY


def fits(pattern: str, key: str) -> bool:
    """Tell whether a pattern can become this key; what is filled in holds no dot."""
    parts = map(re.escape, pattern.split(ANY))
    return re.fullmatch(r"[^.]+".join(parts), key) is not None


@cache
def _script(name: str) -> str:
    return (STATIC / name).read_text("utf-8")


@cache
def scripts_of(path: Path) -> frozenset[str]:
    """Name the scripts of a view's module, with all that they import."""
    named = re.findall(r'script\("([\w-]+\.js)"\)', path.read_text("utf-8"))
    return frozenset(script for name in named for script in _with_imports(name))


def _with_imports(name: str) -> set[str]:
    inside = {name}
    for other in _IMPORTED.findall(_script(name)):
        inside |= _with_imports(other)
    return inside


@cache
def named_by(scripts: frozenset[str]) -> frozenset[str]:
    """Give the names that scripts read of their texts, as patterns."""
    found: set[str] = set()
    for script in scripts:
        text = _script(script)
        found.update(_READ.findall(text))
        found.update(re.sub(r"\$\{[^}]*\}", ANY, one) for one in _BY_PATTERN.findall(text))
        if _BY_NAME.search(text):  # by a variable: it is written as text somewhere in the script
            found.update(one or other for one, other in _WRITTEN.findall(text))
    return frozenset(found)


def plainly_read_by(script: Path) -> set[str]:
    """Give the names that one script reads of its words, where it writes them out."""
    return set(re.findall(r"\bwords\.(\w+)", script.read_text("utf-8")))


def modules() -> list[Path]:
    """Give the package's Python modules."""
    return sorted(PACKAGE.rglob("*.py"))


@cache
def scripts_for(path: Path) -> frozenset[str]:
    """Name the scripts that get what a module draws: its own, and those of its users."""
    dotted = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    users = (one for one in modules() if f"from {dotted} import" in one.read_text("utf-8"))
    return frozenset().union(*(scripts_of(one) for one in (path, *users)))


def used(keys: set[str]) -> set[str]:
    """Give those of the catalogue's keys that something asks for."""
    patterns: set[str] = set()
    for path in modules():
        asked = asked_in(path)
        patterns |= asked.texts
        names = _names_for(path)
        for tables in asked.sent:
            for place, table in enumerate(tables):
                hidden = {_last(key) for later in tables[place + 1 :] for key in _in(later, keys)}
                patterns |= {f"{table}.{name}" for name in names if name not in hidden}
    by_table: Mapping[str, list[str]] = _by_first(patterns)
    return {key for key in keys if any(fits(one, key) for one in by_table[key.split(".")[0]])}


def _names_for(path: Path) -> frozenset[str]:
    if path.parent.name != "serve":
        scripts = scripts_for(path)
        own = asked_in(path).texts if any(_BY_NAME.search(_script(one)) for one in scripts) else ()
        return named_by(scripts) | {one for one in own if one.isidentifier()}
    found = set[str]()
    for template in TEMPLATES.rglob("*.html"):
        found.update(_IN_TEMPLATES.findall(template.read_text("utf-8")))
    losses = re.search(r"_LOSSES = (\([^)]*\))", path.read_text("utf-8"))
    for loss in ast.literal_eval(losses[1]) if losses else ():
        found |= {loss, f"{loss}_means", f"{loss}_button"}
    if path.stem == "language":  # where the page can't be shown, the server says so by itself
        found.add("failed")
    return frozenset(found)


def _by_first(patterns: set[str]) -> Mapping[str, list[str]]:
    by_table = defaultdict[str, list[str]](list)
    for pattern in patterns:
        by_table[pattern.split(".")[0]].append(pattern)
    return by_table


def _in(table: str, keys: set[str]) -> list[str]:
    return [key for key in keys if fits(f"{table}.{ANY}", key)]


def _last(key: str) -> str:
    return key.rpartition(".")[2]
