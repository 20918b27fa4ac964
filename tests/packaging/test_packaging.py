"""The distribution works where there is no checkout: sdist, then wheel, then a regular install."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tarfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PORTFOLIO = {
    "schema": "client-triage/portfolio@1",
    "language": "en",
    "as_of": "2026-11-23",
    "clients": [
        {
            "id": "c1",
            "alias": "Bluebird",
            "records": {"slow-pay": {"invoices": 5, "late": 4}},
        }
    ],
}
SERVE_SECONDS = 60

# One worker builds and installs once for all of them.
pytestmark = [pytest.mark.packaging, pytest.mark.xdist_group("packaging")]


@dataclass(frozen=True)
class Installed:
    """A regular install in an environment of its own, used from a folder of its own."""

    bin: Path
    site_packages: Path
    folder: Path
    env: Mapping[str, str]

    def run(self, program: str, *args: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.bin / program, *args],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )

    def python(self, code: str) -> str:
        result = self.run("python", "-c", code)
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist from the checkout, and the wheel from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    result = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


@pytest.fixture(scope="module")
def sdist_names(dist: Path) -> set[str]:
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


@pytest.fixture(scope="module")
def wheel_names(dist: Path) -> set[str]:
    (path,) = dist.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel in a fresh environment that borrows the dependencies of this one.

    A path in a ``.pth`` file comes after the environment's own packages, and the ``.pth`` files
    under it are not read: the editable checkout of this environment stays out of sight.
    """
    (wheel,) = dist.glob("*.whl")
    venv = tmp_path_factory.mktemp("venv")
    folder = tmp_path_factory.mktemp("elsewhere")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    bin_ = venv / ("Scripts" if os.name == "nt" else "bin")
    python = bin_ / "python"
    pip = [sys.executable, "-m", "pip", "--python", python]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", wheel], check=True)
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    output = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True)
    site_packages = Path(output.stdout.strip())
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site_packages / "borrowed.pth").write_text("\n".join(sorted(borrowed)), encoding="utf-8")
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CLIENT_TRIAGE_", "PYTHON", "PYTEST_"))
    }
    env["JUPYTER_PATH"] = str(Path(sysconfig.get_path("data"), "share", "jupyter"))
    return Installed(bin_, site_packages, folder, env)


@pytest.fixture
def portfolio(installed: Installed) -> Path:
    path = installed.folder / "portfolio.json"
    path.write_text(json.dumps(PORTFOLIO), encoding="utf-8")
    return path


def files_under(folder: Path) -> set[str]:
    """Return the files under a folder of the checkout, without hidden ones and caches."""
    relative = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {
        path.as_posix()
        for path in relative
        if not any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    }


@pytest.mark.parametrize(
    "name",
    [
        "LICENSE",
        "Makefile",
        "README.ko.md",
        "README.md",
        "binder/requirements.txt",
        "notebooks/app.ipynb",
        "pyproject.toml",
        "requirements.lock",
        "tests/packaging/test_packaging.py",
        "widgets/client_triage/__init__.py",
    ],
)
def test_the_sdist_holds_what_a_build_and_its_tests_need(sdist_names: set[str], name: str) -> None:
    assert name in sdist_names


def test_nobodys_portfolio_is_packed(sdist_names: set[str], wheel_names: set[str]) -> None:
    packed = {name for name in sdist_names | wheel_names if "portfolio.json" in name}
    assert not {name for name in packed if "notebooks/" in name}


def test_the_wheel_holds_all_of_the_content(wheel_names: set[str]) -> None:
    content = {f"client_triage/_content/{name}" for name in files_under(ROOT / "content")}
    assert content
    assert content <= wheel_names


def test_the_wheel_holds_all_of_the_package(wheel_names: set[str]) -> None:
    package = {f"client_triage/{name}" for name in files_under(ROOT / "widgets" / "client_triage")}
    assert package <= wheel_names


def test_the_wheel_holds_the_page_and_its_scripts_and_styles(wheel_names: set[str]) -> None:
    assert "client_triage/_app/app.ipynb" in wheel_names
    static = [name for name in wheel_names if name.startswith("client_triage/views/static/")]
    assert {Path(name).suffix for name in static} >= {".css", ".js"}


