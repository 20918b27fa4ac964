"""The Voilà application behind the page. Importing this module imports Voilà."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import signal
import socket
import sys
import tempfile
import uuid
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from jupyter_server.base.handlers import FileFindHandler
from tornado.ioloop import IOLoop
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError
from traitlets import Dict, List, Unicode, default
from traitlets.config import Config
from voila.app import Voila
from voila.handler import BaseVoilaHandler
from voila.static_file_handler import MultiStaticFileHandler

from client_triage.faults import FaultyFileError
from client_triage.forking.provisioner import warm
from client_triage.serve.channels import (
    ChannelsHandler,
    EndHandler,
    PageConnection,
    RecordHandler,
)
from client_triage.serve.kernels import PageKernels
from client_triage.serve.lab_script import lab_script
from client_triage.serve.language import (
    TEMPLATE,
    choose_language,
    languages,
    loss_words,
    page_words,
)
from client_triage.serve.limits import Limit
from client_triage.serve.rendering import Rendering
from client_triage.serve.visitors import Visitors
from client_triage.views.modules import SCRIPTS_VARIABLE, STATIC, scripts
from client_triage.words import DEFAULT_LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from client_triage.serve.options import Options

EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
)
"""The only JupyterLab extensions the page loads; without the first two no widget shows."""

IDLE_SECONDS = 3600
"""How long a kernel may idle, a page open on it or not, before it is ended."""

KEEP_ALIVE_SECONDS = 10
"""How long a waiting visitor's connection stays silent at most."""

RETRY_SECONDS = 10
"""How long a visitor for whom there is no room waits from try to try."""

PAGES = {"at_once": 60, "seconds": 2}
"""How many pages one address gets: a room of thirty shares one, and some reload theirs. Pages that
are only fetched are forgotten after a minute, so that an address can hold half of the sixty."""

CONNECTIONS = {"at_once": 120, "seconds": 1}
"""How many connections to kernels: when a room's network is back, all pages connect, some twice."""

LONGEST_MESSAGE = 10 * 1024 * 1024
"""Bytes: a file of 5 MB, the largest that can be opened, in which every character is escaped."""

LONGEST_HEAD = 32 * 1024
"""Bytes: cookies of other servers on this computer come along, some 400 bytes each."""

LONGEST_BODY = 4 * 1024
"""Bytes: all that is posted is the form that ends a kernel."""

SILENT_SECONDS = 75
"""How long a connection may send nothing before the server ends it; websockets are not meant."""

_POLICY = {
    "default-src": "'self'",
    "script-src": "'self' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'self'",
}
_SCRIPTS = "views.js"
_LAB_SCRIPT = "lab.js"
_EVERY_INTERFACE = "0.0.0.0"  # noqa: S104  # asked for by --public
_COOKIE = {"expires_days": None, "samesite": "Lax"}  # Strict: a link to the page would start anew
_LONGEST_SOCKET_PATH = 100  # bytes; macOS allows 104, Linux 108
_KERNEL = r"api/kernels/([0-9a-f-]{36})"
_PATH = r"(?:[\w-]+/)*[\w.-]+\.(?:css|js|svg|woff2?)"  # no folder has a dot in its name
_FILE = f"({_PATH})"
_VERSIONED = re.compile(r"\.[0-9a-f]{8,}\.js$")  # as webpack names what it builds
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")


class CannotListenError(Exception):
    """The address is taken or not allowed; the message says which and what to do."""


def listen(notebook: Path, options: Options, kind: type[Page] | None = None) -> None:
    """Serve `notebook` until a signal ends it.

    Parameters
    ----------
    kind
        The application, where it is another than the page's own.

    Raises
    ------
    CannotListenError
        When the port is taken or may not be used.
    """
    with tempfile.TemporaryDirectory(prefix="ct-") as scratch:
        config = configuration(Path(scratch), options)
        config.OwnInterpreter.preload = (kind or Page).preload
        # An instance of its own class: Voilà's parts write to its log.
        page = (kind or Page).instance(config=config, options=options)
        page.notebook_path = str(notebook)
        page.initialize([])
        # Tornado warns that Jupyter's wait for a pong is longer than its own could be. A shorter
        # one would end every connection: Jupyter first checks one interval after opening.
        logging.getLogger("tornado.general").setLevel(logging.ERROR)
        # It names visitors by their addresses, and whoever is refused could fill the log.
        logging.getLogger("tornado.access").setLevel(logging.CRITICAL)
        # Its handler has this level; the hundreds of remarks on each kernel need not be made.
        page.log.setLevel(page.log_level)
        page.start()


