"""The portfolio file: reading it without guessing, writing it without losing anything."""

from client_triage.store.parsing import SCHEMA
from client_triage.store.portfolio import (
    Portfolio,
    PortfolioWarning,
    dumps,
    loads,
)

__all__ = ["SCHEMA", "Portfolio", "PortfolioWarning", "dumps", "loads"]
