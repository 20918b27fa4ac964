"""The catalogues against the code: each text is asked for, and each that is asked for is there."""

import ast
import importlib.util
import re
import sys
from pathlib import Path

import pytest

from client_triage.content import load_content
from client_triage.content.catalogue_checking import TABLES_OF_CONTENT, forms, leaves
from client_triage.words import words_in

_SPEC = importlib.util.spec_from_file_location("asked", Path(__file__).with_name("asked.py"))
asked = importlib.util.module_from_spec(_SPEC)
sys.modules["asked"] = asked  # where its dataclass looks for itself
_SPEC.loader.exec_module(asked)

CATALOGUE = dict(leaves(load_content().catalogue("en")))
KEYS = {key for key in CATALOGUE if key.partition(".")[0] not in TABLES_OF_CONTENT}
TABLES = {".".join(key.split(".")[:length]) for key in CATALOGUE for length in (1, 2, 3)}

SCRIPTS = sorted(asked.STATIC.glob("*.js"))
NUMBERS_FOR_PEOPLE = ("views", "plots", "notebooks.py", "words.py", "store/exports.py")
# What is written for a file, a key of a field, or a picture's measures.
NOT_FOR_PEOPLE = {"_svg.py", "device.py", "modules.py"}


def figures(key):
    return {name for text in forms(CATALOGUE[key]) for name in re.findall(r"{(\w+)[:}]", text)}


def literal_calls():
    for path in asked.modules():
        for key, passed in asked.asked_in(path).figures:
            if key in CATALOGUE:
                yield path.name, key, passed


def test_nothing_stands_in_the_catalogues_that_nobody_asks_for():
    assert KEYS - asked.used(KEYS) == set()


@pytest.mark.parametrize(
    "key", ["cards.spare", "plots.spare", "page.spare", "cards.keep.plainly.x"]
)
def test_a_text_that_nobody_asks_for_would_be_found(key):
    assert key not in asked.used({*KEYS, key})


def test_every_text_that_the_code_names_is_there():
    missing = {
        (path.name, key)
        for path in asked.modules()
        for key, _ in asked.asked_in(path).figures
        if not any(asked.fits(key, one) for one in CATALOGUE)
    }
    # Keys in variables: "bar.own" or "bar.default", as they are chosen.
    assert {(name, key) for name, key in missing if not key.startswith(asked.ANY)} == set()


def test_every_table_that_goes_to_the_browser_is_there():
    for path in asked.modules():
        for tables in asked.asked_in(path).sent:
            for table in tables:
                assert any(asked.fits(table, one) for one in TABLES), (path.name, table)


def test_every_text_that_a_script_reads_is_given_to_it():
    known = {key.rpartition(".")[2] for key in CATALOGUE}
    given = {name for path in asked.modules() for name in asked.asked_in(path).given}
    read = {(path.name, name) for path in SCRIPTS for name in asked.plainly_read_by(path)}
    assert {(file, name) for file, name in read if name not in known | given} == set()


def test_every_figure_of_a_text_is_passed_to_it():
    lacking = [
        (file, key, figures(key) - passed)
        for file, key, passed in literal_calls()
        if asked.ANY not in passed and figures(key) - passed
    ]
    assert lacking == []


def test_every_count_that_is_passed_is_shown_or_chooses_a_form():
    idle = [
        (file, key)
        for file, key, passed in literal_calls()
        if "count" in passed and isinstance(CATALOGUE[key], str) and "count" not in figures(key)
    ]
    assert idle == []


# What a count that may be one stands before. Texts with limits of ours alone are not among them.
ONE_OF_MANY = (
    r"{(?:count|clients|n|all|of|asked)} (?!of |characters|letters|lines|fit|done|right)[a-z]+s\b"
)
ALWAYS_MANY = {
    "plots.heatmap.limit": "more than the forty that it shows",
    "plots.tally-by-scenario.most": "one client has a text of its own",
}


def test_english_never_counts_one_of_many():
    wrong = {
        key
        for key, text in CATALOGUE.items()
        for one in _singular(text)
        if re.search(ONE_OF_MANY, one)
    }
    assert wrong == set(ALWAYS_MANY)


def _singular(text):
    return [text] if isinstance(text, str) else [text["one"]]


def _sources():
    root = asked.PACKAGE
    for name in NUMBERS_FOR_PEOPLE:
        for path in [root / name] if name.endswith(".py") else sorted((root / name).glob("*.py")):
            if path.name not in NOT_FOR_PEOPLE:
                yield path


@pytest.mark.parametrize("path", [*_sources()], ids=lambda path: path.name)
def test_no_number_is_formatted_by_python_itself(path):
    tree = ast.parse(path.read_text("utf-8"))
    specs = [
        node.format_spec
        for node in ast.walk(tree)
        if isinstance(node, ast.FormattedValue) and node.format_spec
    ]
    written = {ast.unparse(one) for one in specs} - {"f'02d'"}  # names of files
    assert written == set()
    assert not re.search(r"\bstrftime\(|\.isoformat\(\)\}", path.read_text("utf-8"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_text_is_put_together_in_a_script(path):
    script = re.sub(r"^\s*//.*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
    joined = re.findall(r"\$\{[^{}]*\}(?:: | / | \(|, )\$\{[^{}]*\}", script)
    named = re.findall(r"(?:aria-label|title|placeholder|alt)=\"[^$\"]", script)
    assert (joined, named) == ([], [])


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_joining_of_texts_is_the_languages_own(language):
    words = words_in(language)
    assert words.joined(["a", "b", "c"]) == "a, b, c"
    assert words.named("a", "b") == "a: b"
