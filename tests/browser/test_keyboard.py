"""The whole journey without a mouse: where the focus is, that it is seen, and what is said."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from client_triage.content import load_content
from client_triage.domain import Level

from .steps import LEARN, PORTFOLIO, START, Visit

pytestmark = pytest.mark.browser

LATE, LIES = "slow-pay", "lies"
FIRST, SECOND = "Harbor", "Maple"
OTHER = {"en": "ko", "ko": "en"}
MOST_STOPS = 120
# What is wrong with where the focus is.
# A mark is one of the focus only if it goes with it: what had the focus before is looked at again.
STOP = """() => {
  const one = document.activeElement;
  const [outline, before] = [getComputedStyle(one).outline, window.before];
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const isLarge = box.height > innerHeight || one.matches("[role=region]");
  const isMarked = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2
    && !/^rgba.*, 0\\)$/.test(outlineColor);
  const problems = {
    "nothing has the focus": one === document.body,
    "outside the window": left >= right || top >= bottom
      || (!isLarge && (box.top < -1 || box.bottom > innerHeight + 1)),
    [`covered by ${at?.outerHTML.slice(0, 60)}`]: !one.contains(at),
    "no mark of the focus": !isMarked,
    "marked without the focus": before && before.one !== one && before.one.isConnected
      && getComputedStyle(before.one).outline === before.outline,
  };
  window.before = { one, outline };
  const isNew = !one.dataset.stop;
  one.dataset.stop = "seen";
  return {
    problems: Object.keys(problems).filter((name) => problems[name]),
    html: one.outerHTML.slice(0, 120),
    is_new: isNew,
    is_read: one.tabIndex < 0 && one.innerText.trim() !== "",
  };
}"""
WHERE = """(wanted) => {
  const one = document.activeElement;
  const isBefore = one.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING;
  return [one === wanted, Boolean(isBefore)];
}"""


# A screen reader hears what changes in a live region that is there already.
STANDING = """document.querySelectorAll("[role=status]").forEach((one) => {
  one.dataset.stands = "";
})"""


class Journey:
    """A visitor who has nothing but keys, and what was wrong where the focus came."""

    def __init__(self, me: Visit) -> None:
        self.me = me
        self.faults: list[str] = []
        self._devtools = me.page.context.new_cdp_session(me.page)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self.me.page.evaluate(STANDING)
        for key in keys:
            self.me.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Type over what a field holds."""
        self.press("Control+A")
        self.me.page.keyboard.type(text)

    def to(self, place) -> None:
        """Press Tab, or Shift and Tab, until a place has the focus."""
        expect(place).to_be_visible()
        wanted = place.element_handle()
        is_there, is_before = self.me.page.evaluate(WHERE, wanted)
        for _ in range(MOST_STOPS):
            if is_there:
                return
            self.press("Shift+Tab" if is_before else "Tab")
            self.stop()
            is_there, is_before = self.me.page.evaluate(WHERE, wanted)
        expect(place).to_be_focused()

    def do(self, place, *keys: str) -> None:
        """Go to a place and press keys there."""
        self.to(place)
        self.press(*(keys or ("Enter",)))

    def stop(self) -> None:
        """Look at where the focus is."""
        stop = self.me.page.evaluate(STOP)
        # What is no stop for Tab may be read out as a whole instead of having a name.
        needed = ("role",) if stop["is_read"] else ("role", "name")
        problems = stop["problems"] + (self._untold(needed) if stop["is_new"] else [])
        self.faults += [f"{problem}: {stop['html']}" for problem in problems]

    def _untold(self, needed: tuple[str, ...]) -> list[str]:
        """Say what a screen reader is not told of what has the focus."""
        asked = {"expression": "document.activeElement"}
        one = self._devtools.send("Runtime.evaluate", asked)["result"]["objectId"]
        wanted = {"objectId": one, "fetchRelatives": False}
        [node] = self._devtools.send("Accessibility.getPartialAXTree", wanted)["nodes"]
        told = {key: node.get(key, {}).get("value") for key in needed}
        return [f"no {key}" for key, value in told.items() if value in {None, "", "generic"}]


@pytest.fixture(scope="module", params=["en", "ko"])
def journey(request, lasting_page, app_server):
    """Give a visitor of the page who has no mouse."""
    me = Visit(lasting_page(viewport={"width": 1280, "height": 720}), request.param)
    me.arrive(f"{app_server}?lang={request.param}")
    return Journey(me)


def button(me, key, **figures):
    return me.page.get_by_role("button", name=me.text(key, **figures), exact=True).first


