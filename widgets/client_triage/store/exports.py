"""A tally as JSON (``client-triage/tally@1``), CSV, and text to read in a terminal."""

import csv
import io
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from client_triage.domain.findings import Finding
from client_triage.domain.levels import Level
from client_triage.domain.tally import ORDER, ClientTally, Tally
from client_triage.domain.worth import plain
from client_triage.words import Words

TALLY_SCHEMA = "client-triage/tally@1"

_MOST_IN_TEXT = 40
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_json(tally: Tally, words: Words) -> dict[str, Any]:
    """Give the tally as plain JSON values; every finding with its reason in the language."""
    said: dict[int, dict[str, Any]] = {}

    def say(finding: Finding) -> dict[str, Any]:
        # Clients with equal answers share their finding, so that it is said once.
        if id(finding) not in said:
            said[id(finding)] = _finding(finding, words)
        return said[id(finding)]

    return {
        "schema": TALLY_SCHEMA,
        "as_of": tally.as_of.isoformat(),
        "language": words.language,
        "currency": tally.currency,
        "clients": [_client(one, tally, say) for one in tally.clients],
        "scenarios": [
            {
                "id": scenario.id,
                "tier": scenario.tier,
                **_by_word(tally.by_scenario[scenario.id]),
            }
            for scenario in tally.scenarios
        ],
        "verdicts": _by_word(tally.verdicts),
        "tiers": {tier: _by_word(counts) for tier, counts in tally.by_tier.items()},
        "revenue_by_verdict": _sums(tally.revenue, tally.currency),
        "hours_by_verdict": _sums(tally.hours),
        "completeness": tally.completeness,
        "hhi": {
            "before": tally.concentration.before,
            "after": tally.concentration.after,
            "unknown_revenue": tally.concentration.unknown_revenue,
        },
        "effective_clients": tally.concentration.effective_clients,
        "firing_order": list(tally.firing_order),
    }


def as_csv(tally: Tally, words: Words) -> str:
    """Give the tally as a table: a line a client, a column a scenario.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        [
            *("id", "alias", "verdict", "exception", "answered"),
            *(scenario.id for scenario in tally.scenarios),
            *("revenue", "hours", "effective_rate", "surplus", "reasons"),
        ]
    )
    for one in tally.clients:
        reasons = " ".join(words.reason(finding.reason) for finding in one.deciding)
        writer.writerow(
            [
                _cell(one.client.id),
                _cell(one.client.alias),
                one.verdict.word,
                "yes" if one.kept else "no",
                one.answered,
                *(finding.level.word for finding in one.findings),
                *(value or "" for value in _money(one, tally.currency).values()),
                _cell(reasons if one.verdict > Level.CLEAR else ""),
            ]
        )
    return out.getvalue()


def as_text(tally: Tally, words: Words) -> str:
    """Give the tally as lines to read: the most urgent clients first, then the sums."""
    return "\n".join([*_client_lines(tally, words), "", *_sum_lines(tally, words)]) + "\n"


def _client(
    one: ClientTally, tally: Tally, say: Callable[[Finding], dict[str, Any]]
) -> dict[str, Any]:
    return {
        "id": one.client.id,
        "alias": one.client.alias,
        "verdict": one.verdict.word,
        "exception": one.kept,
        "answered": one.answered,
        "findings": [say(finding) for finding in one.findings],
        **_money(one, tally.currency),
        "estimated": one.client.revenue is None and one.client.revenue_band is not None,
        "left_out": list(one.worth.left_out),
    }


def _finding(finding: Finding, words: Words) -> dict[str, Any]:
    return {
        "scenario": finding.scenario,
        "level": finding.level.word,
        "rule": finding.rule,
        "reason_key": finding.reason.key,
        "figures": dict(finding.reason.figures),
        "reason": words.reason(finding.reason),
    }


def _money(one: ClientTally, currency: str | None) -> dict[str, str | None]:
    return {
        "revenue": plain(one.client.revenue_or_middle, currency),
        "hours": plain(one.client.hours),
        "effective_rate": plain(one.worth.effective_rate, currency),
        "surplus": plain(one.worth.surplus, currency),
    }


def _by_word(counts: Mapping[Level, int]) -> dict[str, int]:
    return {level.word: counts[level] for level in ORDER}


def _sums(sums: Mapping[Level, Decimal], currency: str | None = None) -> dict[str, str | None]:
    return {level.word: plain(amount, currency) for level, amount in sums.items()}


def _cell(text: str) -> str:
    """Keep a text in one cell, and from being taken for a formula."""
    line = " ".join(text.splitlines())
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line


def _client_lines(tally: Tally, words: Words) -> list[str]:
    shown = tally.most_urgent_first[:_MOST_IN_TEXT]
    if not shown:
        return [words.text("tally.no_clients")]
    rows = [(one.client.alias, _verdict(one, words), _why(one, words)) for one in shown]
    lines = _aligned(rows)
    if left := len(tally.clients) - len(shown):
        lines.append(words.text("tally.more_clients", count=left))
    return lines


def _verdict(one: ClientTally, words: Words) -> str:
    level = words.level(one.verdict)
    return words.text("tally.kept", level=level) if one.kept else level


def _why(one: ClientTally, words: Words) -> str:
    if one.verdict is Level.UNKNOWN:
        return unknown_sentence(one, words)
    if one.verdict is Level.CLEAR:
        return words.text("tally.clear_so_far", answered=one.answered, asked=len(one.findings))
    return " ".join(words.reason(finding.reason) for finding in one.deciding)


def _sum_lines(tally: Tally, words: Words) -> list[str]:
    text = words.text
    counts = [
        text("joining.counted", name=words.level(level), count=tally.verdicts[level])
        for level in reversed(ORDER)
        if tally.verdicts[level]
    ]
    lines = [text("tally.as_of", day=words.date(tally.as_of))]
    if counts:
        lines.append(words.joined(counts, "apart"))
    lines.append(text("tally.answered", share=words.percent(tally.completeness)))
    if tally.firing_order:
        aliases = [tally.client(one).client.alias for one in tally.firing_order[:_MOST_IN_TEXT]]
        lines.append(text("tally.first", aliases=words.joined(aliases)))
    lines += [
        text("tally.revenue", level=words.level(level), amount=words.money(amount, tally.currency))
        for level, amount in tally.revenue.items()
    ]
    if sentence := concentration_sentence(tally, words):
        lines.append(sentence)
    return lines


def unknown_sentence(one: ClientTally, words: Words) -> str:
    """Say why a client's verdict is unknown: no answer at all, or none that decides anything."""
    answered = any(record.answers for record in one.client.records.values())
    return words.text("tally.undecided" if answered else "tally.nothing_answered")


def concentration_sentence(tally: Tally, words: Words) -> str:
    """Say how much of the known revenue hangs on one client; empty where nothing is known."""
    known = [
        (amount, one.client.alias)
        for one in tally.clients
        if (amount := one.client.revenue_or_middle) is not None and amount > 0
    ]
    if not known:
        return ""
    largest, alias = max(known)
    share = float(largest / sum((amount for amount, _ in known), Decimal(0)))
    return words.text("tally.concentration", share=words.percent(share), alias=alias)


def _aligned(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    widths = [max(_width(row[column]) for row in rows) for column in (0, 1)]
    return [
        "  ".join([_padded(row[0], widths[0]), _padded(row[1], widths[1]), row[2]]) for row in rows
    ]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Count terminal columns: a Hangul syllable takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
