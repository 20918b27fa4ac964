"""A content folder of one's own: an eleventh scenario and a third language, and no Python."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from playwright.sync_api import expect

from client_triage.cli import main
from client_triage.content import CONTENT_VARIABLE, content_folder
from client_triage.content.marks import MARK
from client_triage.domain import Level

from .steps import PORTFOLIO, Visit

pytestmark = pytest.mark.browser

SCOPE = "scope-creep"
TRANSLATED = {
    "Ignored advice": "Mehr und mehr",
    "They ignore your advice, then leave you the mess": "Sie wollen immer mehr",
    "Twice or more": "Zweimal oder öfter",
    "Client Triage: keep, fix or part ways": "Kundensichtung: behalten, bessern oder gehen",
    "Clear": "In Ordnung",
    "Weigh": "Abwägen",
    "Your portfolio": "Alle Kunden",
    "The situation": "Die Lage",
}


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Write a content folder as the guide says, and have all that is run take it."""
    content = shutil.copytree(content_folder(), tmp_path_factory.mktemp("own") / "content")
    assert main(["content", "new-scenario", SCOPE, str(content)]) == 0
    assert main(["content", "new-language", "de", str(content)]) == 0
    translate(content)
    assert main(["content", "new-language", "de", str(content)]) == 0  # the headings follow
    write(content)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(CONTENT_VARIABLE, str(content))
        yield content


def translate(content):
    """Write a few German texts; the others stay English."""
    for path in content.rglob("de.*"):
        text = path.read_text("utf-8")
        for english, german in TRANSLATED.items():
            text = text.replace(f'"{MARK} {english}"', f'"{german}"')
            text = text.replace(f"# {MARK} {english}\n", f"# {german}\n", 1)
        path.write_text(text, "utf-8")


def write(content):
    """Take every mark away, and give the new scenario a signal of its own."""
    for path in (path for path in content.rglob("*") if path.suffix in {".md", ".toml", ".json"}):
        text = re.sub(
            rf"^# {re.escape(MARK)} These facts.*\n",
            "",
            path.read_text("utf-8"),
            flags=re.MULTILINE,
        )
        text = text.replace(f"{MARK} ", "").replace(MARK, "")
        if path.parent.name == f"11-{SCOPE}":
            text = text.replace("episodes", "extras")
        path.write_text(text, "utf-8")


@pytest.fixture(scope="module")
def served_own(own, tmp_path_factory, served):  # noqa: ARG001 - whose content it is
    """Build the notebooks of the folder, and serve the page from them."""
    notebooks = tmp_path_factory.mktemp("notebooks")
    assert main(["notebooks", "build", str(notebooks)]) == 0
    with served(notebooks / "app.ipynb") as url:
        yield notebooks, url


def test_content_with_an_eleventh_scenario_and_a_third_language_has_no_fault(own, capsys):
    assert main(["content", "check", str(own)]) == 0
    assert capsys.readouterr().err == ""


def test_the_notebooks_have_the_eleventh_scenario_in_every_language(served_own, capsys):
    notebooks, _ = served_own
    for language in ("de", "en", "ko"):
        names = {path.name for path in (notebooks / language).glob("*.ipynb")}
        assert {f"11-{SCOPE}.ipynb", "12-portfolio.ipynb"} <= names
    assert main(["notebooks", "check", str(notebooks)]) == 0
    taught = (notebooks / "de" / f"11-{SCOPE}.ipynb").read_text("utf-8")
    assert "# 11. Sie wollen immer mehr" in taught
    assert "## Die Lage" in taught
    assert capsys.readouterr().err == ""


def test_a_visitor_answers_the_eleventh_scenario_and_reads_it_in_the_third_language(
    served_own, page, tmp_path
):
    _, url = served_own
    me = Visit(page(), "en")
    me.arrive(url)
    me.add("Harbor", "Maple")
    answer_twice_or_more(me, "Harbor")
    see_it_in_the_portfolio(me)
    file = me.download(tmp_path / "portfolio.json")
    assert json.loads(file.read_text("utf-8"))["clients"][0]["records"][SCOPE]["extras"] == 2
    me.speak("de")
    assert me.text("shell.portfolio") == "Alle Kunden"
    expect(me.page.locator("html")).to_have_attribute("lang", "de")
    expect(me.cell("Harbor", SCOPE, Level.WEIGH)).to_be_visible()
    me.go(SCOPE)
    heading = me.page.get_by_role("heading", name="Sie wollen immer mehr", exact=True)
    expect(heading).to_be_visible()


def answer_twice_or_more(me, alias):
    me.go(SCOPE)
    me.answer(SCOPE, alias, "yes")
    offer = me.words.scenario(SCOPE).signals["extras"].offers["2"]
    me.row(SCOPE, alias).get_by_role("radio", name=offer, exact=True).check()
    expect(me.row(SCOPE, alias)).to_contain_text("It happened 2 times")
    me.none(SCOPE)


def see_it_in_the_portfolio(me):
    me.go(PORTFOLIO)
    expect(me.cell("Harbor", SCOPE, Level.WEIGH)).to_be_visible()
    expect(me.cell("Maple", SCOPE, Level.CLEAR)).to_be_visible()
    expect(me.grid().get_by_role("columnheader")).to_have_count(13)  # client, verdict, eleven
    tally = me.page.get_by_role("region", name=me.text("tally.caption"))
    weighed = tally.get_by_role("row", name=re.compile(me.words.level(Level.WEIGH)))
    expect(weighed.get_by_role("cell").first).to_have_text("1")


def test_a_visitor_who_prefers_the_third_language_gets_it(served_own, page):
    _, url = served_own
    visit = page(url, locale="de-DE")
    expect(visit).to_have_title("Kundensichtung: behalten, bessern oder gehen")
    expect(visit.get_by_role("heading", name="Kundensichtung", level=1)).to_be_visible()


@pytest.mark.usefixtures("own")
def test_the_command_tallies_the_eleventh_scenario_in_the_third_language(tmp_path, capsys):
    file = tmp_path / "portfolio.json"
    client = {"id": "c1", "alias": "Harbor", "records": {SCOPE: {"extras": 2}}}
    file.write_text(json.dumps({"schema": "client-triage/portfolio@1", "clients": [client]}))
    assert main(["tally", str(file), "--format", "json", "--lang", "de"]) == 0
    said = json.loads(capsys.readouterr().out)
    counted = next(one for one in said["scenarios"] if one["id"] == SCOPE)
    assert (len(said["scenarios"]), counted["weigh"]) == (11, 1)
    assert main(["tally", str(file), "--lang", "de"]) == 0
    assert "Harbor  Abwägen" in capsys.readouterr().out
