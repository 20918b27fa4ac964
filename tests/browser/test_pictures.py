"""The page looks as it did when somebody last said that it was right (`make pictures`)."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from PIL import Image, ImageChops, ImageFilter

from .pictures import (
    LETTERS,
    LOCALES,
    LOOKED_AT,
    LOOKS,
    MADE_WITH,
    STATES,
    arrive,
    brush,
    take,
    walk,
)

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Tolerance:
    """What two pictures of the same may differ in.

    Parameters
    ----------
    shades
        How much darker or lighter, of 255, a pixel may be in a channel than all of the nine pixels
        around its place in the other picture.
    pixels
        How many pixels may be beyond that, of the whole picture.
    """

    shades: int
    pixels: int


# Measured with Chromium 156. Drawn again, nothing differs at all; drawn by another rasteriser
# (SwiftShader), the edges of letters differ, by 2 shades beyond those around them. What is to be
# seen is more than that: a button moved by two pixels is 1000 pixels, the borders of two small ones
# are 400, the underline of a link is 160; another step of a colour is 8 shades and more.
# What moves by a single pixel is not seen. The size of a picture may not differ at all: with the
# same browser and the same fonts lines break in the same places.
TOLERANCE = Tolerance(shades=6, pixels=50)

CHANGES = {
    "a button moved by two pixels": ".ct-languages button { position: relative; left: 2px; }",
    "another grey of the lines": ":root { --ct-line: light-dark(#bfc2c4, #59616a) !important; }",
    "a border missing": ".ct-languages button { border-color: transparent !important; }",
}


@pytest.fixture(scope="module")
def same_brush(lasting_page):
    """Skip what compares pictures where another browser or other letters draw them."""
    (here, letters), there = brush(lasting_page()), json.loads(MADE_WITH.read_text("utf-8"))
    if here != there:
        pytest.skip(f"the pictures were drawn by {there}, and this machine has {here}")
    with Image.open(LETTERS) as known:
        if differing(letters, known.convert("RGB")):
            pytest.skip("this machine draws letters otherwise: the fonts' version or their hinting")


@pytest.fixture(scope="module", params=LOCALES)
def seen(request, lasting_page, app_server, tmp_path_factory):
    """Give a visitor at the end of the walk, and the pictures that were taken on it."""
    me = arrive(lasting_page, app_server, request.param)
    folder = tmp_path_factory.mktemp("visitor")
    pictures = {
        (state.name, name): take(me, look, state.last)
        for state in walk(me, folder)
        for name, look in LOOKED_AT.items()
    }
    return me, pictures


@pytest.mark.usefixtures("same_brush")
@pytest.mark.parametrize("look", LOOKED_AT)
@pytest.mark.parametrize("state", STATES)
def test_the_page_looks_as_it_did(state, look, seen, tmp_path):
    me, pictures = seen
    now, path = pictures[state, look], LOOKS / f"{me.words.language}-{state}-{look}.webp"
    with Image.open(path) as known:
        before = known.convert("RGB")
    count = differing(now, before)
    if count > TOLERANCE.pixels or now.size != before.size:
        now.save(tmp_path / "now.png")
        marked(now, before).save(tmp_path / "differs.png")
        pytest.fail(
            f"{count} pixels differ from {path.name}, {TOLERANCE.pixels} may; it is {now.size} and "
            f"was {before.size}. See {tmp_path}. If it is right now: make pictures"
        )


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seen", ["en"], indirect=True)
def test_a_small_change_is_seen(change, seen):
    me, _ = seen
    for look in LOOKED_AT.values():
        before = take(me, look, me.test("after"))
        style = me.page.add_style_tag(content=CHANGES[change])
        now = take(me, look, me.test("after"))
        style.evaluate("(style) => style.remove()")
        assert differing(now, before) > TOLERANCE.pixels


def differing(one, other):
    """Count the pixels that differ more than letters do whose edges are drawn otherwise."""
    if one.tobytes() == other.tobytes():  # as it nearly always is
        return 0
    return sum(difference(one, other).histogram()[TOLERANCE.shades + 1 :])


def difference(one, other):
    """Give how far each pixel of a picture is beyond those around its place in the other."""
    beyond = ImageChops.lighter(_beyond(one, other), _beyond(other, one))
    red, green, blue = beyond.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _beyond(one, other):
    lightest, darkest = (
        other.filter(ImageFilter.MaxFilter(3)),
        other.filter(ImageFilter.MinFilter(3)),
    )
    return ImageChops.lighter(ImageChops.subtract(one, lightest), ImageChops.subtract(darkest, one))


def marked(now, before):
    """Give a pale picture of what is, with what differs in red."""
    beyond = difference(now, before).point(lambda shades: 255 * (shades > TOLERANCE.shades))
    pale = Image.blend(now, Image.new("RGB", now.size, "white"), 0.7)
    pale.paste("#d00000", mask=beyond)
    return pale