def configuration(scratch: Path, options: Options) -> Config:
    """Build the hardened configuration.

    Parameters
    ----------
    scratch : Path
        Folder for what Jupyter insists on writing (IPython's profile, a secret that signs
        notebooks); removed at the end.
    options : Options
        Where the page is served, and to whom.
    """
    kernel_env = {
        SCRIPTS_VARIABLE: scripts_address(options.base_url),
        "IPYTHONDIR": str(scratch / "ipython"),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # else the debugger warns, and nobody debugs here
    }
    if options.lang is not None:
        kernel_env["CLIENT_TRIAGE_LANG"] = options.lang
    server: dict[str, Any] = {
        "ip": _EVERY_INTERFACE if options.public else "127.0.0.1",
        "port": options.port,
        "base_url": options.base_url,
        "open_browser": False,
        "config_file_paths": [],  # a voila.json of the user's must not soften this one
        "connection_dir_root": str(scratch),
        "kernel_websocket_connection_class": PageConnection,
        "log_level": logging.ERROR,  # at WARNING every visit says "notebook is not trusted"
        "tornado_settings": {
            # Only names that are known are served: no page can rebind its DNS name to here.
            "allow_remote_access": options.public and options.host_name is None,
            "local_hostnames": ["localhost", *filter(None, [options.host_name])],
            "websocket_max_message_size": LONGEST_MESSAGE,
            "xsrf_cookie_kwargs": {"path": options.base_url, **_COOKIE},
            "headers": {
                "Content-Security-Policy": _policy(),
                "Referrer-Policy": "same-origin",
                "Cross-Origin-Opener-Policy": "same-origin",
            },
        },
    }
    rendering = {
        "template": "lab",  # the page's own folder is searched first: `Page.setup_template_dirs`
        "theme": "light",
        "allow_template_override": "NO",
        "allow_theme_override": "NO",
        "file_allowlist": [],
        "extension_allowlist": list(EXTENSIONS),
        "show_tracebacks": False,
        "strip_sources": True,
        "progressive_rendering": False,  # it loses widgets
        "kernel_spec_manager_class": OwnInterpreter,
        "multi_kernel_manager_class": PageKernels,
    }
    culling = {"cull_idle_timeout": IDLE_SECONDS, "cull_interval": 10, "cull_connected": True}
    return Config(
        Voila=server,
        VoilaConfiguration=rendering,
        VoilaExecutor={"cell_error_instruction": _failed()},
        MappingKernelManager={**culling, "allow_tracebacks": False},
        KernelManager={"transport": _transport(scratch)},
        ServerKernelManager={"core_event_schema_paths": []},  # read anew for each; nobody listens
        NotebookNotary={"data_dir": str(scratch), "db_file": ":memory:"},
        IdentityProvider={"cookie_options": _COOKIE},
        OwnInterpreter={"kernel_env": kernel_env},
    )


@cache
def scripts_address(base_url: str) -> str:
    """Give the address of the views' scripts; another version of them has another address."""
    return f"{base_url}voila/static/{_versioned(_SCRIPTS, scripts())}"


def _versioned(name: str, text: str) -> str:
    return f"{name}?v={hashlib.sha256(text.encode()).hexdigest()[:12]}"


def requests(*, is_public: bool) -> dict[str, Any]:
    """Say what is taken for a request, and from whom it is said to come."""
    return {
        # Whoever connects on loopback is this computer, or the proxy that runs on it.
        "xheaders": not is_public,
        "max_header_size": LONGEST_HEAD,
        "max_body_size": LONGEST_BODY,
        "idle_connection_timeout": SILENT_SECONDS,
        "body_timeout": SILENT_SECONDS,
    }


def _failed() -> str:
    """Say in every language that the page could not be shown; which one is wanted is not known."""
    try:
        return " · ".join(page_words(language)["failed"] for language in languages())
    except (FaultyFileError, KeyError):  # a preview starts with faulty content too
        return ""


def _transport(scratch: Path) -> str:
    """Return ``ipc`` where it can be had: no port to clash over, no other user to listen in."""
    longest = len(str(scratch)) + len("/voila_12345678/kernel-.json-ipc-5") + len(str(uuid.uuid4()))
    return "ipc" if hasattr(socket, "AF_UNIX") and longest <= _LONGEST_SOCKET_PATH else "tcp"


