"""Text files on disk: read whole, replaced at once, the version before kept."""

import os
import tempfile
from collections.abc import Iterator
from glob import escape
from pathlib import Path

from client_triage.faults import Fault, FaultyFileError

PREVIOUS = ".previous"
_TEMPORARY = ".tmp"


def read_text(path: Path) -> str:
    """Read a text file in UTF-8, with or without a byte order mark.

    Raises
    ------
    FaultyFileError
        It is missing or can't be read.
    """
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        problem = "there is no such file"
    except UnicodeDecodeError:
        problem = "not a text file in UTF-8, so no portfolio file"
    except OSError as error:
        problem = f"can't be read: {error.strerror}"
    raise FaultyFileError([Fault(str(path), problem)])


def write_text(path: Path, text: str, *, keep: bool = True, sync: bool = True) -> None:
    """Replace a file at once; a reader sees the old one or the new one, never a part.

    Parameters
    ----------
    keep
        Whether the version before stays beside it.
    sync
        Whether to wait until it is on the disk, so that a power cut can't take it.

    Raises
    ------
    OSError
        The file can't be written; what was there is untouched.
    """
    path = Path(os.path.realpath(path))  # `resolve` raises where links go in circles
    if keep and path.exists():
        _replace(path.with_name(path.name + PREVIOUS), path.read_bytes(), sync=sync)
    _replace(path, text.encode(), sync=sync)


def temporary_files(path: Path) -> Iterator[Path]:
    """Find what is left half-written of this file and those beside it, by processes that ended."""
    return Path(os.path.realpath(path)).parent.glob(f".{escape(path.name)}*{_TEMPORARY}")


def _replace(path: Path, content: bytes, *, sync: bool) -> None:
    handle, name = tempfile.mkstemp(_TEMPORARY, f".{path.name}.", path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    if sync and hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
