"""The portfolio file in the browser: download it, open one, take changes back."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from client_triage.faults import FaultyFileError
from client_triage.store import Portfolio, dumps
from client_triage.views.modules import script
from client_triage.views.view import Action, RefusedError, View

_MOST_BYTES = 5_000_000
"""Of a file to open; a message much longer would end the connection to the kernel."""

_AT_ONCE = 200_000
"""Characters that are read in a moment; what is longer can be cancelled."""

_REFUSALS = frozenset(
    {"too_large", "no_text", "not_readable", "several", "is_folder", "is_no_file"}
)


class OpeningView(View):
    """What opens a portfolio file that was chosen or dropped; the browser reads it.

    A large file is read while the kernel goes on, and until then everything stays as it is. To
    cancel is to turn away from what is read: a thread can't be stopped.
    """

    _reading: asyncio.Task[tuple[Portfolio, str]] | None = None
    _file = ""

    def opening(self) -> dict[str, Any]:
        """Give what the browser needs for that."""
        words = self.workspace.words
        return {
            "words": {**words.texts("file"), **words.texts("actions")},
            "most_bytes": _MOST_BYTES,
            "opening": words.text("file.opening", file=self._file) if self._reading else "",
        }

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here."""
        return {"open": self._on_open, "refuse": self._on_refuse, "cancel": self._on_cancel}

    def close(self) -> None:
        """Close the widget; a file that is still read is not opened."""
        self._reading = None
        super().close()

    def _on_refuse(self, problem: str, file: str = "") -> None:
        if problem not in _REFUSALS:
            raise KeyError(problem)
        raise RefusedError(self.workspace.words, f"file.{problem}", file=file)

    def _on_open(self, file: str, text: str) -> None:
        if len(text) > _MOST_BYTES:
            self._on_refuse("too_large")
        self._reading = None  # of two files, the later one
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        if loop is None or len(text) <= _AT_ONCE:
            self._open(file, lambda: self.workspace.open_text(text, file))
            return
        self._file = file
        self._reading = loop.create_task(self.workspace.read(text, file))
        self._reading.add_done_callback(self._on_read)

    def _on_read(self, reading: asyncio.Task[tuple[Portfolio, str]]) -> None:
        if reading is not self._reading:
            reading.exception()  # nobody waits for it any more
            return
        self._reading = None
        self.do(lambda: self._open(self._file, lambda: self.workspace.open(*reading.result())), {})

    def _open(self, file: str, read: Callable[[], None]) -> None:
        words = self.workspace.words
        try:
            read()
        except FaultyFileError as error:
            raise RefusedError(words, "file.refused", file=file, details=str(error)) from None
        self.say(words.text("file.opened", count=len(self.workspace.portfolio.clients)))

    def _on_cancel(self) -> None:
        words = self.workspace.words
        self.say(
            words.text("file.cancelled" if self._reading else "file.too_late", file=self._file)
        )
        self._reading = None


class FileView(OpeningView):
    """Download and open the portfolio file, in the page as in JupyterLab."""

    _esm = script("file.js")

    follows: ClassVar = (*View.follows, "stored")

    def draw(self) -> dict[str, Any]:
        """Give the texts, and where the portfolio is kept."""
        workspace = self.workspace
        return {
            **self.opening(),
            "kept": self._kept(),
            "has_file": workspace.path is not None,
            "is_sample": workspace.is_sample,
            "is_empty": workspace.is_blank and not workspace.is_sample,
        }

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here."""
        return {
            **super().actions,
            "download": lambda: download(self),
            "forget": self._on_forget,
            "sample": self.workspace.show_sample,
            "leave_sample": self.workspace.leave_sample,
        }

    def _kept(self) -> str:
        workspace, words = self.workspace, self.workspace.words
        if workspace.is_sample:
            return words.text("file.sample")
        if workspace.path:
            return words.text("file.kept_in_file", file=workspace.path.name)
        return words.text("device.kept" if workspace.stored else "file.kept_in_memory")

    def _on_forget(self) -> None:
        try:
            self.workspace.forget_earlier()
        except FaultyFileError as error:
            words = self.workspace.words
            raise RefusedError(words, "file.not_forgotten", details=str(error)) from None
        self.say(self.workspace.words.text("file.forgotten"))


def download(view: View, *, is_own: bool = False) -> None:
    """Have the browser of a view make the portfolio file.

    Parameters
    ----------
    is_own
        One's own, also while the sample is shown.
    """
    workspace = view.workspace
    is_sample = workspace.is_sample and not is_own
    text = workspace.text() if is_sample else dumps(workspace.own)
    view.send({"file": "portfolio.json", "text": text})
    if not is_sample:
        workspace.kept = workspace.own
    view.say(workspace.words.text("file.downloaded", file="portfolio.json"))
