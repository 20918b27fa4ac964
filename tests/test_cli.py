"""The command: what it prints, what it exits with, and how it speaks of faults."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from client_triage.cli import main

BLUEBIRD = Path(__file__).parent / "data" / "bluebird.json"
CONTENT = Path(__file__).parents[1] / "content"
LEVELS = ["clear", "watch", "warn", "weigh", "fire", "unknown"]
COMMAND = [sys.executable, "-m", "client_triage"]


@pytest.fixture
def command(capsys):
    """Run a command: gives the exit code, the output, and the lines on stderr."""

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err.splitlines()

    return run


@pytest.fixture
def file(tmp_path):
    """Write a portfolio file: a text as it is, or the portfolio's facts."""

    def write(text=None, **facts):
        path = tmp_path / "mine.json"
        body = {"schema": "client-triage/portfolio@1", "as_of": "2026-11-23", **facts}
        path.write_text(json.dumps(body) if text is None else text, "utf-8")
        return path

    return write


def fire(**facts):
    return {"id": "c1", "alias": "Heron", "records": {"lies": {"confirmed": 1}}, **facts}


# the tally as text


def test_a_tally_names_each_client_its_level_and_its_reason(command):
    code, out, err = command("tally", BLUEBIRD)
    first = out.splitlines()[0]
    assert (code, err) == (0, [])
    assert first.startswith("Bluebird  Weigh  4 of 5 invoices late: a pattern.")


def test_a_tally_says_how_the_portfolio_stands(command):
    out = command("tally", BLUEBIRD)[1]
    assert "As of" in out
    assert "Weigh 1" in out
    assert "Answered: 100%" in out
    assert "Revenue behind “Weigh”: $12,000.00" in out
    assert "Bluebird, brings 100% of your known revenue." in out


def test_an_empty_portfolio_has_no_clients(command, file):
    code, out, _ = command("tally", file())
    assert code == 0
    assert out.startswith("There are no clients in this portfolio.")


# the language


def test_the_portfolios_own_language_is_spoken(command, file):
    out = command("tally", file(language="ko", clients=[fire()]))[1]
    assert "Heron" in out
    assert "Let go" not in out


def test_the_language_that_is_asked_for_wins(command, file):
    out = command("tally", file(language="ko", clients=[fire()]), "--lang", "en")[1]
    assert "Heron  Let go" in out


def test_reasons_in_json_are_in_the_language(command):
    said = json.loads(command("tally", BLUEBIRD, "--format", "json", "--lang", "ko")[1])
    reasons = {one["scenario"]: one["reason"] for one in said["clients"][0]["findings"]}
    assert reasons["slow-pay"].startswith("청구 5건 중 4건이 늦었어요")


# the tally for scripts


def test_json_has_the_published_shape(command):
    code, out, err = command("tally", BLUEBIRD, "--format", "json")
    said = json.loads(out)
    assert (code, err) == (0, [])
    assert (said["schema"], said["as_of"]) == ("client-triage/tally@1", "2026-11-23")
    assert set(said) >= {
        "clients",
        "scenarios",
        "verdicts",
        "tiers",
        "revenue_by_verdict",
        "hours_by_verdict",
        "completeness",
        "hhi",
        "effective_clients",
        "firing_order",
    }


def test_json_has_the_published_figures(command):
    said = json.loads(command("tally", BLUEBIRD, "--format", "json")[1])
    assert said["verdicts"] == dict.fromkeys(LEVELS, 0) | {"weigh": 1}
    assert said["revenue_by_verdict"] == {"weigh": "12000"}
    assert said["hours_by_verdict"] == {"weigh": "140"}
    assert said["completeness"] == 1.0
    assert said["hhi"] == {"before": 1.0, "after": 1.0, "unknown_revenue": 0}
    assert said["effective_clients"] == 1.0
    assert said["firing_order"] == []


def test_json_has_the_published_figures_of_a_client(command):
    (one,) = json.loads(command("tally", BLUEBIRD, "--format", "json")[1])["clients"]
    keys = ("id", "alias", "verdict", "exception", "answered")
    assert [one[key] for key in keys] == ["c1", "Bluebird", "weigh", False, 10]
    money = ("revenue", "hours", "effective_rate", "surplus")
    assert [one[key] for key in money] == ["12000", "140", "83.57", "500"]


def test_json_has_a_finding_for_every_scenario(command):
    said = json.loads(command("tally", BLUEBIRD, "--format", "json")[1])
    findings = {one["scenario"]: one for one in said["clients"][0]["findings"]}
    assert list(findings) == [one["id"] for one in said["scenarios"]]
    assert {name: one["level"] for name, one in findings.items() if one["level"] != "clear"} == {
        "verbal-abuse": "warn",
        "slow-pay": "weigh",
    }
    slow_pay = findings["slow-pay"]
    assert slow_pay["rule"] == "established-share"
    assert slow_pay["figures"].items() >= {"late": 4, "invoices": 5}.items()
    assert slow_pay["reason_key"]


