"""Practice, the tests and what comes of them: by keyboard, by ear, on a narrow screen."""

from __future__ import annotations

import contextlib
import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from client_triage.content import load_content
from client_triage.domain.quiz import ACTIONS

from .steps import LEARN, Visit

pytestmark = pytest.mark.browser

DISPUTES, LATE, LIES = "invoice-disputes", "slow-pay", "lies"
LESSON = "be-the-adviser"
WIDTHS = (640, 390, 320)  # 640 is 1280 at 200 %
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
HELD_WHEN_TOLD = """const send = WebSocket.prototype.send;
const held = [];
WebSocket.prototype.send = function (...given) {
  if (window.isHeld) held.push(() => send.apply(this, given));
  else send.apply(this, given);
};
window.letGo = () => { window.isHeld = false; held.splice(0).forEach((one) => one()); };"""
IS_FOCUS_SEEN = """() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  const { top, bottom, height } = document.activeElement.getBoundingClientRect();
  const isInside = top >= 0 && bottom <= innerHeight && height > 0;
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && isInside;
}"""
IS_BEFORE_FOCUS = """(one) => Boolean(
  document.activeElement.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING
)"""
# What is wider than its place, and what of it can be scrolled sideways.
TOO_WIDE = """() => ["html", ".ct-practice *", ".ct-progress *", ".ct-lesson *"]
  .flatMap((places) => [...document.querySelectorAll(places)])
  .filter((one) => one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1)
  .filter((one) => one.localName === "html" || getComputedStyle(one).overflowX !== "visible")
  .map((one) => `${one.localName}.${one.className} ${one.scrollWidth} > ${one.clientWidth}`)"""


@pytest.fixture(scope="module")
def lasting(lasting_page, app_server):
    """Give a visitor who stays for several tests; each has a scenario of its own."""
    visitor = Visit(lasting_page(), "en")
    visitor.page.add_init_script(HELD_WHEN_TOLD)
    visitor.arrive(app_server)
    return visitor


@pytest.fixture
def unanswered(lasting):
    """Give a visitor before a question that no test here answers, and its place."""
    if not lasting.sweep(LIES).is_visible():
        lasting.go(LIES)
    return lasting, unfolded(lasting.practice())


def unfolded(place):
    """Unfold a practice or a test."""
    if not place.locator("details[open]").count():
        place.locator("summary").first.click()
    return place


def item_on_screen(me, place, topic):
    """Find the item that is asked."""
    content = load_content()
    quiz = content.lesson_quiz(topic) if topic in content.lessons else content.quiz(topic)
    story = place.locator("p.ct-lines").first.inner_text()
    [item] = [one for one in quiz.items if one.stem[me.words.language].startswith(story)]
    return item


def ask_for_a_hint(me, place):
    name = me.text("practice.hint", place=1, count=2)
    place.get_by_role("button", name=name, exact=True).click()


# --- by keyboard ----------------------------------------------------------------------------


def test_a_whole_scenario_is_practised_by_keyboard_alone(lasting):
    me, keyboard = lasting, lasting.page.keyboard
    me.go(DISPUTES)
    place = me.practice()
    expect(place.locator("summary").first).to_be_focused()
    keyboard.press("Enter")
    expect(place.locator("form")).to_be_visible()
    seen = []
    while place.locator("form").count():
        item = item_on_screen(me, place, DISPUTES)
        seen.append(item)
        if item.form == "B":
            fill_in_the_half_worked_record(me, place, item)
        answer_by_keyboard(me, place, item)
        go_on_by_keyboard(me, place)
    assert [item.type for item in seen[-2:]] == ["number", "order"]
    assert [item.form for item in seen if item.pair] == ["A", "B"]
    expect(place.get_by_role("heading", name=me.text("practice.all_done"))).to_be_focused()
    tab_to(me, place.get_by_role("button", name=me.text("practice.own"), exact=True))
    keyboard.press("Enter")
    question = me.sweep(DISPUTES).get_by_role("heading", level=2)
    expect(question).to_be_focused()
    expect(question).to_be_in_viewport()


def fill_in_the_half_worked_record(me, place, item):
    half = place.locator("section").filter(has_text=me.text("practice.half"))
    field = half.get_by_role("textbox")
    for typed, said in (("99", "fact_differs"), (str(item.facts["disputed"]), "fact_fits")):
        tab_to(me, field)
        me.page.keyboard.press("Control+A")
        me.page.keyboard.type(typed)
        me.page.keyboard.press("Tab")
        expect(half.get_by_role("status")).to_have_text(me.text(f"practice.{said}"))


