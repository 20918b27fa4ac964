"""Quiz items: what is shipped agrees with the rules, and what an author broke is named."""

import re
import shutil
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from client_triage.content import Content, Item, Option, Texts, check, content_folder, load_content
from client_triage.domain import Client, Level, Record, find
from client_triage.domain.quiz import mark
from client_triage.faults import FaultyFileError

CONTENT = load_content()
AUTHORING = (Path(__file__).parents[2] / "docs" / "authoring.md").read_text("utf-8")

# what is shipped

ITEMS = [(one, item) for one in CONTENT.scenarios for item in CONTENT.quiz(one.id).items]
LESSON_ITEMS = [
    (slug, item) for slug in CONTENT.lessons for item in CONTENT.lesson_quiz(slug).items
]
EVERY = [
    *((f"{one.id}/{item.id}", item) for one, item in ITEMS),
    *((f"{slug}/{item.id}", item) for slug, item in LESSON_ITEMS),
]
every_item = pytest.mark.parametrize(
    "item", [one for _, one in EVERY], ids=[name for name, _ in EVERY]
)


def judged(scenario, facts, bar):
    """Ask the rules, by hand: a client with one record."""
    own = {name: value for name, value in facts.items() if scenario.signals[name].of == "record"}
    billing = facts.get("billing")
    client = Client("c1", "Bluebird", billing=billing, records={scenario.id: Record(own)})
    return find(scenario, client, scenario.bar_with(bar), date.min).level


@pytest.mark.parametrize(
    ("scenario", "item"), ITEMS, ids=[f"{scenario.id}/{item.id}" for scenario, item in ITEMS]
)
def test_an_item_is_keyed_as_the_rules_judge_its_story(scenario, item):
    if item.use == "vignette":
        keys = {Level.CLEAR: "keep", Level.WATCH: "keep", Level.UNKNOWN: None}
        level = judged(scenario, item.facts, item.bar)
        assert item.answer == keys.get(level, level.word)
    elif item.use == "compare":
        cases = {"first": item.cases.first, "second": item.cases.second}
        levels = {name: judged(scenario, facts, item.bar) for name, facts in cases.items()}
        assert Level.UNKNOWN not in levels.values()
        grave = [name for name, level in levels.items() if level in {Level.WEIGH, Level.FIRE}]
        assert item.answer == {0: "neither", 2: "both"}.get(len(grave), *grave[:1])
    elif item.vary:
        at = [
            judged(scenario, {**item.facts, item.vary: n}, item.bar) for n in range(item.answer + 1)
        ]
        assert [level >= item.reaches for level in at] == [False] * item.answer + [True]


@pytest.mark.parametrize("scenario", CONTENT.scenarios, ids=lambda one: one.id)
def test_a_scenario_has_its_vignettes_a_comparison_a_line_and_another_item(scenario):
    items = CONTENT.quiz(scenario.id).items
    vignettes = [(one.pair, one.form) for one in items if one.use == "vignette"]
    assert sorted(vignettes) == [(1, "A"), (1, "B"), (2, "A"), (2, "B")]
    assert {one.use for one in items} == {"vignette", "compare", "line", "extra"}


def test_a_lesson_has_two_items():
    counted = {slug: len(CONTENT.lesson_quiz(slug).items) for slug in CONTENT.lessons}
    assert counted == dict.fromkeys(CONTENT.lessons, 2)


@every_item
def test_every_option_has_feedback_in_every_language(item):
    for option in item.options:
        for language in CONTENT.languages:
            assert option.feedback[language].strip()


@every_item
def test_the_key_of_an_item_is_marked_right(item):
    answer = item.options[0].id if item.type == "rating" else item.answer
    assert mark(item, answer) is (None if item.type == "rating" else True)


@every_item
def test_no_text_of_an_item_is_markup(item):
    for texts in (item.stem, item.objective, *item.hints, *(one.feedback for one in item.options)):
        for text in texts.values():
            assert not re.search(r"<[a-z/]|\*\*|^#|\]\(", text, re.MULTILINE)


