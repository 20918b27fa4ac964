"""The looks of the levels can be told apart, with whatever eyes."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from client_triage.domain import Level
from client_triage.palette import LEVEL_LOOKS

# Machado, Oliveira & Fernandes 2009, "A physiologically-based model for simulation of color
# vision deficiency", severity 1; they work on linear RGB.
EYES = {
    "all three cones": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = TO_XYZ.sum(axis=1)
TELLABLE = 10  # ΔE 1976; a difference can just be seen at about 2.3


def linear(colour):
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """Convert linear RGB to CIE L*a*b*."""
    share = TO_XYZ @ rgb / WHITE
    x, y, z = np.where(share > (6 / 29) ** 3, np.cbrt(share), share * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def lightness(colour):
    return lab(linear(colour))[0]


def contrast(one, other):
    """Give the contrast of WCAG 2.2, from 1 to 21."""
    dark, light = sorted((TO_XYZ[1] @ linear(colour)) + 0.05 for colour in (one, other))
    return light / dark


def test_every_level_has_a_look():
    assert set(LEVEL_LOOKS) == set(Level)


def test_the_most_urgent_level_comes_first_and_unknown_last():
    assert list(LEVEL_LOOKS) == sorted(Level, reverse=True)


@pytest.mark.parametrize("eyes", EYES)
def test_any_two_levels_can_be_told_apart(eyes):
    seen = [lab(np.clip(EYES[eyes] @ linear(look.colour), 0, 1)) for look in LEVEL_LOOKS.values()]

    assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) > TELLABLE


def test_levels_get_darker_as_they_get_more_urgent():
    steps = [lightness(look.colour) for look in LEVEL_LOOKS.values()]

    assert all(lighter - darker > 5 for darker, lighter in pairwise(steps))


@pytest.mark.parametrize("level", Level)
def test_a_sign_stands_out_from_its_cell(level):
    assert contrast(LEVEL_LOOKS[level].colour, LEVEL_LOOKS[level].ink) >= 4.5


def test_every_level_has_a_sign_of_its_own():
    signs = [look.sign for look in LEVEL_LOOKS.values()]

    assert len(set(signs)) == len(signs)
    assert all(len(sign) == 1 for sign in signs)
