"""A corpus of broken portfolio files: each is refused in words, or proves to be whole after all.

The files are made from those in ``golden/``: values of the wrong kind at every path, keys that are
gone or doubled, cuts, flipped bytes, swapped brackets, and some by hand. The same in every run.
"""

import json
import random
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from client_triage.cli import main
from client_triage.content import load_content
from client_triage.domain import tally
from client_triage.faults import FaultyFileError
from client_triage.store import SCHEMA, Portfolio, PortfolioWarning, dumps, loads
from client_triage.store.exports import as_csv, as_json, as_text
from client_triage.views.workspace import Workspace
from client_triage.words import words_in

GOLDEN = Path(__file__).parent / "golden"
TEXTS = {
    path.name.split(".")[0]: path.read_text("utf-8")
    for path in sorted(GOLDEN.glob("*.portfolio.json"))
    if path.name != "limits.portfolio.json"  # its long texts would be most of the corpus
}
EVERY_KIND = ("full", "unknown-keys", "korean")  # mutated at every path; the others at some
WRONG = (None, True, -1, 0.5, 10**30, "", "odd", "-1", "2026-02-30", [], [None], {}, {"a": 1})
SCALAR = re.compile(
    r'(?<=[:\[] )("(?:[^"\\]|\\.)*"|-?[0-9.]+|true|false|null)(?=,?$)', re.MULTILINE
)
SOME = 60
DEEP = 100_000


def of(*, clients="[]", rest=""):
    return f'{{"schema": "{SCHEMA}", "clients": {clients}{rest}}}'


BY_HAND = {
    "nothing": b"",
    "a byte order mark alone": b"\xef\xbb\xbf",
    "spaces": b" \n\t ",
    "a zero byte": b"\0",
    "zero bytes, as after a power cut": b"\0" * 4096,
    "UTF-16": TEXTS["full"].encode("utf-16"),
    "UTF-32": TEXTS["full"].encode("utf-32"),
    "Korean Windows": TEXTS["korean"].replace("👩\u200d💻", "").encode("cp949"),
    "a web page": b"<!DOCTYPE html><title>Sign in</title>",
    "an archive": b"PK\x03\x04\x14\0\x08\0",
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "a table": b"id,alias,revenue\nc1,Bluebird,12000\n",
    "TOML": b'schema = "client-triage/portfolio@1"\n',
    "a merge conflict": TEXTS["full"].replace('"c2"', '\n<<<<<<< HEAD\n"c2"').encode(),
    "twice": (TEXTS["minimal"] * 2).encode(),
    "single quotes": TEXTS["minimal"].replace('"', "'").encode(),
    "curly quotes": TEXTS["minimal"].replace('"', "“").encode(),
    "a comment": b"// mine\n" + TEXTS["minimal"].encode(),
    "a comma at the end": TEXTS["minimal"].replace('"\n}', '",\n}').encode(),
    "a list": b"[]",
    "a text": b'"client-triage/portfolio@1"',
    "a number": b"1",
    "nothing inside": b"{}",
    "a newer version": b'{"schema": "client-triage/portfolio@2", "clients": 3}',
    "version nought": b'{"schema": "client-triage/portfolio@0"}',
    "an Arabic one": '{"schema": "client-triage/portfolio@\N{ARABIC-INDIC DIGIT ONE}"}'.encode(),
    "a tally": (GOLDEN / "full.tally.json").read_bytes(),
    "a line break in a key": of(rest=', "bar": {"a\\nb": 3}').encode(),
    "a Unicode line break in a key": of(rest=', "bar": {"a\\u2028b": 3}').encode(),
    "a place in a key": of(rest=', "bar": {"a @ $.b": 3}').encode(),
    "quotes in a key": of(rest=', "bar": {"\'\\"]": 3}').encode(),
    "an empty key": of(rest=', "bar": {"": 3}').encode(),
    "half a character": of(rest=', "odd": "\\ud83d"').encode(),
    "half a character in a key": of(rest=', "\\udc00": 1').encode(),
    "a doubled half character": of(rest=', "\\udc00": 1, "\\udc00": 2').encode(),
    "a zero character in an id": of(clients='[{"id": "\\u0000", "alias": 1}]').encode(),
    "the same id, spaces aside": of(clients='[{"id": "c1", "alias": "A"}, {"id": "c1"}]').encode(),
    "a hundred faults": of(clients=json.dumps([{"id": n} for n in range(100)])).encode(),
    "deeper than what can be written": of(rest=f', "odd": {"[" * 101}{"]" * 101}').encode(),
    "deep in a record": of(
        clients=f'[{{"id": "a", "alias": "b", "records": {{"odd": {"[" * 500}{"]" * 500}}}}}]'
    ).encode(),
    "never closed": b'{"a":' * DEEP,
    "a million digits": of(rest=f', "odd": {"9" * 10**6}').encode(),
    "more decimals than anybody counts": of(
        clients=f'[{{"id": "a", "alias": "b", "revenue": "1", "hours": "0.{"0" * 5000}1"}}]'
    ).encode(),
    "an endless sum": of(
        clients=f'[{{"id": "a", "alias": "b", "revenue": "{"9" * 10**5}"}}]'
    ).encode(),
    "a number beyond all floats": of(rest=', "bar": {"slow-pay": {"share": 1e999}}').encode(),
}