def test_no_two_items_have_the_same_fingerprint():
    assert len({item.fingerprint for _, item in EVERY}) == len(EVERY)


# reading

TEXT = '{ en = "Words.", ko = "말." }'


def options(*names, text=True):
    said = f"text = {TEXT}\n" if text else ""
    return "".join(
        f'\n[[items.options]]\nid = "{name}"\n{said}feedback = {TEXT}\n' for name in names
    )


def item(name, use, kind, lines, said):
    return (
        f'[[items]]\nid = "{name}"\nuse = "{use}"\ntype = "{kind}"\n{lines}\n'
        f"objective = {TEXT}\nstem = {TEXT}\nwhy = {TEXT}\nhints = [{TEXT}]\n{said}"
    )


def vignette(name, form, pair, key, facts):
    lines = f'form = "{form}"\npair = {pair}\nanswer = "{key}"\nfacts = {facts}'
    said = options("keep", "warn", "weigh", "fire", text=False)
    return item(name, "vignette", "choose-one", lines, said)


def compare():
    first = "\n[items.cases.first]\ninvoices = 5\nlate = 4\n"
    second = "\n[items.cases.second]\ninvoices = 5\nlate = 1\n"
    said = first + second + options("first", "second", "both", "neither")
    return item("two", "compare", "choose-one", 'answer = "first"', said)


def line():
    lines = (
        f'answer = 4\ntolerance = 0\nunit = {TEXT}\nvary = "late"\nreaches = "weigh"\n'
        "facts = { invoices = 5 }"
    )
    return item("where", "line", "number", lines, options("right", "below", "above", text=False))


def extras():
    four = options("a", "b", "c", "d")
    return [
        item("one", "extra", "choose-one", 'answer = "b"', four),
        item("many", "extra", "choose-many", 'answer = ["a", "c"]', four),
        item("row", "extra", "order", 'answer = ["d", "a", "c", "b"]', four),
        item("mood", "extra", "rating", "", options("1", "2", "3", "4", "5")),
    ]


QUIZ = "\n".join(
    [
        vignette("one-a", "A", 1, "weigh", "{ invoices = 5, late = 4 }"),
        vignette("one-b", "B", 1, "weigh", "{ invoices = 10, late = 8 }"),
        vignette("two-a", "A", 2, "keep", "{ invoices = 5, late = 1 }"),
        vignette("two-b", "B", 2, "keep", "{ invoices = 4, late = 0 }"),
        compare(),
        line(),
        *extras(),
    ]
)
PLACE = {
    name: place
    for place, name in enumerate(
        ["one-a", "one-b", "two-a", "two-b", "two", "where", "one", "many", "row", "mood"]
    )
}
FILE = "content/scenarios/05-slow-pay/quiz.toml"
LESSON = "content/lessons/01-cash-flow/quiz.toml"


@pytest.fixture
def folder(tmp_path):
    """Make a content folder with one scenario, one quiz of every kind of item, and one lesson."""
    root, shipped = tmp_path / "content", content_folder()
    for name in ("scenarios/05-slow-pay", "ui", "sample"):
        shutil.copytree(shipped / name, root / name)
    shutil.copy(shipped / "contacts.toml", root)
    (tmp_path / FILE).write_text(QUIZ, "utf-8")
    lesson = root / "lessons" / "01-cash-flow"
    lesson.mkdir(parents=True)
    for language in ("en", "ko"):
        (lesson / f"{language}.md").write_text("# Cash flow\n\nText.\n", "utf-8")
    (lesson / "quiz.toml").write_text("\n".join(extras()), "utf-8")
    return root


def quiz_of(folder):
    return Content(folder).quiz("slow-pay")


def faults(folder, old=None, new="", item_id=None, file=FILE):
    """Change one item of a file, or the file; give the faults in it."""
    path = folder.parent / file
    if old is not None:
        text = path.read_text("utf-8")
        head, at, tail = text.partition(f'id = "{item_id}"\nuse') if item_id else ("", "", text)
        assert old in at + tail
        path.write_text(head + (at + tail).replace(old, new, 1), "utf-8")
    return [str(fault) for fault in check(folder)]


