"""What the repository says of itself is true: documents, settings, and what must not be in it."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from client_triage.cli import main

ROOT = Path(__file__).parents[1]
DOCUMENTS = ["README.md", "README.ko.md", "CONTRIBUTING.md"]
READMES = ["README.md", "README.ko.md"]
# Written in two parts, so that this file does not name them either.
REGISTRIES = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb.debian", "org"),
        ("anaconda", "org"),
    ]
]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", read(name), re.MULTILINE | re.DOTALL)


def commands(name: str) -> list[list[str]]:
    """Return the commands in a document's shell blocks, each as its words."""
    lines = [line for block in blocks(name, "sh") for line in block.splitlines()]
    return [shlex.split(part) for line in lines for part in line.split("&&")]


def own_commands(name: str) -> list[list[str]]:
    return [words[1:] for words in commands(name) if Path(words[0]).name == "client-triage"]


def exit_code(args: list[str]) -> int:
    try:
        return main(args)
    except SystemExit as stop:
        return int(stop.code or 0)


def tracked_texts() -> dict[str, str]:
    """Return the text files that are in the repository, or would be with the next commit."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("needs git and a clone")
    listing = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    texts = {}
    for name in filter(None, listing.split("\0")):
        path = ROOT / name
        if path.is_file():
            data = path.read_bytes()
            if b"\0" not in data:
                texts[name] = data.decode(errors="replace")
    return texts


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_that_a_document_names_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = {
        word
        for words in [*commands(name), *map(shlex.split, re.findall(r"`(make [^`]+)`", read(name)))]
        if words[0] == "make"
        for word in words[1:]
        if "=" not in word
    }
    assert named
    assert named <= targets


def test_help_names_every_target() -> None:
    makefile = read("Makefile")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    described = set(re.findall(r'@echo "make ([a-z]+)', makefile))
    assert described == set(phony.split()) - {"browser", "help"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_and_option_that_a_document_names_exists(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in own_commands(name):
        verbs = [word for word in words if re.fullmatch(r"[a-z-]+", word) and word[0] != "-"]
        assert exit_code([*verbs[:2], "--help"]) == 0, words
        described = capsys.readouterr().out
        assert {word for word in words if word.startswith("--")} <= set(
            re.findall(r"--[a-z-]+", described)
        )


def test_the_folder_of_the_browser_tests_holds_them_all_and_nothing_else() -> None:
    marked = {
        path
        for path in (ROOT / "tests").rglob("test_*.py")
        if re.search(r"\bpytest\.mark\.browser\b", path.read_text(encoding="utf-8"))
    }
    assert marked == set((ROOT / "tests" / "browser").glob("test_*.py"))


@pytest.mark.parametrize("name", READMES)
def test_the_portfolio_in_a_readme_is_tallied_by_its_own_commands(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (portfolio,) = blocks(name, "json")
    (tmp_path / "portfolio.json").write_text(portfolio, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    tallies = [words for words in own_commands(name) if words[0] == "tally"]
    assert tallies
    for words in tallies:
        assert exit_code(words) == 0, capsys.readouterr().err
        assert capsys.readouterr().out


def test_both_readmes_show_the_same_number_of_commands() -> None:
    english, korean = (commands(name) for name in READMES)
    assert [words[0] for words in english] == [words[0] for words in korean]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_a_document_links_to_exists(name: str) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)\)", read(name))
    assert not [link for link in links if not (ROOT / link).exists()]


def test_no_file_names_a_folder_of_this_machine() -> None:
    folders = {str(folder) for folder in (ROOT, Path.home()) if len(folder.parts) > 1}
    here = re.compile(rf"(?<![\w.~-])(?:{'|'.join(map(re.escape, folders))})(?![\w-])")
    assert not [name for name, text in tracked_texts().items() if here.search(text)]


def test_no_file_names_the_host_of_a_package_registry() -> None:
    found = {
        (name, host)
        for name, text in tracked_texts().items()
        for host in REGISTRIES
        if host in text
    }
    assert not found


def test_every_rule_that_is_switched_off_has_its_reason_beside_it() -> None:
    section = read("pyproject.toml").partition("[tool.ruff.lint]")[2]
    section = section.partition("[tool.ruff.lint.flake8")[0]
    codes = re.findall(r'^  "[A-Z]+[0-9]*",.*$', section, re.MULTILINE)
    assert codes
    assert not [line for line in codes if not re.search(r"# \w.{9,}", line)]
    # one code a line, so that none hides behind another's reason
    lint = tomllib.loads(read("pyproject.toml"))["tool"]["ruff"]["lint"]
    ignored = [*lint["ignore"], *(c for cs in lint["per-file-ignores"].values() for c in cs)]
    assert len(codes) == len(ignored)


def test_every_noqa_has_its_reason_beside_it() -> None:
    bare = re.compile(r"# noqa(?:: ?[A-Z]+[0-9]+(?:, ?[A-Z]+[0-9]+)*)?\s*$", re.MULTILINE)
    texts = {name: text for name, text in tracked_texts().items() if name.endswith(".py")}
    assert not [
        f"{name}:{text.count(chr(10), 0, found.start()) + 1}"
        for name, text in texts.items()
        for found in bare.finditer(text)
    ]


def test_the_domain_imports_the_standard_library_and_itself_only() -> None:
    known = sys.stdlib_module_names
    strangers = []
    for path in sorted((ROOT / "widgets" / "client_triage" / "domain").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            else:
                continue
            strangers += [
                f"{path.name}: {name}"
                for name in names
                if name.partition(".")[0] not in known
                and not name.startswith("client_triage.domain")
            ]
    assert not strangers


def test_the_lock_pins_every_dependency_within_its_bounds() -> None:
    pinned = re.compile(r"^([a-z0-9-]+)==([^ ;\n]+)", re.MULTILINE)
    pins: dict[str, list[str]] = {}
    for name, version in pinned.findall(read("requirements.lock")):
        pins.setdefault(name, []).append(version)
    project = tomllib.loads(read("pyproject.toml"))["project"]
    for text in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        requirement = Requirement(text)
        versions = pins.get(canonicalize_name(requirement.name), [])
        assert versions, requirement.name
        assert all(requirement.specifier.contains(version) for version in versions), text


def test_the_lock_names_no_place() -> None:
    assert not re.search(r"^-|://|@ |--hash", read("requirements.lock"), re.MULTILINE)
