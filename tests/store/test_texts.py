"""Texts that are written once for each value."""

import gc
import weakref
from dataclasses import dataclass, replace

import pytest

from client_triage.store.texts import Texts


@dataclass(frozen=True)
class Word:
    letters: str


@pytest.fixture
def written():
    return []


@pytest.fixture
def texts(written):
    def write(word):
        written.append(word.letters)
        return f"<{word.letters}>"

    return Texts(write)


def test_a_value_is_written_once_and_its_text_given_each_time(texts, written):
    word = Word("a")
    assert [texts(word), texts(word)] == ["<a>", "<a>"]
    assert written == ["a"]


def test_a_changed_value_has_a_text_of_its_own(texts):
    word = Word("a")
    assert [texts(word), texts(replace(word, letters="b"))] == ["<a>", "<b>"]


def test_an_object_in_the_place_of_one_that_is_gone_never_gets_its_text(texts):
    assert [texts(Word(letters)) for letters in "abcdefgh"] == [f"<{one}>" for one in "abcdefgh"]


def test_the_text_goes_with_its_value():
    class Text(str):  # noqa: SLOT000 - slots leave no room for a weak reference
        """A text that can be watched."""

    texts = Texts(lambda word: Text(word.letters))
    word = Word("a")
    text = weakref.ref(texts(word))
    assert text() == "a"
    del word
    gc.collect()
    assert text() is None
