"""Writing: the file as a whole or not at all, and the version before beside it."""

import os
import stat

import pytest

from client_triage.domain import Client
from client_triage.store import Portfolio, dumps

OLD, NEW = (Portfolio(clients=(Client("c1", alias),)) for alias in ("Bluebird", "파랑새"))


@pytest.fixture
def path(tmp_path):
    OLD.save(tmp_path / "portfolio.json")
    return tmp_path / "portfolio.json"


def others(path):
    return {one for one in path.parent.iterdir() if one != path}


def previous(path):
    (one,) = others(path)
    return one


def test_a_saved_portfolio_is_read_back(path):
    assert Portfolio.load(path) == OLD


def test_a_first_save_leaves_nothing_beside_it(path):
    assert others(path) == set()


def test_the_previous_version_is_kept(path):
    NEW.save(path)
    assert Portfolio.load(path) == NEW
    assert Portfolio.load(previous(path)) == OLD


def test_only_one_previous_version_is_kept(path):
    NEW.save(path)
    latest = Portfolio(language="ko")
    latest.save(path)
    assert Portfolio.load(path) == latest
    assert Portfolio.load(previous(path)) == NEW


def test_the_previous_version_of_a_broken_file_is_kept_as_it_was(path):
    path.write_bytes(b"\xff broken")
    NEW.save(path)
    assert previous(path).read_bytes() == b"\xff broken"


def test_a_file_is_utf_8_and_ends_with_a_new_line(path):
    NEW.save(path)
    assert path.read_bytes() == dumps(NEW).encode("utf-8")
    assert path.read_bytes().endswith(b"}\n")


def test_what_is_saved_is_readable_by_its_owner_alone(path):
    NEW.save(path)
    for one in (path, previous(path)):
        assert stat.S_IMODE(one.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["fsync", "replace"])
@pytest.mark.parametrize("call", range(4))
def test_a_failure_leaves_the_old_file_or_the_new_one_and_nothing_else(
    path, monkeypatch, name, call
):
    real, calls = getattr(os, name), []

    def failing(*args, **more):
        calls.append(args)
        if len(calls) > call:
            raise OSError(28, "No space left on device")
        return real(*args, **more)

    monkeypatch.setattr(os, name, failing)
    try:
        NEW.save(path)
    except OSError:
        failed = True
    else:
        failed = False
    assert failed == (len(calls) > call)
    assert Portfolio.load(path) in (OLD, NEW)
    assert all(Portfolio.load(one) == OLD for one in others(path))
    assert {one.name for one in others(path)} <= {f"{path.name}.previous"}


@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_a_failure_at_once_leaves_the_old_file_untouched(path, monkeypatch, name):
    before = path.read_bytes()

    def failing(*_, **__):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, name, failing)
    with pytest.raises(OSError, match="Input/output error"):
        NEW.save(path)
    assert path.read_bytes() == before
    assert others(path) == set()


def test_an_interruption_leaves_no_half_written_file(path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        NEW.save(path)
    assert Portfolio.load(path) == OLD
    assert others(path) == set()


def test_the_bytes_are_on_the_disk_before_the_name_changes(path, monkeypatch):
    done = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(
            os, name, lambda *args, real=real, name=name: (done.append(name), real(*args))[1]
        )
    NEW.save(path)
    assert done.index("fsync") < done.index("replace")
    last = len(done) - 1 - done[::-1].index("replace")
    assert done[last - 1] == "fsync"


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        OLD.save(tmp_path / "none" / "portfolio.json")


def test_a_link_is_followed_and_stays_a_link(path, tmp_path):
    link = tmp_path / "elsewhere" / "link.json"
    link.parent.mkdir()
    link.symlink_to(path)
    NEW.save(link)
    assert link.is_symlink()
    assert Portfolio.load(path) == NEW
