"""The one door through which each published figure leaves, and what it hides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import overload

from upstander.base.alike import all_suppressed
from upstander.base.joint import Counted, Grouped
from upstander.base.published import Published, PublishedFloat, PublishedInt, PublishedText
from upstander.base.suppression import LEAST, Shown
from upstander.plug.collected import figures
from upstander.plug.manifest import Figure


class Undeclared(LookupError):
    """A figure that no manifest declares, or that is declared another way."""


@overload
def published(key: str, value: int) -> PublishedInt: ...
@overload
def published(key: str, value: float) -> PublishedFloat: ...
@overload
def published(key: str, value: str) -> PublishedText: ...
@overload
def published(key: str, value: None) -> None: ...
@overload
def published(key: str, value: int | None, *, of: int) -> PublishedInt | None: ...
@overload
def published(key: str, value: float, *, of: int) -> PublishedFloat | None: ...
def published(
    key: str, value: float | str | None, *, of: int | None = None
) -> PublishedInt | PublishedFloat | PublishedText | None:
    """Return a figure so that it may be shown; None where its declared rule hides it.

    ``of``: from how many it is reckoned, which a figure with ``least`` must say. A value of None is
    none (nobody to reckon it from, or hidden before). Counts of groups leave through an edition
    instead (``editions``). Raises Undeclared; TypeError without ``of``, and where the
    exception isn't in whole minutes.
    """
    figure = _figure(key, groups=False)
    if figure.apart and value is not None and type(value) is not int:
        raise TypeError(f"{key} leaves in whole minutes only")
    if figure.least is not None:
        if of is None and value is not None:
            raise TypeError(f"{key} must say from how many it is reckoned")
        if of is not None and of < figure.least:
            return None
    return _marked(key, value)


def suppressed_together(counts: Mapping[str, Counted]) -> dict[str, list[Grouped]]:
    """Return what may leave of all tables of an edition, suppressed together; none is marked yet.

    ``counts``: by the keys of their figures. For ``editions`` alone, which keeps what comes
    of it. Raises Undeclared, ValueError.
    """
    least = {key: _figure(key, groups=True).least or LEAST for key in counts}
    return all_suppressed(counts, least=least)


def published_tables(key: str, tables: Iterable[Grouped]) -> list[Grouped]:
    """Return the tables of an edition that is kept, so that they may be shown.

    For ``editions`` alone. Raises Undeclared.
    """
    _figure(key, groups=True)
    return [
        Grouped(
            table.name,
            _marked_group(key, table.whole),
            {name: _marked_group(key, one) for name, one in table.groups.items()},
        )
        for table in tables
    ]


def published_measure(key: str, value: int | None) -> PublishedInt | None:
    """Return what an edition tells of a group beside its count, so that it may be shown.

    For ``editions`` alone. Raises Undeclared.
    """
    _figure(key, groups=True)
    return _marked(key, value)


def _figure(key: str, *, groups: bool) -> Figure:
    figure = figures().get(key)
    if figure is None:
        raise Undeclared(f"no manifest declares the figure {key}")
    if figure.groups is not groups:
        raise Undeclared(f"{key} is {'' if figure.groups else 'not '}declared as groups of a whole")
    return figure


def _marked_group(key: str, group: Shown) -> Shown:
    return Shown(
        _marked(key, group.of), {name: _marked(key, yes) for name, yes in group.yes.items()}
    )


@overload
def _marked(key: str, value: int | None) -> PublishedInt | None: ...
@overload
def _marked(
    key: str, value: float | str | None
) -> PublishedInt | PublishedFloat | PublishedText | None: ...
def _marked(
    key: str, value: float | str | None
) -> PublishedInt | PublishedFloat | PublishedText | None:
    if value is None:
        return None
    if isinstance(value, Published):
        raise TypeError(f"{key} has been published before, as {value.figure}")
    made: PublishedInt | PublishedFloat | PublishedText
    if isinstance(value, str):
        made = PublishedText(value)
    elif isinstance(value, int):
        made = PublishedInt(value)
    else:
        made = PublishedFloat(value)
    made.figure = key
    return made
