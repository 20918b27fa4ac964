"""The portfolio file in the browser: download it, open one, take changes back."""

from collections.abc import Mapping
from typing import Any, ClassVar

from client_triage.faults import FaultyFileError
from client_triage.store import dumps
from client_triage.views.modules import script
from client_triage.views.view import Action, RefusedError, View

_MOST_BYTES = 5_000_000
"""Of a file to open; a message much longer would end the connection to the kernel."""


_REFUSALS = frozenset(
    {"too_large", "no_text", "not_readable", "several", "is_folder", "is_no_file"}
)


class OpeningView(View):
    """What opens a portfolio file that was chosen or dropped; the browser reads it."""

    def opening(self) -> dict[str, Any]:
        """Give what the browser needs for that."""
        words = self.workspace.words
        return {
            "words": {**words.texts("file"), **words.texts("actions")},
            "most_bytes": _MOST_BYTES,
        }

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here."""
        return {"open": self._on_open, "refuse": self._on_refuse}

    def _on_refuse(self, problem: str, file: str = "") -> None:
        if problem not in _REFUSALS:
            raise KeyError(problem)
        raise RefusedError(self.workspace.words.text(f"file.{problem}", file=file))

    def _on_open(self, file: str, text: str) -> None:
        if len(text) > _MOST_BYTES:
            self._on_refuse("too_large")
        try:
            self.workspace.open_text(text, file)
        except FaultyFileError as error:
            problem = self.workspace.words.text("file.refused", file=file)
            raise RefusedError(f"{problem}\n{error}") from None
        count = len(self.workspace.portfolio.clients)
        self.say(self.workspace.words.text("file.opened", count=count))


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
            raise RefusedError(str(error)) from None
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
