"""The whole page as a place to drop a file on."""

from collections.abc import Mapping
from typing import Any, ClassVar

from client_triage.views.file import OpeningView
from client_triage.views.modules import script
from client_triage.views.view import Action


class DropView(OpeningView):
    """Open a portfolio file that is dropped anywhere on the served page, and say how it went.

    It stands on every step: a file that nobody takes would make the browser leave the page. In
    JupyterLab, whose page is not ours, it does nothing: there `FileView` is the place.
    """

    _esm = script("drop.js")

    follows: ClassVar = ("language",)

    def draw(self) -> dict[str, Any]:
        """Give the texts."""
        return self.opening()

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here."""
        return {**super().actions, "dismiss": self._on_dismiss}

    def _on_dismiss(self) -> None:
        """Say no longer what was said last: each action ends that."""
