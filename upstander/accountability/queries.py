"""How long tips took, counted by the database for an edition: two queries, however many.

Call inside ``viewing``: the database leaves out what the viewer may not see. Times come back as
counts of whole seconds, so that many tips are some thousand rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection

from upstander.accountability.figures import Counted, Times, times_of
from upstander.accountability.rights import CARRIED_BY, FiguresRight
from upstander.places.editions.keeping import Where
from upstander.places.models import District, School
from upstander.places.roles import TeamKind
from upstander.places.scope import Viewer

#: The day in bands: single hours would mostly be too small to show.
BAND: Final = 3
BANDS: Final = tuple(f"{hour:02}:00 to {hour + BAND:02}:00" for hour in range(0, 24, BAND))
WEEKDAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step on a tip's way: from where its time counts, and within what it should come."""

    key: str
    words: str
    #: The column of ``Journey``.
    column: str
    #: Seconds; None: no target.
    target: int | None = None
    #: The target is for life safety only.
    life_only: bool = False
    #: SQL: whose time for this step still runs.
    waiting: str = "false"


#: For a center: everything from the tip on.
FROM_TIP: tuple[Step, ...] = (
    Step("claimed", "Claimed by a counselor", "claimed", 60, waiting="NOT closed"),
    Step("assessed", "Assessed", "assessed"),
    Step(
        "handed_off",
        "Handed off to a school",
        "handed_off",
        180,
        life_only=True,
        waiting="NOT closed AND priority = 'life_safety'",
    ),
    Step(
        "paged",
        "First page to the school’s team",
        "paged",
        waiting="NOT closed AND handed_off IS NOT NULL",
    ),
    Step(
        "acknowledged",
        "Acknowledged there",
        "acknowledged",
        300,
        life_only=True,
        waiting="NOT closed AND handed_off IS NOT NULL",
    ),
    Step("ended", "Closed", "ended"),
)
#: For a school and a district: their own part. They must not learn when a tip came in.
FROM_HANDOFF: tuple[Step, ...] = (
    Step("paged", "First page to the team", "paged_after", waiting="NOT closed"),
    Step(
        "acknowledged",
        "Acknowledged",
        "acknowledged_after",
        300,
        life_only=True,
        waiting="NOT closed",
    ),
    Step("ended", "Closed", "ended_after"),
)


@dataclass(frozen=True, slots=True)
class View:
    """From where the times count for this viewer, and by which clock they are grouped.

    ``usual``: the step of which schools, hours and weekdays are told.
    """

    steps: tuple[Step, ...]
    start: str
    hour: str
    weekday: str
    usual: Step
    #: Whether what came before is told apart, and coarsely.
    hides_before: bool = False


_CENTER: Final = View(FROM_TIP, "received_at", "hour", "weekday", FROM_TIP[0])
_SCHOOL: Final = View(
    FROM_HANDOFF,
    "handed_off_at",
    "handed_hour",
    "handed_weekday",
    FROM_HANDOFF[1],
    hides_before=True,
)


def view_of(viewer: Viewer) -> View:
    """Return what a viewer may be told: the center from the tip on, others from the hand-off on."""
    return _CENTER if viewer.kind is TeamKind.CENTER else _SCHOOL


