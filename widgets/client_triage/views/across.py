"""What one scenario looks like across the clients, and what to do next."""

from typing import Any

from client_triage.domain.levels import KNOWN, Level
from client_triage.domain.tally import ClientTally
from client_triage.views.modules import script
from client_triage.views.view import View, level_words
from client_triage.views.workspace import Workspace

_MOST_SHOWN = 20


class AcrossView(View):
    """A table of the clients with a result in one scenario, the most urgent first.

    Examples
    --------
    >>> AcrossView(Workspace(), "slow-pay")  # doctest: +SKIP
    """

    _esm = script("across.js")

    def __init__(self, workspace: Workspace, scenario_id: str, *, shown: bool = True) -> None:
        self.scenario = workspace.content.scenario(scenario_id)
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give the rows that show, how many do not, and the next step for each level."""
        words = self.workspace.words
        judged = [one for one in self.workspace.tally.clients if self._level(one) in KNOWN]
        shown = self._shown(judged)
        more = len(judged) - len(shown)
        return {
            **level_words(self.workspace),
            "words": words.texts("across"),
            "rows": [self._row(one) for one in shown],
            "more": words.text("across.more", count=more) if more else "",
            "unknown": self._unknown(len(self.workspace.tally.clients) - len(judged)),
            "next": self._next({self._level(one) for one in judged}),
        }

    def _shown(self, judged: list[ClientTally]) -> list[ClientTally]:
        shown = sorted(judged, key=self._level, reverse=True)[:_MOST_SHOWN]
        # Where safety is at stake nobody is ranked: those shown keep their own order.
        return [one for one in judged if one in shown] if self.scenario.safety else shown

    def _level(self, one: ClientTally) -> Level:
        return one.findings[self._column].level

    @property
    def _column(self) -> int:
        return self.workspace.scenarios.index(self.scenario)

    def _row(self, one: ClientTally) -> dict[str, str]:
        return {
            "id": one.client.id,
            "alias": one.client.alias,
            "level": self._level(one).word,
            "reason": self.workspace.words.reason(one.findings[self._column].reason),
        }

    def _unknown(self, count: int) -> str:
        if not count or self.scenario.safety:
            return ""
        return self.workspace.words.text("across.unknown", count=count)

    def _next(self, levels: set[Level]) -> list[list[str]]:
        steps = self.workspace.words.scenario(self.scenario.id).next
        order = sorted(levels, reverse=True)
        return [[level.word, steps[level.word]] for level in order if level.word in steps]
