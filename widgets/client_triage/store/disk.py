"""Text files on disk: read whole, replaced at once, the version before kept."""

import os
import tempfile
from pathlib import Path

from client_triage.faults import Fault, FaultyFileError

PREVIOUS = ".previous"


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


def write_text(path: Path, text: str) -> None:
    """Replace a file at once; a reader sees the old one or the new one, never a part.

    Raises
    ------
    OSError
        The file can't be written; what was there is untouched.
    """
    path = path.resolve()
    if path.exists():
        _replace(path.with_name(path.name + PREVIOUS), path.read_bytes())
    _replace(path, text.encode())


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
