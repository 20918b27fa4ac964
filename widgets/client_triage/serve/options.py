"""How the page is served: what the command's options say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What whoever serves the page may choose.

    Parameters
    ----------
    lang
        Language of visitors who do not ask for one with ``?lang=``. Left out, the language their
        browser prefers, else English.
    port
        Port to listen on. Only this one is tried.
    public
        Listen on every network interface, not on 127.0.0.1 alone.
    host_name
        The one name that the page is asked for by, beside those of this computer. With `public`
        and without a name, it may be any.
    base_url
        Path of the page, with a slash at both ends.
    ready
        How many kernels are kept ready for the visitors who come next.
    most
        How many visitors there may be at once; more are told that the page is full.
    """

    lang: str | None = None
    port: int = 8866
    public: bool = False
    host_name: str | None = None
    base_url: str = "/"
    ready: int = 1
    most: int = 60
