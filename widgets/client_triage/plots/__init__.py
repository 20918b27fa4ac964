"""A tally, and what was learnt, as pictures: each with its title, alt text and table.

Descriptions need no matplotlib: it is imported with the first plot.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from client_triage.plots.descriptions import (
    Description,
    describe_calibration,
    describe_heatmap,
    describe_revenue_by_verdict,
    describe_tally_by_scenario,
)

if TYPE_CHECKING:
    from client_triage.plots._calibration import calibration
    from client_triage.plots._heatmap import heatmap
    from client_triage.plots._revenue_by_verdict import revenue_by_verdict
    from client_triage.plots._svg import svg
    from client_triage.plots._tally_by_scenario import tally_by_scenario

__all__ = [
    "Description",
    "calibration",
    "describe_calibration",
    "describe_heatmap",
    "describe_revenue_by_verdict",
    "describe_tally_by_scenario",
    "heatmap",
    "revenue_by_verdict",
    "svg",
    "tally_by_scenario",
]

_DRAWN = frozenset({"calibration", "heatmap", "revenue_by_verdict", "svg", "tally_by_scenario"})


def __getattr__(name: str) -> object:
    if name not in _DRAWN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}._{name}"), name)
