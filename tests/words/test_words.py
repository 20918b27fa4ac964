"""What is said to a person, in both languages."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_triage.content import load_content
from client_triage.domain import Client, Level, Record, find
from client_triage.words import particle, spoken, words_in

LANGUAGES = ["en", "ko"]
SCENARIOS = load_content().scenarios
EN, KO = words_in("en"), words_in("ko")

in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def reason(scenario_id, *, language="en", bar=None, billing=None, **answers):
    scenario = load_content().scenario(scenario_id)
    client = Client("c1", "A", billing=billing, records={scenario_id: Record(answers)})
    finding = find(scenario, client, scenario.bar_with(bar), date(2025, 1, 1))
    return words_in(language).reason(finding.reason)


# Korean particles


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        # Hangul, with and without a final consonant
        ("고객", "은"),
        ("회사", "는"),
        ("파랑새", "는"),
        ("별", "은"),
        # digits as they are read: 영 일 이 삼 사 오 육 칠 팔 구
        ("0", "은"),
        ("1", "은"),
        ("2", "는"),
        ("3", "은"),
        ("4", "는"),
        ("5", "는"),
        ("6", "은"),
        ("7", "은"),
        ("8", "은"),
        ("9", "는"),
        ("10", "은"),
        ("1,000", "은"),
        # Latin letters by their names: 에이, 비, 엘, 엠, 엔, 알
        ("A", "는"),
        ("고객 B", "는"),
        ("Client C", "는"),
        ("고객 L", "은"),
        ("고객 M", "은"),
        ("고객 N", "은"),
        ("고객 R", "은"),
        ("고객 X", "는"),
        # signs are not read
        ("고객!", "은"),
        # what stands in brackets is not read, unless it is all there is
        ("회사 (서울)", "는"),
        ("고객(주)", "은"),
        ("별[지점]", "은"),
        ("나비(Butterfly)", "는"),
        ("(주)", "는"),
        ("㈜한빛", "은"),
        # signs that are read: 퍼센트, 플러스, 달러
        ("7%", "는"),
        ("A+", "는"),
        ("5$", "는"),
        # signs that are not
        ("\u2018봄\u2019", "은"),
        ("카페 “봄”", "은"),
        ("A-1", "은"),
        ("B2B", "는"),
        ("1.5", "는"),
        # capitals are spelled: 엘지, 아이비엠
        ("LG", "는"),
        ("IBM", "은"),
        ("SK", "는"),
        # other widths of the same letters
        ("\uff21\uff22\uff23", "는"),
        ("고객 \u2460", "은"),
        ("한빛㈜", "은"),
        ("별⭐", "은"),
        ("나비🦋", "는"),
        ("고객 ", "은"),
    ],
)
def test_the_particle_follows_the_reading(text, chosen):
    assert particle(text, "은는") == chosen


@pytest.mark.parametrize(
    ("pair", "after_final", "after_vowel"),
    [
        ("은는", "은", "는"),
        ("이가", "이", "가"),
        ("을를", "을", "를"),
        ("과와", "과", "와"),
        ("으로", "으로", "로"),
    ],
)
def test_every_pair_has_its_two_forms(pair, after_final, after_vowel):
    assert particle("고객", pair) == after_final
    assert particle("회사", pair) == after_vowel


@pytest.mark.parametrize(
    "text", ["서울", "1", "7", "8", "고객 L", "고객 R", "서울 (A)", "5%", "별🌟"]
)
def test_ro_follows_a_final_rieul(text):
    assert particle(text, "으로") == "로"


@pytest.mark.parametrize("text", ["부산", "0", "3", "6", "10", "고객 M", "IBM", "회사원 (A)"])
def test_euro_follows_other_finals(text):
    assert particle(text, "으로") == "으로"


@pytest.mark.parametrize(
    "text", ["Bluebird", "Apple", "東京", "Münch", "Žižek", "\u00bd", "\u2162"]
)
def test_both_forms_are_given_where_the_reading_is_not_known(text):
    assert particle(text, "은는") == "은(는)"
    assert particle(text, "으로") == "(으)로"


@pytest.mark.parametrize("text", ["Otter", "Tiger", "Badger"])
def test_an_english_word_is_not_read_by_its_last_letters_name(text):
    assert particle(text, "은는") != "은"


@pytest.mark.parametrize("text", ["", "🦊", "…", "🇰🇷", "(^_^)"])
def test_a_name_that_is_not_read_gets_both_forms(text):
    assert particle(text, "은는") == "은(는)"
    assert particle(text, "으로") == "(으)로"


@given(st.text(), st.sampled_from(["은는", "이가", "을를", "과와", "으로"]))
def test_every_text_gets_a_particle(text, pair):
    assert particle(text, pair)


def test_decomposed_hangul_is_read_like_composed():
    assert particle("\u1100\u1162\u11a8", "은는") == "은"  # 객, letter by letter


def test_a_particle_is_written_in_a_phrase():
    assert KO.phrase("{alias:은는} 늦어요.", {"alias": "고객 A"}) == "고객 A는 늦어요."
    assert KO.phrase("{alias:은는} 늦어요.", {"alias": "별"}) == "별은 늦어요."


# plurals


def test_english_has_two_forms():
    phrase = {"one": "{late} invoice late", "other": "{late} invoices late"}
    assert EN.phrase(phrase, {"late": 1}, 1) == "1 invoice late"
    assert EN.phrase(phrase, {"late": 0}, 0) == "0 invoices late"
    assert EN.phrase(phrase, {"late": 2}, 2) == "2 invoices late"


def test_korean_has_one_form():
    phrase = {"other": "{late}건이 늦었어요"}
    assert KO.phrase(phrase, {"late": 1}, 1) == "1건이 늦었어요"


def test_the_general_form_stands_in_for_a_missing_one():
    assert EN.phrase({"other": "{count} late"}, {"count": 1}, 1) == "1 late"


def test_a_reason_takes_the_form_of_its_count():
    assert reason("slow-pay", late=1).startswith("1 invoice late")
    assert reason("slow-pay", late=2).startswith("2 invoices late")


# shares and confidence


@pytest.mark.parametrize(
    ("share", "english", "korean"),
    [
        (0.5, "half", "절반"),
        (1 / 3, "a third", "3분의 1"),
        (0.333, "a third", "3분의 1"),
        (0.25, "a quarter", "4분의 1"),
        (2 / 3, "two thirds", "3분의 2"),
        (0.4, "40%", "40%"),
        (0, "0%", "0%"),
        (1, "100%", "100%"),
    ],
)
def test_a_share_is_a_word_where_there_is_one(share, english, korean):
    assert EN.share(share) == english
    assert KO.share(share) == korean


@pytest.mark.parametrize(
    ("confidence", "english", "korean"),
    [(0.8, "lenient", "느슨하게"), (0.9, "normal", "보통"), (0.95, "strict", "엄격하게")],
)
def test_confidence_is_a_word_and_never_a_probability(confidence, english, korean):
    assert EN.confidence(confidence) == english
    assert KO.confidence(confidence) == korean


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_no_confidence_is_shown_as_a_number(confidence):
    for words in (EN, KO):
        assert not re.search(r"\d", words.confidence(confidence))


# money, numbers, days


@pytest.mark.parametrize(
    ("amount", "currency", "english", "korean"),
    [
        ("1200", "USD", "$1,200.00", "US$1,200.00"),
        ("1200000", "KRW", "₩1,200,000", "₩1,200,000"),
        ("1200", "EUR", "€1,200.00", "€1,200.00"),
        ("1200", None, "1,200", "1,200"),
        ("1200.5", None, "1,200.5", "1,200.5"),
        ("88.5751", None, "88.58", "88.58"),
        ("0.125", "USD", "$0.12", "US$0.12"),
        ("-500", "USD", "-$500.00", "-US$500.00"),
    ],
)
def test_money_is_written_as_the_language_does(amount, currency, english, korean):
    assert EN.money(Decimal(amount), currency) == english
    assert KO.money(Decimal(amount), currency) == korean


def test_a_currency_that_nobody_knows_is_named():
    assert "QQQ" in EN.money(Decimal(5), "QQQ")


def test_yen_has_no_decimals():
    assert "." not in KO.money(Decimal(1200), "JPY")


def test_numbers_have_separators():
    assert EN.number(1234567) == KO.number(1234567) == "1,234,567"


def test_days_are_written_in_full():
    assert EN.date(date(2026, 11, 23)) == "November 23, 2026"
    assert KO.date(date(2026, 11, 23)) == "2026년 11월 23일"


# languages


@pytest.mark.parametrize("language", ["ko", "ko-KR", "KO"])
def test_a_region_does_not_change_the_language(language):
    assert words_in(language).language == "ko"


def test_a_catalogue_for_a_region_is_found_by_its_tag_alone():
    languages = ("en", "pt-BR")
    assert [spoken(tag, languages) for tag in ("pt-BR", "pt_br", "pt")] == ["pt-BR", "pt-BR", None]


@pytest.mark.parametrize("language", [None, "", "fr", "xx", "zz-ZZ", "; DROP"])
def test_english_stands_in_for_a_language_that_is_not_there(language):
    assert words_in(language).language == "en"


@in_every_language
@pytest.mark.parametrize("level", Level, ids=lambda level: level.word)
def test_every_level_has_a_word(language, level):
    assert words_in(language).level(level)


def test_a_text_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        EN.text("nothing.of-the-kind")


# reasons


def test_the_reasons_of_the_design_read_as_it_says():
    assert reason("slow-pay", late=4, invoices=5).startswith("4 of 5 invoices late: a pattern.")
    assert reason("slow-pay", late=3, invoices=4).startswith("3 of 4 invoices late: not sure yet")


@in_every_language
def test_the_reason_names_the_figures_and_the_bar(language):
    text = reason("slow-pay", language=language, late=4, invoices=5)
    assert "4" in text
    assert "5" in text
    assert words_in(language).share(0.5) in text


@in_every_language
def test_the_reason_names_the_users_own_bar(language):
    text = reason("slow-pay", language=language, bar={"share": 0.25}, late=4, invoices=5)
    assert words_in(language).share(0.25) in text


def test_the_reason_says_that_an_apology_does_not_change_it():
    assert "apolog" in reason("physical-abuse", incidents=1, apologised=True)
    assert "apolog" not in reason("physical-abuse", incidents=1)


def test_the_reason_says_that_quotes_are_good_practice():
    assert "good practice" in reason("plays-competitors", reopened=0, quotes=2)


def test_the_reason_asks_for_a_bar_where_there_is_none():
    assert "your bar" in reason("unreasonable-demands", crossings=1)


def test_the_next_step_after_ignored_advice_is_to_mend_it_once():
    assert "last time" in EN.scenario("ignores-advice").next["warn"]


def test_the_next_step_of_legal_risk_is_advice_before_words():
    assert "legal advice" in EN.scenario("legal-risk").next["fire"]


def test_no_reason_shows_a_probability():
    for late, invoices in [(4, 5), (3, 4), (7, 10)]:
        text = reason("slow-pay", late=late, invoices=invoices)
        assert not re.search(r"0\.\d|%|confidence|probab", text)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.id)
@in_every_language
@given(data=st.data())
def test_every_reason_reads_well_for_any_answers(any_answers, scenario, language, data):
    answers = data.draw(any_answers(scenario))
    billing = data.draw(st.sampled_from([None, "hourly", "fixed"]))
    lines = data.draw(st.sampled_from([(), ("No calls",)]))
    bar = {"lines": lines} if "lines" in scenario.bar else {}
    client = Client("c1", "A", billing=billing, records={scenario.id: Record(answers)})
    finding = find(scenario, client, scenario.bar_with(bar), date(2025, 1, 1))
    words = words_in(language)
    text = words.reason(finding.reason)
    assert text[-1] in ".!?"
    assert not re.search(r"[{}]|\bNone\b(?! of)|\b(True|False)\b|  ", text)
    assert bool(re.search(r"[가-힣]", text)) == (language == "ko")
    if finding.level > Level.CLEAR:
        assert words.scenario(scenario.id).next[finding.level.word]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.id)
@in_every_language
def test_every_reason_that_a_rule_can_give_has_its_words(scenario, language):
    said = words_in(language).scenario(scenario.id).reasons
    for rule in scenario.rules:
        assert set(said[rule.signal]) == set(rule.reasons())


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.id)
@in_every_language
def test_the_question_of_the_sweep_can_be_asked(scenario, language):
    words = words_in(language)
    figures = {"months": 12, **{f"bar_{key}": v for key, v in scenario.bar_defaults.items()}}
    said = words.scenario(scenario.id)
    for months in (1, 12):
        for text in (said.question, said.hint, said.none):
            assert "{" not in words.phrase(text, {**figures, "months": months}, months)
    assert ("months" in str(said.question)) <= scenario.expires


def test_a_review_period_of_one_month_is_no_plural():
    said = EN.scenario("slow-pay").question
    assert EN.phrase(said, {"months": 1}, 1).startswith("In the last month, ")
    assert EN.phrase(said, {"months": 2}, 2).startswith("In the last 2 months, ")


def test_a_reason_without_its_figure_is_no_half_sentence():
    scenario = load_content().scenario("slow-pay")
    client = Client("c1", "A", records={"slow-pay": Record({"late": 4, "invoices": 5})})
    found = find(scenario, client, scenario.bar_with(None), date(2025, 1, 1)).reason
    with pytest.raises(KeyError):
        EN.reason(replace(found, figures={}))


@in_every_language
@pytest.mark.parametrize("trade", ["consultant", "agency", "on-call-trade", "law", "contractor"])
def test_every_reason_reads_well_under_the_bar_of_a_trade(language, trade):
    for scenario in SCENARIOS:
        bar = scenario.bar_with({**scenario.presets.get(trade, {}), "lines": ("No calls",)})
        for signal in (rule.signal for rule in scenario.rules):
            if scenario.signals[signal].type != "count":
                continue
            for count in (0, 1, 2, 3):
                record = Record({signal: count})
                client = Client("c1", "Bluebird", records={scenario.id: record})
                finding = find(scenario, client, bar, date(2026, 1, 1))
                assert words_in(language).reason(finding.reason)
