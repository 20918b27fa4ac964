"""New files for authors: a scenario or a language, made from what the content has already.

Every text is the model's own behind a mark, and `check` names each until somebody has written it.
tomlkit writes TOML without losing its comments and its layout; it is imported where it is used.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from client_triage.content.marks import MARK, marked
from client_triage.content.reading import (
    LANGUAGE_TAG,
    Content,
    content_folder,
    load_content,
    read_text,
    read_toml,
)
from client_triage.domain.scenario import Scenario
from client_triage.faults import Fault, FaultyFileError

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PLURALS = ("zero", "one", "two", "few", "many", "other")
_TEXTS_OF_SAMPLE = {"alias", "lines", "note", "exception", "conditions"}
_SCHEMA = "#:schema "


def new_scenario(slug: str, like: str | None = None, folder: Path | None = None) -> list[Path]:
    """Make the folder of a new scenario: facts, words, prose and quiz items of another one.

    Parameters
    ----------
    slug
        Its id.
    like
        Id of the scenario to start from; by default the simplest.

    Returns
    -------
    list
        The files made.

    Raises
    ------
    FaultyFileError
        The id can't be used or is taken, there is nothing called `like`, or a file to start from
        has faults. Nothing was made.
    """
    content = _opened(folder)
    _refuse(_slug_faults(content, slug))
    model = _model(content, like)
    number = max(scenario.number for scenario in content.scenarios) + 1
    place = content.folder / "scenarios" / f"{number:02d}-{slug}"
    if place.exists():
        _refuse([Fault(str(place), "there is something of this name already")])
    source = content.folders[model.id]
    files = {place / "scenario.toml": _facts(content, model, source, slug, number)}
    for language in content.languages:
        words, prose = source / f"{language}.toml", source / f"{language}.md"
        files[place / words.name] = _with_schema(_marked_toml(words), "../../schema/words")
        files[place / prose.name] = _marked_markdown(read_text(prose))
    if (source / "quiz.toml").exists():
        items = _quiz_skeleton(source / "quiz.toml", content.languages)
        files[place / "quiz.toml"] = _with_schema(items, "../../schema/quiz")
    return _made(files)


def new_language(tag: str, source: str = "en", folder: Path | None = None) -> list[Path]:
    """Make everything that a language needs, from the texts of another one.

    What the language has already stays. Headings of scenarios that are still marked follow the
    catalogue, once they are written there.

    Parameters
    ----------
    tag
        Such as ``"de"`` or ``"pt-BR"``.
    source
        The language to start from.

    Returns
    -------
    list
        The files made or added to; none where the language has all it needs.

    Raises
    ------
    FaultyFileError
        Babel does not know the tag, there is no language `source`, or one of its files has faults.
        Nothing was made.
    """
    content = _opened(folder)
    _refuse(_tag_faults(content, tag, source))
    root = content.folder
    catalogue = root / "ui" / f"{tag}.toml"
    files: dict[Path, str] = {}
    if not catalogue.exists():
        files[catalogue] = _with_schema(
            _marked_toml(root / "ui" / f"{source}.toml", tag), "../schema/catalogue"
        )
    headings = _new_headings(content, source, catalogue)
    for path in _files_of(root, source):
        made = path.with_stem(tag)
        if not made.exists():
            files[made] = _in_language(path, tag, headings)
        elif made.suffix == ".md" and made.parent.parent.name == "scenarios":
            files[made] = _headed(read_text(made), headings)
    for path in _shared_files(root):
        files[path] = _with_language(path, tag, source, content.languages)
    changed = {path: text for path, text in files.items() if not _is_there(path, text)}
    return _made(changed)


# what is asked for


def _opened(folder: Path | None) -> Content:
    return Content(load_content(content_folder(folder)).folder)


def _refuse(faults: Iterable[Fault]) -> None:
    if found := list(faults):
        raise FaultyFileError(found)


def _slug_faults(content: Content, slug: str) -> Iterator[Fault]:
    place = str(content.folder / "scenarios")
    if not _SLUG.fullmatch(slug):
        problem = f"{slug!r} can't be an id: use lower-case letters and digits, hyphens between"
        yield Fault(place, f"{problem} them, as in 'slow-pay'")
    taken = {
        "a scenario": content.folders,
        "a lesson": content.lesson_folders,
        "a page": content.page_names,
    }
    for what, names in taken.items():
        if slug in names:
            yield Fault(place, f"the id {slug!r} is taken: {what} is called so")


def _tag_faults(content: Content, tag: str, source: str) -> Iterator[Fault]:
    from babel import Locale, UnknownLocaleError

    folder = content.folder / "ui"
    try:
        if LANGUAGE_TAG.fullmatch(tag):
            Locale.parse(tag, sep="-")
        else:
            yield Fault(str(folder), f"{tag!r} is no language tag such as 'de' or 'pt-BR'")
    except (UnknownLocaleError, ValueError):
        problem = f"the language {tag!r} is unknown: Babel has no numbers, dates or plurals for it"
        yield Fault(str(folder), problem)
    if source not in content.languages:
        known = ", ".join(content.languages)
        yield Fault(
            str(folder), f"there is no language {source!r} to start from; there are {known}"
        )
    elif tag == source:
        yield Fault(str(folder), f"a language can't be made from itself: {tag!r}")


def _model(content: Content, like: str | None) -> Scenario:
    if like is None:
        return min(content.scenarios, key=_size)
    try:
        return content.scenario(like)
    except LookupError as error:
        fault = Fault(str(content.folder / "scenarios"), str(error.args[0]))
        raise FaultyFileError([fault]) from None


def _size(scenario: Scenario) -> tuple[bool, int, int]:
    """Tell how much there is to a scenario; those that need special care come last."""
    parts = (scenario.signals, scenario.bar, scenario.rules, scenario.constraints, scenario.presets)
    care = scenario.safety or scenario.advice_first
    return care, sum(map(len, parts)) + len(scenario.sweep.details), scenario.number


# files of a scenario


def _facts(content: Content, model: Scenario, source: Path, slug: str, number: int) -> str:
    path = source / "scenario.toml"
    document = _document(path)
    document["id"], document["number"] = slug, number
    if model.urgency is not None:
        urgencies = (scenario.urgency or 0 for scenario in content.scenarios)
        document["urgency"] = max(urgencies) + 1
    schema, _, facts = _with_schema(_text(document), "../../schema/scenario").partition("\n")
    note = f"# {MARK} These facts are those of {model.id!r}. Make them yours, and delete this line."
    return f"{schema}\n{note}\n{facts}"


def _quiz_skeleton(path: Path, languages: Collection[str]) -> str:
    """Take the items that a scenario must have, without the comments on their stories."""
    document = _document(path)
    items: Any = document["items"]
    for number in reversed(range(len(items))):
        if items[number]["use"] == "extra":
            del items[number]
    seen: dict[str, int] = {}
    for item in items:
        name = f"{item['use']}-{item['pair']}{item['form']}" if "pair" in item else item["use"]
        name = name.lower()
        seen[name] = seen.get(name, 0) + 1
        item["id"] = name if seen[name] == 1 else f"{name}-{seen[name]}"
        for texts in _texts_tables(item, languages):
            _replace_texts(texts, marked)
    _drop_comments(document)
    return re.sub(r"\n{3,}", "\n\n", _text(document)).lstrip("\n")


def _drop_comments(part: Any) -> None:  # noqa: ANN401 - whatever tomlkit builds
    from tomlkit.container import Container
    from tomlkit.items import AoT, Comment, Null, Table

    if isinstance(part, AoT):
        for table in part.body:
            _drop_comments(table)
    elif isinstance(part, Table):
        _drop_comments(part.value)
    elif isinstance(part, Container):
        for number, (_, item) in enumerate(part.body):
            if isinstance(item, Comment):
                part.body[number] = (None, Null())
            _drop_comments(item)


# files of a language


def _files_of(root: Path, language: str) -> Iterator[Path]:
    """Give every file that there is one of in each language, but the catalogue."""
    for kind in ("scenarios/*", "pages/*", "lessons/*"):
        yield from sorted(root.glob(f"{kind}/{language}.md"))
    yield from sorted(root.glob(f"scenarios/*/{language}.toml"))
    yield from sorted(root.glob(f"sample/{language}.json"))


def _shared_files(root: Path) -> Iterator[Path]:
    """Give every file in which the languages stand beside each other."""
    yield from sorted(root.glob("contacts.toml"))
    for kind in ("scenarios/*", "lessons/*"):
        yield from sorted(root.glob(f"{kind}/quiz.toml"))


def _in_language(path: Path, tag: str, headings: Mapping[str, str]) -> str:
    if path.suffix == ".json":
        return _marked_sample(path, tag)
    if path.suffix == ".toml":
        return _with_schema(_marked_toml(path, tag), "../../schema/words")
    text = _marked_markdown(read_text(path))
    if path.parent.parent.name != "scenarios":
        return text
    renamed = {f"## {old}": f"## {new}" for old, new in headings.items()}
    return "\n".join(renamed.get(line, line) for line in text.split("\n"))


def _new_headings(content: Content, source: str, catalogue: Path) -> Mapping[str, str]:
    """Give the headings of a new language by those of its source; marked where it has none."""
    written = read_toml(catalogue).get("sections", {}) if catalogue.exists() else {}
    headings = content.catalogue(source)["sections"]
    return {old: written.get(section, marked(old)) for section, old in headings.items()}


def _headed(text: str, headings: Mapping[str, str]) -> str:
    written = {f"## {marked(old)}": f"## {new}" for old, new in headings.items()}
    return "\n".join(written.get(line, line) for line in text.split("\n"))


def _with_language(path: Path, tag: str, source: str, languages: Iterable[str]) -> str:
    """Put a language's texts beside those that are there."""
    document = _document(path)
    for texts in _texts_tables(document, {*languages, tag}):
        if tag not in texts:
            model = texts.get(source, next(iter(texts.values())))
            _append(texts, tag, _like(model, marked(model)))
    return _text(document)


