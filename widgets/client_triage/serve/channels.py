"""What a visitor may say to a kernel, and what they hear of it.

Voilà refuses code; all else that Jupyter's protocol knows it hands on, and it tells whatever the
kernel writes. The page needs very little of that. What it needs is taken out of a message and sent
as a new one, so that nothing travels along that was not looked at.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.web import HTTPError
from traitlets import Instance
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from client_triage.serve.limits import Limit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from client_triage.serve.visitors import Visitors

MOST_CONNECTIONS = 4
"""To one kernel; each costs the server sockets. A page has one, and for a moment a dead one too."""

CONTROL = "jupyter.widget.control"
"""The one target that a browser opens a comm to: the widget manager asks there for all states."""

_V1 = "v1.kernel.websocket.jupyter.org"
_V1_PLACES = 6  # of the channel, header, parent, metadata and content, and the end: no buffers
_WORD = 8  # bytes of a place
_LONGEST_NAME = 100
_TOLD = {
    "iopub": {"status", "comm_open", "comm_msg", "comm_close"},
    "shell": {"kernel_info_reply", "comm_info_reply"},
}
_COLOUR = re.compile(r"\x1b\[[\d;]*m")
_WHERE = re.compile(r"^ *((?:File|Cell) .+, in .+$|[\w.]*(?:Error|Exception)\b)", re.MULTILINE)
_SESSION = re.compile(r"[\w-]{1,100}")


class _RefusedError(Exception):
    """A message that the page never sends."""


def read(frame: str | bytes, *, is_v1: bool) -> dict[str, Any]:
    """Take out of a message what the page may say.

    Parameters
    ----------
    frame
        As it came over the websocket.
    is_v1
        Whether the protocol is the binary one; else it is JSON as text.

    Raises
    ------
    ValueError
        It is no message, or none that the page sends.
    """
    try:
        header, metadata, content = _v1_parts(frame) if is_v1 else _text_parts(frame)
        made = {name: _name(header[name]) for name in ("msg_id", "msg_type", "session")}
        made |= {"username": "", "version": "5.3", "date": _name(header.get("date", ""))}
        return {
            "header": made,
            "parent_header": {},
            "metadata": {"version": _name(metadata.get("version", ""))},
            "content": _content(made["msg_type"], content),
        }
    except (_RefusedError, AttributeError, KeyError, RecursionError, TypeError, ValueError):
        # Without what stood in it: that is the visitor's own, and the log is not theirs.
        raise ValueError("refused a message that the page never sends") from None


def _v1_parts(frame: str | bytes) -> tuple[Any, Any, Any]:
    """Take a binary frame apart: the number of places, the places, and what lies between them.

    Jupyter's own way believes any number, and counts up to it.
    """
    if not isinstance(frame, bytes):
        raise _RefusedError
    words = [frame[_WORD * one : _WORD * (one + 1)] for one in range(_V1_PLACES + 1)]
    count, *places = (int.from_bytes(word, "little") for word in words)
    if count != _V1_PLACES:
        raise _RefusedError
    channel, header, _, metadata, content = (frame[one:other] for one, other in pairwise(places))
    if channel != b"shell":
        raise _RefusedError
    return json.loads(header), json.loads(metadata), json.loads(content)


def _text_parts(frame: str | bytes) -> tuple[Any, Any, Any]:
    if not isinstance(frame, str):
        raise _RefusedError
    whole = json.loads(frame)
    if whole["channel"] != "shell":
        raise _RefusedError
    return whole["header"], whole["metadata"], whole["content"]


def _content(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    match kind:
        case "kernel_info_request" | "comm_info_request":
            return {}
        case "comm_open" if content["target_name"] == CONTROL:
            return {"comm_id": _name(content["comm_id"]), "target_name": CONTROL, "data": {}}
        case "comm_close":
            return {"comm_id": _name(content["comm_id"]), "data": {}}
        case "comm_msg":
            return {"comm_id": _name(content["comm_id"]), "data": _data(content["data"])}
    raise _RefusedError


def _data(data: Mapping[str, Any]) -> dict[str, Any]:
    """Take what a person did, and the questions for states; a state is never read back."""
    match data:
        case {"method": "custom", "content": dict(content)}:
            return {"method": "custom", "content": content}
        case {"method": "request_state" | "request_states" as method}:
            return {"method": method}
    raise _RefusedError


def _name(given: object) -> str:
    if not isinstance(given, str) or len(given) > _LONGEST_NAME:
        raise _RefusedError
    return given


class PageConnection(ZMQChannelsWebsocketConnection):  # type: ignore[misc, unused-ignore]
    """A visitor's connection to their kernel."""

    _log_lines = Instance(Limit, kw={"at_once": 20, "seconds": 60})
    _controls = Instance(set, ())

    def handle_incoming_message(self, incoming_msg: str | bytes) -> None:
        """Hand on what the page may say, and nothing else."""
        if not self.channels:
            return  # closed already
        try:
            message = read(incoming_msg, is_v1=self.subprotocol == _V1)
        except ValueError as refused:
            self.log.warning("%s", refused)
            return
        kind, comm = message["header"]["msg_type"], message["content"].get("comm_id")
        if kind == "comm_open":
            self._controls.add(comm)
        elif kind == "comm_close" and comm not in self._controls:
            return  # a widget's, which the kernel closes
        self.session.send(self.channels["shell"], message)

    def handle_outgoing_message(self, stream: Any, outgoing_msg: list[bytes]) -> None:  # noqa: ANN401 - a ZeroMQ stream
        """Tell the visitor what the page needs; what the kernel wrote is for the log."""
        _, parts = self.session.feed_identities(outgoing_msg)
        kind = self.session.unpack(parts[1])["msg_type"]
        if kind in _TOLD.get(stream.channel, ()):
            super().handle_outgoing_message(stream, outgoing_msg)
        elif kind in {"stream", "error"}:
            content = self.session.unpack(parts[4])
            self._log_where(content.get("text") or "\n".join(content.get("traceback", ())))

    def write_stderr(self, error_message: str, parent_header: object) -> None:  # noqa: ARG002 - Jupyter's own
        """Write Jupyter's own remarks to the log, not to the visitor."""
        self.log.warning(error_message)

    def _log_where(self, written: str) -> None:
        """Log where an error came from. What it says may be what the visitor typed."""
        where = "\n".join(_WHERE.findall(_COLOUR.sub("", written)))
        if where and self._log_lines.take(self.kernel_id):
            self.log.error("An error in a kernel:\n%s", where)


