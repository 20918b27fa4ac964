"""What the person should know of how the portfolio is kept: trouble, news, clashes."""

from collections.abc import Mapping
from typing import Any, ClassVar

from client_triage.views.file import download
from client_triage.views.modules import script
from client_triage.views.view import Action, View


class KeepingView(View):
    """Say what went wrong with saving, and what came from elsewhere; ask where both changed it.

    It takes no room while all is well.

    Examples
    --------
    >>> KeepingView(Workspace())  # doctest: +SKIP
    """

    _esm = script("keeping.js")

    follows: ClassVar = (*View.follows, "news", "clashes")

    def draw(self) -> dict[str, Any]:
        """Give what is to be told."""
        workspace, words = self.workspace, self.workspace.words
        return {
            "words": {**words.texts("keeping"), "download": words.text("file.download")},
            "trouble": workspace.trouble,
            "is_unsaved": workspace.is_unsaved,
            "news": workspace.news,
            "clashes": self._clashes(),
        }

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here."""
        return {"settle": self._on_settle, "download": lambda: download(self, is_own=True)}

    def _clashes(self) -> list[str]:
        """Name what was changed on both sides: clients by alias, all else as one."""
        workspace = self.workspace
        aliases = {client.id: client.alias for client in workspace.either_clients}
        clients = [key[0] for name, *key in workspace.clashes if name == "clients"]
        others = len(clients) < len(workspace.clashes)
        facts = [workspace.words.text("keeping.facts")] if others else []
        return [*(aliases[client] for client in clients), *facts]

    def _on_settle(self, *, ours: bool) -> None:
        self.workspace.settle(ours=ours)
        self.say(self.workspace.words.text("keeping.settled"))
