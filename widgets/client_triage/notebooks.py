"""The notebooks, made from the content: the prose in Markdown cells, a short cell of code."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from client_triage.content import Content, content_folder, load_content, section_ids
from client_triage.domain.scenario import Scenario
from client_triage.faults import Fault
from client_triage.words import Words, words_in

_HEADING = re.compile(r"^(?=## )", re.MULTILINE)
_KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def notebooks(content: Content | None = None) -> Mapping[Path, str]:
    """Make every notebook.

    Returns
    -------
    Mapping
        The text of each notebook by its path below the notebooks' folder.
    """
    content = content or load_content()
    app = ["from client_triage import show_app", "show_app()"]
    made = {Path("app.ipynb"): _written([], app, {})}
    for language in content.languages:
        words = words_in(language, content)
        folder = Path(language)
        made[folder / "00-start.ipynb"] = _page(content, words, "start")
        for scenario in content.scenarios:
            name = f"{content.folders[scenario.id].name}.ipynb"
            made[folder / name] = _scenario(content, words, scenario)
        last = f"{len(content.scenarios) + 1:02d}-portfolio.ipynb"
        made[folder / last] = _page(content, words, "portfolio")
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


def _page(content: Content, words: Words, page: str) -> str:
    code = [f"from client_triage import show_{page}", f'show_{page}(lang="{words.language}")']
    text = content.page(page, words.language)
    return _written(_HEADING.split(text), code, _language(words))


def _scenario(content: Content, words: Words, scenario: Scenario) -> str:
    prose = content.prose(scenario.id, words.language)
    headings = words.texts("sections")
    cells = [f"# {scenario.number}. {prose.title}"]
    for section in section_ids(scenario, headings):
        cells.append(f"## {headings[section]}\n\n{prose.sections[section]}")
        if section == "safety":
            cells.append(contacts_markdown(content, words))
    cells.append(f"## {words.text('notebooks.practise')}\n\n{words.text('notebooks.run')}")
    code = [
        "from client_triage import show_scenario",
        f'show_scenario("{scenario.id}", lang="{words.language}")',
    ]
    return _written(cells, code, _language(words))


def contacts_markdown(content: Content, words: Words) -> str:
    """Give the emergency and support contacts as Markdown, country by country."""
    language = words.language
    lines = [f"### {words.text('contacts.title')}", ""]
    for country in content.contacts.countries:
        lines += [f"**{country.name[language]}**", ""]
        lines += [
            f"- {contact.name[language]}: **{contact.phone}**. {contact.what_for[language]} "
            + words.text("contacts.source", source=contact.source, day=contact.checked)
            for contact in country.contacts
        ]
        lines.append("")
    elsewhere = content.contacts.elsewhere
    lines += [f"**{words.text('contacts.elsewhere')}**", "", elsewhere.hint[language]]
    return "\n".join(lines)


def _language(words: Words) -> dict[str, str]:
    return {"language": words.language}


def _written(markdown: Iterable[str], code: Iterable[str], own: Mapping[str, str]) -> str:
    cells: list[NotebookNode] = [
        nbformat.v4.new_markdown_cell(text.strip()) for text in markdown if text.strip()
    ]
    cells.append(nbformat.v4.new_code_cell("\n".join(code)))
    for number, cell in enumerate(cells, start=1):
        cell["id"] = f"cell-{number:02d}"  # random ids would differ at each build
    metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    if own:
        metadata["client_triage"] = dict(own)
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    return str(nbformat.writes(notebook, version=4)) + "\n"
