"""The monthly report as a page and as a file: for the center that goes out, and its monitor."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from upstander.base.languages import language_of
from upstander.base.moment import database_second
from upstander.callouts.models import Callout, Event, Site
from upstander.callouts.monthly import BANDS, COLUMNS, Episode, Figures, Month, month_of
from upstander.callouts.rights import CalloutRight
from upstander.callouts.words import CANT, OTHERWISE
from upstander.people.permissions import requires, viewer_of
from upstander.people.roles import TeamKind
from upstander.people.scope import viewing
from upstander.places.models import District
from upstander.ui import times
from upstander.ui.typeset import typeset

#: So many months can be chosen.
_MOST: Final = 24
TABLES: Final[dict[str, str | Promise]] = {
    "site": _("Site"),
    "hour": _("Hour of the call"),
    "language": _("Language"),
    "source": _("Referral source"),
}
#: What may have gone before somebody was there late: a step of the callout, with its code.
_BEFORE: Final = ("released", "desk", "offered")
_OTHERWISE: Final = dict(OTHERWISE)


@dataclass(frozen=True, slots=True)
class _Shown:
    districts: Sequence[District]
    district: District
    months: Sequence[str]
    month: str
    report: Month

    @property
    def named(self) -> list[tuple[str, str]]:
        """The months that can be chosen, each with its name."""
        return [(one, _name(one)) for one in self.months]

    @property
    def name(self) -> str:
        """The month in words."""
        return _name(self.month)


def _name(month: str) -> str:
    return times.month(date.fromisoformat(f"{month}-01"))


def _read(request: HttpRequest) -> _Shown:
    """Read what was chosen. Raises Http404 where the viewer sees nobody who goes out."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        sites = dict(Site.objects.values_list("team_id", "name"))
        here = Site.objects.values_list("district_id", flat=True)
        served = District.objects.filter(pk__in=set(here))
        if viewer.kind is TeamKind.CENTER:
            own = [one.center_id for one in viewer.memberships if one.center_id is not None]
            served = served.filter(center_id__in=own)
        districts = list(served.order_by("name"))
        if not districts:
            raise Http404
        chosen = request.GET.get("district", "")
        district = next((one for one in districts if str(one.pk) == chosen), districts[0])
        zone = ZoneInfo(district.time_zone)
        months = _months(now.astimezone(zone))
        month = next((one for one in months if one == request.GET.get("month")), months[0])
        begin, end = _span(month, zone)
        rows = Callout.objects.filter(
            district_id=district.pk, asked_at__gte=begin, asked_at__lt=end
        ).values(
            "id",
            "site_id",
            "way",
            "language",
            "state",
            "outcome",
            "asked_at",
            "go_at",
            "planned_at",
            "arrived_at",
        )
        every = list(rows)
        steps = Event.objects.filter(callout_id__in=[one["id"] for one in every], kind__in=_BEFORE)
        before = defaultdict[Any, set[str]](set)
        for callout, kind, code in steps.values_list("callout_id", "kind", "code"):
            if kind != "offered" or code in _OTHERWISE:
                before[callout].add(f"{kind} {code}".strip())
    episodes = [
        Episode(
            sites.get(one["site_id"], gettext("no longer a site")),
            str(Callout.Way(one["way"]).label),
            language_of(one["language"]).english,
            one["asked_at"].astimezone(zone).hour,
            one["asked_at"],
            one["go_at"],
            one["planned_at"],
            one["arrived_at"],
            by_phone="phone" in (one["state"], one["outcome"]),
            before=frozenset(before[one["id"]]),
        )
        for one in every
    ]
    return _Shown(districts, district, months, month, month_of(episodes))


def _months(now: datetime) -> list[str]:
    """Return the months that can be chosen, this one first."""
    last = now.year * 12 + now.month - 1
    return [f"{one // 12}-{one % 12 + 1:02}" for one in range(last, last - _MOST, -1)]


