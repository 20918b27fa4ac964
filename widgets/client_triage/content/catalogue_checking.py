"""Every fault in the catalogues: missing texts, texts that nobody asks for, differing figures."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from client_triage.content.reading import LANGUAGE_TAG, Content, read_toml, shipped_folder
from client_triage.content.shapes import FIGURE_FORMS, Phrase
from client_triage.faults import Fault, FaultyFileError

Problem = tuple[str, str]
"""What is wrong, and where: ``$.cards.left``."""

TABLES_OF_CONTENT = frozenset({"presets"})
"""Tables whose texts are named by the scenarios, not by the code."""


def read_catalogues(content: Content, faults: list[Fault]) -> Mapping[str, Mapping[str, Any]]:
    """Read the catalogues; each has the texts that are asked for, with the same figures."""
    found: dict[str, Mapping[str, Any]] = {}
    folder = content.folder / "ui"
    spoken = {path.stem for path in (content.folder / "scenarios").glob("*/*.md")}
    for language in sorted({*content.languages, *spoken}):
        path = folder / f"{language}.toml"
        if not LANGUAGE_TAG.fullmatch(language):
            faults.append(Fault(str(path), "the file name is no language tag"))
        try:
            catalogue = read_toml(path)
        except FaultyFileError as error:
            faults += error.faults
            continue
        wrong = _no_texts(catalogue)
        faults += [Fault(str(path), "expected text", f"$.{key}") for key in wrong]
        found[language] = {} if wrong else catalogue
    texts = {language: dict(leaves(catalogue)) for language, catalogue in found.items()}
    for language, own in texts.items():
        path = folder / f"{language}.toml"
        # Where something is no text, that comes first.
        problems = _problems(language, own, texts, _asked_for(content.folder)) if own else ()
        faults += [Fault(str(path), problem, place) for problem, place in problems]
    return found


def leaves(catalogue: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Phrase]]:
    """Give every text of a catalogue with its key; a plural text is one text."""
    for key, value in catalogue.items():
        if isinstance(value, Mapping) and "other" not in value:
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def forms(phrase: Phrase) -> Collection[str]:
    """Give a phrase's texts: one, or one for each plural form."""
    return (phrase,) if isinstance(phrase, str) else tuple(phrase.values())


def phrase_problems(language: str, phrase: Phrase, known: Collection[str]) -> Iterator[str]:
    """Find figures that a phrase asks for and does not get, and plural forms that lack."""
    for text in forms(phrase):
        yield from placeholder_problems(text, known)
    yield from plural_problems(language, phrase)


def plural_problems(language: str, phrase: Phrase) -> Iterator[str]:
    """Find plural forms (CLDR) that a phrase lacks, or that its language does not have."""
    if isinstance(phrase, str):
        return
    wanted = _plural_forms(language)
    if missing := sorted(wanted - phrase.keys()):
        yield f"missing plural form {', '.join(map(repr, missing))}"
    if surplus := sorted(phrase.keys() - wanted):
        yield f"{language!r} has no plural form {', '.join(map(repr, surplus))}"


def placeholder_problems(text: str, known: Collection[str] | None = None) -> Iterator[str]:
    """Find figures that a text asks for and does not get, and forms that there are none of.

    Parameters
    ----------
    known
        The figures that the text gets; None where that is not known.
    """
    try:
        places = list(Formatter().parse(text))
    except ValueError:
        yield "a brace is open or closed without its partner; write {{ or }} for a brace itself"
        return
    for _, name, spec, conversion in places:
        if name is None:
            continue
        if not name.isidentifier() or (known is not None and name not in known):
            yield f"unknown figure {{{name}}}"
        if conversion or (spec and spec not in FIGURE_FORMS):
            named = ", ".join(FIGURE_FORMS)
            yield f"unknown form of {{{name}}}: it can be {{{name}}} or one of :{named}"


def _asked_for(folder: Path) -> Collection[str]:
    """Give the keys that the interface asks for: those of the catalogue that it ships with."""
    shipped = shipped_folder()
    if folder.resolve() == shipped.resolve():
        return ()  # what these lack of the code's wishes only a look at the code can tell
    try:
        return dict(leaves(read_toml(shipped / "ui" / "en.toml")))
    except FaultyFileError:
        return ()


def _problems(
    language: str,
    own: Mapping[str, Phrase],
    texts: Mapping[str, Mapping[str, Phrase]],
    asked_for: Collection[str],
) -> Iterator[Problem]:
    every = {key for catalogue in texts.values() for key in catalogue}
    unasked = {key for key in every - {*asked_for} if asked_for and not _is_of_content(key)}
    wanted = (every - unasked) | {key for key in asked_for if not _is_of_content(key)}
    yield from _missing(wanted - own.keys(), own)
    for key in sorted(unasked & own.keys()):
        yield "nothing asks for this text", f"$.{key}"
    broken = dict[str, list[str]]()
    for key, phrase in own.items():
        problems = [problem for text in forms(phrase) for problem in placeholder_problems(text)]
        broken[key] = [*problems, *plural_problems(language, phrase)]
        yield from ((problem, f"$.{key}") for problem in broken[key])
    first = next(iter(texts))
    for key in sorted(own.keys() & texts[first].keys()):
        if not broken[key] and (problem := _difference(own[key], texts[first][key], first)):
            yield problem, f"$.{key}"


def _is_of_content(key: str) -> bool:
    return key.partition(".")[0] in TABLES_OF_CONTENT


def _missing(missing: Iterable[str], own: Iterable[str]) -> Iterator[Problem]:
    """Name what is missing; a table of which nothing is there is named as a whole."""
    tables = {table for key in own for table in _tables(key)}
    named = {next((t for t in _tables(key) if t not in tables), ""): key for key in missing}
    for table in sorted(named.keys() - {""}):
        yield "missing table", f"$.{table}"
    for key in sorted(missing):
        if tables.issuperset(_tables(key)):
            yield "missing text", f"$.{key}"


def _tables(key: str) -> list[str]:
    """Give the tables around a text, the outermost first: ``a`` and ``a.b`` of ``a.b.c``."""
    parts = key.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts))]


def _difference(own: Phrase, other: Phrase, language: str) -> str:
    """Say which figures a text lacks or adds, against another language's."""
    try:
        here, there = _figures(own), _figures(other)
    except ValueError:
        return ""  # the other language's own fault
    return "; ".join(
        [
            *(f"{{{name}}} is missing: it is in {language!r}" for name in sorted(there - here)),
            *(f"{{{name}}} is not in {language!r}" for name in sorted(here - there)),
        ]
    )


def _figures(phrase: Phrase) -> set[str]:
    parsed = (place for text in forms(phrase) for place in Formatter().parse(text))
    return {name for _, name, _, _ in parsed if name}


def _plural_forms(language: str) -> frozenset[str]:
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return frozenset({"other"})
    return frozenset(locale.plural_form.tags) | {"other"}


def _no_texts(catalogue: Mapping[str, Any]) -> list[str]:
    """Name what stands where a text should; the headings of the sections are plain texts."""
    sections = catalogue.get("sections")
    if not isinstance(sections, Mapping):
        return ["sections"]
    wrong = [f"sections.{key}" for key, text in sections.items() if not isinstance(text, str)]
    parts: list[tuple[str, Any]] = list(catalogue.items())
    for key, value in parts:
        if isinstance(value, Mapping):
            parts += [(f"{key}.{inner}", part) for inner, part in value.items()]
        elif not isinstance(value, str):
            wrong.append(key)
    return list(dict.fromkeys(wrong))
