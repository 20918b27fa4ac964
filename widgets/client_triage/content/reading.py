"""From the files of ``content/`` to typed values."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, override

from client_triage.content.marks import MARK
from client_triage.content.shapes import Contacts, Phrase, Prose, Quiz, ScenarioWords, Texts
from client_triage.domain.levels import KNOWN, Level
from client_triage.domain.practice import Key
from client_triage.domain.rules import RULE_KINDS, Answer, BarValue, Choice, Rule
from client_triage.domain.scenario import Scenario
from client_triage.faults import (
    ExpectedError,
    Fault,
    FaultyFileError,
    faults_in,
    for_type,
    strict_converter,
)

T = TypeVar("T")
CONTENT_VARIABLE = "CLIENT_TRIAGE_CONTENT"
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
LESSON_FOLDER = re.compile(r"[0-9]{2}-([a-z0-9][a-z0-9-]*)")


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
        return tuple(sorted(self._by_folder.values(), key=lambda scenario: scenario.number))

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
    def folders(self) -> Mapping[str, Path]:
        """Each scenario's folder, by scenario id."""
        return {scenario.id: folder for folder, scenario in self._by_folder.items()}

    @cached_property
    def _by_folder(self) -> Mapping[Path, Scenario]:
        files = sorted((self.folder / "scenarios").glob("*/scenario.toml"))
        return {path.parent: read_scenario(path) for path in files}

    def words(self, language: str) -> Mapping[str, ScenarioWords]:
        """Read what the interface says of each scenario, by scenario id."""
        return _words(self, language)

    def catalogue(self, language: str) -> Mapping[str, Any]:
        """Read the interface strings: texts in tables, a plural text as a table of categories."""
        return _catalogue(self, language)

    def prose(self, scenario_id: str, language: str) -> Prose:
        """Read a scenario's text."""
        path = self.folders[scenario_id] / f"{language}.md"
        return read_prose(path, self.catalogue(language)["sections"])

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """What can have quiz items: the scenarios' ids, then the lessons' slugs."""
        return *(scenario.id for scenario in self.scenarios), *self.lessons

    def topic_quiz(self, topic: str) -> Quiz:
        """Read the quiz items of a scenario or a lesson, as `quiz` and `lesson_quiz` do."""
        return self.lesson_quiz(topic) if topic in self.lesson_folders else self.quiz(topic)

    def quiz(self, scenario_id: str) -> Quiz:
        """Read a scenario's quiz items; a scenario without ``quiz.toml`` has none."""
        return _quiz(self, self.folders[scenario_id])

    @cached_property
    def lessons(self) -> tuple[str, ...]:
        """The lessons' slugs, in the order of their folders (``01-slug``)."""
        return tuple(self.lesson_folders)

    @cached_property
    def lesson_folders(self) -> Mapping[str, Path]:
        """Each lesson's folder, by slug."""
        folders = sorted((self.folder / "lessons").glob("*/"))
        named = ((LESSON_FOLDER.fullmatch(folder.name), folder) for folder in folders)
        return {name[1]: folder for name, folder in named if name}

    def lesson(self, slug: str, language: str) -> str:
        """Read a lesson, as Markdown with a ``# title`` line."""
        return read_text(self.lesson_folders[slug] / f"{language}.md")

    def lesson_title(self, slug: str, language: str) -> str:
        """Read a lesson's title."""
        first, _, _ = self.lesson(slug, language).lstrip().partition("\n")
        return first.removeprefix("#").strip()

    def lesson_quiz(self, slug: str) -> Quiz:
        """Read a lesson's quiz items; a lesson without ``quiz.toml`` has none."""
        return _quiz(self, self.lesson_folders[slug])

    @cached_property
    def contacts(self) -> Contacts:
        """Emergency and support contacts."""
        return read(self.folder / "contacts.toml", Contacts)

    @cached_property
    def page_names(self) -> tuple[str, ...]:
        """The pages that belong to no scenario."""
        return tuple(sorted(folder.name for folder in (self.folder / "pages").glob("*/")))

    def page(self, name: str, language: str) -> str:
        """Read a page that belongs to no scenario, as Markdown with a ``# title`` line."""
        return read_text(self.folder / "pages" / name / f"{language}.md")

    def sample(self, language: str) -> str:
        """Read the made-up example portfolio, as the text of a portfolio file."""
        return read_text(self.folder / "sample" / f"{language}.json")


def content_folder(folder: Path | str | None = None) -> Path:
    """Find the content: the argument, else ``CLIENT_TRIAGE_CONTENT``, else what was shipped.

    Without a shipped folder (a checkout) it is the checkout's ``content/``.
    """
    if given := folder or os.environ.get(CONTENT_VARIABLE):
        return Path(given)
    return shipped_folder()


def shipped_folder() -> Path:
    """Find the content that came with the package: without it (a checkout) ``content/``."""
    package = Path(__file__).parents[1]
    shipped = package / "_content"
    return shipped if shipped.is_dir() else package.parents[1] / "content"


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


def forget_content() -> None:
    """Open content folders anew from now on: an author has changed what is in them."""
    _load.cache_clear()


