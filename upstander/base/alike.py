"""What is hidden in one count is hidden alike in the others that leave with it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from upstander.base.joint import Counted, Grouped, suppressed
from upstander.base.suppression import LEAST


def all_suppressed(
    many: Mapping[str, Counted], *, least: Mapping[str, int] | None = None
) -> dict[str, list[Grouped]]:
    """Return the tables of several counts that leave for the same readers at the same time.

    What is counted once may bound what is counted another way: each tip that ended had come in, so
    where one school's is hidden among tips and not among cases, the difference could be told.
    Divisions of the same name have the same groups, and what is hidden in one of them is hidden in
    all; where a whole is too small to be told, nothing of it bounds anything.
    """
    hidden: dict[str, frozenset[str]] = {}
    while True:
        found = {
            key: suppressed(
                replace(one, hidden=_either(one.hidden, hidden)),
                least=(least or {}).get(key, LEAST),
            )
            for key, one in many.items()
        }
        more = hidden
        for tables in found.values():
            more = _either(more, _hidden_in(tables))
        if more == hidden:
            return found
        hidden = more


def _hidden_in(tables: Iterable[Grouped]) -> dict[str, frozenset[str]]:
    return {
        table.name: frozenset(name for name, one in table.groups.items() if one.of is None)
        for table in tables
        if table.whole.of is not None
    }


def _either(
    one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    names = {*one, *other}
    return {name: one.get(name, frozenset()) | other.get(name, frozenset()) for name in names}
