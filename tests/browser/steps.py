"""What a visitor does on the page, by the roles and names that a screen reader gives.

The names come from the catalogues, so that a changed wording breaks no test.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from client_triage.content import load_content
from client_triage.domain import Level
from client_triage.words import words_in

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page, WebSocket

START, PORTFOLIO, LEARN = "start", "portfolio", "learn"
WAIT_MS = 20_000
_CUT = "\0"
expect.set_options(timeout=WAIT_MS)


class Visit:
    """One visitor: a page, the language they read, and what their browser said to the server."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.words = words_in(language)
        self.sent: list[bytes] = []
        self.received: list[bytes] = []
        page.set_default_timeout(WAIT_MS)
        page.on("websocket", self._listen)

    def _listen(self, websocket: WebSocket) -> None:
        websocket.on("framesent", lambda frame: self.sent.append(_bytes(frame)))
        websocket.on("framereceived", lambda frame: self.received.append(_bytes(frame)))

    def arrive(self, url: str) -> None:
        """Open the page and wait until one can begin."""
        self.page.goto(url)
        expect(self.page.get_by_role("button", name=self.text("clients.add"))).to_be_visible()

    def comm_messages(self) -> list[dict[str, Any]]:
        """Give what was sent to widgets so far, in order and without its numbers."""
        messages = map(_message, self.sent)
        sent = [message["data"] for kind, message in messages if kind == "comm_msg"]
        for data in sent:
            data.get("content", {}).pop("sent", None)
        return sent

    # --- names ------------------------------------------------------------------------------

    def text(self, key: str, **figures: Any) -> str:
        """Give an interface text in the visitor's language."""
        return self.words.text(key, **figures)

    def cell_name(self, alias: str, scenario: str, level: Level | str) -> str:
        """Give the name of a cell in the matrix."""
        word = self.words.level(level) if isinstance(level, Level) else self.text(f"levels.{level}")
        short = self.words.scenario(scenario).short
        return self.text("matrix.cell", alias=alias, scenario=short, level=word)

    def signal(self, scenario: str, signal: str) -> str:
        """Give the label of a signal."""
        return self.words.scenario(scenario).signals[signal].label

    # --- moving -----------------------------------------------------------------------------

    def go(self, step: str) -> None:
        """Open a step by the list of steps, and wait until its first heading has the focus."""
        steps = self.page.get_by_role("navigation", name=self.text("shell.steps"))
        label = self._step_label(step)
        steps.get_by_text(self.text("shell.steps"), exact=True).click()
        steps.get_by_role("button", name=re.compile(f"^{re.escape(label)}")).click()
        expect(steps.get_by_text(label, exact=False).first).to_be_visible()
        expect(self._landmark(step)).to_be_visible()
        headings = ("h1", "h2", "h3", "summary:has(h2)")  # one that unfolds has it in its summary
        focused = ", ".join(f"{heading}:focus" for heading in headings)
        expect(self.page.locator(focused)).to_be_attached()

    def _step_label(self, step: str) -> str:
        if step in {START, PORTFOLIO, LEARN}:
            return self.text(f"shell.{step}")
        number = load_content().scenario(step).number
        return f"{number}. {self.words.scenario(step).short}"

    def _landmark(self, step: str) -> Locator:
        if step == PORTFOLIO:
            return self.page.get_by_role("heading", name=self.text("matrix.title"), exact=True)
        if step == LEARN:
            return self.progress().get_by_role("heading", level=2)
        return self.start() if step == START else self.sweep(step)

    def start(self) -> Locator:
        """Give the first heading of the start page."""
        page = load_content().page(START, self.words.language)
        heading = re.search(r"^## (.+)$", page, re.MULTILINE)
        return self.page.get_by_role("heading", name=heading[1].strip(), exact=True)

    def speak(self, language: str) -> None:
        """Switch the language, and wait until the page speaks it."""
        languages = self.page.get_by_role("group", name=self.text("shell.language"), exact=True)
        languages.locator(f"button[lang={language}]").click()
        self.words = words_in(language)
        title = self.text("shell.title")
        expect(self.page.get_by_role("heading", name=title, level=1)).to_be_visible()

    # --- practice and tests -----------------------------------------------------------------

    def practice(self, topic: str | None = None) -> Locator:
        """Give the practice on screen; of a lesson, where one is named."""
        title = self.text("practice.title")
        if topic:
            lesson = load_content().lesson_title(topic, self.words.language)
            title = self.text("practice.title_lesson", title=lesson)
        return self.page.get_by_role("region", name=title, exact=True)

    def test(self, when: str) -> Locator:
        """Give the test before or the one after."""
        name = self.text(f"test.title_{when}")
        return self.page.get_by_role("region", name=name, exact=True)

    def progress(self) -> Locator:
        """Give the part of the page that says what is done and what is next."""
        return self.page.get_by_role("region", name=self.text("progress.title"), exact=True)

    def tick(self, place: Locator, *answers: str, sure: int = 2) -> None:
        """Answer a question by its options, say how sure, and have it checked."""
        asked, _ = place.locator("form").get_by_role("group").all()
        for answer in answers:
            asked.get_by_label(answer, exact=True).check()
        self.be_sure(place, sure)
        place.locator("form").get_by_role("button").last.click()

    def be_sure(self, place: Locator, sure: int) -> None:
        """Say how sure one is of an answer."""
        group = place.get_by_role("group", name=self.text("practice.how_sure"), exact=True)
        group.get_by_role("radio", name=self.text(f"practice.sure_{sure}"), exact=True).check()

    # --- clients and file -------------------------------------------------------------------

    def add(self, *aliases: str) -> None:
        """Add clients one by one, and wait until the last is there."""
        field = self.alias_field()
        for alias in aliases:
            field.fill(alias)
            field.press("Enter")
        expect(self.client(aliases[-1])).to_be_visible()

    def alias_field(self) -> Locator:
        """Give the field for a new client's alias."""
        name = self.text("clients.alias")
        return self.page.get_by_role("textbox", name=name, exact=True).first

    def client(self, alias: str) -> Locator:
        """Give a client's row in the list of clients, by its button for deleting."""
        name = f"{self.text('clients.delete')} {alias}"
        delete = self.page.get_by_role("button", name=name, exact=True)
        return self.page.get_by_role("listitem").filter(has=delete)

    def open_file(self, path: Path) -> None:
        """Open a portfolio file, and wait until the page says so and lists its clients.

        Clients of an earlier file, who may bear the same aliases under other ids, are gone then.
        """
        clients = json.loads(path.read_text("utf-8"))["clients"]
        last = self.client(clients[-1]["alias"])
        earlier = last.element_handles()
        self.choose_file(path)
        opened = self.text("file.opened", count=len(clients))
        expect(self.page.get_by_text(opened)).to_be_attached()
        for row in earlier:
            self.page.wait_for_function("row => !row.isConnected", arg=row)
        expect(last).to_be_visible()

    def choose_file(self, path: Path) -> None:
        """Choose a file to open."""
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name=self.text("file.open"), exact=True).click()
        chooser.value.set_files(path)

    def download(self, path: Path) -> Path:
        """Download the portfolio file."""
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name=self.text("file.download"), exact=True).click()
        download.value.save_as(path)
        return path

    # --- the sweep --------------------------------------------------------------------------

    def sweep(self, scenario: str) -> Locator:
        """Give the part of a scenario's page where it asks."""
        texts = self.words.scenario(scenario)
        question = texts.question if isinstance(texts.question, str) else texts.question["other"]
        first, _, _ = question.partition("{")
        return self.page.get_by_role("region", name=re.compile(f"^{re.escape(first)}"))

    def row(self, scenario: str, alias: str) -> Locator:
        """Give a client's row in a sweep."""
        return self.sweep(scenario).get_by_role("listitem").filter(has_text=alias)

    def answer(self, scenario: str, alias: str, answer: str) -> None:
        """Answer for one client."""
        name = self.text(f"sweep.{answer}")
        row = self.row(scenario, alias)
        row.get_by_role("radio", name=name, exact=True).first.check()
        clear = f"{self.text('actions.clear')} {alias}"
        expect(row.get_by_role("button", name=clear, exact=True)).to_be_visible()

    def detail(self, scenario: str, alias: str, **values: str) -> None:
        """Type details of a yes."""
        for signal, value in values.items():
            name = self.signal(scenario, signal)
            field = self.row(scenario, alias).get_by_role("textbox", name=name, exact=True)
            field.fill(value)
            field.press("Tab")

    def none(self, scenario: str) -> None:
        """Say that none of the others did, and wait until nobody is left to ask."""
        sweep = self.sweep(scenario)
        button = sweep.get_by_role("button", name=self.words.scenario(scenario).none)
        button.and_(sweep.get_by_role("button").filter(has_not_text=self.undo_start())).click()
        expect(sweep.get_by_role("button", name=self.text("sweep.later"))).to_have_count(0)

    def undo_start(self) -> re.Pattern[str]:
        """Give what the undo button's name starts with."""
        return re.compile(f"^\\s*{re.escape(self.text('actions.undo'))}")

    # --- the portfolio ----------------------------------------------------------------------

    def grid(self) -> Locator:
        """Give the matrix."""
        return self.page.get_by_role("grid", name=self.text("matrix.caption"))

    def cell(self, alias: str, scenario: str, level: Level) -> Locator:
        """Give a cell of the matrix by its client, scenario and level."""
        name = self.cell_name(alias, scenario, level)
        return self.grid().get_by_role("button", name=name, exact=True)

    def verdict(self, alias: str) -> Locator:
        """Give the matrix cell with a client's verdict."""
        named = self.page.get_by_role("rowheader", name=alias, exact=True)
        return self.grid().get_by_role("row").filter(has=named).get_by_role("gridcell").first

    def matrix(self) -> list[str]:
        """Give every row of the matrix as it reads, in the order on screen."""
        rows = self.grid().get_by_role("row").all_inner_texts()
        return [" ".join(row.split()) for row in rows]

    def cards(self) -> Locator:
        """Give the list of cards."""
        title = self.page.get_by_role("heading", name=self.text("cards.title"), exact=True)
        return self.page.locator("section").filter(has=title).get_by_role("list").first

    def card_order(self) -> list[str]:
        """Give the aliases on the cards, in the order on screen."""
        return self.cards().get_by_role("heading", level=3).all_inner_texts()

    def card(self, alias: str) -> Locator:
        """Give a client's card."""
        title = self.page.get_by_role("heading", name=alias, exact=True, level=3)
        return self.cards().get_by_role("listitem").filter(has=title)

    def heatmap(self) -> Locator:
        """Scroll to the plots, and give the heatmap once it is drawn."""
        heading = self.page.get_by_role("heading", name=self.text("plots.heading"))
        heading.scroll_into_view_if_needed()
        alt, _, _ = self.text("plots.heatmap.alt", title=_CUT, verdicts=_CUT).partition(_CUT)
        picture = self.page.get_by_role("img", name=re.compile(f"^{re.escape(alt)}"))
        expect(picture).to_be_visible()
        return picture


