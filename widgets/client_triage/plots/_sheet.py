"""A figure as a sheet of paper: measured in points from the upper left corner.

Everything that a user wrote goes through `Sheet.write`: never mathtext, never a missing glyph.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from client_triage.domain.levels import Level
from client_triage.palette import INK, LEVEL_LOOKS, OUTLINE, PALE_INK
from client_triage.plots._type import centred, drawable, typeface, width, wrapped
from client_triage.plots.descriptions import Description
from client_triage.words import Words

WIDTH = 432.0
MARGIN = 12.0
TITLE_SIZE = 15.0
TEXT_SIZE = 11.5
SMALL_SIZE = 10.5

_POINTS_AN_INCH = 72
_LINE = 1.3
_SIGN = 8.5
_SWATCH = 17.0
_GAP = 6.0
_LEGEND_GAP = 9.0
_INSET = 0.4
_APART = 0.4

_Corners = list[tuple[float, float]]


class Sheet:
    """Collects what is drawn from top to bottom; `figure` cuts the sheet where it ends.

    ``y`` is where the next block starts.
    """

    def __init__(self, description: Description) -> None:
        self._figure = Figure(dpi=_POINTS_AN_INCH, facecolor="white")
        self._figure.set_layout_engine("none")
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._boxes: dict[tuple[str, Level], list[_Corners]] = defaultdict(list)
        self._signs: dict[Level, list[tuple[float, float]]] = defaultdict(list)
        self.y = MARGIN
        # Not drawn: it goes with the figure, and into the page as the picture's alt text.
        self._figure.set_label(description.alt)
        self.paragraph(description.title, TITLE_SIZE)
        self.y += 2
        self.paragraph(description.note, SMALL_SIZE, PALE_INK)
        self.y += _GAP

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: float = TEXT_SIZE,
        colour: str = INK,
        **alignment: Any,  # noqa: ANN401 - matplotlib's own: ha, va, rotation
    ) -> None:
        """Write one line of text."""
        self._axes.text(
            x,
            y,
            drawable(text),
            color=colour,
            fontproperties=typeface(size),
            parse_math=False,
            usetex=False,
            **{"va": "center_baseline", **alignment},
        )

    def paragraph(self, text: str, size: float, colour: str = INK) -> None:
        """Write a text over the whole width, in as many lines as it needs."""
        for line in wrapped(text, size, WIDTH - 2 * MARGIN):
            self.write(MARGIN, self.y + size * _LINE / 2, line, size, colour)
            self.y += size * _LINE

    def box(self, x: float, y: float, size: tuple[float, float], level: Level, part: str) -> None:
        """Draw a rectangle in a level's colour; ``part`` says of what, such as ``"cell"``."""
        # The outline lies within the box, and paper of any colour between it and the neighbour's.
        inset = _INSET + _APART
        left, top = x + inset, y + inset
        right, bottom = x + size[0] - inset, y + size[1] - inset
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        self._boxes[part, level].append(corners)

    def bar(self, x: float, y: float, size: tuple[float, float], colour: str, label: str) -> None:
        """Draw a rectangle whose colour means no level."""
        self._axes.add_patch(
            Rectangle(
                (x, y),
                *size,
                facecolor=colour,
                edgecolor=OUTLINE,
                linewidth=2 * _INSET,
                label=label,
                clip_on=False,
            )
        )

    def sign(self, x: float, y: float, level: Level) -> None:
        """Draw a level's sign, centred."""
        self._signs[level].append((x, y))

    def swatch(self, x: float, y: float, level: Level) -> float:
        """Draw a small box with the level's sign, centred on a line; give where it ends."""
        self.box(x, y - _SWATCH / 2, (_SWATCH, _SWATCH), level, "swatch")
        self.sign(x + _SWATCH / 2, y, level)
        return x + _SWATCH + _GAP

    def legend(self, levels: Iterable[Level], words: Words) -> None:
        """Say what the colours and signs mean, in as many lines as it needs."""
        line = _SWATCH + _GAP
        x = MARGIN
        for level in levels:
            name = words.level(level)
            needed = _SWATCH + _GAP + width(name, SMALL_SIZE)
            if x > MARGIN and x + needed > WIDTH - MARGIN:
                x, self.y = MARGIN, self.y + line
            after = self.swatch(x, self.y + line / 2, level)
            self.write(after, self.y + line / 2, name, SMALL_SIZE)
            x += needed + _LEGEND_GAP
        self.y += line + _GAP

    def figure(self) -> Figure:
        """Cut the sheet below the last block."""
        self._draw_boxes()
        self._draw_signs()
        height = self.y + MARGIN
        self._axes.set(xlim=(0, WIDTH), ylim=(height, 0))
        self._figure.set_size_inches(WIDTH / _POINTS_AN_INCH, height / _POINTS_AN_INCH)
        return self._figure

    def _draw_boxes(self) -> None:
        # One path for all boxes of a kind: one for each takes several times as long.
        for (part, level), boxes in self._boxes.items():
            self._axes.add_patch(
                PathPatch(
                    Path.make_compound_path_from_polys(np.array(boxes)),
                    facecolor=LEVEL_LOOKS[level].colour,
                    edgecolor=LEVEL_LOOKS[level].edge,
                    linewidth=2 * _INSET,
                    label=f"{part} {level.word}",
                    clip_on=False,
                )
            )

    def _draw_signs(self) -> None:
        for level, places in self._signs.items():
            look = LEVEL_LOOKS[level]
            self._axes.add_collection(
                PathCollection(
                    [centred(look.sign, _SIGN)],
                    sizes=[1],
                    offsets=places,
                    offset_transform=self._axes.transData,
                    transform=IdentityTransform(),
                    facecolors=look.ink,
                    linewidths=0,
                    label=f"sign {level.word}",
                    zorder=3,
                    clip_on=False,
                ),
                autolim=False,
            )
