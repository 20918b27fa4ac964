"""A page of content that belongs to no scenario, such as the start page."""

import re
from typing import Any, Literal

from client_triage.views.modules import script
from client_triage.views.prose import as_html
from client_triage.views.view import View
from client_triage.views.workspace import Workspace

_SECTION = re.compile(r"^## ", re.MULTILINE)


class PageView(View):
    """One page's text: the first section open, the others to unfold.

    Parameters
    ----------
    part
        The first section or the others alone, where something stands between them.
    """

    _esm = script("page.js")

    def __init__(
        self,
        workspace: Workspace,
        page: str,
        *,
        part: Literal["all", "first", "others"] = "all",
        shown: bool = True,
    ) -> None:
        self._page = page
        self._part = part
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give the first section and those to unfold; the title is the shell's."""
        first, *others = self.sections()
        return {
            "first": None if self._part == "others" else first,
            "others": [] if self._part == "first" else others,
        }

    def sections(self) -> list[dict[str, str]]:
        """Give all sections as HTML made from our own Markdown."""
        workspace = self.workspace
        text = workspace.content.page(self._page, workspace.language)
        parts = (section.partition("\n") for section in _SECTION.split(text)[1:])
        return [{"heading": heading.strip(), "html": as_html(body)} for heading, _, body in parts]
