"""Every widget's script in one piece: its imports inside, and modules that a browser takes."""

import json
import re
import shutil
import subprocess

import pytest

from client_triage.views import modules
from client_triage.views.matrix import MatrixView
from client_triage.views.modules import SCRIPTS_VARIABLE, STATIC, script, scripts, style
from client_triage.views.sheet import Sheet
from client_triage.views.shell import ShellView
from client_triage.views.tally import TallyView
from client_triage.views.workspace import Workspace

SCRIPTS = sorted(path.name for path in STATIC.glob("*.js"))
WIDGETS = sorted(
    path.stem for path in STATIC.glob("*.js") if "export default view(" in path.read_text("utf-8")
)
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
    assert run(node, f"{code}\nconsole.log(typeof given().render);") == "function"


@pytest.mark.parametrize("name", WIDGETS)
def test_a_widget_draws_nothing_before_its_first_state(name, node):
    code = script(f"{name}.js").replace("export default ", "const given = ")
    place = "{ classList: { add() {} }, addEventListener() {} }"
    model = "{ get: () => ({}), on() {}, off() {} }"
    drawn = f"typeof given().render({{ model: {model}, el: {place} }})"
    assert run(node, f"{code}\nconsole.log({drawn});") == "function"


def test_what_a_page_serves_has_every_widgets_script_by_its_name(node):
    code = scripts().replace("export const views", "const views")
    names = [f"{name}.js" for name in WIDGETS]
    told = run(node, f"{code}\nconsole.log(JSON.stringify(Object.keys(views).sort()));")
    assert json.loads(told) == names


def test_what_a_page_serves_has_each_module_once():
    assert scripts().count("function outbox(") == 1


@pytest.mark.parametrize("name", WIDGETS)
def test_what_a_page_serves_makes_each_widget_anew(name, node):
    code = scripts().replace("export const views", "const views")
    made = f"views[{json.dumps(name + '.js')}]"
    assert run(node, f"{code}\nconsole.log({made}() === {made}());") == "false"


def test_a_widget_of_a_page_takes_its_script_from_where_the_page_serves_it(monkeypatch):
    script.cache_clear()
    monkeypatch.setenv(SCRIPTS_VARIABLE, "/base/voila/static/views.js?v=1")
    taken = script("matrix.js")
    script.cache_clear()
    assert 'import(new URL("/base/voila/static/views.js?v=1", location))' in taken
    assert taken.endswith('export default views["matrix.js"];')


@pytest.mark.parametrize(
    ("language", "typed", "number"),
    [
        ("en", "1,200", 1200),
        ("en", "1,234,567.5", 1234567.5),
        ("en", " 2.5 ", 2.5),
        ("en", ".5", 0.5),
        ("en", "1/2", 0.5),
        ("en", "-3", -3),
        ("ko", "1,200", 1200),
        ("de", "1.200,5", 1200.5),
        ("de", "1,5", 1.5),
        ("en", "1,5", None),
        ("ko", "0,75", None),
        ("en", "12,34", None),
        ("en", "1,2000", None),
        ("de", "1.5", None),
        ("en", "", None),
        ("en", ".", None),
        ("en", "1/2/3", None),
        ("en", "four", None),
    ],
)
def test_a_number_is_read_as_its_language_writes_it_or_not_at_all(language, typed, number, node):
    code = script("question.js").replace("export {", "const given = {")
    asked = f"given.numberIn({json.dumps(typed)}, {json.dumps(language)})"
    assert json.loads(run(node, f"{code}\nconsole.log(JSON.stringify({asked}));")) == number


def test_a_number_that_python_has_is_that_number_in_every_language(node):
    code = script("question.js").replace("export {", "const given = {")
    assert run(node, f"{code}\nconsole.log(given.numberIn(2.5, 'de'));") == "2.5"


def test_the_style_sheet_is_tokens_levels_what_all_share_and_then_each_views_own():
    def place(name):
        return style().index((STATIC / name).read_text("utf-8"))

    own = [
        path.name for path in STATIC.glob("*.css") if path.name not in {"tokens.css", "base.css"}
    ]
    levels = style().index("[data-level=fire]")
    assert place("tokens.css") < levels < place("base.css") < min(map(place, own))


@pytest.mark.parametrize("kind", [MatrixView, ShellView], ids=lambda kind: kind.__name__)
def test_a_view_sends_no_style_sheet_of_its_own(kind):
    assert not hasattr(kind, "_css")


def test_all_views_of_a_kernel_have_one_style_sheet():
    workspace = Workspace(language="en")
    assert MatrixView(workspace).sheet is TallyView(workspace).sheet
    assert MatrixView(workspace).sheet.get_state("_css") == {"_css": style()}


def test_a_style_sheet_that_was_closed_comes_anew_with_the_next_view():
    before = Sheet.shared()
    before.close()
    after = TallyView(Workspace(language="en")).sheet
    assert after is not before
    assert after.comm is not None


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
