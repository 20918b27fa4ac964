"""Measure the speed, each figure beside what a user would have instead, in one run.

Run it with ``make bench`` on a quiet machine. Every figure is the median of several rounds, the
two sides taken in turn, so that a busy moment hits both.
"""

import json
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pages

from client_triage import plots
from client_triage.content import load_content
from client_triage.domain import edits, tally
from client_triage.store import Portfolio, dumps, loads
from client_triage.views.cards import CardsView
from client_triage.views.matrix import MatrixView
from client_triage.views.tally import TallyView
from client_triage.views.workspace import Workspace

ROUNDS = 7


def main() -> None:
    """Measure everything and print a line a figure."""
    print(f"{platform.platform()}, Python {platform.python_version()}")
    imports()
    answers()
    opens()
    pictures()
    tallies()
    saves()
    texts = {clients: dumps(portfolio(clients, events=10)) for clients in (20, 1_000)}
    pages.measure(ROUNDS, texts)


def imports() -> None:
    """Compare `import client_triage` with starting Python alone."""
    bare, ours = alternated(
        lambda: run("-c", "pass"), lambda: run("-c", "import client_triage"), ROUNDS
    )
    say("import client_triage, over bare Python", ours - bare, "s", "≤ 0.15 s")


def answers() -> None:
    """Time an answer until verdicts, matrix, cards and tally are sent anew."""
    for clients, events, bound in ((20, 0, "≤ 50 ms"), (200, 0, "≤ 200 ms"), (1_000, 10, "≤ 1 s")):
        workspace = Workspace()
        workspace.open_text(dumps(portfolio(clients, events)), "bench.json")
        views = [MatrixView(workspace), CardsView(workspace), TallyView(workspace)]
        counts = iter(range(20, 10_000))  # more than there are dated incidents

        def answer(matrix: MatrixView = views[0], counts: object = counts) -> None:  # type: ignore[assignment]
            signal = {"client": "c1", "scenario": "ignores-advice", "signal": "episodes"}
            value = str(next(counts))  # type: ignore[call-overload]
            matrix._on_message(None, {"action": "answer", **signal, "value": value}, [])  # noqa: SLF001 - as the browser sends it

        answer()
        took = statistics.median(timed(answer) for _ in range(ROUNDS * 3))
        dated = f", {clients * events:,} incidents" if events else ""
        what = f"a changed answer, {clients:,} clients{dated}"
        say(what, took * 1000, "ms of kernel time", bound)


def opens() -> None:
    """Time opening a file beside reading it as JSON without looking at what it says."""
    text = dumps(portfolio(1_000, events=10))
    ours, theirs = alternated(
        lambda: Workspace().open_text(text, "bench.json"), lambda: json.loads(text), ROUNDS
    )
    say("opening 1,000 clients, 10,000 incidents", ours * 1000, "ms", "≤ 1 s")
    say("json.loads of the same", theirs * 1000, "ms", f"{ours / theirs:.2f}×")


def pictures() -> None:
    """Time the slowest plot, with as many clients as it shows."""
    counted = tally(portfolio(200), load_content().scenarios)
    plots.svg(plots.heatmap(counted))
    took = statistics.median(timed(lambda: plots.svg(plots.heatmap(counted))) for _ in range(5))
    say("heatmap of the 40 most urgent of 200 clients", took * 1000, "ms", "≤ 400 ms")


def tallies() -> None:
    """Time the command on growing files: linear means that the last column stays the same."""
    with tempfile.TemporaryDirectory() as folder:
        for clients in (1_000, 10_000, 100_000):
            path = Path(folder) / f"{clients}.json"
            path.write_text(dumps(portfolio(clients)), "utf-8")
            rounds = 1 if clients > 10_000 else 3  # noqa: PLR2004 - the largest takes long
            took = statistics.median(
                timed(lambda: run("-m", "client_triage", "tally", str(path)))  # noqa: B023 - called at once
                for _ in range(rounds)
            )
            bound = "≤ 2 s" if clients == 10_000 else f"{took / clients * 1e6:.0f} µs a client"  # noqa: PLR2004 - the bound's own size
            say(f"client-triage tally, {clients:,} clients", took, "s", bound)


