"""JupyterLab's scripts in one piece: which chunks are taken, in which order, how kept apart."""

import json

import pytest

from client_triage.serve.lab_script import lab_script

STRICT = '"use strict";(self.webpackChunk_lab=self.webpackChunk_lab||[]).push([[7],{1:()=>{}}])'
ENTRY = "const load = () => Promise.all([r.e(7), r.e(8)]);"


@pytest.fixture
def voila(tmp_path):
    """Write files beside Voilà's entry script: ``voila(**{"7.voila": text})``."""
    folder = tmp_path / "voila"
    folder.mkdir()
    (folder / "voila.js").write_text(ENTRY, "utf-8")

    def write(**texts):
        for name, text in texts.items():
            (folder / f"{name}.js").write_text(text, "utf-8")
        return [str(tmp_path / "none"), str(folder)]

    return write


@pytest.fixture
def extension(tmp_path):
    """Write an extension with an entry script and other files; give its folder."""

    def write(entry, **texts):
        static = tmp_path / "extension" / "static"
        static.mkdir(parents=True)
        build = {"load": "static/remoteEntry.abc.js"}
        told = json.dumps({"jupyterlab": {"_build": build}})
        (static.parent / "package.json").write_text(told, "utf-8")
        for name, text in {"remoteEntry.abc": entry, **texts}.items():
            (static / f"{name}.js").write_text(text, "utf-8")
        return static.parent

    return write


def test_a_chunk_that_the_entry_names_stands_before_the_entry(voila):
    made = lab_script(voila(**{"7.voila": STRICT}), [])
    assert made.index("[[7]") < made.index(ENTRY)


def test_a_chunk_that_the_entry_does_not_name_is_left_out(voila):
    other = STRICT.replace("[[7]", "[[9]")
    assert lab_script(voila(**{"9.voila": other}), []) == ENTRY


def test_a_chunk_of_several_numbers_is_taken_for_any_of_them(voila):
    both = STRICT.replace("[[7]", "[[9,8]")
    assert "[[9,8]" in lab_script(voila(**{"9.voila": both}), [])


def test_a_licence_before_a_chunk_stays(voila):
    noted = f"/*! For license information please see 7.voila.js.LICENSE.txt */\n{STRICT}"
    assert "LICENSE.txt */" in lab_script(voila(**{"7.voila": noted}), [])


def test_a_strict_chunk_makes_nothing_else_strict(voila):
    made = lab_script(voila(**{"7.voila": STRICT}), [])
    assert made.startswith('(() => {"use strict";')
    assert made.endswith(f"}})();\n{ENTRY}")


def test_a_file_that_is_no_chunk_is_left_out(voila):
    worker = "self.onmessage = () => r.e(7);"
    assert lab_script(voila(**{"7.voila": worker}), []) == ENTRY


@pytest.mark.parametrize(
    "begins",
    [
        '"use strict";\n(self["webpackChunk_any"] = self["webpackChunk_any"] || []).push([["5"], {',
        "(self.rspackChunk_any=self.rspackChunk_any||[]).push([[5],{",
    ],
)
@pytest.mark.parametrize("names", ['r.e("5")', "r.e(5)"])
def test_an_extensions_chunks_are_taken_however_its_bundler_writes_them(
    voila, extension, begins, names
):
    folder = extension(names, **{"5.0a1b2c3d": f"{begins} 1: () => {{}} }}])"})
    assert begins in lab_script(voila(), [folder])


def test_an_extensions_entry_stays_where_it_is(voila, extension):
    assert lab_script(voila(), [extension("var entry;")]) == ENTRY