def paths(value, place=()) -> Iterator[tuple]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*place, key)
        if isinstance(inner, dict | list):
            yield from paths(inner, (*place, key))


def holder(whole, path):
    for key in path[:-1]:
        whole = whole[key]
    return whole


def changed(text, path, change):
    whole = json.loads(text)
    change(holder(whole, path), path[-1])
    return json.dumps(whole, ensure_ascii=False).encode()


def some(name, items):
    """Take every item of the richest files, and a few of the others."""
    listed = list(items)
    few = random.Random(name).sample(listed, min(SOME, len(listed)))  # noqa: S311 - no secret
    return listed if name in EVERY_KIND else few


def gone(name, text):
    for path in some(name, paths(json.loads(text))):
        yield changed(text, path, lambda inside, key: inside.pop(key))


def renamed(name, text):
    for path in some(name, paths(json.loads(text))):
        if isinstance(path[-1], str):
            for other in (f"{path[-1]}x", "a\nb @ c"):
                yield changed(
                    text,
                    path,
                    lambda inside, key, other=other: inside.update({other: inside.pop(key)}),
                )


def wrong(name, text):
    for path, value in some(name, ((path, v) for path in paths(json.loads(text)) for v in WRONG)):
        yield changed(text, path, lambda inside, key, value=value: inside.__setitem__(key, value))


def doubled(name, text):
    whole = json.loads(text)
    for client in some(name, whole.get("clients", [])):
        yield json.dumps({**whole, "clients": [*whole["clients"], client]}).encode()
    keys = (one for one in re.finditer(r'^ +"[^"]+": [^{\[\n]*,\n', text, re.MULTILINE))
    for one in some(name, keys):
        yield (text[: one.end()] + one[0] + text[one.end() :]).encode()


def odd_values(name, text):
    odd = (*("NaN", "-Infinity", "1e999", "9" * 5000, "01", "+1", "1.", "'x'", "undefined"),)
    odd += (
        '"\\ud800"',
        '"\\x"',
        '"tab\there"',
        "[" * DEEP,
        "[" * 150 + "]" * 150,
        '{"a": 1, "a": 2}',
    )
    for one in some(name, SCALAR.finditer(text))[:SOME]:
        for value in odd:
            yield (text[: one.start()] + value + text[one.end() :]).encode()


def cut(name, text):
    whole = text.encode()
    for length in range(0, len(whole), 11 if name in EVERY_KIND else 37):
        yield whole[:length]
        yield whole[:length] + b"\0" * (len(whole) - length)


