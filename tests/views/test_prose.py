"""A scenario's text: the first things open, and safety before any script."""

import re
from datetime import date

import pytest

from client_triage.views.prose import ProseView, as_html
from client_triage.views.workspace import Workspace


@pytest.fixture
def prose():
    def build(scenario, language="en"):
        return ProseView(Workspace(language=language), scenario)

    return build


def sections(view):
    return {section["id"]: section for section in view.state["sections"]}


def test_situation_story_and_line_stand_open_and_the_rest_folded(prose):
    shown = sections(prose("slow-pay")).values()
    assert [one["id"] for one in shown if one["open"]] == ["situation", "story", "line"]


def test_every_section_has_its_heading_in_the_language(prose):
    assert sections(prose("slow-pay", "ko"))["script"]["heading"] == "이렇게 말해 보세요"


def test_the_text_is_html_made_from_markdown(prose):
    assert "<ol>" in sections(prose("slow-pay"))["now"]["html"]


def test_html_in_the_text_stays_text():
    assert "<img" not in as_html('a <img src=x onerror="alert(1)"> b')


def test_a_link_that_would_run_a_script_is_none():
    assert "href" not in as_html("[a](javascript:alert(1))")


def test_the_title_is_that_of_the_scenario(prose):
    assert prose("slow-pay").state["title"] == "They are always late to pay"


@pytest.mark.parametrize("scenario", ["physical-abuse", "verbal-abuse"])
def test_where_safety_comes_first_it_stands_open_right_after_the_situation(prose, scenario):
    first = prose(scenario).state["sections"][:2]
    assert [(one["id"], one["open"]) for one in first] == [("situation", True), ("safety", True)]


def test_where_safety_comes_first_the_heading_is_discreet(prose):
    assert prose("physical-abuse").state["title"] == "Safety"


def test_no_other_scenario_shows_contacts(prose):
    assert prose("slow-pay").state["contacts"] is None


def test_in_korean_the_contacts_of_korea_are_chosen(prose):
    assert prose("physical-abuse", "ko").state["contacts"]["country"] == "KR"


def test_in_english_no_country_is_chosen(prose):
    assert prose("physical-abuse").state["contacts"]["country"] == ""


def test_a_contact_says_what_it_is_for_where_it_is_from_and_when_it_was_checked(prose):
    countries = prose("physical-abuse", "ko").state["contacts"]["countries"]
    police = countries[0]["contacts"][0]
    assert (police["name"], police["phone"]) == ("경찰", "112")
    assert police["what_for"]
    assert "https://www.police.go.kr" in police["source"]
    assert "2026년 11월 23일" in police["source"]


def test_there_is_advice_for_a_country_that_is_not_listed(prose):
    assert "112" in prose("physical-abuse").state["contacts"]["elsewhere"]


def test_the_text_follows_the_language(prose):
    view = prose("slow-pay")
    view.workspace.speak("ko")
    assert view.state["title"] == "대금을 늘 늦게 줘요"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_scenario_can_be_read(prose, language):
    for scenario in Workspace().scenarios:
        state = prose(scenario.id, language).state
        assert all(re.search("<p>|<ul>|<ol>", one["html"]) for one in state["sections"])


def test_every_contact_has_a_day_on_which_it_was_checked():
    for country in Workspace().content.contacts.countries:
        assert all(date.fromisoformat(contact.checked) for contact in country.contacts)
