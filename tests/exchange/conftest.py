"""Shipped items and words, for every format."""

import warnings
from dataclasses import replace

import pytest

from client_triage.content import Option, Texts, load_content
from client_triage.exchange.items import LeftOutWarning, gather
from client_triage.words import words_in


@pytest.fixture(params=load_content().languages)
def words(request):
    """Give the words of each language."""
    return words_in(request.param)


@pytest.fixture(scope="session")
def english():
    return words_in("en")


@pytest.fixture(scope="session")
def shipped():
    """Give all items that are shipped, by scenario and lesson."""
    return gather(load_content())


@pytest.fixture
def quietly():
    """Call a function, whatever it leaves out."""

    def call(function, *arguments):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LeftOutWarning)
            return function(*arguments)

    return call


@pytest.fixture
def first(shipped):
    """Find the first shipped item of a type, with where it comes from."""

    def find(kind):
        found = ((source, item) for source, own in shipped.items() for item in own)
        return next((source, item) for source, item in found if item.type == kind)

    return find


@pytest.fixture
def saying(first):
    """Make an item that says one text everywhere."""

    def build(text, kind="choose-one"):
        texts = Texts({"en": text})
        source, item = first(kind)
        chosen = [Option(id=one.id, text=texts, feedback=texts) for one in item.options]
        said = replace(item, use="extra", stem=texts, unit=None, options=tuple(chosen))
        return {source: [said]}

    return build
