"""What a visitor gets over HTTP, what they do not, and how often."""

from __future__ import annotations

import asyncio
import posixpath
import re

import pytest

from client_triage import cli, serve
from client_triage.serve import limits as limits_module
from client_triage.serve.limits import Limit, is_own
from client_triage.serve.options import Options
from client_triage.serve.page import (
    EXTENSIONS,
    LONGEST_BODY,
    LONGEST_HEAD,
    RETRY_SECONDS,
    configuration,
    requests,
)
from client_triage.serve.visitors import Ready, Visitors

from .attacker import Attacker, ask, ask_raw

JS = "voila/static/client-triage.js"
NOWHERE = [
    "../",
    "voila",
    "voila/",
    "voila/static",
    "voila/static/",
    "voila/static/../../page.py",
    "voila/static/%2e%2e/%2e%2e/page.html",
    "voila/static/..%2fshell.css",
    "voila/static/../shell.css",
    "voila/static//etc/hosts.css",
    "voila/static/%00.js",
    "voila/static/client-triage.js%00.css",
    "voila/static/client-triage.js/",
    "voila/static/.js",
    "voila/templates/",
    "voila/templates/x",
    "voila/templates/../static/client-triage.js",
    "voila/templates/classic/static/voila.js",
    "voila/templates/lab/index.html.j2",
    "voila/templates/lab/static/../../../../../../../../etc/passwd",
    "voila/labextensions/",
    "voila/labextensions/anywidget/",
    "voila/labextensions/anywidget/package.json",
    "voila/labextensions/anywidget/static/../package.json",
    "voila/labextensions/jupyterlab_pygments/static/style.js",
    "voila/labextensions/@jupyter-widgets/jupyterlab-manager/install.json",
    "voila/api/themes/@jupyterlab/theme-light-extension/index.css",
    "voila/api/contents/",
    "voila/files/stand-in.ipynb",
    "voila/render/stand-in.ipynb",
    "voila/tree",
    "voila/query/x",
    "voila/execution/x",
    "stand-in.ipynb",
    "api",
    "api/kernels",
    "api/kernelspecs",
    "api/sessions",
    "api/terminals",
    "api/contents/stand-in.ipynb",
    "api/status",
    "api/me",
    "api/kernels/00000000-0000-0000-0000-000000000000",
    "api/kernels/00000000-0000-0000-0000-000000000000/channels",
    "api/kernels/00000000-0000-0000-0000-000000000000/restart",
    "api/kernels/../kernels",
    "files/stand-in.ipynb",
    "static/style/style.min.css",
    "login",
    "logout",
    "metrics",
    "lab",
    "%",
    "%ff",
    "\xff",
]
MINE = "198.51.100.1"


@pytest.fixture(scope="module")
def visitor(server):
    """Give a visitor with a page."""
    return Attacker.arrives(server.url)


def get_raw(url, path, head=""):
    """Get an address as it is written, without anybody tidying it."""
    _, _, host, base, *_ = url.split("/")
    request = f"GET /{base}/{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{head}\r\n"
    return ask_raw(url, request.encode("latin-1"))


# --- what there is --------------------------------------------------------------------------


@pytest.mark.parametrize("path", NOWHERE)
def test_there_is_no_other_address_than_the_pages_own(server, path):
    answer = get_raw(server.url, path)
    assert re.match(rb"HTTP/1.1 (404|400) ", answer), answer[:80]
    for secret in (b"Traceback", b"site-packages", b"stand-in", b"root:", b"tornado", b"import "):
        assert secret not in answer
    if b" 404 " in answer[:16]:
        assert b"Content-Security-Policy" in answer or b"Content-Length: 0" in answer


def test_what_bears_its_version_is_kept_by_the_browser(server):
    html = ask(server.url).text
    kept = re.findall(r'"/triage/(voila/labextensions/[^"]+|voila/static/views[^"]+)"', html)
    assert len(kept) == len(EXTENSIONS) + 1
    for path in kept:
        answer = ask(server.url + posixpath.normpath(path))  # as a browser does
        lasts = re.search(r"max-age=(\d+)", answer.headers["Cache-Control"])
        assert int(lasts[1]) >= 365 * 24 * 3600, path


def test_what_bears_no_version_is_asked_for_again(server):
    path = "voila/labextensions/@jupyter-widgets/jupyterlab-manager/static/style.js"
    assert ask(server.url + path).headers["Cache-Control"] == "no-cache"


def test_outside_its_path_the_server_has_nothing(server):
    for path in ("/", "/api/kernels", f"/{JS}", "//triage/"):
        assert ask_raw(server.url, f"GET {path} HTTP/1.0\r\n\r\n".encode()).split()[1] == b"404"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"])