def test_the_wheel_holds_neither_tests_nor_notebooks(wheel_names: set[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel_names}
    assert {top for top in tops if not top.endswith((".dist-info", ".data"))} == {"client_triage"}


def test_the_wheel_puts_the_kernelspec_and_nothing_else_where_jupyter_looks(
    wheel_names: set[str],
) -> None:
    data = {name.partition(".data/")[2] for name in wheel_names if ".data/" in name}
    assert data == {"data/share/jupyter/kernels/client-triage/kernel.json"}


def test_the_installed_kernelspec_forks_kernels(installed: Installed) -> None:
    code = (
        "from jupyter_client.manager import start_new_kernel\n"
        "manager, client = start_new_kernel(kernel_name='client-triage')\n"
        "import json; print(json.dumps(type(manager.provisioner.process).__name__))\n"
        "client.stop_channels(); manager.shutdown_kernel()"
    )
    assert json.loads(installed.python(code).splitlines()[-1]) == "ForkedKernel"


def test_the_package_comes_from_the_regular_install(installed: Installed) -> None:
    found = Path(installed.python("import client_triage; print(client_triage.__file__)"))
    assert found.parent == installed.site_packages / "client_triage"


def test_ten_scenarios_ship_with_the_package(installed: Installed) -> None:
    scenarios = installed.site_packages / "client_triage" / "_content" / "scenarios"
    assert len([path for path in scenarios.iterdir() if path.is_dir()]) == 10


@pytest.mark.parametrize("module", ["", ".content", ".domain", ".store", ".views", ".words"])
def test_importing_a_room_loads_neither_matplotlib_nor_numpy(
    installed: Installed, module: str
) -> None:
    code = f"import sys, client_triage{module}; print(*sys.modules)"
    loaded = set(installed.python(code).split())
    assert not loaded & {"matplotlib", "numpy", "pandas", "polars", "scipy"}


def test_the_shipped_content_passes_its_own_check(installed: Installed) -> None:
    result = installed.run("client-triage", "content", "check")
    assert result.returncode == 0, result.stderr


def test_a_portfolio_is_tallied_far_from_the_checkout(
    installed: Installed, portfolio: Path
) -> None:
    result = installed.run("client-triage", "tally", portfolio, "--format", "json")
    assert result.returncode == 0, result.stderr
    tally = json.loads(result.stdout)
    (client,) = tally["clients"]
    assert tally["schema"] == "client-triage/tally@1"
    assert len(tally["scenarios"]) == 10
    assert (client["verdict"], client["answered"]) == ("weigh", 1)


def test_a_fault_is_one_line_and_no_traceback(installed: Installed, portfolio: Path) -> None:
    portfolio.write_text("{", encoding="utf-8")
    result = installed.run("client-triage", "tally", portfolio)
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.stderr


@contextlib.contextmanager
def served(installed: Installed) -> Iterator[str]:
    """Serve the page on a free port of the loopback interface."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = installed.folder / "serve.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [installed.bin / "client-triage", "serve", "--port", str(port)],
            cwd=installed.folder,
            env=installed.env,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def get(address: str, *, seconds: float) -> str:
    """Return the page, waiting until the server is up."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=seconds) as answer:  # noqa: S310 - loopback only
                return answer.read().decode()
        except urllib.error.HTTPError:
            raise
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_the_page_is_served_far_from_the_checkout(installed: Installed) -> None:
    before = sorted(path.name for path in installed.folder.iterdir())
    with served(installed) as address:
        page = get(address, seconds=SERVE_SECONDS)
    assert '<html lang="en"' in page
    assert "Traceback" not in page
    left = {path.name for path in installed.folder.iterdir()} - {*before, "serve.log"}
    assert not left, "the server writes nothing of its own"


def test_python_is_found_by_make_only_where_it_is_new_enough(tmp_path: Path) -> None:
    make = shutil.which("make")
    if make is None or not (ROOT / "Makefile").is_file():
        pytest.skip("needs make and the Makefile")
    shutil.copy(ROOT / "Makefile", tmp_path)
    result = subprocess.run(
        [make, "PYTHON=no-such-python", ".venv/.stamp-made"],
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert "Client Triage needs Python 3.11 or later, and none was found." in result.stderr
