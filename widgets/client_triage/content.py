"""``content/`` as typed values; every fault in it at once, as ``file: problem @ path``."""

import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from string import Formatter
from typing import Any, TypeVar

from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, override

from client_triage.domain.levels import Level
from client_triage.domain.rules import RULE_KINDS, Answer, Choice, Rule
from client_triage.domain.scenario import Scenario
from client_triage.faults import (
    ExpectedError,
    Fault,
    FaultyFileError,
    faults_in,
    strict_converter,
)

CONTENT_VARIABLE = "CLIENT_TRIAGE_CONTENT"
T = TypeVar("T")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")

Phrase = str | Mapping[str, str]
"""A text, or one text for each plural category of the language."""


@dataclass(frozen=True, slots=True)
class SignalWords:
    """How a signal is asked: a label, one or two words for tables, a hint.

    ``options`` name the answers of a choice; ``offers`` the counts that a sweep offers.
    """

    label: str
    short: str
    hint: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    offers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BarWords:
    """How a personal limit is asked."""

    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PresetWords:
    """A trade's own wording of its lines."""

    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScenarioWords:
    """What the interface says of one scenario in one language."""

    title: str
    short: str
    line: str
    question: str
    none: str
    signals: Mapping[str, SignalWords]
    reasons: Mapping[str, Mapping[str, Phrase]]
    next: Mapping[str, str]
    hint: str = ""
    bar: Mapping[str, BarWords] = field(default_factory=dict)
    presets: Mapping[str, PresetWords] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prose:
    """A scenario's text: the title, and Markdown by section id in the fixed order."""

    title: str
    sections: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Contact:
    """Where to get help; ``source`` and ``checked`` say where the number was read, and when."""

    kind: str
    name: Mapping[str, str]
    phone: str
    what_for: Mapping[str, str]
    source: str
    checked: str


@dataclass(frozen=True, slots=True)
class Country:
    """The contacts of one country; ``code`` is ISO 3166-1 alpha-2."""

    code: str
    name: Mapping[str, str]
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What holds in a country that is not listed."""

    phone: str
    hint: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Contacts:
    """Emergency and support contacts, by country and elsewhere."""

    elsewhere: Elsewhere
    countries: tuple[Country, ...]


@dataclass(frozen=True, eq=False)
class Content:
    """A content folder, read as far as it is asked for.

    Every member raises `FaultyFileError` where its files can't be used.
    """

    folder: Path

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Languages with a catalogue, English first."""
        found = (path.stem for path in (self.folder / "ui").glob("*.toml"))
        return tuple(sorted(found, key=lambda language: (language != "en", language)))

    @cached_property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios in their order."""
        scenarios = (read_scenario(path) for path in self._scenario_files())
        return tuple(sorted(scenarios, key=lambda scenario: scenario.number))

    def scenario(self, scenario_id: str) -> Scenario:
        """Find a scenario by id.

        Raises
        ------
        LookupError
            There is no such scenario; the message names those that there are.
        """
        for scenario in self.scenarios:
            if scenario.id == scenario_id:
                return scenario
        names = ", ".join(scenario.id for scenario in self.scenarios)
        message = f"there is no scenario {scenario_id!r}; there are {names}"
        raise LookupError(message)

    @cached_property
    def _folders(self) -> Mapping[str, Path]:
        return {read_scenario(path).id: path.parent for path in self._scenario_files()}

    def _scenario_files(self) -> list[Path]:
        return sorted((self.folder / "scenarios").glob("*/scenario.toml"))

    def slug(self, scenario_id: str) -> str:
        """Give the scenario's folder name, such as ``05-slow-pay``."""
        return self._folders[scenario_id].name

    def words(self, language: str) -> Mapping[str, ScenarioWords]:
        """Read what the interface says of each scenario, by scenario id."""
        return _words(self, language)

    def catalogue(self, language: str) -> Mapping[str, Any]:
        """Read the interface strings: texts in tables, a plural text as a table of categories."""
        return _catalogue(self, language)

    def prose(self, scenario_id: str, language: str) -> Prose:
        """Read a scenario's text."""
        path = self._folders[scenario_id] / f"{language}.md"
        return read_prose(path, self.catalogue(language)["sections"])

    @cached_property
    def contacts(self) -> Contacts:
        """Emergency and support contacts."""
        return _read(self.folder / "contacts.toml", Contacts)

    def page(self, name: str, language: str) -> str:
        """Read a page that belongs to no scenario, as Markdown with a ``# title`` line."""
        return _text(self.folder / "pages" / name / f"{language}.md")

    def sample(self, language: str) -> str:
        """Read the made-up example portfolio, as the text of a portfolio file."""
        return (self.folder / "sample" / f"{language}.json").read_text("utf-8")


