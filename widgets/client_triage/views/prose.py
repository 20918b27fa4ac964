"""What a scenario's text says; where safety comes first, with the contacts."""

from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt

from client_triage.views.contacts import contacts
from client_triage.views.modules import script
from client_triage.views.view import View
from client_triage.views.workspace import Workspace

_OPEN = ("situation", "safety", "story", "line")
_COUNTRY_OF = {"ko": "KR"}


class ProseView(View):
    """A scenario's text, the first things open and the rest to unfold.

    Examples
    --------
    >>> ProseView(Workspace(), "slow-pay")  # doctest: +SKIP
    """

    _esm = script("prose.js")

    def __init__(self, workspace: Workspace, scenario_id: str, *, shown: bool = True) -> None:
        self.scenario = workspace.content.scenario(scenario_id)
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give the sections as HTML made from our own Markdown."""
        workspace, words = self.workspace, self.workspace.words
        prose = workspace.content.prose(self.scenario.id, words.language)
        headings = words.texts("sections")
        return {
            "words": {**words.texts("contacts"), **words.texts("prose")},
            "title": self._title(prose.title),
            "sections": [
                {
                    "id": section,
                    "heading": headings[section],
                    "html": as_html(prose.sections[section]),
                    "open": section in _OPEN,
                }
                for section in sorted(prose.sections, key=_place)
            ],
            "contacts": self._contacts() if self.scenario.safety else None,
        }

    def _title(self, title: str) -> str:
        # Somebody may look over the shoulder: the heading is discreet, the text under it plain.
        return (
            self.workspace.words.scenario(self.scenario.id).short if self.scenario.safety else title
        )

    def _contacts(self) -> dict[str, Any]:
        country = _COUNTRY_OF.get(self.workspace.language, "")
        return {"country": country, **contacts(self.workspace)}


@lru_cache(maxsize=512)
def as_html(markdown: str) -> str:
    """Render Markdown of our own; HTML in it stays text."""
    return str(MarkdownIt("commonmark", {"html": False}).render(markdown))


def _place(section: str) -> int:
    """Safety comes right after the situation, the rest as it is written."""
    return {"situation": 0, "safety": 1}.get(section, 2)
