"""Makes all pictures anew: those that the tests hold the page against, and the documentation's.

No test, though pytest runs it for the browser and the server that fixtures give: `make pictures`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Locator

from .pictures import (
    LATE,
    LETTERS,
    LOCALES,
    LOOKED_AT,
    LOOKS,
    MADE_WITH,
    Look,
    arrive,
    brush,
    take,
    take_out,
    walk,
)
from .steps import Visit

pytestmark = pytest.mark.browser

DOCUMENTED = Path(__file__).parents[2] / "docs" / "pictures"
PAPER, FRAME = "#ffffff", "#b1b4b6"  # a frame says where a picture ends on white paper
AIR, GAP = 16, 12


@dataclass(frozen=True)
class Shot:
    """A picture for the documentation.

    Parameters
    ----------
    state
        When it is taken.
    what
        What of the page is on it.
    width
        How wide the window is.
    tallest
        Where it ends at the latest: what is taller is cut in a gap between two lines.
    """

    state: str
    what: Callable[[Visit], Locator | None]
    width: int = 800
    tallest: int = 2000


def limits(me):
    """Unfold the limits of a scenario, and give them."""
    title = me.page.locator("summary", has_text=me.words.scenario(LATE).title)
    title.click()
    return me.page.locator("details").filter(has=title)


SHOTS = {
    "start": Shot("start", lambda _: None, width=1280, tallest=820),
    "sweep": Shot("scenario", lambda me: me.sweep(LATE), width=960),
    "practice": Shot("practice", lambda me: me.practice(), tallest=700),
    "portfolio": Shot("portfolio", lambda me: me.page.locator(".ct-overview"), width=1280),
    "card": Shot("portfolio", lambda me: me.card(me.card_order()[2])),
    "heatmap": Shot("portfolio", lambda me: me.page.get_by_role("figure").filter(has=me.heatmap())),
    "limits": Shot("portfolio", limits),
    "device": Shot(
        "portfolio", lambda me: me.page.get_by_role("region", name=me.text("device.title"))
    ),
}


@pytest.mark.parametrize("language", LOCALES)
def test_pictures_are_taken_and_put_away(language, lasting_page, app_server, tmp_path):
    me = arrive(lasting_page, app_server, language)
    looks, shots = {}, {}
    for state in walk(me, tmp_path):
        for name, look in LOOKED_AT.items():
            looks[f"{language}-{state.name}-{name}.webp"] = take(me, look, state.last)
        for name, shot in SHOTS.items():
            if shot.state == state.name:
                picture = take_out(me, Look(shot.width, 800), shot.what(me))
                shots[f"{language}-{name}.png"] = printable(picture, shot)
    put_away(LOOKS, language, looks, lossless=True, quality=100)
    put_away(DOCUMENTED, language, shots, optimize=True)


def test_what_drew_them_is_noted(lasting_page):
    facts, letters = brush(lasting_page())
    MADE_WITH.write_text(json.dumps(facts) + "\n", "utf-8")
    letters.save(LETTERS, lossless=True, quality=100)


def printable(picture, shot):
    """Cut a picture where that hurts nothing, frame it, and make its file small."""
    below = AIR
    if picture.height > shot.tallest:
        picture, below = picture.crop((0, 0, picture.width, gap_before(picture, shot.tallest))), 0
    aired = ImageOps.expand(picture, (AIR, AIR, AIR, below), PAPER)
    return ImageOps.expand(aired, 1, FRAME).quantize(256, dither=Image.Dither.NONE)


def gap_before(picture, end):
    """Give a row of pixels before the end that parts two lines, and cuts through little else."""
    rows = [picture.crop((0, y, picture.width, y + 1)) for y in range(end)]
    same = [row.tobytes() for row in rows]
    gaps = [y for y in range(end // 2, end) if len(set(same[y - GAP : y])) == 1]
    return min(gaps, key=lambda y: (drawn_on(rows[y - 1]), -y)) - GAP // 2


def drawn_on(row):
    """Count the pixels of a row that are not its paper."""
    return row.width - max(count for count, _ in row.getcolors(row.width))


def put_away(folder, language, pictures, **how):
    """Put pictures in the place of those that a folder has in a language."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob(f"{language}-*"):
        old.unlink()
    for name, picture in pictures.items():
        picture.save(folder / name, **how)
