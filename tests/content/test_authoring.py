"""New scenarios and languages: every file, made from what is there, and what is left to write."""

import json
import re
import shutil
import tomllib

import pytest
from jsonschema import Draft202012Validator

from client_triage.cli import main
from client_triage.content import check, content_folder, load_content
from client_triage.content.authoring import new_language, new_scenario
from client_triage.content.marks import MARK, is_mark
from client_triage.content.reading import Content
from client_triage.faults import FaultyFileError

SCHEMA = "#:schema "
NEW = "scenarios/11-scope-creep"


@pytest.fixture
def content(tmp_path):
    """Copy the shipped content to add to it."""
    return shutil.copytree(content_folder(), tmp_path / "content")


def texts(content):
    files = (path for path in content.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in files}


def unmark(content):
    """Write everything that is still to be written, as an author would: without the marks."""
    for path in (path for path in content.rglob("*") if path.suffix in {".md", ".toml", ".json"}):
        text = path.read_text("utf-8")
        text = re.sub(rf"^# {re.escape(MARK)} These facts.*\n", "", text, flags=re.MULTILINE)
        path.write_text(text.replace(f"{MARK} ", "").replace(MARK, ""), "utf-8")


def refusal(act, *arguments):
    with pytest.raises(FaultyFileError) as caught:
        act(*arguments)
    (fault,) = caught.value.faults
    return str(fault)


def toml(path):
    return tomllib.loads(path.read_text("utf-8"))


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


# a scenario


def test_a_new_scenario_has_its_facts_its_items_and_two_files_in_each_language(content):
    made = new_scenario("scope-creep", folder=content)
    names = ["scenario.toml", "en.toml", "en.md", "ko.toml", "ko.md", "quiz.toml"]
    assert made == [content / NEW / name for name in names]


def test_a_new_scenario_has_the_next_number(content):
    new_scenario("scope-creep", folder=content)
    assert Content(content).scenario("scope-creep").number == 11


def test_a_new_scenario_starts_from_the_simplest_one(content):
    new_scenario("scope-creep", folder=content)
    assert Content(content).scenario("scope-creep").signals.keys() == {"episodes"}


@pytest.mark.parametrize("like", [one.id for one in load_content().scenarios])
def test_nothing_is_wrong_with_a_new_scenario_but_what_is_still_to_be_written(content, like):
    new_scenario("scope-creep", like, content)
    faults = check(content)
    assert faults
    assert [fault for fault in faults if not is_mark(fault)] == []


@pytest.mark.parametrize("like", [one.id for one in load_content().scenarios])
def test_a_new_scenario_has_no_fault_once_it_is_written(content, like):
    new_scenario("scope-creep", like, content)
    unmark(content)
    assert check(content) == []


def test_what_is_still_to_be_written_is_named_by_its_place(content):
    new_scenario("scope-creep", folder=content)
    found = [str(fault) for fault in check(content)]
    assert f"content/{NEW}/ko.toml: still to be written @ $.title" in found
    assert f"content/{NEW}/en.md:1: still to be written" in found
    assert f"content/{NEW}/en.md:5: still to be written: 'The situation'" in found
    assert f"content/{NEW}/quiz.toml: still to be written @ $.items[0].stem.ko" in found
    assert f"content/{NEW}/scenario.toml:2: still to be decided" in found


def test_every_text_of_a_new_scenario_is_still_to_be_written(content):
    new_scenario("scope-creep", folder=content)
    words = toml(content / NEW / "en.toml")
    leaves = [words["title"], words["none"], *words["next"].values()]
    leaves += words["signals"]["episodes"]["offers"].values()
    assert all(text.startswith(MARK) for text in leaves)


def test_a_new_quiz_has_the_items_that_a_scenario_must_have_and_no_more(content):
    new_scenario("scope-creep", folder=content)
    items = toml(content / NEW / "quiz.toml")["items"]
    assert [item["id"] for item in items] == [
        "vignette-1a",
        "vignette-1b",
        "vignette-2a",
        "vignette-2b",
        "compare",
        "line",
    ]


def test_a_new_quiz_has_no_comments_on_the_stories_of_another(content):
    new_scenario("scope-creep", "slow-pay", content)
    lines = (content / NEW / "quiz.toml").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("#")] == [
        "#:schema ../../schema/quiz.schema.json"
    ]


