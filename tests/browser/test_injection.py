"""Texts that would run as code elsewhere: one visitor has them all, in every field and view."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET

import pytest
from playwright.sync_api import expect

from client_triage import plots
from client_triage.content import load_content
from client_triage.domain.tally import tally
from client_triage.store import dumps, exports, loads
from client_triage.words import words_in

from .payloads import ALL, FORMULAS, RUNS
from .states import UNFOLD, see_plots
from .steps import LEARN, PORTFOLIO, Visit

pytestmark = pytest.mark.browser

SAFETY, LATE, LINES = "physical-abuse", "slow-pay", "unreasonable-demands"
TYPED = [text for text in RUNS if "\u2028" not in text and len(text) < 60][:12]
WATCH = """
window.told = [];
window.mark = () => window.told.push("ran");
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => window.told.push(name);
document.addEventListener("securitypolicyviolation", (event) =>
  window.told.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
UNWELCOME = """() => {
  const links = ["href", "xlink:href", "src", "srcset", "srcdoc", "action", "formaction", "data"];
  const names = ["script", "iframe", "object", "embed", "base", "meta", "link", "video", "audio",
    "marquee", "math", "template", "noscript", "animate", "foreignobject"];
  const isOurs = (one) => one.matches("script[type$='+json']");
  const found = [];
  for (const one of document.querySelectorAll("#content *")) {
    if (names.includes(one.localName.toLowerCase()) && !isOurs(one)) found.push(one.outerHTML);
    for (const { name, value } of one.attributes) {
      const isFine = /^(#|tel:|mailto:|blob:|https:|data:image.png)/.test(value);
      const leads = links.includes(name) && !isFine;
      const loads = name === "style" && value.includes("url(");
      if (name.startsWith("on") || leads || loads) found.push(`${name}=${value}`);
    }
  }
  return found;
}"""


def portfolio(texts):
    """Make a portfolio that has each text in every field that takes any."""
    day = "2026-03-02"
    everywhere = [
        {
            "id": f"{number} {text}",
            "alias": text,
            "exception": text,
            "worth_keeping": True,
            "revenue": "100",
            "records": {
                LATE: {"late": 4, "invoices": 5, "events": [{"on": day, "note": text}]},
                **({SAFETY: {"incidents": 1}} if number % 2 else {}),
            },
            "review": {"on": day, "scenarios": [LATE], "conditions": text},
        }
        for number, text in enumerate(texts)
    ]
    topic = load_content().scenarios[0]
    items = load_content().quiz(topic.id).items
    practice = {
        f"{topic.id}/{item.id}": [
            {
                "on": day,
                "item": text,
                "answer": item.answer,
                "why": text,
                "confidence": 3,
                "hints": 0,
            }
        ]
        for item, text in zip(items, texts, strict=False)
    }
    return {
        "schema": "client-triage/portfolio@1",
        "currency": "USD",
        "bar": {LINES: {"lines": list(texts[:30]), "crossings": 0}},
        "clients": everywhere,
        "practice": practice,
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Give a folder with the file, whose name is one of the texts too."""
    place = tmp_path_factory.mktemp("injected")
    named = place / "<img src=x onerror=mark()>${mark()}.json"
    named.write_text(json.dumps(portfolio(ALL)), "utf-8")
    broken = place / "'\"><svg onload=mark()>.json"
    broken.write_text(json.dumps({"schema": "<img src=x onerror=mark()>"}), "utf-8")
    return place


@pytest.fixture(scope="module")
def visitor(lasting_page, app_server):
    """Give a visitor whose page tells what ran, and what the policy had to stop."""
    page = lasting_page()
    page.context.add_init_script(WATCH)
    arrived = Visit(page, "en")
    arrived.arrive(app_server)
    return arrived


@pytest.fixture(scope="module")
def opened(visitor, folder):
    """Give that visitor with the file open."""
    visitor.choose_file(next(folder.glob("<*")))
    expect(visitor.page.get_by_text(visitor.text("file.opened", count=len(ALL)))).to_be_attached()
    return visitor


def nothing_happened(visitor):
    """Hold that nothing ran, was stopped, or stands there as more than text."""
    visitor.page.evaluate(UNFOLD)
    visitor.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => done()))")
    assert visitor.page.evaluate("window.told") == []
    assert visitor.page.evaluate(UNWELCOME) == []


def test_a_page_that_runs_something_would_be_noticed(chromium, app_server):
    context = chromium.new_context()  # not `page`: the browser reports what it blocks as an error
    context.add_init_script(WATCH)
    arrived = Visit(context.new_page(), "en")
    arrived.arrive(app_server)
    put = "html => document.getElementById('content').insertAdjacentHTML('beforeend', html)"
    arrived.page.evaluate(put, "<img src=x onerror=mark()><a href=javascript:mark()>x</a>")
    arrived.page.wait_for_function("window.told.length > 0")
    assert len(arrived.page.evaluate(UNWELCOME)) >= 3
    context.close()


def test_a_file_that_cannot_be_read_is_described_as_text(visitor, folder):
    visitor.choose_file(next(folder.glob("'*")))
    expect(visitor.page.get_by_role("alert").first).to_contain_text("onerror=mark()")
    nothing_happened(visitor)


def test_what_is_typed_is_text(visitor):
    for text in TYPED:
        visitor.alias_field().fill(text)
        visitor.alias_field().press("Enter")
        field = visitor.page.get_by_role("button", name=f"{visitor.text('clients.delete')} {text}")
        expect(field.first).to_be_attached()
    nothing_happened(visitor)


def test_the_list_of_clients_shows_the_texts_as_they_are(opened):
    shown = opened.page.evaluate("document.getElementById('content').textContent")
    fields = opened.page.evaluate(
        "[...document.querySelectorAll('#content input, #content textarea')].map((o) => o.value)"
    )
    known = re.sub(r"\s+", " ", " ".join([shown, *fields]))
    assert [text for text in RUNS if re.sub(r"\s+", " ", text).strip() not in known] == []
    nothing_happened(opened)


@pytest.mark.parametrize("scenario", [LATE, SAFETY, LINES])
def test_a_scenario_shows_them_as_text(opened, scenario):
    opened.go(scenario)
    nothing_happened(opened)


def test_matrix_cards_tally_plots_and_tables_show_them_as_text(opened):
    opened.go(PORTFOLIO)
    see_plots(opened)
    opened.grid().get_by_role("button").first.click()
    nothing_happened(opened)
    filtering = opened.page.get_by_role("textbox", name=opened.text("matrix.filter"))
    filtering.fill(RUNS[9])
    expect(opened.grid().get_by_role("rowheader")).to_have_count(1)
    nothing_happened(opened)
    filtering.fill("")


def test_what_was_practised_shows_them_as_text(opened):
    opened.go(LEARN)
    nothing_happened(opened)


def test_the_other_language_shows_them_as_text(opened):
    opened.speak("ko")
    opened.go(PORTFOLIO)
    see_plots(opened)
    nothing_happened(opened)


def test_the_file_that_is_downloaded_has_them_as_they_are(opened, tmp_path):
    opened.go("start")
    aliases = [
        client["alias"]
        for client in json.loads(opened.download(tmp_path / "file.json").read_text("utf-8"))[
            "clients"
        ]
    ]
    assert aliases == [one.alias for one in loads(json.dumps(portfolio(ALL))).clients]
    nothing_happened(opened)


def test_what_the_page_hands_to_the_browser_is_no_script(opened):
    assert opened.page.title() == opened.text("shell.title")
    assert opened.page.url.startswith("http://127.0.0.1")


# --- exports --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def counted():
    """Give the tally of all of them."""
    return tally(loads(json.dumps(portfolio(ALL))), load_content().scenarios)


def test_no_cell_of_the_table_is_a_formula_to_a_spreadsheet(counted):
    rows = list(csv.reader(io.StringIO(exports.as_csv(counted, words_in("en")))))
    assert len(rows) == len(ALL) + 1
    starts = tuple({formula[0] for formula in FORMULAS})
    assert [cell for row in rows for cell in row if cell.startswith(starts)] == []


def test_a_picture_has_nothing_that_runs_or_loads(counted):
    drawn = ET.fromstring(plots.svg(plots.heatmap(counted, words_in("en"))))  # noqa: S314 - our own
    for one in drawn.iter():
        name = str(one.tag).rpartition("}")[2]
        assert name not in {"script", "foreignObject", "animate", "set", "iframe", "a", "image"}
        for attribute, value in one.attrib.items():
            local = attribute.rpartition("}")[2]
            assert not local.startswith("on")
            assert local != "href" or value.startswith("#")


def test_what_is_stored_for_the_next_time_is_read_as_it_was():
    read = loads(json.dumps(portfolio(ALL)))
    assert loads(dumps(read)) == read
