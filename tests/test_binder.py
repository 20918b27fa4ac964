"""What Binder is told: versions that are locked, links that lead somewhere, nothing for tests."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from client_triage.serve.language import languages

ROOT = Path(__file__).parents[1]
BINDER = ROOT / "binder"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REQUIREMENTS = "requirements.txt"


def lines(name: str) -> list[str]:
    """Give the lines of a file of Binder's that say something."""
    found = (line.strip() for line in (BINDER / name).read_text("utf-8").splitlines())
    return [line for line in found if line and not line.startswith("#")]


def locked() -> dict[str, set[str]]:
    """Give the versions that the lock names, by package."""
    versions: dict[str, set[str]] = {}
    pinned = re.compile(r"^([\w.-]+)==([\w.]+)", re.MULTILINE)
    for name, version in pinned.findall((ROOT / "requirements.lock").read_text("utf-8")):
        versions.setdefault(canonicalize_name(name), set()).add(version)
    return versions


def needed() -> set[str]:
    """Name what an installation without extras needs here, directly or not."""
    found: set[str] = set()
    left = [Requirement(line) for line in PROJECT["dependencies"]]
    while left:
        one = left.pop()
        name = canonicalize_name(one.name)
        if name in found or (one.marker and not one.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        extras = ["", *one.extras]
        for line in importlib.metadata.requires(name) or []:
            further = Requirement(line)
            if further.marker is None or any(
                further.marker.evaluate({"extra": extra}) for extra in extras
            ):
                further.marker = None
                left.append(further)
    return found


def links(readme: str) -> set[str]:
    """Give what a README's links have Binder open."""
    found = re.findall(
        r"\]\((https://mybinder\.org/v2/[^)]+)\)", (ROOT / readme).read_text("utf-8")
    )
    return {parse_qs(urlsplit(link).query)["urlpath"][0] for link in found}


def test_binder_installs_the_package_without_extras_in_the_locked_versions():
    assert {"--constraint ../requirements.lock", "."} <= set(lines(REQUIREMENTS))


def test_the_lock_has_all_that_an_installation_needs():
    assert needed() <= set(locked())


def test_nothing_that_only_the_tests_need_comes_along_with_an_installation():
    direct = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}
    dev = PROJECT["optional-dependencies"]["dev"]
    only_dev = {canonicalize_name(Requirement(line).name) for line in dev} - direct
    # These two are named for the tests' sake, and are what Jupyter and matplotlib stand on.
    shared = {"ipykernel", "jsonschema", "nbclient", "pillow"}
    assert only_dev & needed() == shared


def test_notebook_is_the_one_made_for_the_locked_jupyterlab():
    [pin] = set(lines(REQUIREMENTS)) - {"--constraint ../requirements.lock", "."}
    [version] = locked()["jupyterlab"]
    assert re.fullmatch(rf"notebook==7\.{version.split('.')[1]}\.\d+", pin)


def test_binders_python_is_one_that_the_package_is_for():
    [line] = lines("runtime.txt")
    version = re.fullmatch(r"python-(3\.\d+)", line)[1]
    assert f"Programming Language :: Python :: {version}" in PROJECT["classifiers"]
    assert version in SpecifierSet(PROJECT["requires-python"])


def test_what_the_image_leaves_out_is_there_and_is_needed_by_no_build():
    left_out = set(lines(".dockerignore"))
    assert {"bench", "tests"} <= left_out
    assert not {name for name in left_out if not (ROOT / name).exists()}
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    wheel = build["targets"]["wheel"]
    used = {*wheel["packages"], *wheel["force-include"], *wheel["shared-data"], PROJECT["readme"]}
    assert not {name for name in used if Path(name).parts[0] in left_out}


@pytest.mark.parametrize("readme", ["README.md", "README.ko.md"])
def test_a_readme_leads_to_lab_and_to_the_page_in_each_language(readme):
    page = "voila/render/notebooks/app.ipynb?lang="
    expected = {f"{page}{language}" for language in languages()}
    expected |= {f"lab/tree/notebooks/{language}/00-start.ipynb" for language in languages()}
    assert links(readme) == expected


@pytest.mark.parametrize("readme", ["README.md", "README.ko.md"])
def test_every_notebook_that_a_binder_link_opens_exists(readme):
    opened = [urlsplit(link).path.removeprefix("lab/tree/") for link in links(readme)]
    paths = [path.removeprefix("voila/render/") for path in opened]
    assert paths
    assert not [path for path in paths if not (ROOT / path).is_file()]