def content_folder(folder: Path | str | None = None) -> Path:
    """Find the content: the argument, else ``CLIENT_TRIAGE_CONTENT``, else what was shipped.

    Without a shipped folder (a checkout) it is the checkout's ``content/``.
    """
    if given := folder or os.environ.get(CONTENT_VARIABLE):
        return Path(given)
    here = Path(__file__).parent
    shipped = here / "_content"
    return shipped if shipped.is_dir() else here.parents[1] / "content"


@cache
def _load(folder: Path) -> Content:
    if not (folder / "scenarios").is_dir():
        raise FaultyFileError(
            [Fault(str(folder), "there is no folder 'scenarios' here: is this a content folder?")]
        )
    return Content(folder)


def load_content(folder: Path | str | None = None) -> Content:
    """Open a content folder (see `content_folder`).

    Raises
    ------
    FaultyFileError
        The folder is no content folder.
    """
    return _load(content_folder(folder))


def read_scenario(path: Path) -> Scenario:
    """Read one ``scenario.toml``.

    Raises
    ------
    FaultyFileError
        With every fault in the file.
    """
    return _read(path, Scenario)


def read_prose(path: Path, headings: Mapping[str, str]) -> Prose:
    """Read one scenario's Markdown: ``# title``, then ``## `` sections with fixed headings.

    Parameters
    ----------
    headings
        The language's headings by section id, in their order.

    Raises
    ------
    FaultyFileError
        No title, or a heading that is none of the fixed ones.
    """
    ids = {heading: section for section, heading in headings.items()}
    title, sections, current = "", dict[str, list[str]](), None
    faults = []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if line.startswith("# ") and not title:
            title = line[2:].strip()
        elif line.startswith("## "):
            current = ids.get(line[3:].strip())
            if current is None:
                known = ", ".join(headings.values())
                problem = f"heading {line[3:].strip()!r} is none of: {known}"
                faults.append(Fault(str(path), problem, line=number))
            elif current in sections:
                problem = f"section {line[3:].strip()!r} stands here twice"
                faults.append(Fault(str(path), problem, line=number))
            else:
                sections[current] = []
        elif current:
            sections[current].append(line)
        elif line.strip():
            faults.append(Fault(str(path), "text before the first section", line=number))
    if not title:
        faults.append(Fault(str(path), "there is no title line ('# …')"))
    if faults:
        raise FaultyFileError(faults)
    return Prose(title, {name: "\n".join(lines).strip() for name, lines in sections.items()})


def section_ids(scenario: Scenario, headings: Mapping[str, str]) -> tuple[str, ...]:
    """Give the sections that a scenario must have: a safety block or "your own side"."""
    left_out = "own-side" if scenario.safety else "safety"
    return tuple(section for section in headings if section != left_out)


# --- checking -------------------------------------------------------------------------------


