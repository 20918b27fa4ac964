"""Figures as SVG in the middle of a page."""

import re
import xml.etree.ElementTree as ET

import matplotlib as mpl
import pytest

from client_triage import plots
from client_triage.words import words_in

PLOTS = [plots.heatmap, plots.tally_by_scenario, plots.revenue_by_verdict]


def ids(svg):
    return set(re.findall(r'\bid="([^"]*)"', svg))


def references(svg):
    return set(re.findall(r'href="#([^"]*)"', svg)) | set(re.findall(r"url\(#([^)]*)\)", svg))


@pytest.mark.parametrize("plot", PLOTS)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_it_is_one_svg_element_and_nothing_around_it(sample, plot, language):
    svg = plots.svg(plot(sample(language), words_in(language)))

    assert svg.startswith("<svg ")
    assert ET.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own


@pytest.mark.parametrize("part", ["<?xml", "<!DOCTYPE", "<!--", "<metadata", "<style", "<text"])
@pytest.mark.parametrize("plot", PLOTS)
def test_it_has_no_prolog_comment_metadata_style_sheet_or_text_in_a_font(sample, plot, part):
    assert part not in plots.svg(plot(sample()))


@pytest.mark.parametrize("plot", PLOTS)
def test_it_is_as_wide_as_the_page_lets_it_be(sample, plot):
    root = plots.svg(plot(sample())).partition(">")[0]

    assert 'viewBox="0 0 432 ' in root
    assert 'width="100%"' in root
    assert " height=" not in root


def test_its_alt_text_is_its_accessible_name(sample):
    svg = plots.svg(plots.heatmap(sample()))

    root = ET.fromstring(svg)  # noqa: S314 - our own
    assert root.get("role") == "img"
    assert root.get("aria-label") == plots.describe_heatmap(sample()).alt


@pytest.mark.parametrize("plot", PLOTS)
def test_the_same_tally_gives_the_same_text(sample, plot):
    assert plots.svg(plot(sample())) == plots.svg(plot(sample()))


def test_drawing_a_figure_twice_gives_the_same_text(sample):
    figure = plots.heatmap(sample())

    assert plots.svg(figure) == plots.svg(figure)


def test_two_plots_share_no_id(sample):
    drawn = [plots.svg(plot(sample())) for plot in PLOTS]

    assert all(map(ids, drawn))
    assert sum(len(ids(svg)) for svg in drawn) == len(set().union(*map(ids, drawn)))


def test_two_equal_figures_share_no_id_when_they_are_named(sample):
    figure = plots.heatmap(sample())

    assert not ids(plots.svg(figure, "left")) & ids(plots.svg(figure, "right"))


@pytest.mark.parametrize("plot", PLOTS)
def test_every_reference_leads_to_an_id_of_the_same_figure(sample, plot):
    svg = plots.svg(plot(sample("ko"), words_in("ko")))

    assert references(svg) == ids(svg)


@pytest.mark.parametrize(
    "alias",
    [
        "<script>alert(1)</script>",
        "--><script>alert(1)</script>",
        "javascript:alert(1)",
        '" onload="alert(1)',
        "]]>&lt;script&gt;",
    ],
)
def test_an_alias_never_becomes_markup(sample, alias):
    svg = plots.svg(plots.heatmap(sample(clients=2, alias=alias)))

    for forbidden in ("<script", "javascript:", "onload", "alert"):
        assert forbidden not in svg
    ET.fromstring(svg)  # noqa: S314 - our own


def test_a_label_of_ones_own_is_escaped(sample):
    figure = plots.heatmap(sample())
    figure.set_label('"><script>alert(1)</script>')

    assert "<script" not in plots.svg(figure)


@pytest.mark.parametrize("alias", ["$x^2$", r"$\frac{", "100 % $", r"\alpha"])
def test_an_alias_is_never_read_as_mathematics(sample, texts, alias):
    figure = plots.heatmap(sample(clients=1, alias=alias))

    assert alias in texts(figure)
    assert not any(text.get_parse_math() for text in figure.axes[0].texts)
    assert plots.svg(figure)


def test_drawing_leaves_matplotlibs_settings_as_they_were(sample):
    before = dict(mpl.rcParams)

    plots.svg(plots.heatmap(sample()))

    assert dict(mpl.rcParams) == before


def test_the_users_own_style_does_not_change_the_picture(sample):
    plain = plots.svg(plots.heatmap(sample()))
    loud = {
        "figure.facecolor": "black",
        "text.color": "red",
        "font.size": 30,
        "savefig.bbox": "tight",
        "savefig.transparent": True,
        "figure.constrained_layout.use": True,
        "axes.facecolor": "green",
        "figure.dpi": 200,
    }

    with mpl.rc_context(loud):
        assert plots.svg(plots.heatmap(sample())) == plain
