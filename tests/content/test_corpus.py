"""A corpus of broken content files: each has its faults named, or proves to be whole after all.

The files are those that are shipped, mutated line by line and byte by byte. The same in every run.
To be fast, the folder has two scenarios and the first country, and the sections of the catalogues;
one scenario has a quiz, of few words.
"""

import random
import re
import shutil
from collections import Counter
from functools import cache

import pytest

from client_triage.cli import main
from client_triage.content import Content, catalogue_checking, check, content_folder
from client_triage.domain import Client, Portfolio, Record, tally
from client_triage.domain.quiz import mark
from client_triage.faults import FaultyFileError
from client_triage.store.exports import as_json
from client_triage.store.samples import check as check_with_samples
from client_triage.words import Words

SHIPPED = content_folder()
KEPT = ("06-invoice-disputes", "07-changes-mind")
FACTS = tuple(f"scenarios/{name}/scenario.toml" for name in KEPT)
WORDS = ("scenarios/06-invoice-disputes/en.toml", "scenarios/07-changes-mind/ko.toml")
PROSE = ("scenarios/07-changes-mind/ko.md",)
QUIZ = "scenarios/07-changes-mind/quiz.toml"
OTHERS = ("contacts.toml", "ui/ko.toml")
FILES = (*FACTS, *WORDS, *PROSE, QUIZ, *OTHERS)
ODD = (
    *("", "true", "-1", "0.5", "nan", "inf", "1e999", '""', '"odd"', '"{late"', '"{nobody}"', "[]"),
    *("{}", "[1]", "[[[]]]", "{ a = 1 }", "2026-02-30", "2026-02-03", "100000000000000000000", "'"),
)
HEAVY = ("9" * 5000, "[" * 5000, "{a=" * 3000, "0x" + "f" * 5000)
BY_HAND = {
    "nothing": b"",
    "a zero byte": b"\0",
    "UTF-16": "[sections]".encode("utf-16"),
    "Korean Windows": "[제목]\n".encode("cp949"),
    "JSON": b'{"id": "changes-mind"}',
    "a web page": b"<!DOCTYPE html><title>Sign in</title>",
    "a merge conflict": b"<<<<<<< HEAD\n[a]\n=======\n[b]\n>>>>>>> other\n",
    "a table for a text": b"[title]\n[sections.line]\n",
    "a text for a table": b'sections = "none"\nrules = "none"\nsignals = 3\nreasons = []\n',
    "never closed": b"a = " + b"[" * 100_000,
    "a key of many parts": b"a" + b".b" * 500 + b" = 1\n",
    "too many digits": b"number = " + b"9" * 5000,
}


def shortened(name):
    text = (SHIPPED / name).read_text("utf-8")
    if name == "contacts.toml":
        return "[[countries]]".join(text.split("[[countries]]")[:2])
    if name == QUIZ:
        said = r'''(?<=\b(?:en|ko) = )("""(?s:.*?)"""|"(?:[^"\\\n]|\\.)*")'''
        return re.sub(said, '"Words."', text)
    if name.startswith("ui/"):
        tables = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
        wanted = ("[sections]", "[levels]", "[fractions]", "[confidence]")
        return "".join(table for table in tables if table.startswith(wanted))
    return text


@cache
def text(name):
    return shortened(name)


