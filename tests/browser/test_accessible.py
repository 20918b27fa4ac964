"""Every state of the page: by the rules of WCAG 2.2 AA, by ear, and on narrow screens."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from . import states
from .steps import PORTFOLIO, Visit

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "ko")
WIDE, NARROW, NARROWEST, ZOOMED = 1280, 390, 320, 640  # ZOOMED is WIDE at 200 %
HEIGHT = 900
LEAST_TARGET = 24
TAB_STOPS = 25
LOOKS = tuple(product((NARROW, WIDE), ("light", "dark")))
ON_EVERY_PAGE = ("axe", "unnamed", "wide", "cut", "overlapping", "small")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "resultTypes": ["violations"],
    "reporter": "no-passes",  # to name what is right would take longer than to find what is wrong
    "preload": False,
}
VIOLATIONS = """async (options) => {
  const { violations } = await axe.run(document, options);
  const said = ({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`);
  return violations.flatMap(said);
}"""

# --- what the page is asked -----------------------------------------------------------------

SEEN = """
  const named = (one) => one.outerHTML.replace(/\\s+/g, " ").slice(0, 120);
  const unseen = ".ct-unseen, .ct-hidden, .ct-skip, svg, caption";
  const all = [...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(unseen));
  const region = "[role=region][tabindex='0']";
"""
# A table of data may be wider than the screen, in a region that scrolls by keyboard as well.
TOO_WIDE = f"""() => {{{SEEN}
  const {{ scrollWidth, clientWidth }} = document.scrollingElement;
  const page = scrollWidth > clientWidth ? [`the page: ${{scrollWidth}}`] : [];
  const beyond = all.filter((one) => !one.parentElement.closest(region)).filter((one) => {{
    const {{ left, right }} = one.getBoundingClientRect();
    return left < -1 || right > clientWidth + 1;
  }});
  return [...page, ...beyond.map(named)];
}}"""
CUT = f"""() => {{{SEEN}
  const scrolls = `input, select, textarea, ${{region}}`;
  return all.filter((one) => !one.matches(scrolls)).filter((one) => {{
    const {{ overflowX, overflowY }} = getComputedStyle(one);
    const isWide = overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1;
    const isHigh = /hidden|clip/.test(overflowY) && one.scrollHeight > one.clientHeight + 1;
    return isWide || isHigh;
  }}).map(named);
}}"""
# What can be pressed, each with its label, and with as much of it as the boxes around let show.
PRESSED = f"""{SEEN}
  const kinds = "a[href], button, summary, input, select, textarea";
  const top = document.querySelector("dialog[open], .ct-drop-said") ?? document.body;
  const boxOf = (one) => (one.closest("label") ?? one).getBoundingClientRect();
  const shown = (one) => {{
    let {{ left, top, right, bottom }} = boxOf(one);
    for (let at = one.parentElement; at !== document.body; at = at.parentElement) {{
      if (getComputedStyle(at).overflow === "visible") continue;
      const outer = at.getBoundingClientRect();
      [left, top] = [Math.max(left, outer.left), Math.max(top, outer.top)];
      [right, bottom] = [Math.min(right, outer.right), Math.min(bottom, outer.bottom)];
    }}
    return {{ one, left, top, right, bottom }};
  }};
  const pressed = all.filter((one) => one.matches(kinds) && top.contains(one));
"""
OVERLAPPING = f"""() => {{{PRESSED}
  const boxes = pressed.map(shown);
  return boxes.flatMap((one, place) => boxes.slice(place + 1).filter((other) => {{
    const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    return across > 1 && down > 1;
  }}).map((other) => `${{named(one.one)}} and ${{named(other.one)}}`));
}}"""
# A link within a sentence may be as high as its line.
TOO_SMALL = f"""(least) => {{{PRESSED}
  return pressed.filter((one) => getComputedStyle(one).display !== "inline").filter((one) => {{
    const {{ width, height }} = boxOf(one);
    return width < least || height < least;
  }}).map(named);
}}"""
# The caption of a plot's table is its finding.
UNSAID = """() => [...document.querySelectorAll("figure:has([role=img])")].filter((one) => {
  const name = one.querySelector("[role=img]").getAttribute("aria-label") ?? "";
  const finding = one.querySelector("table > caption")?.textContent.trim();
  return !finding || !name.includes(finding) || !one.querySelector("tbody th[scope=row]");
}).map((one) => one.textContent.slice(0, 80))"""
MOVED = """window.moved = [];
for (const kind of ["animationstart", "transitionrun"]) {
  addEventListener(kind, ({ target, animationName, propertyName }) => {
    window.moved.push(`${animationName ?? propertyName}: ${target.outerHTML.slice(0, 120)}`);
  }, true);
}"""
LEVELS = """() => [...document.querySelectorAll(".ct-level, td > [data-level]")].map((one) => {
  const { borderStyle, borderColor, backgroundColor } = getComputedStyle(one);
  const isEdged = borderStyle === "solid" && borderColor !== backgroundColor;
  return [one.dataset.level, one.textContent.trim().replace(/\\s+/g, " "), isEdged];
})"""
EDGELESS = f"""() => {{{SEEN}
  const paper = getComputedStyle(document.body).backgroundColor;
  const kinds = "button, input[type=text], input[type=date], select, textarea";
  return all.filter((one) => one.matches(kinds)).filter((one) => {{
    const style = getComputedStyle(one);
    const isEdged = style.borderStyle === "solid" && style.borderColor !== paper;
    return !isEdged && !style.textDecorationLine.includes("underline");
  }}).map(named);
}}"""
IS_FOCUS_MARKED = """() => {
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(document.activeElement);
  const paper = getComputedStyle(document.body).backgroundColor;
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && outlineColor !== paper;
}"""

# Roles of Chromium's accessibility tree.
OPERATED = {"button", "link", "radio", "checkbox", "textbox", "combobox", "DisclosureTriangle"}
NAMED = OPERATED | {"image", "table", "grid", "region", "navigation", "dialog"}
GROUPS = {"group", "radiogroup"}


class Walk:
    """A walk past states of the page in a language, and what was wrong with them."""

    def __init__(self, me: Visit) -> None:
        self.me = me
        self._faults: dict[str, list[str]] = defaultdict(list)
        self._devtools = me.page.context.new_cdp_session(me.page)

    def past(self, walked: Iterator[str]) -> None:
        """Look at each state."""
        for state in walked:
            self._look(state)

    def faults(self, kind: str) -> str:
        """Give what was wrong, a line each."""
        return "\n".join(self._faults[kind])

    def _look(self, state: str) -> None:
        page = self.me.page
        tree = self._devtools.send("Accessibility.getFullAXTree")["nodes"]
        self._note("unnamed", unnamed(tree), state)
        self._note("unsaid", page.evaluate(UNSAID), state)
        self._note("moved", page.evaluate("window.moved.splice(0)"), state)
        for width, scheme in LOOKS:
            self._resize(width)
            page.emulate_media(color_scheme=scheme)
            if not page.evaluate("Boolean(window.axe)"):
                page.evaluate(AXE)
            found = page.evaluate(VIOLATIONS, OPTIONS)
            self._note("axe", found, state, f"{width} px", scheme)
            self._note("small", page.evaluate(TOO_SMALL, LEAST_TARGET), state, f"{width} px")
        for width in (ZOOMED, NARROWEST):
            self._resize(width)
            for kind, script in (("wide", TOO_WIDE), ("cut", CUT), ("overlapping", OVERLAPPING)):
                self._note(kind, page.evaluate(script), state, f"{width} px")
        self._resize(WIDE)

    def _resize(self, width: int) -> None:
        self.me.page.set_viewport_size({"width": width, "height": HEIGHT})

    def _note(self, kind: str, found: list[str], *where: str) -> None:
        place = ", ".join((self.me.words.language, *where))
        self._faults[kind] += [f"{place}: {one}" for one in found]


def unnamed(tree: list[dict[str, Any]]) -> list[str]:
    """Say what has no name in an accessibility tree, and which choices no question."""
    nodes = {node["nodeId"]: node for node in tree}
    found = []
    for node in tree:
        role, name = told(node)
        if role in NAMED and not name:
            found.append(f"{role} without a name")
        groups = {told(one)[1] for one in ancestors(node, nodes) if told(one)[0] in GROUPS}
        if role == "radio" and not any(groups):
            found.append(f"{name}: a choice without its question")
    return found


def told(node: dict[str, Any]) -> tuple[str, str]:
    """Give role and name as a screen reader is told them."""
    role, name = (node.get(key, {}).get("value", "") for key in ("role", "name"))
    return ("", "") if node["ignored"] else (role, name.strip())


def ancestors(node, nodes):
    """Give what is around a node."""
    while node := nodes.get(node.get("parentId")):
        yield node


@pytest.fixture(scope="module")
def full(serve_notebook):
    """Serve the page to nobody: it has no room."""
    return serve_notebook(most=0)


@pytest.fixture(scope="module", params=LANGUAGES)
def walk(request, lasting_page, app_server, full, tmp_path_factory):
    """Walk past all states once in a language."""
    page = lasting_page(reduced_motion="reduce", viewport={"width": WIDE, "height": HEIGHT})
    for script in (states.NO_CHANNEL, states.HELD_WHEN_TOLD, MOVED):
        page.context.add_init_script(script)
    walk = Walk(Visit(page, request.param))
    walk.past(states.of_the_shell(walk.me, app_server, full))
    walk.past(states.of_the_app(walk.me, app_server, tmp_path_factory.mktemp("visitor")))
    return walk


def expect_none(walk, *kinds):
    faults = "\n".join(filter(None, map(walk.faults, kinds)))
    assert not faults, faults


def test_axe_finds_nothing_against_wcag_nor_against_best_practices(walk):
    expect_none(walk, "axe")


def test_all_that_is_operated_has_a_name_and_every_choice_the_name_of_its_question(walk):
    expect_none(walk, "unnamed")


def test_every_plot_is_a_picture_whose_name_says_the_finding_and_a_table_has_its_figures(walk):
    expect_none(walk, "unsaid")


def test_nothing_but_a_table_scrolls_sideways_at_200_percent_or_on_320_pixels(walk):
    expect_none(walk, "wide")


def test_nothing_is_cut_off_at_200_percent_or_on_320_pixels(walk):
    expect_none(walk, "cut")


def test_nothing_that_can_be_pressed_lies_over_another(walk):
    expect_none(walk, "overlapping")


def test_everything_that_can_be_pressed_is_at_least_24_pixels_wide_and_high(walk):
    expect_none(walk, "small")


def test_nothing_moves_for_whoever_wants_less_motion(walk):
    expect_none(walk, "moved")


@pytest.fixture(scope="module")
def forced(walk):
    """Give the visitor with colours forced, at the portfolio."""
    walk.me.page.emulate_media(forced_colors="active")
    walk.me.go(PORTFOLIO)
    expect(walk.me.grid()).to_be_visible()
    yield walk.me
    walk.me.page.emulate_media(forced_colors="none")


def test_with_colours_forced_the_levels_are_told_apart_by_sign_and_word_in_a_border(forced):
    texts = defaultdict(set)
    for level, text, is_edged in forced.page.evaluate(LEVELS):
        texts[level].add(text)
        assert is_edged, text
    assert len(texts) > 4
    assert all(len(text) == 1 for text in texts.values())
    assert len(set.union(*texts.values())) == len(texts)


def test_with_colours_forced_every_field_and_button_has_an_edge(forced):
    assert forced.page.evaluate(EDGELESS) == []


def test_with_colours_forced_the_focus_is_marked_at_every_stop(forced):
    for _ in range(TAB_STOPS):
        forced.page.keyboard.press("Tab")
        assert forced.page.evaluate(IS_FOCUS_MARKED), forced.page.locator(":focus")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_page_says_while_a_large_file_is_read_is_as_accessible(
    lasting_page, endless, large_file, language
):
    me = Visit(lasting_page(viewport={"width": WIDE, "height": HEIGHT}), language)
    me.page.context.add_init_script(MOVED)
    me.arrive(f"{endless}?lang={language}")
    walk = Walk(me)
    walk.past(states.of_a_large_file(me, large_file))
    expect_none(walk, *ON_EVERY_PAGE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_page_says_of_a_loss_is_as_accessible(chromium, app_server, language):
    # Not `page`: the browser logs what these losses make fail.
    context = chromium.new_context(locale="en-US", viewport={"width": WIDE, "height": HEIGHT})
    context.add_init_script(MOVED)
    context.add_init_script(states.NO_TAB_STORAGE)
    try:
        me = Visit(context.new_page(), language)
        me.arrive(f"{app_server}?lang={language}")
        walk = Walk(me)
        walk.past(states.of_a_loss(me))
    finally:
        context.close()
    expect_none(walk, *ON_EVERY_PAGE)
