"""The main job on the page, from the first look to the file in one's hand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import count

import pytest
from playwright.sync_api import expect

from client_triage.domain import Level
from client_triage.domain.findings import Reason

from .steps import PORTFOLIO, START, Visit

pytestmark = pytest.mark.browser

LATE, RIVALS, LIES = "slow-pay", "plays-competitors", "lies"
ALIASES = {"en": ("Harbor", "Maple", "Quartz"), "ko": ("바다 상점", "단풍", "Quartz")}
OTHER = {"en": "ko", "ko": "en"}
HOSTILE = "<img src=x onerror=window.ran=1>"
_numbers = count(1)


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a portfolio file with some clients."""

    def written(*clients, **facts):
        path = tmp_path / "given.json"
        portfolio = {"schema": "client-triage/portfolio@1", "clients": clients, **facts}
        path.write_text(json.dumps(portfolio), "utf-8")
        return path

    return written


@pytest.fixture(scope="module")
def lasting(lasting_page, app_server):
    """Give a visitor who stays for several tests: arriving takes longer than most of them."""
    visitor = Visit(lasting_page(), "en")
    visitor.arrive(app_server)
    return visitor


@pytest.fixture
def me(lasting):
    """Give that visitor, back at the start; each test opens a file of its own."""
    if not lasting.start().is_visible():
        lasting.go(START)
    return lasting


def one(alias, **records):
    """Build a client of a portfolio file; no two clients of two tests share an id."""
    named = {scenario.replace("_", "-"): answers for scenario, answers in records.items()}
    return {"id": f"c{next(_numbers)}", "alias": alias, "records": named}


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
    assert me.card_order() == [*sorted([first, second]), third]  # as urgent as each other
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


def test_typing_sends_nothing_until_the_field_is_left_and_then_one_message(me, write):
    client = one("Harbor", slow_pay={"late": 1})
    me.open_file(write(client))
    me.go(LATE)
    invoices = me.row(LATE, "Harbor").get_by_role("textbox", name=me.signal(LATE, "invoices"))
    change = f"{me.text('sweep.change')} Harbor"
    me.sweep(LATE).get_by_role("button", name=change).or_(invoices).first.click()
    invoices.focus()
    before = len(me.comm_messages())
    invoices.press_sequentially("12")
    invoices.press("Tab")
    not_sure = Reason("slow-pay.late.too-few", {"late": 1, "invoices": 12, "bar_minimum": 3})
    expect(me.row(LATE, "Harbor")).to_contain_text(me.words.reason(not_sure))
    sent = [message["content"] for message in me.comm_messages()[before:]]
    told = {"action": "signal", "client": client["id"], "signal": "invoices", "value": "12"}
    assert sent == [told]


def test_a_renamed_client_is_one_message(me, write):
    me.open_file(write(one("Harbor")))
    name = me.text("clients.fields.alias")
    field = me.client("Harbor").get_by_role("textbox", name=name, exact=True)
    before = len(me.comm_messages())
    field.press("End")
    field.press_sequentially(" Ltd")
    field.press("Tab")
    expect(me.client("Harbor Ltd")).to_be_visible()
    sent = [message["content"] for message in me.comm_messages()[before:]]
    assert [(message["action"], message["alias"]) for message in sent] == [("rename", "Harbor Ltd")]


def test_searching_the_matrix_sends_nothing(me, write):
    me.open_file(write(one("Harbor"), one("Maple")))
    me.go(PORTFOLIO)
    before = len(me.comm_messages())
    me.page.get_by_role("textbox", name=me.text("matrix.filter")).press_sequentially("map")
    expect(me.page.get_by_role("rowheader", name="Harbor", exact=True)).to_have_count(0)
    me.cell("Maple", LIES, Level.UNKNOWN).click()
    expect(me.page.get_by_role("button", name=me.text("actions.close"), exact=True)).to_be_visible()
    sent = [message["content"]["action"] for message in me.comm_messages()[before:]]
    assert [action for action in sent if action != "see"] == ["open"]


def test_arrow_keys_move_between_the_cells_of_the_matrix(me, write):
    me.open_file(write(one("Harbor"), one("Maple")))
    me.go(PORTFOLIO)
    me.cell("Harbor", LIES, Level.UNKNOWN).focus()
    me.page.keyboard.press("ArrowDown")
    expect(me.cell("Maple", LIES, Level.UNKNOWN)).to_be_focused()
    me.page.keyboard.press("ArrowRight")
    expect(me.cell("Maple", "unreasonable-demands", Level.UNKNOWN)).to_be_focused()
    me.page.keyboard.press("Home")
    expect(me.verdict("Maple")).to_be_focused()


def test_a_hidden_screen_shows_nothing_but_the_way_back(me, write):
    me.open_file(write(one("Harbor")))
    hide = me.page.get_by_role("button", name=me.text("shell.hide"), exact=True)
    hide.click()
    curtain = me.page.get_by_role("dialog")
    show = curtain.get_by_role("button", name=me.text("shell.show"), exact=True)
    expect(show).to_be_focused()
    assert curtain.evaluate(COVERS)
    me.page.keyboard.press("Enter")
    expect(curtain).to_have_count(0)
    expect(hide).to_be_focused()


