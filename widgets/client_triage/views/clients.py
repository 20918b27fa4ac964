"""The list of clients: add, paste a list, rename, what is known of them, delete."""

from collections.abc import Mapping
from typing import Any, get_args

from client_triage.domain import edits
from client_triage.domain.portfolio import Billing, Client
from client_triage.views import entry
from client_triage.views.bands import band_key, band_of, band_options
from client_triage.views.modules import script
from client_triage.views.undo import UndoView
from client_triage.views.view import Action, Refused, RefusedError, refused_of
from client_triage.views.workspace import Workspace

_MONEY = ("revenue", "direct_costs")
_SUMS = ("hours", *_MONEY)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class ClientsView(UndoView):
    """Who the clients are, by alias.

    Examples
    --------
    >>> ClientsView(Workspace())  # doctest: +SKIP
    """

    _esm = script("clients.js")

    def __init__(self, workspace: Workspace, *, shown: bool = True) -> None:
        self._refused: Refused = {}
        self._added = 0
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give the clients with what was entered and what was refused."""
        workspace, words = self.workspace, self.workspace.words
        return {
            "words": {**words.texts("clients"), **words.texts("actions")},
            "count": words.text("clients.count", count=len(self._own())),
            "fields": words.texts("clients.fields"),
            "billings": [["", words.text("clients.not_said")], *words.texts("billing").items()],
            "bands": self._bands(),
            "suggested": self._suggested(),
            "added": self._added,
            "longest": entry.LONGEST_ALIAS,
            "clients": [self._client(client) for client in self._own()],
            **self.steps(),
            "is_sample": workspace.is_sample,
        }

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here."""
        return {
            **super().actions,
            "add": self._on_add,
            "paste": self._on_paste,
            "rename": self._on_rename,
            "set": self._on_set,
            "delete": self._on_delete,
        }

    def _on_change(self, change: object) -> None:
        self._refused = refused_of(self.workspace.portfolio, self._refused)
        super()._on_change(change)

    def _own(self) -> tuple[Client, ...]:
        return () if self.workspace.is_sample else self.workspace.portfolio.clients

    def _client(self, client: Client) -> dict[str, Any]:
        words, currency = self.workspace.words, self.workspace.portfolio.currency
        shown = {
            "id": client.id,
            "alias": client.alias,
            "billing": client.billing or "",
            "band": band_key(client.revenue_band),
            "hours": words.entered(client.hours),
            **{name: words.entered(getattr(client, name), currency) for name in _MONEY},
        }
        errors = {}
        for (client_id, name), (typed, problem) in self._refused.items():
            if client_id == client.id:
                shown[name], errors[name] = typed, problem.said(words)
        return {**shown, "errors": errors}

    def _bands(self) -> list[list[str]]:
        known = [client.revenue_band for client in self._own()]
        return band_options(self.workspace.words, self.workspace.portfolio.currency, known)

    def _suggested(self) -> str:
        taken = {client.alias for client in self._own()}
        names = (self.workspace.words.text("clients.suggested", letter=one) for one in _LETTERS)
        return next((name for name in names if name not in taken), "")

    def _on_add(self, alias: str) -> None:
        self._add([entry.alias(alias, self.workspace.words)])

    def _on_paste(self, text: str) -> None:
        self._add(entry.aliases(text, self.workspace.words))

    def _add(self, names: list[str]) -> None:
        words = self.workspace.words
        self.workspace.add_clients(names)
        self._added += len(names)
        self.say(words.text("clients.added", count=len(names)))

    def _on_rename(self, client: str, alias: str) -> None:
        try:
            name = entry.alias(alias, self.workspace.words)
        except RefusedError as error:
            self._refused[client, "alias"] = (alias, error)
            self.say(str(error))
            return
        self._change(client, "alias", alias=name)

    def _on_set(self, client: str, field: str, value: str | None) -> None:
        if field == "billing":
            if value not in {None, *get_args(Billing)}:
                raise KeyError(field)
            self._change(client, field, billing=value)
        elif field == "band":
            band = band_of(value, self.workspace.portfolio.currency)
            self._change(client, field, revenue_band=band)
        elif field in _SUMS:
            try:
                amount = entry.money(value, self.workspace.words)
            except RefusedError as error:
                self._refused[client, field] = (value or "", error)
                self.say(str(error))
                return
            self._change(client, field, **{field: amount})
        else:
            raise KeyError(field)

    def _on_delete(self, client: str) -> None:
        alias = self.workspace.portfolio.client(client).alias
        self.workspace.apply(lambda portfolio: edits.remove_client(portfolio, client))
        self.say(self.workspace.words.text("clients.deleted", alias=alias))

    def _change(self, client: str, field: str, **changes: Any) -> None:  # noqa: ANN401 - any field of Client
        self._refused.pop((client, field), None)
        self.workspace.apply(lambda portfolio: edits.change_client(portfolio, client, **changes))
