"""What stands at an address in the web: http and https alone, not too much, not for too long."""

import time
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    UnknownHandler,
)

from client_triage.faults import Fault, FaultyFileError

SECONDS = 10.0
MOST_BYTES = 5_000_000
_AT_ONCE = 65_536
_UNQUOTED = "%/:?#[]@!$&'()*+,;=~"


class _RefusedError(Exception):
    """The address gives what we don't take; the message says why."""


def fetch(address: str) -> bytes:
    """Get what stands at an address.

    Raises
    ------
    FaultyFileError
        Another scheme than http and https (in a redirection too), no answer, an error, more than
        5 MB, or still not done after 10 seconds.
    """
    try:
        return _fetched(address)
    except _RefusedError as error:
        problem = str(error)
    except HTTPError as error:
        error.close()
        problem = f"the server answered {error.code} {error.reason}".rstrip()
    except TimeoutError:
        problem = _too_slow()
    except URLError as error:
        late = isinstance(error.reason, TimeoutError)
        problem = _too_slow() if late else f"can't be reached: {error.reason}"
    except (OSError, HTTPException, ValueError) as error:
        problem = f"can't be read: {error}"
    raise FaultyFileError([Fault(address, problem)])


def _fetched(address: str) -> bytes:
    if not address.lower().startswith(("http://", "https://")):
        raise _RefusedError("only addresses with http:// and https:// are read")
    until = time.monotonic() + SECONDS
    content = b""
    with _opener().open(quote(address, safe=_UNQUOTED), timeout=SECONDS) as answer:
        while part := answer.read1(_AT_ONCE):
            content += part
            if len(content) > MOST_BYTES:
                message = f"more than {MOST_BYTES:,} bytes: too large for a quiz"
                raise _RefusedError(message)
            if time.monotonic() > until:
                raise TimeoutError
    return content


def _too_slow() -> str:
    return f"not done after {SECONDS:g} seconds"


def _opener() -> OpenerDirector:
    """Make an opener that knows the web alone: the usual one follows a redirection to ftp."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler,
        UnknownHandler,
        HTTPHandler,
        HTTPSHandler,
        HTTPDefaultErrorHandler,
        HTTPRedirectHandler,
        HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener
