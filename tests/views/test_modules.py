"""Every widget's script in one piece: its imports inside, and modules that a browser takes."""

import re
import shutil
import subprocess

import pytest

from client_triage.domain.levels import Level
from client_triage.palette import LEVEL_LOOKS
from client_triage.views import modules
from client_triage.views.modules import STATIC, script, style

SCRIPTS = sorted(path.name for path in STATIC.glob("*.js"))
WIDGETS = sorted(path.stem for path in STATIC.glob("*.js") if path.with_suffix(".css").exists())
IMPORT = re.compile(r"^\s*import\b[^(]", re.MULTILINE)


@pytest.fixture
def static(tmp_path, monkeypatch):
    """Write modules of one's own: ``static(main='import { a } from "./other.js";')``."""
    monkeypatch.setattr(modules, "STATIC", tmp_path)
    script.cache_clear()

    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.js").write_text(text, "utf-8")

    yield write
    script.cache_clear()


@pytest.fixture(scope="module")
def node():
    found = shutil.which("node")
    if found is None:
        pytest.skip("needs node")
    return found


def run(node, code):
    done = subprocess.run(
        [node, "--input-type=module"], input=code, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_imports_nothing_any_more(name):
    assert IMPORT.findall(script(name)) == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_a_module_that_parses(name, node, tmp_path):
    path = tmp_path / "whole.mjs"
    path.write_text(script(name), "utf-8")
    checked = subprocess.run([node, "--check", path], capture_output=True, text=True, check=False)
    assert checked.stderr == ""


@pytest.mark.parametrize("name", WIDGETS)
def test_a_widgets_script_gives_one_thing_that_renders(name, node):
    code = script(f"{name}.js").replace("export default ", "const given = ")
    assert run(node, f"{code}\nconsole.log(typeof given.render);") == "function"


@pytest.mark.parametrize("name", WIDGETS)
def test_a_widgets_style_comes_after_the_palette_and_what_all_share(name):
    text = style(f"{name}.css")
    base, own = ((STATIC / sheet).read_text("utf-8") for sheet in ("base.css", f"{name}.css"))
    assert text.index("[data-level=fire]") < text.index(base) < text.rindex(own)


def test_every_level_has_its_colour():
    text = style("tally.css")
    assert all(f"--level: {LEVEL_LOOKS[level].colour}" in text for level in Level)


@pytest.mark.parametrize(
    "other",
    [
        "export const a = 1;\nexport function b() { return 2; }",
        "const a = 1, b = () => 2;\nexport { a, b };",
        "const x = 1, y = () => 2;\nexport { x as a, y as b };",
        "export const a = 1;\nexport async function b() {}\nexport class C {}",
    ],
)
def test_named_exports_are_found(static, node, other):
    static(main='import { a, b } from "./other.js";\nconsole.log(a, typeof b);', other=other)
    assert run(node, script("main.js")) == "1 function"


def test_a_default_export_is_found(static, node):
    static(
        main='import given from "./other.js";\nconsole.log(given.a);',
        other="export default { a: 1 };",
    )
    assert run(node, script("main.js")) == "1"


def test_a_name_can_be_changed_on_the_way(static, node):
    static(
        main='import { a as one } from "./other.js";\nconsole.log(one);',
        other="export const a = 1;",
    )
    assert run(node, script("main.js")) == "1"


def test_what_two_modules_import_is_inside_once_and_first(static, node):
    static(
        main='import { a } from "./left.js";\nimport { b } from "./right.js";\nconsole.log(a + b);',
        left='import { one } from "./base.js";\nexport const a = one;',
        right='import { one } from "./base.js";\nexport const b = one + 1;',
        base='console.log("made");\nexport const one = 1;',
    )
    assert run(node, script("main.js")) == "made\n3"


def test_names_of_one_module_do_not_reach_another(static, node):
    static(
        main='import { a } from "./other.js";\nconst inner = 5;\nconsole.log(a + inner);',
        other="const inner = 1;\nexport const a = inner;",
    )
    assert run(node, script("main.js")) == "6"


def test_a_module_that_is_not_there_is_an_error(static):
    static(main='import { a } from "./none.js";')
    with pytest.raises(FileNotFoundError):
        script("main.js")
