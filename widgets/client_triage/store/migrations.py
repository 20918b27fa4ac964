"""Older portfolio files, brought to today's version one step at a time."""

from collections.abc import Callable, Sequence
from typing import Any

Migration = Callable[[dict[str, Any]], dict[str, Any]]

STEPS: tuple[Migration, ...] = ()
"""The first step makes a version 2 of a version 1, and so on. There is one version yet."""


def migrated(raw: dict[str, Any], version: int, steps: Sequence[Migration]) -> dict[str, Any]:
    """Bring plain values of a version to the newest.

    Parameters
    ----------
    version
        From 1 to the number of steps and one.
    """
    for step in steps[version - 1 :]:
        raw = step(raw)
    return raw
