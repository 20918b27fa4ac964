"""The portfolio file: reading it without guessing, writing it without losing anything."""

from client_triage.store.portfolio import (
    SCHEMA,
    Portfolio,
    PortfolioWarning,
    dumps,
    loads,
)

__all__ = ["SCHEMA", "Portfolio", "PortfolioWarning", "dumps", "loads"]
