"""What each plot says, in words and as a table: what stands in its place without matplotlib."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import inf

from client_triage.domain import ClientTally, Level, Tally
from client_triage.domain.practice import Confidence
from client_triage.domain.quiz import Calibrated
from client_triage.palette import LEVEL_LOOKS
from client_triage.words import Words, words_in

MOST_CLIENTS = 40
"""How many clients a heatmap shows."""

FEWEST_ANSWERS = 5
"""From how many answers on a share of them is given."""

SUREST_FIRST: tuple[Confidence, ...] = (3, 2, 1)

_MOST_SCENARIOS = 3
_SMALLEST_PERCENTAGE = 0.01


@dataclass(frozen=True, slots=True)
class Description:
    """A plot without the picture.

    Parameters
    ----------
    title
        The finding, in one line.
    note
        What the reader has to know to read it right; empty where there is nothing.
    alt
        What the picture shows, for those who don't see it.
    columns, rows
        The plot's data as text; the first column names the row.
    """

    title: str
    note: str
    alt: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def describe_heatmap(
    tally: Tally, words: Words | None = None, most: int = MOST_CLIENTS
) -> Description:
    """Describe `client_triage.plots.heatmap`: a row a client, the most urgent first."""
    words = words or words_in()
    title = _verdict_title(tally, words)
    note = _sentences(_limit_note(tally, words, most), _kept_note(tally, words))
    verdicts = words.joined(
        words.text("joining.counted", name=words.level(level), count=n)
        for level, n in _present(tally)
    )
    picture = words.text("plots.heatmap.alt", title=title, verdicts=verdicts)
    return Description(
        title=title,
        note=note,
        alt=_sentences(picture, note) if tally.clients else title,
        columns=(
            words.text("plots.client"),
            *(words.scenario(scenario.id).short for scenario in tally.scenarios),
            words.text("plots.verdict"),
        ),
        rows=tuple(
            (
                one.client.alias,
                *(words.level(finding.level) for finding in one.findings),
                verdict_words(one, words),
            )
            for one in tally.most_urgent_first[:most]
        ),
    )


def describe_tally_by_scenario(tally: Tally, words: Words | None = None) -> Description:
    """Describe `client_triage.plots.tally_by_scenario`: a row a scenario, a column a level."""
    words = words or words_in()
    title = _scenario_title(tally, words)
    return Description(
        title=title,
        note="",
        alt=words.text("plots.tally-by-scenario.alt", title=title) if tally.clients else title,
        columns=(words.text("plots.scenario"), *(words.level(level) for level in LEVEL_LOOKS)),
        rows=tuple(
            (
                words.scenario(scenario.id).short,
                *(words.number(tally.by_scenario[scenario.id][level]) for level in LEVEL_LOOKS),
            )
            for scenario in tally.scenarios
        ),
    )


def describe_revenue_by_verdict(tally: Tally, words: Words | None = None) -> Description:
    """Describe `client_triage.plots.revenue_by_verdict`: a row a verdict that a client has."""
    words = words or words_in()
    title = _revenue_title(tally, words)
    note = _revenue_note(tally, words)
    bars = words.joined(
        words.named(words.level(level), sum_in_words(tally, level, words))
        for level, _ in _present(tally)
    )
    picture = words.text("plots.revenue-by-verdict.alt", title=title, bars=bars)
    return Description(
        title=title,
        note=note,
        alt=_sentences(picture, note) if tally.clients else title,
        columns=tuple(
            words.text(f"plots.{column}") for column in ("verdict", "clients", "revenue", "share")
        ),
        rows=tuple(
            (
                words.level(level),
                words.number(count),
                sum_in_words(tally, level, words),
                share_in_words(tally, level, words),
            )
            for level, count in _present(tally)
        ),
    )


def describe_calibration(
    calibration: Mapping[Confidence, Calibrated], words: Words | None = None
) -> Description:
    """Describe `client_triage.plots.calibration`: a row a confidence, the surest first."""
    words = words or words_in()
    title = _calibration_title(calibration, words)
    is_known = any(one.n for one in calibration.values())
    has_few = any(0 < one.n < FEWEST_ANSWERS for one in calibration.values())
    note = words.text("plots.calibration.note", fewest=FEWEST_ANSWERS) if has_few else ""
    bars = words.joined(
        words.named(
            words.text(f"practice.sure_{sure}"), calibrated_in_words(calibration[sure], words)
        )
        for sure in SUREST_FIRST
    )
    picture = words.text("plots.calibration.alt", title=title, bars=bars)
    return Description(
        title=title,
        note=note,
        alt=_sentences(picture, note) if is_known else title,
        columns=tuple(
            words.text(f"plots.calibration.{column}")
            for column in ("confidence", "answers", "right", "share")
        ),
        rows=tuple(
            (
                words.text(f"practice.sure_{sure}"),
                words.number(calibration[sure].n),
                words.number(calibration[sure].right),
                share_right_in_words(calibration[sure], words),
            )
            for sure in SUREST_FIRST
        ),
    )


def calibrated_in_words(one: Calibrated, words: Words) -> str:
    """Write how many of the answers were right."""
    if not one.n:
        return words.text("plots.calibration.no-answers")
    return words.text("plots.calibration.part", right=one.right, n=one.n)


def share_right_in_words(one: Calibrated, words: Words) -> str:
    """Write the share that was right; that there are too few answers where there are."""
    if one.n < FEWEST_ANSWERS:
        return words.text("plots.calibration.too-few")
    return words.percent(one.right / one.n)


def verdict_words(one: ClientTally, words: Words) -> str:
    """Name a client's verdict, and say so where it is kept against advice."""
    verdict = words.level(one.verdict)
    return words.text("plots.kept", verdict=verdict) if one.kept else verdict


