"""What two portfolios differ in, as a value that can be applied, turned round and merged.

A part is named by its path: ``("currency",)``, ``("bar", "slow-pay")``, ``("clients", "c3")``. A
client is one part. The language is none: it belongs to the screen, not to the answers.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Generic, TypeVar

from client_triage.domain.edits import free_ids
from client_triage.domain.portfolio import Client, Portfolio

P = TypeVar("P", bound=Portfolio)

Part = tuple[str, ...]
Place = tuple[int | None, int | None]
"""Where a client stood before, and where it stands after; None is nowhere."""

_CLIENTS = "clients"
_ABSENT = object()
_FIELDS = {
    one.name: isinstance(getattr(Portfolio(), one.name), Mapping)
    for one in fields(Portfolio)
    if one.name not in {_CLIENTS, "language"}
}
"""By name: whether each of its keys is a part of its own."""


class ConflictError(Exception):
    """A difference does not fit: some of its parts are not as they were before it.

    Parameters
    ----------
    parts
        Which ones.
    """

    def __init__(self, parts: Collection[Part]) -> None:
        super().__init__(", ".join(".".join(part) for part in parts))
        self.parts = tuple(parts)


@dataclass(frozen=True)
class Difference:
    """What changed.

    Parameters
    ----------
    before, after
        What changed alone, as it was and as it is.
    facts
        The parts that changed and are no clients; which of ``before`` and ``after`` counts.
    places
        By client id: the place of those who came, went or moved.
    """

    before: Portfolio
    after: Portfolio
    facts: tuple[Part, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts that changed."""
        ids = dict.fromkeys(one.id for one in (*self.before.clients, *self.after.clients))
        return *self.facts, *((_CLIENTS, client_id) for client_id in ids)

    def inverse(self) -> "Difference":
        """Give the way back."""
        places = {client_id: (after, before) for client_id, (before, after) in self.places.items()}
        return Difference(self.after, self.before, self.facts, places)

    def apply(self, portfolio: P) -> P:
        """Make the change; what it does not touch may be anything.

        Raises
        ------
        ConflictError
            A part of it is not as it was before the change.
        """
        here, there = _index(portfolio), _index(self.before)
        changed = [part for part in self.parts if here.get(part) != there.get(part)]
        if changed:
            raise ConflictError(changed)
        return _lay_over(portfolio, self, self.parts)


@dataclass(frozen=True)
class Merge(Generic[P]):
    """Two changed versions of one portfolio, brought together.

    Parameters
    ----------
    ours, theirs
        Everything that either changed; where both changed a part, ours or theirs wins.
    clashes
        The parts that both changed, each in its own way. Without any the two are equal.
    """

    ours: P
    theirs: P
    clashes: tuple[Part, ...]


def difference(before: Portfolio, after: Portfolio) -> Difference:
    """Find what changed from one portfolio to another."""
    facts = tuple(_changed_facts(before, after))
    old = {client.id: client for client in before.clients}
    new = {client.id: client for client in after.clients}
    # Edits share what they leave alone: most clients are the same object.
    touched = {
        client_id
        for client_id in {**old, **new}
        if old.get(client_id) is not new.get(client_id) and old.get(client_id) != new.get(client_id)
    }
    return Difference(
        _only(before, facts, touched), _only(after, facts, touched), facts, _places(old, new)
    )


def merge(base: P, ours: P, theirs: P) -> Merge[P]:
    """Bring two versions together that were both made from ``base``.

    Two clients that were added under one id stay two, unless they have the same alias.
    """
    ours = _renumbered(base, ours, theirs)
    change, other = difference(base, ours), difference(base, theirs)
    here, there = _index(change.after), _index(other.after)
    theirs_too = set(other.parts)
    clashes = tuple(
        part for part in change.parts if part in theirs_too and here.get(part) != there.get(part)
    )
    mine = [part for part in change.parts if part not in clashes]
    return Merge(_lay_over(theirs, change, change.parts), _lay_over(theirs, change, mine), clashes)


