"""A power cut, a kill, a full disk or a read-only folder at any moment of a save.

Whatever happens, the file is the complete old or the complete new version, the one kept beside it
is complete or absent, and the next save works.
"""

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

import pytest

from client_triage.domain import Client, edits
from client_triage.store import Portfolio, dumps
from client_triage.views.workspace import Workspace

FIRST, OLD, NEW, NEXT = (
    Portfolio(clients=(Client("c1", alias),)) for alias in ("Wren", "Bluebird", "파랑새", "Otter")
)
STEPS = 10  # of a save over an older file: twice making, filling, flushing, renaming, flushing
NAME = "portfolio.json"
BESIDE = f"{NAME}.previous"
MEGABYTE = 2**20


@pytest.fixture
def path(tmp_path):
    """Save twice, so that there is a version before."""
    folder = tmp_path / "work"
    folder.mkdir()
    FIRST.save(folder / NAME)
    OLD.save(folder / NAME)
    return folder / NAME


def assert_whole(path):
    """Assert what holds after every interruption, and that the next save works."""
    assert Portfolio.load(path) in (OLD, NEW)
    beside = path.with_name(BESIDE)
    if beside.exists():
        assert Portfolio.load(beside) in (FIRST, OLD)
    before = path.read_bytes()
    NEXT.save(path)
    assert Portfolio.load(path) == NEXT
    assert beside.read_bytes() == before


# Power cuts. A save is recorded step by step; then every disk is built that a cut may leave behind:
# after any step, with any of the names changed since the folder was last flushed, and with the
# bytes that were written, but not flushed, there, gone, cut short, or zeros.


@dataclass
class Recorder:
    """What a save asked of the disk, in order."""

    steps: list = field(default_factory=list)
    _paths: dict = field(default_factory=dict)

    def install(self, monkeypatch):
        """Stand between the save and the disk."""
        make, fdopen, fsync, rename, unlink = (
            tempfile.mkstemp,
            os.fdopen,
            os.fsync,
            os.replace,
            os.unlink,
        )

        def mkstemp(*args, **more):
            handle, name = make(*args, **more)
            self._paths[handle] = Path(name).name
            self.steps.append(("make", Path(name).name))
            return handle, name

        def opened(handle, *args, **more):
            file, name = fdopen(handle, *args, **more), self._paths[handle]
            write = file.write

            class Recorded:
                def __enter__(self):
                    return self

                def __exit__(self, *_):
                    file.close()

                def __getattr__(self, attribute):
                    return getattr(file, attribute)

                def write(_, content):  # noqa: N805 - the recorder's own self is used inside
                    self.steps.append(("write", name, content))
                    return write(content)

            return Recorded()

        def flushed(handle):
            target = Path(f"/proc/self/fd/{handle}").resolve()
            self.steps.append(("flush folder",) if target.is_dir() else ("flush", target.name))
            fsync(handle)

        def renamed(source, target, *args, **more):
            self.steps.append(("rename", Path(source).name, Path(target).name))
            rename(source, target, *args, **more)

        def removed(name, *args, **more):
            self.steps.append(("remove", Path(name).name))
            unlink(name, *args, **more)

        monkeypatch.setattr(tempfile, "mkstemp", mkstemp)
        monkeypatch.setattr(os, "fdopen", opened)
        monkeypatch.setattr(os, "fsync", flushed)
        monkeypatch.setattr(os, "replace", renamed)
        monkeypatch.setattr(os, "unlink", removed)


def recorded(path, monkeypatch):
    recorder = Recorder()
    with monkeypatch.context() as patched:
        recorder.install(patched)
        NEW.save(path)
    return recorder.steps