def test_a_quiz_is_read(folder):
    items = quiz_of(folder).items
    assert [one.id for one in items] == list(PLACE)
    first, two, where, row = (
        quiz_of(folder).item(name) for name in ("one-a", "two", "where", "row")
    )
    assert (first.form, first.pair, first.answer) == ("A", 1, "weigh")
    assert first.facts == {"invoices": 5, "late": 4}
    assert first.options[0] == Option(id="keep", feedback=Texts({"en": "Words.", "ko": "말."}))
    assert two.cases.second == {"invoices": 5, "late": 1}
    assert (where.vary, where.reaches, where.tolerance) == ("late", Level.WEIGH, 0)
    assert row.answer == ("d", "a", "c", "b")


def test_a_quiz_is_read_once(folder):
    content = Content(folder)
    assert content.quiz("slow-pay") is content.quiz("slow-pay")


def test_an_item_that_is_not_there_is_asked_for_by_name(folder):
    with pytest.raises(LookupError, match="no item 'three'; there are one-a, "):
        quiz_of(folder).item("three")


def test_a_scenario_without_a_quiz_has_no_items_and_no_fault(folder):
    (folder.parent / FILE).unlink()
    assert quiz_of(folder).items == ()
    assert faults(folder) == []


def test_lessons_have_the_order_of_their_folders(folder):
    lesson = folder / "lessons" / "01-cash-flow"
    shutil.copytree(lesson, folder / "lessons" / "03-a-last-one")
    shutil.copytree(lesson, folder / "lessons" / "02-in-between")
    content = Content(folder)
    assert content.lessons == ("cash-flow", "in-between", "a-last-one")
    assert content.lesson("in-between", "ko").startswith("# Cash flow")
    assert [one.id for one in content.lesson_quiz("in-between").items] == [
        "one",
        "many",
        "row",
        "mood",
    ]
    assert faults(folder) == []


def test_content_without_lessons_has_none(folder):
    shutil.rmtree(folder / "lessons")
    assert Content(folder).lessons == ()
    assert faults(folder) == []


def test_using_a_faulty_quiz_names_the_fault(folder):
    faults(folder, "pair = 1", "pair = true", "one-a")
    with pytest.raises(FaultyFileError, match=r"quiz\.toml: .* @ \$\.items\[0\]\.pair"):
        quiz_of(folder)


# fingerprints


def changed(folder, name, old, new):
    before = quiz_of(folder).item(name).fingerprint
    faults(folder, old, new, name)
    return quiz_of(folder).item(name).fingerprint != before


def test_a_fingerprint_is_16_hexadecimal_digits(folder):
    assert re.fullmatch("[0-9a-f]{16}", quiz_of(folder).items[0].fingerprint)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("one-a", 'stem = { en = "Words."', 'stem = { en = "Other words."'),
        ("one-a", 'answer = "weigh"', 'answer = "fire"'),
        ("one-a", "late = 4", "late = 5"),
        ("one-a", "facts = ", "bar = { share = 0.4 }\nfacts = "),
        ("two", 'answer = "first"', 'answer = "both"'),
        ("two", "late = 4", "late = 5"),
        ("two", 'text = { en = "Words."', 'text = { en = "The bakery"'),
        ("where", "tolerance = 0", "tolerance = 1"),
        ("where", "answer = 4", "answer = 3"),
        ("where", 'unit = { en = "Words."', 'unit = { en = "weeks"'),
        ("where", 'reaches = "weigh"', 'reaches = "watch"'),
        ("where", 'vary = "late"', 'vary = "later"'),
        ("row", '["d", "a", "c", "b"]', '["d", "c", "a", "b"]'),
        ("one", 'id = "d"', 'id = "e"'),
        ("one", 'type = "choose-one"', 'type = "rating"'),
    ],
)
def test_a_fingerprint_changes_with_what_bears_on_the_answer(folder, name, old, new):
    assert changed(folder, name, old, new)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("one-a", "hints = [", "hints = [{ en = 'A nudge.', ko = '힌트' }, "),
        ("one-a", 'feedback = { en = "Words."', 'feedback = { en = "Better words."'),
        ("one-a", 'objective = { en = "Words."', 'objective = { en = "Better words."'),
        ("one-a", f"why = {TEXT}\n", ""),
        ("one-a", 'id = "one-a"', 'id = "one-aa"'),
        ("one-a", 'stem = { en = "Words.", ko = "말."', 'stem = { en = "Words.", ko = "딴말."'),
        ("many", '["a", "c"]', '["c", "a"]'),
    ],
)
def test_a_fingerprint_stays_with_what_does_not_bear_on_the_answer(folder, name, old, new):
    before = quiz_of(folder).item(name).fingerprint
    faults(folder, old, new, name)
    assert quiz_of(folder).items[PLACE[name]].fingerprint == before


