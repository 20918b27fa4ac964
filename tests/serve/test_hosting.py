"""The configuration that the documentation gives for nginx and systemd does what it says."""

from __future__ import annotations

import configparser
import os
import posixpath
import re
import shutil
import socket
import subprocess
import time
import urllib.parse
from pathlib import Path

import pytest

from client_triage import cli, serve

from .attacker import PATIENCE, Attacker, ask, ask_raw

DOCS = Path(__file__).parents[2] / "docs"
JS = "voila/static/voila.js"
WRAPPED = """
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    types {{ text/html html; application/javascript js; }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {given}
}}
"""


def block(page, language):
    """Give the one block of a language on a page."""
    [found] = re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)
    return found


@pytest.fixture(scope="module")
def nginx(server, tmp_path_factory):
    """Run nginx as the documentation says, but for certificate and ports; give its address."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("no nginx here (Debian: apt-get install nginx)")
    folder = tmp_path_factory.mktemp("nginx")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = re.sub(r" *ssl_certificate.*\n", "", block("hosting.md", "nginx"))
    given = given.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    given = given.replace("127.0.0.1:8866", urllib.parse.urlsplit(server.url).netloc)
    user = "user root;" if os.geteuid() == 0 else ""
    path = folder / "nginx.conf"
    path.write_text(WRAPPED.format(user=user, folder=folder, given=given))
    command = [program, "-c", str(path), "-e", str(folder / "error.log")]
    with subprocess.Popen(command) as process:
        try:
            deadline = time.monotonic() + PATIENCE
            while True:
                assert process.poll() is None, (folder / "error.log").read_text()
                assert time.monotonic() < deadline
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                except OSError:
                    time.sleep(0.05)
                else:
                    break
            yield f"http://127.0.0.1:{port}/triage/"
        finally:
            process.terminate()


def test_through_nginx_a_page_reaches_its_kernel(nginx):
    visitor = Attacker.arrives(nginx)
    [model] = visitor.models
    with visitor.connect() as channels:
        channels.all_until_answered()
        done = {"method": "custom", "content": {"do": "nothing"}}
        channels.send("comm_msg", {"comm_id": model, "data": done})
        kinds = [message["header"]["msg_type"] for message in channels.all_until_answered()]
    assert "comm_msg" in kinds


def test_through_nginx_the_path_without_its_slash_leads_to_the_page(nginx):
    assert ask(nginx.removesuffix("/")).status == 200


def compressed(nginx, path):
    """Tell whether what is at an address comes compressed."""
    host = urllib.parse.urlsplit(nginx).netloc
    head = f"Host: {host}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
    answer = ask_raw(nginx, f"GET /triage/{path} HTTP/1.1\r\n{head}".encode())
    return b"Content-Encoding: gzip" in answer.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize("path", ["", JS, "voila/templates/lab/static/theme-light.css"])
def test_nginx_compresses_what_is_long(nginx, path):
    assert compressed(nginx, path)


def test_through_nginx_scripts_are_kept_by_the_browser_and_pages_are_not(nginx):
    assert ask(nginx + JS).headers.get_all("Cache-Control") == ["max-age=3600"]
    extension = re.search(r'/triage/(voila/labextensions/[^"]+\.js)"', ask(nginx).text)[1]
    kept = ask(nginx + posixpath.normpath(extension)).headers  # as a browser asks for it
    assert kept.get_all("Cache-Control") == ["max-age=3600"]
    assert kept.get_all("Set-Cookie") is None
    assert ask(nginx).headers.get_all("Cache-Control") == ["no-store"]


def test_through_nginx_nobody_says_whom_they_are(nginx):
    forged = {"X_Forwarded_For": "198.51.100.50", "X_Real_IP": "198.51.100.50"}
    assert [ask(nginx, **forged).status for _ in range(3)] == [200] * 3  # nobody's limit of two


def test_through_nginx_the_policy_is_there(nginx):
    assert "script-src 'self' blob:" in ask(nginx).headers["Content-Security-Policy"]


def test_the_server_needs_no_home_and_makes_none(server):
    assert Attacker.arrives(server.url).kernel
    assert not server.home.exists()


@pytest.fixture
def unit():
    """Give the unit of the documentation."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_string(block("hosting.md", "ini"))
    return parser


def test_systemd_takes_the_unit(tmp_path):
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("no systemd here")
    path = tmp_path / "client-triage.service"
    text = block("hosting.md", "ini").replace("/opt/client-triage/bin/client-triage", "/bin/true")
    path.write_text(text)
    done = subprocess.run([verify, "verify", path], capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == ""
    assert done.returncode == 0


def test_the_unit_starts_what_nginx_hands_on_to(unit, monkeypatch):
    given = []
    monkeypatch.setattr(serve, "serve", lambda options: given.append(options) or 0)
    _, *arguments = unit["Service"]["ExecStart"].split()
    cli.main(arguments)
    [options] = given
    conf = block("hosting.md", "nginx")
    assert f"server_name {options.host_name};" in conf
    assert f"location {options.base_url} {{" in conf
    assert f"proxy_pass http://127.0.0.1:{options.port};" in conf
    assert options.public is False


def test_the_unit_runs_as_a_user_that_owns_nothing_and_keeps_answers_off_the_disk(unit):
    service = unit["Service"]
    for switch in ("DynamicUser", "PrivateTmp", "NoNewPrivileges", "ProtectHome"):
        assert service[switch] == "yes"
    assert service["MemorySwapMax"] == service["LimitCORE"] == "0"
