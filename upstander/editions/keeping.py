"""The only way by which counts of groups leave: in an edition, suppressed together and kept.

docs/mechanisms/published-figure.md says how an app uses it.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from upstander.audit.actions import record
from upstander.base.joint import Counted, Grouped
from upstander.base.published import PublishedInt
from upstander.base.suppression import Shown
from upstander.editions.halves import Half
from upstander.people.keys import edition_seal
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer
from upstander.plug import published_measure, published_tables, suppressed_together

#: A table's name and one of its groups; an empty group: all together.
type Place = tuple[str, str]
#: What is told of groups beside their counts: figure's key → value, None where it is hidden.
type Measures = Mapping[Place, Mapping[str, int | None]]


class NotOurs(Exception):
    """What is kept of a half-year was not made by this system: nothing of it is shown."""


class NotPublished(Exception):
    """Nobody has published this half-year yet who may; whoever reads it publishes nothing."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Groups of which no count is told but something else, such as how long they took.

    ``of`` is given the groups that may be told of and says what is told; it hides the others.
    """

    counted: Counted
    of: Callable[[frozenset[Place]], Measures]


@dataclass(frozen=True, slots=True)
class Edition:
    """All tables of one subject and half-year, and since when they stand (UTC)."""

    tables: list[Grouped]
    published_at: datetime
    measures: Mapping[Place, Mapping[str, PublishedInt | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Where:
    """Of what an edition is: a district, or one of its schools, and a half-year."""

    district_id: int
    half: Half
    #: 0: of all schools.
    school_id: int = 0


def editions_of(
    viewer: Viewer,
    where: Where,
    keys: Collection[str],
    count: Callable[[], Mapping[str, Counted | Measured]],
) -> dict[str, Edition]:
    """Return what is published of a half-year to this viewer's audience; inside ``viewing``.

    Whoever asks first publishes it: ``count`` gives what they may count, and from then on it stays
    as it is, whatever is corrected. Somebody who was excluded from a matter before has editions of
    their own. ``keys`` are figures that are declared as groups: everything that this audience is
    told of these children, since what isn't suppressed together isn't safe together.

    Raises Undeclared; NotOurs; NotPublished to who may only read; ValueError if the rows don't fit
    the divisions; a database error where the viewer may read none of this district, or the
    half-year isn't one that is published.
    """
    found = kept_editions(viewer, where, keys)
    if len(found) < len(keys):
        if viewer.kind is TeamKind.OFFICE:
            raise NotPublished(where.half.key)
        counts = count()
        tables = suppressed_together(
            {k: one.counted if isinstance(one, Measured) else one for k, one in counts.items()}
        )
        for key, one in counts.items():
            if key not in found:
                found[key] = _keep(viewer, where, key, one, tables[key])
    return found


def kept_editions(viewer: Viewer, where: Where, keys: Collection[str]) -> dict[str, Edition]:
    """Return what of a half-year is published already to this viewer's audience.

    Inside ``viewing``. Nobody publishes by looking. Raises Undeclared; NotOurs.
    """
    found = {key: _kept(viewer, where, key) for key in keys}
    return {key: one for key, one in found.items() if one is not None}


def _keep(
    viewer: Viewer, where: Where, key: str, counted: Counted | Measured, tables: list[Grouped]
) -> Edition:
    shown, measures = _written(tables), list[Any]()
    if isinstance(counted, Measured):
        told = frozenset(_told(tables))
        measures = [[*place, dict(values)] for place, values in counted.of(told).items()]
        shown = []
    values = {
        "tables": json.dumps(shown),
        "measures": json.dumps(measures),
        "seal": _seal(viewer, where, key, shown, measures),
    }
    kept = _kept(viewer, where, key, values)
    assert kept is not None  # noqa: S101 - it raises where it keeps nothing
    record(
        "figures published",
        actor=viewer,
        subject_kind="district",
        subject_id=where.district_id,
        district_id=where.district_id,
        detail={"figure": key, "half": where.half.key},
    )
    return kept


def _told(tables: Iterable[Grouped]) -> Iterator[Place]:
    for table in tables:
        for name, one in {"": table.whole, **table.groups}.items():
            if one.of is not None:
                yield table.name, name


_READ = "SELECT tables, measures, published_at, seal FROM "
_ARGUMENTS = (
    "p_district => %(district)s, p_school => %(school)s, p_subject => %(subject)s,"
    " p_half => %(half)s"
)
_EDITION = f"{_READ} api.edition({_ARGUMENTS})"
_KEEP = (
    f"{_READ} api.keep_edition({_ARGUMENTS}, p_tables => %(tables)s::jsonb,"
    " p_measures => %(measures)s::jsonb, p_seal => %(seal)s)"
)


def _kept(
    viewer: Viewer, where: Where, key: str, kept: Mapping[str, Any] | None = None
) -> Edition | None:
    """Read an edition, after keeping one where there is something to keep. Raises NotOurs."""
    values = {
        "district": where.district_id,
        "school": where.school_id,
        "subject": key,
        "half": where.half.key,
        **(kept or {}),
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP if kept else _EDITION, values)
        row = cursor.fetchone()
    if row is None:
        return None
    tables, measures = (json.loads(one) if isinstance(one, str) else one for one in row[:2])
    if not hmac.compare_digest(_seal(viewer, where, key, tables, measures), bytes(row[3])):
        raise NotOurs(f"{key} of {where.half.key} in district {where.district_id}")
    told = {
        (table, group): {name: published_measure(name, value) for name, value in values.items()}
        for table, group, values in measures
    }
    return Edition(published_tables(key, _read(tables)), row[2], told)


def _seal(viewer: Viewer, where: Where, key: str, tables: Any, measures: Any) -> bytes:
    """Return the seal over an edition: nobody else's, no other half-year's, no other numbers."""
    audience = viewer.kind.value
    if viewer.kind is TeamKind.SCHOOL:
        audience = f"school:{where.school_id}"
    elif viewer.kind is TeamKind.OFFICE:
        audience = TeamKind.DISTRICT.value
    content = json.dumps([tables, measures], sort_keys=True)
    return edition_seal(where.district_id, audience, key, where.half.key, content)


def _written(tables: Iterable[Grouped]) -> list[Any]:
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
