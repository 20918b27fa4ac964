"""What a scenario's text says; where safety comes first, with the contacts."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt

from client_triage.content import Contact, Country
from client_triage.views.modules import script, style
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
    _css = style("prose.css")

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
        contacts, language = self.workspace.content.contacts, self.workspace.language
        return {
            "country": _COUNTRY_OF.get(language, ""),
            "countries": [self._country(country) for country in contacts.countries],
            "elsewhere": _in(language, contacts.elsewhere.hint),
        }

    def _country(self, country: Country) -> dict[str, Any]:
        return {
            "code": country.code,
            "name": _in(self.workspace.language, country.name),
            "contacts": [self._contact(contact) for contact in country.contacts],
        }

    def _contact(self, contact: Contact) -> dict[str, str]:
        words = self.workspace.words
        day = words.date(date.fromisoformat(contact.checked))
        return {
            "name": _in(words.language, contact.name),
            "phone": contact.phone,
            "what_for": _in(words.language, contact.what_for),
            "source": words.text("contacts.source", source=contact.source, day=day),
        }


@lru_cache(maxsize=512)
def as_html(markdown: str) -> str:
    """Render Markdown of our own; HTML in it stays text."""
    return str(MarkdownIt("commonmark", {"html": False}).render(markdown))


def _place(section: str) -> int:
    """Safety comes right after the situation, the rest as it is written."""
    return {"situation": 0, "safety": 1}.get(section, 2)


def _in(language: str, texts: Mapping[str, str]) -> str:
    return texts.get(language, texts["en"])
