"""How the page looks where that can be told: on paper, in the dark, with colours forced."""

import pytest
from playwright.sync_api import expect

from .steps import PORTFOLIO, Visit

pytestmark = pytest.mark.browser

SCREEN = {"width": 1280, "height": 900}
A4 = {"width": 680, "height": 962}  # without its margins, at 96 pixels an inch
DARKEST = 60  # of 255
CUT = """[...document.querySelectorAll(".ct *:not(.ct-unseen, caption)")].filter((one) =>
  one.checkVisibility() && getComputedStyle(one).overflow !== "visible" &&
  (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
).map((one) => one.outerHTML.slice(0, 200))"""
BRIGHTNESS = """(selector) => {
  const colour = getComputedStyle(document.querySelector(selector)).backgroundColor;
  return Math.max(...colour.match(/\\d+/g).slice(0, 3).map(Number));
}"""
SHEETS = "document.querySelectorAll('style[id^=client_triage]').length"


@pytest.fixture(scope="module")
def visitor(lasting_page, app_server):
    """Give a visitor who stays for several tests, in the portfolio of the made-up clients."""
    visitor = Visit(lasting_page(), "en")
    visitor.arrive(app_server)
    visitor.page.get_by_role("button", name=visitor.text("file.load_sample")).click()
    visitor.go(PORTFOLIO)
    expect(visitor.grid()).to_be_visible()
    return visitor


@pytest.fixture
def portfolio(visitor):
    """Return a function that shows the portfolio on a screen, or on paper; then as it was."""

    def shown(size=SCREEN, **media):
        visitor.page.set_viewport_size(size)
        visitor.page.emulate_media(**media)
        return visitor

    yield shown
    shown(media="null", color_scheme="null", forced_colors="null")


def test_the_portfolio_fits_on_paper_and_has_nothing_to_press(portfolio):
    visitor = portfolio(A4, color_scheme="dark", media="print")
    assert visitor.page.evaluate("document.scrollingElement.scrollWidth") <= A4["width"]
    assert visitor.page.evaluate(CUT) == []
    expect(visitor.page.get_by_role("navigation")).to_be_hidden()
    outside = visitor.page.locator("button:visible:not(td > button), input:visible, select:visible")
    expect(outside).to_have_count(0)
    assert visitor.page.evaluate(BRIGHTNESS, ".ct") > 255 - DARKEST
    heading = visitor.grid().get_by_role("columnheader").last.bounding_box()
    cell = visitor.grid().get_by_role("gridcell").last.bounding_box()
    assert heading["y"] + heading["height"] <= cell["y"]
    assert cell["x"] <= heading["x"] + 1 <= cell["x"] + cell["width"]


def test_the_page_and_its_views_are_dark_where_the_visitor_wants_that(portfolio):
    visitor = portfolio(color_scheme="dark")
    for place in ("body", ".ct", ".ct input"):
        assert visitor.page.evaluate(BRIGHTNESS, place) < DARKEST


def test_the_style_sheet_of_all_views_arrives_once(portfolio):
    assert portfolio().page.evaluate(SHEETS) == 1


def test_the_tally_stands_beside_the_matrix_on_a_wide_screen_and_under_it_on_a_phone(portfolio):
    visitor = portfolio()
    matrix = visitor.page.locator(".ct-matrix-region")
    tally = visitor.page.get_by_role("region", name=visitor.text("tally.caption"))
    wide = matrix.bounding_box(), tally.bounding_box()
    assert wide[0]["x"] + wide[0]["width"] <= wide[1]["x"]
    assert wide[1]["y"] < wide[0]["y"] + wide[0]["height"]
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    narrow = matrix.bounding_box(), tally.bounding_box()
    assert narrow[0]["y"] + narrow[0]["height"] <= narrow[1]["y"]


def test_with_colours_forced_the_chosen_language_and_the_open_cell_stand_out(portfolio):
    visitor = portfolio(forced_colors="active")
    look = "(one) => { const s = getComputedStyle(one); return s.backgroundColor + s.borderColor; }"
    chosen, other = visitor.page.locator(".ct-languages button").all()
    assert chosen.evaluate(look) != other.evaluate(look)
    visitor.grid().get_by_role("button").first.click()
    cells = visitor.grid().locator("td > button")
    expect(visitor.grid().locator("[aria-current]")).to_be_visible()
    assert cells.first.evaluate(look) != cells.nth(1).evaluate(look)
    visitor.page.keyboard.press("Escape")
    expect(visitor.grid().locator("[aria-current]")).to_have_count(0)
