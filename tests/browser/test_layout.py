"""What a visitor sees at once, on a phone and on a wide screen, with few clients and with many."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from client_triage.domain import Level

from .steps import PORTFOLIO, Visit

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 800}
MANY, AT_FIRST = 230, 200  # clients; those that the matrix shows before more are asked for
MOST_OF_A_PHONE = 0.15  # that what stands around the steps may take


@pytest.fixture(scope="module", params=["en", "ko"])
def newcomer(request, lasting_page, app_server):
    """Give somebody with a phone who has just opened the page."""
    visitor = Visit(lasting_page(viewport=PHONE), request.param)
    visitor.arrive(f"{app_server}?lang={request.param}")
    return visitor


@pytest.fixture(scope="module")
def busy(lasting_page, app_server, tmp_path_factory):
    """Give somebody with many clients, at the portfolio; every tenth client is to be let go."""
    clients = [
        {
            "id": f"c{number}",
            "alias": f"Client {number}",
            "records": {"physical-abuse": {"incidents": int(number % 10 == 0)}},
        }
        for number in range(1, MANY + 1)
    ]
    path = tmp_path_factory.mktemp("many") / "many.json"
    portfolio = {"schema": "client-triage/portfolio@1", "clients": clients}
    path.write_text(json.dumps(portfolio), "utf-8")
    visitor = Visit(lasting_page(viewport=WIDE), "en")
    visitor.arrive(app_server)
    visitor.choose_file(path)
    said = visitor.page.locator(".ct-file").get_by_text(visitor.text("file.opened", count=MANY))
    expect(said).to_be_visible()
    visitor.go(PORTFOLIO)
    return visitor


class Wire:
    """What the page says to the server, which can be held back."""

    def __init__(self, page):
        self._held = None
        page.route_web_socket("**/channels**", self._connect)

    def hold(self):
        """Keep what is sent from now on."""
        self._held = []

    def release(self):
        """Send what was kept, and what comes."""
        held, self._held = self._held, None
        for message in held:
            self._server.send(message)

    def _connect(self, near):
        self._server = near.connect_to_server()
        near.on_message(self._carry)

    def _carry(self, message):
        if self._held is None:
            self._server.send(message)
        else:
            self._held.append(message)


def bottom(place):
    """Give where something ends, from the top of the page."""
    box = place.bounding_box()
    return box["y"] + box["height"]


def left(place):
    return place.bounding_box()["x"]


def rows(visitor):
    return visitor.grid().locator("tbody tr")


def search(visitor, text):
    visitor.page.get_by_role("textbox", name=visitor.text("matrix.filter")).fill(text)


# the first screen


def test_the_first_screen_of_a_phone_says_what_this_is_and_has_the_first_thing_to_do(newcomer):
    add = newcomer.page.get_by_role("button", name=newcomer.text("clients.add"))
    minutes = newcomer.page.get_by_text("10 minutes" if newcomer.words.language == "en" else "10분")
    for place in (newcomer.start(), minutes.first, newcomer.alias_field(), add):
        assert 0 < bottom(place) <= PHONE["height"]


def test_what_stands_around_the_steps_takes_little_of_a_phone(newcomer):
    header = newcomer.page.locator("header.ct-head").bounding_box()
    assert header["height"] <= MOST_OF_A_PHONE * PHONE["height"]


def test_nothing_is_offered_that_does_nothing_yet(newcomer):
    useless = newcomer.page.locator(".ct-step-start [aria-disabled=true], .ct-step-start :disabled")
    expect(useless).to_have_count(0)


def test_the_cases_before_the_start_are_offered_once_somebody_opens_them(newcomer):
    test = newcomer.test("before")
    begin = test.get_by_role("button", name=newcomer.text("test.begin"), exact=True)
    expect(begin).to_have_count(0)
    test.locator("summary").click()
    expect(begin).to_be_visible()
    expect(test.get_by_text(newcomer.text("test.offer_before", count=10))).to_be_visible()


def test_where_there_are_no_clients_yet_a_button_leads_to_where_one_adds_them(newcomer):
    start = newcomer.page.get_by_role("button", name=newcomer.text("actions.to_start"))
    for step in ("slow-pay", PORTFOLIO):
        newcomer.go(step)
        start.first.click()
        expect(newcomer.start()).to_be_focused()


def test_the_words_of_a_heading_stay_whole_on_a_phone(newcomer):
    newcomer.go("learn")
    heading = newcomer.progress().get_by_role("columnheader").nth(1)
    word = newcomer.text("progress.practice")
    lines = heading.evaluate(
        "(one) => { const range = document.createRange(); range.selectNodeContents(one);"
        " return new Set([...range.getClientRects()].map((line) => line.top)).size; }"
    )
    assert (heading.inner_text(), lines) == (word, 1)


# many clients


@pytest.mark.parametrize("screen", [PHONE, WIDE], ids=["phone", "wide"])
def test_headings_and_aliases_stay_in_sight_while_the_matrix_scrolls(busy, screen):
    busy.page.set_viewport_size(screen)
    search(busy, "")
    region = busy.page.locator(".ct-matrix-region")
    region.evaluate("(one) => { one.scrollTop = 2000; one.scrollLeft = 150; }")
    edge = region.bounding_box()
    heading = busy.grid().get_by_role("columnheader").nth(1)
    alias = rows(busy).nth(60).get_by_role("rowheader")
    assert abs(heading.bounding_box()["y"] - edge["y"]) <= 2
    assert abs(left(alias) - edge["x"]) <= 2
    region.evaluate("(one) => { one.scrollTop = one.scrollLeft = 0; }")


def test_all_scenarios_and_the_tally_fit_on_a_wide_screen(busy):
    busy.page.set_viewport_size(WIDE)
    region = busy.page.locator(".ct-matrix-region")
    assert region.evaluate("(one) => one.scrollWidth - one.clientWidth") == 0
    tally = busy.page.get_by_role("heading", name=busy.text("tally.title"), exact=True)
    assert left(tally) > left(region) + region.bounding_box()["width"]


def test_the_most_urgent_clients_come_first(busy):
    first = [row.split()[1] for row in busy.matrix()[1 : MANY // 10 + 2]]
    assert all(int(number) % 10 == 0 for number in first[:-1])
    assert int(first[-1]) % 10


def test_a_search_finds_clients_that_are_not_shown(busy):
    search(busy, f"Client {MANY - 1}")
    expect(busy.verdict(f"Client {MANY - 1}")).to_contain_text(busy.words.level(Level.CLEAR))
    expect(rows(busy)).to_have_count(1)


def test_a_long_list_is_shown_in_parts(busy):
    search(busy, "")
    expect(rows(busy)).to_have_count(AT_FIRST)
    shown = busy.text("matrix.showing", shown=AT_FIRST, count=MANY)
    expect(busy.page.get_by_text(shown)).to_be_visible()
    left_over = busy.text("matrix.more", count=MANY - AT_FIRST)
    busy.page.get_by_role("button", name=left_over, exact=True).click()
    expect(rows(busy)).to_have_count(MANY)
    expect(rows(busy).nth(AT_FIRST).locator(":focus")).to_have_count(1)


def test_a_search_that_finds_nobody_says_so_and_leads_back(busy):
    search(busy, "Nobody")
    expect(busy.page.get_by_text(busy.text("matrix.none_found"))).to_be_visible()
    busy.page.get_by_role("button", name=busy.text("matrix.all"), exact=True).click()
    expect(busy.page.get_by_role("textbox", name=busy.text("matrix.filter"))).to_be_focused()
    expect(rows(busy).first).to_be_visible()


# what takes long


def test_an_answer_that_takes_long_is_said_and_then_no_longer(lasting_page, app_server):
    page = lasting_page(viewport=PHONE)
    wire, visitor = Wire(page), Visit(page, "en")
    visitor.arrive(app_server)
    sign = page.locator(".ct-waiting")
    expect(sign).to_be_hidden()
    wire.hold()
    visitor.alias_field().press("Enter")
    expect(sign).to_have_text(visitor.text("waiting.working"))
    expect(sign).to_be_visible()
    assert page.get_by_role("status").and_(sign).count() == 1
    wire.release()
    expect(sign).to_be_hidden()
    expect(visitor.client(visitor.text("clients.suggested", letter="A"))).to_be_visible()


def test_a_large_file_can_be_cancelled_and_the_page_goes_on_meanwhile(
    endless, lasting_page, large_file
):
    visitor = Visit(lasting_page(viewport=PHONE), "en")
    visitor.arrive(endless)
    visitor.choose_file(large_file)
    file = visitor.page.locator(".ct-file")
    expect(file.get_by_text(visitor.text("file.opening", file=large_file.name))).to_be_visible()
    visitor.add("Heron")
    file.get_by_role("button", name=visitor.text("actions.cancel"), exact=True).click()
    expect(file.get_by_text(visitor.text("file.cancelled", file=large_file.name))).to_be_visible()
    expect(file.get_by_role("button", name=visitor.text("file.open"))).to_be_focused()
    expect(visitor.client("Heron")).to_be_visible()