def answer_by_keyboard(me, place, item):
    keyboard = me.page.keyboard
    asked, sure = place.locator("form").get_by_role("group").all()
    if item.type == "choose-one":
        tab_to(me, asked.get_by_role("radio").first)
        keyboard.press("Space")
        for _ in range([option.id for option in item.options].index(item.answer)):
            keyboard.press("ArrowDown")
            expect_focus_seen(me)
        expect(asked.locator(f"input[value={item.answer}]")).to_be_checked()
    elif item.type == "number":
        tab_to(me, asked.get_by_role("textbox"))
        keyboard.type(str(item.answer))
    else:
        put_in_order(me, asked, item)
    tab_to(me, sure.get_by_role("radio").first)
    keyboard.press("Space")
    keyboard.press("ArrowRight")
    expect(sure.get_by_role("radio").nth(1)).to_be_checked()
    tab_to(me, place.get_by_role("button", name=me.text("practice.check"), exact=True))
    keyboard.press("Enter")
    expect(place.get_by_role("heading", name=me.text("practice.right"))).to_be_focused()
    expect_focus_seen(me)


def put_in_order(me, asked, item):
    """Move each thing up to its place; it keeps the focus, and where it stands is said."""
    texts = {option.id: option.text[me.words.language] for option in item.options}
    now = [option.id for option in item.options]
    for place, id_ in enumerate(item.answer):
        name = me.text("practice.move", way=me.text("practice.up"), option=texts[id_])
        up = asked.get_by_role("button", name=name, exact=True)
        while (at := now.index(id_)) > place:
            tab_to(me, up)
            me.page.keyboard.press("Enter")
            now.insert(at - 1, now.pop(at))
            said = me.text("practice.moved", option=texts[id_], place=at, count=len(now))
            expect(asked.get_by_role("status")).to_have_text(said)
            expect(asked.get_by_role("listitem").nth(at - 1)).to_contain_text(texts[id_])
            expect(up).to_be_focused()
            expect_focus_seen(me)
    assert tuple(now) == tuple(item.answer)


def go_on_by_keyboard(me, place):
    """Press the button after the result, and expect the focus on the heading of what comes."""
    last, then = me.text("practice.finish"), me.text("practice.next_case")
    names = place.get_by_role("button", name=last, exact=True)
    button = names.or_(place.get_by_role("button", name=then, exact=True))
    tab_to(me, button)
    me.page.keyboard.press("Enter")
    expect(place.get_by_role("heading").first).to_be_focused()
    expect(button).to_have_count(0)
    expect_focus_seen(me)


def tab_to(me, place, most=25):
    """Press Tab, or Shift and Tab, until a place has the focus, which is seen all the way."""
    key = "Shift+Tab" if place.evaluate(IS_BEFORE_FOCUS) else "Tab"
    for _ in range(most):
        if place.evaluate("(place) => place === document.activeElement"):
            return
        me.page.keyboard.press(key)
        expect_focus_seen(me)
    expect(place).to_be_focused()


def expect_focus_seen(me):
    me.page.wait_for_function(IS_FOCUS_SEEN)


# --- without the kernel ---------------------------------------------------------------------


def test_the_feedback_of_every_option_is_there_before_the_kernel_has_heard_of_the_answer(lasting):
    me = lasting
    me.go(LATE)
    place = unfolded(me.practice())
    item = item_on_screen(me, place, LATE)
    worked = place.get_by_role("heading", name=me.text("practice.worked"), exact=True)
    with messages_held(me):
        me.tick(place, me.text(f"practice.actions.{item.answer}"))
        expect(place.get_by_role("heading", name=me.text("practice.right"))).to_be_focused()
        for option in item.options:
            expect(place.get_by_text(option.feedback["en"])).to_be_visible()
        expect(worked).to_have_count(0)
    expect(worked).to_be_visible()
    expect(place.get_by_role("heading", name=me.text("practice.right"))).to_be_focused()


@contextlib.contextmanager
def messages_held(me):
    """Keep back what the page sends to the kernel."""
    me.page.evaluate("window.isHeld = true")
    try:
        yield
    finally:
        me.page.evaluate("window.letGo()")


# --- by ear ---------------------------------------------------------------------------------


