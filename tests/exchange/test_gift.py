"""GIFT, read back with a parser that is not ours."""

import builtins
import io
import re
import warnings

import pytest

from client_triage.exchange import items
from client_triage.exchange.gift import dump

SIGNS = "a ~ b = c # d: g \\ h i ~%50%j > k // l ::m:: ####n $CATEGORY: [html]<b>\n\n끝"


@pytest.fixture(scope="session")
def parse():
    """Parse GIFT with pygiftparser: questions by title."""
    with warnings.catch_warnings():
        # Importing it asks for the locale in a way that Python is going to drop.
        warnings.simplefilter("ignore", DeprecationWarning)
        from pygiftparser import parser
    vars(builtins).pop("_", None)  # it installs its translations for everybody

    def questions(text):
        return {question.title: question for question in parser.parseFile(io.StringIO(text))}

    return questions


def plain(text):
    r"""Undo the escapes, as Moodle does: ``\n`` and a backslash before a sign."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text).strip()


def titled(shipped, *types):
    """Give the items by the title that they have in GIFT, of some types or of all."""
    return {
        f"{source}/{item.id}": item
        for source, own in shipped.items()
        for item in own
        if item.type in types or not types
    }


@pytest.fixture
def parsed(shipped, words, quietly, parse):
    return parse(quietly(dump, shipped, words))


def test_every_item_but_the_ratings_is_read(shipped, parsed):
    assert set(parsed) == {
        title for title, item in titled(shipped).items() if item.type != "rating"
    }
    assert all(question.valid for question in parsed.values())


def test_every_question_is_read_whole(shipped, words, parsed):
    for title, item in titled(shipped).items():
        if item.type != "rating":
            assert parsed[title].markup == "plain"
            assert plain(parsed[title].text) == items.question(item, words)


def test_one_right_option_has_all_the_weight(shipped, words, parsed):
    for title, item in titled(shipped, "choose-one").items():
        said, named = items.feedback(item, words), items.options(item, words)
        assert [
            (plain(one.answer), plain(one.feedback), one.fraction)
            for one in parsed[title].answers.answers
        ] == [(named[one], said[one], 100 if one == item.answer else 0) for one in named]


def test_many_right_options_share_the_weight_and_all_together_give_nothing(shipped, words, parsed):
    for title, item in titled(shipped, "choose-many").items():
        said, named = items.feedback(item, words), items.options(item, words)
        answers = parsed[title].answers.answers
        assert [(plain(one.answer), plain(one.feedback)) for one in answers] == [
            (named[one], said[one]) for one in named
        ]
        right = [one.fraction for one in answers if one.fraction > 0]
        wrong = [one.fraction for one in answers if one.fraction < 0]
        assert len(right) == len(item.answer)
        assert len(right) + len(wrong) == len(named)
        assert sum(right) == pytest.approx(100, abs=1e-4)
        assert sum(wrong) == pytest.approx(-100, abs=1e-4)


def test_an_order_becomes_a_matching_of_places_and_steps(shipped, words, parsed):
    for title, item in titled(shipped, "order").items():
        named, said = items.options(item, words), items.feedback(item, words)
        pairs = [(one.question.strip(), plain(one.answer)) for one in parsed[title].answers.answers]
        assert pairs == [(f"{at}.", named[one]) for at, one in enumerate(item.answer, 1)]
        general = plain(parsed[title].generalFeedback)
        assert all(feedback in general for feedback in said.values())


def test_a_number_has_its_tolerance_and_says_on_which_side_an_answer_lies(shipped, words, parsed):
    for title, item in titled(shipped, "number").items():
        said = items.feedback(item, words)
        right, below, above = parsed[title].answers.answers
        assert (right.value, right.tolerance, right.fraction) == (
            item.answer,
            item.tolerance or 0,
            100,
        )
        assert (float(below.mini), float(below.maxi)) == (0, item.answer)
        assert float(above.mini) == item.answer
        assert below.fraction == above.fraction == 0
        assert [plain(one.feedback) for one in (right, below, above)] == [
            said[side] for side in ("right", "below", "above")
        ]


def test_every_scenario_is_a_category_of_its_own(shipped, words, quietly):
    text = quietly(dump, shipped, words)
    categories = re.findall(r"^\$CATEGORY: \$course\$/top/Client Triage/(.+)$", text, re.MULTILINE)
    assert categories == [items.title(source, words).replace("/", "//") for source in shipped]


def test_a_slash_in_a_title_makes_no_category_below(saying, english, monkeypatch):
    monkeypatch.setattr(items, "title", lambda *_: "late / never")
    assert dump(saying("?"), english).startswith(
        "$CATEGORY: $course$/top/Client Triage/late // never\n"
    )


def test_the_signs_of_gift_in_a_text_are_text(saying, english, parse):
    (question,) = parse(dump(saying(SIGNS), english)).values()
    assert plain(question.text) == SIGNS
    answers = question.answers.answers
    assert {plain(one.answer) for one in answers} == {SIGNS}
    assert {plain(one.feedback) for one in answers} == {SIGNS}


def test_braces_in_a_text_are_escaped(saying, english):
    # The parser ends the answers at any closing brace; Moodle passes over escaped ones.
    assert "=a \\{b\\}#a \\{b\\}\n" in dump(saying("a {b}"), english)


def test_a_backslash_before_an_n_is_no_line_break(saying, english):
    # The parser takes it for one in a question; Moodle undoes the two backslashes first.
    assert "::[plain]a \\\\n b{" in dump(saying("a \\n b"), english)


@pytest.mark.parametrize("text", ["[html] <b>", "%50% off"])
def test_a_text_that_starts_like_a_format_or_a_weight_is_neither(saying, english, text):
    written = dump(saying(text), english)
    assert f"~[plain]{text}#[plain]{text}\n" in written
    assert f"=[plain]{text}#[plain]{text}\n" in written


def test_a_question_is_never_cut_by_an_empty_line(saying, english):
    written = dump(saying("one\n\n\n\ntwo\r\nthree"), english)
    assert len(written.strip().split("\n\n")) == 2  # the category and the question
