"""The main job on the page, from the first look to the file in one's hand."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from client_triage.domain import Level
from client_triage.domain.findings import Reason

from .steps import PORTFOLIO

pytestmark = pytest.mark.browser

LATE, RIVALS, LIES = "slow-pay", "plays-competitors", "lies"
ALIASES = {"en": ("Harbor", "Maple", "Quartz"), "ko": ("바다 상점", "단풍", "Quartz")}
OTHER = {"en": "ko", "ko": "en"}
HOSTILE = "<img src=x onerror=window.ran=1>"


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a portfolio file with some clients."""

    def written(*clients, **facts):
        path = tmp_path / "given.json"
        portfolio = {"schema": "client-triage/portfolio@1", "clients": clients, **facts}
        path.write_text(json.dumps(portfolio), "utf-8")
        return path

    return written


def one(client_id, alias, **records):
    """Build a client of a portfolio file."""
    named = {scenario.replace("_", "-"): answers for scenario, answers in records.items()}
    return {"id": client_id, "alias": alias, "records": named}


def tally_by_command(file):
    """Tally a file by the command."""
    command = [sys.executable, "-m", "client_triage", "tally", str(file), "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)


def expect_same_as_command(visitor, tally):
    """Expect every verdict and every finding of a tally in the matrix on screen."""
    assert len(visitor.matrix()) == len(tally["clients"]) + 1
    for client in tally["clients"]:
        word = visitor.text(f"levels.{client['verdict']}")
        expect(visitor.verdict(client["alias"])).to_contain_text(word)
        for finding in client["findings"]:
            name = visitor.cell_name(client["alias"], finding["scenario"], finding["level"])
            expect(visitor.grid().get_by_role("button", name=name, exact=True)).to_have_count(1)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_visitor_rates_clients_decides_and_takes_the_file_along(visit, lang, tmp_path):
    first, second, third = ALIASES[lang]
    me = visit(lang)
    see_what_it_gives(me, lang)
    me.add(first, second, third)
    sweep_three_scenarios(me, first, second)
    title = see_the_result(me, first, second, third)
    correct_one_cell_by_keyboard(me, third)
    expect(me.verdict(third)).to_contain_text(me.words.level(Level.FIRE))
    expect(me.heatmap()).not_to_have_accessible_name(title)
    let_one_go(me, second)
    switch_language_and_lose_nothing(me, lang, [third, second, first])
    file = me.download(tmp_path / "portfolio.json")
    tally = tally_by_command(file)
    assert [client["verdict"] for client in tally["clients"]] == ["weigh", "fire", "fire"]
    expect_same_as_command(me, tally)
    later = visit(OTHER[lang])
    later.open_file(file)
    later.go(PORTFOLIO)
    assert later.matrix() == me.matrix()


def see_what_it_gives(me, lang):
    expect(me.page.locator("html")).to_have_attribute("lang", lang)
    expect(me.page).to_have_title(me.text("shell.title"))
    sample = me.page.get_by_role("heading", name=me.text("cards.title_sample"), exact=True)
    expect(sample).to_be_visible()
    expect(me.page.get_by_text(me.text("cards.sample"))).to_be_visible()


def sweep_three_scenarios(me, first, second):
    me.go(LATE)
    me.answer(LATE, first, "yes")
    me.detail(LATE, first, late="4", invoices="5")
    figures = {"late": 4, "invoices": 5, "bar_share": 0.5, "bar_minimum": 3}
    pattern = me.words.reason(Reason("slow-pay.late.established", figures))
    expect(me.row(LATE, first)).to_contain_text(pattern)
    me.none(LATE)
    me.go(RIVALS)
    me.answer(RIVALS, second, "yes")
    me.none(RIVALS)
    me.go(LIES)
    me.none(LIES)


def see_the_result(me, first, second, third):
    """See the matrix and the heatmap; return the heatmap's name."""
    me.go(PORTFOLIO)
    for alias, level in ((first, Level.WEIGH), (second, Level.WEIGH), (third, Level.CLEAR)):
        expect(me.verdict(alias)).to_contain_text(me.words.level(level))
    expect(me.cell(first, LATE, Level.WEIGH)).to_be_visible()
    expect(me.cell(second, RIVALS, Level.WEIGH)).to_be_visible()
    assert me.card_order() == [first, second, third]
    picture = me.heatmap()
    assert picture.evaluate("picture => picture.tagName") == "svg"
    return picture.get_attribute("aria-label")


def correct_one_cell_by_keyboard(me, alias):
    keyboard = me.page.keyboard
    me.cell(alias, LIES, Level.CLEAR).focus()
    keyboard.press("Enter")
    title = me.text("matrix.panel", alias=alias, title=me.words.scenario(LIES).title)
    expect(me.page.get_by_role("heading", name=title)).to_be_focused()
    confirmed = me.page.get_by_role("textbox", name=me.signal(LIES, "confirmed"), exact=True)
    tab_to(me, confirmed)
    keyboard.press("Control+A")
    keyboard.type("1")
    keyboard.press("Tab")
    expect(me.cell(alias, LIES, Level.FIRE)).to_be_visible()
    keyboard.press("Escape")
    expect(me.cell(alias, LIES, Level.FIRE)).to_be_focused()


def tab_to(me, place, most=10):
    """Press Tab until a place has the focus."""
    for _ in range(most):
        if place.evaluate("place => place === document.activeElement"):
            return
        me.page.keyboard.press("Tab")
    expect(place).to_be_focused()


def let_one_go(me, alias):
    card = me.card(alias)
    no = me.text("cards.answers.no")
    worth = card.get_by_role("group", name=re.compile(re.escape(me.text("cards.worth"))))
    worth.get_by_role("radio", name=no, exact=True).check()
    expect(card).to_contain_text(me.text("cards.next.part"))
    expect(me.verdict(alias)).to_contain_text(me.words.level(Level.FIRE))


def switch_language_and_lose_nothing(me, lang, order):
    before, rows = levels(me), len(me.matrix())
    me.speak(OTHER[lang])
    expect(me.page.locator("html")).to_have_attribute("lang", OTHER[lang])
    expect(me.page.get_by_role("heading", name=me.text("matrix.title"), exact=True)).to_be_visible()
    assert len(me.matrix()) == rows
    assert levels(me) == before
    assert me.card_order() == order


def levels(me):
    """Give how often each level stands in the matrix, whatever the language."""
    text = " ".join(me.matrix()[1:])
    return {level: text.count(me.words.level(level)) for level in Level}
