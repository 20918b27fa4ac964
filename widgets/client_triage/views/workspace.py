"""What the views of one person share: the portfolio as it is now, its tally, and its history."""

import asyncio
import contextlib
import secrets
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import traitlets

from client_triage.content import Content, load_content
from client_triage.domain import edits
from client_triage.domain.differences import ConflictError, Difference, difference, merge
from client_triage.domain.history import History
from client_triage.domain.portfolio import Client
from client_triage.domain.scenario import Scenario
from client_triage.domain.tally import Tally, tally
from client_triage.faults import FaultyFileError
from client_triage.store import Portfolio, dumps, loads
from client_triage.store.file import PortfolioFile
from client_triage.store.history import loads_history
from client_triage.words import Words, words_in

T = TypeVar("T")
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
    is_unsaved = traitlets.Bool(default_value=False)
    """Whether saving failed, so that memory alone holds the last changes."""
    trouble = traitlets.Unicode()
    """What the person should know, such as that saving failed; empty where all is well."""
    news = traitlets.Unicode()
    """What was taken over from elsewhere last."""
    histories = traitlets.Int()
    """How often the history was lost, erased or brought back; views with undo follow it."""
    clashes = traitlets.Tuple()
    """The parts that were changed here and elsewhere, each in its own way (see `settle`)."""

    def __init__(
        self,
        path: Path | None = None,
        language: str | None = None,
        content: Content | None = None,
    ) -> None:
        self.content = content or load_content()
        self.path = path
        self._file = PortfolioFile(path, self.content.scenarios) if path else None
        self._history = History()
        self._own: tuple[Portfolio, History] = (Portfolio(), History())  # while there is the sample
        self._theirs = Portfolio()  # the other version, while there are clashes
        self._tally: Tally | None = None
        self._restored: Portfolio | None = None
        self._unread = ""
        self._reading = asyncio.Lock()
        portfolio = (self._told(self._file.read) if self._file else None) or Portfolio()
        self._base = portfolio  # the version that the file was known to hold last
        chosen = words_in(language or portfolio.language, self.content).language
        super().__init__(portfolio=portfolio, language=chosen, trouble=self._unread)
        if self._file:
            self._file.clear_up()
            self._history = self._earlier_history(self._file.read_history)

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
        if self.path or self.is_blank:
            return False
        copies = (copy for copy in (self.kept, self.stored) if copy is not None)
        return all(self._spoken(copy) != self.own for copy in copies)

    @property
    def is_blank(self) -> bool:
        """Whether nothing of one's own was entered yet."""
        return not difference(Portfolio(), self.own).parts

    @property
    def own(self) -> Portfolio:
        """One's own portfolio, in the language chosen now, also while the sample is shown."""
        return self._spoken(self._own[0] if self.is_sample else self.portfolio)

    @property
    def either_clients(self) -> Iterator[Client]:
        """All clients there are, here or in the other version while there are clashes."""
        yield from self._theirs.clients
        yield from self.portfolio.clients

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._history.undo)

    @property
    def can_redo(self) -> bool:
        """Whether a change that was taken back can be made again."""
        return bool(self._history.redo)

    def apply(self, edit: Edit) -> None:
        """Change the portfolio.

        Where another notebook changed the file meanwhile, the edit is made on what the file has
        now, so that neither change is lost.
        """
        self.news = ""
        self.catch_up()
        before = self.portfolio
        after = replace(edit(before), language=before.language)
        if after != before:
            self._become(after, self._history.with_step(difference(before, after)))

    def apply_own(self, edit: Edit) -> None:
        """Change one's own portfolio, as `apply` does, also while the sample is shown."""
        with self._on_own():
            self.apply(edit)

    @contextlib.contextmanager
    def _on_own(self) -> Iterator[None]:
        """Have one's own portfolio in the place of the sample meanwhile, unseen by the views."""
        if not self.is_sample:
            yield
            return
        shown = self.portfolio, self._history
        with self.hold_trait_notifications():
            self.leave_sample()
            try:
                yield
            finally:
                self._own = self.portfolio, self._history
                self.is_sample = True
                self.portfolio, self._history = shown
                self._tally = None

    def undo(self) -> bool:
        """Take the last change back; False where what it changed was changed elsewhere since."""
        return self._step(History.undone, lambda history: history.undo)

    def redo(self) -> bool:
        """Make the change again that was taken back last; False as in `undo`."""
        return self._step(History.redone, lambda history: history.redo)

    def _step(
        self,
        go: Callable[[History, Portfolio], tuple[History, Portfolio]],
        steps: Callable[[History], tuple[Difference, ...]],
    ) -> bool:
        self.catch_up()
        if not steps(self._history):
            return False
        try:
            history, portfolio = go(self._history, self.portfolio)
        except ConflictError:
            self._history = self._history.without(steps(self._history)[-1])
            self.histories += 1
            return False
        self._become(portfolio, history)
        return True

    def catch_up(self, *, is_patient: bool = False) -> None:
        """Take over what another notebook, or a hand, wrote into the file meanwhile.

        Parameters
        ----------
        is_patient
            Leave a file alone that can't be read yet: somebody may still be writing it.
        """
        if self._file is None or self.is_sample:
            return
        if self._file.is_forgotten and (self.can_undo or self.can_redo):
            self._history = History()  # what was erased elsewhere must not come back from here
            self.histories += 1
        if not self._file.is_changed:
            return
        try:
            theirs = self._told(self._file.read)
        except FaultyFileError as error:
            if not (self.clashes or (is_patient and self._file.is_fresh)):
                self._set_aside(self._file, error)
            return
        if theirs is not None:
            self.meet(theirs, self._base)
            self.trouble = self.trouble if self.is_unsaved else self._unread

    def meet(self, theirs: Portfolio, base: Portfolio) -> None:
        """Bring in the version that somebody else put where this portfolio is kept.

        What was changed on one side alone is taken from there. Where both sides changed a part,
        nothing is changed or saved until `settle` is told which one to take.

        Parameters
        ----------
        base
            The version that both were made from; while there are clashes it stays the one before
            them.
        """
        with self._on_own(), self.hold_trait_notifications():
            self._meet(theirs, self._base if self.clashes else base)

    def _meet(self, theirs: Portfolio, base: Portfolio) -> None:
        ours = self.portfolio
        merged = merge(base, ours, theirs)
        self.clashes = merged.clashes
        if merged.clashes:
            self._base, self._theirs = base, theirs
            return
        self._base = theirs
        together = self._spoken(merged.ours)
        if difference(theirs, together).parts:
            self.news = self._taken_over()
            self._become(together, self._history)
            return
        self.is_unsaved = False  # the file has everything
        if difference(ours, together).parts:
            self.news = self._taken_over(ours)
            self.portfolio = together

    def settle(self, *, ours: bool) -> None:
        """End the clashes: take what was changed here, or what was changed elsewhere.

        The history keeps the version that was not taken.
        """
        if self.clashes:
            with self._on_own(), self.hold_trait_notifications():
                self._settle(ours=ours)

    def _settle(self, *, ours: bool) -> None:
        if self._file and self._file.is_changed:
            with contextlib.suppress(FaultyFileError):
                self._theirs = self._told(self._file.read) or self._theirs
        merged = merge(self._base, self.portfolio, self._theirs)
        both = (merged.ours, merged.theirs)
        chosen, other = map(self._spoken, both if ours else both[::-1])
        history = self._history.with_step(difference(self.portfolio, other))
        self.clashes = ()
        self._base = self._theirs
        self._become(chosen, history.with_step(difference(other, chosen)))

    def add_clients(self, aliases: Iterable[str]) -> None:
        """Add clients; the first real one takes the place of the sample."""
        wanted = tuple(aliases)
        self.leave_sample()
        self.apply(lambda portfolio: edits.add_clients(portfolio, wanted, iter(new_id, None)))

    def show_sample(self) -> None:
        """Show the made-up example; it is never saved."""
        if not self.is_sample:
            self._own = self.portfolio, self._history
        self.is_sample = True
        self._become(sample(self.content, self.language), History())

    def leave_sample(self) -> None:
        """Go back to one's own portfolio."""
        if self.is_sample:
            self.is_sample = False
            self.portfolio, self._history = self._own

    def open_text(self, text: str, file: str) -> None:
        """Replace the portfolio by that of a file; undo brings the earlier one back.

        Raises
        ------
        FaultyFileError
            The text is no portfolio; nothing changed.
        """
        self.open(self._told(lambda: loads(text, file, self.scenarios)), self._unread)

    def open(self, portfolio: Portfolio, unread: str) -> None:
        """Replace the portfolio by one that was read; undo brings the earlier one back.

        Parameters
        ----------
        unread
            What of its file is kept, but not counted.
        """
        self._make_way(unread)
        self.apply(lambda _: portfolio)
        self.kept = self.portfolio

    async def read(self, text: str, file: str) -> tuple[Portfolio, str]:
        """Read a large portfolio in a thread of its own, for `open`; nothing is changed.

        Raises
        ------
        FaultyFileError
            The text is no portfolio.
        """
        # The warnings are caught here, not in the thread: what catches them holds for all threads,
        # and whatever else this thread catches meanwhile begins and ends within it.
        async with self._reading:
            with _warned() as caught:
                portfolio = await asyncio.to_thread(loads, text, file, self.scenarios)
        return portfolio, _listed(caught)

    def restore(self, text: str, file: str) -> None:
        """Go on with the portfolio that a browser remembered.

        Where something was entered already, undo brings it back; else `restore_history` may follow.

        Raises
        ------
        FaultyFileError
            The text is no portfolio; nothing changed.
        """
        portfolio = self._told(lambda: loads(text, file, self.scenarios))
        self._make_way(self._unread)
        self.stored = portfolio
        if not self.is_blank:
            self.apply(lambda _: portfolio)
        else:
            self._become(portfolio, History())
            self._restored = self.portfolio

    def restore_history(self, text: str, file: str) -> None:
        """Bring back the history of what was restored, unless that was changed since.

        It may be longer than the portfolio, and nobody waits for it.
        """
        if self.portfolio is self._restored:
            self._history = self._earlier_history(lambda: loads_history(text, file, self.scenarios))
            self._restored = None
            self.histories += 1

    def _make_way(self, unread: str) -> None:
        """Prepare for a portfolio that takes the place of what is shown, the sample included."""
        self.leave_sample()
        self._unread = self.trouble = unread

    def forget_earlier(self) -> None:
        """Forget every earlier version: the history, and what is kept of them beside the file.

        Raises
        ------
        FaultyFileError
            Naming each file that could not be erased.
        """
        self._history = History()
        self._own = self._own[0], History()
        self.histories += 1
        if self._file:
            self._file.forget()

    def text(self) -> str:
        """Give the portfolio as the text of a file, in the language chosen now."""
        return dumps(self._spoken(self.portfolio))

    @property
    def own_history(self) -> History:
        """The history of one's own portfolio, also while the sample is shown."""
        return self._own[1] if self.is_sample else self._history

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
            self.catch_up()
            self._save()

    def _spoken(self, portfolio: Portfolio) -> Portfolio:
        return replace(portfolio, language=self.language)

    @traitlets.observe("portfolio")
    def _forget_tally(self, _: object) -> None:
        self._tally = None

    def _become(self, portfolio: Portfolio, history: History) -> None:
        self._tally = None
        self._history = history
        if not self.clashes or self.is_sample:
            self.portfolio = portfolio
            self._save()
            return
        with self.hold_trait_notifications():  # the change may end the clashes
            self.portfolio = portfolio
            self._meet(self._theirs, self._base)

    def _save(self) -> None:
        file, portfolio = self._file, self.own
        if file is None or self.is_sample or self.clashes:
            return
        try:
            file.write(portfolio)
        except OSError as error:
            self.is_unsaved = True
            self.trouble = self.words.text(
                "file.not_saved", file=file.path.name, problem=error.strerror or str(error)
            )
            return
        self._base = portfolio
        self.is_unsaved = False
        self.trouble = self._unread
        with contextlib.suppress(OSError):  # the answers are safe, only the way back is not
            file.write_history(self._history)

    def _told(self, read: Callable[[], T]) -> T:
        """Read a portfolio; what it warns of is told to the person, not to the notebook."""
        with _warned() as caught:
            portfolio = read()
        self._unread = _listed(caught)
        return portfolio

    def _earlier_history(self, read: Callable[[], History]) -> History:
        try:
            return read()
        except FaultyFileError as error:
            self.trouble = "\n".join(filter(None, [self.trouble, str(error)]))
            return History()

    def _taken_over(self, ours: Portfolio | None = None) -> str:
        """Say that something came from elsewhere; keep the version that it took the place of."""
        if self._file is None:
            return self.words.text("keeping.taken_over_tab")
        name = self._file.path.name
        if ours and not self._file.is_forgotten:
            with contextlib.suppress(OSError):
                return self.words.text(
                    "keeping.taken_over_kept", file=name, kept=self._file.keep(ours)
                )
        return self.words.text("keeping.taken_over", file=name)

    def _set_aside(self, file: PortfolioFile, error: FaultyFileError) -> None:
        """Move a file that was broken meanwhile out of the way: nobody's work is overwritten."""
        try:
            aside = file.set_aside()
        except OSError:
            return  # the next save keeps it as the previous version, or says why it can not
        self._unread = self.words.text("file.set_aside", file=file.path.name, aside=aside)
        self._unread += f"\n{error}"
        self.trouble = self._unread
        self._save()  # nobody but this process has the answers now


def new_id() -> str:
    """Give an id that no client has, had or gets, here or in another notebook or tab.

    Of two clients under one id, each changed or deleted elsewhere, one would become the other.
    """
    return f"c{secrets.token_hex(5)}"


@contextlib.contextmanager
def _warned() -> Iterator[list[warnings.WarningMessage]]:
    """Catch what is warned of meanwhile."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught


def _listed(caught: Iterable[warnings.WarningMessage]) -> str:
    """List what was warned of, a line each."""
    return "\n".join(str(warning.message) for warning in caught)


def sample(content: Content, language: str) -> Portfolio:
    """Read the made-up example portfolio."""
    return loads(content.sample(language), f"sample/{language}.json", content.scenarios)
