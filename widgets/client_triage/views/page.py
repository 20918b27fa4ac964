"""A page of content that belongs to no scenario, such as the start page."""

import re
from typing import Any

from client_triage.views.modules import script
from client_triage.views.prose import as_html
from client_triage.views.view import View
from client_triage.views.workspace import Workspace

_SECTION = re.compile(r"^## ", re.MULTILINE)


class PageView(View):
    """One page's text: the first section open, the others to unfold."""

    _esm = script("page.js")

    def __init__(self, workspace: Workspace, page: str, *, shown: bool = True) -> None:
        self._page = page
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give the sections as HTML made from our own Markdown; the title is the shell's."""
        workspace = self.workspace
        text = workspace.content.page(self._page, workspace.language)
        sections = (section.partition("\n") for section in _SECTION.split(text)[1:])
        return {
            "sections": [
                {"heading": heading.strip(), "html": as_html(body)} for heading, _, body in sections
            ]
        }