def said(me, key, **figures):
    """Give the live region that says a text, if it stood there before the last key."""
    return live(me.page).filter(has_text=me.text(key, **figures)).first


def live(place):
    return place.locator("[role=status][data-stands]")


def go(journey, step):
    """Open a step by the list of steps; its heading takes the focus."""
    me = journey.me
    steps = me.page.get_by_role("navigation", name=me.text("shell.steps"))
    journey.do(steps.locator("summary"))
    is_scenario = step not in {START, PORTFOLIO, LEARN}
    label = f"{load_content().scenario(step).number}." if is_scenario else me.text(f"shell.{step}")
    journey.do(steps.get_by_role("button", name=re.compile(f"^{re.escape(label)}")))
    expect(me.page.locator(f".ct-step-{step}")).to_be_visible()
    expect(me.page.locator(f".ct-step-{step} :focus").first).to_be_visible()
    journey.stop()


# The tests follow one another, as the journey does.


def test_the_first_stop_leads_past_the_head_of_the_page(journey):
    me = journey.me
    journey.press("Tab")
    skip = me.page.get_by_role("link", name=me.text("page.skip"))
    expect(skip).to_be_focused()
    journey.stop()
    journey.press("Enter")
    expect(me.page.get_by_role("main")).to_be_focused()


def test_a_switch_of_the_language_keeps_the_focus_on_its_button(journey):
    me, mine = journey.me, journey.me.words.language
    for language in (OTHER[mine], mine):
        chosen = me.page.locator(f".ct-languages button[lang={language}]")
        journey.do(chosen)
        expect(chosen).to_have_attribute("aria-pressed", "true")
        expect(chosen).to_be_focused()
        journey.stop()


def test_clients_are_added_one_after_the_other_and_the_field_keeps_the_focus(journey):
    me = journey.me
    field = me.alias_field()
    for alias in (FIRST, SECOND):
        journey.to(field)
        journey.write(alias)
        journey.press("Enter")
        expect(me.client(alias)).to_be_visible()
        expect(said(me, "clients.added", count=1)).to_be_attached()
        expect(field).to_be_focused()


def test_what_is_refused_is_said_and_the_focus_goes_on(journey):
    me = journey.me
    row = me.client(FIRST)
    journey.do(row.locator("summary"))
    revenue = row.get_by_role("textbox", name=me.text("clients.fields.revenue"), exact=True)
    journey.to(revenue)
    journey.write("lots")
    journey.press("Enter")
    expect(revenue).to_have_attribute("aria-invalid", "true")
    expect(revenue).to_have_accessible_description(me.text("fault.number"))
    expect(said(me, "fault.number")).to_be_attached()
    expect(revenue).to_be_focused()
    journey.write("1200")
    journey.press("Enter")
    expect(revenue).not_to_have_attribute("aria-invalid", "true")
    expect(revenue).to_be_focused()


def test_a_deleted_client_is_said_and_comes_back_by_undo(journey):
    me = journey.me
    journey.do(me.client(SECOND).get_by_role("button", name=re.compile(me.text("clients.delete"))))
    expect(me.client(SECOND)).to_have_count(0)
    expect(said(me, "clients.deleted", alias=SECOND)).to_be_attached()
    expect(me.client(FIRST).locator("summary")).to_be_focused()
    undo = button(me, "actions.undo")
    journey.do(undo)
    expect(me.client(SECOND)).to_be_visible()
    expect(undo).to_be_focused()
    journey.stop()


def test_a_scenario_is_answered_and_nothing_takes_the_focus_away(journey):
    me = journey.me
    go(journey, LATE)
    journey.do(button(me, "prose.to_question"))
    expect(me.sweep(LATE).get_by_role("heading", level=2)).to_be_focused()
    yes = me.row(LATE, FIRST).get_by_role("radio", name=me.text("sweep.yes"), exact=True)
    journey.do(yes, "Space")
    expect(yes).to_be_checked()
    expect(yes).to_be_focused()
    for signal, value in (("late", "4"), ("invoices", "5")):
        name = me.signal(LATE, signal)
        field = me.row(LATE, FIRST).get_by_role("textbox", name=name, exact=True)
        journey.to(field)
        journey.write(value)
        journey.press("Enter")
        expect(field).to_be_focused()
    expect(me.row(LATE, FIRST)).to_contain_text(me.words.level(Level.WEIGH))
    journey.stop()


def test_no_for_all_others_takes_its_button_away_and_the_focus_is_where_it_is_said(journey):
    me = journey.me
    none = me.sweep(LATE).get_by_role("button", name=me.words.scenario(LATE).none).last
    journey.do(none)
    told = live(me.sweep(LATE)).last
    expect(told).to_contain_text(me.text("sweep.none_noted", count=1))
    expect(told).to_be_focused()
    journey.stop()


