"""What the views of one person share: the portfolio as it is now, its tally, and its history."""

import warnings
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import traitlets

from client_triage.content import Content, load_content
from client_triage.domain import edits
from client_triage.domain.scenario import Scenario
from client_triage.domain.tally import Tally, tally
from client_triage.faults import FaultyFileError
from client_triage.store import Portfolio, dumps, loads
from client_triage.store.disk import read_text
from client_triage.words import Words, words_in

_MOST_STEPS = 100
_BROKEN = ".broken"

Edit = Callable[[Portfolio], Portfolio]


class Workspace(traitlets.HasTraits):
    """One person's portfolio in memory, and in a file where there is one.

    Views observe ``portfolio`` and ``language``, read ``tally`` and change things through
    `apply`. Nothing here is synced with a browser.

    Parameters
    ----------
    path
        The portfolio file; None keeps everything in memory (the Voilà page).
    language
        Language of the interface; by default the portfolio's own, else English.

    Raises
    ------
    FaultyFileError
        There is a file, and it can't be used as it is.
    """

    portfolio = traitlets.Instance(Portfolio)
    language = traitlets.Unicode()
    is_sample = traitlets.Bool(default_value=False)
    kept = traitlets.Instance(Portfolio, allow_none=True)
    """The portfolio as it stands in the person's own file; None where there is none."""
    stored = traitlets.Instance(Portfolio, allow_none=True)
    """The portfolio as the browser remembers it; None where it does not remember any."""
    trouble = traitlets.Unicode()
    """What the person should know, such as that saving failed; empty where all is well."""

    def __init__(
        self,
        path: Path | None = None,
        language: str | None = None,
        content: Content | None = None,
    ) -> None:
        self.content = content or load_content()
        self.path = path
        self._on_disk: tuple[int, ...] | None = None
        self._own = Portfolio()  # what the sample stands in front of
        self._undo: list[Portfolio] = []
        self._redo: list[Portfolio] = []
        self._tally: Tally | None = None
        self._unread = ""
        self._unsaved = False
        portfolio = self._read() or Portfolio()
        chosen = words_in(language or portfolio.language, self.content).language
        super().__init__(portfolio=portfolio, language=chosen, trouble=self._unread)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios, in their order."""
        return self.content.scenarios

    @property
    def words(self) -> Words:
        """The words of the chosen language."""
        return words_in(self.language, self.content)

    @property
    def tally(self) -> Tally:
        """The tally of the portfolio as it is now; counted once for all views."""
        if self._tally is None:
            self._tally = tally(self.portfolio, self.scenarios)
        return self._tally

    @property
    def is_at_risk(self) -> bool:
        """Whether there is something that only memory holds."""
        if self.path or self.is_sample or not self.portfolio.clients:
            return False
        copies = (copy for copy in (self.kept, self.stored) if copy is not None)
        return all(self._spoken(copy) != self.own for copy in copies)

    @property
    def own(self) -> Portfolio:
        """One's own portfolio, in the language chosen now, also while the sample is shown."""
        return self._spoken(self._own if self.is_sample else self.portfolio)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether a change that was taken back can be made again."""
        return bool(self._redo)

    def apply(self, edit: Edit) -> None:
        """Change the portfolio.

        Where another notebook changed the file meanwhile, the edit is made on what the file has
        now, so that neither change is lost.
        """
        self.catch_up()
        before = self.portfolio
        after = edit(before)
        if after == before:
            return
        self._undo = [*self._undo, before][-_MOST_STEPS:]
        self._redo = []
        self._become(after)

    def catch_up(self) -> None:
        """Take over what another notebook wrote into the file meanwhile.

        The history ends there: to take an earlier change back would lose the other's as well.
        """
        now = self._fresh()
        if now != self.portfolio:
            self._undo, self._redo = [], []
            self.portfolio = now

    def undo(self) -> None:
        """Take the last change back."""
        self.catch_up()
        if self._undo:
            self._redo.append(self.portfolio)
            self._become(self._undo.pop())

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self.catch_up()
        if self._redo:
            self._undo.append(self.portfolio)
            self._become(self._redo.pop())

    def add_clients(self, aliases: Iterable[str]) -> None:
        """Add clients; the first real one takes the place of the sample."""
        wanted = tuple(aliases)
        self.leave_sample()
        self.apply(lambda portfolio: edits.add_clients(portfolio, wanted))

    def show_sample(self) -> None:
        """Show the made-up example; it is never saved."""
        if not self.is_sample:
            self._own = self.portfolio
        self._undo, self._redo = [], []
        self.is_sample = True
        self._become(sample(self.content, self.language))

    def leave_sample(self) -> None:
        """Go back to one's own portfolio."""
        if self.is_sample:
            self.is_sample = False
            self._undo, self._redo = [], []
            self.portfolio = self._own

    def open_text(self, text: str, file: str) -> None:
        """Replace the portfolio by that of a file; undo brings the earlier one back.

        Raises
        ------
        FaultyFileError
            The text is no portfolio; nothing changed.
        """
        portfolio = self._told(lambda: loads(text, file, self.scenarios))
        self.leave_sample()
        self.trouble = self._unread
        self.apply(lambda _: portfolio)
        self.kept = self.portfolio

    def restore(self, text: str, file: str) -> None:
        """Go on with the portfolio that a browser remembered.

        The history starts anew, unless there are clients already: then undo brings them back.

        Raises
        ------
        FaultyFileError
            The text is no portfolio; nothing changed.
        """
        portfolio = self._told(lambda: loads(text, file, self.scenarios))
        self.leave_sample()
        self.trouble = self._unread
        self.stored = portfolio
        if self.portfolio.clients:
            self.apply(lambda _: portfolio)
        else:
            self._undo, self._redo = [], []
            self._become(portfolio)

    def text(self) -> str:
        """Give the portfolio as the text of a file, in the language chosen now."""
        return dumps(self._spoken(self.portfolio))

    def speak(self, language: str) -> None:
        """Change the language; every answer stays."""
        spoken = words_in(language, self.content).language
        if spoken == self.language:
            return
        untouched = self.is_sample and self.portfolio == sample(self.content, self.language)
        self.language = spoken
        if untouched:
            self.show_sample()
        elif self.portfolio.clients:
            self._become(self._spoken(self.portfolio))

    def _spoken(self, portfolio: Portfolio) -> Portfolio:
        return replace(portfolio, language=self.language)

    @traitlets.observe("portfolio")
    def _forget_tally(self, _: object) -> None:
        self._tally = None

    def _become(self, portfolio: Portfolio) -> None:
        self._tally = None
        self.portfolio = portfolio
        if self.path and not self.is_sample:
            self._save(self._spoken(portfolio))

    def _save(self, portfolio: Portfolio) -> None:
        path: Any = self.path
        try:
            portfolio.save(path)
        except OSError as error:
            self._unsaved = True
            self.trouble = self.words.text(
                "file.not_saved", file=path.name, problem=error.strerror or str(error)
            )
        else:
            self._unsaved = False
            self.trouble = self._unread
            self._on_disk = self._stamp()

    def _stamp(self) -> tuple[int, ...] | None:
        try:
            facts = self.path.stat() if self.path else None
        except OSError:
            return None
        # The time and the size alone miss a change where the clock was moved.
        if facts is None:
            return None
        return facts.st_ino, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_size

    def _read(self) -> Portfolio | None:
        stamp = self._stamp()
        if stamp is None or self.path is None:
            return None
        path = self.path
        portfolio = self._told(lambda: loads(read_text(path), str(path), self.scenarios))
        self._on_disk = stamp
        return portfolio

    def _told(self, read: Callable[[], Portfolio]) -> Portfolio:
        """Read a portfolio; what it warns of is told to the person, not to the notebook."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            portfolio = read()
        self._unread = "\n".join(str(warning.message) for warning in caught)
        return portfolio

    def _fresh(self) -> Portfolio:
        """Give the portfolio as it is now, read again where the file changed meanwhile."""
        if self.is_sample or self._unsaved or self._stamp() in {None, self._on_disk}:
            return self.portfolio
        try:
            return self._read() or self.portfolio
        except FaultyFileError as error:
            self._set_aside(error)
            return self.portfolio

    def _set_aside(self, error: FaultyFileError) -> None:
        """Move a file that was broken meanwhile out of the way: nobody's work is overwritten."""
        path: Any = self.path
        aside = path.with_name(path.name + _BROKEN)
        try:
            path.replace(aside)
        except OSError:
            return  # the next save keeps it as the previous version, or says why it can not
        self._unread = self.words.text("file.set_aside", file=path.name, aside=aside.name)
        self._unread += f"\n{error}"
        self.trouble = self._unread


def sample(content: Content, language: str) -> Portfolio:
    """Read the made-up example portfolio."""
    return loads(content.sample(language), f"sample/{language}.json", content.scenarios)
