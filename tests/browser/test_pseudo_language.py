"""A third language in which every text is accented and longer: what is not, is written in the code.

Nobody speaks it: `Start` is `Šţàŕţ öñé`. It shows that no text is hard-coded, and that a language
that takes 40 % more room leaves nothing cut off.
"""

from __future__ import annotations

import re
import shutil
from itertools import cycle

import pytest
from playwright.sync_api import expect

from client_triage.cli import main
from client_triage.content import CONTENT_VARIABLE, content_folder
from client_triage.content.marks import MARK

from .steps import PORTFOLIO, START, Visit

pytestmark = pytest.mark.browser

LANGUAGE = "en-AU"  # its tag has to be one that Babel knows
PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ACCENTED = "ÀƁÇÐÉƑĜĤÎĴĶĻḾÑÖÞǪŔŠŢÛṼŴẊÝŽàƀçđéƒĝĥîĵķļḿñöþǫŕšţûṽŵẋýž"
LONGER = 0.4
MORE_WORDS = ("öñé", "ţŵö", "ţĥŕéé", "ƒöûŕ")
# Figures, what a backslash begins, code, addresses of links, and what is no text.
KEPT = re.compile(r"\{[^}]*\}|\\.|`[^`]*`|\]\([^)]*\)|^\W+$")
WIDTHS = (1280, 390)
ALIAS, SCENARIO = "4711", "slow-pay"

# What is the same in every language, or written by Babel.
ALLOWED = re.compile(
    r"""(?x)
    English | Australia | \band\b
    | portfolio\.json | client-triage\.ics | \.ics
    | \b(?:January|February|March|April|May|June|July)\b
    | \b(?:August|September|October|November|December)\b
    | \bUSD? | \b(?:\w+\.)+(?:kr|uk|gov|org|com|net|us|au|ca|go|int)\b(?:/[\w./-]*)?
    """
)

SEEN = """
() => {
  const seen = new Set();
  const root = document.getElementById("content") ?? document.body;
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const add = (text) => text?.trim() && seen.add(text.trim().replace(/\\s+/g, " "));
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const around = walk.currentNode.parentElement;
    if (!around || around.closest("script, style, svg, code")) continue;
    if (around.closest("select") ? shown(around.closest("select")) : shown(around)) {
      // The names of currencies are Babel's.
      if ((around.closest("select")?.options.length ?? 0) < 100) add(walk.currentNode.data);
    }
  }
  for (const element of root.querySelectorAll("*")) {
    if (!shown(element)) continue;
    for (const name of ["aria-label", "title", "placeholder", "alt", "aria-description"]) {
      add(element.getAttribute(name));
    }
  }
  add(document.title);
  return [...seen];
}
"""

CUT = """
() => {
  const wrong = [];
  const say = (problem, { tagName, className, textContent }) => {
    const text = textContent.trim().slice(0, 60);
    wrong.push(`${problem}: <${tagName.toLowerCase()} class="${className}"> ${text}`);
  };
  const scrolls = (element) => {
    for (let at = element; at; at = at.parentElement) {
      if (at !== document.body && /auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };
  const page = document.scrollingElement;
  if (page.scrollWidth > innerWidth + 1) wrong.push("the page scrolls sideways");
  for (const element of document.querySelectorAll(".ct *")) {
    if (!element.checkVisibility() || element.closest("svg, .ct-unseen, select")) continue;
    const style = getComputedStyle(element);
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || style.display === "inline" || style.clipPath !== "none") continue;
    const box = element.getBoundingClientRect();
    if (box.right > innerWidth + 1 && !scrolls(element)) say("off the screen", element);
    const wide = element.scrollWidth > element.clientWidth + 1;
    const high = element.scrollHeight > element.clientHeight + 2;
    if (wide && !/auto|scroll/.test(style.overflowX)) say("wider than its box", element);
    if (high && /hidden|clip/.test(style.overflowY)) say("cut off below", element);
  }
  return wrong;
}
"""


def pseudo(text: str) -> str:
    """Accent a text and make it longer; figures, code and addresses stay."""
    parts, place = [], 0
    for kept in KEPT.finditer(text):
        parts += [accented(text[place : kept.start()]), kept[0]]
        place = kept.end()
    parts.append(accented(text[place:]))
    if not re.search(r"[A-Za-z]", KEPT.sub("", text)):
        return "".join(parts)
    needed, words = LONGER * len(text), cycle(MORE_WORDS)
    while needed > 0:
        word = next(words)
        parts.append(f" {word}")
        needed -= len(word) + 1
    return "".join(parts)


