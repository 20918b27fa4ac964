"""Client Triage: ten scenarios in which to part ways with a client, and a tally of your own.

What is slow to import is imported where it is used: this module loads nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from client_triage.domain.tally import Tally
    from client_triage.store import Portfolio
    from client_triage.views.show import (
        display_quiz,
        show_app,
        show_portfolio,
        show_practice,
        show_progress,
        show_scenario,
        show_start,
        show_test,
    )

__all__ = [
    "Portfolio",
    "Tally",
    "display_quiz",
    "show_app",
    "show_portfolio",
    "show_practice",
    "show_progress",
    "show_scenario",
    "show_start",
    "show_test",
    "tally",
]
__version__ = "0.1.0"

_SHOWN = "client_triage.views.show"
_WHERE = {
    "Portfolio": "client_triage.store",
    "Tally": "client_triage.domain.tally",
    **{name: _SHOWN for name in __all__ if name.startswith(("display_", "show_"))},
}


def tally(portfolio: "Portfolio") -> "Tally":
    """Count a portfolio against the shipped scenarios.

    See Also
    --------
    client_triage.domain.tally.tally : the same with scenarios of one's own.
    """
    from client_triage.content import load_content
    from client_triage.domain.tally import tally as count

    return count(portfolio, load_content().scenarios)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Import a public name when it is asked for."""
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
