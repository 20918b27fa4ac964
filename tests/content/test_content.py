"""The shipped content is whole: nothing missing, nothing that does not belong."""

import re
from datetime import date

import pytest

from client_triage.content import check, load_content, section_ids

CONTENT = load_content()
LANGUAGES = ["en", "ko"]
SAFETY = {"physical-abuse", "verbal-abuse"}
HEADINGS = [
    "situation",
    "story",
    "cost",
    "line",
    "own-side",
    "safety",
    "before",
    "now",
    "script",
    "prevent",
    "recap",
]

in_every_language = pytest.mark.parametrize("language", LANGUAGES)
for_every_scenario = pytest.mark.parametrize("one", CONTENT.scenarios, ids=lambda one: one.id)


def test_the_shipped_content_has_no_fault():
    assert [str(fault) for fault in check()] == []


def test_english_and_korean_are_there():
    assert CONTENT.languages[:2] == ("en", "ko")


@in_every_language
def test_the_headings_are_those_of_the_design_in_their_order(language):
    assert list(CONTENT.catalogue(language)["sections"]) == HEADINGS


@for_every_scenario
@in_every_language
def test_prose_has_250_to_500_words(one, language):
    path = CONTENT.folders[one.id] / f"{language}.md"
    assert 250 <= len(path.read_text("utf-8").split()) <= 500


@for_every_scenario
@in_every_language
def test_every_section_is_there_and_says_something(one, language):
    prose = CONTENT.prose(one.id, language)
    left_out = "own-side" if one.id in SAFETY else "safety"
    assert list(prose.sections) == [name for name in HEADINGS if name != left_out]
    assert all(text.strip() for text in prose.sections.values())


@for_every_scenario
def test_only_abuse_has_the_safety_block_instead_of_your_own_side(one):
    assert one.safety == (one.id in SAFETY)
    sections = section_ids(one, CONTENT.catalogue("en")["sections"])
    assert ("safety" in sections) == (one.id in SAFETY)
    assert ("own-side" in sections) == (one.id not in SAFETY)


@for_every_scenario
@in_every_language
def test_the_prose_and_the_interface_have_the_same_title(one, language):
    assert CONTENT.prose(one.id, language).title == CONTENT.words(language)[one.id].title


KOREAN_TITLES = {
    "physical-abuse": "소리를 지르거나 몸으로 위협해요",
    "verbal-abuse": "말로 깎아내리고 모욕해요",
    "lies": "거짓말을 해요",
    "unreasonable-demands": "무리한 요구를 해요",
    "slow-pay": "대금을 늘 늦게 줘요",
    "invoice-disputes": "청구할 때마다 따지고 깎으려 해요",
    "changes-mind": "결정을 자꾸 뒤집어요",
    "ignores-advice": "조언은 안 듣고 뒷수습만 맡겨요",
    "plays-competitors": "경쟁 업체를 내세워 다시 흥정해요",
    "legal-risk": "계속하면 법적 책임을 질 수 있어요",
}


@pytest.mark.parametrize(("scenario_id", "title"), KOREAN_TITLES.items())
def test_korean_titles_are_those_of_the_design(scenario_id, title):
    assert CONTENT.words("ko")[scenario_id].title == title


def test_korean_levels_are_those_of_the_design():
    levels = CONTENT.catalogue("ko")["levels"]
    assert levels == {
        "clear": "괜찮음",
        "watch": "지켜보기",
        "warn": "짚고 넘어가기",
        "weigh": "따져보기",
        "fire": "거래 끝내기",
        "unknown": "아직 모름",
    }


@for_every_scenario
def test_korean_is_written_in_hangul(one):
    text = " ".join(CONTENT.prose(one.id, "ko").sections.values())
    assert len(re.findall(r"[가-힣]", text)) > 0.8 * len(re.findall(r"[가-힣A-Za-z]", text))


@for_every_scenario
def test_korean_has_one_word_for_a_client_outside_stories(one):
    sections = CONTENT.prose(one.id, "ko").sections
    text = " ".join(text for name, text in sections.items() if name not in {"story", "script"})
    assert "거래처" not in text
    assert "클라이언트" not in text


@for_every_scenario
def test_a_no_and_a_yes_of_the_sweep_are_answers_to_the_signals(one):
    for answers in (one.sweep.yes, one.sweep.none):
        assert answers
        assert all(one.signals[name].accepts(value) for name, value in answers.items())


def test_the_sweep_asks_the_details_of_the_design():
    details = {one.id: [d.signal for d in one.sweep.details] for one in CONTENT.scenarios}
    assert details["physical-abuse"] == []
    assert details["verbal-abuse"] == ["incidents", "told"]
    assert details["lies"] == ["confirmed"]
    assert details["slow-pay"] == ["late", "invoices"]
    assert {"disputed", "invoices"} <= set(details["invoice-disputes"])
    assert details["legal-risk"] == ["exposed"]


@pytest.mark.parametrize(
    ("scenario_id", "signal", "only_if"),
    [
        ("verbal-abuse", "told", {"incidents": 1}),
        ("changes-mind", "frustration", {"billing": "hourly"}),
    ],
)
def test_a_detail_is_asked_only_where_it_decides(scenario_id, signal, only_if):
    details = {d.signal: d for d in CONTENT.scenario(scenario_id).sweep.details}
    assert details[signal].only_if == only_if


def test_every_contact_says_where_and_when_it_was_read():
    countries = CONTENT.contacts.countries
    assert {"KR", "US"} <= {country.code for country in countries}
    for country in countries:
        for contact in country.contacts:
            assert contact.source
            assert date.fromisoformat(contact.checked)
            assert set(LANGUAGES) <= set(contact.name)
            assert set(LANGUAGES) <= set(contact.what_for)


def test_a_scenario_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(LookupError, match=r"'bad-breath'.*slow-pay"):
        CONTENT.scenario("bad-breath")