def test_a_fingerprint_stays_where_options_change_places(folder):
    one = quiz_of(folder).item("one")
    assert replace(one, options=one.options[::-1]).fingerprint == one.fingerprint


# faults

ORDERED = "the options should be, in this order:"
TYPES = "choose-one, choose-many, order, number, rating"
BESIDE = "the rules say weigh for the first and"
PARALLEL = "'one-b' is keyed 'weigh', and its parallel 'one-a' is keyed"
NO_VIGNETTE = "an item with use = 'vignette' is 'choose-one', not"
SEVERAL = "one option at least, and not all of them"


def test_a_whole_quiz_has_no_fault(folder):
    assert faults(folder) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        # keys
        ("one-a", "pair = 1", "pair = 1\npear = 1", "unknown key 'pear' @ $.items[0]"),
        ("one-a", f"stem = {TEXT}\n", "", "missing key 'stem' @ $.items[0].stem"),
        ("one", f"objective = {TEXT}\n", "", "missing key 'objective' @ $.items[6].objective"),
        ("one", f"hints = [{TEXT}]\n", "", "missing key 'hints' @ $.items[6].hints"),
        (
            "one",
            f"feedback = {TEXT}\n",
            "",
            "missing key 'feedback' @ $.items[6].options[0].feedback",
        ),
        ("one", f"text = {TEXT}\n", "", "missing key 'text' @ $.items[6].options[0].text"),
        ("one", 'answer = "b"\n', "", "missing key 'answer' @ $.items[6].answer"),
        (
            "one",
            'use = "extra"',
            'use = "quiz"',
            "expected one of vignette, compare, line, extra, got 'quiz' @ $.items[6].use",
        ),
        (
            "one",
            'type = "choose-one"',
            'type = "guess"',
            f"expected one of {TYPES}, got 'guess' @ $.items[6].type",
        ),
        (
            "one",
            f"stem = {TEXT}",
            'stem = "Words."',
            "expected a text for each language, got 'Words.' @ $.items[6].stem",
        ),
        (
            "one",
            f"stem = {TEXT}",
            "stem = { en = 1, ko = 2 }",
            "expected a text for each language, got 1 @ $.items[6].stem",
        ),
        (
            "one",
            'answer = "b"',
            "answer = true",
            "expected an option's id, a list of them, or a number, got true @ $.items[6].answer",
        ),
        (
            "one-a",
            "facts = { invoices = 5, late = 4 }",
            "facts = 4",
            "expected a table, got 4 @ $.items[0].facts",
        ),
        (
            "one-a",
            "late = 4",
            "late = 4.5",
            "expected a whole number, true, false or text, got 4.5 @ $.items[0].facts['late']",
        ),
        # names
        ("one", 'id = "one"', 'id = "many"', "duplicate id 'many' @ $.items[7].id"),
        ("one", 'id = "c"', 'id = "a"', "duplicate id 'a' @ $.items[6].options[2].id"),
        (
            "one",
            'id = "one"',
            'id = "One"',
            "'One' should have lower-case letters, digits and - only @ $.items[6].id",
        ),
        (
            "one",
            'id = "c"',
            'id = "c d"',
            "'c d' should have lower-case letters, digits and - only @ $.items[6].options[2].id",
        ),
        # texts
        (
            "one",
            f"stem = {TEXT}",
            'stem = { en = "Words." }',
            "missing text @ $.items[6].stem.ko",
        ),
        (
            "one",
            f"stem = {TEXT}",
            'stem = { en = " ", ko = "말." }',
            "missing text @ $.items[6].stem.en",
        ),
        (
            "one",
            f"hints = [{TEXT}]",
            'hints = [{ ko = "말." }]',
            "missing text @ $.items[6].hints[0].en",
        ),
        ("one", f"why = {TEXT}", 'why = { ko = "말." }', "missing text @ $.items[6].why.en"),
        ("where", f"unit = {TEXT}", 'unit = { ko = "건" }', "missing text @ $.items[5].unit.en"),
        (
            "one",
            f"text = {TEXT}",
            'text = { ko = "말." }',
            "missing text @ $.items[6].options[0].text.en",
        ),
        (
            "one",
            f"feedback = {TEXT}",
            'feedback = { ko = "말." }',
            "missing text @ $.items[6].options[0].feedback.en",
        ),
        ("one", f"hints = [{TEXT}]", "hints = []", "expected at least one hint @ $.items[6].hints"),
        # answers
        (
            "one",
            'answer = "b"',
            'answer = "z"',
            "'z' is none of the options: a, b, c, d @ $.items[6].answer",
        ),
        (
            "one",
            'answer = "b"',
            'answer = ["b"]',
            "expected the id of one option @ $.items[6].answer",
        ),
        ("many", '["a", "c"]', '"a"', "expected a list of options @ $.items[7].answer"),
        (
            "many",
            '["a", "c"]',
            '["a", "z"]',
            "'z' is none of the options: a, b, c, d @ $.items[7].answer",
        ),
        ("many", '["a", "c"]', '["a", "a"]', "an option stands here twice @ $.items[7].answer"),
        ("many", '["a", "c"]', "[]", f"expected {SEVERAL} @ $.items[7].answer"),
        ("many", '["a", "c"]', '["a", "b", "c", "d"]', f"expected {SEVERAL} @ $.items[7].answer"),
        (
            "row",
            '["d", "a", "c", "b"]',
            '["d", "a", "c"]',
            "expected every option, each once: a, b, c, d @ $.items[8].answer",
        ),
        (
            "row",
            '["d", "a", "c", "b"]',
            '["a", "b", "c", "d"]',
            "the options stand in this order already: give them in another @ $.items[8].answer",
        ),
        ("where", "answer = 4", 'answer = "right"', "expected a number @ $.items[5].answer"),
        ("where", "answer = 4", "answer = nan", "expected a number @ $.items[5].answer"),
        (
            "mood",
            'type = "rating"\n',
            'type = "rating"\nanswer = "1"\n',
            "a rating has no answer @ $.items[9].answer",
        ),
        # numbers
        ("where", "tolerance = 0\n", "", "missing key 'tolerance' @ $.items[5].tolerance"),
        (
            "where",
            "tolerance = 0",
            "tolerance = -1",
            "expected a number of 0 or more, got -1 @ $.items[5].tolerance",
        ),
        (
            "where",
            "tolerance = 0",
            "tolerance = inf",
            "expected a number of 0 or more, got inf @ $.items[5].tolerance",
        ),
        (
            "where",
            'id = "below"',
            'id = "less"',
            f"{ORDERED} right, below, above @ $.items[5].options",
        ),
        (
            "where",
            'id = "right"\n',
            f'id = "right"\ntext = {TEXT}\n',
            "'right' is named by the interface: it has no text here @ $.items[5].options[0].text",
        ),
        (
            "one",
            'answer = "b"',
            'answer = "b"\ntolerance = 0',
            "only an item that is a 'number' has this key @ $.items[6].tolerance",
        ),
        # options
        (
            "many",
            options("d"),
            "",
            "expected 4 to 6 options, got 3 @ $.items[7].options",
        ),
        (
            "mood",
            options("5"),
            "",
            f"{ORDERED} 1, 2, 3, 4, 5 @ $.items[9].options",
        ),
        (
            "two",
            'id = "both"',
            'id = "all"',
            f"{ORDERED} first, second, both, neither @ $.items[4].options",
        ),
        # vignettes
        (
            "one-a",
            'id = "keep"',
            'id = "stay"',
            f"{ORDERED} keep, warn, weigh, fire @ $.items[0].options",
        ),
        (
            "one-a",
            options("keep", "warn", text=False),
            options("warn", "keep", text=False),
            f"{ORDERED} keep, warn, weigh, fire @ $.items[0].options",
        ),
        (
            "one-a",
            'id = "keep"\n',
            f'id = "keep"\ntext = {TEXT}\n',
            "'keep' is named by the interface: it has no text here @ $.items[0].options[0].text",
        ),
        (
            "one",
            'use = "extra"',
            'use = "extra"\nform = "A"',
            "only an item that is a 'vignette' has this key @ $.items[6].form",
        ),
        # comparisons and lines
        (
            "two",
            'answer = "first"',
            'answer = "first"\nfacts = { late = 1 }',
            "a comparison has cases instead @ $.items[4].facts",
        ),
        (
            "two",
            "[items.cases.second]",
            "[items.cases.third]\nlate = 1\n\n[items.cases.second]",
            "unknown key 'third' @ $.items[4].cases",
        ),
        (
            "one",
            'answer = "b"',
            'answer = "b"\nvary = "late"',
            "only an item that is a 'line' has this key @ $.items[6].vary",
        ),
        ("where", 'reaches = "weigh"\n', "", "missing key 'reaches' @ $.items[5].reaches"),
        ("where", 'vary = "late"\n', "", "missing key 'vary' @ $.items[5].vary"),
        # signals
        ("one-a", "late = 4", "laet = 4", "there is no signal 'laet' @ $.items[0].facts.laet"),
        (
            "one-a",
            "late = 4",
            "late = true",
            "True is no answer to a signal 'late' @ $.items[0].facts.late",
        ),
        ("one-a", "late = 4", "late = 6", "late is more than invoices (5) @ $.items[0].facts.late"),
        (
            "two",
            "late = 4",
            "laet = 4",
            "there is no signal 'laet' @ $.items[4].cases.first.laet",
        ),
        (
            "two",
            "late = 1",
            "late = 9",
            "late is more than invoices (5) @ $.items[4].cases.second.late",
        ),
        (
            "one-a",
            "facts = ",
            "bar = { shear = 0.4 }\nfacts = ",
            "0.4 can't stand in the bar as 'shear' @ $.items[0].bar.shear",
        ),
        (
            "one-a",
            "facts = ",
            "bar = { share = 4 }\nfacts = ",
            "4 can't stand in the bar as 'share' @ $.items[0].bar.share",
        ),
        ("where", 'vary = "late"', 'vary = "laet"', "there is no count 'laet' @ $.items[5].vary"),
        (
            "where",
            "invoices = 5",
            "invoices = 5, late = 1",
            "'late' varies: it can't be a fact as well @ $.items[5].facts.late",
        ),
        # rules
        (
            "two",
            'answer = "first"',
            'answer = "both"',
            f"keyed 'both', but {BESIDE} watch for the second (keyed 'first') @ $.items[4].answer",
        ),
        (
            "two",
            "invoices = 5\nlate = 1\n",
            "invoices = 5\n",
            f"keyed 'first', but {BESIDE} unknown for the second @ $.items[4].answer",
        ),
        (
            "where",
            "answer = 4",
            "answer = 3",
            "keyed 3, but the rules say weigh from 4 on (keyed 4) @ $.items[5].answer",
        ),
        (
            "where",
            'reaches = "weigh"',
            'reaches = "fire"',
            "keyed 4, but the rules say fire at no count of 'late' @ $.items[5].answer",
        ),
        (
            "one-a",
            "late = 4",
            "late = 3",
            "keyed 'weigh', but the rules say watch (keyed 'keep') @ $.items[0].answer",
        ),
        (
            "one-a",
            "invoices = 5, late = 4",
            "invoices = 5",
            "keyed 'weigh', but the rules say unknown @ $.items[0].answer",
        ),
        (
            "one-a",
            "facts = ",
            "bar = { share = 0.9 }\nfacts = ",
            "keyed 'weigh', but the rules say watch (keyed 'keep') @ $.items[0].answer",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(folder, name, old, new, fault):
    assert faults(folder, old, new, name) == [f"{FILE}: {fault}"]


@pytest.mark.parametrize(
    ("name", "old", "new", "wanted"),
    [
        # one slip, and what it makes of the items around it
        (
            "one-a",
            'answer = "weigh"',
            'answer = "fire"',
            [
                f"{PARALLEL} 'fire' @ $.items[1].answer",
                "keyed 'fire', but the rules say weigh (keyed 'weigh') @ $.items[0].answer",
            ],
        ),
        (
            "one-a",
            'form = "A"\n',
            "",
            ["there is no vignette A of pair 1 @ $.items", "missing key 'form' @ $.items[0].form"],
        ),
        (
            "one-a",
            "pair = 1\n",
            "",
            ["there is no vignette A of pair 1 @ $.items", "missing key 'pair' @ $.items[0].pair"],
        ),
        (
            "one-a",
            "pair = 1",
            "pair = 3",
            [
                "there is no vignette A of pair 1 @ $.items",
                "expected one of 1, 2, got 3 @ $.items[0].pair",
            ],
        ),
        (
            "one-b",
            'form = "B"',
            'form = "A"',
            [
                "there is a vignette A of pair 1 already: 'one-a' @ $.items[1].form",
                "there is no vignette B of pair 1 @ $.items",
            ],
        ),
        (
            "one-a",
            "facts = { invoices = 5, late = 4 }\n",
            "",
            ["missing key 'facts' @ $.items[0].facts"],
        ),
        (
            "where",
            'use = "line"',
            'use = "extra"',
            [
                "there is no item with use = 'line' @ $.items",
                "only an item that is a 'line' has this key @ $.items[5].vary",
                "only an item that is a 'line' has this key @ $.items[5].reaches",
            ],
        ),
        (
            "two",
            'use = "compare"',
            'use = "extra"',
            [
                "there is no item with use = 'compare' @ $.items",
                "only an item that is a 'compare' has this key @ $.items[4].cases",
            ],
        ),
        (
            "one",
            'use = "extra"',
            'use = "compare"',
            [
                f"{ORDERED} first, second, both, neither @ $.items[6].options",
                "missing key 'cases' @ $.items[6].cases",
            ],
        ),
        (
            "mood",
            'use = "extra"\ntype = "rating"',
            'use = "line"\ntype = "rating"\nvary = "late"\nreaches = "weigh"',
            ["a line with 'vary' is a 'number', not 'rating' @ $.items[9].type"],
        ),
        (
            "many",
            'use = "extra"',
            'use = "vignette"\nform = "A"\npair = 1\nfacts = { late = 0 }',
            [
                "there is a vignette A of pair 1 already: 'one-a' @ $.items[7].form",
                f"{ORDERED} keep, warn, weigh, fire @ $.items[7].options",
                *(
                    f"'{name}' is named by the interface: it has no text here"
                    f" @ $.items[7].options[{place}].text"
                    for place, name in enumerate("abcd")
                ),
                f"{NO_VIGNETTE} 'choose-many' @ $.items[7].type",
            ],
        ),
    ],
)
def test_all_that_follows_from_a_slip_is_named(folder, name, old, new, wanted):
    assert faults(folder, old, new, name) == [f"{FILE}: {fault}" for fault in wanted]


@pytest.mark.parametrize(
    ("text", "fault"),
    [("items = []\n", "there are no items @ $.items"), ("", "missing key 'items' @ $.items")],
)
def test_a_file_without_items_is_found(folder, text, fault):
    (folder.parent / FILE).write_text(text, "utf-8")
    assert f"{FILE}: {fault}" in faults(folder)


def test_a_third_language_is_asked_for_in_every_text(folder):
    shutil.copy(folder / "ui" / "en.toml", folder / "ui" / "de.toml")
    found = [fault for fault in faults(folder) if fault.startswith(FILE)]
    assert f"{FILE}: missing text @ $.items[0].stem.de" in found
    assert len(found) == QUIZ.count("ko = ")


def test_all_faults_of_a_quiz_are_named_at_once(folder):
    faults(folder, "late = 4", "laet = 4", "one-a")
    faults(folder, 'answer = "b"', 'answer = "z"', "one")
    faults(folder, "answer = 4", "answer = 3", "where")
    assert [fault.rpartition(" @ ")[2] for fault in faults(folder)] == [
        "$.items[0].facts.laet",
        "$.items[5].answer",
        "$.items[6].answer",
    ]


def test_the_rules_are_not_asked_where_they_have_faults_of_their_own(folder):
    path = folder / "scenarios" / "05-slow-pay" / "scenario.toml"
    text = path.read_text("utf-8").replace(
        '[bar.minimum]\ntype = "count"\nminimum = 1\ndefault = 3\n', ""
    )
    path.write_text(text, "utf-8")
    found = [fault for fault in faults(folder) if "quiz.toml" in fault]
    assert found == []


# the documentation


def test_the_documentation_names_every_key_of_an_item():
    keys = {field.name for kind in (Item, Option) for field in fields(kind)}
    assert {key for key in keys if f"`{key}`" not in AUTHORING} == set()


def test_the_example_of_the_documentation_is_an_item(folder):
    (example,) = re.findall(r"```toml\n(\[\[items\]\].*?)```", AUTHORING, re.DOTALL)
    _, _, others = QUIZ.partition('[[items]]\nid = "one-b"')
    (folder.parent / FILE).write_text(f'{example}\n[[items]]\nid = "one-b"{others}', "utf-8")
    assert faults(folder) == []
    assert quiz_of(folder).items[0].id == "shop-photos"


# lessons


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        (
            "one",
            'answer = "b"',
            'answer = "z"',
            "'z' is none of the options: a, b, c, d @ $.items[0].answer",
        ),
        ("one", 'id = "one"', 'id = "many"', "duplicate id 'many' @ $.items[1].id"),
        (
            "one",
            'use = "extra"',
            'use = "line"',
            "an item of a lesson is 'extra', not 'line' @ $.items[0].use",
        ),
        (
            "one",
            'answer = "b"',
            'answer = "b"\nfacts = { late = 1 }',
            "a lesson has no rules that this could be read by @ $.items[0].facts",
        ),
        ("one", f"stem = {TEXT}\n", "", "missing key 'stem' @ $.items[0].stem"),
    ],
)
def test_a_fault_of_a_lessons_quiz_is_named_with_its_place(folder, name, old, new, fault):
    assert faults(folder, old, new, name, LESSON) == [f"{LESSON}: {fault}"]


def test_a_lesson_missing_in_a_language_is_found(folder):
    (folder / "lessons/01-cash-flow/ko.md").unlink()
    assert faults(folder) == ["content/lessons/01-cash-flow/ko.md: the file is missing"]


def test_a_lesson_without_a_title_is_found(folder):
    (folder / "lessons/01-cash-flow/ko.md").write_text("Text.\n", "utf-8")
    assert faults(folder) == ["content/lessons/01-cash-flow/ko.md: there is no title line ('# …')"]


def test_a_lesson_without_a_place_in_the_order_is_found(folder):
    (folder / "lessons/01-cash-flow").rename(folder / "lessons/cash-flow")
    (fault,) = faults(folder)
    assert fault.startswith("content/lessons/cash-flow: the folder should be called by two digits")


def test_two_lessons_of_one_name_are_found(folder):
    lessons = folder / "lessons"
    shutil.copytree(lessons / "01-cash-flow", lessons / "02-cash-flow")
    assert faults(folder) == [
        "content/lessons/02-cash-flow: duplicate name: 01-cash-flow has it already"
    ]
