"""Every fault in a content folder at once, as ``file: problem @ path``."""

import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from client_triage.content.catalogue_checking import phrase_problems, read_catalogues
from client_triage.content.marks import unwritten
from client_triage.content.quiz_checking import lesson_quiz_faults, quiz_faults
from client_triage.content.reading import (
    LESSON_FOLDER,
    Content,
    content_folder,
    load_content,
    read,
    read_prose,
    read_scenario,
    read_text,
    section_ids,
)
from client_triage.content.shapes import ScenarioWords
from client_triage.domain.levels import Level
from client_triage.domain.rules import Choice
from client_triage.domain.scenario import Scenario
from client_triage.faults import Fault, FaultyFileError

T = TypeVar("T")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_OF_RECORDS = {"events", "how", "ledger"}  # keys that every record has beside its signals


def check(folder: Path | str | None = None) -> list[Fault]:
    """Find every fault in a content folder."""
    root = content_folder(folder)
    try:
        content = Content(load_content(root).folder)
    except FaultyFileError as error:
        return list(error.faults)
    faults: list[Fault] = []
    catalogues = read_catalogues(content, faults)
    scenarios: dict[Path, Scenario] = {}
    for place in sorted(path for path in (root / "scenarios").iterdir() if path.is_dir()):
        scenario = _try(faults, read_scenario, place / "scenario.toml")
        faults += _language_faults(place, scenario, content.languages, catalogues)
        own = list(_scenario_faults(place / "scenario.toml", scenario)) if scenario else []
        faults += own
        if scenario:
            scenarios[place] = scenario
        if (place / "quiz.toml").exists():
            judged_by = None if own else scenario
            faults += quiz_faults(place / "quiz.toml", content.languages, judged_by)
    faults += _doubled(scenarios)
    faults += _taken_names(scenarios, content.page_names)
    faults += _page_faults(root / "pages", content.languages)
    faults += _lesson_faults(root / "lessons", content.languages)
    faults += _contact_faults(content)
    for language in content.languages:
        _try(faults, _read_json, root / "sample" / f"{language}.json")
    return _relative([*faults, *unwritten(root)], root)


def _scenario_faults(path: Path, scenario: Scenario) -> Iterator[Fault]:
    """Find what a scenario says of signals, bar items and levels that it does not have."""
    checks: tuple[Callable[[Scenario], Iterable[tuple[str, str]]], ...] = (
        _name_problems,
        _rule_problems,
        _signal_problems,
        _bar_problems,
        _sweep_problems,
    )
    name = f"{scenario.number:02d}-{scenario.id}"
    if path.parent.name != name:
        yield Fault(str(path), f"the folder should be called {name!r}", "$.id")
    for find in checks:
        for problem, place in find(scenario):
            yield Fault(str(path), problem, place)


