"""What a client is worth in money: margin, effective rate, surplus."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

from client_triage.domain.portfolio import Client, Me

_DAYS_A_YEAR = 365
# The largest sums a file takes, times the most hours, with cents.
_WIDE = Context(prec=50)
_WHOLE_UNITS = frozenset({"KRW", "JPY"})


@dataclass(frozen=True, slots=True)
class Worth:
    """What is left of a client's revenue, in the portfolio's currency, unrounded.

    Parameters
    ----------
    margin
        Revenue − direct costs − cost of lateness − write-offs; None without revenue.
    effective_rate
        Margin an hour, over all hours; None without revenue or hours.
    surplus
        Margin − what the same hours earn elsewhere; None without an opportunity rate as well.
    left_out
        Parts that were unknown and so count as nothing.
    """

    margin: Decimal | None = None
    effective_rate: Decimal | None = None
    surplus: Decimal | None = None
    left_out: tuple[str, ...] = ()


def worth(client: Client, me: Me) -> Worth:
    """Work out what a client is worth.

    The cost of lateness is Σ amount × days / 365 × cost of capital, plus chasing hours × the
    opportunity rate. Chasing hours are part of all hours; the surplus charges each hour once.
    """
    revenue, hours = client.revenue_or_middle, client.hours
    if revenue is None:
        return Worth()
    left_out = [
        name
        for name, part in (
            ("direct_costs", client.direct_costs),
            ("write_offs", client.write_offs),
        )
        if part is None
    ]
    waiting = _cost_of_waiting(client, me)
    if waiting is None:
        left_out.append("late_payments")
    chasing = client.chasing_hours
    if chasing is None or me.opportunity_rate is None:
        left_out.append("chasing_hours")
        chasing = Decimal(0)
    margin = (
        revenue
        - (client.direct_costs or 0)
        - (client.write_offs or 0)
        - (waiting or 0)
        - chasing * (me.opportunity_rate or 0)
    )
    if not hours:
        return Worth(margin, left_out=tuple(left_out))
    surplus = None
    if me.opportunity_rate is not None:
        surplus = margin - (hours - chasing) * me.opportunity_rate
    return Worth(margin, margin / hours, surplus, tuple(left_out))


def plain(amount: Decimal | None, currency: str | None = None) -> str | None:
    """Write a sum for a file: half-even, 2 places (0 for KRW and JPY), no trailing zeros."""
    if amount is None:
        return None
    places = Decimal(1) if currency in _WHOLE_UNITS else Decimal("0.01")
    text = format(amount.quantize(places, ROUND_HALF_EVEN, _WIDE), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _cost_of_waiting(client: Client, me: Me) -> Decimal | None:
    if client.late_payments is None or me.cost_of_capital is None:
        return None
    owed = sum((late.amount * late.days for late in client.late_payments), Decimal(0))
    return owed / _DAYS_A_YEAR * me.cost_of_capital
