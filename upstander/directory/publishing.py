"""The directory for machines: records in the forms of HSDS 3.1, as a public page may show them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.db import connection

from upstander.directory.confidential import guarded
from upstander.standards.hsds.pages import Graph, minimal
from upstander.standards.hsds.shapes import Body, Kind

#: ``services``: an organization with all that it does, each of it in full.
type Form = Literal["minimal", "short", "full", "services"]
#: For so many seconds the number of all there is holds. Of questions none is kept.
_KEPT: Final = 60
_totals: dict[Kind, tuple[float, int]] = {}


class Refused(Exception):
    """It can't be answered; the argument is the parameter that asks too much, or for nothing."""


@dataclass(frozen=True, slots=True)
class Published:
    """A page: records in the form that was asked for, in the order of their ids."""

    total: int
    contents: tuple[Body, ...]


def published(
    kind: Kind,
    asked: Mapping[str, object],
    form: Form = "short",
    *,
    number: int = 1,
    per_page: int = 1,
) -> Published:
    """Return page ``number`` (from 1) of what is asked by HSDS's parameters (and ``id``).

    Proximity is in meters, ``modified_after`` with its zone, all of them as JSON has them. One
    query, however many records. Raises Refused.
    """
    skipped = (number - 1) * per_page
    told = _told(kind, form, asked, per_page, skipped, counted=False)
    ids = told["ids"]
    total = skipped + len(ids)
    if "id" not in asked and (len(ids) == per_page or (skipped and not ids)):
        # More may follow. What ends here needs no counting.
        total = _total(kind, form, asked, at_least=total if ids else 0)
    closed = set(told["confidential"] or ())
    records: dict[Kind, list[Body]] = {
        # It was read by somebody, and still: what looks like an address goes no further.
        kind: [guarded(one)[0] if one["id"] in closed else one for one in some or ()]
        for kind, some in told["records"].items()
    }
    graph, known = Graph(records), {one["id"]: one for one in records[kind]}
    found = (known[one] for one in ids)
    if form == "minimal":
        return Published(total, tuple(minimal(one) for one in found))
    if form == "short":
        return Published(total, tuple(graph.short(kind, one) for one in found))
    whole = form == "services"
    return Published(total, tuple(graph.full(kind, one, services=whole) for one in found))


def _total(kind: Kind, form: Form, asked: Mapping[str, object], at_least: int) -> int:
    now = time.monotonic()
    if not asked and kind in _totals:
        then, total = _totals[kind]
        if now - then < _KEPT and total > at_least:
            return total
    total = int(_told(kind, form, asked, 0, 0, counted=True)["total"])
    if not asked:
        _totals[kind] = now, total
    return max(total, at_least)


def _told(
    kind: Kind, form: Form, asked: Mapping[str, object], limit: int, skipped: int, *, counted: bool
) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.published(p_kind => %s, p_form => %s, p_asked => %s::jsonb,"
            " p_limit => %s, p_offset => %s, p_counted => %s)",
            [kind, form, json.dumps(asked), limit, skipped, counted],
        )
        (raw,) = cursor.fetchone() or ("{}",)
    told: dict[str, Any] = json.loads(raw) if isinstance(raw, str) else raw
    if "refused" in told:
        raise Refused(told["refused"])
    return told
