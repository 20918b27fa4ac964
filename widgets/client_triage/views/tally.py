"""The tally in numbers: verdicts, what is behind them, whom to look at first."""

from typing import Any

from client_triage.domain.levels import Level
from client_triage.domain.tally import ORDER
from client_triage.store.exports import concentration_sentence
from client_triage.views.modules import script
from client_triage.views.view import View, level_words

_MOST_FIRST = 10


class TallyView(View):
    """How the portfolio stands, updated at each change."""

    _esm = script("tally.js")

    def draw(self) -> dict[str, Any]:
        """Give the numbers as text, a row a verdict."""
        tally, words = self.workspace.tally, self.workspace.words
        return {
            "words": words.texts("tally"),
            **level_words(self.workspace),
            "is_sample": self.workspace.is_sample,
            "is_empty": not tally.clients,
            "answered": words.text("tally.answered", share=words.percent(tally.completeness)),
            "rows": [self._row(level) for level in reversed(ORDER) if tally.verdicts[level]],
            "first": [
                {
                    "alias": tally.client(client).client.alias,
                    "scenario": self._worst(client),
                }
                for client in tally.firing_order[:_MOST_FIRST]
            ],
            "more_first": self._more_first(),
            "concentration": self._concentration(),
        }

    def _row(self, level: Level) -> dict[str, Any]:
        tally, words = self.workspace.tally, self.workspace.words
        revenue, hours = tally.revenue.get(level), tally.hours.get(level)
        unknown = words.text("tally.unknown")
        return {
            "level": level.word,
            "clients": words.number(tally.verdicts[level]),
            "revenue": unknown if revenue is None else words.money(revenue, tally.currency),
            "hours": unknown if hours is None else words.number(hours),
        }

    def _worst(self, client: str) -> str:
        tally = self.workspace.tally
        worst = tally.deciding(tally.client(client))[0]
        return self.workspace.words.scenario(worst.scenario).short

    def _more_first(self) -> str:
        left = len(self.workspace.tally.firing_order) - _MOST_FIRST
        return self.workspace.words.text("tally.more_clients", count=left) if left > 0 else ""

    def _concentration(self) -> list[str]:
        tally, words = self.workspace.tally, self.workspace.words
        facts = tally.concentration
        sentences = [concentration_sentence(tally, words)]
        if facts.effective_clients is not None:
            even = round(facts.effective_clients, 1)
            sentences.append(words.text("tally.effective", count=even, clients=words.number(even)))
        if facts.before is not None and tally.firing_order:
            sentences.append(self._after(facts.after))
        if facts.unknown_revenue and tally.clients:
            sentences.append(words.text("tally.unknown_revenue", count=facts.unknown_revenue))
        return [sentence for sentence in sentences if sentence]

    def _after(self, after: float | None) -> str:
        words = self.workspace.words
        if after is None:
            return words.text("tally.after_nobody")
        even = round(1 / after, 1)
        return words.text("tally.after", count=even, clients=words.number(even))
