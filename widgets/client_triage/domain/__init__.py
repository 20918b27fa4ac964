"""What a client's behaviour means: pure rules over plain values.

Standard library only: no files, no widgets, no plots, no prose.
"""

from client_triage.domain.findings import Finding, Reason, find
from client_triage.domain.levels import Level
from client_triage.domain.portfolio import (
    Band,
    Client,
    Event,
    LatePayment,
    Me,
    Portfolio,
    Record,
    Review,
)
from client_triage.domain.scenario import BarItem, Constraint, Scenario, Signal
from client_triage.domain.tally import ClientTally, Concentration, Tally, tally

__all__ = [
    "Band",
    "BarItem",
    "Client",
    "ClientTally",
    "Concentration",
    "Constraint",
    "Event",
    "Finding",
    "LatePayment",
    "Level",
    "Me",
    "Portfolio",
    "Reason",
    "Record",
    "Review",
    "Scenario",
    "Signal",
    "Tally",
    "find",
    "tally",
]
