"""The history as text, and the file that it is kept in."""

import json
import os
import time

import pytest
from hypothesis import given
from tests.strategies import portfolios

from client_triage.content import load_content
from client_triage.domain import edits
from client_triage.domain.differences import difference
from client_triage.domain.history import History
from client_triage.faults import FaultyFileError
from client_triage.store import Portfolio
from client_triage.store.file import PortfolioFile
from client_triage.store.history import SCHEMA, dumps_history, loads_history

SCENARIOS = load_content().scenarios
KEPT = ("portfolio.json.previous", "portfolio.json.history", "portfolio.json.broken")


def step(*aliases):
    return difference(Portfolio(), edits.add_clients(Portfolio(), aliases))


@pytest.fixture
def file(tmp_path):
    return PortfolioFile(tmp_path / "portfolio.json", SCENARIOS)


@given(portfolios, portfolios, portfolios)
def test_a_history_is_read_as_it_was_written(one, two, three):
    history = History((difference(one, two),), (difference(two, three), difference(three, one)))
    assert loads_history(dumps_history(history), "h", SCENARIOS) == history


def test_an_overlong_history_loses_its_oldest_steps():
    long = "x" * 700_000
    history = History(tuple(step(f"{number}{long}") for number in range(4)))
    kept = loads_history(dumps_history(history), "h", SCENARIOS).undo
    assert [one.after.clients[0].alias[0] for one in kept] == ["2", "3"]


def whole(**changes):
    raw = json.loads(dumps_history(History((step("Heron"),))))
    raw["undo"][0] |= changes
    return json.dumps(raw)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"schema": "client-triage/history@2"}',
        f'{{"schema": "{SCHEMA}", "undo": {{}}}}',
        f'{{"schema": "{SCHEMA}", "undo": [3]}}',
        f'{{"schema": "{SCHEMA}", "undo": [{{}}]}}',
        whole(facts=[["clients"]]),
        whole(facts=[[]]),
        whole(facts=[3]),
        whole(facts=None),
        whole(facts=[["bar"]]),
        whole(places={"c1": [None]}),
        whole(places={"c1": ["0", 1]}),
        whole(places={"c1": [None, -1]}),
        whole(places={"c1": [None, 10**30]}),
        whole(facts=[["extra", "schema"]]),
        whole(places=[]),
        whole(after={"clients": [{}]}),
        whole(before=3),
    ],
)
def test_what_is_no_history_is_refused(text):
    with pytest.raises(FaultyFileError):
        loads_history(text, "h", SCENARIOS)


def test_without_a_file_there_is_no_history(file):
    assert file.read_history() == History()


def test_a_history_is_kept_beside_the_file(file):
    history = History((step("Heron"),))
    file.write_history(history)
    assert file.read_history() == history


def test_everything_beside_the_file_can_be_forgotten(file, tmp_path):
    file.write(Portfolio())
    for name in (*KEPT, ".portfolio.json.a1.tmp", ".portfolio.json.history.b2.tmp"):
        (tmp_path / name).write_text("old", "utf-8")
    file.forget()
    assert [one.name for one in tmp_path.iterdir()] == ["portfolio.json"]


def test_what_can_not_be_forgotten_is_named(file, tmp_path):
    for name in KEPT[::2]:
        (tmp_path / name).mkdir()
    with pytest.raises(FaultyFileError) as refused:
        file.forget()
    assert [str(fault).split(":")[0] for fault in refused.value.faults] == [
        str(tmp_path / name) for name in KEPT[::2]
    ]


def test_what_a_killed_process_left_half_written_is_cleared_up(file, tmp_path):
    old, new = tmp_path / ".portfolio.json.a1.tmp", tmp_path / ".portfolio.json.b2.tmp"
    for left in (old, new):
        left.touch()
    hour_ago = time.time() - 3600
    os.utime(old, (hour_ago, hour_ago))
    file.clear_up()
    assert [one.name for one in tmp_path.iterdir()] == [new.name]
