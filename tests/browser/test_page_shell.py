"""What stands around the notebook: language, landmarks, headers, and what is kept closed."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid

import nbformat
import pytest
import websocket
from jupyter_server.base.websocket import WebSocketMixin

from client_triage.serve.language import choose_language
from client_triage.serve.options import Options
from client_triage.serve.page import configuration, scripts_address

pytestmark = pytest.mark.browser

TITLES = {"en": "Client Triage: keep, fix or part ways", "ko": "이 고객, 계속 가도 될까?"}
CELL = """
import os, sys
import anywidget, ipywidgets, traitlets

class Told(anywidget.AnyWidget):
    _esm = "export default {render({model, el}) {el.className = 'told'; "
    _esm += "el.textContent = model.get('text')}}"
    text = traitlets.Unicode().tag(sync=True)

told = " ".join([sys.executable, os.environ["CLIENT_TRIAGE_SCRIPTS"]])
ipywidgets.VBox([ipywidgets.IntSlider(description="Slide"), Told(text=told)])
"""
CLOSED = [
    "voila/tree",
    "voila/render/stand-in.ipynb",
    "voila/files/stand-in.ipynb",
    "voila/files/",
    "voila/api/contents/",
    "api/contents",
    "api/kernels",
    "api/sessions",
    "api/terminals",
    "stand-in.ipynb",
    "login",
    "tree",
]


@pytest.fixture(scope="session")
def shell(serve_notebook, tmp_path_factory):
    """Serve a stand-in with one anywidget: the shell is the same around any notebook."""
    notebook = tmp_path_factory.mktemp("served") / "stand-in.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)]), notebook)
    return serve_notebook(notebook)


def get(url, **headers):
    """Return status, headers and text, whatever the status."""
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  # always loopback
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - always loopback
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def cookies_of(headers):
    """Return the cookies that came with a page, as they are sent back."""
    return "; ".join(cookie.partition(";")[0] for cookie in headers.get_all("Set-Cookie"))


def kernel_of(html):
    """Return the id of the kernel started for a page."""
    return re.search(r'data-kernel-id="([0-9a-f-]+)"', html)[1]


@pytest.mark.parametrize(("query", "lang"), [("", "en"), ("?lang=ko", "ko"), ("?lang=xx", "en")])
def test_the_page_speaks_the_language_that_was_asked_for(shell, page, query, lang):
    visit = page(shell + query)
    assert visit.locator("html").get_attribute("lang") == lang
    assert visit.title() == TITLES[lang]


def test_the_kernel_is_of_the_servers_own_interpreter_and_knows_where_the_page_has_its_scripts(
    shell, page
):
    told = page(shell).locator(".told").text_content(timeout=30_000)
    assert told == f"{sys.executable} {scripts_address('/')}"


def test_what_is_loaded_in_many_pieces_elsewhere_comes_as_one_file(shell, page):
    visit = page(shell)
    visit.get_by_role("slider").wait_for(timeout=30_000)
    asked = visit.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    names = [name.partition("?")[0].rpartition("/")[2] for name in asked]
    assert names.count("lab.js") == 1
    assert [name for name in names if name.endswith(".voila.js")] == []
    assert len(names) <= 20


def test_a_browser_that_prefers_korean_gets_korean(shell, page):
    visit = page(shell, locale="ko-KR")
    assert visit.locator("html").get_attribute("lang") == "ko"


@pytest.mark.parametrize(
    ("query", "preset", "accept", "lang"),
    [
        ("lang=ko", "en", "en", "ko"),
        ("lang=ko-KR", None, "", "ko"),
        ("lang=xx", None, "ko", "en"),
        ("room=7", "ko", "en", "ko"),
        ("", None, "fr, ko;q=0.4, en;q=0.3", "ko"),
        ("", None, "ko;q=0, en;q=0.1", "en"),
        ("", None, "ko;q=nonsense", "en"),
        ("", None, "fr", "en"),
    ],
)
def test_the_address_decides_then_the_server_then_the_browser(query, preset, accept, lang):
    assert choose_language(query, preset, accept) == lang


def test_the_page_says_that_it_is_getting_ready_and_when_it_is(shell, page):
    visit = page()
    visit.goto(f"{shell}?lang=ko", wait_until="commit")
    status = visit.get_by_role("status")
    status.get_by_text("준비하고 있어요").wait_for()
    visit.get_by_role("slider").wait_for(timeout=30_000)
    assert status.text_content() == "페이지가 준비됐어요."
    assert visit.get_by_role("main").count() == 1
    visit.keyboard.press("Tab")
    assert visit.evaluate("document.activeElement.getAttribute('href')") == "#content"


def test_the_policy_lets_nothing_be_evaluated_or_inlined(shell):
    _, headers, _ = get(shell)
    directives = headers["Content-Security-Policy"].split("; ")
    policy = dict(directive.split(" ", 1) for directive in directives)
    assert policy["default-src"] == "'self'"
    assert "unsafe" not in policy["script-src"]
    assert policy["object-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert all("//" not in sources for name, sources in policy.items() if name != "connect-src")
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_browser_holds_to_the_policy(shell, chromium):
    context = chromium.new_context()  # not `page`: the browser reports what it blocks as an error
    visit = context.new_page()
    visit.goto(shell)
    unwelcome = "<img src=x:y onerror=window.ran=1>"
    visit.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", unwelcome)
    visit.wait_for_timeout(200)
    assert visit.evaluate("window.ran") is None
    context.close()


@pytest.mark.parametrize("path", CLOSED)
def test_nothing_but_the_page_can_be_read(shell, path):
    status, _, text = get(shell + path)
    assert status in {403, 404}
    assert "stand-in" not in text


def test_a_missing_page_says_so_in_the_language_of_the_visitor(shell):
    _, _, text = get(f"{shell}nothing?lang=ko")
    assert '<html lang="ko">' in text
    assert "이 주소에는 페이지가 없어요." in text
    assert "//" not in text


def test_other_host_names_are_refused_on_loopback(shell):
    status, _, _ = get(shell, Host="rebound.example")
    assert status == 403


def test_the_address_cannot_choose_another_template(shell):
    _, _, text = get(f"{shell}?template=classic&theme=dark")
    assert 'class="client-triage' in text
    assert "theme-dark" not in text


def test_code_sent_over_the_websocket_is_not_run(shell, tmp_path):
    _, headers, html = get(shell)
    trace = tmp_path / "ran"
    channels = websocket.create_connection(
        f"{shell.replace('http', 'ws')}api/kernels/{kernel_of(html)}/channels?session_id=test",
        timeout=20,
        cookie=cookies_of(headers),
    )
    code = {"code": f"open({str(trace)!r}, 'w').close()", "silent": False}
    asked = send(channels, "execute_request", code)
    info = send(channels, "kernel_info_request", {})
    answers = []
    while ("kernel_info_reply", info) not in answers:
        message = json.loads(channels.recv())
        answers.append((message["msg_type"], message["parent_header"].get("msg_id")))
    channels.close()
    assert asked not in [parent for _, parent in answers]
    assert not trace.exists()


def send(channels, kind, content):
    """Send one Jupyter message and return its id."""
    identity = uuid.uuid4().hex
    header = {
        "msg_id": identity,
        "msg_type": kind,
        "session": "test",
        "username": "",
        "version": "5.3",
    }
    channels.send(
        json.dumps(
            {
                "channel": "shell",
                "header": header,
                "parent_header": {},
                "metadata": {},
                "content": content,
            }
        )
    )
    return identity


def test_each_page_has_its_own_kernel_which_ends_with_it(shell, page):
    visits = [page(shell), page(shell)]
    for visit in visits:
        visit.get_by_role("slider").wait_for(timeout=30_000)
    first, second = (visit.evaluate("document.body.dataset.kernelId") for visit in visits)
    assert first != second
    known = [visit.context.cookies() for visit in visits]
    own, others = (
        "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies) for cookies in known
    )
    assert get(f"{shell}api/kernels/{first}", Cookie=own)[0] == 200
    visits[0].goto("about:blank")
    deadline = time.monotonic() + 10
    while get(f"{shell}api/kernels/{first}", Cookie=own)[0] != 404:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert get(f"{shell}api/kernels/{second}", Cookie=others)[0] == 200


def test_a_page_that_only_waits_keeps_its_connection(tmp_path):
    served = configuration(tmp_path, Options())
    connection = WebSocketMixin()
    connection.settings = served.Voila.tornado_settings
    # The first check comes one interval after opening, before any pong was asked for.
    assert connection.ping_timeout > connection.ping_interval


def test_a_taken_port_is_one_line_and_no_traceback(tmp_path):
    notebook = tmp_path / "any.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), notebook)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code = (
            "import pathlib, sys; from client_triage.serve import Options, serve; "
            f"sys.exit(serve(Options(port={port}), pathlib.Path({str(notebook)!r})))"
        )
        ended = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
        )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert str(port) in ended.stderr
