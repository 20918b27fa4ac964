"""Items as all formats take them: which ones, how they are asked, and what is left out."""

import pytest

from client_triage.content import load_content
from client_triage.exchange import anki, gift, items, jupyterquiz
from client_triage.exchange.items import LeftOutWarning

CONTENT = load_content()
FORMATS = [jupyterquiz, gift, anki]
every_format = pytest.mark.parametrize("room", FORMATS, ids=lambda room: room.__name__)


def test_all_scenarios_and_lessons_are_gathered(shipped):
    assert list(shipped) == [*(one.id for one in CONTENT.scenarios), *CONTENT.lessons]
    assert shipped["slow-pay"] == CONTENT.quiz("slow-pay").items


def test_only_what_is_named_is_gathered():
    named = [CONTENT.lessons[0], "slow-pay"]
    assert list(items.gather(CONTENT, named)) == named


def test_a_name_that_nothing_has_is_refused():
    with pytest.raises(KeyError):
        items.gather(CONTENT, ["slow-pya"])


@every_format
def test_a_rating_is_left_out_and_named(room, first, english):
    source, item = first("rating")
    with pytest.warns(LeftOutWarning, match=f"{source}: {item.id}: left out: .*'rating'"):
        room.dump({source: [item]}, english)


def test_an_order_is_left_out_of_jupyterquiz_and_named(first, english):
    source, item = first("order")
    with pytest.warns(LeftOutWarning, match=f"{source}: {item.id}: .*jupyterquiz.*'order'"):
        assert jupyterquiz.dump({source: [item]}, english) == []


@every_format
def test_what_is_left_out_is_said_where_it_was_asked_for(room, first, english):
    source, item = first("rating")
    with pytest.warns(LeftOutWarning) as said:
        room.dump({source: [item]}, english)
    assert said[0].filename == __file__


def test_only_ratings_and_orders_are_ever_left_out(shipped, words, quietly):
    marked = [item for own in shipped.values() for item in own if item.type != "rating"]
    ordered = [item for item in marked if item.type == "order"]
    quiz = quietly(jupyterquiz.dump, shipped, words)
    assert len(quiz) == len(marked) - len(ordered)


def test_a_vignette_asks_what_one_would_do(shipped, words):
    asked = items.question(shipped["slow-pay"][0], words)
    assert asked.endswith("\n\n" + words.text("practice.prompts.action"))


def test_where_several_are_right_it_says_so(first, words):
    asked = items.question(first("choose-many")[1], words)
    assert asked.endswith("\n\n" + words.text("practice.prompts.choose-many"))


def test_a_vignette_has_the_names_of_the_four_actions(shipped, words):
    named = items.options(shipped["slow-pay"][0], words)
    assert list(named) == ["keep", "warn", "weigh", "fire"]
    assert named["warn"] == words.text("practice.actions.warn")


def test_a_number_is_asked_for_in_its_unit(first, words):
    _, item = first("number")
    assert item.unit[words.language] in items.question(item, words).rpartition("\n\n")[2]


def test_lessons_and_scenarios_have_their_titles(words):
    lesson = CONTENT.lessons[0]
    first = CONTENT.lesson(lesson, words.language).splitlines()[0]
    assert f"# {items.title(lesson, words)}" == first
    assert items.title("slow-pay", words) == words.scenario("slow-pay").title
