"""Every fault in the quiz items of a scenario or a lesson."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from math import isfinite
from pathlib import Path

from client_triage.content.reading import read
from client_triage.content.shapes import Item, Quiz, Texts
from client_triage.domain.levels import Level
from client_triage.domain.quiz import (
    ACTIONS,
    CASES,
    PAIRS,
    RATINGS,
    SIDES,
    keyed_action,
    keyed_case,
    least_count,
    level_of,
)
from client_triage.domain.scenario import Scenario
from client_triage.faults import Fault, FaultyFileError

Problem = tuple[str, str]
"""What is wrong, and where in the item: ``.answer``."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_FEWEST_OPTIONS = {"choose-many": 4, "order": 3}
_MOST_OPTIONS = {"choose-many": 6}
_OWNERS = {
    "tolerance": "number",
    "unit": "number",
    "form": "vignette",
    "pair": "vignette",
    "cases": "compare",
    "vary": "line",
    "reaches": "line",
}
_VIGNETTES = {(form, pair) for form in ("A", "B") for pair in PAIRS}


def quiz_faults(
    path: Path, languages: Collection[str], scenario: Scenario | None
) -> Iterator[Fault]:
    """Find every fault in a scenario's ``quiz.toml``.

    Parameters
    ----------
    scenario
        What its stories are held against; None where it has faults of its own, which come first.
    """
    try:
        items = read(path, Quiz).items
    except FaultyFileError as error:
        yield from error.faults
        return
    for problem, place in (*_set_problems(items), *_vignette_set_problems(items)):
        yield Fault(str(path), problem, f"$.items{place}")
    for number, item in enumerate(items):
        found = list(_item_problems(item, languages))
        if scenario:
            found += _signal_problems(item, scenario)
        if scenario and not found:
            found += _rule_problems(item, scenario)
        for problem, place in found:
            yield Fault(str(path), problem, f"$.items[{number}]{place}")


def lesson_quiz_faults(path: Path, languages: Collection[str]) -> Iterator[Fault]:
    """Find every fault in a lesson's ``quiz.toml``, which no rule stands behind."""
    try:
        items = read(path, Quiz).items
    except FaultyFileError as error:
        yield from error.faults
        return
    for problem, place in _set_problems(items):
        yield Fault(str(path), problem, f"$.items{place}")
    for number, item in enumerate(items):
        found = list(_item_problems(item, languages))
        if item.use != "extra":
            found.append((f"an item of a lesson is 'extra', not {item.use!r}", ".use"))
        if item.facts or item.bar:
            key = "facts" if item.facts else "bar"
            found.append(("a lesson has no rules that this could be read by", f".{key}"))
        for problem, place in found:
            yield Fault(str(path), problem, f"$.items[{number}]{place}")


# the items together


def _set_problems(items: tuple[Item, ...]) -> Iterator[Problem]:
    if not items:
        yield "there are no items", ""
    yield from _doubled("id", [(item.id, f"[{number}].id") for number, item in enumerate(items)])


def _vignette_set_problems(items: tuple[Item, ...]) -> Iterator[Problem]:
    for use in ("compare", "line"):
        if all(item.use != use for item in items):
            yield f"there is no item with use = {use!r}", ""
    placed = [
        (number, item)
        for number, item in enumerate(items)
        if item.use == "vignette" and (item.form, item.pair) in _VIGNETTES
    ]
    first: dict[tuple[object, object], Item] = {}
    for number, item in placed:
        if (item.form, item.pair) in first:
            problem = f"there is a vignette {item.form} of pair {item.pair} already"
            yield f"{problem}: {first[item.form, item.pair].id!r}", f"[{number}].form"
        first.setdefault((item.form, item.pair), item)
    for form, pair in sorted(_VIGNETTES - first.keys(), key=lambda one: (one[1], one[0])):
        yield f"there is no vignette {form} of pair {pair}", ""
    for number, item in placed:
        other = first.get(("A", item.pair))
        if item.form == "B" and other and item.answer != other.answer:
            problem = f"{item.id!r} is keyed {item.answer!r}, and its parallel {other.id!r} is"
            yield f"{problem} keyed {other.answer!r}", f"[{number}].answer"


