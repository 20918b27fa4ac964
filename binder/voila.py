# ruff: noqa: F821, INP001 - Jupyter runs this file with `c` in it; it is no module
"""Gives Voilà on Binder the page's own template; `postBuild` puts both where Voilà looks."""

from voila.handler import VoilaHandler

from client_triage.serve.language import choose_language, languages, loss_words, page_words
from client_triage.serve.page import EXTENSIONS


def send_head(handler: VoilaHandler, notebook: object, cwd: str) -> None:  # noqa: ARG001 - Voilà's names
    """Send the page's head before there is a kernel, in the address's or the folder's language."""
    folder = cwd.rpartition("/")[2]
    preset = folder if folder in languages() else "en"
    words = page_words(choose_language(handler.request.query, preset, ""))
    handler.write(handler.render_template("head.html", shell=words, losses=loss_words()))
    handler.flush()


def keep_here(page_config: dict[str, object], **_: object) -> dict[str, object]:
    """Let formulas be set by what Voilà ships, not by what it would load from elsewhere."""
    return {**page_config, "fullMathjaxUrl": None, "mathjaxConfig": None}


c.VoilaConfiguration.template = "client-triage"
c.VoilaConfiguration.allow_template_override = "NO"  # what sends the head suits this one alone
c.VoilaConfiguration.allow_theme_override = "NO"
c.VoilaConfiguration.extension_allowlist = list(EXTENSIONS)
c.VoilaConfiguration.page_config_hook = keep_here
c.VoilaConfiguration.prelaunch_hook = send_head
