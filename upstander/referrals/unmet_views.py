"""Unmet need as a page and as a file, for the center and the district."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from upstander.base.joint import Grouped
from upstander.base.published import passing
from upstander.base.suppression import LEAST, Shown
from upstander.editions.halves import Half, halves
from upstander.editions.keeping import Edition, NotOurs, NotPublished, Where
from upstander.people.permissions import requires, viewer_of
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District
from upstander.plug import published
from upstander.referrals.rights import CARRIED_BY, ReferralRight
from upstander.referrals.unmet import UNMET, edition_of, said
from upstander.ui.charts import Share, shares


@dataclass(frozen=True, slots=True)
class Unmet:
    """All that page and file show. None as the edition: it can't be shown, and ``why``."""

    districts: list[District]
    district: District
    halves: list[Half]
    half: Half
    edition: Edition | None
    why: str = ""
    #: What is kept was not made here.
    forged: bool = False

    @property
    def published_at(self) -> datetime | None:
        """Since when it stands, by the district's clock."""
        if self.edition is None:
            return None
        return self.edition.published_at.astimezone(ZoneInfo(self.district.time_zone))


def _read(viewer: Viewer, request: HttpRequest) -> Unmet:
    asked = request.GET
    with viewing(viewer) as now:
        districts = _districts(viewer)
        if not districts:
            raise Http404
        chosen = asked.get("district", "")
        district = next((one for one in districts if str(one.pk) == chosen), districts[0])
        spans = halves(now, ZoneInfo(district.time_zone))
        half = next((one for one in spans if one.key == asked.get("half", "")), spans[0])
        edition, why, forged = None, "", False
        try:
            edition = edition_of(viewer, district, Where(district.pk, half))
        except NotOurs:
            forged = True
            why = gettext("What is kept of this half-year was not made here: nothing is shown.")
        except NotPublished:
            why = gettext("Nobody has published it yet: the district’s lead opens it first.")
    return Unmet(districts, district, spans, half, edition, why, forged)


def _districts(viewer: Viewer) -> list[District]:
    carried = CARRIED_BY[ReferralRight.SEE_UNMET]
    own = [one for one in viewer.memberships if one.role in carried]
    if viewer.kind is TeamKind.CENTER:
        found = District.objects.filter(center_id__in=[one.center_id for one in own])
    else:
        found = District.objects.filter(pk__in=[one.district_id for one in own])
    return list(found.order_by("name"))


@require_GET
@requires(ReferralRight.SEE_UNMET)
def unmet(request: HttpRequest) -> HttpResponse:
    """Show which needs were not met in a half-year."""
    shown = _read(viewer_of(request), request)
    tables = [
        {
            "name": said(one.name),
            "whole": one.whole,
            "groups": [(said(name), group) for name, group in one.groups.items()],
            "chart": _chart(one),
        }
        for one in (shown.edition.tables if shown.edition else ())
    ]
    context = {
        "shown": shown,
        "tables": tables,
        "enough": any(
            one.whole.of is not None for one in (shown.edition.tables if shown.edition else ())
        ),
        "least": LEAST,
        "csv": f"/unmet.csv?{urlencode(request.GET)}",
    }
    return render(request, "referrals/unmet.html", context, status=409 if shown.forged else 200)


def _chart(table: Grouped) -> SafeString | str:
    rows = [
        Share(said(name), _met(one)) for name, one in table.groups.items() if _met(one) is not None
    ]
    return shares(gettext("Share of needs that were met"), rows) if rows else ""


def _met(one: Shown) -> int | None:
    of, not_met = passing(one.of), passing(one.yes.get(UNMET))
    if not of or not_met is None:
        return None
    return passing(published("needs.met", round(100 * (of - not_met) / of), of=of))


@require_GET
@requires(ReferralRight.SEE_UNMET)
def unmet_csv(request: HttpRequest) -> HttpResponse:
    """Give the page's figures as a file; what is hidden is empty."""
    shown = _read(viewer_of(request), request)
    if shown.edition is None:
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="unmet-{shown.half.key}.csv"'
    rows = csv.writer(response)
    rows.writerow(["table", "group", "needs", "unmet"])
    for table in shown.edition.tables:
        for name, one in {"": table.whole, **table.groups}.items():
            cells = (passing(one.of), passing(one.yes.get(UNMET)))
            rows.writerow([table.name, name, *("" if cell is None else cell for cell in cells)])
    return response