def test_a_new_scenario_that_can_end_in_fire_is_the_last_in_the_firing_order(content):
    new_scenario("scope-creep", "lies", content)
    urgencies = {one.id: one.urgency or 0 for one in Content(content).scenarios}
    assert max(urgencies, key=urgencies.get) == "scope-creep"


def test_every_new_file_names_its_schema_and_conforms_to_it(content):
    new = [*new_scenario("scope-creep", folder=content), *new_language("de", folder=content)]
    checked = 0
    for path in new:
        first = path.read_text("utf-8").partition("\n")[0]
        if path.suffix != ".toml":
            continue
        assert first.startswith(SCHEMA), path
        assert path.read_text("utf-8").count(SCHEMA) == 1
        schema = (path.parent / first.removeprefix(SCHEMA)).resolve()
        assert schema.parent == content / "schema"
        validator = Draft202012Validator(json.loads(schema.read_text("utf-8")))
        assert [error.message for error in validator.iter_errors(toml(path))] == []
        checked += 1
    assert checked > 20


@pytest.mark.parametrize(
    "slug", ["Scope", "scope creep", "-scope", "scope_creep", "", "../up", "1"]
)
def test_an_id_that_files_could_not_be_called_by_is_refused(content, slug):
    assert "can't be an id" in refusal(new_scenario, slug, None, content)


@pytest.mark.parametrize(
    ("slug", "what"), [("slow-pay", "scenario"), ("cash-flow", "lesson"), ("portfolio", "page")]
)
def test_an_id_that_is_taken_is_refused(content, slug, what):
    assert f"is taken: a {what} is called so" in refusal(new_scenario, slug, None, content)


def test_a_scenario_to_start_from_that_is_not_there_is_refused(content):
    assert "there is no scenario 'lateness'" in refusal(new_scenario, "new", "lateness", content)


def test_a_faulty_scenario_to_start_from_is_refused_with_its_faults(content):
    path = content / "scenarios/08-ignores-advice/ko.toml"
    path.write_text("title =\n", "utf-8")
    before = texts(content)
    assert re.search(r"ko\.toml:1: no valid TOML", refusal(new_scenario, "new", None, content))
    assert texts(content) == before


def test_a_folder_that_is_there_is_left_as_it_is(content):
    (content / NEW).mkdir()
    (content / NEW / "mine.txt").write_text("mine", "utf-8")
    before = texts(content)
    assert "something of this name" in refusal(new_scenario, "scope-creep", None, content)
    assert texts(content) == before


def test_a_new_scenario_changes_no_file_that_was_there(content):
    before = texts(content)
    new_scenario("scope-creep", folder=content)
    assert before.items() <= texts(content).items()


def test_a_scenario_that_is_called_like_a_page_is_found(content):
    new_scenario("scope-creep", folder=content)
    change(content / NEW / "scenario.toml", '"scope-creep"', '"start"')
    assert any("a page is called so" in str(fault) for fault in check(content))


# a language


@pytest.mark.parametrize(("tag", "source"), [("de", "en"), ("pt-BR", "en"), ("ja", "ko")])
def test_nothing_is_wrong_with_a_new_language_but_what_is_still_to_be_written(content, tag, source):
    new_language(tag, source, content)
    faults = check(content)
    assert faults
    assert [fault for fault in faults if not is_mark(fault)] == []


def test_a_new_language_has_no_fault_once_it_is_written(content):
    new_language("de", folder=content)
    unmark(content)
    assert check(content) == []


def test_what_a_language_still_lacks_is_named_by_its_place(content):
    new_language("de", folder=content)
    found = [str(fault) for fault in check(content)]
    for line in [
        "content/ui/de.toml: still to be written @ $.levels.fire",
        "content/scenarios/05-slow-pay/de.toml: still to be written @ $.title",
        "content/scenarios/05-slow-pay/de.md:1: still to be written",
        "content/scenarios/05-slow-pay/quiz.toml: still to be written @ $.items[0].stem.de",
        "content/contacts.toml: still to be written @ $.elsewhere.hint.de",
        "content/pages/start/de.md:1: still to be written",
        "content/lessons/04-cash-flow/de.md:1: still to be written",
        "content/sample/de.json: still to be written @ $.clients[0].alias",
    ]:
        assert line in found


