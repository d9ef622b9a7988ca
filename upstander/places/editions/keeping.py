"""The only way by which counts of groups leave: in an edition, suppressed together and kept.

docs/mechanisms/published-figure.md says how an app uses it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from upstander.audit.actions import record
from upstander.base.joint import Counted, Grouped
from upstander.base.suppression import Shown
from upstander.places.editions.halves import Half
from upstander.places.scope import Viewer
from upstander.plug import published_tables, together


@dataclass(frozen=True, slots=True)
class Edition:
    """All tables of one subject and half-year, and since when they stand (UTC)."""

    tables: list[Grouped]
    published_at: datetime


def edition_of(
    viewer: Viewer, district_id: int, half: Half, key: str, count: Callable[[], Counted]
) -> Edition:
    """Return what is published of a half-year to this viewer's audience; inside ``viewing``.

    Whoever asks first publishes it: ``count`` gives what they may count, and from then on it stays
    as it is, whatever is corrected. Somebody who was barred from a matter before has an edition of
    their own. ``key`` is a figure that is declared as groups; all its tables stand in one edition,
    as what isn't suppressed together isn't safe together.

    Raises Undeclared; ValueError if the rows don't fit the divisions; a database error where the
    viewer may read none of this district, or the half-year isn't over for long enough.
    """
    where = {"district": district_id, "subject": key, "half": half.key}
    kept = _kept(
        "SELECT tables, published_at FROM api.edition(p_district => %(district)s,"
        " p_subject => %(subject)s, p_half => %(half)s)",
        where,
    )
    if kept is None:
        kept = _kept(
            "SELECT tables, published_at FROM api.keep_edition(p_district => %(district)s,"
            " p_subject => %(subject)s, p_half => %(half)s, p_tables => %(tables)s::jsonb)",
            where | {"tables": json.dumps(_written(together(key, count())))},
        )
        assert kept is not None  # noqa: S101 - it raises where it keeps nothing
        record(
            "figures published",
            actor=viewer,
            subject_kind="district",
            subject_id=district_id,
            district_id=district_id,
            detail={"figure": key, "half": half.key},
        )
    tables, published_at = kept
    return Edition(published_tables(key, _read(tables)), published_at)


def _kept(sql: str, values: dict[str, Any]) -> tuple[Any, datetime] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row: tuple[Any, datetime] | None = cursor.fetchone()
    if row is None:
        return None
    tables, at = row
    return (json.loads(tables) if isinstance(tables, str) else tables), at


def _written(tables: Iterable[Grouped]) -> list[dict[str, Any]]:
    return [
        {
            "name": table.name,
            "whole": [table.whole.of, dict(table.whole.yes)],
            # A list: an object's keys would come back in another order.
            "groups": [[name, one.of, dict(one.yes)] for name, one in table.groups.items()],
        }
        for table in tables
    ]


def _read(tables: Iterable[dict[str, Any]]) -> list[Grouped]:
    return [
        Grouped(
            table["name"],
            Shown(*table["whole"]),
            {name: Shown(of, yes) for name, of, yes in table["groups"]},
        )
        for table in tables
    ]