def accented(text: str) -> str:
    return text.translate(str.maketrans(PLAIN, ACCENTED))


def pseudo_line(line: str) -> str:
    """Write a line of Markdown in the pseudo language; a list or a heading stays one."""
    start = re.match(r"(?:#+ |\s*(?:[-*>]|\d+\.) |\s*)", line)[0]
    return start + pseudo(line[len(start) :])


@pytest.fixture(scope="module")
def pseudo_content(tmp_path_factory):
    """Write the content in a third language that is made by a rule."""
    content = shutil.copytree(content_folder(), tmp_path_factory.mktemp("pseudo") / "content")
    assert main(["content", "new-language", LANGUAGE, str(content)]) == 0
    mark = re.escape(MARK)
    for path in content.rglob(f"{LANGUAGE}.md"):
        text = re.sub(rf"^{mark}\n\n?", "", path.read_text("utf-8"), flags=re.MULTILINE)
        lines = text.replace(f"{MARK} ", "").split("\n")
        path.write_text("\n".join(map(pseudo_line, lines)), "utf-8")
    in_quotes = (
        re.compile(rf'(?<="""){mark} (.*?)(?=""")', re.DOTALL),
        re.compile(rf'(?<="){mark} ((?:[^"\\\n]|\\.)*)'),
    )
    for path in (one for one in content.rglob("*") if one.suffix in {".toml", ".json"}):
        text = path.read_text("utf-8")
        for one in in_quotes:
            text = one.sub(lambda found: pseudo(found[1]), text)
        path.write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(CONTENT_VARIABLE, str(content))
        yield content


@pytest.fixture(scope="module")
def me(pseudo_content, served, lasting_page):  # noqa: ARG001 - whose content it is
    """Open the page in the pseudo language, with a client."""
    with served() as url:
        visitor = Visit(lasting_page(), LANGUAGE)
        visitor.arrive(f"{url}?lang={LANGUAGE}")
        yield visitor
        visitor.page.close()  # it would miss its server


def test_content_in_the_pseudo_language_has_no_fault(pseudo_content, capsys):
    assert main(["content", "check", str(pseudo_content)]) == 0
    assert capsys.readouterr().err == ""


def unfold(me):
    """Open every fold, and wait until what they hold is drawn."""
    me.page.evaluate(
        "() => document.querySelectorAll('.ct details').forEach((one) => (one.open = true))"
    )
    me.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def look(me):
    """Look at all that is on screen, wide and narrow: at texts of the code, and at cut ones."""
    found = []
    for width in WIDTHS:
        me.page.set_viewport_size({"width": width, "height": 900})
        unfold(me)
        found += [f"{width}: not translated: {text}" for text in plain(me.page.evaluate(SEEN))]
        found += [f"{width}: {problem}" for problem in me.page.evaluate(CUT)]
    me.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    me.page.evaluate("() => document.querySelector('.ct-steps').removeAttribute('open')")
    return "\n".join(sorted(set(found)))


def plain(texts):
    return [text for text in texts if re.search(r"[A-Za-z]{2}", ALLOWED.sub("", text))]


def test_nothing_at_the_start_is_hard_coded_or_cut(me):
    me.add(ALIAS)
    assert look(me) == ""


def test_nothing_in_a_scenario_is_hard_coded_or_cut(me):
    me.go(SCENARIO)
    me.answer(SCENARIO, ALIAS, "yes")
    assert look(me) == ""
    practice = me.page.locator(".ct-practice").first
    for group in practice.locator("form fieldset").all():
        group.locator("input").first.check()
    practice.get_by_role("button", name=me.text("practice.check"), exact=True).click()
    expect(practice.locator(".ct-result")).to_be_visible()
    assert look(me) == ""


def test_nothing_in_the_portfolio_is_hard_coded_or_cut(me):
    me.go(START)
    me.page.get_by_role("button", name=me.text("file.load_sample"), exact=True).click()
    expect(me.page.get_by_text(me.text("file.sample")).first).to_be_visible()
    me.go(PORTFOLIO)
    me.grid().get_by_role("row").nth(1).get_by_role("button").first.click()
    expect(me.page.locator(".ct-matrix-panel")).to_be_visible()
    me.heatmap()
    assert look(me) == ""


def test_nothing_at_the_end_is_hard_coded_or_cut(me):
    me.page.locator(".ct-pager button").last.click()
    expect(me.page.locator(".ct-progress")).to_be_visible()
    assert look(me) == ""
