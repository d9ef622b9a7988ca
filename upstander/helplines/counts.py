"""How many an agency helped in a half-year: seen by nobody before its supervisor releases it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from upstander.base.joint import Counted, Division, Grouped, Row
from upstander.base.published import passing
from upstander.base.suppression import LEAST
from upstander.editions.halves import Half, halves
from upstander.editions.keeping import NotOurs, NotPublished, Where, editions_of
from upstander.helplines.actions.clients import agency_of
from upstander.helplines.models import Accompaniment, Client
from upstander.helplines.rights import AdvocateRight
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import viewing
from upstander.places.models import District

#: Figure → how pages call it.
CALLED: Final = {
    "clients.taken": _("Clients taken on"),
    "clients.along": _("Times that somebody was to go along"),
}
#: The question's name, which an edition keeps for good.
WENT: Final = "went"


def counted(place: District, half: Half) -> dict[str, Counted]:
    """Return clients taken on, and times that somebody was to go along. Inside ``viewing``."""
    zone = ZoneInfo(place.time_zone)
    start, end = half.span(zone)
    there = Accompaniment.objects.filter(client_id=OuterRef("pk"), arrived_at__isnull=False)
    taken = Client.objects.filter(district_id=place.pk, begun_at__gte=start, begun_at__lt=end)
    along = Accompaniment.objects.filter(district_id=place.pk)
    begun = taken.annotate(went=Exists(there)).values_list("begun_at", "went")
    asked = along.filter(begins_at__gte=start, begins_at__lt=end)
    quarters = ("Q3", "Q4") if half.second else ("Q1", "Q2")

    def by_quarter(rows: Iterable[tuple[datetime, object]]) -> Counted:
        found = [
            Row(
                (quarters[(at.astimezone(zone).month - 1) // 3 % 2],),
                frozenset({WENT} if went else ()),
                1,
            )
            for at, went in rows
        ]
        return Counted([Division("Quarter", quarters)], (WENT,), found)

    each = (by_quarter(begun), by_quarter(asked.values_list("begins_at", "arrived_at")))
    return dict(zip(CALLED, each, strict=True))


@never_cache
@require_http_methods(["GET", "POST"])
@requires(AdvocateRight.RELEASE)
def figures(request: HttpRequest, *, file: bool = False) -> HttpResponse:
    """Show what was released of a half-year, or give it as a file; release it, once and for good.

    A file of what was not released leads to the page, which says so.
    """
    viewer, release = viewer_of(request), request.method == "POST" and not file
    asked = request.POST.get("half") or request.GET.get("half")
    tables, why = list[tuple[str, Grouped]](), ""
    with viewing(viewer) as now:
        place = agency_of(viewer)
        if place is None:
            return render(request, "helplines/nobody.html")
        spans = halves(now, ZoneInfo(place.time_zone))
        half = next((one for one in spans if one.key == asked), spans[0])

        def count() -> dict[str, Counted]:
            if not release:
                raise NotPublished(half.key)
            return counted(place, half)

        try:
            kept = editions_of(viewer, Where(place.pk, half), tuple(CALLED), count)
            tables = [(key, one) for key, edition in kept.items() for one in edition.tables]
        except NotOurs:
            why = gettext("What is kept of this half-year was not made here: nothing is shown.")
        except NotPublished:
            why = gettext("Not released: nobody has seen these numbers yet.")
    if release:
        return redirect(f"/clients/figures?half={half.key}")
    if file and tables:
        return _file(half, tables)
    if file:
        return redirect(f"/clients/figures?half={half.key}")
    shown = {"halves": spans, "half": half, "why": why, "least": LEAST}
    shown["tables"] = [(CALLED[key], one) for key, one in tables]
    return render(request, "helplines/figures.html", shown)


def _file(half: Half, tables: list[tuple[str, Grouped]]) -> HttpResponse:
    """Return it as a file; what is hidden is empty."""
    told = {"Content-Disposition": f'attachment; filename="figures-{half.key}.csv"'}
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers=told)
    rows = csv.writer(response)
    rows.writerow(["figure", "quarter", "number", "somebody there"])
    for key, table in tables:
        for name, one in {"": table.whole, **table.groups}.items():
            # The writer leaves empty what is None.
            rows.writerow([key, name, passing(one.of), passing(one.yes.get(WENT))])
    return response
