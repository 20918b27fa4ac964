"""All states that the page comes into, one after the other, for tests that look at each of them.

A walk gives the name of each state once the page is in it. One visitor goes through all: to arrive
anew takes longer than most states.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from client_triage.content import load_content

from .steps import LEARN, PORTFOLIO, START, Drag, Visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Route

SAFETY, LIES, LINES, LATE = "physical-abuse", "lies", "unreasonable-demands", "slow-pay"
FIRST, SECOND = "Harbor", "Maple"
NOT_A_NUMBER = "lots"
# What tabs tell each other is silenced, so that they find out about each other too late.
NO_CHANNEL = "delete window.BroadcastChannel"
HELD_WHEN_TOLD = """const send = WebSocket.prototype.send;
const held = [];
WebSocket.prototype.send = function (...given) {
  if (window.isHeld) held.push(() => send.apply(this, given));
  else send.apply(this, given);
};
window.letGo = () => { window.isHeld = false; held.splice(0).forEach((one) => one()); };"""
NO_TAB_STORAGE = "Storage.prototype.setItem = () => { throw new DOMException('full'); };"
NO_ROOM = """() => {
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
  };
}"""
# What is inside some folds is drawn once they are open.
UNFOLD = """async () => {
  const folded = () => document.querySelectorAll(".ct details:not([open], .ct-steps)");
  while (folded().length) {
    folded().forEach((one) => (one.open = true));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  }
}"""
# A browser that is driven reads as if it had scripts, even where they are switched off.
WITHOUT_SCRIPTS = """() => {
  const unread = document.querySelector("noscript");
  unread.outerHTML = unread.textContent;
}"""
END_KERNEL = """async () => {
  const { baseUrl } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const body = new FormData();
  body.append("_xsrf", document.cookie.match(/_xsrf=([^;]*)/)?.[1] ?? "");
  await fetch(`${baseUrl}voila/api/shutdown/${document.body.dataset.kernelId}`, {
    method: "POST", body,
  });
}"""


# --- without the app ------------------------------------------------------------------------


def of_the_shell(me: Visit, url: str, full: str) -> Iterator[str]:
    """Come past what the server shows without a kernel, and one that has no room."""
    page, asked = me.page, f"?lang={me.words.language}"
    page.route("**/nothing*", _without_its_error)
    page.goto(f"{url}nothing{asked}")
    expect(page.get_by_role("link", name=me.text("page.back"))).to_be_visible()
    yield "no page at this address"
    page.route(
        "**/refused*", lambda route: _without_its_error(route, url=url + asked, method="POST")
    )
    page.goto(f"{url}refused")
    expect(page.get_by_text(me.text("page.failed"))).to_be_visible()
    yield "a request that is refused"
    page.route(full + asked, _without_its_error)
    page.goto(full + asked)
    expect(page.get_by_role("heading", name=me.text("page.full"))).to_be_visible()
    yield "no room"
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/lab.js*", hold)
    page.goto(url + asked, wait_until="domcontentloaded")
    expect(page.get_by_role("status")).to_have_text(me.text("page.loading"))
    yield "before the kernel answers"
    page.evaluate(WITHOUT_SCRIPTS)
    expect(page.get_by_text(me.text("page.noscript"))).to_be_visible()
    yield "without JavaScript"
    page.unroute("**/lab.js*")
    for route in waiting:
        route.continue_()
    expect(me.alias_field()).to_be_visible()


def _without_its_error(route: Route, **asked: str) -> None:
    """Show the page of an error, but keep the browser from logging the error."""
    route.fulfill(response=route.fetch(**asked), status=200)


# --- the app, from the first look to the end ------------------------------------------------


def of_the_app(me: Visit, url: str, folder: Path) -> Iterator[str]:
    """Come past every step and what may happen there, from the start with nothing entered."""
    yield from _with_nothing(me)
    yield from _with_first_clients(me)
    yield from _remembered(me, url)
    yield from _with_the_sample(me)
    yield from _with_a_file(me, folder)


def _with_nothing(me: Visit) -> Iterator[str]:
    yield "start, nothing entered"
    unfold(me)
    yield "start, all unfolded"
    begin_test(me, "before")
    me.test("before").locator("form").get_by_role("button").last.click()
    expect(me.test("before").get_by_role("alert").first).to_be_visible()
    yield "start, question of the test, an answer lacks"
    menu = me.page.locator(".ct-steps summary")
    menu.click()
    yield "start, list of steps"
    menu.click()
    me.go(LINES)
    yield "scenario, lines still to be set"
    me.go(LATE)
    yield "scenario, no clients"
    me.go(PORTFOLIO)
    yield "portfolio, no clients"
    me.go(LEARN)
    yield "learn, nothing done"
    me.go(START)


def _with_first_clients(me: Visit) -> Iterator[str]:
    me.add(FIRST, SECOND)
    row = me.client(FIRST)
    row.get_by_text(me.text("clients.more")).click()
    revenue = row.get_by_role("textbox", name=me.text("clients.fields.revenue"), exact=True)
    revenue.fill(NOT_A_NUMBER)
    revenue.press("Tab")
    expect(revenue).to_have_attribute("aria-invalid", "true")
    paste = me.page.get_by_role("textbox", name=me.text("clients.paste_label"), exact=True)
    if not paste.is_visible():
        me.page.get_by_text(me.text("clients.paste"), exact=True).click()
    paste.fill("x" * 300)
    me.page.get_by_role("button", name=me.text("clients.paste_add"), exact=True).click()
    expect(me.page.get_by_role("alert").filter(visible=True).first).to_be_visible()
    yield "start, clients, refused entries, asked whether to remember"
    own = me.words.language
    me.speak(next(one for one in load_content().languages if one != own))
    yield f"start, as before, switched from {own}"
    me.speak(own)
    me.page.evaluate("window.isHeld = true")
    press(me, "actions.undo")
    expect(me.page.get_by_text(me.text("waiting.working"))).to_be_visible()
    yield "start, an answer takes long"
    me.page.evaluate("window.letGo()")
    expect(me.page.get_by_text(me.text("waiting.working"))).to_have_count(0)
    press(me, "actions.redo")
    expect(me.client(SECOND)).to_be_visible()


def _remembered(me: Visit, url: str) -> Iterator[str]:
    press(me, "device.remember")
    expect(me.page.get_by_text(me.text("device.yes"))).to_be_visible()
    yield "start, remembered on this device"
    tab = Visit(me.page.context.new_page(), me.words.language)
    tab.arrive(f"{url}?lang={me.words.language}")
    rename(tab, FIRST, "Wren")
    expect(tab.page.locator("html[data-at-risk]")).to_have_count(0)
    rename(me, FIRST, "Kite")
    expect(me.page.get_by_text(me.text("keeping.clash"))).to_be_visible()
    tab.page.close()
    yield "start, changed in two tabs"
    press(me, "keeping.ours")
    expect(me.page.get_by_text(me.text("keeping.clash"))).to_have_count(0)
    me.page.evaluate(NO_ROOM)
    me.add("Quartz")
    expect(me.page.get_by_text(me.text("device.full"))).to_be_visible()
    yield "start, no room on this device"
    press(me, "device.forget")
    expect(me.page.get_by_text(me.text("device.erased"))).to_be_visible()
    yield "start, forgotten on this device"


def _with_the_sample(me: Visit) -> Iterator[str]:
    press(me, "file.load_sample")
    expect(me.page.get_by_text(me.text("file.sample"))).to_be_visible()
    yield "start, the example"
    for scenario in load_content().scenarios:
        yield from _scenario(me, scenario.id)
    yield from _portfolio(me)
    me.go(LEARN)
    yield "learn, the example"
    yield from _dropped(me)
    me.page.get_by_role("button", name=me.text("shell.hide"), exact=True).click()
    curtain = me.page.get_by_role("dialog")
    expect(curtain).to_be_visible()
    yield "hidden screen"
    curtain.get_by_role("button").click()


def _scenario(me: Visit, scenario: str) -> Iterator[str]:
    """Come past a scenario; in some of them something happens as well."""
    me.go(scenario)
    unfold(me)
    change = me.sweep(scenario).get_by_role("button", name=me.text("sweep.change"))
    if change.count():
        change.first.click()
        expect(me.sweep(scenario).locator("[aria-expanded=true]").first).to_be_visible()
    yield f"scenario {scenario}, all unfolded"
    place = me.practice()
    if scenario == LIES:
        place.get_by_role("button", name=me.text("practice.hint", place=1, count=2)).click()
        place.get_by_role("button", name=me.text("practice.check"), exact=True).click()
        expect(place.get_by_role("alert").first).to_be_visible()
        yield f"scenario {scenario}, a hint, an answer lacks"
        answer_practice(me, place, right=True)
        yield f"scenario {scenario}, answered rightly"
    if scenario == LATE:
        answer_practice(me, place, right=False)
        late = me.sweep(scenario).get_by_role("textbox", name=me.signal(LATE, "late")).first
        late.fill(NOT_A_NUMBER)
        late.press("Tab")
        expect(late).to_have_attribute("aria-invalid", "true")
        yield f"scenario {scenario}, answered wrongly, a refused entry"


def _portfolio(me: Visit) -> Iterator[str]:
    me.go(PORTFOLIO)
    me.grid().locator("[data-level=watch]").first.click()
    panel = me.page.locator(".ct-matrix-panel")
    rate = me.page.get_by_role("textbox", name=me.text("bar.facts.opportunity_rate"), exact=True)
    for field in (panel.get_by_role("textbox").first, rate):
        field.fill(NOT_A_NUMBER)
        field.press("Tab")
        expect(field).to_have_attribute("aria-invalid", "true")
    yield "portfolio, the example, an open cell, refused entries"
    panel.get_by_role("button", name=me.text("actions.close"), exact=True).click()
    expect(panel).to_have_count(0)
    me.page.get_by_role("textbox", name=me.text("matrix.filter")).fill("nobody")
    expect(me.grid().get_by_role("rowheader")).to_have_count(0)
    yield "portfolio, nobody found"


def _dropped(me: Visit) -> Iterator[str]:
    heading = me.page.get_by_role("heading", level=1)
    Drag(me.page, text="no file").drop(heading)
    said = me.page.locator(".ct-drop-said")
    expect(said).to_contain_text(me.text("file.is_no_file"))
    yield "learn, a refused drop"
    said.get_by_role("button").click()
    expect(said).to_have_count(0)


def _with_a_file(me: Visit, folder: Path) -> Iterator[str]:
    me.go(START)
    path = folder / "portfolio.json"
    path.write_text(json.dumps(portfolio()), "utf-8")
    me.open_file(path)
    unfold(me)
    yield "start, a file, result of the test"
    me.go(SAFETY)
    me.none(SAFETY)
    yield "scenario, none of the others"
    me.go(PORTFOLIO)
    see_plots(me)
    unfold(me)
    yield "portfolio, cards of every kind, plots, all unfolded"
    me.go(LEARN)
    unfold(me)
    see_plots(me)
    begin_test(me, "after")
    for lesson in load_content().lessons:
        expect(me.practice(lesson).locator("form")).to_be_visible()
    yield "learn, question of the test, progress, lessons"


def of_a_large_file(me: Visit, path: Path) -> Iterator[str]:
    """Come past what the page says while a large file is read, and when that is cancelled."""
    me.choose_file(path)
    expect(me.page.get_by_role("progressbar")).to_be_visible()
    yield "start, a large file is read"
    press(me, "actions.cancel")
    expect(me.page.get_by_text(me.text("file.cancelled", file=path.name))).to_be_visible()
    yield "start, a large file was cancelled"


# --- without its kernel ---------------------------------------------------------------------


def of_a_loss(me: Visit) -> Iterator[str]:
    """Come past what the page says when it has lost its server, and then its kernel."""
    banner = me.page.locator("#ct-lost")
    me.add(FIRST)
    me.page.context.set_offline(True)
    expect(banner).to_contain_text(me.text("page.away"))
    yield "server away"
    me.page.context.set_offline(False)
    expect(banner).to_be_hidden()
    me.page.evaluate(END_KERNEL)
    expect(banner).to_contain_text(me.text("page.held_means"))
    yield "kernel gone, answers held"
    banner.get_by_role("button").click()
    expect(banner).to_contain_text(me.text("page.refused"))
    yield "kernel gone, answers can't be taken along"
    with me.page.expect_download():
        banner.get_by_role("button").click()
    expect(banner).to_contain_text(me.text("page.downloaded"))
    yield "kernel gone, answers downloaded"


# --- what is done on the way ----------------------------------------------------------------


def unfold(me: Visit) -> None:
    """Unfold all but the list of steps, which the visitor goes by."""
    me.page.evaluate(UNFOLD)


def press(me: Visit, key: str) -> None:
    """Press the button with a text."""
    me.page.get_by_role("button", name=me.text(key), exact=True).first.click()


def rename(me: Visit, alias: str, new: str) -> None:
    """Give a client another alias."""
    name = me.text("clients.fields.alias")
    field = me.client(alias).get_by_role("textbox", name=name, exact=True)
    field.fill(new)
    field.press("Tab")
    expect(me.client(new)).to_be_visible()


def see_plots(me: Visit) -> None:
    """Scroll to every plot, and wait until it is drawn."""
    pictures = me.page.locator(".ct-picture")
    expect(pictures).not_to_have_count(0)
    for place in pictures.all():
        place.scroll_into_view_if_needed()
        expect(place.get_by_role("img")).to_be_visible()


def begin_test(me: Visit, when: str) -> None:
    """Begin a test, and wait for its first question."""
    test = me.test(when)
    test.get_by_role("button", name=me.text("test.begin"), exact=True).click()
    expect(test.locator("form")).to_be_visible()


def answer_practice(me: Visit, place: Locator, *, right: bool) -> None:
    """Answer the question that is asked, and wait for what is said to it."""
    story = place.locator("p.ct-lines").first.inner_text()
    content, language = load_content(), me.words.language
    [answer] = [
        item.answer
        for scenario in content.scenarios
        for item in content.quiz(scenario.id).items
        if item.stem[language].startswith(story)
    ]
    option = f"input[value={answer}]" if right else f"input:not([value={answer}])"
    asked, _ = place.locator("form").get_by_role("group").all()
    asked.locator(option).first.check()
    me.be_sure(place, 2)
    place.locator("form").get_by_role("button").last.click()
    said = me.text("practice.right" if right else "practice.not_yet")
    expect(place.get_by_role("heading", name=said)).to_be_visible()
    expect(place.get_by_role("heading", name=me.text("practice.worked"))).to_be_visible()


def portfolio() -> dict[str, Any]:
    """Make a file with a client for each kind of card, and with practice and a test."""
    content = load_content()
    items = {
        f"{scenario.id}/{item.id}": item
        for scenario in content.scenarios
        for item in content.quiz(scenario.id).items
    }
    asked = [ref for ref, item in items.items() if (item.pair, item.form) == (1, "A")]
    answers = {ref: _given(items[ref]) for ref in asked}
    weighed = {"records": {LATE: {"late": 4, "invoices": 5}}, "worth_keeping": True}
    review = {"on": "2026-01-02", "scenarios": [LATE], "look_again": "2026-02-02"}
    clients = [
        {"alias": "Harbor", "records": {SAFETY: {"incidents": 1}}, "exception": "income"},
        {"alias": "Maple", **weighed, "review": review, "revenue": "12000", "hours": "140"},
        {"alias": "Quartz", **weighed, "review": {**review, "scenarios": []}},
        {"alias": "Wren", "records": {LIES: {"confirmed": 1}}, "revenue": "900"},
        {"alias": "Kite", "records": {"legal-risk": {"exposed": "yes"}}},
        {"alias": "Client with an alias as long as one can write it, for all its columns"},
        {"alias": "물가의나라에서온아주긴이름의고객과그의동업자들"},
    ]
    return {
        "schema": "client-triage/portfolio@1",
        "currency": "USD",
        "bar": {LINES: {"lines": ["No calls after 22:00"], "crossings": 0}},
        "clients": [{"id": f"c{number}", **one} for number, one in enumerate(clients)],
        "practice": {ref: [answer] for ref, answer in answers.items()},
        "tests": {"before": {"form": "A", "items": asked, "answers": answers}},
    }


def _given(item: Any) -> dict[str, Any]:
    sure = {"confidence": 3, "hints": 0, "why": ""}
    return {"on": "2026-11-02", "item": item.fingerprint, "answer": item.answer, **sure}
