"""How each level looks, and the inks of a plot: in plots and, as CSS custom properties, in views.

Colours get darker as levels get more urgent, so that the order survives greyscale, and stay
apart under the three kinds of colour blindness; the sign says the same without any colour. They
are the same on dark paper, where an edge sets the darkest apart and *unknown* is dark as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from client_triage.domain.levels import Level

INK, PALE_INK, OUTLINE, TRACK, MARK = "#0B0C0C", "#505A5F", "#6B757A", "#F3F2F1", "#1A62A3"
"""Of a plot on white paper: text, quieter text, outlines, an empty bar, a bar of no level."""

PLOT_TOKENS: Mapping[str, str] = MappingProxyType(
    {
        INK: "--ct-ink",
        PALE_INK: "--ct-quiet",
        OUTLINE: "--ct-edge",
        TRACK: "--ct-shade",
        MARK: "--ct-link",
    }
)
"""The custom property in ``tokens.css`` that each of them is in a page, light or dark."""

_DARK = "#1F2328"
_LIGHT = "#FFFFFF"


@dataclass(frozen=True, slots=True)
class Look:
    """One level's look.

    Parameters
    ----------
    colour
        Of the cell, as ``#RRGGBB``.
    ink
        Of what is written on it: contrast of at least 4.5 to 1.
    sign
        One character, which plots and ordinary system fonts have.
    edge
        Of its outline: where the cell is as dark as the paper, 3 to 1 against it.
    """

    colour: str
    ink: str
    sign: str
    edge: str


LEVEL_LOOKS: Mapping[Level, Look] = MappingProxyType(
    {
        Level.FIRE: Look("#3F0D3A", _LIGHT, "×", "#3F0D3A"),
        Level.WEIGH: Look("#A32D38", _LIGHT, "◆", "#A32D38"),
        Level.WARN: Look("#D9741F", _DARK, "!", "#D9741F"),
        Level.WATCH: Look("#E8C33F", _DARK, "△", "#E8C33F"),
        Level.CLEAR: Look("#B5DCE6", _DARK, "✓", "#B5DCE6"),
        Level.UNKNOWN: Look("#F4F4F5", "#3B434B", "?", "#8C959F"),
    }
)
"""On white paper. The most urgent level first, *unknown* last."""

DARK_LEVEL_LOOKS: Mapping[Level, Look] = MappingProxyType(
    {
        **LEVEL_LOOKS,
        Level.FIRE: replace(LEVEL_LOOKS[Level.FIRE], edge="#D79BD0"),
        Level.WEIGH: replace(LEVEL_LOOKS[Level.WEIGH], edge="#E8858E"),
        Level.UNKNOWN: Look("#2A2E33", "#D5DADE", "?", "#8F989E"),
    }
)
"""On dark paper."""
