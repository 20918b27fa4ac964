"""Our ES modules and style sheets, as anywidget wants them: each in one piece.

A widget's script reaches the browser as a string, so that a relative import has nothing to be
relative to. `script` puts every imported module inside the one that imports it, which keeps the
sources ordinary modules without a build step.

A page of our own serves all of them as one file instead (see `scripts`), which the browser loads
while the kernel is still on its way, keeps for the next visit, and reads once.
"""

import json
import os
import re
from functools import cache
from pathlib import Path

from client_triage.palette import DARK_LEVEL_LOOKS, LEVEL_LOOKS

STATIC = Path(__file__).parent / "static"

SCRIPTS_VARIABLE = "CLIENT_TRIAGE_SCRIPTS"
"""Names the address of `scripts`, in the kernels of a page that serves them."""

_IMPORT = re.compile(r'import\s*(?P<names>\{[^}]*\}|\w+)\s*from\s*"\./(?P<path>[^"]+)";?')
_EXPORTED = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
_EXPORT_LIST = re.compile(r"export\s*\{(?P<names>[^}]*)\};?\s*$")
_EXPORT_DEFAULT = re.compile(r"export default ")
_VIEW = re.compile(r"^export default view\(", re.MULTILINE)
_BOTH = {level: (look, DARK_LEVEL_LOOKS[level]) for level, look in LEVEL_LOOKS.items()}


@cache
def script(name: str) -> str:
    """Give a widget's script: with its imports put inside, or taken from where they are served.

    Parameters
    ----------
    name
        File name under ``static/``, such as ``"matrix.js"``.
    """
    if address := os.environ.get(SCRIPTS_VARIABLE):
        taken = f"const {{ views }} = await import(new URL({json.dumps(address)}, location));"
        return f"{taken}\nexport default views[{json.dumps(name)}];"
    inside: dict[Path, str] = {}
    body = _with_imports(STATIC / name, inside)
    return "\n".join([*inside.values(), body])


@cache
def scripts() -> str:
    """Give the scripts of all widgets as one module that exports ``views``, by file name."""
    inside: dict[Path, str] = {}
    views = {}
    for path in sorted(STATIC.resolve().glob("*.js")):
        if _VIEW.search(path.read_text("utf-8")):
            if path not in inside:
                _put_inside(path, inside)
            views[path.name] = f"{_identifier(path)}.default"
    named = ", ".join(f"{json.dumps(name)}: {view}" for name, view in views.items())
    return "\n".join([*inside.values(), f"export const views = {{ {named} }};\n"])


@cache
def style() -> str:
    """Give the style sheet of all widgets: tokens, levels, what all share, each view's own.

    It is one, so that a view's own rules come after those that all share, whatever a browser
    loads first.
    """
    first = (STATIC / "tokens.css", STATIC / "base.css")
    others = sorted(set(STATIC.glob("*.css")) - set(first))
    tokens, *sheets = (path.read_text("utf-8") for path in (*first, *others))
    return "\n".join([tokens, _levels(), *sheets])


def _levels() -> str:
    tokens = (
        f"--ct-{level.word}{part}: light-dark({light}, {dark});"
        for level, looks in _BOTH.items()
        for part, light, dark in (
            ("", looks[0].colour, looks[1].colour),
            ("-ink", looks[0].ink, looks[1].ink),
            ("-edge", looks[0].edge, looks[1].edge),
        )
    )
    rules = (
        f".ct [data-level={level.word}] {{ --level: var(--ct-{level.word});"
        f" --level-ink: var(--ct-{level.word}-ink); --level-edge: var(--ct-{level.word}-edge); }}"
        for level in _BOTH
    )
    return "\n".join([":root {", *tokens, "}", *rules])


def _with_imports(path: Path, inside: dict[Path, str]) -> str:
    """Replace a module's imports; what they import goes into ``inside``, in order of need."""

    def take(match: re.Match[str]) -> str:
        wanted = (path.parent / match["path"]).resolve()
        if wanted not in inside:
            _put_inside(wanted, inside)
        names = match["names"]
        taken = names.replace(" as ", ": ") if names.startswith("{") else f"{{ default: {names} }}"
        return f"const {taken} = {_identifier(wanted)};"

    return _IMPORT.sub(take, path.read_text("utf-8"))


def _put_inside(path: Path, inside: dict[Path, str]) -> None:
    inside[path] = ""  # its own imports come first: see below
    wrapped = _wrapped(path, inside)
    del inside[path]
    inside[path] = wrapped


def _wrapped(path: Path, inside: dict[Path, str]) -> str:
    text = _with_imports(path, inside)
    exported = _EXPORTED.findall(text)
    text = _EXPORTED.sub("", text)
    if listed := _EXPORT_LIST.search(text):
        pairs = (name.split(" as ") for name in listed["names"].split(","))
        exported += [f"{pair[-1].strip()}: {pair[0].strip()}" for pair in pairs]
        text = text[: listed.start()]
    if _EXPORT_DEFAULT.search(text):
        exported.append("default: $default")
        text = _EXPORT_DEFAULT.sub("const $default = ", text)
    given = ", ".join(exported)
    return f"const {_identifier(path)} = (() => {{\n{text}\nreturn {{ {given} }};\n}})();"


def _identifier(path: Path) -> str:
    return "$" + re.sub(r"\W", "_", path.stem)
