"""Where to get help, for the views that say that safety comes first."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from client_triage.content import Contact
from client_triage.views.workspace import Workspace
from client_triage.words import DEFAULT_LANGUAGE, Words


def contacts(workspace: Workspace) -> dict[str, Any]:
    """Give the countries with their contacts, and what holds elsewhere, in the language chosen."""
    words, known = workspace.words, workspace.content.contacts
    return {
        "countries": [
            {
                "code": country.code,
                "name": _in(words.language, country.name),
                "contacts": [_contact(contact, words) for contact in country.contacts],
            }
            for country in known.countries
        ],
        "elsewhere": _in(words.language, known.elsewhere.hint),
    }


def _contact(contact: Contact, words: Words) -> dict[str, str]:
    day = words.date(date.fromisoformat(contact.checked))
    return {
        "name": _in(words.language, contact.name),
        "phone": contact.phone,
        "what_for": _in(words.language, contact.what_for),
        "source": words.text("contacts.source", source=contact.source, day=day),
    }


def _in(language: str, texts: Mapping[str, str]) -> str:
    return texts.get(language, texts[DEFAULT_LANGUAGE])