def _marked_sample(path: Path, tag: str) -> str:
    """Mark the texts of the made-up example, on the lines on which they stand."""
    text = read_text(path)
    try:
        texts = set(_texts_of_sample(json.loads(text)))
    except ValueError as error:
        problem = f"no valid JSON: {error}"
        raise FaultyFileError([Fault(str(path), problem)]) from None
    for one in texts:
        text = text.replace(_quoted(one), _quoted(marked(one)))
    return re.sub(r'("language":\s*)"[^"]*"', rf'\1"{tag}"', text, count=1)


def _texts_of_sample(value: object, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _texts_of_sample(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from _texts_of_sample(part, key)
    elif isinstance(value, str) and key in _TEXTS_OF_SAMPLE:
        yield value


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


# marking


def _marked_markdown(text: str) -> str:
    """Mark the title, and each section by a line of its own."""
    lines = []
    for line in text.split("\n"):
        if line.startswith("# "):
            lines.append(f"# {marked(line[2:])}")
        elif line.startswith("## "):
            lines += [line, "", MARK]
        else:
            lines.append(line)
    return "\n".join(lines)


def _marked_toml(path: Path, tag: str | None = None) -> str:
    """Mark every text of a file; for another language, with the plural forms that it has."""
    document = _document(path)
    _replace_texts(document, marked)
    if tag is not None:
        _pluralize(document, _plural_forms(tag))
    text = _text(document)
    return text if tag is None else _comments_of(text, path.stem, tag)


def _replace_texts(part: Any, change: Callable[[str], str]) -> None:  # noqa: ANN401 - whatever tomlkit builds
    places = range(len(part)) if isinstance(part, list) else list(part)
    for place in places:
        value = part[place]
        if isinstance(value, str):
            part[place] = _like(value, change(value))
        elif isinstance(value, list | dict):
            _replace_texts(value, change)


def _pluralize(part: Any, forms: tuple[str, ...]) -> None:  # noqa: ANN401 - whatever tomlkit builds
    for value in part.values():
        if not isinstance(value, dict):
            continue
        if "other" in value and set(value) <= set(_PLURALS):
            for form in forms:
                if form not in value:
                    _append(value, form, _like(value["other"], value["other"]))
            for form in [form for form in value if form not in forms]:
                del value[form]
        else:
            _pluralize(value, forms)


def _plural_forms(tag: str) -> tuple[str, ...]:
    from babel import Locale

    has = {*Locale.parse(tag, sep="-").plural_form.tags, "other"}
    return tuple(form for form in _PLURALS if form in has)


def _comments_of(text: str, source: str, tag: str) -> str:
    """Let comments speak of the new language."""
    from babel import Locale

    old, new = (Locale.parse(one, sep="-").get_display_name("en") or one for one in (source, tag))
    lines = []
    for line in text.split("\n"):
        if line.startswith("#") and not line.startswith(_SCHEMA):
            line = line.replace(f"{source}.md", f"{tag}.md").replace(old, new)  # noqa: PLW2901 - the line as it goes on
        lines.append(line)
    return "\n".join(lines)


# TOML


def _document(path: Path) -> Any:  # noqa: ANN401 - tomlkit's documents answer like plain tables
    import tomlkit

    read_toml(path)  # whose faults say where
    return tomlkit.parse(read_text(path))


def _text(document: Any) -> str:  # noqa: ANN401 - tomlkit's documents answer like plain tables
    import tomlkit

    return tomlkit.dumps(document)


def _like(model: Any, text: str) -> Any:  # noqa: ANN401 - tomlkit's texts answer like plain ones
    """Write a text as its model is written: over several lines, or on one."""
    import tomlkit

    over_lines = getattr(model, "as_string", str)().startswith('"""')
    return tomlkit.string(text, multiline=over_lines)


def _append(table: Any, key: str, text: Any) -> None:  # noqa: ANN401 - whatever tomlkit builds
    from tomlkit.items import InlineTable

    table[key] = text
    if isinstance(table, InlineTable):
        item: Any = table.value.item(key)
        item.trivia.trail = " "


def _texts_tables(part: Any, languages: Collection[str]) -> Iterator[Any]:  # noqa: ANN401 - whatever tomlkit builds
    """Find the tables that hold one text in each language."""
    if isinstance(part, list):
        for one in part:
            yield from _texts_tables(one, languages)
    elif isinstance(part, dict):
        if _is_texts(part, languages):
            yield part
        else:
            for one in part.values():
                yield from _texts_tables(one, languages)


def _is_texts(table: Mapping[str, object], languages: Collection[str]) -> bool:
    return bool(table) and all(
        key in languages and isinstance(text, str) for key, text in table.items()
    )


def _with_schema(text: str, schema: str) -> str:
    """Name the schema for editors in the first line."""
    first, _, rest = text.partition("\n")
    body = rest if first.startswith(_SCHEMA) else text
    return f"{_SCHEMA}{schema}.schema.json\n{body}"


# writing


def _is_there(path: Path, text: str) -> bool:
    return path.exists() and path.read_bytes() == text.encode()


def _made(files: Mapping[Path, str]) -> list[Path]:
    """Write all files; one that is there already is replaced at once or not at all."""
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.new")
        draft.write_bytes(text.encode())
        draft.replace(path)
    return list(files)