def test_nothing_is_done_but_what_the_page_does(server, visitor, method):
    token = f"?_xsrf={visitor.xsrf}"
    for address in (server.url, visitor.record, f"{visitor.record}/channels", server.url + JS):
        if (method, address) == ("HEAD", server.url + JS):
            continue
        assert visitor.ask(address + token, method, None).status in {403, 404, 405}
    for action in ("restart", "interrupt"):
        assert visitor.ask(f"{visitor.record}/{action}{token}", method).status in {403, 404, 405}
    assert visitor.ask(visitor.record).status == 200


def test_nothing_is_posted_without_the_token_of_the_visitors_cookie(server, visitor):
    end = f"{server.url}voila/api/shutdown/{visitor.kernel}"
    assert visitor.ask(end, "POST", b"").status == 403
    assert visitor.ask(end, "POST", b"_xsrf=other").status == 403


def test_the_scripts_that_the_page_names_are_there(server, visitor):
    named = set(re.findall(r'(?:src|href)="/triage/(voila/[^"]+)"', visitor.html))
    assert JS in named
    tidy = map(posixpath.normpath, named)  # as a browser asks for them
    assert [path for path in tidy if ask(server.url + path).status != 200] == []


def test_the_page_names_no_other_host(visitor):
    assert re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z][\w./-]*", visitor.html) == []


def test_the_page_shows_neither_source_nor_path(visitor, tmp_path_factory):
    for secret in ("import anywidget", "site-packages", str(tmp_path_factory.getbasetemp())):
        assert secret not in visitor.html


def test_neither_template_nor_theme_can_be_switched(server):
    switched = ask(f"{server.url}?template=classic&theme=dark&voila-template=classic")
    assert 'class="client-triage' in switched.text
    assert "theme-light" in switched.text
    assert "theme-dark" not in switched.text


def test_every_answer_but_a_file_has_a_policy_that_runs_nothing_inline(server, visitor):
    for address in (server.url, visitor.record, f"{server.url}voila/room", f"{server.url}none"):
        policy = visitor.ask(address).headers["Content-Security-Policy"]
        assert "unsafe-inline" not in re.sub(r"style-src[^;]*", "", policy)
        assert "unsafe-eval" not in policy


# --- sizes ----------------------------------------------------------------------------------


def test_a_long_body_is_refused_before_it_is_read(server):
    _, _, host, *_ = server.url.split("/")
    head = f"POST /triage/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: {LONGEST_BODY + 1}\r\n\r\n"
    assert ask_raw(server.url, head.encode()).startswith(b"HTTP/1.1 400 ")


def test_a_long_head_is_answered_with_nothing(server):
    assert get_raw(server.url, "", f"Cookie: {'x' * LONGEST_HEAD}\r\n") == b""
    assert ask(f"{server.url}voila/room").status == 200


# --- names, addresses, cookies --------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("triage.example.org", 200),
        ("triage.example.org:443", 200),
        ("127.0.0.1", 200),
        ("localhost", 200),
        ("evil.example", 403),
        ("triage.example.org.evil.example", 403),
        ("10.0.0.1", 403),
    ],
)
def test_the_page_is_asked_for_by_its_own_names_alone(server, host, status):
    assert ask(f"{server.url}voila/room", Host=host).status == status


def test_a_public_page_without_a_name_answers_to_any_and_with_one_to_that(tmp_path):
    for name, is_any in ((None, True), ("triage.example.org", False)):
        served = configuration(tmp_path, Options(port=1, public=True, host_name=name))
        assert served.Voila.tornado_settings["allow_remote_access"] is is_any


def test_whom_a_request_comes_from_is_not_believed_of_other_computers():
    assert requests(is_public=True)["xheaders"] is False


def test_cookies_end_with_the_browser_and_stay_below_the_pages_path(server):
    answer = ask(server.url, X_Forwarded_Proto="https")
    cookies = {one.partition("=")[0]: one for one in answer.headers.get_all("Set-Cookie")}
    [whose] = [cookie for name, cookie in cookies.items() if name.startswith("username-")]
    for cookie in (whose, cookies["_xsrf"]):
        assert "Path=/triage/" in cookie
        assert "SameSite=Lax" in cookie
        assert "expires" not in cookie
    assert "HttpOnly" in whose
    assert "Secure" in whose


# --- how often ------------------------------------------------------------------------------


def come(server, address, **headers):
    """Ask for the page from an address, in Korean."""
    return ask(server.url, X_Forwarded_For=address, Accept_Language="ko", **headers)


def test_an_address_that_comes_too_often_waits_and_is_let_in_by_itself(server):
    assert [come(server, MINE).status for _ in range(2)] == [200, 200]
    late = come(server, f"203.0.113.9, {MINE}")
    assert late.status == 429
    assert late.headers["Retry-After"] == str(RETRY_SECONDS)
    assert '<html lang="ko">' in late.text
    assert 'data-address="/triage/voila/room"' in late.text
    assert ask(f"{server.url}voila/room", X_Forwarded_For=MINE).text == '{"room": false}'
    assert ask(f"{server.url}voila/room", X_Forwarded_For="198.51.100.2").text == '{"room": true}'


