"""How each level looks: in plots and, as CSS custom properties, in the views.

Colours get darker as levels get more urgent, so that the order survives greyscale, and stay
apart under the three kinds of colour blindness; the sign says the same without any colour.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from client_triage.domain.levels import Level

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
    """

    colour: str
    ink: str
    sign: str


LEVEL_LOOKS: Mapping[Level, Look] = MappingProxyType(
    {
        Level.FIRE: Look("#3F0D3A", _LIGHT, "×"),
        Level.WEIGH: Look("#A32D38", _LIGHT, "◆"),
        Level.WARN: Look("#D9741F", _DARK, "!"),
        Level.WATCH: Look("#E8C33F", _DARK, "△"),
        Level.CLEAR: Look("#B5DCE6", _DARK, "✓"),
        Level.UNKNOWN: Look("#F4F4F5", _DARK, "?"),
    }
)
"""The most urgent level first, *unknown* last."""
