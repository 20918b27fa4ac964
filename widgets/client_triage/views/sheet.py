"""The style sheet of all views, which goes to the browser once."""

from __future__ import annotations

from typing import ClassVar

import anywidget

from client_triage.views.modules import style


class Sheet(anywidget.AnyWidget):
    """Has no look of its own; where it is, every view has its look."""

    _esm = "export default {}"
    _css = style()

    _shared: ClassVar[Sheet | None] = None

    @classmethod
    def shared(cls) -> Sheet:
        """Give the one of this kernel; a new one where it was closed with all other widgets."""
        if cls._shared is None or cls._shared.comm is None:
            cls._shared = cls()
        return cls._shared

    def share(self) -> None:
        """Be the one of this kernel from now on."""
        Sheet._shared = self
