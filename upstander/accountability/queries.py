"""How long tips took, counted by the database for an edition: two queries, however many.

Call inside ``viewing``: the database leaves out what the viewer may not see. Times come back as
counts of whole seconds, so that many tips are some thousand rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from upstander.accountability.figures import Counted, Times, times_of
from upstander.accountability.rights import CARRIED_BY, FiguresRight
from upstander.editions.keeping import Where
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer
from upstander.places.models import District, School

#: The day in bands: single hours would mostly be too small to show. An edition keeps their names,
#: as those of weekdays, for good: a page says them in words (``words.py``), a file as they are, in
#: the 24 hours of ISO 8601, by which its rows sort.
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
    words: Promise
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
    Step("claimed", gettext_lazy("Claimed by a counselor"), "claimed", 60, waiting="NOT closed"),
    Step("assessed", gettext_lazy("Assessed"), "assessed"),
    Step(
        "handed_off",
        gettext_lazy("Handed off to a school"),
        "handed_off",
        180,
        life_only=True,
        waiting="NOT closed AND priority = 'life_safety'",
    ),
    Step(
        "paged",
        gettext_lazy("First page to the school’s team"),
        "paged",
        waiting="NOT closed AND handed_off IS NOT NULL",
    ),
    Step(
        "acknowledged",
        gettext_lazy("Acknowledged there"),
        "acknowledged",
        300,
        life_only=True,
        waiting="NOT closed AND handed_off IS NOT NULL",
    ),
    Step("ended", gettext_lazy("Closed"), "ended"),
)
#: For a center, of talks: what it keeps to itself has no hand-off to be timed.
OF_TALKS: tuple[Step, ...] = (FROM_TIP[0], FROM_TIP[-1])
#: For a school and a district: their own part. They must not learn when a tip came in.
FROM_HANDOFF: tuple[Step, ...] = (
    Step("paged", gettext_lazy("First page to the team"), "paged_after", waiting="NOT closed"),
    Step(
        "acknowledged",
        gettext_lazy("Acknowledged"),
        "acknowledged_after",
        300,
        life_only=True,
        waiting="NOT closed",
    ),
    Step("ended", gettext_lazy("Closed"), "ended_after"),
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
    #: The steps of talks, where they stand by themselves; then ``steps`` are of reports alone.
    talks: tuple[Step, ...] = ()
    #: Whether the usual step is told by door and language too: of whom the center answers.
    by_door: bool = False

    @property
    def of_reports(self) -> str:
        """SQL: which tips ``steps`` and groups are of."""
        return " AND NOT to_talk" if self.talks else ""


_CENTER: Final = View(
    FROM_TIP, "received_at", "hour", "weekday", FROM_TIP[0], talks=OF_TALKS, by_door=True
)
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


#: A tip's school, priority, band of hours and weekday; its door and language, where they are told.
type Kind = tuple[int | None, str, int, int, str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that is counted of one half-year, before anything is hidden."""

    #: The usual step, by what a tip is compared by.
    usual: Mapping[Kind, list[Counted]]
    #: Each step by its key.
    steps: Mapping[str, Times]
    #: Each step of talks, where they stand by themselves.
    talks: Mapping[str, Times] = field(default_factory=dict)


#: SQL: two columns that a school's role can't read.
_NO_DOOR: Final = "''::text, ''::text"


def counted(view: View, where: Where, zone: ZoneInfo) -> Found:
    """Count the tips of a half-year: two queries, and one of talks for a center."""
    usual = view.usual
    sql = (
        f"SELECT school_id, priority, {view.hour} / {BAND}, {view.weekday},"  # noqa: S608
        f" {'channel, language' if view.by_door else _NO_DOOR}, s.seconds,"
        f" {usual.column} IS NULL, count(*)"
        f" FROM accountability_journey, LATERAL (VALUES ({_seconds(view, usual)})) AS s (seconds)"
        f" WHERE {_WHERE.format(start=view.start)}{view.of_reports} AND s.seconds IS NOT NULL"
        " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
    )
    found: dict[Kind, list[Counted]] = defaultdict(list)
    for *kind, seconds, waiting, count in _rows(sql, where, zone):
        school, priority, band, weekday, door, language = kind
        one = Counted(seconds, count, _is_aimed(usual, priority), waiting)
        found[school, priority, band, weekday, door, language].append(one)
    talks = _by_step(view, view.talks, " AND to_talk", where, zone) if view.talks else {}
    return Found(found, _by_step(view, view.steps, view.of_reports, where, zone), talks)


def _by_step(
    view: View, steps: Sequence[Step], of: str, where: Where, zone: ZoneInfo
) -> dict[str, Times]:
    columns = ", ".join(
        f"({at}, {_seconds(view, step)}, {step.column} IS NULL)" for at, step in enumerate(steps)
    )
    sql = (
        "SELECT s.step, s.seconds, s.waiting, priority, count(*)"  # noqa: S608
        " FROM accountability_journey,"
        f" LATERAL (VALUES {columns}) AS s (step, seconds, waiting)"
        f" WHERE {_WHERE.format(start=view.start)}{of} AND s.seconds IS NOT NULL"
        " GROUP BY 1, 2, 3, 4"
    )
    groups: dict[int, list[Counted]] = defaultdict(list)
    for at, seconds, waiting, priority, count in _rows(sql, where, zone):
        aimed = _is_aimed(steps[at], priority)
        groups[at].append(Counted(seconds, count, aimed, waiting))
    return {step.key: times_of(groups[at], step.target) for at, step in enumerate(steps)}


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
    " JOIN people_team t ON y.holder = 'team:' || t.id"
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
    memberships = [
        membership
        for membership in viewer.memberships
        if membership.role in CARRIED_BY[FiguresRight.SEE_TIMES]
    ]
    if viewer.kind is TeamKind.CENTER:
        districts = District.objects.filter(center_id__in=[p.center_id for p in memberships])
    else:
        districts = District.objects.filter(pk__in=[p.district_id for p in memberships])
    found = tuple(districts.order_by("name"))
    schools = School.objects.filter(district_id__in=[d.pk for d in found])
    if viewer.kind is TeamKind.SCHOOL:
        schools = schools.filter(pk__in=[p.school_id for p in memberships])
    return Scope(found, tuple(schools.order_by("name")))