@pytest.fixture(autouse=True)
def _few_texts_are_asked_for(folder, monkeypatch):
    """Let the small catalogues be all that the interface asks for."""
    monkeypatch.setattr(catalogue_checking, "shipped_folder", lambda: folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make a small content folder without a fault."""
    root = tmp_path_factory.mktemp("corpus") / "content"
    for name in KEPT:
        shutil.copytree(SHIPPED / "scenarios" / name, root / "scenarios" / name)
    shutil.copytree(SHIPPED / "sample", root / "sample")
    (root / "ui").mkdir()
    (root / "scenarios" / KEPT[0] / "quiz.toml").unlink(missing_ok=True)
    for name in ("ui/en.toml", "ui/ko.toml", "contacts.toml", QUIZ):
        (root / name).write_text(text(name), "utf-8")
    return root


def numbered(name, whole):
    """Take some of the lines that say something, each with its place."""
    lines = [(i, one) for i, one in enumerate(whole.splitlines(keepends=True)) if one.strip()]
    said = [(i, line) for i, line in lines if not line.startswith(("#:", "# "))]
    return random.Random(name).sample(said, min(len(said), 25))  # noqa: S311 - no secret


def lines_gone(name, whole):
    lines = whole.splitlines(keepends=True)
    for number, _ in numbered(name, whole):
        yield "".join(lines[:number] + lines[number + 1 :]).encode()


def lines_doubled(name, whole):
    lines = whole.splitlines(keepends=True)
    for number, _ in numbered(name, whole):
        yield "".join([*lines[: number + 1], *lines[number:]]).encode()


def odd_values(name, whole):
    values = list(re.finditer(r"(?<= = )\S.*$", whole, re.MULTILINE))
    pairs = [(one, value) for one in values for value in ODD]
    pairs = random.Random(name).sample(pairs, min(len(pairs), 60))  # noqa: S311 - no secret
    pairs += [(one, value) for one in values[:2] for value in HEAVY]
    for one, value in pairs:
        yield (whole[: one.start()] + value + whole[one.end() :]).encode()


def odd_keys(name, whole):
    keys = list(re.finditer(r"^(\S+)(?= = )|(?<=\[)[a-z_.]+(?=\]$)", whole, re.MULTILINE))
    keys = random.Random(name).sample(keys, min(len(keys), 6))  # noqa: S311 - no secret
    for one in keys:
        for key in ("odd", '"a\\nb @ c"', "a.b", '""', "'"):
            yield (whole[: one.start()] + key + whole[one.end() :]).encode()


def cut(_, whole):
    content = whole.encode()
    for length in range(0, len(content), max(1, len(content) // 12)):
        yield content[:length]


def flipped(name, whole):
    content = whole.encode()
    chance = random.Random(name)  # noqa: S311 - no secret
    for _ in range(12):
        at = chance.randrange(len(content))
        for byte in (0xFF, content[at] ^ (1 << chance.randrange(7))):
            yield content[:at] + bytes([byte]) + content[at + 1 :]


def swapped(name, whole):
    places = [one.start() for one in re.finditer(r"[\[\]{}]", whole)]
    for at in random.Random(name).sample(places, min(len(places), 8)):  # noqa: S311 - no secret
        for other in "[]{}":
            if other != whole[at]:
                yield (whole[:at] + other + whole[at + 1 :]).encode()


MUTATIONS = (lines_gone, lines_doubled, odd_values, odd_keys, cut, flipped, swapped)
LEVELS = Portfolio(
    clients=tuple(
        Client(
            f"c{n}",
            "A",
            billing="hourly" if n % 2 else None,
            records={
                "changes-mind": Record({"reversals": 3 * n, "projects": n, "frustration": 4}),
                "invoice-disputes": Record({"disputed": n, "invoices": 2 * n}),
            },
        )
        for n in range(4)
    )
)


def use(folder):
    """Prove that a folder is whole: everything in it is read, and two clients are tallied."""
    content = Content(folder)
    for language in content.languages:
        words = Words(content, language)
        content.words(language)
        content.sample(language)
        for scenario in content.scenarios:
            content.prose(scenario.id, language)
            for item in content.quiz(scenario.id).items:
                assert item.fingerprint
                assert mark(item, item.answer or item.options[0].id) is not False
        as_json(tally(LEVELS, content.scenarios), words)
    assert content.contacts.countries


def is_refused(folder, name, content):
    """Tell whether a mutant is refused, in words; any exception goes through."""
    path = folder / name
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        faults = check(folder)
        for line in map(str, faults):
            assert re.match(r"content/[^ :]+(:\d+)?: \S", line), line
            assert "\n" not in line
        if not faults:
            use(folder)
    finally:
        path.write_bytes(before)
    return bool(faults)


@cache
def mutants(mutation, name):
    return tuple(dict.fromkeys(mutation(name, text(name))))


def test_the_folder_itself_has_no_fault(folder):
    assert check(folder) == []
    use(folder)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_mutant_has_its_faults_named_or_is_whole(mutation, name, folder):
    failed = []
    for content in mutants(mutation, name):
        try:
            is_refused(folder, name, content)
        except Exception as error:  # noqa: BLE001 - all of them are wanted at once
            failed.append((type(error).__name__, str(error)[:200], differing(name, content)))
    assert failed == []


def differing(name, content):
    """Show the first line in which a mutant is otherwise."""
    lines = content.decode("utf-8", "replace").splitlines()
    pairs = zip(lines, text(name).splitlines(), strict=False)
    return next((one[:200] for one, was in pairs if one != was), "the end")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", BY_HAND)
def test_a_file_broken_by_hand_has_its_faults_named(kind, name, folder):
    assert is_refused(folder, name, BY_HAND[kind])


@pytest.mark.parametrize("content", [b"\xff", None], ids=["not UTF-8", "gone"])
def test_a_sample_that_can_not_be_read_is_refused(content, folder, tmp_path):
    root = shutil.copytree(folder, tmp_path / "content")
    if content is None:
        (root / "sample" / "ko.json").unlink()
    else:
        (root / "sample" / "ko.json").write_bytes(content)
    assert check(root) != []
    with pytest.raises(FaultyFileError):
        Content(root).sample("ko")


def test_the_corpus_has_hundreds_of_broken_files(folder):
    found = Counter()
    for mutation in MUTATIONS:
        found[mutation.__name__] = sum(
            is_refused(folder, FACTS[1], content) for content in mutants(mutation, FACTS[1])
        )
    assert min(found.values()) > 5, found
    assert found.total() > 150, found


def test_the_command_names_the_faults_with_code_1_and_no_traceback(folder, capsys):
    chance = random.Random(5)  # noqa: S311 - no secret
    for name in FILES:
        path = folder / name
        before = path.read_bytes()
        for content in chance.sample(mutants(odd_values, FACTS[1]), 2):
            path.write_bytes(content)
            code = main(["content", "check", str(folder)])
            faults = check_with_samples(folder)
            path.write_bytes(before)
            err = capsys.readouterr().err
            assert code == bool(faults)
            assert err.splitlines() == [str(fault) for fault in faults]