#: A tip's school, priority, band of hours and weekday.
type Kind = tuple[int | None, str, int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that is counted of one half-year, before anything is hidden."""

    #: The usual step, by what a tip is compared by.
    usual: Mapping[Kind, list[Counted]]
    #: Each step by its key.
    steps: Mapping[str, Times]


def counted(view: View, where: Where, zone: ZoneInfo) -> Found:
    """Count the tips of a half-year: two queries."""
    usual = view.usual
    sql = (
        f"SELECT school_id, priority, {view.hour} / {BAND}, {view.weekday}, s.seconds,"  # noqa: S608
        f" {usual.column} IS NULL, count(*)"
        f" FROM accountability_journey, LATERAL (VALUES ({_seconds(view, usual)})) AS s (seconds)"
        f" WHERE {_WHERE.format(start=view.start)} AND s.seconds IS NOT NULL"
        " GROUP BY 1, 2, 3, 4, 5, 6"
    )
    found: dict[Kind, list[Counted]] = defaultdict(list)
    for school, priority, band, weekday, seconds, waiting, count in _rows(sql, where, zone):
        one = Counted(seconds, count, _is_aimed(usual, priority), waiting)
        found[school, priority, band, weekday].append(one)
    return Found(found, _by_step(view, where, zone))


def _by_step(view: View, where: Where, zone: ZoneInfo) -> dict[str, Times]:
    columns = ", ".join(
        f"({at}, {_seconds(view, step)}, {step.column} IS NULL)"
        for at, step in enumerate(view.steps)
    )
    sql = (
        "SELECT s.step, s.seconds, s.waiting, priority, count(*)"  # noqa: S608
        " FROM accountability_journey,"
        f" LATERAL (VALUES {columns}) AS s (step, seconds, waiting)"
        f" WHERE {_WHERE.format(start=view.start)} AND s.seconds IS NOT NULL GROUP BY 1, 2, 3, 4"
    )
    groups: dict[int, list[Counted]] = defaultdict(list)
    for at, seconds, waiting, priority, count in _rows(sql, where, zone):
        aimed = _is_aimed(view.steps[at], priority)
        groups[at].append(Counted(seconds, count, aimed, waiting))
    return {step.key: times_of(groups[at], step.target) for at, step in enumerate(view.steps)}


def _is_aimed(step: Step, priority: str) -> bool:
    return priority == "life_safety" or not step.life_only


def _seconds(view: View, step: Step) -> str:
    """SQL: how long the step took, or has been waited for so far."""
    return (
        f"coalesce({step.column}, CASE WHEN {step.waiting}"
        f" THEN accountability_seconds({view.start}, api.clock_now()) END)"
    )


#: Names are constants of this module; values are parameters. A school's tips are those that its
#: teams hold: what was given to single persons is not all its leads' to know of.
_WHERE: Final = (
    "district_id = %(district)s AND {start} >= %(since)s AND {start} < %(until)s"
    " AND (%(school)s = 0 OR tip_id IN (SELECT y.tip_id FROM tips_recipient y"
    " JOIN places_team t ON y.holder = 'team:' || t.id"
    " WHERE t.kind = 'school' AND t.school_id = %(school)s))"
)


def _rows(sql: str, where: Where, zone: ZoneInfo) -> list[tuple[Any, ...]]:
    since, until = where.half.span(zone)
    values: dict[str, Any] = {
        "district": where.district_id,
        "school": where.school_id,
        "since": since,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def before_handoff(where: Where) -> dict[str, tuple[int, int]]:
    """Return the center's part as far as a school may know it, by step: minutes and percent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM api.times_before_handoff(p_district => %s, p_school => %s,"
            " p_half => %s)",
            [where.district_id, where.school_id, where.half.key],
        )
        return {measure: (minutes, percent) for measure, minutes, percent in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Scope:
    """What the viewer can choose among."""

    districts: tuple[District, ...]
    schools: tuple[School, ...]


def scope_of(viewer: Viewer) -> Scope:
    """Return the districts and schools whose figures the viewer may see: two queries."""
    posts = [post for post in viewer.posts if post.role in CARRIED_BY[FiguresRight.SEE_TIMES]]
    if viewer.kind is TeamKind.CENTER:
        districts = District.objects.filter(center_id__in=[p.center_id for p in posts])
    else:
        districts = District.objects.filter(pk__in=[p.district_id for p in posts])
    found = tuple(districts.order_by("name"))
    schools = School.objects.filter(district_id__in=[d.pk for d in found])
    if viewer.kind is TeamKind.SCHOOL:
        schools = schools.filter(pk__in=[p.school_id for p in posts])
    return Scope(found, tuple(schools.order_by("name")))