class Drag:
    """A drag by Chromium itself, as if it came from another window.

    Parameters
    ----------
    page
        Where to.
    files
        Files or folders on disk.
    text
        Text, where it is no file that is dragged.
    """

    def __init__(self, page: Page, *files: Path, text: str = "") -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)
        items = [{"mimeType": "text/plain", "data": text}] if text else []
        copy = 1
        self._data = {"items": items, "files": list(map(str, files)), "dragOperationsMask": copy}

    def over(self, place: Locator) -> tuple[float, float]:
        """Hold it over the middle of something, and give that point."""
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        assert box is not None
        point = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self._send("dragEnter", point)
        self._send("dragOver", point)
        return point

    def drop(self, place: Locator) -> None:
        """Drop it on the middle of something."""
        self._send("drop", self.over(place))

    def _send(self, what: str, point: tuple[float, float]) -> None:
        given = {"type": what, "x": point[0], "y": point[1], "data": self._data}
        self._session.send("Input.dispatchDragEvent", given)


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame


def _message(frame: bytes) -> tuple[str, dict[str, Any]]:
    """Read a frame of Jupyter's websocket protocol: the places of its parts, then the parts."""
    word = 8
    count = int.from_bytes(frame[:word], "little")
    places = [
        int.from_bytes(frame[word * (one + 1) : word * (one + 2)], "little") for one in range(count)
    ]
    parts = [frame[start:end] for start, end in pairwise(places)]
    _, header, _, _, content = parts[:5]
    return json.loads(header)["msg_type"], json.loads(content)
