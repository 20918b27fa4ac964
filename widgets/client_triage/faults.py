"""Faults in a user's or an author's file: all of them at once, each with its place.

``strict_converter`` structures plain values into dataclasses without guessing: a string is no
number, a boolean is no count, an unknown key is a fault unless the class keeps it in ``extra``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

from cattrs import Converter
from cattrs.errors import ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, override
from cattrs.v import transform_error

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem in a file: where it is and what was expected there.

    Parameters
    ----------
    place
        ``$.clients[0].hours`` for structure; empty where the whole file is meant.
    line
        From 1, for syntax.
    """

    file: str
    problem: str
    place: str = ""
    line: int | None = None

    def __str__(self) -> str:
        """Write ``file: problem @ place`` or ``file:line: problem``, always on one line."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        whole = f"{where}: {self.problem}" + (f" @ {self.place}" if self.place else "")
        return " ".join(whole.splitlines())  # a key of a file can have line breaks in it


class FaultyFileError(Exception):
    """A file can't be used as it is; ``faults`` says everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class ExpectedError(ValueError):
    """A value is not what stands here: the message says what was expected, and what stood there."""

    def __init__(self, expected: str, got: object) -> None:
        super().__init__(f"expected {expected}, got {_shown(got)}")


def strict_converter() -> Converter:
    """Make a cattrs converter that takes values as they are or refuses them."""
    converter = Converter(detailed_validation=True, forbid_extra_keys=True)

    def exactly(kind: type, expected: str) -> Callable[[object, object], object]:
        def structure(value: object, _: object) -> object:
            if type(value) is not kind:
                raise ExpectedError(expected, value)
            return value

        return structure

    def number(value: object, _: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ExpectedError("a number", value)
        return value

    converter.register_structure_hook(str, exactly(str, "text"))
    converter.register_structure_hook(bool, exactly(bool, "true or false"))
    converter.register_structure_hook(int, exactly(int, "a whole number"))
    converter.register_structure_hook(float, number)
    converter.register_structure_hook_func(
        lambda kind: get_origin(kind) is Literal,  # type: ignore[comparison-overlap]
        lambda value, kind: _one_of(value, get_args(kind)),
    )
    converter.register_structure_hook_func(
        lambda kind: get_origin(kind) is tuple,  # type: ignore[comparison-overlap]
        lambda value, kind: _listed(value, kind, converter),
    )
    return converter


def for_type(converter: Converter, kind: object, structure: Callable[[Any], object]) -> None:
    """Structure exactly this type so: a hook by class would catch its subclasses as well."""
    converter.register_structure_hook_func(
        lambda wanted: wanted == kind, lambda value, _: structure(value)
    )


def _one_of(value: object, allowed: tuple[str, ...]) -> object:
    if value not in allowed:
        raise ExpectedError(f"one of {', '.join(allowed)}", value)
    return value


def _listed(value: object, kind: object, converter: Converter) -> tuple[object, ...]:
    """Take a list for a tuple, not whatever else Python would iterate over: an object, a text."""
    if not isinstance(value, list):
        raise ExpectedError("a list", value)
    element: Any = get_args(kind)[0]
    return tuple(converter.structure(value, list[element]))


def keep_extra(
    converter: Converter, kind: type[T], **hooks: Callable[[object, object], object]
) -> None:
    """Let unknown keys of a dataclass survive in its ``extra``.

    Parameters
    ----------
    hooks
        How to structure a field that needs more than its type says.
    """
    known = {field.name for field in fields(kind) if field.name != "extra"}  # type: ignore[arg-type]
    build: Any = make_dict_structure_fn(
        kind,
        converter,
        _cattrs_forbid_extra_keys=False,
        extra=override(omit=True),
        **{name: override(struct_hook=hook) for name, hook in hooks.items()},  # type: ignore[arg-type]
    )

    def structure(value: object, _: object) -> T:
        if not isinstance(value, dict):
            raise ExpectedError("an object", value)
        built: T = build(value, kind)
        if value.keys() <= known:
            return built
        extra = {key: kept for key, kept in value.items() if key not in known}
        return replace(built, extra=extra)  # type: ignore[type-var]

    converter.register_structure_hook(kind, structure)


def faults_in(file: Path | str, error: BaseException) -> list[Fault]:
    """List what a converter found, one fault a place."""
    faults = []
    for line in transform_error(error, format_exception=_describe):
        problem, _, place = line.rpartition(" @ ")
        faults.append(Fault(str(file), problem, place))
    return faults


def _describe(error: BaseException, _: type | None) -> str:
    if isinstance(error, ForbiddenExtraKeysError):
        keys = ", ".join(repr(key) for key in sorted(error.extra_fields))
        return f"unknown key {keys}"
    if isinstance(error, KeyError):
        return f"missing key {error.args[0]!r}"
    if isinstance(error, ExpectedError):
        return str(error)
    if isinstance(error, TypeError):
        return "expected another kind of value here"
    return str(error) or "not usable here"


def _shown(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value)
    longest = 60
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