def is_fact(part: tuple[object, ...]) -> bool:
    """Tell whether this names a part that is no client."""
    name, *keys = part or ("",)
    is_keyed = _FIELDS.get(str(name))
    return is_keyed is not None and len(keys) == is_keyed and all(isinstance(k, str) for k in keys)


def _index(portfolio: Portfolio) -> dict[Part, object]:
    """Find each part; what is absent is not there."""
    index: dict[Part, object] = {}
    for name, is_keyed in _FIELDS.items():
        value = getattr(portfolio, name)
        if is_keyed:
            index.update({(name, key): one for key, one in value.items()})
        else:
            index[name,] = value
    index.update({(_CLIENTS, client.id): client for client in portfolio.clients})
    return index


def _changed_facts(before: Portfolio, after: Portfolio) -> Iterable[Part]:
    for name, is_keyed in _FIELDS.items():
        old, new = getattr(before, name), getattr(after, name)
        if old is new:
            continue
        if is_keyed:
            keys = dict.fromkeys([*old, *new])
            yield from (
                (name, key) for key in keys if old.get(key, _ABSENT) != new.get(key, _ABSENT)
            )
        elif old != new:
            yield (name,)


def _only(portfolio: Portfolio, facts: Iterable[Part], touched: Collection[str]) -> Portfolio:
    """Keep what changed, in a portfolio with nothing else."""
    clients = tuple(client for client in portfolio.clients if client.id in touched)
    return _with_facts(Portfolio(clients=clients), portfolio, facts)


def _with_facts(portfolio: P, source: Portfolio, facts: Iterable[Part]) -> P:
    """Take facts over from another portfolio, their absence included."""
    taken: dict[str, Any] = {}
    for name, *keys in facts:
        value = getattr(source, name)
        for key in keys:
            own = dict(taken.get(name, getattr(portfolio, name)))
            own.pop(key, None)
            value = {**own, key: value[key]} if key in value else own
        taken[name] = value
    return replace(portfolio, **taken)


def _places(old: Mapping[str, Client], new: Mapping[str, Client]) -> dict[str, Place]:
    was = {client_id: place for place, client_id in enumerate(old)}
    now = {client_id: place for place, client_id in enumerate(new)}
    moved = [one for one in old if one in new] != [one for one in new if one in old]
    return {
        client_id: (was.get(client_id), now.get(client_id))
        for client_id in {**was, **now}
        if moved or (client_id in was) != (client_id in now)
    }


def _lay_over(portfolio: P, change: Difference, parts: Collection[Part]) -> P:
    """Make those parts of a portfolio as they are after a change."""
    after = {client.id: client for client in change.after.clients}
    taken = {key for name, *keys in parts if name == _CLIENTS for key in keys}
    gone = {client_id for client_id in taken if client_id not in after}
    here = {
        client.id: after[client.id] if client.id in taken else client
        for client in portfolio.clients
        if client.id not in gone
    }
    here.update({client_id: after[client_id] for client_id in taken if client_id in after})
    settled = {
        client_id: now
        for client_id, (_, now) in change.places.items()
        if now is not None and client_id in here
    }
    order = [client_id for client_id in here if client_id not in settled]
    for client_id, place in sorted(settled.items(), key=lambda one: one[1]):
        order.insert(place, client_id)
    facts = [part for part in change.facts if part in parts]
    clients = tuple(here[client_id] for client_id in order)
    return replace(_with_facts(portfolio, change.after, facts), clients=clients)


def _renumbered(base: P, ours: P, theirs: P) -> P:
    """Give a client of ours a new id where theirs is another one that was added meanwhile."""
    old = {client.id for client in base.clients}
    other = {client.id: client.alias for client in theirs.clients if client.id not in old}
    taken = {client.id for one in (base, ours, theirs) for client in one.clients}
    fresh = free_ids(taken)
    clients = tuple(
        replace(client, id=next(fresh))
        if other.get(client.id, client.alias) != client.alias
        else client
        for client in ours.clients
    )
    return replace(ours, clients=clients)