def _span(month: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when a month begins and ends, by a clock (aware)."""
    year, number = map(int, month.split("-"))
    after = divmod(year * 12 + number, 12)
    return datetime(year, number, 1, tzinfo=zone), datetime(after[0], after[1] + 1, 1, tzinfo=zone)


@require_GET
@requires(CalloutRight.REPORT)
def month(request: HttpRequest) -> HttpResponse:
    """Show a month in figures; where nobody goes out, that."""
    try:
        shown = _read(request)
    except Http404:
        return render(request, "callouts/nobody.html")
    whole = shown.report.whole
    chosen = {"district": str(shown.district.pk), "month": shown.month}
    context = {
        "shown": shown,
        "columns": [said for _name, said in COLUMNS],
        "whole": _named(whole),
        "csv": f"/callouts/month.csv?{urlencode(chosen)}",
        "pdf": f"/callouts/month.pdf?{urlencode(chosen)}",
        "bands": list(zip(BANDS, whole.bands, whole.bands_since_call, strict=True)),
        "tables": [
            (TABLES[name], [(one.name, _named(one.figures)) for one in groups])
            for name, groups in shown.report.tables
        ],
        "late": [(_why(code), many) for code, many in shown.report.late],
    }
    return render(request, "callouts/month.html", context)


@require_GET
@requires(CalloutRight.REPORT)
def month_pdf(request: HttpRequest) -> HttpResponse:
    """Give the same on paper: a tagged PDF."""
    shown, now = _read(request), database_second()
    whole, columns = shown.report.whole, [str(said) for _name, said in COLUMNS]
    minutes = [
        gettext("Minutes"),
        gettext("From the decision to go"),
        gettext("From the first call"),
    ]
    spread = [
        list(map(str, one)) for one in zip(BANDS, whole.bands, whole.bands_since_call, strict=True)
    ]
    tables: list[dict[str, Any]] = [
        {"name": gettext("All"), "columns": columns, "rows": [_printed(whole)]},
        {"name": gettext("Response times"), "columns": minutes, "rows": spread},
    ]
    tables += [
        {
            "name": str(TABLES[name]),
            "columns": [str(TABLES[name]), *columns],
            "rows": [[one.name, *_printed(one.figures)] for one in groups],
        }
        for name, groups in shown.report.tables
    ]
    late = [f"{_why(code).capitalize()}: {many}" for code, many in shown.report.late]
    data = {
        "title": gettext("Mobile crisis, %(month)s: %(region)s")
        % {"month": shown.name, "region": shown.district.name},
        "told": gettext(
            "Response time runs from the decision to go until somebody is there. Visits that a"
            " family chose for later have none."
        ),
        "tables": tables,
        "late": {
            "name": gettext("Over 45 minutes: what went before"),
            "lines": late or [gettext("Nobody came late.")],
        },
        "day": {"year": now.year, "month": now.month, "day": now.day},
    }
    source = files("upstander.callouts").joinpath("data", "month.typ").read_bytes()
    response = HttpResponse(
        typeset(source, "month", data, standards="ua-1", now=now), content_type="application/pdf"
    )
    name = f"mobile-crisis-{shown.month}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@requires(CalloutRight.REPORT)
def month_csv(request: HttpRequest) -> HttpResponse:
    """Give the same as a file: a row for each group, then what went before late ones."""
    shown = _read(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"mobile-crisis-{shown.month}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    rows = csv.writer(response)
    bands = [*(f"{one} min" for one in BANDS), *(f"{one} min from call" for one in BANDS)]
    rows.writerow(["table", "group", *(name for name, _said in COLUMNS), *bands])
    groups = [(name, one.name, one.figures) for name, some in shown.report.tables for one in some]
    for table, group, figures in [("all", "", shown.report.whole), *groups]:
        spread = (*figures.bands, *figures.bands_since_call)
        rows.writerow([table, group, *_cells(figures), *spread])
    for code, many in shown.report.late:
        rows.writerow(["over 45 minutes", _why(code), many])
    return response


def _cells(figures: Figures) -> list[int | str]:
    values = (getattr(figures, name) for name, _said in COLUMNS)
    return ["" if value is None else value for value in values]


def _printed(figures: Figures) -> list[str]:
    return [str(cell) for cell in _cells(figures)]


def _named(figures: Figures) -> list[tuple[str | Promise, int | str]]:
    return [(said, cell) for (_name, said), cell in zip(COLUMNS, _cells(figures), strict=True)]


def _why(code: str) -> str:
    """Say what went before a late one."""
    kind, _space, reason = code.partition(" ")
    if kind == "released":
        said = {**dict(CANT), "silence": gettext("no word of them")}.get(reason, reason)
        return gettext("given back: %(why)s") % {"why": said}
    if kind == "offered":
        said = _OTHERWISE.get(reason, reason)
        return gettext("offered to somebody else than suggested: %(why)s") % {"why": said}
    said_of = {"desk": gettext("nobody of those asked could: the desk phoned")}
    return said_of.get(kind, gettext("nothing recorded: a long drive"))
