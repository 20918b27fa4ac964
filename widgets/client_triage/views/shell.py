"""What stands around the steps of the page: title, language, where one is, back and next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import traitlets
from babel import Locale

from client_triage.domain import edits
from client_triage.views.modules import script
from client_triage.views.view import Action, View
from client_triage.views.workspace import Workspace

START, PORTFOLIO, LEARN = "start", "portfolio", "learn"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the page: a scenario, or what comes before and after."""

    id: str
    label: str
    done: bool


class ShellView(View):
    """The header of the page, or its foot.

    Parameters
    ----------
    on_step
        Called with the id of the step that the person wants.
    foot
        The foot has back and next alone.
    """

    _esm = script("shell.js")

    follows: ClassVar = (*View.follows, "stored", "kept")
    step = traitlets.Unicode(START)

    def __init__(
        self, workspace: Workspace, on_step: Callable[[str], None], *, foot: bool = False
    ) -> None:
        self._on_step = on_step
        self._foot = foot
        super().__init__(workspace)
        self.observe(self._on_change, "step")

    def draw(self) -> dict[str, Any]:
        """Give the steps, the current one, and the languages."""
        workspace, words = self.workspace, self.workspace.words
        steps = self._steps()
        place = [step.id for step in steps].index(self.step)
        return {
            "words": {**words.texts("shell"), **words.texts("actions")},
            "foot": self._foot,
            "is_at_risk": workspace.is_at_risk,
            "languages": [
                [language, _own_name(language)] for language in workspace.content.languages
            ],
            "steps": [{"id": step.id, "label": step.label, "done": step.done} for step in steps],
            "step": self.step,
            "where": words.text(
                "shell.where", place=place + 1, count=len(steps), label=steps[place].label
            ),
            "back": steps[place - 1].id if place else None,
            "next": steps[place + 1].id if place + 1 < len(steps) else None,
            "next_label": words.text("shell.next_to", step=steps[place + 1].label)
            if place + 1 < len(steps)
            else "",
        }

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here."""
        return {"go": self._go, "speak": self.workspace.speak}

    def _go(self, step: str) -> None:
        if step not in {one.id for one in self._steps()}:
            raise KeyError(step)
        self._on_step(step)

    def _steps(self) -> list[Step]:
        workspace, words = self.workspace, self.workspace.words
        # The foot marks no step as done: with many clients, to know it takes long.
        clients = () if workspace.is_sample or self._foot else workspace.portfolio.clients
        scenarios = [
            Step(
                scenario.id,
                f"{scenario.number}. {words.scenario(scenario.id).short}",
                bool(clients) and all(edits.is_answered(client, scenario) for client in clients),
            )
            for scenario in workspace.scenarios
        ]
        start = Step(START, words.text("shell.start"), bool(clients))
        portfolio = Step(PORTFOLIO, words.text("shell.portfolio"), done=False)
        return [start, *scenarios, portfolio, Step(LEARN, words.text("shell.learn"), done=False)]


def _own_name(language: str) -> str:
    """Name a language in itself; some write it small, and a button begins with a capital."""
    name = Locale.parse(language, sep="-").display_name or language
    return name[:1].upper() + name[1:]
