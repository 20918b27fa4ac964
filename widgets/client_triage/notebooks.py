"""The notebooks, made from the content: the prose in Markdown cells, a short cell of code."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from client_triage.content import Content, content_folder, load_content, section_ids
from client_triage.domain.scenario import Scenario
from client_triage.faults import Fault
from client_triage.words import Words, words_in

_HEADING = re.compile(r"^(?=## )", re.MULTILINE)
_HEADINGS = re.compile(r"^#(?=#* )", re.MULTILINE)
_KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def notebooks(content: Content | None = None) -> Mapping[Path, str]:
    """Make every notebook.

    Returns
    -------
    Mapping
        The text of each notebook by its path below the notebooks' folder.
    """
    content = content or load_content()
    made = {Path("app.ipynb"): _written([_code("show_app")], {})}
    for language in content.languages:
        words = words_in(language, content)
        folder = Path(language)
        made[folder / "00-start.ipynb"] = _start(content, words)
        for scenario in content.scenarios:
            name = f"{content.folders[scenario.id].name}.ipynb"
            made[folder / name] = _scenario(content, words, scenario)
        last = f"{len(content.scenarios) + 1:02d}-portfolio.ipynb"
        made[folder / last] = _portfolio(content, words)
        made[folder / "learn.ipynb"] = _learn(content, words)
    return made


def build(folder: Path | None = None, content: Content | None = None) -> list[Path]:
    """Write the notebooks.

    Parameters
    ----------
    folder
        Where to; by default the checkout's ``notebooks/``, beside its ``content/``.

    Returns
    -------
    list
        The paths written.
    """
    root = folder or _beside_content()
    written = []
    for name, text in notebooks(content).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        written.append(path)
    return written


def check(folder: Path | None = None, content: Content | None = None) -> list[Fault]:
    """Find the notebooks that differ from what the content gives."""
    root = folder or _beside_content()
    wanted = notebooks(content)
    remedy = "run 'client-triage notebooks build'"
    faults = []
    for name, text in wanted.items():
        path = root / name
        if not path.exists():
            faults.append(Fault(str(path), f"the notebook is missing: {remedy}"))
        elif path.read_bytes() != text.encode():
            faults.append(Fault(str(path), f"differs from what the content gives: {remedy}"))
    there = sorted([*root.glob("*.ipynb"), *root.glob("*/*.ipynb")])
    faults += [
        Fault(str(path), "the content gives no such notebook: delete it")
        for path in there
        if path.relative_to(root) not in wanted
    ]
    return faults


def _beside_content() -> Path:
    return content_folder().parent / "notebooks"


def _page(content: Content, words: Words, page: str) -> list[NotebookNode]:
    return [_text(part) for part in _HEADING.split(content.page(page, words.language)) if part]


def _start(content: Content, words: Words) -> str:
    test = f"## {words.text('test.title_before')}\n\n{words.text('notebooks.test')}"
    cells = _page(content, words, "start")
    cells += [_text(test), _code("show_test", words, "before")]
    cells += [_text(f"## {words.text('clients.title')}"), _code("show_start", words)]
    return _written(cells, _language(words))


def _portfolio(content: Content, words: Words) -> str:
    cells = [*_page(content, words, "portfolio"), _code("show_portfolio", words)]
    return _written(cells, _language(words))


def _learn(content: Content, words: Words) -> str:
    cells = [*_page(content, words, "learn"), _code("show_test", words, "after")]
    for lesson in content.lessons:
        text = content.lesson(lesson, words.language)
        cells.append(_text(_HEADINGS.sub("##", text)))
        cells.append(_code("show_practice", words, lesson))
    cells += [_text(f"## {words.text('progress.title')}"), _code("show_progress", words)]
    return _written(cells, _language(words))


def _scenario(content: Content, words: Words, scenario: Scenario) -> str:
    prose = content.prose(scenario.id, words.language)
    headings = words.texts("sections")
    cells = [_text(f"# {scenario.number}. {prose.title}")]
    if content.quiz(scenario.id).items:
        # Who is asked before reading remembers more of it.
        first = f"## {words.text('practice.title')}\n\n{words.text('notebooks.try_first')}"
        cells += [_text(first), _code("show_practice", words, scenario.id)]
    for section in section_ids(scenario, headings):
        cells.append(_text(f"## {headings[section]}\n\n{prose.sections[section]}"))
        if section == "safety":
            cells.append(_text(contacts_markdown(content, words)))
    own = f"## {words.text('notebooks.practise')}\n\n{words.text('notebooks.run')}"
    cells += [_text(own), _code("show_scenario", words, scenario.id)]
    return _written(cells, _language(words))


def contacts_markdown(content: Content, words: Words) -> str:
    """Give the emergency and support contacts as Markdown, country by country."""
    language = words.language
    lines = [f"### {words.text('contacts.title')}", ""]
    for country in content.contacts.countries:
        lines += [f"**{country.name[language]}**", ""]
        lines += [
            f"- {words.named(contact.name[language], f'**{contact.phone}**')}. "
            f"{contact.what_for[language]} "
            + words.text(
                "contacts.source",
                source=contact.source,
                day=words.date(date.fromisoformat(contact.checked)),
            )
            for contact in country.contacts
        ]
        lines.append("")
    elsewhere = content.contacts.elsewhere
    lines += [f"**{words.text('contacts.elsewhere')}**", "", elsewhere.hint[language]]
    return "\n".join(lines)


def _language(words: Words) -> dict[str, str]:
    return {"language": words.language}


def _text(markdown: str) -> NotebookNode:
    cell: NotebookNode = nbformat.v4.new_markdown_cell(markdown.strip())
    return cell


def _code(show: str, words: Words | None = None, *about: str) -> NotebookNode:
    """Make the cell that calls one of the package's functions."""
    arguments = [f'"{one}"' for one in about]
    arguments += [f'lang="{words.language}"'] if words else []
    lines = [f"from client_triage import {show}", f"{show}({', '.join(arguments)})"]
    cell: NotebookNode = nbformat.v4.new_code_cell("\n".join(lines))
    return cell


def _written(cells: Iterable[NotebookNode], own: Mapping[str, str]) -> str:
    numbered = list(cells)
    for number, cell in enumerate(numbered, start=1):
        cell["id"] = f"cell-{number:02d}"  # random ids would differ at each build
    metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    if own:
        metadata["client_triage"] = dict(own)
    notebook = nbformat.v4.new_notebook(cells=numbered, metadata=metadata)
    return str(nbformat.writes(notebook, version=4)) + "\n"
