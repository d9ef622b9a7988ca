"""The ledger: every duty that its reader may know of, and how all of them were kept.

Call inside ``viewing``. What somebody sees was granted to them (an office's people), or is of the
district that they watch (an outside monitor, who sees no names): the database decides, for single
duties and for figures alike. The number of queries is the same for ten duties and for a million.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upstander.mandated.access import WITHOUT_NAMES
from upstander.mandated.figures import OpenDuty, Sheet, sheet_of
from upstander.mandated.models import Duty
from upstander.mandated.queries import MOST, DutyRow, rows_of
from upstander.mandated.told import Told, told
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer
from upstander.places.models import School
from upstander.ui.times import month as month_words

#: Spans of the figures, in months with this one.
SPANS: Final = {
    3: gettext_lazy("the last 3 months"),
    12: gettext_lazy("the last 12 months"),
    36: gettext_lazy("the last 3 years"),
    120: gettext_lazy("the last 10 years"),
}
USUAL_SPAN: Final = 12
#: Open duties that figures and page hold one by one; a district has some dozens.
MOST_OPEN: Final = 2_000
_LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One group's figures with its name."""

    words: str
    figures: Told


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the ledger's page shows."""

    months: int
    all: Told
    by_school: list[LedgerRow]
    by_month: list[LedgerRow]
    #: What is open, the most overdue first; on the first page only.
    still_open: list[DutyRow]
    rows: list[DutyRow]
    #: Where the next page begins; 0: there is none.
    older: int


def read_ledger(viewer: Viewer, now: datetime, *, months: int, before: int = 0) -> Ledger:
    """Return figures of so many months, and a page of duties, newest first.

    ``before`` is the ``older`` of the page before it.
    """
    found = open_duties(viewer)
    sheet = figures_since(found, month_back(now, months - 1), now)
    duties, older = page_of(viewer, before)
    schools = dict(School.objects.values_list("pk", "name"))
    names = viewer.kind is not TeamKind.MONITOR
    return Ledger(
        months=months,
        all=told(sheet.all),
        by_school=[
            LedgerRow(schools.get(pk or 0, _("No school")), told(figures))
            for pk, figures in sorted(
                sheet.by_school.items(), key=lambda one: schools.get(one[0] or 0, "")
            )
        ],
        by_month=[
            LedgerRow(month_words(month), told(figures))
            for month, figures in sorted(sheet.by_month.items(), reverse=True)
        ],
        still_open=[] if before else rows_of(found[:MOST], now, names=names),
        rows=rows_of(duties, now, names=names),
        older=older,
    )


def open_duties(viewer: Viewer) -> list[Duty]:
    """Return what is not finished, what is due first before the rest."""
    places = [membership.district_id for membership in viewer.memberships if membership.district_id]
    duties = _duties(viewer).filter(district_id__in=places, written_at__isnull=True)
    # Once the first report is made the written one is due, and only then has it a time.
    return list(duties.order_by(Coalesce("written_due", "first_due"), "pk")[:MOST_OPEN])


def figures_since(still_open: Iterable[Duty], first: date, now: datetime) -> Sheet:
    """Return the figures of all months from ``first`` on, and of what is open of them."""
    unfinished = [
        OpenDuty(d.school_id, d.month, d.cause_at, d.first_due, d.first_at, d.written_due)
        for d in still_open
        if d.month >= first
    ]
    return sheet_of(_months(first, now.date()), unfinished, now)


def finished_between(first: date, last: date, now: datetime) -> Sheet:
    """Return the figures of what is finished of the months from ``first`` to ``last``."""
    return sheet_of(_months(first, last), [], now)


def _months(first: date, last: date) -> list[tuple[date, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT month, cells FROM api.ledger_months(%s, %s)", [first, last])
        return [(month, _cells(cells)) for month, cells in cursor.fetchall()]


def page_of(viewer: Viewer, before: int = 0, limit: int = MOST) -> tuple[list[Duty], int]:
    """Return a page of duties, newest first, and where the next one begins (0: nowhere)."""
    if viewer.kind is TeamKind.MONITOR:
        return _page_by_number(viewer, before, limit)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place, duty FROM api.ledger_page(%s, %s)", [before or _LAST, limit + 1]
        )
        found = cursor.fetchall()
    places = {duty: place for place, duty in found[:limit]}
    duties = sorted(Duty.objects.filter(pk__in=places), key=lambda duty: -places[duty.pk])
    return duties, found[limit - 1][0] if len(found) > limit else 0


def _page_by_number(viewer: Viewer, skip: int, limit: int) -> tuple[list[Duty], int]:
    """Return a page for a monitor, to whom nothing was granted: by place in the district's list."""
    places = [membership.district_id for membership in viewer.memberships if membership.district_id]
    duties = _duties(viewer).filter(district_id__in=places).order_by("-opened_at", "id")
    found = list(duties[skip : skip + limit + 1])
    return found[:limit], skip + limit if len(found) > limit else 0


def _duties(viewer: Viewer) -> QuerySet[Duty]:
    if viewer.kind is TeamKind.MONITOR:
        return Duty.objects.only(*WITHOUT_NAMES)
    return Duty.objects.all()


def month_back(now: datetime, months: int) -> date:
    """Return the first day of the month so many months before the one of ``now``."""
    years, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return date(years, month + 1, 1)


def _cells(cells: Any) -> Any:
    return json.loads(cells) if isinstance(cells, str) else cells
