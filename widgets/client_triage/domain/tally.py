"""The tally of a portfolio: every finding, every verdict, and what is behind them in money."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from client_triage.domain.findings import Finding, find_all
from client_triage.domain.levels import KNOWN, Level
from client_triage.domain.portfolio import Client, NoClientError, Portfolio
from client_triage.domain.scenario import Scenario
from client_triage.domain.worth import Worth, worth

ORDER = (*KNOWN, Level.UNKNOWN)

# Reviewed weighs come after every scenario that fires by itself.
_REVIEWED = 1_000_000


@dataclass(frozen=True, slots=True)
class ClientTally:
    """One client: findings in scenario order, the verdict, and the money.

    Parameters
    ----------
    kept
        A *fire* that the user keeps against advice, for a stated reason.
    reopened
        The user's answer to "is it worth it?" does not cover a pattern that came up since.
    answered
        Number of scenarios with a finding that is not unknown.
    """

    client: Client
    findings: tuple[Finding, ...]
    verdict: Level
    kept: bool
    reopened: bool
    answered: int
    worth: Worth

    @property
    def deciding(self) -> tuple[Finding, ...]:
        """The findings of the highest level, which the verdict stands on."""
        highest = max((finding.level for finding in self.findings), default=Level.UNKNOWN)
        if highest is Level.UNKNOWN:
            return ()
        return tuple(finding for finding in self.findings if finding.level is highest)


@dataclass(frozen=True, slots=True)
class Concentration:
    """Herfindahl–Hirschman index of known positive revenue, 0–1, None where there is none.

    ``after`` is without the clients of the firing order; ``unknown_revenue`` counts clients.
    """

    before: float | None
    after: float | None
    unknown_revenue: int

    @property
    def effective_clients(self) -> float | None:
        """How many equally large clients would be as concentrated: 1 / HHI."""
        return 1 / self.before if self.before else None


@dataclass(frozen=True, slots=True)
class Tally:
    """A portfolio, counted.

    Parameters
    ----------
    by_scenario, by_tier
        Number of findings by level.
    verdicts
        Number of clients by verdict.
    revenue, hours
        Known sums by verdict; a verdict without a known sum is left out.
    completeness
        Share of findings that are not unknown, 0–1; 0 without clients.
    firing_order
        Ids of the clients to let go, the most urgent first.
    """

    as_of: date
    currency: str | None
    clients: tuple[ClientTally, ...]
    scenarios: tuple[Scenario, ...]
    by_scenario: Mapping[str, Mapping[Level, int]]
    by_tier: Mapping[str, Mapping[Level, int]]
    verdicts: Mapping[Level, int]
    revenue: Mapping[Level, Decimal]
    hours: Mapping[Level, Decimal]
    completeness: float
    concentration: Concentration
    firing_order: tuple[str, ...]

    def client(self, client_id: str) -> ClientTally:
        """Find a client's tally by id.

        Raises
        ------
        NoClientError
            There is no such client.
        """
        for one in self.clients:
            if one.client.id == client_id:
                return one
        raise NoClientError(client_id)

    def deciding(self, one: ClientTally) -> list[Finding]:
        """Give the findings that a verdict stands on, in the firing order's order of scenarios.

        Scenarios without a place in it come last, by number.
        """
        order = {scenario.id: scenario for scenario in self.scenarios}

        def place(finding: Finding) -> tuple[bool, int]:
            scenario = order[finding.scenario]
            return scenario.urgency is None, scenario.urgency or scenario.number

        return sorted(one.deciding, key=place)

    @property
    def most_urgent_first(self) -> tuple[ClientTally, ...]:
        """Clients in the order of cards: the firing order first, then by verdict.

        Within a verdict the same order holds: worst scenario, lower surplus, alias, id.
        """
        order = {scenario.id: scenario for scenario in self.scenarios}
        return tuple(sorted(self.clients, key=lambda one: _card_order(one, order)))


def tally(portfolio: Portfolio, scenarios: Sequence[Scenario], today: date | None = None) -> Tally:
    """Count a portfolio against the scenarios.

    Parameters
    ----------
    today
        End of the review period where the portfolio names none; the clock's day by default.
    """
    as_of = portfolio.as_of or today or date.today()  # noqa: DTZ011 - the user's own calendar day
    since = portfolio.since(as_of)
    ordered = tuple(sorted(scenarios, key=lambda scenario: scenario.number))
    columns = [
        find_all(
            scenario,
            portfolio.clients,
            scenario.bar_with(portfolio.bar.get(scenario.id)),
            since,
            as_of,
        )
        for scenario in ordered
    ]
    rows = zip(*columns, strict=True) if columns else ((),) * len(portfolio.clients)
    clients = tuple(
        _count_client(client, findings, portfolio)
        for client, findings in zip(portfolio.clients, rows, strict=True)
    )
    firing_order = _firing_order(clients, ordered)
    by_scenario = _count_scenarios(clients, ordered)
    answered = sum(one.answered for one in clients)
    asked = len(clients) * len(ordered)
    return Tally(
        as_of=as_of,
        currency=portfolio.currency,
        clients=clients,
        scenarios=ordered,
        by_scenario=by_scenario,
        by_tier=_count_tiers(by_scenario, ordered),
        verdicts=_by_level(one.verdict for one in clients),
        revenue=_sum_by_verdict((one.verdict, one.client.revenue_or_middle) for one in clients),
        hours=_sum_by_verdict((one.verdict, one.client.hours) for one in clients),
        completeness=answered / asked if asked else 0.0,
        concentration=_concentration(clients, frozenset(firing_order)),
        firing_order=firing_order,
    )


def verdict(client: Client, findings: Sequence[Finding]) -> tuple[Level, bool]:
    """Give a client's verdict, and whether a new pattern reopened the user's review.

    Nothing offsets anything (Bouyssou & Marchant 2007): the verdict is the highest level among
    findings that are not unknown. The user's own answer is read only where that is *weigh*.
    """
    highest = max((finding.level for finding in findings), default=Level.UNKNOWN)
    if highest is not Level.WEIGH or client.worth_keeping is None:
        return highest, False
    levels = {finding.scenario: finding.level for finding in findings}
    weighed = {scenario for scenario, level in levels.items() if level is Level.WEIGH}
    covered = client.review.scenarios if client.review else None
    if covered is not None and not weighed <= set(covered):
        return Level.WEIGH, True
    if not client.worth_keeping:
        return Level.FIRE, False
    below = (level for level in levels.values() if level < Level.WEIGH)
    return max((Level.WATCH, *below)), False


def _count_client(
    client: Client, findings: tuple[Finding, ...], portfolio: Portfolio
) -> ClientTally:
    level, reopened = verdict(client, findings)
    return ClientTally(
        client=client,
        findings=findings,
        verdict=level,
        kept=level is Level.FIRE and bool((client.exception or "").strip()),
        reopened=reopened,
        answered=sum(finding.level is not Level.UNKNOWN for finding in findings),
        worth=worth(client, portfolio.me),
    )


def _firing_order(clients: Iterable[ClientTally], scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    order = {scenario.id: scenario for scenario in scenarios}
    firing = [one for one in clients if one.verdict is Level.FIRE and not one.kept]
    firing.sort(key=lambda one: _card_order(one, order))
    return tuple(one.client.id for one in firing)


def _card_order(
    one: ClientTally, scenarios: Mapping[str, Scenario]
) -> tuple[int, bool, int, bool, Decimal, str, str]:
    """Sort key: verdict, kept after the other fires, worst scenario, surplus, alias, id."""
    worst = min(
        (
            scenarios[finding.scenario].urgency or _REVIEWED
            for finding in one.findings
            if finding.level is Level.FIRE
        ),
        default=_REVIEWED,
    )
    surplus = one.worth.surplus
    return (
        -one.verdict,
        one.kept,
        worst,
        surplus is None,
        surplus if surplus is not None else Decimal(0),
        one.client.alias,
        one.client.id,
    )


def _by_level(levels: Iterable[Level]) -> Mapping[Level, int]:
    # Levels run from -1 to 4, so that a list counts them; the last place is that of unknown.
    counted = [0] * len(ORDER)
    for level in levels:
        counted[level] += 1
    return {level: counted[level] for level in ORDER}


def _count_scenarios(
    clients: Sequence[ClientTally], scenarios: Sequence[Scenario]
) -> Mapping[str, Mapping[Level, int]]:
    return {
        scenario.id: _by_level(one.findings[column].level for one in clients)
        for column, scenario in enumerate(scenarios)
    }


def _count_tiers(
    by_scenario: Mapping[str, Mapping[Level, int]], scenarios: Sequence[Scenario]
) -> Mapping[str, Mapping[Level, int]]:
    tiers = dict.fromkeys(scenario.tier for scenario in scenarios)
    return {
        tier: {
            level: sum(by_scenario[one.id][level] for one in scenarios if one.tier == tier)
            for level in ORDER
        }
        for tier in tiers
    }


def _sum_by_verdict(pairs: Iterable[tuple[Level, Decimal | None]]) -> Mapping[Level, Decimal]:
    sums: dict[Level, Decimal] = {}
    for level, amount in pairs:
        if amount is not None:
            sums[level] = sums.get(level, Decimal(0)) + amount
    return {level: sums[level] for level in ORDER if level in sums}


def _concentration(clients: Sequence[ClientTally], leaving: frozenset[str]) -> Concentration:
    revenue = {one.client.id: one.client.revenue_or_middle for one in clients}
    staying = (amount for client, amount in revenue.items() if client not in leaving)
    return Concentration(
        before=_hhi(revenue.values()),
        after=_hhi(staying),
        unknown_revenue=sum(amount is None for amount in revenue.values()),
    )


def _hhi(revenue: Iterable[Decimal | None]) -> float | None:
    known = [amount for amount in revenue if amount is not None and amount > 0]
    total = sum(known, Decimal(0))
    if not total:
        return None
    return float(sum(((amount / total) ** 2 for amount in known), Decimal(0)))
