"""The closed set of rule kinds; a scenario's facts choose and parameterise them.

Every rule has a deciding signal. Without an answer to it the rule judges *unknown*, whatever
else is known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from client_triage.domain.established import rate_exceeds, share_exceeds
from client_triage.domain.levels import Level

Answer = int | bool | str
BarValue = int | float | tuple[str, ...]
Figures = Mapping[str, int | float | str]
Answers = Mapping[str, Answer | None]
Bar = Mapping[str, BarValue]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one rule says: a level, the name of the reason, and the figures it stands on."""

    level: Level
    reason: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Step:
    """A level, and what it takes to get there.

    Parameters
    ----------
    at, at_bar
        The least count: a number, or the bar item that holds it.
    when
        Further answers that are needed: a flag or a choice as given, a count at least as large.
    """

    level: Level
    reason: str
    at: int = 0
    at_bar: str | None = None
    when: Answers = field(default_factory=dict)

    def least(self, bar: Bar) -> float:
        """Give the count from which the step holds."""
        return _number(bar, self.at_bar) if self.at_bar else self.at

    def holds(self, answers: Answers) -> bool:
        """Tell whether the further answers are there."""
        return all(_meets(answers.get(name), wanted) for name, wanted in self.when.items())


@dataclass(frozen=True, slots=True)
class Guard:
    """What lets a finding off: further answers, and scales that stay within their bar."""

    level: Level
    reason: str
    when: Answers = field(default_factory=dict)
    at_most: Mapping[str, str] = field(default_factory=dict)

    def holds(self, answers: Answers, bar: Bar) -> bool:
        """Tell whether all of it is known to be so; a missing answer lets nobody off."""
        return all(_meets(answers.get(name), wanted) for name, wanted in self.when.items()) and all(
            isinstance(value := answers.get(name), int) and value <= _number(bar, item)
            for name, item in self.at_most.items()
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """What all rule kinds share: the deciding signal, and guards over the result."""

    kind: ClassVar[str]
    signal: str
    guards: tuple[Guard, ...] = ()

    def judge(self, answers: Answers, bar: Bar) -> Judgement:
        """Judge the answers against the bar.

        Parameters
        ----------
        answers
            By signal; None is "don't know" and counts as no answer.
        bar
            By bar item, defaults filled in.
        """
        value = answers.get(self.signal)
        if value is None:
            return Judgement(Level.UNKNOWN, "missing", {})
        judgement = self._judge(value, answers, bar)
        if judgement.level > Level.CLEAR:
            for guard in self.guards:
                if guard.holds(answers, bar):
                    figures = _figures(answers, bar, (*guard.when, *guard.at_most))
                    limits = _figures({}, bar, (), guard.at_most.values())
                    return Judgement(
                        guard.level, guard.reason, {**judgement.figures, **figures, **limits}
                    )
        return judgement

    def reasons(self) -> Iterable[str]:
        """Name every reason that the rule can give."""
        yield "missing"
        yield from (guard.reason for guard in self.guards)

    def read_signals(self) -> Iterable[str]:
        """Name every signal that the rule reads."""
        yield self.signal
        for guard in self.guards:
            yield from (*guard.when, *guard.at_most)

    def read_bar(self) -> Iterable[str]:
        """Name every bar item that the rule reads."""
        for guard in self.guards:
            yield from guard.at_most.values()

    def levels(self) -> Iterable[Level]:
        """Give every level above clear that the rule can reach."""
        return ()

    def _judge(self, value: Answer, answers: Answers, bar: Bar) -> Judgement:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Thresholds(Rule):
    """A count reaches steps; the first step that holds decides, so the worst stands first."""

    kind: ClassVar[str] = "thresholds"
    steps: tuple[Step, ...] = ()

    def reasons(self) -> Iterable[str]:
        """Name every reason that the rule can give."""
        yield from super(Thresholds, self).reasons()
        yield "none"
        yield from (step.reason for step in self.steps)

    def read_signals(self) -> Iterable[str]:
        """Name every signal that the rule reads."""
        yield from super(Thresholds, self).read_signals()
        for step in self.steps:
            yield from step.when

    def read_bar(self) -> Iterable[str]:
        """Name every bar item that the rule reads."""
        yield from super(Thresholds, self).read_bar()
        yield from (step.at_bar for step in self.steps if step.at_bar)

    def levels(self) -> Iterable[Level]:
        """Give every level above clear that the rule can reach."""
        return (step.level for step in self.steps if step.level > Level.CLEAR)

    def _judge(self, value: Answer, answers: Answers, bar: Bar) -> Judgement:
        count = int(value)
        for step in self.steps:
            if count >= step.least(bar) and step.holds(answers):
                figures = _figures(answers, bar, (self.signal, *step.when), self.read_bar())
                return Judgement(step.level, step.reason, figures)
        return Judgement(Level.CLEAR, "none", {self.signal: count})


@dataclass(frozen=True, slots=True)
class Choice(Rule):
    """Each answer has its level; a flag answers ``yes`` or ``no``."""

    kind: ClassVar[str] = "choice"
    by_answer: Mapping[str, Level] = field(default_factory=dict)

    def reasons(self) -> Iterable[str]:
        """Name every reason that the rule can give."""
        yield from super(Choice, self).reasons()
        yield from self.by_answer

    def levels(self) -> Iterable[Level]:
        """Give every level above clear that the rule can reach."""
        return (level for level in self.by_answer.values() if level > Level.CLEAR)

    def _judge(self, value: Answer, answers: Answers, bar: Bar) -> Judgement:  # noqa: ARG002 - a choice stands by itself
        answer = value if isinstance(value, str) else ("yes" if value else "no")
        return Judgement(self.by_answer[answer], answer, {self.signal: answer})


@dataclass(frozen=True, slots=True)
class OverBar(Rule):
    """A count is held against a limit that the user has to set first."""

    kind: ClassVar[str] = "over-bar"
    bar: str = ""
    needs: str = ""
    some: Level = Level.WATCH
    steps: tuple[Step, ...] = ()

    def reasons(self) -> Iterable[str]:
        """Name every reason that the rule can give."""
        yield from super(OverBar, self).reasons()
        yield from ("no-bar", "within", "none")
        yield from (step.reason for step in self.steps)

    def read_signals(self) -> Iterable[str]:
        """Name every signal that the rule reads."""
        yield from super(OverBar, self).read_signals()
        for step in self.steps:
            yield from step.when

    def read_bar(self) -> Iterable[str]:
        """Name every bar item that the rule reads."""
        yield from super(OverBar, self).read_bar()
        yield from (self.bar, self.needs)

    def levels(self) -> Iterable[Level]:
        """Give every level above clear that the rule can reach."""
        return (self.some, *(step.level for step in self.steps))

    def judge(self, answers: Answers, bar: Bar) -> Judgement:
        """Judge the answers against the bar; without a bar there is nothing to judge by."""
        if not bar.get(self.needs):
            return Judgement(Level.UNKNOWN, "no-bar", {})
        return super(OverBar, self).judge(answers, bar)

    def _judge(self, value: Answer, answers: Answers, bar: Bar) -> Judgement:
        count = int(value)
        figures = _figures(answers, bar, (self.signal,), (self.bar,))
        if count > _number(bar, self.bar):
            for step in self.steps:
                if step.holds(answers):
                    return Judgement(step.level, step.reason, figures)
        if count > 0:
            return Judgement(self.some, "within", figures)
        return Judgement(Level.CLEAR, "none", figures)


@dataclass(frozen=True, slots=True)
class Established(Rule):
    """A count out of a whole is a habit once it is likely enough to lie over the bar."""

    whole: str = ""
    level: Level = Level.WEIGH
    some: Level = Level.WATCH

    def reasons(self) -> Iterable[str]:
        """Name every reason that the rule can give."""
        yield from super(Established, self).reasons()
        yield from ("established", "not-sure", "within", "part-only", "none")

    def read_signals(self) -> Iterable[str]:
        """Name every signal that the rule reads."""
        yield from super(Established, self).read_signals()
        yield self.whole

    def levels(self) -> Iterable[Level]:
        """Give every level above clear that the rule can reach."""
        return (self.some, self.level)


@dataclass(frozen=True, slots=True)
class EstablishedShare(Established):
    """A share of a whole: late invoices of all invoices."""

    kind: ClassVar[str] = "established-share"

    def reasons(self) -> Iterable[str]:
        """Name every reason that the rule can give."""
        yield from super(EstablishedShare, self).reasons()
        yield from ("too-few", "nothing-yet")

    def read_bar(self) -> Iterable[str]:
        """Name every bar item that the rule reads."""
        yield from super(EstablishedShare, self).read_bar()
        yield from ("share", "confidence", "minimum")

    def _judge(self, value: Answer, answers: Answers, bar: Bar) -> Judgement:
        part, whole = int(value), answers.get(self.whole)
        if whole == 0:
            return Judgement(Level.UNKNOWN, "nothing-yet", {self.signal: part, self.whole: 0})
        figures = _figures(answers, bar, (self.signal, self.whole), self.read_bar())
        if part == 0:
            return Judgement(Level.CLEAR, "none", figures)
        if whole is None:
            return Judgement(self.some, "part-only", figures)
        probability = share_exceeds(part, int(whole), _number(bar, "share"))
        figures = {**figures, "probability": round(probability, 4)}
        if part < _number(bar, "minimum"):
            return Judgement(self.some, "too-few", figures)
        if probability >= _number(bar, "confidence"):
            return Judgement(self.level, "established", figures)
        within = part <= _number(bar, "share") * int(whole)
        return Judgement(self.some, "within" if within else "not-sure", figures)


@dataclass(frozen=True, slots=True)
class EstablishedRate(Established):
    """A rate a unit: reversals a project."""

    kind: ClassVar[str] = "established-rate"

    def read_bar(self) -> Iterable[str]:
        """Name every bar item that the rule reads."""
        yield from super(EstablishedRate, self).read_bar()
        yield from ("rate", "confidence")

    def _judge(self, value: Answer, answers: Answers, bar: Bar) -> Judgement:
        part, whole = int(value), answers.get(self.whole)
        figures = _figures(answers, bar, (self.signal, self.whole), ("rate", "confidence"))
        if part == 0:
            return Judgement(Level.CLEAR, "none", figures)
        if not whole:
            return Judgement(self.some, "part-only", figures)
        probability = rate_exceeds(part, int(whole), _number(bar, "rate"))
        figures = {**figures, "probability": round(probability, 4)}
        if probability >= _number(bar, "confidence"):
            return Judgement(self.level, "established", figures)
        within = part <= _number(bar, "rate") * int(whole)
        return Judgement(self.some, "within" if within else "not-sure", figures)


RULE_KINDS: Mapping[str, type[Rule]] = {
    rule.kind: rule for rule in (Thresholds, Choice, OverBar, EstablishedShare, EstablishedRate)
}


def _meets(value: Answer | None, wanted: Answer | None) -> bool:
    if value is None:
        return False
    if isinstance(wanted, int) and not isinstance(wanted, bool):
        return isinstance(value, int) and value >= wanted
    return value == wanted


def _number(bar: Bar, item: str) -> float:
    value = bar[item]
    if isinstance(value, tuple):
        message = f"bar item {item!r} is a list of lines, not a number"
        raise TypeError(message)
    return value


def _figures(
    answers: Answers, bar: Bar, signals: Iterable[str], items: Iterable[str] = ()
) -> dict[str, int | float | str]:
    figures: dict[str, int | float | str] = {}
    for name in signals:
        if (value := answers.get(name)) is not None:
            figures[name] = value
    for item in items:
        if (limit := bar.get(item)) is not None and not isinstance(limit, tuple):
            figures[f"bar_{item}"] = limit
    return figures
