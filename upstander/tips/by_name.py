"""Calls of the database's functions with many values, each beside its parameter's name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from upstander.tips.speed import Value


def by_name(function: str, given: Mapping[str, Value]) -> tuple[str, list[Value]]:
    """Return the statement that calls ``function``, and its values.

    A parameter's name may carry a cast (``p_rank::smallint``), for whole numbers that the function
    takes smaller than bigint. Names and function are ours, never anybody's input.
    """
    return _statement(function, tuple(given)), list(given.values())


@cache
def _statement(function: str, parameters: tuple[str, ...]) -> str:
    named = []
    for number, parameter in enumerate(parameters, 1):
        name, cast, kind = parameter.partition("::")
        named.append(f"{name} => ${number}{cast}{kind}")
    return f"SELECT * FROM {function}({', '.join(named)})"  # noqa: S608 - names of our own
