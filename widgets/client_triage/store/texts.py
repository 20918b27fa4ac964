"""The text of values that never change: written once for each, however often it is asked for."""

import weakref
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Texts(Generic[T]):
    """Remember the text of each value for as long as the value lives.

    A change to a portfolio makes a new value for what changed, and leaves the others the objects
    that they are: a save of a thousand clients writes one of them anew.

    Parameters
    ----------
    write
        Gives the text of a value that is frozen, and takes weak references.
    """

    def __init__(self, write: Callable[[T], str]) -> None:
        self._write = write
        self._texts: dict[int, tuple[weakref.ref[T], str]] = {}

    def __call__(self, value: T) -> str:
        """Give the text of a value."""
        key = id(value)
        known = self._texts.get(key)
        if known is None:
            gone = weakref.ref(value, lambda _: self._texts.pop(key, None))
            known = self._texts[key] = gone, self._write(value)
        return known[1]