def disks_after(steps, before):
    """Give every folder, as bytes by name, that a cut after these steps may leave behind."""
    numbers = {name: name for name in before}
    bytes_of, dirty = dict(before), {}
    names, pending = {name: name for name in before}, []
    for step in steps:
        if step[0] == "make":
            numbers[step[1]] = f"#{len(bytes_of)}"
            bytes_of[numbers[step[1]]] = b""
            pending.append(("make", step[1], numbers[step[1]]))
        elif step[0] == "write":
            dirty[numbers[step[1]]] = step[2]
        elif step[0] == "flush":
            number = numbers[step[1]]
            bytes_of[number] = dirty.pop(number, bytes_of[number])
        elif step[0] == "rename":
            numbers[step[2]] = numbers.pop(step[1])
            pending.append(("rename", step[1], step[2], numbers[step[2]]))
        elif step[0] == "remove":
            pending.append(("remove", step[1]))
        else:
            for change in pending:
                _change(names, change)
            pending = []
    for left in left_over(names, pending):
        for lost in (None, lambda _: b"", lambda c: c[: len(c) // 2], lambda c: b"\0" * len(c)):
            unsafe = {n: lost(c) if lost else c for n, c in dirty.items()}
            yield {name: {**bytes_of, **unsafe}[number] for name, number in left.items()}


def left_over(names, pending):
    """Give the names that a folder may have: any of the changes that wait came about, or none."""
    for count in range(len(pending) + 1):
        for chosen in combinations(pending, count):
            left = dict(names)
            for change in chosen:
                _change(left, change)
            yield left


def _change(names, change):
    if change[0] == "make":
        names[change[1]] = change[2]
    elif change[0] == "rename":
        names.pop(change[1], None)
        names[change[2]] = change[3]
    else:
        names.pop(change[1], None)


def on_disk(path):
    return {one.name: one.read_bytes() for one in path.parent.iterdir()}


def put(disk, folder):
    folder.mkdir()
    for name, content in disk.items():
        (folder / name).write_bytes(content)
    return folder / NAME


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs to see what a handle is of")
def test_a_power_cut_at_any_step_leaves_a_whole_file(path, tmp_path, monkeypatch):
    before = on_disk(path)
    steps = recorded(path, monkeypatch)
    assert len(steps) == STEPS
    found, seen = set(), set()
    for length in range(STEPS + 1):
        for disk in disks_after(steps[:length], before):
            if (key := frozenset(disk.items())) in seen:
                continue
            seen.add(key)
            cut = put(disk, tmp_path / f"cut-{len(seen)}")
            found.add(Portfolio.load(cut).clients[0].alias)
            assert_whole(cut)
    assert found == {"Bluebird", "파랑새"}
    assert len(seen) >= STEPS


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs to see what a handle is of")
@pytest.mark.parametrize("left_out", ["flush", "flush folder"])
def test_the_model_of_a_power_cut_finds_a_save_that_does_not_flush(path, monkeypatch, left_out):
    before = on_disk(path)
    steps = [step for step in recorded(path, monkeypatch) if step[0] != left_out]
    after = list(disks_after(steps, before))
    new = dumps(NEW).encode()
    assert any(disk[NAME] != new for disk in after)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs to see what a handle is of")
def test_a_save_that_came_back_survives_a_power_cut(path, monkeypatch):
    before = on_disk(path)
    steps = recorded(path, monkeypatch)
    for disk in disks_after(steps, before):
        assert disk == {NAME: dumps(NEW).encode(), BESIDE: dumps(OLD).encode()}


# Kills: the process is gone between two steps, and nothing of it tidies up.

KILLED = """
    import os, signal, sys, tempfile
    from client_triage.domain import Client
    from client_triage.store import Portfolio

    left = int(sys.argv[2])

    def fatal(real):
        def call(*args, **more):
            global left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            return real(*args, **more)
        return call

    for module, name in ((tempfile, "mkstemp"), (os, "fdopen"), (os, "fsync"), (os, "replace")):
        setattr(module, name, fatal(getattr(module, name)))
    Portfolio(clients=(Client("c1", "파랑새"),)).save(sys.argv[1])
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
@pytest.mark.parametrize("step", range(STEPS))
def test_a_kill_before_any_step_leaves_a_whole_file(path, step):
    script = textwrap.dedent(KILLED)
    done = subprocess.run([sys.executable, "-c", script, str(path), str(step)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert_whole(path)


# Failures that the system reports: whoever saves gets an OSError, and tidies up.


class Full:
    """A file on a disk that has room for a few bytes more."""

    def __init__(self, file):
        self._file = file

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    def __getattr__(self, name):
        return getattr(self._file, name)

    def write(self, content):
        """Take some of the bytes, and refuse the rest, as a full disk does."""
        self._file.write(content[:10])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def fail_at(monkeypatch, step, code):
    """Let one step of a save fail."""
    left = iter(range(STEPS + 1))

    def failing(real, opens):
        def call(*args, **more):
            if next(left) != step:
                return real(*args, **more)
            if opens:
                return Full(real(*args, **more))
            raise OSError(code, os.strerror(code))

        return call

    steps = ((tempfile, "mkstemp"), (os, "fdopen"), (os, "fsync"), (os, "replace"))
    for module, name in steps:
        real = getattr(module, name)
        monkeypatch.setattr(module, name, failing(real, opens=name == "fdopen"))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS], ids=errno.errorcode.get)
@pytest.mark.parametrize("step", range(STEPS))
def test_a_step_that_fails_is_an_error_and_leaves_a_whole_file(path, monkeypatch, step, code):
    with monkeypatch.context() as patched:
        fail_at(patched, step, code)
        with pytest.raises(OSError, match=re_of(code, errno.ENOSPC)):
            NEW.save(path)
    assert {one.name for one in path.parent.iterdir()} == {NAME, BESIDE}
    assert_whole(path)


def re_of(*codes):
    return "|".join(os.strerror(code) for code in codes)


# What the person notices


def aliases(portfolio):
    return [client.alias for client in portfolio.clients]


@pytest.mark.parametrize("step", range(STEPS))
def test_work_goes_on_in_memory_while_a_disk_is_full(path, monkeypatch, step):
    workspace = Workspace(path)
    with monkeypatch.context() as patched:
        fail_at(patched, step, errno.ENOSPC)
        workspace.add_clients(["Heron"])
        assert os.strerror(errno.ENOSPC) in workspace.trouble
        assert NAME in workspace.trouble
    assert aliases(workspace.portfolio) == ["Bluebird", "Heron"]
    workspace.add_clients(["Kite"])
    assert workspace.trouble == ""
    assert aliases(Portfolio.load(path)) == ["Bluebird", "Heron", "Kite"]


def test_a_folder_that_is_none_is_told_and_work_goes_on(tmp_path):
    (tmp_path / "folder").write_text("no folder", "utf-8")
    workspace = Workspace(tmp_path / "folder" / NAME)
    workspace.add_clients(["Heron"])
    assert NAME in workspace.trouble
    (tmp_path / "folder").unlink()
    (tmp_path / "folder").mkdir()
    workspace.add_clients(["Kite"])
    assert workspace.trouble == ""
    assert aliases(Portfolio.load(tmp_path / "folder" / NAME)) == ["Heron", "Kite"]


MOUNT, UMOUNT = (shutil.which(name) or name for name in ("mount", "umount"))


def mounted(folder, options):
    command = [MOUNT, "-t", "tmpfs", "-o", options, "client-triage-test", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.fixture
def small_disk(tmp_path):
    """Mount a disk of one megabyte, where that is allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mounted(folder, "size=1m"):
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run([UMOUNT, str(folder)], check=True)


def test_a_disk_that_is_really_full_is_told_and_work_goes_on(small_disk):
    path, ballast = small_disk / NAME, small_disk / "ballast"
    workspace = Workspace(path)
    workspace.add_clients(["Heron"])
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        ballast.write_bytes(b"x" * 2 * MEGABYTE)
    workspace.add_clients(["Kite"])
    assert os.strerror(errno.ENOSPC) in workspace.trouble
    assert aliases(Portfolio.load(path)) == ["Heron"]
    left = {one.name for one in small_disk.iterdir()}
    assert left <= {NAME, f"{NAME}.history", "ballast"}
    ballast.unlink()
    workspace.add_clients(["Swift"])
    assert workspace.trouble == ""
    assert aliases(Portfolio.load(path)) == ["Heron", "Kite", "Swift"]


def test_a_disk_that_is_really_read_only_is_told_and_work_goes_on(small_disk):
    path = small_disk / NAME
    workspace = Workspace(path)
    workspace.add_clients(["Heron"])
    subprocess.run([MOUNT, "-o", "remount,ro", str(small_disk)], check=True)
    workspace.add_clients(["Kite"])
    assert os.strerror(errno.EROFS) in workspace.trouble
    assert aliases(workspace.portfolio) == ["Heron", "Kite"]
    subprocess.run([MOUNT, "-o", "remount,rw", str(small_disk)], check=True)
    workspace.add_clients(["Swift"])
    assert workspace.trouble == ""
    assert aliases(Portfolio.load(path)) == ["Heron", "Kite", "Swift"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write to every folder"
)
def test_a_folder_without_leave_to_write_is_told_and_work_goes_on(path):
    workspace = Workspace(path)
    path.parent.chmod(0o500)
    workspace.add_clients(["Kite"])
    assert os.strerror(errno.EACCES) in workspace.trouble
    path.parent.chmod(0o700)
    workspace.add_clients(["Swift"])
    assert aliases(Portfolio.load(path)) == ["Bluebird", "Kite", "Swift"]


# The clock: another's change is seen, whatever time the file says it was made at.


def renamed(portfolio, alias):
    return edits.change_client(portfolio, "c1", alias=alias)


@pytest.mark.parametrize("moved", [0, -3600, 3600], ids=["stands", "goes back", "runs ahead"])
def test_a_change_by_another_is_seen_when_the_clock(path, moved):
    workspace = Workspace(path)
    workspace.add_clients(["Heron"])
    facts = path.stat()
    other = renamed(Portfolio.load(path), "Bluetits")
    other.save(path)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns + moved * 10**9))
    assert path.stat().st_size == facts.st_size
    workspace.add_clients(["Kite"])
    assert aliases(Portfolio.load(path)) == ["Bluetits", "Heron", "Kite"]


def test_a_change_in_place_is_seen_even_with_the_same_time_and_size(path):
    workspace = Workspace(path)
    workspace.add_clients(["Heron"])
    facts = path.stat()
    other = path.read_bytes().replace(b"Bluebird", b"Bluetits")
    while path.stat().st_ctime_ns == facts.st_ctime_ns:  # until the system's clock has moved on
        path.write_bytes(other)
        os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert path.stat().st_mtime_ns == facts.st_mtime_ns
    workspace.add_clients(["Kite"])
    assert aliases(Portfolio.load(path)) == ["Bluetits", "Heron", "Kite"]


def test_what_a_save_overwrites_stays_beside_it_whatever_the_clock_says(path):
    workspace = Workspace(path)
    workspace.portfolio = replace(workspace.portfolio, currency="USD")
    theirs = renamed(OLD, "Bluetits")
    path.write_bytes(dumps(theirs).encode())
    workspace.portfolio.save(path)
    assert Portfolio.load(path.with_name(BESIDE)) == theirs