def test_json_counts_each_scenario(command):
    said = json.loads(command("tally", BLUEBIRD, "--format", "json")[1])
    counted = {one["id"]: one for one in said["scenarios"]}["slow-pay"]
    assert counted == {
        "id": "slow-pay",
        "tier": "pattern",
        **dict.fromkeys(LEVELS, 0),
        "weigh": 1,
    }


def test_csv_has_a_line_a_client_and_a_column_a_scenario(command):
    rows = list(csv.DictReader(io.StringIO(command("tally", BLUEBIRD, "--format", "csv")[1])))
    assert len(rows) == 1
    assert (rows[0]["alias"], rows[0]["verdict"], rows[0]["slow-pay"]) == (
        "Bluebird",
        "weigh",
        "weigh",
    )
    assert (rows[0]["effective_rate"], rows[0]["surplus"]) == ("83.57", "500")


@pytest.mark.parametrize("alias", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_csv_makes_a_formula_plain_text(command, file, alias):
    path = file(clients=[fire(alias=alias)])
    out = command("tally", path, "--format", "csv")[1]
    (row,) = csv.DictReader(io.StringIO(out, newline=""))
    assert row["alias"] == f"'{alias}"


def test_csv_leaves_other_aliases_as_they_are(command, file):
    out = command("tally", file(clients=[fire(alias='Heron, "Inc."')]), "--format", "csv")[1]
    (row,) = csv.DictReader(io.StringIO(out))
    assert row["alias"] == 'Heron, "Inc."'


# warnings and faults


def test_an_unknown_signal_is_warned_of_and_the_rest_is_counted(command, file):
    path = file(clients=[fire(records={"lies": {"confirmd": 1}, "slow-pya": {"late": 1}})])
    code, out, err = command("tally", path)
    assert code == 0
    assert "Heron" in out
    assert len(err) == 2
    assert all(line.startswith(f"warning: {path}: unknown s") for line in err)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "the file is empty"),
        ("   \n", "the file is empty"),
        ("{", "not valid JSON"),
        ("[]", "expected an object, got a list"),
        ("{}", "expected 'client-triage/portfolio@1'"),
        ('{"schema": "client-triage/portfolio@2"}', "update client-triage"),
        ('{"schema": "client-triage/portfolio@1", "x": NaN}', "NaN"),
    ],
)
def test_a_file_that_is_no_portfolio_is_one_line_on_stderr(command, file, text, fault):
    path = file(text)
    code, out, (line,) = command("tally", path)
    assert (code, out) == (1, "")
    assert line.startswith(str(path))
    assert fault in line


def test_a_fault_of_syntax_names_the_line(command, file):
    path = file('{\n"schema": oops\n}')
    assert command("tally", path)[2][0].startswith(f"{path}:2: not valid JSON")


def test_every_fault_has_its_line_and_its_place(command, file):
    clients = [fire(hours="-1"), fire(records={"slow-pay": {"invoices": 1, "late": 2}})]
    code, out, err = command("tally", file(clients=clients))
    assert (code, out) == (1, "")
    places = ["$.clients[0].hours", "$.clients[1].id", "$.clients[1].records.slow-pay.late"]
    assert len(err) == len(places)
    assert all(any(place in line for line in err) for place in places)


def test_a_file_that_is_not_there_is_said_to_be_missing(command, tmp_path):
    path = tmp_path / "none.json"
    assert command("tally", path) == (1, "", [f"{path}: there is no such file"])


def test_a_folder_is_no_file(command, tmp_path):
    code, out, (line,) = command("tally", tmp_path)
    assert (code, out) == (1, "")
    assert line.startswith(f"{tmp_path}: can't be read")


def test_a_file_in_another_encoding_is_refused(command, tmp_path):
    path = tmp_path / "mine.json"
    path.write_bytes("파랑새".encode("cp949"))
    assert command("tally", path)[2] == [f"{path}: not a text file in UTF-8, so no portfolio file"]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["tally"],
        ["count"],
        ["tally", "mine.json", "--format", "xml"],
        ["tally", "mine.json", "--nonsense"],
        ["content"],
        ["notebooks"],
        ["serve", "--port", "many"],
    ],
)
def test_wrong_usage_exits_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    said = capsys.readouterr()
    assert stopped.value.code == 2
    assert said.out == ""
    assert said.err.startswith("usage: client-triage")


