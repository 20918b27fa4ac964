"""One portfolio's file, and what is kept beside it: the version before, the history."""

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from glob import escape
from itertools import count
from pathlib import Path

from client_triage.domain.history import History
from client_triage.domain.scenario import Scenario
from client_triage.faults import Fault, FaultyFileError
from client_triage.store.disk import PREVIOUS, read_text, temporary_files, write_text
from client_triage.store.history import dumps_history, loads_history
from client_triage.store.portfolio import Portfolio, dumps, loads

_HISTORY = ".history"
_BROKEN = ".broken"
_LEFT_SECONDS = 60  # no write takes so long
_WRITING_SECONDS = 2  # an editor may write in several steps


class PortfolioFile:
    """A portfolio file that others may change as well.

    Parameters
    ----------
    scenarios
        What it is read against.
    """

    def __init__(self, path: Path, scenarios: Sequence[Scenario]) -> None:
        self.path = path
        self._scenarios = scenarios
        self._seen: tuple[int, ...] | None = None
        self._has_history = False

    @property
    def is_changed(self) -> bool:
        """Whether it is there and is not what was read or written here last."""
        return self._stamp() not in {None, self._seen}

    @property
    def is_fresh(self) -> bool:
        """Whether it was written just now, so that whoever writes it may not be done."""
        try:
            return abs(time.time() - self.path.stat().st_mtime) < _WRITING_SECONDS
        except OSError:
            return True

    @property
    def is_forgotten(self) -> bool:
        """Whether somebody else erased the history that was beside it."""
        return self._has_history and not self._beside(_HISTORY).exists()

    def read(self) -> Portfolio | None:
        """Read it; None where there is none.

        Raises
        ------
        FaultyFileError
            It can't be used as it is.

        Warns
        -----
        PortfolioWarning
            A key was kept that this version can't read.
        """
        stamp = self._stamp()
        if stamp is None:
            return None
        portfolio = loads(read_text(self.path), str(self.path), self._scenarios)
        self._seen = stamp
        self._has_history |= self._beside(_HISTORY).exists()
        return portfolio

    def write(self, portfolio: Portfolio) -> None:
        """Replace it; the version before stays beside it.

        Raises
        ------
        OSError
            It can't be written; what was there is untouched.
        """
        portfolio.save(self.path)
        self._seen = self._stamp()

    def read_history(self) -> History:
        """Read the history beside it; an empty one where there is none.

        Raises
        ------
        FaultyFileError
            It can't be used.
        """
        path = self._beside(_HISTORY)
        if not path.exists():
            return History()
        self._has_history = True
        return loads_history(read_text(path), str(path), self._scenarios)

    def write_history(self, history: History) -> None:
        """Replace the history beside it.

        Raises
        ------
        OSError
            It can't be written.
        """
        # A power cut may take the last steps: what they changed is in the portfolio itself.
        write_text(self._beside(_HISTORY), dumps_history(history), keep=False, sync=False)
        self._has_history = True

    def keep(self, portfolio: Portfolio) -> str:
        """Keep a version beside the file that somebody else's took the place of; give its name.

        Raises
        ------
        OSError
            It can't be written.
        """
        path = self._beside(PREVIOUS)
        write_text(path, dumps(portfolio), keep=False)
        return path.name

    def set_aside(self) -> str:
        """Move the file out of the way, over nothing else, and give its new name.

        Raises
        ------
        OSError
            It can't be moved.
        """
        names = (self._beside(f"{_BROKEN}{number or ''}") for number in count())
        aside = next(name for name in names if not name.exists())
        self._beside("").replace(aside)
        return aside.name

    def clear_up(self) -> None:
        """Remove what earlier processes left half-written that were ended while they wrote."""
        for path in temporary_files(self.path):
            with contextlib.suppress(OSError):  # it is in nobody's way
                if time.time() - path.stat().st_mtime > _LEFT_SECONDS:
                    path.unlink()

    def forget(self) -> None:
        """Erase everything but the file itself: earlier versions, history, half-written files.

        Raises
        ------
        FaultyFileError
            Naming each file that could not be erased; the others are.
        """
        faults = []
        self._has_history = False
        for path in self._kept_beside():
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                faults.append(Fault(str(path), f"can't be erased: {error.strerror}"))
        if faults:
            raise FaultyFileError(faults)

    def _kept_beside(self) -> Iterator[Path]:
        yield from map(self._beside, (PREVIOUS, _HISTORY))
        yield from self._beside("").parent.glob(f"{escape(self._beside('').name)}{_BROKEN}*")
        yield from temporary_files(self.path)

    def _beside(self, suffix: str) -> Path:
        path = Path(os.path.realpath(self.path))  # all is kept beside the target of a link
        return path.with_name(path.name + suffix)

    def _stamp(self) -> tuple[int, ...] | None:
        try:
            facts = self.path.stat()
        except OSError:
            return None
        # The time and the size alone miss a change where the clock was moved.
        return facts.st_ino, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_size