def test_undo_and_redo_say_what_they_did_and_keep_the_focus(journey):
    me = journey.me
    told = live(me.sweep(LATE)).last
    undo = me.sweep(LATE).get_by_role("button", name=me.undo_start())
    redo = me.sweep(LATE).get_by_role("button", name=me.text("actions.redo"), exact=True)
    for step in (undo, redo):
        before = told.inner_text()
        journey.do(step)
        expect(told).not_to_have_text(before)
        expect(step).to_be_focused()
        journey.stop()


def test_a_case_is_practised_and_the_result_takes_the_focus(journey):
    me = journey.me
    go(journey, LIES)
    place = me.practice()
    journey.do(place.locator("summary").first)
    asked, sure = place.locator("form").get_by_role("group").all()
    journey.do(asked.get_by_role("radio").first, "Space")
    journey.do(sure.get_by_role("radio").first, "Space", "ArrowDown")
    expect(sure.get_by_role("radio").nth(1)).to_be_focused()
    journey.do(button(me, "practice.check"))
    expect(place.get_by_role("heading").nth(1)).to_be_focused()
    journey.stop()
    journey.do(button(me, "practice.next_case"))
    expect(place.get_by_role("heading").first).to_be_focused()
    journey.stop()


def test_a_cell_is_corrected_and_gets_the_focus_back(journey):
    me = journey.me
    go(journey, PORTFOLIO)
    journey.to(me.grid().locator("tbody [tabindex='0']"))
    right = ["ArrowRight"] * load_content().scenario(LIES).number
    journey.press("Home", "ArrowDown", *right)
    expect(me.cell(SECOND, LIES, Level.UNKNOWN)).to_be_focused()
    journey.stop()
    journey.press("Enter")
    panel = me.page.locator(".ct-matrix-panel")
    expect(panel.get_by_role("heading")).to_be_focused()
    journey.stop()
    confirmed = panel.get_by_role("textbox", name=me.signal(LIES, "confirmed"), exact=True)
    journey.to(confirmed)
    journey.write("1")
    journey.press("Enter")
    expect(me.cell(SECOND, LIES, Level.FIRE)).to_be_visible()
    expect(live(panel)).to_contain_text(me.words.level(Level.FIRE))
    expect(confirmed).to_be_focused()
    for key, level in (("undo", Level.UNKNOWN), ("redo", Level.FIRE)):
        step = panel.get_by_role("button", name=me.text(f"actions.{key}"), exact=True)
        journey.do(step)
        expect(me.cell(SECOND, LIES, level)).to_be_visible()
        expect(step).to_be_focused()
        journey.stop()
    journey.press("Escape")
    expect(me.cell(SECOND, LIES, Level.FIRE)).to_be_focused()
    journey.stop()


def test_the_first_question_of_a_test_is_answered(journey):
    me = journey.me
    go(journey, LEARN)
    test = me.test("after")
    journey.do(test.get_by_role("button", name=me.text("test.begin"), exact=True))
    heading = test.get_by_role("heading").first
    expect(heading).to_be_focused()
    journey.stop()
    asked, sure = test.locator("form").get_by_role("group").all()
    journey.do(asked.get_by_role("radio").first, "Space")
    journey.do(sure.get_by_role("radio").first, "Space")
    before = heading.inner_text()
    journey.do(test.get_by_role("button", name=me.text("practice.next"), exact=True))
    expect(heading).not_to_have_text(before)
    expect(heading).to_be_focused()
    journey.stop()


def test_the_file_is_downloaded_and_the_focus_stays(journey):
    me = journey.me
    go(journey, START)
    download = button(me, "file.download")
    with me.page.expect_download():
        journey.do(download)
    expect(said(me, "file.downloaded", file="portfolio.json")).to_be_attached()
    expect(download).to_be_focused()


def test_the_device_remembers_and_forgets_and_the_focus_stays_at_what_is_said(journey):
    me = journey.me
    device = me.page.get_by_role("region", name=me.text("device.title"), exact=True)
    for key, told in (("remember", "yes"), ("forget", "erased")):
        journey.do(button(me, f"device.{key}"))
        expect(said(me, f"device.{told}")).to_be_visible()
        assert device.evaluate("(device) => device.contains(document.activeElement)")
        journey.stop()


def test_every_stop_on_the_way_had_a_name_and_a_role_and_was_seen(journey):
    faults = "\n".join(journey.faults)
    assert not faults, faults
