"""A figure as SVG that can stand in the middle of a page."""

import re
from hashlib import sha256
from html import escape
from io import StringIO

import matplotlib as mpl
from matplotlib.figure import Figure

from client_triage.domain.levels import Level
from client_triage.palette import LEVEL_LOOKS, PLOT_TOKENS

_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_WIDEST = 1.4
"""How far a picture may grow beyond its own size."""

_NOISE = re.compile(
    r"<!--.*?-->|<style\b.*?</style>|<defs>\s*</defs>|<metadata>.*?</metadata>", re.DOTALL
)
_ROOT = re.compile(r'<svg\b[^>]*\bviewBox="([^"]+)"[^>]*>')
_ID = re.compile(r' id="([^"]*)"')
_REFERENCE = re.compile(r'href="#([^"]*)"|url\(#([^)]*)\)')
_BLANK = re.compile(r"\s*\n\s*")
_COLOUR = re.compile(r"\b(fill|stroke): (#[0-9a-f]{6})")

_UNKNOWN = LEVEL_LOOKS[Level.UNKNOWN]
_TOKENS = {
    **{(use, colour): token for use in ("fill", "stroke") for colour, token in PLOT_TOKENS.items()},
    **{("stroke", look.edge): f"--ct-{level.word}-edge" for level, look in LEVEL_LOOKS.items()},
    ("fill", _UNKNOWN.colour): "--ct-unknown",
    ("fill", _UNKNOWN.ink): "--ct-unknown-ink",
}
"""What differs between light and dark paper: the custom property for each use of a colour."""


def svg(figure: Figure, name: str = "") -> str:
    """Draw a figure as SVG to put inline into a page.

    It scales with the page, text is drawn as paths, and the figure's label is its alt text. It has
    no paper of its own, and takes its inks from the page, where that has them. The same figure
    gives the same text.

    Parameters
    ----------
    name
        Keeps the ids of equal figures on one page apart; different figures never share ids.
    """
    drawn = StringIO()
    with mpl.rc_context(
        {"svg.fonttype": "path", "svg.hashsalt": "client-triage", "savefig.bbox": "standard"}
    ):
        figure.savefig(
            drawn, format="svg", facecolor="none", transparent=False, metadata=_NO_METADATA
        )
    text = drawn.getvalue()
    # What matplotlib writes is all its own: whatever a user wrote is paths or in a comment.
    text = _NOISE.sub("", text[text.index("<svg") :])
    text = _own_ids(_COLOUR.sub(_ink, text), name)
    return _BLANK.sub("\n", _ROOT.sub(lambda root: _opening(figure, root[1]), text, count=1))


def _ink(found: re.Match[str]) -> str:
    use, colour = found[1], found[2]
    token = _TOKENS.get((use, colour.upper()))
    return f"{use}: var({token}, {colour})" if token else found[0]


def _opening(figure: Figure, view_box: str) -> str:
    widest = round(float(view_box.split()[2]) * _WIDEST)
    alt = escape(str(figure.get_label()))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' viewBox="{view_box}" width="100%" style="max-width: {widest}px; height: auto"'
        # What matplotlib puts into a style sheet, which would hold for the whole page.
        ' stroke-linejoin="round" stroke-linecap="butt"'
        f' role="img" aria-label="{alt}">'
    )


def _own_ids(text: str, name: str) -> str:
    """Drop ids that nothing refers to, and make the others the figure's own."""
    prefix = "plot-" + sha256(f"{name}\n{text}".encode()).hexdigest()[:12]
    used = {one or other for one, other in _REFERENCE.findall(text)}
    text = _ID.sub(lambda found: f' id="{prefix}-{found[1]}"' if found[1] in used else "", text)
    return text.replace('href="#', f'href="#{prefix}-').replace("url(#", f"url(#{prefix}-")