def saves() -> None:
    """Time a save beside writing the same values to an ordinary file, with nothing made safe.

    After the first one, each has one client changed, as it is when somebody answers.
    """
    for incidents in (0, 10_000):
        text = dumps(portfolio(1_000, events=incidents // 1_000))
        values = json.loads(text)
        with tempfile.TemporaryDirectory() as folder:
            safe, bare = Path(folder) / "safe.json", Path(folder) / "bare.json"
            whole = loads(text)
            first = timed(lambda whole=whole, safe=safe: whole.save(safe))  # type: ignore[misc]
            names = (f"Renamed {number}" for number in range(1_000))
            changed = (edits.change_client(whole, "c1", alias=name) for name in names)

            def dump(values: object = values, bare: Path = bare) -> None:
                with bare.open("w", encoding="utf-8") as file:
                    json.dump(values, file, ensure_ascii=False, indent=1)

            def save(changed: Iterator[Portfolio] = changed, safe: Path = safe) -> None:
                next(changed).save(safe)

            ours, theirs = alternated(save, dump, ROUNDS * 3)
            change = changes(safe)
        dated = f", {incidents:,} incidents" if incidents else ""
        say(f"a save with 1,000 clients{dated}", ours * 1000, "ms", "≤ 50 ms")
        say("the first one after opening the file", first * 1000, "ms", "once")
        ratio = f"{ours / theirs:.2f}×"
        say("json.dump of the same to an ordinary file", theirs * 1000, "ms", ratio)
        say("a change, its save, 100 steps to undo", change * 1000, "ms", "≤ 100 ms")


def changes(path: Path) -> float:
    """Time a change in a workspace with a file and a full history, in seconds."""
    workspace = Workspace(path)
    names = (f"Renamed {number}" for number in range(1_000))

    def change() -> None:
        name = next(names)
        workspace.apply(lambda before: edits.change_client(before, "c1", alias=name))

    for _ in range(100):
        change()
    return statistics.median(timed(change) for _ in range(ROUNDS * 3))


def portfolio(clients: int, events: int = 0) -> Portfolio:
    """Make up a portfolio in which hardly two clients have the same answers.

    Parameters
    ----------
    events
        Dated incidents of each client.
    """
    chance = random.Random(clients)  # noqa: S311 - figures to measure with, not secrets

    def client(number: int) -> dict[str, object]:
        invoices, projects = chance.randint(1, 60), chance.randint(1, 12)
        return {
            "id": f"c{number}",
            "alias": f"Client {number}",
            "billing": chance.choice(["hourly", "fixed", "retainer"]),
            "revenue": str(chance.randint(500, 90_000)),
            "hours": str(chance.randint(5, 900)),
            "records": {
                "physical-abuse": {"incidents": int(chance.random() < 0.02)},  # noqa: PLR2004 - rare
                "verbal-abuse": {"incidents": chance.randint(0, 2), "told": chance.random() < 0.5},  # noqa: PLR2004 - a coin
                "lies": {"confirmed": 0, "suspected": chance.random() < 0.1},  # noqa: PLR2004 - rare
                "unreasonable-demands": {"crossings": chance.randint(0, 3), "told": True},
                "slow-pay": {"invoices": invoices, "late": chance.randint(0, invoices)},
                "invoice-disputes": {
                    "invoices": invoices,
                    "disputed": chance.randint(0, invoices),
                    "agreed_then_cheapened": 0,
                },
                "changes-mind": {
                    "reversals": chance.randint(0, 20),
                    "projects": projects,
                    "frustration": chance.randint(1, 5),
                },
                "ignores-advice": {
                    "episodes": chance.randint(0, 2) + events,
                    "events": [
                        {"on": f"2026-{month % 12 + 1:02}-15", "note": f"Told on the {number}th."}
                        for month in range(events)
                    ],
                },
                "plays-competitors": {"reopened": 0, "quotes": chance.randint(0, 3)},
                "legal-risk": {"exposed": "no"},
            },
        }

    whole = {
        "schema": "client-triage/portfolio@1",
        "language": "en",
        "currency": "USD",
        "me": {"opportunity_rate": "80"},
        "bar": {"unreasonable-demands": {"lines": ["No calls after 22:00"]}},
        "clients": [client(number) for number in range(1, clients + 1)],
    }
    return loads(json.dumps(whole))


def run(*arguments: str) -> None:
    """Run this interpreter."""
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


def timed(action: Callable[[], object]) -> float:
    """Take the seconds that an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def alternated(
    one: Callable[[], object], other: Callable[[], object], rounds: int
) -> tuple[float, float]:
    """Time two actions in turn, after one round that does not count; give both medians."""
    one()
    other()
    pairs = [(timed(one), timed(other)) for _ in range(rounds)]
    return statistics.median(first for first, _ in pairs), statistics.median(
        second for _, second in pairs
    )


def say(what: str, figure: float, unit: str, bound: str) -> None:
    """Print one line of the result."""
    print(f"{what:<48} {figure:8.3f} {unit}  ({bound})", flush=True)


if __name__ == "__main__":
    if shutil.which("chromium") is None:
        print("No Chromium: the page is not measured.")
    main()
