"""Older versions of the portfolio file, with versions that are made up for these tests."""

import json

import pytest

from client_triage.faults import FaultyFileError
from client_triage.store.parsing import parse


def to_two(raw):
    return {**raw, "clients": raw["customers"]}


def to_three(raw):
    return {**raw, "count": len(raw["clients"])}


def read(version, steps, **body):
    text = json.dumps({"schema": f"client-triage/portfolio@{version}", **body})
    return parse(text, "portfolio.json", steps)


@pytest.mark.parametrize(("version", "body"), [(1, {"customers": [1]}), (2, {"clients": [1]})])
def test_an_older_file_is_brought_to_the_newest_version(version, body):
    assert read(version, (to_two, to_three), **body)["count"] == 1


def test_a_file_of_the_newest_version_is_left_as_it_is():
    assert read(3, (to_two, to_three), other=1) == {
        "schema": "client-triage/portfolio@3",
        "other": 1,
    }


def test_a_file_newer_than_the_newest_is_refused():
    with pytest.raises(FaultyFileError, match=r"is version 4, and this program reads version 3"):
        read(4, (to_two, to_three))


@pytest.mark.parametrize("version", ["0", "01", "-1", "x", "", "1.5"])
def test_what_is_no_version_is_refused(version):
    with pytest.raises(FaultyFileError, match=r"@ \$\.schema"):
        read(version, ())
