"""Remember on this device: what a real browser stores, gives back, refuses to store, forgets."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from client_triage.domain import Level
from client_triage.store import loads

from .steps import PORTFOLIO, START, Visit

pytestmark = pytest.mark.browser

RIVALS = "plays-competitors"
RECORDS = """async () => {
  const named = await indexedDB.databases();
  if (!named.some(({ name }) => name === "client-triage/device@1")) return [];
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("client-triage/device@1");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const asked = opening.result.transaction("pages").objectStore("pages").getAll();
      asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
    };
  });
}"""
IS_STORED = f"""async (part) => {{
  const records = await ({RECORDS})();
  return records.some(({{ text }}) => text.includes(part));
}}"""
NO_DATABASE = "Object.defineProperty(window, 'indexedDB', { value: undefined })"
CLOSED_DATABASE = """IDBFactory.prototype.open = () => {
  throw new DOMException("The operation is insecure.", "SecurityError");
};"""
SILENT_DATABASE = "IDBFactory.prototype.open = () => ({});"
FULL_DATABASE = """const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...given) {
  if (window.hasRoom) return put.apply(this, given);
  throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
};"""
NO_CHANNEL = "delete window.BroadcastChannel"
STORE = """(text) => new Promise((resolve) => {
  const opening = indexedDB.open("client-triage/device@1", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("pages");
  opening.onsuccess = () => {
    const all = opening.result.transaction("pages", "readwrite");
    const key = location.origin + location.pathname;
    all.objectStore("pages").put({ text, saved_at: "long ago", consent: true }, key);
    all.oncomplete = () => { opening.result.close(); resolve(); };
  };
})"""
KAKAOTALK = "Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile Safari/537.36 KAKAOTALK 11.0"


def button(me, key):
    """Give a button of the view."""
    return view(me).get_by_role("button", name=me.text(f"device.{key}"), exact=True)


def view(me):
    return me.page.get_by_role("region", name=me.text("device.title"), exact=True)


def question(me):
    return me.page.get_by_role("heading", name=me.text("device.question"), exact=True)


def said(me, key, **figures):
    return view(me).get_by_text(me.text(f"device.{key}", **figures))


def remember(me):
    button(me, "remember").click()
    expect(said(me, "yes")).to_be_visible()


def stored(me, part):
    """Wait until the browser has stored a text with this part."""
    me.page.wait_for_function(IS_STORED, arg=part)


def reload(me, url=None):
    """Load the page again without being asked anything, and wait until one can begin."""
    asked = []
    me.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    expect(me.page.locator("html[data-at-risk]")).to_have_count(0)
    me.page.goto(url) if url else me.page.reload()
    expect(me.alias_field()).to_be_visible()
    assert asked == []


def rename(me, alias, new):
    """Give a client another alias."""
    row = me.client(alias)
    field = row.get_by_role("textbox", name=me.text("clients.fields.alias"), exact=True)
    if not field.is_visible():
        row.locator("summary").click()
    field.fill(new)
    field.press("Tab")
    expect(me.client(new)).to_be_visible()


def second_tab(me, url):
    """Open another tab of the same visitor."""
    tab = Visit(me.page.context.new_page(), me.words.language)
    tab.arrive(url)
    return tab


@pytest.fixture
def prepared(page, app_server):
    """Return a function that opens the app in a browser that a script changed before."""

    def arrive(script, **options):
        visitor = Visit(page(**options), "en")
        visitor.page.add_init_script(script)
        visitor.arrive(app_server)
        return visitor

    return arrive


@pytest.fixture
def earlier(page, app_server):
    """Return a function that opens the app where a text was stored earlier."""

    def arrive(text):
        visitor = Visit(page(), "en")
        visitor.arrive(app_server)
        visitor.page.evaluate(STORE, text)
        visitor.arrive(app_server)
        return visitor

    return arrive


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_after_a_yes_a_reload_loses_nothing(visit, lang):
    me = visit(lang)
    me.add("Harbor", "Maple")
    remember(me)
    me.go(RIVALS)
    me.answer(RIVALS, "Harbor", "yes")
    me.none(RIVALS)
    me.go(PORTFOLIO)
    no_longer_worth_it(me, "Harbor")
    before = me.matrix()
    stored(me, '"worth_keeping": false')
    reload(me)
    expect(said(me, "back", count=2)).to_be_visible()
    expect(question(me)).to_have_count(0)
    me.go(PORTFOLIO)
    expect(me.verdict("Harbor")).to_contain_text(me.words.level(Level.FIRE))
    assert me.matrix() == before


def no_longer_worth_it(me, alias):
    """Decide on a client that is to be weighed."""
    worth = me.card(alias).get_by_role("group", name=re.compile(re.escape(me.text("cards.worth"))))
    worth.get_by_role("radio", name=me.text("cards.answers.no"), exact=True).check()
    expect(me.verdict(alias)).to_contain_text(me.words.level(Level.FIRE))


def test_the_language_in_the_address_wins_over_the_stored_one(visit, app_server):
    me = visit("ko")
    me.add("Harbor")
    remember(me)
    reload(Visit(me.page, "en"), f"{app_server}?lang=en")
    me = Visit(me.page, "en")
    expect(said(me, "back", count=1)).to_be_visible()
    expect(me.page.locator("html")).to_have_attribute("lang", "en")


def test_without_a_language_in_the_address_the_stored_one_is_spoken(visit, app_server):
    me = visit("ko")
    me.add("Harbor")
    remember(me)
    me.page.goto(app_server)
    expect(said(me, "back", count=1)).to_be_visible()
    expect(me.page.locator("html")).to_have_attribute("lang", "ko")


@pytest.mark.parametrize("answer", [None, "decline"])
def test_without_a_yes_nothing_is_stored(visit, answer):
    me = visit()
    expect(question(me)).to_have_count(0)
    me.add("Harbor")
    expect(question(me)).to_be_visible()
    if answer:
        button(me, answer).click()
        expect(said(me, "no")).to_be_visible()
        expect(question(me)).to_have_count(0)
    me.go(PORTFOLIO)
    assert me.page.evaluate("indexedDB.databases()") == []
    assert me.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_a_no_can_become_a_yes(visit):
    me = visit()
    me.add("Harbor")
    button(me, "decline").click()
    button(me, "turn_on").click()
    stored(me, "Harbor")
    expect(said(me, "yes")).to_be_visible()


def test_forgetting_erases_everything_and_leaves_the_screen_as_it_is(visit):
    me = visit()
    me.add("Harbor")
    remember(me)
    button(me, "forget").click()
    expect(said(me, "erased")).to_be_visible()
    expect(me.client("Harbor")).to_be_visible()
    assert me.page.evaluate("indexedDB.databases()") == []
    me.add("Maple")
    me.page.on("dialog", lambda dialog: dialog.accept())
    me.page.reload()
    expect(me.alias_field()).to_be_visible()
    expect(me.page.get_by_text("Harbor")).to_have_count(0)
    assert me.page.evaluate("indexedDB.databases()") == []


def test_forgetting_leaves_what_other_pages_of_the_same_address_stored(visit):
    me = visit()
    me.page.evaluate(STORE.replace("location.pathname", "'/other/'"), "theirs")
    me.add("Harbor")
    remember(me)
    button(me, "forget").click()
    expect(said(me, "erased")).to_be_visible()
    assert [record["text"] for record in me.page.evaluate(RECORDS)] == ["theirs"]


def test_the_page_forgets_even_when_its_kernel_is_gone(visit):
    me = visit()
    me.add("Harbor")
    remember(me)
    me.page.evaluate("WebSocket.prototype.send = () => {}")
    button(me, "forget").click()
    me.page.wait_for_function("indexedDB.databases().then((all) => all.length === 0)")


@pytest.mark.parametrize("script", [NO_DATABASE, CLOSED_DATABASE, SILENT_DATABASE])
def test_where_nothing_can_be_stored_this_is_said_and_work_goes_on(prepared, script, tmp_path):
    me = prepared(script)
    expect(said(me, "blocked")).to_be_visible()
    me.add("Harbor")
    expect(question(me)).to_have_count(0)
    file = me.download(tmp_path / "portfolio.json")
    assert [client.alias for client in loads(file.read_text("utf-8")).clients] == ["Harbor"]


def test_a_full_browser_is_said_and_tried_again_with_the_next_change(prepared):
    me = prepared(FULL_DATABASE)
    me.add("Harbor")
    button(me, "remember").click()
    expect(said(me, "full")).to_be_visible()
    expect(me.page.locator("html[data-at-risk]")).to_have_count(1)
    me.page.evaluate("window.hasRoom = true")
    me.add("Maple")
    expect(said(me, "yes")).to_be_visible()
    stored(me, "Maple")


def test_what_a_newer_version_stored_is_refused_kept_and_can_be_downloaded(earlier, tmp_path):
    newer = json.dumps({"schema": "client-triage/portfolio@9", "clients": [{"id": "c1"}]})
    me = earlier(newer)
    expect(said(me, "refused")).to_be_visible()
    expect(view(me)).to_contain_text("portfolio.json")
    me.add("Harbor")
    with me.page.expect_download() as download:
        button(me, "download").click()
    download.value.save_as(tmp_path / "portfolio.json")
    assert (tmp_path / "portfolio.json").read_text("utf-8") == newer
    assert [record["text"] for record in me.page.evaluate(RECORDS)] == [newer]
    button(me, "forget").click()
    expect(said(me, "erased")).to_be_visible()
    assert me.page.evaluate(RECORDS) == []


def test_two_visitors_never_share_what_is_remembered(visit):
    one, other = visit(), visit()
    one.add("Harbor-of-one")
    remember(one)
    reload(other)
    expect(other.page.get_by_text("Harbor-of-one")).to_have_count(0)
    assert b"Harbor-of-one" not in b"".join(other.received)


def test_two_tabs_show_and_store_what_either_changed(visit, app_server):
    me = visit()
    me.add("Harbor")
    remember(me)
    tab = second_tab(me, app_server)
    expect(said(tab, "back", count=1)).to_be_visible()
    tab.add("Maple")
    expect(me.client("Maple")).to_be_visible()
    expect(me.page.get_by_text(me.text("keeping.taken_over_tab"))).to_be_visible()
    me.add("Quartz")
    expect(tab.client("Quartz")).to_be_visible()
    stored(me, "Maple")
    stored(me, "Quartz")


def test_tabs_that_hear_nothing_of_each_other_bring_their_changes_together(prepared, app_server):
    me = prepared(NO_CHANNEL)
    me.add("Harbor")
    remember(me)
    tab = second_tab(me, app_server)
    expect(said(tab, "back", count=1)).to_be_visible()
    tab.add("Maple")
    stored(tab, "Maple")
    me.add("Quartz")
    expect(me.client("Maple")).to_be_visible()
    stored(me, "Quartz")
    stored(me, "Maple")


@pytest.mark.parametrize(
    ("choice", "kept", "gone"), [("ours", "Kite", "Wren"), ("theirs", "Wren", "Kite")]
)
def test_a_client_that_two_tabs_changed_is_asked_about(prepared, app_server, choice, kept, gone):
    me = prepared(NO_CHANNEL)
    me.add("Harbor")
    remember(me)
    tab = second_tab(me, app_server)
    expect(said(tab, "back", count=1)).to_be_visible()
    rename(tab, "Harbor", "Wren")
    stored(tab, "Wren")
    rename(me, "Harbor", "Kite")
    expect(me.page.get_by_text(me.text("keeping.clash"))).to_be_visible()
    assert "Wren" in me.page.evaluate(RECORDS)[0]["text"]  # until one has chosen
    me.page.get_by_role("button", name=me.text(f"keeping.{choice}"), exact=True).click()
    expect(me.client(kept)).to_be_visible()
    expect(me.client(gone)).to_have_count(0)
    stored(me, kept)
    me.page.get_by_role("button", name=me.text("actions.undo"), exact=True).first.click()
    expect(me.client(gone)).to_be_visible()


def test_a_reload_keeps_what_can_be_taken_back_and_made_again(visit):
    me = visit()
    me.add("Harbor", "Maple")
    me.page.get_by_role("button", name=me.text("actions.undo"), exact=True).first.click()
    expect(me.client("Maple")).to_have_count(0)
    remember(me)
    reload(me)
    expect(me.client("Harbor")).to_be_visible()
    me.page.get_by_role("button", name=me.text("actions.redo"), exact=True).first.click()
    expect(me.client("Maple")).to_be_visible()
    me.page.get_by_role("button", name=me.text("actions.undo"), exact=True).first.click()
    me.page.get_by_role("button", name=me.text("actions.undo"), exact=True).first.click()
    expect(me.client("Harbor")).to_have_count(0)


def test_forgetting_leaves_no_step_to_take_back(visit):
    me = visit()
    me.add("Harbor")
    remember(me)
    button(me, "forget").click()
    expect(said(me, "erased")).to_be_visible()
    undo = me.page.get_by_role("button", name=me.text("actions.undo"), exact=True).first
    expect(undo).to_have_attribute("aria-disabled", "true")


def test_what_one_tab_forgot_the_other_does_not_store_again(visit, app_server):
    me = visit()
    me.add("Harbor")
    remember(me)
    tab = second_tab(me, app_server)
    expect(said(tab, "back", count=1)).to_be_visible()
    button(tab, "forget").click()
    expect(said(tab, "erased")).to_be_visible()
    me.add("Quartz")
    expect(said(me, "erased_elsewhere")).to_be_visible()
    assert me.page.evaluate("indexedDB.databases()") == []


def test_inside_another_app_the_page_says_to_open_it_in_the_phones_own_browser(visit):
    me = visit(user_agent=KAKAOTALK)
    expect(said(me, "in_app")).to_be_visible()


def test_in_a_browser_of_its_own_the_page_says_nothing_of_apps(visit):
    expect(said(visit(), "in_app")).to_have_count(0)


def test_the_question_is_answered_by_keyboard_and_the_focus_stays(visit):
    me = visit()
    me.add("Harbor")
    button(me, "remember").focus()
    me.page.keyboard.press("Enter")
    expect(said(me, "yes")).to_be_visible()
    inside = "view => view.contains(document.activeElement)"
    assert view(me).evaluate(inside)
    me.page.keyboard.press("Tab")
    expect(button(me, "forget")).to_be_focused()


def test_the_state_is_the_same_at_the_start_and_in_the_portfolio(visit):
    me = visit()
    me.add("Harbor")
    remember(me)
    me.go(PORTFOLIO)
    expect(said(me, "yes")).to_be_visible()
    button(me, "forget").click()
    me.go(START)
    expect(said(me, "erased")).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_phone_needs_no_scrolling_sideways(visit, lang):
    me = visit(lang, viewport={"width": 390, "height": 844}, user_agent=KAKAOTALK)
    me.add("Harbor")
    expect(question(me)).to_be_visible()
    width = "[document.documentElement.scrollWidth, innerWidth]"
    for press in (None, "remember", "forget"):
        if press:
            button(me, press).click()
            expect(button(me, press)).to_have_count(0)
        needed, there = me.page.evaluate(width)
        assert needed <= there
