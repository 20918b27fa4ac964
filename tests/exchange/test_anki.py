"""Flash cards, read back as CSV."""

import csv
import io
from itertools import takewhile

import pytest

from client_triage.exchange import items
from client_triage.exchange.anki import dump


def cards(text):
    """Read a file as Anki does: its headers, then its records."""
    lines = text.splitlines(keepends=True)
    heads = list(takewhile(lambda line: line.startswith("#"), lines))
    return heads, list(csv.reader(io.StringIO("".join(lines[len(heads) :])), strict=True))


def test_the_file_tells_anki_how_to_read_it(shipped, words, quietly):
    heads, _ = cards(quietly(dump, shipped, words))
    assert heads == ["#separator:Comma\n", "#html:false\n", "#tags column:3\n"]


def test_every_item_but_the_ratings_is_a_card(shipped, words, quietly):
    kept = [
        (source, item) for source, own in shipped.items() for item in own if item.type != "rating"
    ]
    _, rows = cards(quietly(dump, shipped, words))
    assert len(rows) == len(kept)
    for (source, item), (front, back, tags) in zip(kept, rows, strict=True):
        said = items.feedback(item, words)
        assert front.startswith(items.question(item, words))
        assert tags.split() == [f"client-triage::{source}", item.use]
        if item.type == "number":
            assert back.startswith(words.number(item.answer))
            assert item.unit[words.language] in back
            assert said["right"] in back
        else:
            named = items.options(item, words)
            assert all(f"• {text}" in front for text in named.values())
            assert all(named[one] in back and said[one] in back for one in items.right(item))


def test_the_back_of_an_order_has_the_steps_in_their_order(first, english):
    source, item = first("order")
    _, [(_, back, _)] = cards(dump({source: [item]}, english))
    named = items.options(item, english)
    steps = [f"{place}. {named[one]}\n" for place, one in enumerate(item.answer, 1)]
    places = [back.index(step) for step in steps]
    assert places == sorted(places)


def test_the_back_of_a_number_names_its_tolerance(english):
    item = english.content.quiz("slow-pay").item("cost-of-waiting")
    _, [(_, back, _)] = cards(dump({"slow-pay": [item]}, english))
    assert back.startswith("80 (± 1) dollars\n")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_is_taken_for_a_formula(saying, english, start):
    _, [(front, back, _)] = cards(dump(saying(f"{start}1+1"), english))
    assert front.startswith(f"'{start}1+1")
    assert back.startswith(f"'{start}1+1")


def test_a_question_that_starts_with_a_number_sign_is_no_comment(saying, english):
    heads, [(front, _, _)] = cards(dump(saying("# one", kind="number"), english))
    assert len(heads) == 3
    assert front == "# one"


def test_quotes_commas_and_line_breaks_stay_in_their_cell(saying, english):
    _, [(front, _, _)] = cards(dump(saying('a, "b"\n\nc; d'), english))
    assert front.startswith('a, "b"\n\nc; d\n')