def flipped(name, text):
    whole = text.encode()
    chance = random.Random(name)  # noqa: S311 - no secret
    for _ in range(SOME * (4 if name in EVERY_KIND else 1)):
        at = chance.randrange(len(whole))
        for byte in (0xFF, 0xC3, whole[at] ^ (1 << chance.randrange(8))):
            yield whole[:at] + bytes([byte]) + whole[at + 1 :]


def swapped(name, text):
    for one in some(name, re.finditer(r"[\[\]{}]", text)):
        for other in "[]{}":
            yield (text[: one.start()] + other + text[one.end() :]).encode()
        yield (text[: one.start()] + text[one.end() :]).encode()


MUTATIONS = (gone, renamed, wrong, doubled, odd_values, cut, flipped, swapped)


@cache
def mutants(mutation, name):
    """Give each different text that a mutation makes of a file."""
    return tuple(dict.fromkeys(mutation(name, TEXTS[name])))


def whole(path):
    """Prove that a file is whole: what is loaded can be saved, read again, and counted."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        portfolio = Portfolio.load(path)
    assert all("\n" not in str(one.message) for one in caught)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PortfolioWarning)
        assert loads(dumps(portfolio)) == portfolio
    counted = tally(portfolio, load_content().scenarios)
    for export in (as_json, as_csv, as_text):
        export(counted, words_in(portfolio.language))


def refusal(path, content):
    """Give what a file is refused with, None where it is whole; other exceptions go through."""
    path.write_bytes(content)
    try:
        whole(path)
    except FaultyFileError as error:
        return error
    return None


def is_refused(path, content):
    """Tell whether a file is refused, and in words."""
    if (error := refusal(path, content)) is None:
        return False
    lines = str(error).split("\n")
    assert len(lines) == len(error.faults) > 0
    for line in lines:
        assert re.match(rf"{re.escape(str(path))}(:\d+: \S|: \S.* @ \$|: \S[^@]*$)", line), line
        assert line.isprintable(), line
    return True


@pytest.fixture
def path(tmp_path):
    return tmp_path / "portfolio.json"


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_mutant_is_refused_in_words_or_whole(mutation, name, path):
    failed = []
    for content in mutants(mutation, name):
        try:
            is_refused(path, content)
        except Exception as error:  # noqa: BLE001 - all of them are wanted at once
            failed.append((type(error).__name__, str(error)[:200], content[:4000]))
    assert failed == []


@pytest.mark.parametrize("name", BY_HAND)
def test_a_file_broken_by_hand_is_refused_in_words(name, path):
    assert is_refused(path, BY_HAND[name])


def test_the_corpus_has_thousands_of_broken_files(path):
    found = Counter()
    for mutation in MUTATIONS:
        found[mutation.__name__] = sum(
            is_refused(path, content) for content in mutants(mutation, "full")
        )
    assert min(found.values()) > 10, found
    assert found.total() > 1000, found


def sample():
    chance = random.Random(15)  # noqa: S311 - no secret
    for mutation in MUTATIONS:
        yield from chance.sample(mutants(mutation, "full"), 8)
    yield from BY_HAND.values()


def test_the_command_refuses_each_with_code_1_and_no_traceback(path, capsys):
    refused = 0
    for content in sample():
        if is_refused(path, content):
            refused += 1
            assert main(["tally", str(path)]) == 1
            out, err = capsys.readouterr()
            assert out == ""
            assert all(line.startswith(f"{path}:") for line in err.splitlines())
    assert refused > 15


def test_a_workspace_that_opens_one_keeps_what_it_had(path):
    workspace = Workspace(path.with_name("own.json"))
    workspace.add_clients(["Bluebird"])
    kept = workspace.portfolio
    on_disk = workspace.path.read_bytes()
    refused = 0
    for content in sample():
        try:
            text = content.decode()
        except UnicodeDecodeError:
            continue
        if is_refused(path, content):
            refused += 1
            with pytest.raises(FaultyFileError):
                workspace.open_text(text, "opened.json")
            assert workspace.portfolio is kept
            assert workspace.can_undo
            assert not workspace.can_redo
    assert refused > 15
    assert workspace.path.read_bytes() == on_disk
