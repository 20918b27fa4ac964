"""The plots' typeface: how wide a text is, and which characters it can show."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from matplotlib.font_manager import FontProperties, get_font
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextPath, text_to_path
from matplotlib.transforms import Affine2D

FONT_FILE = Path(__file__).parent / "fonts" / "Pretendard-Regular.otf"
PLACEHOLDER = "□"
_ELLIPSIS = "…"


@cache
def typeface(size: float) -> FontProperties:
    """Give the font in a size, in points."""
    return FontProperties(fname=str(FONT_FILE), size=size)


@cache
def _has(character: str) -> bool:
    return bool(get_font(str(FONT_FILE)).get_char_index(ord(character)))


@cache
def width(text: str, size: float) -> float:
    """Measure a text of one line, in points."""
    measured, _, _ = text_to_path.get_text_width_height_descent(text, typeface(size), ismath=False)
    return float(measured)


def centred(sign: str, size: float) -> Outline:
    """Give a character's outline with its middle at (0, 0), scaled to a size in points."""
    outline = TextPath((0, 0), sign, size=size, prop=typeface(size))
    box = outline.get_extents()
    middle = Affine2D().translate(-(box.x0 + box.x1) / 2, -(box.y0 + box.y1) / 2)
    return middle.scale(size / max(box.width, box.height)).transform_path(outline)


def drawable(text: str) -> str:
    """Replace what the font can't show by a placeholder, and put everything on one line."""
    return "".join(_drawable(unicodedata.normalize("NFC", text)))


def _drawable(text: str) -> Iterator[str]:
    for character in text:
        category = unicodedata.category(character)
        if character.isspace():
            yield " "
        elif category == "Mn" or category.startswith("C"):
            # Marks, joiners and controls: no glyph of their own to miss.
            continue
        else:
            yield character if _has(character) else PLACEHOLDER


def shortened(text: str, size: float, most: float) -> str:
    """Cut a text to a width in points, with an ellipsis where something is missing."""
    if width(text, size) <= most:
        return text
    while text and width(text + _ELLIPSIS, size) > most:
        text = text[:-1].rstrip()
    return text + _ELLIPSIS


def wrapped(text: str, size: float, most: float) -> list[str]:
    """Break a text between words into lines of at most a width in points."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", size) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