def _policy(host: str = "") -> str:
    """Return the content security policy; with `host`, its websockets are named too."""
    directives = dict(_POLICY)
    if _HOST.fullmatch(host):  # not every browser counts ws: on the same host as 'self'
        directives["connect-src"] += f" ws://{host} wss://{host}"
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


class OwnInterpreter(KernelSpecManager):  # type: ignore[misc, unused-ignore]
    """Knows one kernel: ipykernel in the interpreter that runs the server.

    Jupyter looks in the user's folder, the environment's and the system's, in an order that
    depends on settings; a ``python3`` found in any of them may be somebody else's interpreter.
    """

    kernel_env = Dict(help="Variables set in every kernel.").tag(config=True)
    preload: List[str] = List(Unicode(), help="See docs/forking.md.").tag(config=True)

    @default("kernel_dirs")
    def _no_dirs(self) -> list[str]:
        return []

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the one specification there is, whatever environment Jupyter would prefer."""
        spec = super().get_kernel_spec(kernel_name)
        launcher = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
        # Every message names its sender, which is else the user that the server runs as.
        own = ["--HistoryManager.enabled=False", "--Session.username=visitor"]
        spec.argv = [sys.executable, *launcher, *own]
        spec.env = dict(self.kernel_env)
        provisioner = {
            "provisioner_name": "client-triage-fork",
            "config": {"preload": self.preload},
        }
        spec.metadata = {"kernel_provisioner": provisioner}
        return spec


class PageHandler(BaseVoilaHandler):  # type: ignore[misc]
    """Answers ``/`` and nothing else, in the visitor's language."""

    _turn: asyncio.Future[str] | None = None

    @property
    def language(self) -> str:
        """Give the language of this visit."""
        accept = self.request.headers.get("Accept-Language", "")
        preset: str | None = self.settings["client_triage_language"]
        return choose_language(self.request.query, preset, accept)

    @property
    def content_security_policy(self) -> str:
        """Give the policy, with this host's websockets in it."""
        return _policy(self.request.host)

    async def get(self, path: str) -> None:
        """Answer with the page; any longer address is none."""
        if path:
            raise HTTPError(404)
        visitors: Visitors = self.settings["client_triage_visitors"]
        self.set_header("Content-Language", self.language)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        if not visitors.have_room:
            self._send_away(503)
            return
        if not self.settings["client_triage_pages"].take(self.request.remote_ip or ""):
            self._send_away(429)
            return
        _ = self.xsrf_token  # sets the cookie without which the page cannot end its kernel
        self.write(self.render_template("head.html"))  # readable before there is a kernel
        self.write(visitors.opening)
        await self.flush()
        self._turn = asyncio.ensure_future(
            visitors.admit(self.language, self.current_user.username)
        )
        try:
            self.write(await self._in_turn(self._turn))
        except (asyncio.CancelledError, StreamClosedError):
            return  # whoever waited is gone
        except Exception:
            self.log.exception("The page could not be made")
            self.write("</main></body></html>")  # its script says that it failed

    def _send_away(self, status: int) -> None:
        """Have the visitor wait; the page that says so lets them in by itself."""
        self.set_status(status)
        self.set_header("Retry-After", RETRY_SECONDS)
        self.write(self.render_template("full.html", seconds=RETRY_SECONDS))

    async def _in_turn(self, turn: asyncio.Future[str]) -> str:
        """Wait; now and then send a line end, so that nobody in between ends the connection."""
        while True:
            done, _ = await asyncio.wait({turn}, timeout=KEEP_ALIVE_SECONDS)
            if done:
                return turn.result()
            self.write("\n")
            await self.flush()

    def on_connection_close(self) -> None:
        """Leave the queue: whoever waited is gone."""
        super().on_connection_close()
        if self._turn is not None:
            self._turn.cancel()

    def render_template(self, name: str, **names: object) -> str:
        """Render a template, with the words of the language."""
        given = {
            "shell": page_words(self.language),
            "losses": loss_words(),
            "scripts": scripts_address(self.base_url),
            "lab_script": self.settings["client_triage_lab_script"],
        }
        return str(super().render_template(name, **given, **names))


class ExtensionHandler(FileFindHandler):  # type: ignore[misc, unused-ignore]
    """Serves the files of JupyterLab extensions."""

    def set_headers(self) -> None:
        """Let the browser keep what bears its version in its name, and ask for nothing of it."""
        super().set_headers()
        lasts = _VERSIONED.search(self.request.path)
        self.set_header("Cache-Control", "max-age=31536000, immutable" if lasts else "no-cache")


