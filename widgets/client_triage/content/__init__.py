"""What is taught, read from ``content/``: typed values, and every fault in it at once."""

from client_triage.content.checking import check
from client_triage.content.reading import (
    CONTENT_VARIABLE,
    Content,
    content_folder,
    load_content,
    section_ids,
)
from client_triage.content.shapes import (
    BarWords,
    Contact,
    Contacts,
    Country,
    Elsewhere,
    Item,
    Option,
    Phrase,
    PresetWords,
    Prose,
    Quiz,
    ScenarioWords,
    SignalWords,
    Texts,
)

__all__ = [
    "CONTENT_VARIABLE",
    "BarWords",
    "Contact",
    "Contacts",
    "Content",
    "Country",
    "Elsewhere",
    "Item",
    "Option",
    "Phrase",
    "PresetWords",
    "Prose",
    "Quiz",
    "ScenarioWords",
    "SignalWords",
    "Texts",
    "check",
    "content_folder",
    "load_content",
    "section_ids",
]