def check(folder: Path | str | None = None) -> list[Fault]:
    """Find every fault in a content folder."""
    root = content_folder(folder)
    try:
        content = Content(load_content(root).folder)
    except FaultyFileError as error:
        return list(error.faults)
    faults: list[Fault] = []
    languages = content.languages
    if not languages:
        faults.append(Fault(str(root / "ui"), "there is no catalogue (xx.toml) here"))
    catalogues = _check_catalogues(content, faults)
    scenarios: dict[Path, Scenario] = {}
    for folder_path in sorted(path for path in (root / "scenarios").iterdir() if path.is_dir()):
        scenario = _try(faults, lambda at=folder_path: read_scenario(at / "scenario.toml"))
        if scenario is None:
            continue
        scenarios[folder_path] = scenario
        faults += _check_scenario(folder_path / "scenario.toml", scenario)
        for language in languages:
            faults += _check_words(folder_path / f"{language}.toml", scenario)
            headings = catalogues.get(language, {}).get("sections", {})
            faults += _check_prose(folder_path / f"{language}.md", scenario, headings)
    faults += _check_doubled(scenarios)
    for page in sorted((root / "pages").iterdir()):
        for language in languages:
            text = _try(faults, lambda at=page / f"{language}.md": _text(at))
            if text is not None and not text.startswith("# "):
                faults.append(Fault(str(page / f"{language}.md"), "there is no title line ('# …')"))
    if scenarios and not faults:
        _try(faults, lambda: content.contacts)
    return _relative(faults, root)


def _check_catalogues(content: Content, faults: list[Fault]) -> dict[str, Mapping[str, Any]]:
    found = {}
    for language in content.languages:
        path = content.folder / "ui" / f"{language}.toml"
        if not _LANGUAGE.fullmatch(language):
            faults.append(Fault(str(path), "the file name is no language tag"))
        catalogue = _try(faults, lambda at=path: _toml(at))
        if catalogue is not None:
            found[language] = catalogue
    keys = {language: set(_leaves(catalogue)) for language, catalogue in found.items()}
    every: set[str] = set().union(*keys.values())
    for language, own in keys.items():
        path = content.folder / "ui" / f"{language}.toml"
        faults += [Fault(str(path), "missing text", f"$.{key}") for key in sorted(every - own)]
    return found


def _check_scenario(path: Path, scenario: Scenario) -> list[Fault]:
    faults = []

    def expect(holds: object, problem: str, place: str) -> None:
        if not holds:
            faults.append(Fault(str(path), problem, place))

    expect(
        path.parent.name == f"{scenario.number:02d}-{scenario.id}",
        f"the folder should be called '{scenario.number:02d}-{scenario.id}'",
        "$.id",
    )
    expect(scenario.rules, "a scenario needs at least one rule", "$.rules")
    for number, rule in enumerate(scenario.rules):
        for signal in rule.read_signals():
            expect(
                signal in scenario.signals,
                f"the rule reads a signal {signal!r} that the scenario does not have",
                f"$.rules[{number}]",
            )
        for item in rule.read_bar():
            expect(
                item in scenario.bar,
                f"the rule reads a bar item {item!r} that the scenario does not have",
                f"$.rules[{number}]",
            )
        if isinstance(rule, Choice) and rule.signal in scenario.signals:
            signal_facts = scenario.signals[rule.signal]
            options = signal_facts.options if signal_facts.type == "choice" else ("yes", "no")
            expect(
                set(options) == set(rule.by_answer),
                f"the levels should be given for exactly: {', '.join(options)}",
                f"$.rules[{number}].levels",
            )
    read = {signal for rule in scenario.rules for signal in rule.read_signals()}
    for name in scenario.signals:
        expect(name in read, "no rule reads this signal", f"$.signals.{name}")
    fires = any(Level.FIRE in rule.levels() for rule in scenario.rules)
    expect(
        not fires or scenario.urgency is not None,
        "a scenario that can end in 'fire' needs 'urgency', its place in the firing order",
        "$.urgency",
    )
    for number, constraint in enumerate(scenario.constraints):
        for signal in (constraint.part, constraint.whole):
            expect(
                signal in scenario.signals,
                f"there is no signal {signal!r}",
                f"$.constraints[{number}]",
            )
    for preset, items in scenario.presets.items():
        for item, value in items.items():
            expect(
                item in scenario.bar and scenario.bar[item].accepts(value),
                f"{value!r} can't stand in the bar as {item!r}",
                f"$.presets.{preset}.{item}",
            )
    for item, facts in scenario.bar.items():
        expect(
            facts.default is None or facts.accepts(facts.default),
            f"the default {facts.default!r} is outside the item's own limits",
            f"$.bar.{item}.default",
        )
    faults += _check_sweep(path, scenario)
    return faults