def _doubled(key: str, named: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for name, place in named:
        if name in seen:
            yield f"duplicate {key} {name!r}", place
        seen.add(name)


# one item by itself


def _item_problems(item: Item, languages: Collection[str]) -> Iterator[Problem]:
    checks = (_name_problems, _option_problems, _answer_problems, _key_problems, _use_problems)
    for find in checks:
        yield from find(item)
    for texts, place in _texts(item):
        for language in languages:
            if not texts.get(language, "").strip():
                yield "missing text", f"{place}.{language}"


def _texts(item: Item) -> Iterator[tuple[Texts, str]]:
    """Give every text of an item that is there, with its place."""
    for key in ("objective", "stem", "why", "unit"):
        if (texts := getattr(item, key)) is not None:
            yield texts, f".{key}"
    yield from ((texts, f".hints[{number}]") for number, texts in enumerate(item.hints))
    for number, option in enumerate(item.options):
        if option.text is not None:
            yield option.text, f".options[{number}].text"
        yield option.feedback, f".options[{number}].feedback"


def _name_problems(item: Item) -> Iterator[Problem]:
    named = [(option.id, f".options[{n}].id") for n, option in enumerate(item.options)]
    for name, place in ((item.id, ".id"), *named):
        if not _NAME.fullmatch(name):
            yield f"{name!r} should have lower-case letters, digits and - only", place
    yield from _doubled("id", named)


def _option_problems(item: Item) -> Iterator[Problem]:
    fixed = _fixed_options(item)
    if fixed and item.option_ids != fixed:
        yield f"the options should be, in this order: {', '.join(fixed)}", ".options"
    fewest = _FEWEST_OPTIONS.get(item.type, 2)
    most = _MOST_OPTIONS.get(item.type, len(item.options))
    if not fixed and not fewest <= len(item.options) <= most:
        wanted = f"{fewest} to {most}" if item.type in _MOST_OPTIONS else f"at least {fewest}"
        yield f"expected {wanted} options, got {len(item.options)}", ".options"
    named_by_interface = item.use == "vignette" or item.type == "number"
    for number, option in enumerate(item.options):
        if named_by_interface and option.text is not None:
            problem = f"{option.id!r} is named by the interface: it has no text here"
            yield problem, f".options[{number}].text"
        if not named_by_interface and option.text is None:
            yield "missing key 'text'", f".options[{number}].text"
    if not item.hints:
        yield "expected at least one hint", ".hints"


def _fixed_options(item: Item) -> tuple[str, ...]:
    if item.use == "vignette":
        return ACTIONS
    if item.use == "compare":
        return CASES
    return {"number": SIDES, "rating": RATINGS}.get(item.type, ())


def _answer_problems(item: Item) -> Iterator[Problem]:
    """Find what can't be the key of an item of this type."""
    if item.type == "rating":
        if item.answer is not None:
            yield "a rating has no answer", ".answer"
    elif item.answer is None:
        yield "missing key 'answer'", ".answer"
    else:
        by_type: Mapping[str, Callable[[Item], Iterator[str]]] = {
            "choose-one": _one_problems,
            "choose-many": _several_problems,
            "order": _order_problems,
            "number": _number_problems,
        }
        for problem in by_type[item.type](item):
            yield problem, ".answer"


def _one_problems(item: Item) -> Iterator[str]:
    if not isinstance(item.answer, str):
        yield "expected the id of one option"
    elif item.answer not in item.option_ids:
        yield f"{item.answer!r} is none of the options: {', '.join(item.option_ids)}"


def _several_problems(item: Item) -> Iterator[str]:
    if not isinstance(item.answer, tuple):
        yield "expected a list of options"
        return
    for name in item.answer:
        if name not in item.option_ids:
            yield f"{name!r} is none of the options: {', '.join(item.option_ids)}"
    if len(set(item.answer)) < len(item.answer):
        yield "an option stands here twice"
    if not 0 < len(set(item.answer)) < len(item.options):
        yield "expected one option at least, and not all of them"


def _order_problems(item: Item) -> Iterator[str]:
    if not isinstance(item.answer, tuple) or Counter(item.answer) != Counter(item.option_ids):
        yield f"expected every option, each once: {', '.join(item.option_ids)}"
    elif item.answer == item.option_ids:
        yield "the options stand in this order already: give them in another"


def _number_problems(item: Item) -> Iterator[str]:
    if not isinstance(item.answer, int | float) or not _is_finite(item.answer):
        yield "expected a number"


def _key_problems(item: Item) -> Iterator[Problem]:
    """Find keys that an item of this type and use needs, or does not have."""
    for key in _needed_keys(item):
        if getattr(item, key) in (None, {}):
            yield f"missing key {key!r}", f".{key}"
    for key, owner in _OWNERS.items():
        if owner not in {item.use, item.type} and getattr(item, key) is not None:
            yield f"only an item that is a {owner!r} has this key", f".{key}"
    if item.cases and item.facts:
        yield "a comparison has cases instead", ".facts"
    if item.tolerance is not None and not (item.tolerance >= 0 and _is_finite(item.tolerance)):
        yield f"expected a number of 0 or more, got {item.tolerance!r}", ".tolerance"
    if item.pair is not None and item.pair not in PAIRS:
        yield f"expected one of 1, 2, got {item.pair!r}", ".pair"


def _needed_keys(item: Item) -> Iterator[str]:
    if item.type == "number":
        yield "tolerance"
    if item.use == "vignette":
        yield from ("form", "pair", "facts")
    elif item.use == "compare":
        yield "cases"
    elif item.use == "line" and (item.vary is not None or item.reaches is not None):
        yield from ("vary", "reaches")


def _use_problems(item: Item) -> Iterator[Problem]:
    if item.use in {"vignette", "compare"} and item.type != "choose-one":
        yield f"an item with use = {item.use!r} is 'choose-one', not {item.type!r}", ".type"
    if item.use == "line" and item.vary is not None and item.type != "number":
        yield f"a line with 'vary' is a 'number', not {item.type!r}", ".type"


def _is_finite(value: float) -> bool:
    return isinstance(value, int) or isfinite(value)


# an item against its scenario


def _signal_problems(item: Item, scenario: Scenario) -> Iterator[Problem]:
    """Find signals and limits that the scenario does not have, or does not take."""
    told = {".facts": item.facts}
    if item.cases:
        told = {".cases.first": item.cases.first, ".cases.second": item.cases.second}
    for place, facts in told.items():
        for name, value in facts.items():
            if name not in scenario.signals:
                yield f"there is no signal {name!r}", f"{place}.{name}"
            elif not scenario.signals[name].accepts(value):
                yield f"{value!r} is no answer to a signal {name!r}", f"{place}.{name}"
        if broken := scenario.excess(facts):
            whole = f"{broken.whole} ({facts[broken.whole]})"
            yield f"{broken.part} is more than {whole}", f"{place}.{broken.part}"
    for name, limit in item.bar.items():
        if name not in scenario.bar or not scenario.bar[name].accepts(limit):
            yield f"{limit!r} can't stand in the bar as {name!r}", f".bar.{name}"
    if item.vary is not None:
        yield from _vary_problems(item, item.vary, scenario)


def _vary_problems(item: Item, vary: str, scenario: Scenario) -> Iterator[Problem]:
    signal = scenario.signals.get(vary)
    if signal is None or signal.type not in {"count", "scale"}:
        yield f"there is no count {vary!r}", ".vary"
    if vary in item.facts:
        yield f"{vary!r} varies: it can't be a fact as well", f".facts.{vary}"


def _rule_problems(item: Item, scenario: Scenario) -> Iterator[Problem]:
    """Find a key that the rules disagree with; the item has no other fault."""
    said = _said_by_rules(item, scenario)
    if said is None:
        return
    says, keyed = said
    if keyed != item.answer:
        key = f" (keyed {keyed!r})" if keyed is not None else ""
        yield f"keyed {item.answer!r}, but the rules say {says}{key}", ".answer"


def _said_by_rules(item: Item, scenario: Scenario) -> tuple[str, str | int | None] | None:
    """Give what the rules say of an item, and how it is keyed then; None where they say nothing."""
    if item.use == "vignette":
        level = level_of(scenario, item.facts, item.bar)
        return level.word, keyed_action(level)
    if item.cases:
        first = level_of(scenario, item.cases.first, item.bar)
        second = level_of(scenario, item.cases.second, item.bar)
        says = f"{first.word} for the first and {second.word} for the second"
        return says, None if Level.UNKNOWN in {first, second} else keyed_case(first, second)
    if item.vary is not None and item.reaches is not None:
        count = least_count(scenario, item)
        if count is None:
            return f"{item.reaches.word} at no count of {item.vary!r}", None
        return f"{item.reaches.word} from {count} on", count
    return None
