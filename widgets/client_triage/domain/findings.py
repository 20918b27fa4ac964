"""One scenario seen at one client: a finding with its reason."""

from dataclasses import dataclass
from datetime import date

from client_triage.domain.levels import Level
from client_triage.domain.portfolio import Client, Record
from client_triage.domain.rules import Answers, Bar, Figures, Judgement
from client_triage.domain.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a finding has its level; ``words`` renders it in a language.

    Parameters
    ----------
    key
        ``scenario.signal.reason``, such as ``"slow-pay.late.established"``.
    figures
        The numbers it stands on: answers by signal, limits as ``bar_<item>``, and the
        ``probability`` (0–1) that a habit is established.
    """

    key: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Finding:
    """What the record says of one scenario."""

    scenario: str
    level: Level
    rule: str
    reason: Reason


def find(scenario: Scenario, client: Client, bar: Bar, since: date) -> Finding:
    """Judge one client's record of one scenario.

    Its level is the highest that the answers reach. Where they reach none and a deciding signal
    is missing, it is unknown: unknown never becomes clear.

    Parameters
    ----------
    bar
        The scenario's limits, defaults filled in (`Scenario.bar_with`).
    since
        First day of the review period; events before it count only where nothing expires.
    """
    answers = _answers(scenario, client, since)
    judged = [(rule, rule.judge(answers, bar)) for rule in scenario.rules]
    rule, judgement = max(judged, key=lambda pair: _urgency(pair[1]))
    return Finding(
        scenario.id,
        judgement.level,
        rule.kind,
        Reason(f"{scenario.id}.{rule.signal}.{judgement.reason}", judgement.figures),
    )


def events_within(scenario: Scenario, record: Record, since: date) -> int:
    """Count the dated events that still count."""
    return sum(1 for event in record.events if not scenario.expires or event.on >= since)


def _answers(scenario: Scenario, client: Client, since: date) -> Answers:
    record = client.records.get(scenario.id)
    answers: dict[str, int | bool | str | None] = dict(record.answers) if record else {}
    for name, signal in scenario.signals.items():
        if signal.of == "client":
            answers[name] = client.facts.get(name)
    counted = scenario.counted
    # Dated events without a count are still evidence: they must not hide behind "unknown".
    if record and record.events and counted and answers.get(counted) is None:
        answers[counted] = events_within(scenario, record, since) or None
    return answers


def _urgency(judgement: Judgement) -> tuple[int, int]:
    """Order judgements: above clear by level; else unknown before clear."""
    level = judgement.level
    return (level, 0) if level > Level.CLEAR else (Level.CLEAR, int(level is Level.UNKNOWN))
