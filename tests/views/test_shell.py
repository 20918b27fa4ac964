"""What stands around the steps: where one is, what is done, the language."""

import pytest

from client_triage.domain import edits
from client_triage.views.shell import LEARN, PORTFOLIO, START, ShellView
from client_triage.views.workspace import Workspace

LAST = 12


@pytest.fixture
def wanted():
    """Give the steps that were asked for."""
    return []


@pytest.fixture
def shell(workspace, wanted):
    return ShellView(workspace, wanted.append)


def steps(shell):
    return [step["id"] for step in shell.state["steps"]]


def done(shell):
    return [step["id"] for step in shell.state["steps"] if step["done"]]


def test_the_walk_is_start_ten_scenarios_portfolio_and_what_was_learnt(shell):
    assert len(steps(shell)) == 13
    assert (steps(shell)[0], steps(shell)[5], steps(shell)[-2:]) == (
        START,
        "slow-pay",
        [PORTFOLIO, LEARN],
    )


def test_a_scenario_has_its_number_and_a_short_name(shell):
    assert shell.state["steps"][5]["label"] == "5. Slow pay"


def test_the_walk_begins_at_the_start(shell):
    assert shell.state["step"] == START
    assert "step 1 of 13" in shell.state["where"].lower()


@pytest.mark.parametrize(
    ("step", "back", "following"),
    [
        (START, None, "physical-abuse"),
        ("physical-abuse", START, "verbal-abuse"),
        ("legal-risk", "plays-competitors", PORTFOLIO),
        (PORTFOLIO, "legal-risk", LEARN),
        (LEARN, PORTFOLIO, None),
    ],
)
def test_back_and_next_lead_to_the_neighbours(shell, step, back, following):
    shell.step = step
    assert (shell.state["back"], shell.state["next"]) == (back, following)


def test_next_says_where_to(shell):
    shell.step = "lies"
    assert shell.state["next_label"].startswith("Next: 4. ")


def test_the_last_step_names_nothing_further(shell):
    shell.step = LEARN
    assert shell.state["next_label"] == ""
    assert str(LAST + 1) in shell.state["where"]


# done


def test_the_start_is_done_with_the_first_client(shell):
    assert done(shell) == [START]
    assert done(ShellView(Workspace(), print)) == []


def test_a_scenario_is_done_when_every_client_is_answered(shell, answer):
    answer(shell.workspace, "c1", "slow-pay", late=1, invoices=5)
    assert "slow-pay" not in done(shell)
    slow_pay = shell.workspace.content.scenario("slow-pay")
    shell.workspace.apply(lambda portfolio: edits.sweep_none(portfolio, slow_pay))
    assert "slow-pay" in done(shell)


def test_a_client_added_later_opens_a_scenario_again(shell):
    slow_pay = shell.workspace.content.scenario("slow-pay")
    shell.workspace.apply(lambda portfolio: edits.sweep_none(portfolio, slow_pay))
    shell.workspace.add_clients(["Heron"])
    assert "slow-pay" not in done(shell)


def test_the_sample_does_nothing_for_a_person():
    workspace = Workspace(language="en")
    workspace.show_sample()
    assert done(ShellView(workspace, print)) == []


# going


def test_a_step_that_is_wanted_is_asked_for(shell, wanted, act):
    act(shell, "go", step="slow-pay")
    assert wanted == ["slow-pay"]


@pytest.mark.parametrize("step", ["slow-pya", "", None, 5, ["start"], {}])
def test_an_unknown_step_is_refused(shell, wanted, act, step, caplog):
    act(shell, "go", step=step)
    assert wanted == []
    assert shell.state["fault"].startswith("That did not work")
    assert caplog.records


def test_a_browser_cannot_set_the_step(shell):
    shell.set_state({"step": PORTFOLIO})
    assert shell.step == START


# the language


def test_each_language_is_named_in_itself(shell):
    assert shell.state["languages"] == [["en", "English"], ["ko", "한국어"]]


def test_a_change_of_language_changes_every_word_and_keeps_the_step(shell, act):
    shell.step = "slow-pay"
    act(shell, "speak", language="ko")
    assert shell.state["language"] == "ko"
    assert shell.state["step"] == "slow-pay"
    assert shell.state["steps"][5]["label"] != "5. Slow pay"


@pytest.mark.parametrize("language", ["xx", "", "../en"])
def test_an_unknown_language_is_not_spoken(shell, act, language):
    act(shell, "speak", language=language)
    assert shell.state["language"] == "en"


def test_the_foot_says_that_it_is_the_foot(shell, workspace):
    assert ShellView(workspace, print, foot=True).state["foot"]
    assert not shell.state["foot"]