def test_answer_and_confidence_are_groups_with_names_and_so_is_each_radio_in_them(unanswered):
    me, place = unanswered
    asked = place.get_by_role("group", name=me.text("practice.prompts.action"), exact=True)
    sure = place.get_by_role("group", name=me.text("practice.how_sure"), exact=True)
    for action in ACTIONS:
        name = me.text(f"practice.actions.{action}")
        expect(asked.get_by_role("radio", name=name, exact=True)).to_be_enabled()
    for level in (1, 2, 3):
        name = me.text(f"practice.sure_{level}")
        expect(sure.get_by_role("radio", name=name, exact=True)).to_be_enabled()
    expect(place.get_by_role("radio")).to_have_count(7)


def test_what_an_unfinished_answer_lacks_is_an_alert_tied_to_its_group(unanswered):
    me, place = unanswered
    place.get_by_role("button", name=me.text("practice.check"), exact=True).click()
    asked, sure = place.locator("form").get_by_role("group").all()
    for group, problem in ((asked, "answer_first"), (sure, "sure_first")):
        expect(group.get_by_role("alert")).to_have_text(me.text(f"practice.{problem}"))
        expect(group).to_have_accessible_description(me.text(f"practice.{problem}"))
    expect(asked.get_by_role("radio").first).to_be_focused()
    expect(place.locator("form")).to_be_visible()


def test_a_hint_is_said_as_soon_as_it_is_asked_for(unanswered):
    me, place = unanswered
    item = item_on_screen(me, place, LIES)
    said = place.locator("form").get_by_role("status")
    expect(said).to_be_empty()
    ask_for_a_hint(me, place)
    expect(said).to_have_text(item.hints[0]["en"])


def test_before_the_answer_a_screen_reader_finds_nothing_of_what_is_right(unanswered):
    me, place = unanswered
    item = item_on_screen(me, place, LIES)
    readable = f"{place.aria_snapshot()} {place.evaluate('(one) => one.outerHTML')}"
    tells = [me.text("practice.fits"), me.text("practice.right"), me.text("practice.worked")]
    tells += [option.feedback["en"][:30] for option in item.options]
    assert item.stem["en"][:30] in readable
    assert [tell for tell in tells if tell in readable] == []


# --- on a narrow screen, and by the rules of WCAG -------------------------------------------


@pytest.fixture(scope="module", params=["en", "ko"])
def walked(request, lasting_page, app_server, tmp_path_factory):
    """Walk past practice, tests, progress and lessons; give what was wrong at each stop."""
    file = tmp_path_factory.mktemp("learner") / "learner.json"
    file.write_text(json.dumps(learner()), "utf-8")
    me = Visit(lasting_page(viewport={"width": 1280, "height": 900}), request.param)
    me.arrive(f"{app_server}?lang={request.param}")
    me.open_file(file)
    return {stop: faults_of(me) for stop in walk(me)}


def walk(me):
    place = unfolded(me.test("before"))
    expect(place.get_by_text(me.text("test.noise"))).to_be_visible()
    place.locator("li summary").first.click()
    yield "result of a test"
    me.go(LATE)
    place = unfolded(me.practice())
    ask_for_a_hint(me, place)
    place.get_by_role("button", name=me.text("practice.check"), exact=True).click()
    expect(place.get_by_role("alert").first).not_to_be_empty()
    yield "question of the practice"
    me.tick(place, me.text("practice.actions.weigh"))
    expect(place.get_by_role("heading", name=me.text("practice.worked"))).to_be_visible()
    yield "result of the practice"
    me.go(LEARN)
    me.test("after").get_by_role("button", name=me.text("test.begin"), exact=True).click()
    expect(me.test("after").locator("form")).to_be_visible()
    picture = me.progress().get_by_role("img")
    me.progress().get_by_role(
        "heading", name=me.text("progress.sureness")
    ).scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    me.page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    for lesson in load_content().lessons:
        expect(me.practice(lesson).locator("form")).to_be_visible()
    yield "question of a test, progress and lessons"


def faults_of(me):
    """Give what axe finds, and what is too wide for a narrow screen."""
    found = Axe().run(me.page, options=AXE).response["violations"]
    violations = [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]
    whole = me.page.viewport_size
    wide = []
    for width in WIDTHS:
        me.page.set_viewport_size({"width": width, "height": 900})
        wide += [f"{width}: {one}" for one in me.page.evaluate(TOO_WIDE)]
    me.page.set_viewport_size(whole)
    return {"violations": violations, "too wide": wide}


