"""Pictures of the page: a visit past its main states, and a camera.

The pictures that the tests hold the page against and those of the documentation are taken on the
same walk, of a made-up portfolio whose period ends on a day that never changes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import Locator, expect

from client_triage.content import content_folder, load_content

from .steps import LEARN, PORTFOLIO, Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

LOOKS = Path(__file__).parent / "looks"
"""What the page looked like when somebody last said that it was right."""

MADE_WITH = LOOKS / "made-with.json"
LETTERS = LOOKS / "letters.webp"
"""What drew those pictures, and how it draws letters."""

LOCALES = {"en": "en-US", "ko": "ko-KR"}
"""The languages, and what a browser of somebody who reads them is set to."""

STATES = ("start", "scenario", "practice", "portfolio", "learn")
LATE = "slow-pay"
AS_OF = "2026-11-23"
SPECIMEN = """<p lang="ko" style="font: 16px system-ui; width: 20em">
  Which clients are worth keeping? <b>Let go</b> ◆ △ ✓ 0123456789
  이 고객, 계속 가도 될까? <b>거래 끝내기</b> 지켜보기, 짚고 넘어가기, 따져보기, 괜찮음
</p>"""
UNTIMELY = ".ct-waiting { display: none; }"  # says that an answer takes long: on some days it does
SETTLED = """async () => {
  await document.fonts.ready;
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (let one = 0; one < 3; one++) await frame();
}"""


@dataclass(frozen=True)
class Look:
    """How a visitor looks at the page."""

    width: int
    height: int
    scheme: str = "light"


LOOKED_AT = {"light": Look(1280, 900), "dark": Look(390, 844, "dark")}
"""The looks that the tests compare, by the name they have in a picture's file."""


@dataclass(frozen=True)
class State:
    """A state of the page, and what its picture ends with; the page's own end where None."""

    name: str
    last: Locator | None = None


# --- the visit ------------------------------------------------------------------------------


def arrive(page: Callable[..., Page], server: str, language: str) -> Visit:
    """Open the page for a visitor who wants nothing to move."""
    visitor = Visit(page(locale=LOCALES[language], reduced_motion="reduce"), language)
    visitor.arrive(f"{server}?lang={language}")
    return visitor


def walk(me: Visit, folder: Path) -> Iterator[State]:
    """Come past the main states."""
    yield State("start")
    me.open_file(_written(me.words.language, folder))
    me.go(LATE)
    yield State("scenario")
    place = me.practice()
    place.locator("summary").first.click()
    me.tick(place, me.text("practice.actions.weigh"))
    expect(place.get_by_role("heading", name=me.text("practice.worked"))).to_be_visible()
    yield State("practice", place)
    me.go(PORTFOLIO)
    yield State("portfolio", me.page.get_by_role("figure").filter(has=me.heatmap()))
    me.go(LEARN)
    picture = me.progress().get_by_role("figure")
    picture.scroll_into_view_if_needed()
    expect(picture.get_by_role("img")).to_be_visible()
    yield State("learn", me.progress())


def _written(language: str, folder: Path) -> Path:
    """Write the made-up portfolio, with a test in it, and give its file."""
    given = json.loads((content_folder() / "sample" / f"{language}.json").read_text("utf-8"))
    path = folder / "portfolio.json"
    path.write_text(json.dumps({**given, "as_of": AS_OF, "tests": {"before": _test()}}), "utf-8")
    return path


def _test() -> dict[str, Any]:
    """Make a test with every third answer wrong, and some surer than others."""
    content = load_content()
    asked = {
        f"{scenario.id}/{item.id}": item
        for scenario in content.scenarios
        for item in content.quiz(scenario.id).items
        if (item.use, item.pair, item.form) == ("vignette", 1, "A")
    }
    answers = {}
    for number, (ref, item) in enumerate(asked.items()):
        wrong = next(id_ for id_ in item.option_ids if id_ != item.answer)
        answers[ref] = {
            "on": AS_OF,
            "item": item.fingerprint,
            "answer": item.answer if number % 3 else wrong,
            "confidence": 1 + number % 3,
            "hints": 0,
            "why": "",
        }
    return {"form": "A", "items": list(asked), "answers": answers}


# --- the camera -----------------------------------------------------------------------------


def take(me: Visit, look: Look, last: Locator | None = None) -> Image.Image:
    """Take a picture of the page, from its top to the end of a place."""
    _stand(me.page, look)
    whole = me.page.evaluate("document.scrollingElement.scrollHeight")
    return _photograph(me.page, (0, 0, look.width, _corners(last)[3] if last else whole))


def take_out(me: Visit, look: Look, place: Locator | None = None) -> Image.Image:
    """Take a picture of a place on the page; of the page from its top where None."""
    if place is None:
        return take(me, look)
    _stand(me.page, look)
    return _photograph(me.page, _corners(place))


def brush(page: Page) -> tuple[dict[str, Any], Image.Image]:
    """Give what draws here, Chromium's major version and the fonts it finds, and some letters."""
    page.set_content(SPECIMEN)
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": "p"})
    fonts = session.send("CSS.getPlatformFontsForNode", node)["fonts"]
    assert page.context.browser is not None
    version, _, _ = page.context.browser.version.partition(".")
    facts = {"chromium": int(version), "fonts": sorted({font["familyName"] for font in fonts})}
    return facts, _photograph(page, _corners(page.locator("p")))


def _stand(page: Page, look: Look) -> None:
    """Have the page look as it does to a visitor who touched nothing since it was drawn."""
    page.set_viewport_size({"width": look.width, "height": look.height})
    page.emulate_media(color_scheme=look.scheme)
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(SETTLED)


def _corners(place: Locator) -> tuple[float, float, float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def _photograph(page: Page, corners: tuple[float, float, float, float]) -> Image.Image:
    left, top, right, bottom = map(round, corners)
    clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    still = {"animations": "disabled", "caret": "hide", "style": UNTIMELY}
    taken = page.screenshot(full_page=True, clip=clip, **still)
    return Image.open(BytesIO(taken)).convert("RGB")
