"""What a home page tells of the latest half-year: how many, and how long until they had it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from upstander.accountability import equity, publishing
from upstander.accountability.queries import scope_of
from upstander.editions.halves import halves
from upstander.editions.keeping import NotOurs, Where, kept_editions
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer
from upstander.plug import HomeFigure


def at_home(viewer: Viewer, now: datetime) -> list[HomeFigure]:
    """Return three figures of a district's latest half-year, as they were published.

    Call inside ``viewing``. None where they were changed from outside: their pages say so.
    """
    if viewer.kind not in (TeamKind.DISTRICT, TeamKind.OFFICE):
        return []
    cases = tips = half_had = None
    for district in scope_of(viewer).districts[:1]:
        half = halves(now, ZoneInfo(district.time_zone))[0]
        keys = (publishing.CASES, publishing.TIPS, publishing.TIMES)
        try:
            found = kept_editions(viewer, Where(district.pk, half), keys)
            if len(found) == len(keys):
                report = equity.report(found[publishing.CASES], found[publishing.TIPS])
                cases, tips = report.whole, report.tips.whole.of
                step = (publishing.STEPS, "acknowledged")
                half_had = found[publishing.TIMES].measures.get(step, {}).get("times.median")
        except NotOurs:
            return []
        return [
            HomeFigure(gettext("Closed cases"), "/equity", cases),
            HomeFigure(gettext("Tips that did not become cases"), "/equity", tips),
            HomeFigure(gettext("Half acknowledged within"), "/times", half_had, time=True),
        ]
    return []
