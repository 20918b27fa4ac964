"""JupyterLab's scripts, which Voilà and its extensions load in some seventy pieces, as one.

Each piece ("chunk") that webpack builds adds itself to a list that the entry script reads when it
begins, and loads itself what is missing. So the pieces that an entry names can stand before it in
one file: a visitor asks once instead of seventy times, and one process answers all of them.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_CHUNK = re.compile(r"\(self\W+\w+Chunk\w*\W+self\W+\w+Chunk\w*\W+push\(\[\s*\[([^\]]+)\]")
_NAME = re.compile(r"\w+")
_NAMED = re.compile(r'\.e\("?(\w+)"?\)')
_BEGINS = 500  # characters of a chunk in which its number stands, a licence's note before it
_ENTRY = "voila.js"


def lab_script(statics: Iterable[str], extensions: Iterable[Path]) -> str:
    """Give Voilà's entry script, and before it the chunks that it and the extensions name.

    What is in another shape than webpack's chunks is left out, and loaded as ever.

    Parameters
    ----------
    statics
        Folders in which Voilà looks for its files, the first first.
    extensions
        Folders of the JupyterLab extensions whose chunks to take.
    """
    entry = next(path for folder in statics if (path := Path(folder, _ENTRY)).is_file())
    entries = [entry, *(_entry(folder) for folder in extensions)]
    chunks = [chunk for path in entries for chunk in _chunks(path)]
    return "\n".join([*map(_apart, chunks), entry.read_text("utf-8")])


def _entry(extension: Path) -> Path:
    told = json.loads((extension / "package.json").read_text("utf-8"))
    return Path(extension, told["jupyterlab"]["_build"]["load"])


def _chunks(entry: Path) -> Iterator[str]:
    named = set(_NAMED.findall(entry.read_text("utf-8")))
    for path in sorted(entry.parent.glob("*.js")):
        text = path.read_text("utf-8")
        chunk = _CHUNK.search(text, 0, _BEGINS)
        if chunk is not None and named.intersection(_NAME.findall(chunk[1])):
            yield text


def _apart(chunk: str) -> str:
    """Keep a chunk's names, and whether it is strict, to itself."""
    return f"(() => {{{chunk}\n}})();"
