"""How often one address may do what costs the server something."""

from __future__ import annotations

import ipaddress
import time

_MANY = 10_000  # addresses, after which those are looked for that can be forgotten


class Limit:
    """So many at once, and then one after the other.

    Parameters
    ----------
    at_once
        How many an address has at first, and again after it took none for a while.
    seconds
        How long it takes until it has one more.
    """

    def __init__(self, *, at_once: int, seconds: float) -> None:
        self._seconds = seconds
        self._longest = at_once * seconds
        self._full: dict[str, float] = {}  # when an address has all of them again

    def allows(self, address: str) -> bool:
        """Tell whether an address has one left; this computer always has."""
        return (
            is_own(address) or self._after_one(_whose(address)) <= time.monotonic() + self._longest
        )

    def take(self, address: str) -> bool:
        """Take one, and tell whether there was one left to take."""
        whose = _whose(address)
        if (is_left := self.allows(address)) and not is_own(address):
            self._full[whose] = self._after_one(whose)
        if len(self._full) > _MANY:
            now = time.monotonic()
            self._full = {one: full for one, full in self._full.items() if full > now}
        return is_left

    def _after_one(self, whose: str) -> float:
        return max(self._full.get(whose, 0), time.monotonic()) + self._seconds


def is_own(address: str) -> bool:
    """Tell whether it is this computer: whoever sits at it is not limited."""
    parsed = _parsed(address)
    return parsed is not None and parsed.is_loopback


def _whose(address: str) -> str:
    """Give what one customer of a provider has: with IPv6 it is a whole network of addresses."""
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # a socket without addresses
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return mapped or parsed