COVERS = """curtain => {
    const shares = [0.01, 0.25, 0.5, 0.75, 0.99];
    return shares.every((x) => shares.every((y) =>
        curtain.contains(document.elementFromPoint(x * innerWidth, y * innerHeight))));
}"""


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_nothing_is_wider_than_a_telephone(visit, write, lang):
    me = visit(lang, viewport={"width": 390, "height": 844})
    longest = "Harbor-and-sons-of-the-river-mouth-" * 2
    records = {"slow_pay": {"late": 4, "invoices": 5}, "physical_abuse": {"incidents": 1}}
    lines = {"unreasonable-demands": {"lines": ["No calls after 22:00"], "crossings": 0}}
    me.open_file(write(one(longest, **records), one("바다 상점"), bar=lines))
    too_wide = {}
    for step in (START, "physical-abuse", "unreasonable-demands", LATE, PORTFOLIO):
        if step != START:
            me.go(step)
        if step == PORTFOLIO:
            me.heatmap()
            me.cell(longest, LATE, Level.WEIGH).click()
            me.page.get_by_role("button", name=me.text("actions.close"), exact=True).wait_for()
        too_wide[step] = me.page.evaluate(TOO_WIDE)
    assert {step: what for step, what in too_wide.items() if what} == {}


# What reaches beyond the screen, but for what can be scrolled by itself, by keyboard as well.
TOO_WIDE = """() => {
    const wide = [...document.querySelectorAll("main *")].filter((one) =>
        one.getBoundingClientRect().right > innerWidth + 1 && one.checkVisibility() &&
        !one.parentElement.closest("[role=region][tabindex='0']"));
    const { scrollWidth } = document.scrollingElement;
    const page = scrollWidth > innerWidth ? [`the page: ${scrollWidth}`] : [];
    return [...page, ...wide.map((one) => one.outerHTML.slice(0, 100))];
}"""


def test_what_a_visitor_writes_is_text_in_every_view(me, write):
    weighed = one(HOSTILE, slow_pay={"late": 4, "invoices": 5})
    decided = {"worth_keeping": True, "review": {"conditions": HOSTILE, "scenarios": [LATE]}}
    let_go = one(f"{HOSTILE} 2", lies={"confirmed": 1}) | {"exception": HOSTILE}
    bar = {"unreasonable-demands": {"lines": [HOSTILE], "crossings": 0}}
    me.open_file(write(weighed | decided, let_go, bar=bar))
    unseen = [step for step in (START, LATE, PORTFOLIO) if not is_text(me, step)]
    me.go("unreasonable-demands")
    expect(me.sweep("unreasonable-demands").get_by_role("listitem").first).to_have_text(HOSTILE)
    assert unseen == []
    assert me.page.evaluate("window.ran") is None


def is_text(me, step):
    """Tell whether a step shows the hostile alias as text, and makes no picture of it."""
    if step != START:
        me.go(step)
    if step == PORTFOLIO:
        me.heatmap()
        me.cell(HOSTILE, LATE, Level.WEIGH).click()
        expect(me.card(HOSTILE)).to_be_visible()
        expect(me.verdict(HOSTILE)).to_be_visible()
    if step == LATE:
        expect(me.row(LATE, HOSTILE).first).to_be_visible()
    if step == START:
        expect(me.client(HOSTILE)).to_be_visible()
    return me.page.locator("img").count() == 0


def test_a_file_that_is_no_portfolio_is_refused_and_nothing_is_lost(me, write, tmp_path):
    me.open_file(write(one("Harbor")))
    file = tmp_path / f"{HOSTILE.replace('/', '')}.json"
    file.write_text('{"schema": "client-triage/portfolio@1", "clients": 7}', "utf-8")
    me.choose_file(file)
    refused = me.text("file.refused", file=file.name)
    expect(me.page.get_by_role("alert").filter(has_text=refused)).to_contain_text("$.clients")
    expect(me.client("Harbor")).to_be_visible()
    assert me.page.locator("img").count() == 0


def test_the_picture_stands_beside_the_same_facts_as_a_table(me, write):
    me.open_file(write(one("Harbor", slow_pay={"late": 4, "invoices": 5})))
    me.go(PORTFOLIO)
    picture = me.page.get_by_role("figure").filter(has=me.heatmap()).first
    picture.get_by_text(me.text("plots.as_table")).click()
    expect(picture.get_by_role("rowheader", name="Harbor", exact=True)).to_be_visible()
    expect(picture.get_by_role("table")).to_contain_text(me.words.level(Level.WEIGH))


def test_the_example_gives_way_to_the_first_client_of_ones_own(visit):
    me = visit()
    me.page.get_by_role("button", name=me.text("file.load_sample"), exact=True).click()
    expect(me.page.get_by_text(me.text("file.sample"))).to_be_visible()
    me.add("Harbor")
    me.go(PORTFOLIO)
    expect(me.grid().get_by_role("rowheader")).to_have_text(["Harbor"])
