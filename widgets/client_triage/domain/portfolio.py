"""What the user knows: clients, records, and the user's own limits.

``extra`` keeps the keys of a file that this version does not know, so that nothing is lost.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from client_triage.domain.practice import Attempts, Sitting, When
from client_triage.domain.rules import Answer, BarValue

Billing = Literal["hourly", "fixed", "retainer"]
How = Literal["sweep", "self", "ledger"]
Extra = Mapping[str, object]

_MONTHS = 12


class NoClientError(KeyError):
    """There is no such client, or none any more."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day."""

    on: date
    note: str = ""
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """What was observed of one client for one scenario.

    Parameters
    ----------
    answers
        By signal. None means "don't know"; a signal that was never asked is absent.
    how
        By signal: how the answer came about.
    events
        Dated events behind the count; the count may be higher, and is never below them.
    """

    answers: Mapping[str, Answer | None] = field(default_factory=dict)
    how: Mapping[str, How] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Review:
    """The user's answer to "is it worth it?": when, over which scenarios, on what conditions.

    ``scenarios`` None covers all of them.
    """

    on: date | None = None
    scenarios: tuple[str, ...] | None = None
    conditions: str = ""
    look_again: date | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LatePayment:
    """An amount that came ``days`` late."""

    amount: Decimal
    days: int
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Band:
    """Revenue known only roughly: from ``low`` up to ``high``, or more than ``low``."""

    low: Decimal
    high: Decimal | None = None
    extra: Extra = field(default_factory=dict)

    @property
    def middle(self) -> Decimal:
        """The figure that sums use for it."""
        return self.low if self.high is None else (self.low + self.high) / 2


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Client:
    """One client, under an alias. What is None is unknown; sums are of the review period.

    Parameters
    ----------
    revenue, revenue_band
        Paid revenue in the portfolio's currency, exactly or roughly; the exact one wins.
    hours
        All hours, billed or not.
    chasing_hours
        The part of ``hours`` that went into chasing payment.
    worth_keeping
        The user's answer where a pattern has to be weighed.
    exception
        The user's reason for keeping a client against a *fire*.
    """

    id: str
    alias: str
    billing: Billing | None = None
    revenue: Decimal | None = None
    revenue_band: Band | None = None
    hours: Decimal | None = None
    direct_costs: Decimal | None = None
    write_offs: Decimal | None = None
    chasing_hours: Decimal | None = None
    late_payments: tuple[LatePayment, ...] | None = None
    worth_keeping: bool | None = None
    exception: str | None = None
    review: Review | None = None
    records: Mapping[str, Record] = field(default_factory=dict)
    extra: Extra = field(default_factory=dict)

    @property
    def facts(self) -> Mapping[str, str | None]:
        """The client's own facts that scenarios may read as signals."""
        return {"billing": self.billing}

    @property
    def revenue_or_middle(self) -> Decimal | None:
        """Exact revenue, else the middle of its band, else None."""
        if self.revenue is not None:
            return self.revenue
        return self.revenue_band.middle if self.revenue_band else None


@dataclass(frozen=True, slots=True)
class Me:
    """The user's own figures: money an hour elsewhere, and the yearly cost of capital (0–1)."""

    opportunity_rate: Decimal | None = None
    cost_of_capital: Decimal | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True)
class Portfolio:
    """The user's whole state, as the portfolio file has it.

    Parameters
    ----------
    language
        Of the interface, such as ``"ko"``; None where it was never chosen.
    currency
        ISO 4217 code; None where it was never chosen.
    as_of
        Last day of the review period; None means today.
    bar
        The user's own limits by scenario and item; what is left out is the default.
    practice
        The answers to quiz items.
    tests
        The test before and the one after.
    """

    language: str | None = None
    currency: str | None = None
    as_of: date | None = None
    period_months: int = _MONTHS
    me: Me = field(default_factory=Me)
    bar: Mapping[str, Mapping[str, BarValue]] = field(default_factory=dict)
    clients: tuple[Client, ...] = ()
    practice: Attempts = field(default_factory=dict)
    tests: Mapping[When, Sitting] = field(default_factory=dict)
    extra: Extra = field(default_factory=dict)

    def client(self, client_id: str) -> Client:
        """Find a client by id.

        Raises
        ------
        NoClientError
            There is no such client.
        """
        for client in self.clients:
            if client.id == client_id:
                return client
        raise NoClientError(client_id)

    def since(self, as_of: date) -> date:
        """First day of the review period that ends on ``as_of``."""
        months = as_of.year * 12 + as_of.month - 1 - self.period_months
        year, month = divmod(months, 12)
        return date(year, month + 1, min(as_of.day, monthrange(year, month + 1)[1]))
