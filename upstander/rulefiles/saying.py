"""What msgspec found wrong, told in plain words: where it stands, what it is, what it must be.

msgspec's own sentence speaks of types and leaves out keys (``$.duties[...].first``). Its path leads
to the value and to the type that was expected; the sentence is made of these two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, time
from enum import Enum
from typing import Any, Final

from msgspec import ValidationError, inspect

_SAID: Final = re.compile(r"(?P<what>.*?)(?: - at `(?P<path>\$.*)`)?\Z", re.DOTALL)
_STEP: Final = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|(\[\.\.\.\])")
_MISSING: Final = re.compile(r"Object missing required field `(.+)`\Z")
#: By which of its entries people know one of a list.
_NAMES: Final = ("key", "name", "slug", "level")
#: Characters of a wrong value that are shown.
_SHOWN: Final = 60

type Step = str | int
type Attempt = Callable[[Any], object]


def in_words(
    error: ValidationError, expected: Any, data: Any, attempt: Attempt, *, table: bool = False
) -> tuple[str, str]:
    """Return the place and the problem.

    ``expected`` is the type that ``data`` was to become, ``attempt`` tries that again.
    """
    said = _SAID.match(str(error))
    what, path = (said["what"], said["path"] or "") if said else (str(error), "")
    steps = _steps(path, data, str(error), attempt)
    value = data
    node: inspect.Type | None = inspect.type_info(expected)
    for step in steps:
        value, node = _inner(value, step), _child(node, step)
    if isinstance(error.__cause__, ValueError):  # a check of our own
        return _place(steps, data), str(error.__cause__)
    if missing := _MISSING.match(what):
        wanted = _wanted(_child(node, missing[1]), table=table)
        return _place(steps, data), f"{missing[1]} is missing: {wanted}"
    if what.startswith("Object contains unknown field") and isinstance(value, Mapping):
        known = [one.encode_name for one in _fields(node)]
        unknown = ", ".join(key for key in value if key not in known)
        return _place(steps, data), f"unknown entries: {unknown}. There can be: {', '.join(known)}"
    if not steps or (wanted := _wanted(node, table=table)) == "":
        return _place(steps, data), what
    *before, last = steps
    where, name = _place(before, data), last
    if isinstance(last, int):
        where, name = _place(before[:-1], data), f"{before[-1] if before else ''} {last + 1}"
    if value == "":
        return where, f"{name} is empty; {name} must be {wanted}"
    return where, f"{name} is {_shown(value)}; {name} must be {wanted}"


def _steps(path: str, data: Any, said: str, attempt: Attempt) -> list[Step]:
    """Return the way to the value. Where msgspec leaves out a key, find the one that is wrong."""
    steps: list[Step] = []
    for name, number, unnamed in _STEP.findall(path):
        if unnamed:
            group = data
            for step in steps:
                group = _inner(group, step)
            keys = group if isinstance(group, Mapping) else range(len(group or ()))
            wrong = (key for key in keys if _is_wrong(_only(data, steps, key), said, attempt))
            steps.append(next(wrong, "?"))
        else:
            steps.append(int(number) if number else name)
    return steps


def _is_wrong(data: Any, said: str, attempt: Attempt) -> bool:
    try:
        attempt(data)
    except ValidationError as error:
        return str(error) == said
    return False


def _only(data: Any, steps: Sequence[Step], key: Step) -> Any:
    """Return the data with one entry alone in the group at the end of the way."""
    if not steps:
        return {key: data[key]} if isinstance(data, Mapping) else [data[key]]
    first, *rest = steps
    copy: Any = dict(data) if isinstance(data, Mapping) else list(data)
    copy[first] = _only(data[first], rest, key)
    return copy


def _inner(value: Any, step: Step) -> Any:
    try:
        return value[step]
    except (LookupError, TypeError):
        return None


def _place(steps: Sequence[Step], data: Any) -> str:
    said: list[str] = []
    for step in steps:
        data = _inner(data, step)
        if isinstance(step, str):
            said.append(step)
            continue
        name = next((data[key] for key in _NAMES if isinstance(_inner(data, key), str)), None)
        called = f"“{name}”" if name else f"number {step + 1}"
        said[-1:] = [f"{said[-1]} {called}" if said else called]
    return ", ".join(said)


def _bare(node: inspect.Type | None) -> inspect.Type | None:
    """Return the type without what is said about it, and without None."""
    if isinstance(node, inspect.Metadata):
        return _bare(node.type)
    if isinstance(node, inspect.UnionType):
        return _bare(next((t for t in node.types if not isinstance(t, inspect.NoneType)), None))
    return node


def _fields(node: inspect.Type | None) -> Iterable[inspect.Field]:
    bare = _bare(node)
    return bare.fields if isinstance(bare, inspect.StructType) else ()


def _child(node: inspect.Type | None, step: Step) -> inspect.Type | None:
    match _bare(node):
        case inspect.StructType() as bare:
            return next((one.type for one in bare.fields if one.encode_name == step), None)
        case inspect.DictType() as bare:
            return bare.value_type
        case inspect.ListType() | inspect.VarTupleType() | inspect.FrozenSetType() as bare:
            return bare.item_type
        case inspect.TupleType() as bare if isinstance(step, int):
            return bare.item_types[step]
    return None


def _wanted(node: inspect.Type | None, *, table: bool) -> str:  # noqa: PLR0911 - one a type
    if isinstance(node, inspect.Metadata):
        described = (node.extra_json_schema or {}).get("description")
        return str(described) if described else _wanted(node.type, table=table)
    match _bare(node):
        case inspect.LiteralType(values=values):
            return one_of(map(str, values))
        # Django's choices are enumerations too, though msgspec doesn't name them so.
        case inspect.EnumType(cls=cls) | inspect.CustomType(cls=cls) if issubclass(cls, Enum):
            return one_of(str(one.value) for one in cls)
        case inspect.BoolType():
            return "yes or no" if table else "true or false"
        case inspect.IntType(ge=least, le=most):
            bounds = (f" of {least} or more" if least is not None else "") + (
                f", at most {most}" if most is not None else ""
            )
            return f"a whole number{bounds}"
        case inspect.StrType():
            return "a text"
        case inspect.DateType():
            return "a date like 2026-11-25"
        case inspect.TimeType():
            return "a time like 07:30:00"
        case inspect.ListType() | inspect.VarTupleType() | inspect.FrozenSetType() as bare:
            least = getattr(bare, "min_length", None)
            return f"a list with {least} or more in it" if least else "a list"
        case inspect.TupleType(item_types=types):
            return f"a list of {len(types)}"
        case inspect.StructType() | inspect.DictType():
            return "a group of entries"
    return ""


def one_of(values: Iterable[str]) -> str:
    """Return what may stand somewhere, in words."""
    known = tuple(values)
    return " or ".join(known) if len(known) < 3 else f"one of: {', '.join(known)}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "a group of entries"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    told = repr(value)
    return told if len(told) <= _SHOWN else f"{told[:_SHOWN]}…"
