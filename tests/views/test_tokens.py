"""The look: one place for colours and sizes, and contrast that is computed, light and dark."""

import re
import sys
from itertools import product
from pathlib import Path

import pytest

from client_triage.domain.levels import Level
from client_triage.palette import DARK_LEVEL_LOOKS, LEVEL_LOOKS, PLOT_TOKENS
from client_triage.serve.language import TEMPLATE
from client_triage.views.modules import STATIC, style

TOKENS = (STATIC / "tokens.css").read_text("utf-8")
SHEETS = {path.name: path for path in STATIC.glob("*.css") if path.name != "tokens.css"}
SHEETS["the page"] = TEMPLATE / "shell.css"
TEMPLATES = sorted(TEMPLATE.parent.glob("*/*.html"))

COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color|color-mix|light-dark)a?\("
    r"|(?<![-\w])(?:white|black|gr[ae]y|silver|red|green|blue|yellow|orange|purple|brown)(?![-\w])",
    re.IGNORECASE,
)
SIZE = re.compile(r"(?<![-\w])font(?:-size)?:\s*([^;}]+)")
TOKEN_SIZE = re.compile(r"var\(--ct-size-\w+\)(?:/.*)?|inherit")
OWN_SIZES = {("matrix.css", "0.5625rem")}  # all ten scenarios beside each other on A4
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)

LIGHT, DARK = 0, 1
TEXT, GRAPHIC = 4.5, 3  # WCAG 2.2, 1.4.3 and 1.4.11

TEXT_PAIRS = [
    *product(("ink", "quiet", "link", "fault"), ("paper", "shade")),
    ("ink", "alarm"),
    ("on-action", "action"),
    ("paper", "ink"),  # the language that is chosen
]
GRAPHIC_PAIRS = [
    *product(("edge", "action", "fault"), ("paper",)),
    ("alarm-edge", "alarm"),
    ("alarm-edge", "paper"),
    ("action", "alarm"),
    ("focus", "focus-edge"),
]


def declared(name):
    return COMMENT.sub("", SHEETS[name].read_text("utf-8"))


def tokens():
    """Give the colours of `tokens.css`, light and dark."""
    colour = r"--ct-([\w-]+): (?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}));"
    found = re.findall(colour, TOKENS)
    return {name: (light or both, dark or both) for name, light, dark, both in found}


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """Give the contrast of WCAG 2.2, from 1 to 21."""
    darker, lighter = sorted(luminance(colour) + 0.05 for colour in (one, other))
    return lighter / darker


def jupyterlabs_paper(theme):
    folder = Path(sys.prefix) / "share/jupyter/lab/themes/@jupyterlab"
    text = (folder / f"theme-{theme}-extension" / "index.css").read_text("utf-8")
    paper = re.search(r"--jp-layout-color0:\s*([^;]+);", text)[1]
    named = {"white": "#ffffff", "black": "#000000"}.get(paper, paper)
    return "#" + "".join(2 * digit for digit in named[1:]) if len(named) == 4 else named


@pytest.mark.parametrize("name", SHEETS)
def test_a_colour_is_named_in_the_tokens_alone(name):
    assert COLOUR.findall(declared(name)) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_names_no_colour(path):
    styles = re.findall(r'style="([^"]*)"', path.read_text("utf-8"))
    assert [style for style in styles if COLOUR.search(style)] == []


@pytest.mark.parametrize("name", SHEETS)
def test_a_size_of_type_is_a_token(name):
    sizes = {(name, size.strip()) for size in SIZE.findall(declared(name))}
    assert {one for one in sizes - OWN_SIZES if not TOKEN_SIZE.fullmatch(one[1])} == set()


@pytest.mark.parametrize("name", SHEETS)
def test_every_token_that_is_used_is_there(name):
    known = set(re.findall(r"(--ct-[\w-]+):", style()))
    assert set(re.findall(r"var\((--ct-[\w-]+)", declared(name))) <= known


def test_the_colours_of_the_levels_come_from_the_palette_alone():
    assert [level for level in Level if f"--ct-{level.word}" in TOKENS] == []


@pytest.mark.parametrize("level", Level)
def test_every_level_has_its_colour_its_ink_and_its_edge_in_light_and_dark(level):
    looks = LEVEL_LOOKS[level], DARK_LEVEL_LOOKS[level]
    for part, of in (("", "colour"), ("-ink", "ink"), ("-edge", "edge")):
        light, dark = (getattr(look, of) for look in looks)
        assert f"--ct-{level.word}{part}: light-dark({light}, {dark});" in style()


@pytest.mark.parametrize("colour", PLOT_TOKENS)
def test_a_plot_has_the_inks_of_the_page(colour):
    token = PLOT_TOKENS[colour].removeprefix("--ct-")
    assert tokens()[token][LIGHT] == colour.lower()


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXT_PAIRS)
def test_text_can_be_read(ink, paper, scheme):
    assert contrast(tokens()[ink][scheme], tokens()[paper][scheme]) >= TEXT


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "paper"), GRAPHIC_PAIRS)
def test_what_can_be_filled_in_or_pressed_and_the_focus_can_be_seen(line, paper, scheme):
    assert contrast(tokens()[line][scheme], tokens()[paper][scheme]) >= GRAPHIC


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("around", ["paper", "shade", "alarm", "action", "ink"])
def test_one_of_the_two_lines_of_the_focus_stands_out_from_anything(around, scheme):
    found = tokens()
    lines = found["focus"][scheme], found["focus-edge"][scheme]
    assert max(contrast(line, found[around][scheme]) for line in lines) >= GRAPHIC


@pytest.mark.parametrize(("theme", "scheme"), [("light", LIGHT), ("dark", DARK)])
@pytest.mark.parametrize("ink", ["ink", "quiet", "link", "fault"])
def test_text_can_be_read_on_the_paper_of_jupyterlab(ink, theme, scheme):
    assert contrast(tokens()[ink][scheme], jupyterlabs_paper(theme)) >= TEXT


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("looks", [LEVEL_LOOKS, DARK_LEVEL_LOOKS], ids=["light", "dark"])
def test_what_is_written_on_a_level_can_be_read(level, looks):
    assert contrast(looks[level].ink, looks[level].colour) >= TEXT


@pytest.mark.parametrize("level", Level)
def test_a_level_stands_out_from_dark_paper(level):
    look = DARK_LEVEL_LOOKS[level]
    papers = tokens()["paper"][DARK], jupyterlabs_paper("dark")
    assert all(max(contrast(c, p) for c in (look.colour, look.edge)) >= GRAPHIC for p in papers)


@pytest.mark.parametrize("level", sorted(set(Level) - {Level.UNKNOWN}))
def test_a_level_has_the_same_colour_on_dark_paper(level):
    assert DARK_LEVEL_LOOKS[level].colour == LEVEL_LOOKS[level].colour