class RoomHandler(BaseVoilaHandler):  # type: ignore[misc]
    """Says whether there is room for one more."""

    def get(self) -> None:
        """Answer with ``{"room": true}`` or ``{"room": false}``."""
        self.set_header("Cache-Control", "no-store")
        may = self.settings["client_triage_pages"].allows(self.request.remote_ip or "")
        self.write({"room": may and self.settings["client_triage_visitors"].have_room})


class Page(Voila):  # type: ignore[misc]
    """Stand-alone Voilà with the page's template and only the addresses the page needs."""

    handler: type[PageHandler] = PageHandler
    """Answers ``/``."""

    preload: ClassVar = ["client_triage.serve.rehearsal:rehearse"]
    """What is done before kernels are forked."""

    def __init__(self, *, config: Config, options: Options) -> None:
        super().__init__(config=config)
        self._options = options

    def setup_template_dirs(self) -> None:
        """Look for templates and static files in the page's own folders first."""
        super().setup_template_dirs()
        self.template_paths[:0] = [str(TEMPLATE), str(STATIC)]  # the views' tokens are the page's
        made = Path(self.connection_dir_root, "static")
        made.mkdir()
        (made / _SCRIPTS).write_text(scripts(), "utf-8")
        lab = lab_script(self.static_paths, self._extensions())
        (made / _LAB_SCRIPT).write_text(lab, "utf-8")
        self.lab_script = _versioned(_LAB_SCRIPT, lab)
        self.static_paths[:0] = [str(TEMPLATE / "static"), str(made)]

    def _extensions(self) -> Iterator[Path]:
        """Give the folders of the extensions whose scripts are put before JupyterLab's."""
        for name in ("@jupyter-widgets/jupyterlab-manager", "anywidget"):
            found = (Path(folder, name) for folder in self.labextensions_path)
            yield from islice(filter(Path.is_dir, found), 1)

    def init_settings(self) -> dict[str, Any]:
        """Add what `PageHandler` reads: the preset language, and who admits visitors."""
        settings = super().init_settings()
        options = self._options
        self.visitors = Visitors(
            self.kernel_manager,
            Rendering(self),
            language=options.lang or DEFAULT_LANGUAGE,
            ready=options.ready,
            most=options.most,
        )
        own = {
            "client_triage_language": options.lang,
            "client_triage_lab_script": self.lab_script,
            "client_triage_visitors": self.visitors,
            "client_triage_pages": Limit(**PAGES),
            "client_triage_connections": Limit(**CONNECTIONS),
        }
        return {**settings, **own}

    def init_handlers(self) -> list[Any]:
        """Name every address that there is: Voilà's own list has more than the page needs."""
        page = {"voila_configuration": self.voila_configuration}
        files = {"paths": self.static_paths}
        extensions = {"path": self.labextensions_path}
        named = "|".join(EXTENSIONS)
        addresses = [
            ("voila/room", RoomHandler, page),
            (_KERNEL, RecordHandler),
            (f"{_KERNEL}/channels", ChannelsHandler),
            ("voila/api/shutdown/(.*)", EndHandler),
            (f"voila/static/{_FILE}", MultiStaticFileHandler, files),
            (f"voila/templates/lab/static/{_FILE}", MultiStaticFileHandler, files),
            (f"voila/labextensions/((?:{named})/static/{_PATH})", ExtensionHandler, extensions),
            ("(.*)", self.handler, page),
        ]
        return [(re.escape(self.base_url) + address, *rest) for address, *rest in addresses]

    def listen(self) -> None:
        """Serve until a signal, or say why not."""
        self.ioloop = IOLoop.current()
        self.ioloop.run_sync(self.visitors.prepare)
        try:
            self.app.listen(self.port, self.ip, **requests(is_public=self.ip == _EVERY_INTERFACE))
        except OSError as error:
            raise CannotListenError(
                f"cannot listen on {self.ip}:{self.port}: {error.strerror}; try another --port"
            ) from error
        print(f"Client Triage is at {self.display_url} (Ctrl-C ends it)", flush=True)  # noqa: T201 - the answer
        warm(self.kernel_spec_manager.get_kernel_spec(NATIVE_KERNEL_NAME))
        self.ioloop.add_callback(self.visitors.open)
        # Ends the loop as SIGTERM does. An interrupt would break off what the loop does just then,
        # such as to end a kernel, and the end would wait for that.
        signal.signal(signal.SIGINT, self._handle_signal_stop)
        try:
            self.ioloop.start()
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self.ioloop.run_sync(self.visitors.close)  # before kernels end: no new ones
            self.stop()
