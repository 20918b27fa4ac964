"""The Voilà application behind a preview. Importing this module imports Voilà."""

from __future__ import annotations

from typing import Any, ClassVar

from tornado.web import HTTPError
from voila.handler import BaseVoilaHandler

from client_triage.content import content_folder
from client_triage.serve.page import Page, PageHandler
from client_triage.serve.preview import TEMPLATE, faults, version

_ADDRESS = "voila/preview"


class _Handler(PageHandler):
    """Answers ``/``: with the page, or with the faults that keep it from being made."""

    async def get(self, path: str) -> None:
        if path:
            raise HTTPError(404)
        self._version = version(content_folder())  # before reading: what is saved later shows
        found = faults(self.settings["client_triage_scenario"])
        if not found:
            await super().get("")
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        # Not `PageHandler`'s, which takes its words from the content.
        self.write(
            BaseVoilaHandler.render_template(
                self, "faults.html", faults=found, watching=self._watching
            )
        )

    def render_template(self, name: str, **names: object) -> str:
        made = super().render_template(name, **names)
        return made + self._watching if name == "head.html" else made

    @property
    def _watching(self) -> str:
        static, address = f"{self.base_url}voila/static", f"{self.base_url}{_ADDRESS}"
        told = f'data-address="{address}" data-version="{self._version}"'
        return f'<script src="{static}/preview.js" {told}></script>'


class _Version(BaseVoilaHandler):  # type: ignore[misc]
    """Says which state the content is in."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.write(version(content_folder()))


class PreviewPage(Page):
    """The page of one scenario, and the address that says whether to load it anew."""

    handler = _Handler
    preload: ClassVar = ["client_triage.views.show"]  # which reads nothing of the content
    scenario = ""
    """The one that is shown."""

    def setup_template_dirs(self) -> None:
        """Look in the preview's own folders first."""
        super().setup_template_dirs()
        self.template_paths.insert(0, str(TEMPLATE))
        self.static_paths.insert(0, str(TEMPLATE / "static"))

    def init_settings(self) -> dict[str, Any]:
        """Add the scenario, which the handler reads."""
        return {**super().init_settings(), "client_triage_scenario": self.scenario}

    def init_handlers(self) -> list[Any]:
        """Add the address that says which state the content is in."""
        arguments = {"voila_configuration": self.voila_configuration}
        own = (f"{self.base_url}{_ADDRESS}", _Version, arguments)
        return [own, *super().init_handlers()]