def _check_sweep(path: Path, scenario: Scenario) -> list[Fault]:
    answers: list[tuple[str, str, object]] = [
        *(("yes", name, value) for name, value in scenario.sweep.yes.items()),
        *(("none", name, value) for name, value in scenario.sweep.none.items()),
    ]
    for number, detail in enumerate(scenario.sweep.details):
        place = f"details[{number}]"
        if detail.signal not in scenario.signals:
            answers.append((place, detail.signal, None))
        answers += [(place, detail.signal, value) for value in detail.offer]
        answers += [(place, name, value) for name, value in detail.only_if.items()]
    return [
        Fault(str(path), f"{value!r} is no answer to a signal {name!r}", f"$.sweep.{place}")
        for place, name, value in answers
        if name not in scenario.signals or not scenario.signals[name].accepts(value)
    ]


def _check_words(path: Path, scenario: Scenario) -> list[Fault]:
    try:
        words = _read(path, ScenarioWords)
    except FaultyFileError as error:
        return list(error.faults)
    faults: list[Fault] = []

    def compare(place: str, have: Iterable[str], want: Iterable[str]) -> None:
        here, wanted = set(have), set(want)
        missing, unknown = wanted - here, here - wanted
        faults.extend(
            Fault(str(path), "missing text", f"$.{place}.{key}") for key in sorted(missing)
        )
        faults.extend(
            Fault(str(path), "the scenario has nothing to say this of", f"$.{place}.{key}")
            for key in sorted(unknown)
        )

    compare("signals", words.signals, scenario.signals)
    compare("bar", words.bar, scenario.bar)
    compare("reasons", words.reasons, {rule.signal for rule in scenario.rules})
    for rule in scenario.rules:
        texts = words.reasons.get(rule.signal, {})
        compare(f"reasons.{rule.signal}", texts, rule.reasons())
        known = {
            *scenario.signals,
            *(f"bar_{item}" for item in scenario.bar),
        }
        for reason, phrase in texts.items():
            for text in (phrase,) if isinstance(phrase, str) else phrase.values():
                faults.extend(
                    Fault(
                        str(path), f"unknown figure {{{name}}}", f"$.reasons.{rule.signal}.{reason}"
                    )
                    for name in placeholders(text)
                    if name not in known
                )
    reachable = {level.word for rule in scenario.rules for level in rule.levels()}
    compare("next", words.next, reachable)
    for name, facts in scenario.signals.items():
        if name in words.signals:
            compare(f"signals.{name}.options", words.signals[name].options, facts.options)
            offers = {
                str(value)
                for detail in scenario.sweep.details
                if detail.signal == name and facts.type == "count"
                for value in detail.offer
            }
            compare(f"signals.{name}.offers", words.signals[name].offers, offers)
    if any(item.type == "lines" for item in scenario.bar.values()):
        compare("presets", words.presets, scenario.presets)
    return faults


def _check_prose(path: Path, scenario: Scenario, headings: Mapping[str, str]) -> list[Fault]:
    try:
        prose = read_prose(path, headings)
    except FaultyFileError as error:
        return list(error.faults)
    wanted = section_ids(scenario, headings)
    faults = [
        Fault(str(path), f"missing section '## {headings[section]}'")
        for section in wanted
        if not prose.sections.get(section)
    ]
    faults += [
        Fault(str(path), f"section '## {headings[section]}' does not belong in this scenario")
        for section in prose.sections
        if section not in wanted
    ]
    if not faults and tuple(prose.sections) != wanted:
        order = " · ".join(headings[section] for section in wanted)
        faults.append(Fault(str(path), f"the sections should stand in this order: {order}"))
    return faults


