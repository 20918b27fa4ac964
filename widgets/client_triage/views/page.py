"""A page of content that belongs to no scenario, such as the start page."""

from typing import Any

from client_triage.views.modules import script, style
from client_triage.views.prose import as_html
from client_triage.views.view import View
from client_triage.views.workspace import Workspace


class PageView(View):
    """One page's text."""

    _esm = script("page.js")
    _css = style("page.css")

    def __init__(self, workspace: Workspace, page: str, *, shown: bool = True) -> None:
        self._page = page
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give the page as HTML made from our own Markdown; its title is the shell's to show."""
        workspace = self.workspace
        _, _, text = workspace.content.page(self._page, workspace.language).partition("\n")
        return {"html": as_html(text)}