@pytest.fixture
def clock(monkeypatch):
    """Give a clock that the test moves: ``clock(seconds)``."""
    now = [1000.0]
    monkeypatch.setattr(limits_module.time, "monotonic", lambda: now[0])
    return lambda seconds: now.__setitem__(0, now[0] + seconds)


def test_so_many_come_at_once_and_then_one_after_the_other(clock):
    limit = Limit(at_once=60, seconds=2)
    assert [limit.take(MINE) for _ in range(61)] == [True] * 60 + [False]
    clock(2)
    assert [limit.take(MINE) for _ in range(2)] == [True, False]
    clock(120)
    assert [limit.take(MINE) for _ in range(61)] == [True] * 60 + [False]


def test_to_ask_whether_there_is_one_left_takes_none(clock):
    limit = Limit(at_once=1, seconds=2)
    assert [limit.allows(MINE) for _ in range(3)] == [True] * 3
    limit.take(MINE)
    assert not limit.allows(MINE)
    clock(2)
    assert limit.allows(MINE)


@pytest.mark.usefixtures("clock")
def test_with_ipv6_a_whole_network_is_one_address():
    limit = Limit(at_once=1, seconds=2)
    assert limit.take("2001:db8:0:1::1")
    assert not limit.take("2001:db8:0:1:ffff::2")
    assert limit.take("2001:db8:0:2::1")


def test_addresses_that_have_waited_are_forgotten(clock, monkeypatch):
    monkeypatch.setattr(limits_module, "_MANY", 0)
    limit = Limit(at_once=1, seconds=2)
    for last in range(3):
        limit.take(f"198.51.100.{last}")
        clock(5)
    limit.take(MINE)
    assert list(limit._full) == [MINE]  # noqa: SLF001 - that it is gone is seen from inside only


@pytest.mark.parametrize(
    ("address", "own"),
    [("127.0.0.1", True), ("::1", True), ("::ffff:127.0.0.1", True), (MINE, False), ("", False)],
)
def test_whoever_sits_at_this_computer_is_not_limited(address, own):
    assert is_own(address) is own


class Kernels:
    """As many kernels as there are names."""

    def __init__(self, *names):
        self.names = names

    def hand_out(self, kernel_id):
        """Take no notice of it."""

    def __contains__(self, name):
        return name in self.names


class Hosts(Visitors):
    """Has a kernel at once for whoever comes."""

    def __init__(self, *names):
        super().__init__(Kernels(*names), None, language="en", ready=0, most=2)
        self._names = iter(names)

    async def _make(self):
        return Ready(next(self._names), "en", "")

    async def admit_some(self, count):
        """Admit so many visitors."""
        for number in range(count):
            await self.admit("en", f"visitor {number}")


@pytest.mark.parametrize(("admitted", "room"), [(0, True), (1, True), (2, False)])
def test_there_are_so_many_visitors_at_once_and_no_more(admitted, room):
    visitors = Hosts("a", "b", "kept ready")
    asyncio.run(visitors.admit_some(admitted))
    assert visitors.have_room is room


def test_a_kernel_that_nobody_was_given_is_nobodys():
    visitors = Visitors(Kernels("a"), None, language="en", ready=0, most=2)
    assert not visitors.is_of("a", "somebody")


# --- the command ----------------------------------------------------------------------------


@pytest.fixture
def served(monkeypatch):
    """Give the options that the command hands on, instead of a server."""
    given = []
    monkeypatch.setattr(serve, "serve", lambda options: given.append(options) or 0)
    return given


@pytest.mark.parametrize(
    ("path", "base"), [("/", "/"), ("/triage", "/triage/"), ("/a/b-c/", "/a/b-c/"), ("", "/")]
)
def test_a_path_ends_with_a_slash(served, path, base):
    cli.main(["serve", "--base-url", path, "--host-name", "triage.example.org"])
    [options] = served
    assert options.base_url == base
    assert options.host_name == "triage.example.org"


@pytest.mark.parametrize(
    "options",
    [
        ["--base-url", "triage"],
        ["--base-url", "//triage"],
        ["--base-url", "/a?b"],
        ["--host-name", "https://triage.example.org"],
        ["--host-name", "triage.example.org:8866"],
        ["--host-name", "*"],
        ["--host-name", ""],
    ],
)
def test_what_is_no_path_and_no_name_is_wrong_usage(options, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["serve", *options])
    assert stop.value.code == 2
    assert "expected" in capsys.readouterr().err