def _check_doubled(scenarios: Mapping[Path, Scenario]) -> list[Fault]:
    faults, seen = [], dict[tuple[str, object], Path]()
    for path, scenario in scenarios.items():
        for key, value in (("id", scenario.id), ("number", scenario.number)):
            if first := seen.setdefault((key, value), path):
                if first != path:
                    problem = f"duplicate {key} {value!r}: {first.name} has it already"
                    faults.append(Fault(str(path / "scenario.toml"), problem, f"$.{key}"))
    return faults


def placeholders(text: str) -> set[str]:
    """Name the figures that a text has a place for."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


# --- reading --------------------------------------------------------------------------------


@cache
def _words(content: Content, language: str) -> Mapping[str, ScenarioWords]:
    return {
        scenario: _read(folder / f"{language}.toml", ScenarioWords)
        for scenario, folder in content._folders.items()  # noqa: SLF001 - same module, cached here
    }


@cache
def _catalogue(content: Content, language: str) -> Mapping[str, Any]:
    return _toml(content.folder / "ui" / f"{language}.toml")


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise FaultyFileError([Fault(str(path), "the file is missing")]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise FaultyFileError([Fault(str(path), f"can't be read: {error}")]) from None


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        fault = Fault(str(path), f"no valid TOML: {error}", line=int(line[1]) if line else None)
        raise FaultyFileError([fault]) from None


def _read(path: Path, kind: type[T]) -> T:
    try:
        return _converter().structure(_toml(path), kind)
    except FaultyFileError:
        raise
    except Exception as error:
        raise FaultyFileError(faults_in(path, error)) from None


def _try(faults: list[Fault], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except FaultyFileError as error:
        faults += error.faults
        return None


def _leaves(catalogue: Mapping[str, Any], prefix: str = "") -> Iterable[str]:
    """Name every text of a catalogue; a plural text is one text."""
    for key, value in catalogue.items():
        if isinstance(value, Mapping) and "other" not in value:
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key


def _relative(faults: Iterable[Fault], root: Path) -> list[Fault]:
    """Name files from the folder above the content folder: short, and the same everywhere."""
    base = f"{root.parent}{os.sep}"
    return [replace(fault, file=fault.file.removeprefix(base)) for fault in faults]


@cache
def _converter() -> Converter:
    converter = strict_converter()

    def one_answer(value: object, _: object) -> Answer:
        if not isinstance(value, int | str):
            raise ExpectedError("a whole number, true, false or text", value)
        return value

    def bar_default(value: object, _: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ExpectedError("a number", value)
        return value

    def level(value: object, _: object) -> Level:
        try:
            return Level.of(str(value))
        except KeyError:
            raise ExpectedError("one of clear, watch, warn, weigh, fire", value) from None

    def phrase(value: object, _: object) -> Phrase:
        if isinstance(value, str):
            return value
        if isinstance(value, dict) and "other" in value:
            return converter.structure(value, Mapping[str, str])
        raise ExpectedError("a text, or a table of plural forms with 'other'", value)

    def rule(value: object, _: object) -> Rule:
        kind = value.get("kind") if isinstance(value, dict) else None
        if kind not in RULE_KINDS:
            raise ExpectedError(f"a rule with 'kind', one of {', '.join(RULE_KINDS)}", kind)
        facts = {key: fact for key, fact in dict(value).items() if key != "kind"}  # type: ignore[call-overload]
        return converter.structure(facts, RULE_KINDS[kind])

    converter.register_structure_hook(Answer, one_answer)
    converter.register_structure_hook(Answer | None, one_answer)
    converter.register_structure_hook(int | str, one_answer)
    converter.register_structure_hook(int | float, bar_default)
    converter.register_structure_hook(int | float | None, bar_default)
    converter.register_structure_hook(Level, level)
    converter.register_structure_hook(Phrase, phrase)
    converter.register_structure_hook(
        Choice,
        make_dict_structure_fn(Choice, converter, by_answer=override(rename="levels")),
    )
    # Exactly Rule: a hook by class would catch its kinds as well.
    converter.register_structure_hook_func(lambda kind: kind is Rule, rule)
    return converter
