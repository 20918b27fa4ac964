"""The glossary: the same words in every language, from one source."""

import re

import pytest

from client_triage.content import load_content
from client_triage.views.glossary import GLOSSARY, GlossaryView
from client_triage.views.workspace import Workspace
from client_triage.words import words_in

CONTENT = load_content()


def terms(language):
    view = GlossaryView(Workspace(language=language))
    return [word["heading"] for word in view.state["sections"]]


def test_every_language_explains_as_many_words():
    counts = {language: len(terms(language)) for language in CONTENT.languages}
    assert len(set(counts.values())) == 1
    assert min(counts.values()) > 10


@pytest.mark.parametrize("language", CONTENT.languages)
def test_every_word_has_its_meaning_and_stands_there_once(language):
    view = GlossaryView(Workspace(language=language))
    assert view.state["title"]
    assert all(re.search(r"<p>.{15,}</p>", word["html"]) for word in view.state["sections"])
    assert len(set(terms(language))) == len(terms(language))


@pytest.mark.parametrize("language", CONTENT.languages)
def test_the_levels_are_called_as_everywhere(language):
    text = CONTENT.page(GLOSSARY, language)
    for name in words_in(language).texts("levels").values():
        assert name in text


def test_a_switch_of_the_language_switches_the_glossary():
    workspace = Workspace(language="en")
    view = GlossaryView(workspace)
    workspace.speak("ko")
    assert view.state["title"] == CONTENT.page(GLOSSARY, "ko").splitlines()[0].removeprefix("# ")
