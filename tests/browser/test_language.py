"""Two languages as equals: a switch in mid-session takes nothing away."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .steps import PORTFOLIO

pytestmark = pytest.mark.browser

HALF, LIST, LOTS = "Half a na", "Maple\nQuartz", "lots"
OPEN_FOLDS = "details[open]"
LINES = "unreasonable-demands"


def own_parts(me):
    """Give a client's row, and its field for revenue."""
    row = me.client("Harbor")
    field = row.get_by_role("textbox", name=me.text("clients.fields.revenue"), exact=True)
    return row, field


def all_is_there(me):
    """Expect what was typed, opened and refused, in the language of now."""
    expect(me.alias_field()).to_have_value(HALF)
    pasted = me.page.get_by_role("textbox", name=me.text("clients.paste_label"), exact=True)
    expect(pasted).to_have_value(LIST)
    _, revenue = own_parts(me)
    expect(revenue).to_have_value(LOTS)
    expect(revenue).to_have_attribute("aria-invalid", "true")


def language_button(me):
    languages = me.page.get_by_role("group", name=me.text("shell.language"), exact=True)
    return languages.locator(f"button[lang={me.words.language}]")


def switch(me, language):
    me.speak(language)
    expect(me.page.locator(f"button[lang={language}]")).to_have_attribute("aria-pressed", "true")


def test_a_switch_of_the_language_and_back_takes_nothing_away(visit):
    me = visit()
    me.add("Harbor")
    row, revenue = own_parts(me)
    row.get_by_text(me.text("clients.more")).click()
    revenue.fill(LOTS)
    revenue.press("Tab")
    expect(revenue).to_have_attribute("aria-invalid", "true")
    me.page.get_by_text(me.text("clients.paste"), exact=True).click()
    pasted = me.page.get_by_role("textbox", name=me.text("clients.paste_label"), exact=True)
    pasted.fill(LIST)
    me.page.locator(".ct-step-start summary").last.click()
    me.alias_field().fill(HALF)
    folds = me.page.locator(OPEN_FOLDS).count()
    for language in ("ko", "en"):
        switch(me, language)
        all_is_there(me)
        expect(language_button(me)).to_be_focused()
        expect(me.page.locator(OPEN_FOLDS)).to_have_count(folds)


def test_lines_that_are_not_saved_yet_outlive_a_switch(visit):
    me = visit()
    me.add("Harbor")
    me.go(LINES)
    field = me.sweep(LINES).get_by_role("textbox").first
    field.fill("No calls at ni")
    switch(me, "ko")
    expect(me.sweep(LINES).get_by_role("textbox").first).to_have_value("No calls at ni")
    me.speak("en")
    me.go(PORTFOLIO)
    the_currencies_are_sorted(me)
    me.speak("ko")
    the_currencies_are_sorted(me)


def the_currencies_are_sorted(me):
    """Expect "not said" and the most used first, then the rest as the language sorts them."""
    label = me.text("bar.facts.currency")
    names = me.page.get_by_label(label, exact=True).get_by_role("option").all_inner_texts()
    common, rest = names[:11], names[11:]
    assert common[0] == me.text("bar.not_said")
    assert len(rest) > 100
    wanted = me.page.evaluate(
        "([names, language]) => names.toSorted(new Intl.Collator(language).compare)",
        [rest, me.words.language],
    )
    assert rest == wanted
