"""The glossary: the words that are used here, behind a fold at the foot of the page."""

from typing import Any

from client_triage.views.modules import script
from client_triage.views.page import PageView
from client_triage.views.workspace import Workspace

GLOSSARY = "glossary"


class GlossaryView(PageView):
    """The words and what they mean.

    Examples
    --------
    >>> GlossaryView(Workspace())  # doctest: +SKIP
    """

    _esm = script("glossary.js")

    def __init__(self, workspace: Workspace, *, shown: bool = True) -> None:
        super().__init__(workspace, GLOSSARY, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give the title, and each word with its meaning as HTML made from our own Markdown."""
        workspace = self.workspace
        title, _, _ = workspace.content.page(GLOSSARY, workspace.language).partition("\n")
        return {"title": title.removeprefix("# ").strip(), "sections": self.sections()}