class ChannelsHandler(VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """Connects a visitor to their own kernel, and to no other."""

    async def get(self, kernel_id: str) -> None:
        """Open a websocket."""
        _hold_to(self, kernel_id)
        if not self.settings["client_triage_connections"].take(self.request.remote_ip or ""):
            raise HTTPError(429)
        if self.kernel_manager._kernel_connections.get(kernel_id, 0) >= MOST_CONNECTIONS:  # noqa: SLF001 - the only count there is
            raise HTTPError(429)
        if not _SESSION.fullmatch(self.get_argument("session_id", "")):
            raise HTTPError(400)  # ZeroMQ knows the connection by it
        await super().get(kernel_id)

    def write_message(self, message: Any, binary: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - tornado's own
        """Send a message; that the visitor has left meanwhile is no fault."""
        sent = super().write_message(message, binary)
        if sent is not None:  # else it is one that Voilà keeps back
            sent.add_done_callback(lambda done: done.cancelled() or done.exception())
        return sent

    def write_error(self, status_code: int, **_: object) -> None:  # noqa: ARG002 - tornado's own
        """Answer with the status alone: nobody reads a page here."""
        self.finish()


class RecordHandler(KernelHandler):  # type: ignore[misc, unused-ignore]
    """Tells a visitor whether their kernel is there and busy."""

    SUPPORTED_METHODS = ("GET",)  # type: ignore[assignment, unused-ignore]

    async def get(self, kernel_id: str) -> None:
        """Answer with the kernel's record."""
        _hold_to(self, kernel_id)
        await ensure_async(super().get(kernel_id))


class EndHandler(VoilaShutdownKernelHandler):  # type: ignore[misc]
    """Ends a visitor's own kernel."""

    SUPPORTED_METHODS = ("POST",)

    async def post(self, kernel_id: str) -> None:
        """End it at once: it has nothing to save, and Python's own end touches all of a fork."""
        _hold_to(self, kernel_id)
        await self.kernel_manager.shutdown_kernel(kernel_id, now=True)
        self.set_status(204)
        await self.finish()


def _hold_to(handler: Any, kernel_id: str) -> None:  # noqa: ANN401 - of three kinds
    """Let nobody reach a kernel that is another visitor's: to them there is none."""
    visitors: Visitors = handler.settings["client_triage_visitors"]
    if not visitors.is_of(kernel_id, handler.current_user.username):
        raise HTTPError(404)
