"""The history: steps back and forth."""

import pytest

from client_triage.domain import Portfolio, edits
from client_triage.domain.differences import ConflictError, difference
from client_triage.domain.history import MOST_STEPS, History


def walk(count):
    """Add clients one by one; give the history and every portfolio on the way."""
    history, seen = History(), [Portfolio()]
    for number in range(count):
        seen.append(edits.add_clients(seen[-1], [f"Client {number}"]))
        history = history.with_step(difference(*seen[-2:]))
    return history, seen


def test_all_steps_lead_back_and_forth():
    history, seen = walk(MOST_STEPS)
    here = seen[-1]
    for expected in reversed(seen[:-1]):
        history, here = history.undone(here)
        assert here == expected
    for expected in seen[1:]:
        history, here = history.redone(here)
        assert here == expected


def test_the_oldest_step_goes_first():
    history, seen = walk(MOST_STEPS + 3)
    here = seen[-1]
    while history.undo:
        history, here = history.undone(here)
    assert here == seen[3]


def test_a_new_step_ends_what_could_be_made_again():
    history, seen = walk(2)
    history, here = history.undone(seen[-1])
    assert history.with_step(difference(here, seen[-1])).redo == ()


def test_a_step_that_changes_nothing_is_none():
    history, seen = walk(2)
    history, here = history.undone(seen[-1])
    assert history.with_step(difference(here, here)) == history


def test_a_step_that_no_longer_fits_is_refused():
    history, seen = walk(1)
    with pytest.raises(ConflictError):
        history.undone(edits.change_client(seen[-1], "c1", alias="Other"))


def test_a_step_of_one_answer_is_small_beside_the_portfolio():
    many = edits.add_clients(Portfolio(), [f"Client {number}" for number in range(1000)])
    step = difference(many, edits.change_client(many, "c7", alias="Other"))
    assert len(step.before.clients) == len(step.after.clients) == 1