def sum_in_words(tally: Tally, level: Level, words: Words) -> str:
    """Write the known revenue behind a verdict."""
    if level not in tally.revenue:
        return words.text("plots.not-known")
    return words.money(tally.revenue[level], tally.currency)


def share_in_words(tally: Tally, level: Level, words: Words) -> str:
    """Write a verdict's share of the known revenue; nothing where there is none."""
    total = sum(tally.revenue.values(), Decimal(0))
    if level not in tally.revenue or not total:
        return ""
    share = float(tally.revenue[level] / total)
    if 0 < share < _SMALLEST_PERCENTAGE:
        return words.text("plots.less-than", share=words.percent(_SMALLEST_PERCENTAGE))
    return words.percent(share)


def _present(tally: Tally) -> Sequence[tuple[Level, int]]:
    return [(level, tally.verdicts[level]) for level in LEVEL_LOOKS if tally.verdicts[level]]


def _verdict_title(tally: Tally, words: Words) -> str:
    present = _present(tally)
    if not present:
        return words.text("plots.no-clients")
    level, part = present[0]
    deciding = Counter(
        finding.scenario
        for one in tally.clients
        if one.verdict is level
        for finding in one.deciding
    )
    # Among equal counts, scenarios that fire by themselves come first.
    ranked = sorted(
        (scenario for scenario in tally.scenarios if scenario.id in deciding),
        key=lambda scenario: (-deciding[scenario.id], scenario.urgency or inf),
    )
    return words.text(
        f"plots.heatmap.{level.word}",
        count=len(tally.clients),
        part=part,
        scenarios=_scenario_names([scenario.id for scenario in ranked], words),
    )


def _limit_note(tally: Tally, words: Words, most: int) -> str:
    clients = len(tally.clients)
    return words.text("plots.heatmap.limit", most=most, clients=clients) if clients > most else ""


def _kept_note(tally: Tally, words: Words) -> str:
    kept = sum(one.kept for one in tally.clients)
    return words.text("plots.heatmap.kept", count=kept) if kept else ""


def _scenario_title(tally: Tally, words: Words) -> str:
    clients = len(tally.clients)
    if not clients:
        return words.text("plots.no-clients")
    seen = {
        scenario: sum(count for level, count in counts.items() if level > Level.CLEAR)
        for scenario, counts in tally.by_scenario.items()
    }
    most = max(seen.values(), default=0)
    if not most:
        nothing = "nothing" if tally.completeness else "no-answers"
        return words.text(f"plots.tally-by-scenario.{nothing}")
    if clients == 1:
        return words.text(
            "plots.tally-by-scenario.one-client", count=len(seen), part=sum(seen.values())
        )
    names = [scenario for scenario, count in seen.items() if count == most]
    return words.text(
        "plots.tally-by-scenario.most",
        count=len(names),
        scenarios=_scenario_names(names, words),
        part=most,
        clients=clients,
    )


def _revenue_title(tally: Tally, words: Words) -> str:
    if not tally.clients:
        return words.text("plots.no-clients")
    if not tally.revenue:
        return words.text("plots.revenue-by-verdict.no-revenue")
    if not any(tally.revenue.values()):
        return words.text("plots.revenue-by-verdict.zero")
    if not tally.revenue.get(Level.FIRE):
        return words.text("plots.revenue-by-verdict.none")
    share = share_in_words(tally, Level.FIRE, words)
    return words.text("plots.revenue-by-verdict.part", share=share)


def _revenue_note(tally: Tally, words: Words) -> str:
    if not tally.revenue:
        return ""
    unknown = tally.concentration.unknown_revenue
    rough = any(one.client.revenue is None and one.client.revenue_band for one in tally.clients)
    return _sentences(
        words.text("plots.revenue-by-verdict.unknown", count=len(tally.clients), part=unknown)
        if unknown
        else "",
        words.text("plots.revenue-by-verdict.bands") if rough else "",
    )


def _calibration_title(calibration: Mapping[Confidence, Calibrated], words: Words) -> str:
    if not any(one.n for one in calibration.values()):
        return words.text("plots.calibration.none")
    for sure in SUREST_FIRST:
        one = calibration[sure]
        if one.n >= FEWEST_ANSWERS:
            return words.text(f"plots.calibration.sure_{sure}", right=one.right, n=one.n)
    return words.text("plots.calibration.few")


def _scenario_names(scenarios: Sequence[str], words: Words) -> str:
    names = [words.scenario(scenario).short for scenario in scenarios[:_MOST_SCENARIOS]]
    if more := len(scenarios) - len(names):
        names.append(words.text("plots.more", count=more))
    return words.joined(names)


def _sentences(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
