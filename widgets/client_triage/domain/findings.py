"""One scenario seen at one client: a finding with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from client_triage.domain.levels import Level
from client_triage.domain.portfolio import Client, Record
from client_triage.domain.rules import Answer, Answers, Bar, Figures, Judgement
from client_triage.domain.scenario import Scenario

_NO_RECORD = Record()


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


def find(
    scenario: Scenario, client: Client, bar: Bar, since: date, until: date = date.max
) -> Finding:
    """Judge one client's record of one scenario.

    Its level is the highest that the answers reach. Where they reach none and a deciding signal
    is missing, it is unknown: unknown never becomes clear.

    Parameters
    ----------
    bar
        The scenario's limits, defaults filled in (`Scenario.bar_with`).
    since, until
        First and last day of the review period; events outside it count only where nothing
        expires.
    """
    return _judged(scenario, _answers(scenario, client, since, until), bar)


def find_all(
    scenario: Scenario, clients: Iterable[Client], bar: Bar, since: date, until: date = date.max
) -> list[Finding]:
    """Judge every client's record of one scenario, as `find` does.

    Most clients of a large portfolio share their answers with others; equal answers are judged
    once and share their finding.
    """
    found: dict[tuple[tuple[str, Answer | None], ...], Finding] = {}
    findings = []
    for client in clients:
        answers = _answers(scenario, client, since, until)
        key = tuple(answers.items())
        finding = found.get(key)
        if finding is None:
            finding = found[key] = _judged(scenario, answers, bar)
        findings.append(finding)
    return findings


def events_within(scenario: Scenario, record: Record, since: date, until: date) -> int:
    """Count the dated events that count: all of them where nothing expires."""
    if not scenario.expires:
        return len(record.events)
    return sum(since <= event.on <= until for event in record.events)


def _judged(scenario: Scenario, answers: Answers, bar: Bar) -> Finding:
    judged = [(rule, rule.judge(answers, bar)) for rule in scenario.rules]
    rule, judgement = max(judged, key=lambda pair: _urgency(pair[1]))
    return Finding(
        scenario.id,
        judgement.level,
        rule.kind,
        Reason(f"{scenario.id}.{rule.signal}.{judgement.reason}", judgement.figures),
    )


def _answers(scenario: Scenario, client: Client, since: date, until: date) -> Answers:
    record = client.records.get(scenario.id, _NO_RECORD)
    if not record.events and not scenario.client_signals:
        return record.answers
    answers: dict[str, Answer | None] = dict(record.answers)
    for name in scenario.client_signals:
        answers[name] = client.facts.get(name)
    counted, dated = scenario.counted, events_within(scenario, record, since, until)
    if counted and dated:
        # Dated events are evidence: without a count they must not hide behind "unknown".
        answers[counted] = count = max(int(answers.get(counted) or 0), dated)
        for constraint in scenario.constraints:
            whole = answers.get(constraint.whole)
            if constraint.part == counted and isinstance(whole, int) and whole < count:
                answers[constraint.whole] = None  # contradicted, so not known
    return answers


def _urgency(judgement: Judgement) -> tuple[int, int]:
    """Order judgements: above clear by level; else unknown before clear."""
    level = judgement.level
    return (level, 0) if level > Level.CLEAR else (Level.CLEAR, int(level is Level.UNKNOWN))