def test_a_text_is_put_beside_the_others_and_every_other_line_stays(content):
    path = content / "contacts.toml"
    before = path.read_text("utf-8").splitlines()
    new_language("de", folder=content)
    after = path.read_text("utf-8").splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert changed
    for old, new in changed:
        assert re.sub(r', de = "(\\.|[^"\\])*" }$', " }", new) == old


def test_the_items_keep_their_fingerprints_so_nobody_loses_answers(content):
    before = [item.fingerprint for item in Content(content).quiz("slow-pay").items]
    new_language("de", folder=content)
    assert [item.fingerprint for item in Content(content).quiz("slow-pay").items] == before


def test_a_language_gets_the_plural_forms_that_it_has(content):
    new_language("pl", folder=content)
    new_language("ja", folder=content)
    count = {
        tag: set(toml(content / "ui" / f"{tag}.toml")["clients"]["count"]) for tag in ("pl", "ja")
    }
    assert count == {"pl": {"one", "few", "many", "other"}, "ja": {"other"}}


def test_the_sample_says_its_language(content):
    new_language("de", folder=content)
    sample = json.loads((content / "sample" / "de.json").read_text("utf-8"))
    assert sample["language"] == "de"


def test_comments_speak_of_the_new_language(content):
    new_language("de", folder=content)
    assert "in German. The prose is in de.md." in (
        content / "scenarios/05-slow-pay/de.toml"
    ).read_text("utf-8")


def test_headings_follow_the_catalogue_when_the_command_is_run_again(content):
    new_language("de", folder=content)
    change(content / "ui" / "de.toml", f'"{MARK} The situation"', '"Die Lage"')
    remedy = "run 'client-triage content new-language de' again"
    assert any(remedy in str(fault) for fault in check(content))
    new_language("de", folder=content)
    assert [fault for fault in check(content) if not is_mark(fault)] == []
    prose = (content / "scenarios/05-slow-pay/de.md").read_text("utf-8")
    assert "\n## Die Lage\n" in prose


def test_a_second_run_leaves_what_is_written_and_makes_what_is_missing(content):
    new_language("de", folder=content)
    mine, gone = (content / f"scenarios/05-slow-pay/de.{kind}" for kind in ("toml", "md"))
    change(mine, f"{MARK} They are always late to pay", "Sie zahlen immer spät")
    gone.unlink()
    before = texts(content)
    assert new_language("de", folder=content) == [gone]
    assert before.items() <= texts(content).items()


@pytest.mark.parametrize("tag", ["xx", "tlh-Piqd"])
def test_a_language_that_babel_does_not_know_is_refused(content, tag):
    assert f"the language {tag!r} is unknown" in refusal(new_language, tag, "en", content)


@pytest.mark.parametrize("tag", ["DE", "german", "de_AT", "", "../de"])
def test_what_is_no_language_tag_is_refused(content, tag):
    assert "is no language tag" in refusal(new_language, tag, "en", content)


def test_a_language_to_start_from_that_is_not_there_is_refused(content):
    assert "there is no language 'fr'" in refusal(new_language, "de", "fr", content)


def test_a_faulty_file_to_start_from_is_refused_and_nothing_is_made(content):
    change(content / "scenarios/05-slow-pay/quiz.toml", "[[items]]\n", "[[items]\n")
    before = texts(content)
    assert "quiz.toml:" in refusal(new_language, "de", "en", content)
    assert texts(content) == before


# the command


def test_the_command_prints_the_files_made(content, capsys):
    arguments = ["content", "new-scenario", "scope-creep", "--like", "lies", str(content)]
    assert main(arguments) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == str(content / NEW / "scenario.toml")
    assert len(printed) == 6


def test_the_command_makes_a_language_from_another(content, capsys):
    assert main(["content", "new-language", "ja", "--from", "ko", str(content)]) == 0
    assert str(content / "ui" / "ja.toml") in capsys.readouterr().out.splitlines()
    assert toml(content / "ui" / "ja.toml")["levels"]["fire"] == f"{MARK} 거래 끝내기"


def test_the_command_says_what_it_refuses_on_one_line(content, capsys):
    assert main(["content", "new-scenario", "Scope", str(content)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{content / 'scenarios'}: 'Scope' can't be an id")


def test_a_preview_of_a_scenario_that_is_not_there_is_refused(content, capsys):
    assert main(["content", "preview", "lateness", "--lang", "ko", str(content)]) == 1
    assert "there is no folder of a scenario 'lateness'" in capsys.readouterr().err
