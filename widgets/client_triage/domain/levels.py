"""The five levels, and *unknown* beside them."""

from enum import IntEnum


class Level(IntEnum):
    """How far a finding or a verdict goes, in order of urgency.

    ``UNKNOWN`` stands below ``CLEAR`` only so that it never wins a comparison: it means that
    nothing is known, not that things are better than clear.
    """

    UNKNOWN = -1
    CLEAR = 0
    WATCH = 1
    WARN = 2
    WEIGH = 3
    FIRE = 4

    @property
    def word(self) -> str:
        """The level's name in files and catalogues: ``"weigh"``."""
        return self.name.lower()


KNOWN = tuple(level for level in Level if level is not Level.UNKNOWN)