def test_help_exits_with_0(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    assert "tally" in capsys.readouterr().out


# the content


def test_the_shipped_content_has_no_fault(command):
    assert command("content", "check") == (0, "", [])


def test_every_fault_in_a_content_folder_is_told(command, tmp_path):
    folder = tmp_path / "content"
    shutil.copytree(CONTENT, folder)
    (folder / "scenarios" / "05-slow-pay" / "ko.md").unlink()
    (folder / "scenarios" / "03-lies" / "en.toml").write_text("nonsense", "utf-8")
    code, out, err = command("content", "check", folder)
    assert (code, out) == (1, "")
    assert any("05-slow-pay/ko.md" in line for line in err)
    assert any("03-lies/en.toml" in line for line in err)


@pytest.mark.parametrize("name", ["none", "."])
def test_a_folder_without_content_is_told_in_one_line(command, tmp_path, name):
    code, out, (line,) = command("content", "check", tmp_path / name)
    assert (code, out) == (1, "")
    assert "is this a content folder?" in line


def test_a_folder_of_ones_own_is_used_when_the_variable_names_it(command, tmp_path, monkeypatch):
    monkeypatch.setenv("CLIENT_TRIAGE_CONTENT", str(tmp_path / "none"))
    code, out, (line,) = command("tally", BLUEBIRD)
    assert (code, out) == (1, "")
    assert "is this a content folder?" in line


# the notebooks


def test_built_notebooks_are_listed_and_pass_the_check(command, tmp_path):
    code, out, err = command("notebooks", "build", tmp_path)
    assert (code, err) == (0, [])
    assert str(tmp_path / "app.ipynb") in out.splitlines()
    assert command("notebooks", "check", tmp_path) == (0, "", [])


def test_notebooks_that_differ_are_told_one_a_line(command, tmp_path):
    command("notebooks", "build", tmp_path)
    (tmp_path / "app.ipynb").write_text("{}", "utf-8")
    (tmp_path / "en" / "00-start.ipynb").unlink()
    (tmp_path / "ko" / "99-more.ipynb").touch()
    code, out, err = command("notebooks", "check", tmp_path)
    assert (code, out) == (1, "")
    assert sorted(Path(line.split(": ")[0]).name for line in err) == [
        "00-start.ipynb",
        "99-more.ipynb",
        "app.ipynb",
    ]


def test_an_empty_folder_misses_every_notebook(command, tmp_path):
    code, _, err = command("notebooks", "check", tmp_path)
    assert code == 1
    assert len(err) == 27


# as a process


def test_the_module_is_the_command():
    ran = subprocess.run(
        [*COMMAND, "tally", BLUEBIRD, "--format", "json"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert json.loads(ran.stdout)["clients"][0]["alias"] == "Bluebird"
    assert ran.stderr == ""


def test_a_fault_reaches_the_shell_as_1(tmp_path):
    ran = subprocess.run(
        [*COMMAND, "tally", tmp_path / "none.json"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_a_reader_who_has_seen_enough_causes_no_traceback(file, form):
    many = [fire(id=f"c{number}", alias=f"Client {number}") for number in range(400)]
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = subprocess.run(
            [*COMMAND, "tally", file(clients=many), "--format", form],
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writing)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_an_unknown_language_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["tally", str(BLUEBIRD), "--lang", "xx"])
    assert ended.value.code == 2
    assert "choose from en, ko" in capsys.readouterr().err


# quizzes elsewhere


def test_a_quiz_is_exported_as_the_json_of_jupyterquiz(command):
    code, out, err = command("quiz", "export", "slow-pay", "--format", "jupyterquiz")
    quiz = json.loads(out)
    assert (code, err) == (0, [])
    assert quiz[0]["question"].startswith("Tomasz mows and plants")
    assert [answer["correct"] for answer in quiz[0]["answers"]] == [False, False, True, False]


def test_a_quiz_is_exported_as_gift_in_the_language(command):
    code, out, _ = command("quiz", "export", "slow-pay", "--format", "gift", "--lang", "ko")
    assert code == 0
    assert out.startswith("$CATEGORY: $course$/top/Client Triage/대금을 늘 늦게 줘요\n")


def test_a_quiz_is_exported_as_cards_for_anki(command):
    code, out, _ = command("quiz", "export", "slow-pay", "--format", "anki")
    assert code == 0
    assert out.startswith("#separator:Comma\n")


def test_all_scenarios_and_lessons_are_exported_by_default(command):
    out = command("quiz", "export", "--format", "anki")[1]
    assert {"client-triage::slow-pay", "client-triage::cash-flow"} <= set(
        re.findall(r"client-triage::[a-z-]+", out)
    )


def test_what_is_left_out_of_an_export_is_a_warning_each(command):
    code, _, err = command("quiz", "export", "verbal-abuse", "--format", "anki")
    assert code == 0
    assert err == [
        "warning: verbal-abuse: one-sentence: left out: Anki has no questions of type 'rating'"
    ]


def test_an_export_is_written_to_the_file_that_is_named(command, tmp_path):
    path = tmp_path / "cards.csv"
    code, out, _ = command("quiz", "export", "slow-pay", "--format", "anki", "-o", path)
    assert (code, out) == (0, "")
    assert (
        path.read_bytes().decode() == command("quiz", "export", "slow-pay", "--format", "anki")[1]
    )


def test_an_export_that_cannot_be_written_is_one_line(command, tmp_path):
    path = tmp_path / "no" / "cards.csv"
    code, _, err = command("quiz", "export", "slow-pay", "--format", "anki", "-o", path)
    assert (code, err) == (1, [f"{path}: No such file or directory"])


def test_a_scenario_that_is_not_there_is_wrong_usage(command, capsys):
    with pytest.raises(SystemExit) as stop:
        command("quiz", "export", "slow-pya", "--format", "anki")
    assert stop.value.code == 2
    assert "nothing is called 'slow-pya' (choose from physical-abuse, " in capsys.readouterr().err