def learner():
    """Build a portfolio file of somebody who took the test before and practised a little."""
    content = load_content()
    items = {
        f"{scenario.id}/{item.id}": item
        for scenario in content.scenarios
        for item in content.quiz(scenario.id).items
    }
    asked = [ref for ref, item in items.items() if (item.pair, item.form) == (1, "A")]
    sitting = {"form": "A", "items": asked, "answers": {ref: given(items[ref]) for ref in asked}}
    first = next(ref for ref, item in items.items() if item.pair == 2)
    return {
        "schema": "client-triage/portfolio@1",
        "clients": [{"id": "c1", "alias": "Harbor"}],
        "practice": {first: [given(items[first])]},
        "tests": {"before": sitting},
    }


def given(item):
    sure = {"confidence": 3, "hints": 0, "why": ""}
    return {"on": "2026-11-02", "item": item.fingerprint, "answer": item.answer, **sure}


def test_axe_finds_nothing_against_wcag_nor_against_best_practices(walked):
    assert {
        stop: found["violations"] for stop, found in walked.items() if found["violations"]
    } == {}


def test_a_narrow_screen_or_large_letters_make_nothing_scroll_sideways(walked):
    assert {stop: found["too wide"] for stop, found in walked.items() if found["too wide"]} == {}


# --- before and after -----------------------------------------------------------------------


def test_both_tests_and_the_practice_outlive_a_reload_and_being_forgotten(visit, tmp_path):
    me = visit()
    take(me, "before")
    me.page.get_by_role("button", name=me.text("device.remember"), exact=True).click()
    expect(me.page.get_by_text(me.text("device.yes"))).to_be_visible()
    me.go(LEARN)
    rate(me)
    take(me, "after")
    kept = json.loads(me.download(tmp_path / "kept.json").read_text("utf-8"))
    before, after = kept["tests"]["before"], kept["tests"]["after"]
    assert {before["form"], after["form"]} == {"A", "B"}
    assert [len(before["answers"]), len(after["answers"])] == [10, 10]
    assert not set(before["items"]) & set(after["items"])
    expect(progress_of(me).nth(1)).not_to_contain_text(me.text("progress.no_answer"))
    done = progress_of(me).all_text_contents()
    expect(me.page.locator("html[data-at-risk]")).to_have_count(0)
    me.page.reload()
    expect(me.alias_field()).to_be_visible()
    place = unfolded(me.test("before"))
    expect(place.get_by_text(me.text("test.noise"))).to_be_visible()
    me.go(LEARN)
    expect(me.test("after").get_by_text(me.text("test.noise"))).to_be_visible()
    expect(progress_of(me)).to_have_text(done)
    press(me, "progress.forget")
    expect(me.test("after").get_by_role("button", name=me.text("test.begin"))).to_be_visible()
    expect(progress_of(me)).not_to_have_text(done)
    press(me, "actions.undo")
    expect(me.test("after").get_by_text(me.text("test.noise"))).to_be_visible()
    expect(progress_of(me)).to_have_text(done)


def press(me, name):
    me.progress().get_by_role("button", name=me.text(name), exact=True).click()


def take(me, when):
    """Take a test to its end, and expect its result."""
    place = unfolded(me.test(when)) if when == "before" else me.test(when)
    place.get_by_role("button", name=me.text("test.begin"), exact=True).click()
    for number in range(1, 11):
        heading = me.text("test.place", place=number, of=10)
        expect(place.get_by_role("heading", name=heading, exact=True)).to_be_focused()
        me.tick(place, me.text("practice.actions.keep"))
    expect(place.get_by_role("heading", name=me.text(f"test.title_{when}"))).to_be_focused()
    expect(place.get_by_role("listitem")).to_have_count(10)


def rate(me):
    """Answer the one question of a lesson that has no right answer."""
    place = unfolded(me.practice(LESSON))
    item = item_on_screen(me, place, LESSON)
    me.tick(place, next(one.text["en"] for one in item.options if one.id == item.answer))
    expect(place.get_by_role("heading", name=me.text("practice.right"))).to_be_focused()
    expect(me.progress().get_by_role("row").filter(has_text="1 of 2")).to_be_visible()


def progress_of(me):
    """Give the rows of the table that has practice and tests."""
    return me.progress().get_by_role("table").first.get_by_role("row")
