"""The documentation says what is so: links, commands, examples, figures and keys."""

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from client_triage.cli import main
from client_triage.content import content_folder, load_content
from client_triage.domain.established import rate_exceeds, share_exceeds
from client_triage.domain.rules import RULE_KINDS
from client_triage.store import loads

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md"))
RULES = ["rules.md", "ko/rules.md"]
ILLUSTRATED = [*PAGES, "../README.md", "../README.ko.md"]
PICTURES = sorted((DOCS / "pictures").glob("*"))
HEAVIEST = 150_000  # bytes: a page with pictures is read on a phone as well

every_page = pytest.mark.parametrize("page", PAGES)
every_illustrated_page = pytest.mark.parametrize("page", ILLUSTRATED)
in_both_languages = pytest.mark.parametrize("page", RULES)


def read(page):
    return (DOCS / page).read_text("utf-8")


def blocks(page, language):
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", read(page), re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found]


def pictures(page):
    """Give the pictures on a page: alt text and path."""
    found = re.findall(r"!\[([^]]*)\]\(([^)]+)\)", read(page))
    return [(alt, ((DOCS / page).parent / path).resolve()) for alt, path in found]


def schema(name):
    text = (content_folder() / "schema" / f"{name}.schema.json").read_text("utf-8")
    return json.loads(text)


def rows(page):
    return [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        for line in read(page).splitlines()
        if line.lstrip().startswith("| ")
    ]


@every_page
def test_every_link_leads_somewhere(page):
    links = re.findall(r"\]\((?!https?://)([^)#]+)\)", read(page))
    assert not [link for link in links if not ((DOCS / page).parent / link).exists()]


@every_illustrated_page
def test_every_picture_shows_the_page_in_the_language_of_the_text_around_it(page):
    language = "ko" if "ko" in re.split(r"[/.]", page) else "en"
    assert not [path.name for _, path in pictures(page) if not path.name.startswith(f"{language}-")]


@every_illustrated_page
def test_every_picture_says_in_a_sentence_what_is_seen(page):
    assert not [path.name for alt, path in pictures(page) if len(alt) < 40 or alt[-1] != "."]


def test_the_pictures_are_those_on_the_pages():
    shown = {path for page in ILLUSTRATED for _, path in pictures(page)}
    assert set(PICTURES) == shown


def test_no_picture_is_heavy():
    assert not [path.name for path in PICTURES if path.stat().st_size > HEAVIEST]


def test_the_index_names_every_page():
    linked = set(re.findall(r"\]\(([^)#]+\.md)\)", read("README.md")))
    assert set(PAGES) - {"README.md"} <= linked


@every_page
def test_every_command_and_option_exists(page, capsys):
    lines = [
        line
        for kind in ("sh", "text")
        for block in blocks(page, kind)
        for line in block.splitlines()
    ]
    for line in lines:
        command = re.match(r"(?:\.venv/bin/)?client-triage ([a-z].*)", line)
        if not command or ":" in line:
            continue
        words = shlex.split(re.sub(r"[\[\]]", " ", command[1]))
        verbs = [word for word in words[:2] if re.fullmatch(r"[a-z-]+", word)]
        verbs = verbs if verbs[0] in {"content", "notebooks", "quiz"} else verbs[:1]
        with pytest.raises(SystemExit) as stop:
            main([*verbs, "--help"])
        assert stop.value.code == 0
        options = {word for word in words if word.startswith("--")}
        assert options <= set(re.findall(r"--[a-z-]+", capsys.readouterr().out)), line


def test_the_portfolio_of_the_documentation_is_one():
    (portfolio,) = blocks("files.md", "json")
    validator = Draft202012Validator(schema("portfolio"))
    assert list(validator.iter_errors(json.loads(portfolio))) == []
    assert loads(portfolio).clients


def test_the_documentation_names_every_key_of_a_portfolio():
    whole = schema("portfolio")
    keys = {*whole["properties"], *whole["$defs"]["client"]["properties"]}
    keys |= set(whole["$defs"]["record"]["properties"])
    assert {key for key in keys if f"`{key}`" not in read("files.md")} <= {"me"}


def test_the_documentation_names_every_key_of_a_tally():
    whole = schema("tally")
    keys = set(whole["properties"])
    for part in ("client", "finding"):
        keys |= set(whole["$defs"][part]["properties"])
    assert not {key for key in keys if f"`{key}`" not in read("files.md")}


@pytest.mark.parametrize("one", load_content().scenarios, ids=lambda one: one.id)
def test_the_documentation_names_the_signals_of_a_scenario(one):
    (row,) = [row for row in rows("files.md") if row[0] == f"`{one.id}`"]
    named = set(re.findall(r"`(\w+)`", row[1]))
    assert named == {name for name, facts in one.signals.items() if facts.of == "record"}


@in_both_languages
def test_the_check_values_are_those_of_the_code(page):
    english = r"(\d+) (of|in) (\d+)"
    korean = r"(\d+)건(에서|) (?:중 )?(\d+)[건번]"
    checked, bar = 0, 0.5
    for row in rows(page):
        if len(row) == 3:
            bar = next((value for sign, value in BARS if sign in row[1]), bar)
            figures = re.fullmatch(english, row[0]) or re.fullmatch(korean, row[0])
            if figures:
                one, between, other = figures.groups()
                count, whole = (
                    (int(one), int(other)) if between in {"of", "in"} else (int(other), int(one))
                )
                tail = rate_exceeds if between in {"in", "에서"} else share_exceeds
                assert f"{tail(count, whole, bar):.3f}" == row[1]
                checked += 1
    assert checked == 12


BARS = [("½", 0.5), ("절반", 0.5), ("⅓", 1 / 3), ("3분의 1", 1 / 3), ("rate > 2", 2), ("2번을", 2)]


def test_the_reasons_of_each_kind_of_rule_are_named():
    named = {
        row[0]: set(re.findall(r"`([a-z-]+)`", row[1]))
        for row in rows("authoring.md")
        if row[0] in RULE_KINDS and len(row) == 2
    }
    assert named == {kind: set(rule(signal="x").reasons()) for kind, rule in RULE_KINDS.items()}


def test_the_example_rules_are_rules():
    whole = schema("scenario")
    examples = [
        rule
        for block in blocks("authoring.md", "toml")
        for rule in tomllib.loads(block).get("rules", [])
    ]
    complete = [rule for rule in examples if "kind" in rule]
    validator = Draft202012Validator({"$defs": whole["$defs"], "$ref": "#/$defs/rule"})
    assert {rule["kind"] for rule in complete} == set(RULE_KINDS)
    assert [error.message for rule in complete for error in validator.iter_errors(rule)] == []
