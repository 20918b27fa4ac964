"""The Voilà application behind the page. Importing this module imports Voilà."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any, ClassVar

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from tornado.ioloop import IOLoop
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError
from traitlets import Dict, List, Unicode, default
from traitlets.config import Config
from voila.app import Voila
from voila.handler import BaseVoilaHandler
from voila.tornado.handler import TornadoVoilaHandler

from client_triage.faults import FaultyFileError
from client_triage.forking.provisioner import warm
from client_triage.serve.kernels import PageKernels
from client_triage.serve.language import (
    TEMPLATE,
    choose_language,
    languages,
    loss_words,
    page_words,
)
from client_triage.serve.rendering import Rendering
from client_triage.serve.visitors import Visitors
from client_triage.views.modules import STATIC
from client_triage.words import DEFAULT_LANGUAGE

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
_LONGEST_SOCKET_PATH = 100  # bytes; macOS allows 104, Linux 108
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")


class CannotListenError(Exception):
    """The address is taken or not allowed; the message says which and what to do."""


def listen(  # noqa: PLR0913  # each is an option of the command
    notebook: Path,
    *,
    lang: str | None,
    port: int,
    public: bool,
    ready: int = 0,
    most: int = 60,
    kind: type[Page] | None = None,
) -> None:
    """Serve `notebook` until a signal ends it.

    Parameters
    ----------
    ready
        How many kernels are kept ready.
    most
        How many visitors there may be at once.
    kind
        The application, where it is another than the page's own.

    Raises
    ------
    CannotListenError
        When the port is taken or may not be used.
    """
    with tempfile.TemporaryDirectory(prefix="ct-") as scratch:
        config = configuration(Path(scratch), lang=lang, port=port, public=public)
        config.OwnInterpreter.preload = (kind or Page).preload
        # An instance of its own class: Voilà's parts write to its log.
        page = (kind or Page).instance(config=config, language=lang, ready=ready, most=most)
        page.notebook_path = str(notebook)
        page.initialize([])
        # Tornado warns that Jupyter's wait for a pong is longer than its own could be. A shorter
        # one would end every connection: Jupyter first checks one interval after opening.
        logging.getLogger("tornado.general").setLevel(logging.ERROR)
        page.start()


def configuration(scratch: Path, *, lang: str | None, port: int, public: bool) -> Config:
    """Build the hardened configuration.

    Parameters
    ----------
    scratch : Path
        Folder for what kernels insist on writing (IPython's profile); removed at the end.
    lang : str or None
        Language of visitors who ask for none.
    port : int
        Port to listen on.
    public : bool
        Listen on every interface.
    """
    kernel_env = {
        "CLIENT_TRIAGE_PAGE": "1",
        "IPYTHONDIR": str(scratch / "ipython"),
        "OPENBLAS_NUM_THREADS": "1",  # nothing that has threads can be forked
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # else the debugger warns, and nobody debugs here
    }
    if lang is not None:
        kernel_env["CLIENT_TRIAGE_LANG"] = lang
    server: dict[str, Any] = {
        "ip": "0.0.0.0" if public else "127.0.0.1",  # noqa: S104  # asked for by --public
        "port": port,
        "open_browser": False,
        "config_file_paths": [],  # a voila.json of the user's must not soften this one
        "connection_dir_root": str(scratch),
        "log_level": logging.ERROR,  # at WARNING every visit says "notebook is not trusted"
        "tornado_settings": {
            # On loopback only loopback names are served: no page can rebind its DNS name to here.
            "allow_remote_access": public,
            "local_hostnames": ["localhost"],
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
        NotebookNotary={"db_file": ":memory:"},
        OwnInterpreter={"kernel_env": kernel_env},
    )


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
        spec.argv = [sys.executable, *launcher, "--HistoryManager.enabled=False"]
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
            self.set_status(503)
            self.set_header("Retry-After", RETRY_SECONDS)
            self.write(self.render_template("full.html", seconds=RETRY_SECONDS))
            return
        _ = self.xsrf_token  # sets the cookie without which the page cannot end its kernel
        self.write(self.render_template("head.html"))  # readable before there is a kernel
        self.write(visitors.opening)
        await self.flush()
        self._turn = asyncio.ensure_future(visitors.admit(self.language))
        try:
            self.write(await self._in_turn(self._turn))
        except (asyncio.CancelledError, StreamClosedError):
            return  # whoever waited is gone
        except Exception:
            self.log.exception("The page could not be made")
            self.write("</main></body></html>")  # its script says that it failed

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
        words = {"shell": page_words(self.language), "losses": loss_words()}
        return str(super().render_template(name, **words, **names))


class RoomHandler(BaseVoilaHandler):  # type: ignore[misc]
    """Says whether there is room for one more."""

    def get(self) -> None:
        """Answer with ``{"room": true}`` or ``{"room": false}``."""
        self.set_header("Cache-Control", "no-store")
        self.write({"room": self.settings["client_triage_visitors"].have_room})


class Page(Voila):  # type: ignore[misc]
    """Stand-alone Voilà with the page's template and only the addresses the page needs."""

    handler: type[PageHandler] = PageHandler
    """Answers ``/``."""

    preload: ClassVar = ["client_triage.serve.rehearsal:rehearse"]
    """What is done before kernels are forked."""

    def __init__(self, *, config: Config, language: str | None, ready: int, most: int) -> None:
        super().__init__(config=config)
        self._language = language
        self._ready, self._most = ready, most

    def setup_template_dirs(self) -> None:
        """Look for templates and static files in the page's own folders first."""
        super().setup_template_dirs()
        self.template_paths[:0] = [str(TEMPLATE), str(STATIC)]  # the views' tokens are the page's
        self.static_paths.insert(0, str(TEMPLATE / "static"))

    def init_settings(self) -> dict[str, Any]:
        """Add what `PageHandler` reads: the preset language, and who admits visitors."""
        settings = super().init_settings()
        self.visitors = Visitors(
            self.kernel_manager,
            Rendering(self),
            language=self._language or DEFAULT_LANGUAGE,
            ready=self._ready,
            most=self._most,
        )
        own = {
            "client_triage_language": self._language,
            "client_triage_visitors": self.visitors,
        }
        return {**settings, **own}

    def init_handlers(self) -> list[Any]:
        """Leave out the addresses that the page does not need."""
        unneeded = ("/voila/files/", "/login", "/logout")
        kept = [rule for rule in super().init_handlers() if not rule[0].startswith(unneeded)]
        arguments = {"voila_configuration": self.voila_configuration}
        room = (f"{self.server_url}voila/room", RoomHandler, arguments)
        return [
            room,
            *(
                (rule[0], self.handler, arguments) if rule[1] is TornadoVoilaHandler else rule
                for rule in kept
            ),
        ]

    def listen(self) -> None:
        """Serve until a signal, or say why not."""
        try:
            self.app.listen(self.port, self.ip)
        except OSError as error:
            raise CannotListenError(
                f"cannot listen on {self.ip}:{self.port}: {error.strerror}; try another --port"
            ) from error
        print(f"Client Triage is at {self.display_url} (Ctrl-C ends it)", flush=True)  # noqa: T201 - the answer
        self.ioloop = IOLoop.current()
        warm(self.kernel_spec_manager.get_kernel_spec(NATIVE_KERNEL_NAME))
        self.ioloop.add_callback(self.visitors.open)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            self.ioloop.run_sync(self.visitors.close)  # before kernels end: no new ones
            self.stop()