def read_scenario(path: Path) -> Scenario:
    """Read one ``scenario.toml``.

    Raises
    ------
    FaultyFileError
        With every fault in the file.
    """
    return read(path, Scenario)


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
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if line.startswith("# ") and not title:
            title = line[2:].strip()
        elif line.startswith("## "):
            current = ids.get(line[3:].strip())
            if current is None:
                problem = _heading_problem(line[3:].strip(), path.stem, headings)
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


def _heading_problem(heading: str, language: str, headings: Mapping[str, str]) -> str:
    if MARK in heading:
        remedy = f"run 'client-triage content new-language {language}' again"
        return f"heading {heading!r} is not as the catalogue has it by now: {remedy}"
    return f"heading {heading!r} is none of: {', '.join(headings.values())}"


def section_ids(scenario: Scenario, headings: Mapping[str, str]) -> tuple[str, ...]:
    """Give the sections that a scenario must have: a safety block or "your own side"."""
    left_out = "own-side" if scenario.safety else "safety"
    return tuple(section for section in headings if section != left_out)


@cache
def _words(content: Content, language: str) -> Mapping[str, ScenarioWords]:
    return {
        scenario: read(folder / f"{language}.toml", ScenarioWords)
        for scenario, folder in content.folders.items()
    }


@cache
def _catalogue(content: Content, language: str) -> Mapping[str, Any]:
    return read_toml(content.folder / "ui" / f"{language}.toml")


@cache
def _quiz(_: Content, folder: Path) -> Quiz:  # a folder opened anew is read anew
    path = folder / "quiz.toml"
    return read(path, Quiz) if path.exists() else Quiz(())


def read_text(path: Path) -> str:
    """Read a text file in UTF-8.

    Raises
    ------
    FaultyFileError
        It is missing or can't be read.
    """
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise FaultyFileError([Fault(str(path), "the file is missing")]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise FaultyFileError([Fault(str(path), f"can't be read: {error}")]) from None


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    FaultyFileError
        It is missing or no TOML.
    """
    try:
        raw = tomllib.loads(read_text(path))
        repr(raw)  # fails, as writing a fault would, where 0xfff… is too long for a decimal number
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        fault = Fault(str(path), f"no valid TOML: {error}", line=int(line[1]) if line else None)
    except RecursionError:
        fault = Fault(str(path), "nested too deeply")
    except ValueError:
        fault = Fault(str(path), "a number has too many digits")
    else:
        return raw
    raise FaultyFileError([fault]) from None


def read(path: Path, kind: type[T]) -> T:
    """Read a TOML file as a value of a dataclass.

    Raises
    ------
    FaultyFileError
        With every fault in the file.
    """
    raw = read_toml(path)
    try:
        return _converter().structure(raw, kind)
    except Exception as error:  # noqa: BLE001 - cattrs raises groups of whatever the hooks raise
        raise FaultyFileError(faults_in(path, error)) from None


@cache
def _converter() -> Converter:
    converter = strict_converter()
    for kind in (Answer, Answer | None, int | str):
        for_type(converter, kind, _answer)
    for kind in (int | float, int | float | None):
        for_type(converter, kind, _number)
    for_type(converter, Phrase, _phrase)
    for_type(converter, Texts, _texts)
    for_type(converter, Key | None, _key)
    for_type(converter, BarValue, _bar_value)
    answers, limits = dict[str, Answer], dict[str, BarValue]
    for_type(converter, Mapping[str, Answer], partial(_table, converter, answers))
    for_type(converter, Mapping[str, BarValue], partial(_table, converter, limits))
    converter.register_structure_hook(Level, lambda value, _: _level(value))
    converter.register_structure_hook(
        Choice, make_dict_structure_fn(Choice, converter, by_answer=override(rename="levels"))
    )
    for_type(converter, Rule, lambda value: _rule(value, converter))
    return converter


def _answer(value: object) -> Answer:
    if not isinstance(value, int | str):
        raise ExpectedError("a whole number, true, false or text", value)
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ExpectedError("a number", value)
    return value


def _level(value: object) -> Level:
    for level in KNOWN:
        if level.word == value:
            return level
    raise ExpectedError(f"one of {', '.join(level.word for level in KNOWN)}", value)


def _phrase(value: object) -> Phrase:
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or "other" not in value:
        raise ExpectedError("a text, or a table of plural forms with 'other'", value)
    for form in value.values():
        if not isinstance(form, str):
            raise ExpectedError("a text for each plural form", form)
    return value


def _texts(value: object) -> Texts:
    if not isinstance(value, dict):
        raise ExpectedError("a text for each language", value)
    for text in value.values():
        if not isinstance(text, str):
            raise ExpectedError("a text for each language", text)
    return Texts(value)


def _key(value: object) -> Key:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return tuple(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ExpectedError("an option's id, a list of them, or a number", value)
    return value


def _table(converter: Converter, kind: type[T], value: object) -> T:
    if not isinstance(value, dict):
        raise ExpectedError("a table", value)
    return converter.structure(value, kind)


def _bar_value(value: object) -> BarValue:
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return tuple(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ExpectedError("a number, or a list of texts", value)
    return value


def _rule(value: object, converter: Converter) -> Rule:
    facts = dict(value) if isinstance(value, dict) else {}
    kind = facts.pop("kind", None)
    if not isinstance(kind, str) or kind not in RULE_KINDS:
        raise ExpectedError(f"a rule with 'kind', one of {', '.join(RULE_KINDS)}", kind)
    return converter.structure(facts, RULE_KINDS[kind])