def _name_problems(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Find names that files and texts can't refer to: a reason is ``scenario.signal.reason``."""
    reasons = (
        (f"rules[{i}]", reason) for i, r in enumerate(scenario.rules) for reason in r.reasons()
    )
    signals = ((f"signals.{name}", name) for name in scenario.signals)
    items = ((f"bar.{name}", name) for name in scenario.bar)
    for place, name in (("id", scenario.id), *signals, *items, *reasons):
        if not _NAME.fullmatch(name):
            yield f"{name!r} should have lower-case letters, digits, - and _ only", f"$.{place}"
        if place.startswith("signals") and name in _OF_RECORDS:
            yield f"{name!r} has a meaning of its own in every record", f"$.{place}"


def _rule_problems(scenario: Scenario) -> Iterator[tuple[str, str]]:
    if not scenario.rules:
        yield "a scenario needs at least one rule", "$.rules"
    for number, rule in enumerate(scenario.rules):
        place = f"$.rules[{number}]"
        for signal in rule.read_signals():
            if signal not in scenario.signals:
                yield f"the rule reads a signal {signal!r} that the scenario does not have", place
        for item in rule.read_bar():
            if item not in scenario.bar:
                yield f"the rule reads a bar item {item!r} that the scenario does not have", place
        if isinstance(rule, Choice) and rule.signal in scenario.signals:
            facts = scenario.signals[rule.signal]
            options = facts.options if facts.type == "choice" else ("yes", "no")
            if set(options) != set(rule.by_answer):
                yield f"levels should be given for exactly: {', '.join(options)}", f"{place}.levels"
    if scenario.urgency is None and any(Level.FIRE in rule.levels() for rule in scenario.rules):
        problem = "a scenario that can end in 'fire' needs its place in the firing order"
        yield problem, "$.urgency"


def _signal_problems(scenario: Scenario) -> Iterator[tuple[str, str]]:
    read_by_rules = {signal for rule in scenario.rules for signal in rule.read_signals()}
    for name in scenario.signals:
        if name not in read_by_rules:
            yield "no rule reads this signal", f"$.signals.{name}"
    for number, constraint in enumerate(scenario.constraints):
        for signal in (constraint.part, constraint.whole):
            if signal not in scenario.signals:
                yield f"there is no signal {signal!r}", f"$.constraints[{number}]"


def _bar_problems(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for item, facts in scenario.bar.items():
        if facts.default is None and facts.type != "lines":
            yield "a limit needs a default", f"$.bar.{item}"
        if facts.default is not None and not facts.accepts(facts.default):
            problem = f"the default {facts.default!r} is outside the item's own limits"
            yield problem, f"$.bar.{item}.default"
    for preset, items in scenario.presets.items():
        for item, value in items.items():
            if item not in scenario.bar or not scenario.bar[item].accepts(value):
                problem = f"{value!r} can't stand in the bar as {item!r}"
                yield problem, f"$.presets.{preset}.{item}"


def _sweep_problems(scenario: Scenario) -> Iterator[tuple[str, str]]:
    answers: list[tuple[str, str, object]] = [
        *(("yes", name, value) for name, value in scenario.sweep.yes.items()),
        *(("none", name, value) for name, value in scenario.sweep.none.items()),
    ]
    for number, detail in enumerate(scenario.sweep.details):
        place = f"details[{number}]"
        if detail.signal not in scenario.signals:
            yield f"there is no signal {detail.signal!r}", f"$.sweep.{place}"
        answers += [(place, detail.signal, value) for value in detail.offer]
        answers += [(place, name, value) for name, value in detail.only_if.items()]
    for place, name, value in answers:
        if name not in scenario.signals or not scenario.signals[name].accepts(value):
            yield f"{value!r} is no answer to a signal {name!r}", f"$.sweep.{place}"


def _language_faults(
    folder: Path,
    scenario: Scenario | None,
    languages: Iterable[str],
    catalogues: Mapping[str, Mapping[str, Any]],
) -> Iterator[Fault]:
    for language in languages:
        yield from _words_faults(folder / f"{language}.toml", language, scenario)
        headings = catalogues.get(language, {}).get("sections", {})
        yield from _prose_faults(folder / f"{language}.md", scenario, headings)


def _words_faults(path: Path, language: str, scenario: Scenario | None) -> Iterator[Fault]:
    try:
        words = read(path, ScenarioWords)
    except FaultyFileError as error:
        yield from error.faults
        return
    if scenario is None:
        return  # its own faults come first: without it nobody knows what is missing here
    for place, have, want in _wanted_words(scenario, words):
        for key in sorted(want - have):
            yield Fault(str(path), "missing text", f"$.{place}.{key}")
        for key in sorted(have - want):
            yield Fault(str(path), "the scenario has nothing to say this of", f"$.{place}.{key}")
    for problem, place in _text_problems(language, scenario, words):
        yield Fault(str(path), problem, place)


def _text_problems(
    language: str, scenario: Scenario, words: ScenarioWords
) -> Iterator[tuple[str, str]]:
    """Find figures that a text asks for and the scenario does not have, and plural forms."""
    limits = {f"bar_{item}" for item in scenario.bar}
    for key, phrase in (("question", words.question), ("hint", words.hint)):
        for problem in phrase_problems(language, phrase, {"months", *limits}):
            yield problem, f"$.{key}"
    known = limits | scenario.signals.keys()
    for signal, texts in words.reasons.items():
        for reason, phrase in texts.items():
            for problem in phrase_problems(language, phrase, known):
                yield problem, f"$.reasons.{signal}.{reason}"


def _wanted_words(
    scenario: Scenario, words: ScenarioWords
) -> Iterator[tuple[str, set[str], set[str]]]:
    """Give, by place, which texts there are and which there should be."""
    yield "signals", set(words.signals), set(scenario.signals)
    yield "bar", set(words.bar), set(scenario.bar)
    yield "reasons", set(words.reasons), {rule.signal for rule in scenario.rules}
    for rule in scenario.rules:
        texts = words.reasons.get(rule.signal, {})
        yield f"reasons.{rule.signal}", set(texts), set(rule.reasons())
    reachable = {level.word for rule in scenario.rules for level in rule.levels()}
    yield "next", set(words.next), reachable
    for name, facts in scenario.signals.items():
        if texts_of := words.signals.get(name):
            yield f"signals.{name}.options", set(texts_of.options), set(facts.options)
            yield f"signals.{name}.offers", set(texts_of.offers), _offers(scenario, name)
    if any(item.type == "lines" for item in scenario.bar.values()):
        yield "presets", set(words.presets), set(scenario.presets)


def _offers(scenario: Scenario, signal: str) -> set[str]:
    if scenario.signals[signal].type != "count":
        return set()
    details = (detail for detail in scenario.sweep.details if detail.signal == signal)
    return {str(value) for detail in details for value in detail.offer}


def _prose_faults(
    path: Path, scenario: Scenario | None, headings: Mapping[str, str]
) -> Iterator[Fault]:
    try:
        prose = read_prose(path, headings)
    except FaultyFileError as error:
        yield from error.faults
        return
    if scenario is None:
        return
    wanted = section_ids(scenario, headings)
    missing = [section for section in wanted if not prose.sections.get(section)]
    surplus = [section for section in prose.sections if section not in wanted]
    for section in missing:
        yield Fault(str(path), f"missing section '## {headings[section]}'")
    for section in surplus:
        problem = f"section '## {headings[section]}' does not belong in this scenario"
        yield Fault(str(path), problem)
    if not missing and not surplus and tuple(prose.sections) != wanted:
        order = " · ".join(headings[section] for section in wanted)
        yield Fault(str(path), f"the sections should stand in this order: {order}")


def _doubled(scenarios: Mapping[Path, Scenario]) -> Iterator[Fault]:
    seen: dict[tuple[str, object], Path] = {}
    for path, scenario in scenarios.items():
        for key, value in (("id", scenario.id), ("number", scenario.number)):
            first = seen.setdefault((key, value), path)
            if first != path:
                problem = f"duplicate {key} {value!r}: {first.name} has it already"
                yield Fault(str(path / "scenario.toml"), problem, f"$.{key}")


def _taken_names(scenarios: Mapping[Path, Scenario], pages: Collection[str]) -> Iterator[Fault]:
    """Find scenarios that a page stands in the way of: both are steps, told apart by name."""
    for path, scenario in scenarios.items():
        if scenario.id in pages:
            problem = f"the id {scenario.id!r} is taken: a page is called so"
            yield Fault(str(path / "scenario.toml"), problem, "$.id")


def _page_faults(folder: Path, languages: Iterable[str]) -> list[Fault]:
    faults: list[Fault] = []
    for page in sorted(folder.glob("*/")):
        for language in languages:
            path = page / f"{language}.md"
            text = _try(faults, read_text, path)
            if text is not None and not text.startswith("# "):
                faults.append(Fault(str(path), "there is no title line ('# …')"))
    return faults


def _lesson_faults(folder: Path, languages: Collection[str]) -> list[Fault]:
    faults = _page_faults(folder, languages)
    slugs: dict[str, Path] = {}
    for lesson in sorted(folder.glob("*/")):
        named = LESSON_FOLDER.fullmatch(lesson.name)
        if named is None:
            problem = "the folder should be called by two digits and a name, as '01-cash-flow'"
            faults.append(Fault(str(lesson), problem))
        elif (first := slugs.setdefault(named[1], lesson)) != lesson:
            faults.append(Fault(str(lesson), f"duplicate name: {first.name} has it already"))
        if (lesson / "quiz.toml").exists():
            faults += lesson_quiz_faults(lesson / "quiz.toml", languages)
    return faults


def _contact_faults(content: Content) -> list[Fault]:
    path = content.folder / "contacts.toml"
    faults: list[Fault] = []
    contacts = _try(faults, lambda _: content.contacts, path)
    if contacts is None:
        return faults
    texts: list[tuple[str, Mapping[str, str]]] = [("elsewhere.hint", contacts.elsewhere.hint)]
    for number, country in enumerate(contacts.countries):
        texts.append((f"countries[{number}].name", country.name))
        for row, contact in enumerate(country.contacts):
            place = f"countries[{number}].contacts[{row}]"
            texts += [(f"{place}.name", contact.name), (f"{place}.what_for", contact.what_for)]
            if not _is_day(contact.checked):
                problem = f"expected a date such as '2026-11-23', got {contact.checked!r}"
                faults.append(Fault(str(path), problem, f"$.{place}.checked"))
    for place, text in texts:
        missing = [language for language in content.languages if language not in text]
        faults += [Fault(str(path), "missing text", f"$.{place}.{name}") for name in missing]
    return faults


def _read_json(path: Path) -> object:
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        fault = Fault(str(path), f"no valid JSON: {error.msg}", line=error.lineno)
        raise FaultyFileError([fault]) from None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _try(faults: list[Fault], reader: Callable[[Path], T], path: Path) -> T | None:
    try:
        return reader(path)
    except FaultyFileError as error:
        faults += error.faults
        return None


def _relative(faults: Iterable[Fault], root: Path) -> list[Fault]:
    """Name files from the folder above the content folder: short, and the same everywhere."""
    base = f"{root.parent}{os.sep}"
    return [replace(fault, file=fault.file.removeprefix(base)) for fault in faults]
