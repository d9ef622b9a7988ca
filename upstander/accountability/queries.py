"""How long tips took, counted by the database: four queries whatever the span and the scope.

Call inside ``viewing``: the database leaves out what the viewer may not see. Times come back as
counts of whole seconds, so that many tips are some thousand rows. Of more than ``MEASURED`` tips a
random part is measured (tips' ids are random), which moves no figure that a person could notice:
the page takes no longer among a million.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from upstander.accountability.figures import Counted, Figures, figures_of
from upstander.places.models import District, School
from upstander.places.priority import Priority
from upstander.places.roles import TeamKind
from upstander.places.scope import Viewer
from upstander.plug import published

#: Spans that can be looked at, in days.
SPANS: Mapping[int, str] = {
    7: "the last 7 days",
    28: "the last 4 weeks",
    91: "the last 3 months",
    365: "the last year",
}
USUAL_SPAN = 28
#: So many tips are measured at most; of more, a random part of about this size.
MEASURED = 50_000
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: The longest name that a chart's row has room for.
_SHORT_DAYS = tuple(day[:3] for day in WEEKDAYS)


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
class Wanted:
    """What somebody asked to see."""

    days: int = USUAL_SPAN
    district_id: int | None = None
    school_id: int | None = None
    priority: Priority | None = None
    #: Of which step the hours and weekdays are shown.
    step: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """From where the times count for this viewer, and by which clock they are grouped."""

    steps: tuple[Step, ...]
    start: str
    hour: str
    weekday: str
    usual: str

    def step(self, key: str) -> Step:
        """Return the step of a key, the usual one for any other."""
        return next(
            (s for s in self.steps if s.key == key),
            next(s for s in self.steps if s.key == self.usual),
        )


_CENTER = View(FROM_TIP, "received_at", "hour", "weekday", "claimed")
_SCHOOL = View(FROM_HANDOFF, "handed_off_at", "handed_hour", "handed_weekday", "acknowledged")


def view_of(viewer: Viewer) -> View:
    """Return what a viewer may be told: the center from the tip on, others from the hand-off on."""
    return _CENTER if viewer.kind is TeamKind.CENTER else _SCHOOL


@dataclass(frozen=True, slots=True)
class Group:
    """The tips that somebody asked about: which, how many, and how many of them are measured."""

    wanted: Wanted
    districts: tuple[int, ...]
    now: datetime
    tips: int = 0

    @property
    def part(self) -> float:
        """The part that is measured, up to 1."""
        return min(1.0, MEASURED / self.tips) if self.tips else 1.0

    def parameters(self) -> dict[str, Any]:
        """Return the values of ``_WHERE``."""
        wanted = self.wanted
        return {
            "districts": [wanted.district_id] if wanted.district_id else list(self.districts),
            "school": wanted.school_id,
            "priority": wanted.priority.value if wanted.priority else None,
            "since": self.now - timedelta(days=wanted.days),
            "now": self.now,
            "last": UUID(int=min(2**128 - 1, int(self.part * 2**128))),
        }


@dataclass(frozen=True, slots=True)
class Line:
    """One group's figures with its name."""

    words: str
    figures: Figures
    short: str = ""


def group_of(view: View, wanted: Wanted, districts: Iterable[int], now: datetime) -> Group:
    """Return the tips that are asked about, counted: one query."""
    group = Group(wanted, tuple(districts), now)
    sql = f"SELECT count(*) FROM accountability_journey WHERE {_WHERE.format(start=view.start)}"  # noqa: S608
    [(tips,)] = _rows(sql, group)
    return replace(group, tips=published("times.span", tips))


def by_step(view: View, group: Group) -> list[Line]:
    """Return the figures of each step: one query."""
    columns = ", ".join(
        f"({at}, {_seconds(view, step)}, {step.column} IS NULL)"
        for at, step in enumerate(view.steps)
    )
    groups: dict[int, list[Counted]] = defaultdict(list)
    sql = (
        "SELECT s.step, s.seconds, s.waiting, priority = 'life_safety', count(*)"  # noqa: S608
        " FROM accountability_journey,"
        f" LATERAL (VALUES {columns}) AS s (step, seconds, waiting)"
        f" WHERE {_WHERE.format(start=view.start)} AND s.seconds IS NOT NULL GROUP BY 1, 2, 3, 4"
    )
    for step, seconds, waiting, life, count in _rows(sql, group):
        aimed = life or not view.steps[step].life_only
        groups[step].append(Counted(seconds, count, aimed, waiting))
    return [
        Line(step.words, figures_of(groups[at], step.target)) for at, step in enumerate(view.steps)
    ]


def by_hour(view: View, group: Group) -> list[Line]:
    """Return one step's figures for each hour of the day: one query."""
    found = _grouped(view, view.hour, group)
    return [
        Line(
            f"{hour:02}:00 to {(hour + 1) % 24:02}:00",
            found(hour),
            f"{hour:02}–{(hour + 1) % 24:02}",
        )
        for hour in range(24)
    ]


def by_weekday(view: View, group: Group) -> list[Line]:
    """Return one step's figures for each day of the week: one query."""
    found = _grouped(view, view.weekday, group)
    return [Line(WEEKDAYS[day], found(day), _SHORT_DAYS[day]) for day in range(7)]


def _grouped(view: View, column: str, group: Group) -> Callable[[int], Figures]:
    step = view.step(group.wanted.step)
    groups: dict[int, list[Counted]] = defaultdict(list)
    sql = (
        f"SELECT {column}, s.seconds, {step.column} IS NULL, priority = 'life_safety', count(*)"  # noqa: S608
        f" FROM accountability_journey, LATERAL (VALUES ({_seconds(view, step)})) AS s (seconds)"
        f" WHERE {_WHERE.format(start=view.start)} AND s.seconds IS NOT NULL GROUP BY 1, 2, 3, 4"
    )
    for at, seconds, waiting, life, count in _rows(sql, group):
        groups[at].append(Counted(seconds, count, life or not step.life_only, waiting))
    return lambda at: figures_of(groups[at], step.target)


def _seconds(view: View, step: Step) -> str:
    """SQL: how long the step took, or has been waited for so far."""
    return (
        f"coalesce({step.column}, CASE WHEN {step.waiting}"
        f" THEN accountability_seconds({view.start}, %(now)s) END)"
    )


#: Names are constants of this module; values are parameters.
_WHERE = (
    "district_id = ANY (%(districts)s) AND {start} >= %(since)s AND {start} < %(now)s"
    " AND (%(school)s::bigint IS NULL OR school_id = %(school)s)"
    " AND (%(priority)s::text IS NULL OR priority = %(priority)s) AND tip_id <= %(last)s"
)


def _rows(sql: str, group: Group) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, group.parameters())
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@dataclass(frozen=True, slots=True)
class Before:
    """What a school may know of the time before its hand-off, already coarse."""

    words: str
    tips: int
    minutes: int | None
    percent: int | None
    target: str


#: The half-years of what came before the hand-off are the same for all districts, as the database
#: has them: a reader may be of several.
BEFORE_ZONE: Final = ZoneInfo("UTC")
_BEFORE: Mapping[str, tuple[str, str]] = {
    "claimed": ("Claimed by a counselor", "within 60 seconds"),
    "handed_off": ("Life safety handed off", "within 3 minutes"),
}


def before_handoff(school_id: int | None) -> list[Before]:
    """Return the center's part as far as a school may know it: one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM api.times_before_handoff(%s)", [school_id])
        said = {row[0]: row[1:] for row in cursor.fetchall()}
    return [
        Before(
            words,
            published("before.tips", tips),
            # Rounded and hidden by the database already, which no reader gets round.
            published("before.minutes", minutes, of=tips),
            published("before.percent", percent, of=tips),
            target,
        )
        for key, (words, target) in _BEFORE.items()
        for tips, minutes, percent in [said.get(key, (0, None, None))]
    ]


@dataclass(frozen=True, slots=True)
class Scope:
    """What the viewer can choose among."""

    districts: tuple[District, ...]
    schools: tuple[School, ...]

    @property
    def district_ids(self) -> list[int]:
        """The districts' ids."""
        return [district.pk for district in self.districts]


def scope_of(viewer: Viewer) -> Scope:
    """Return the districts and schools whose times the viewer may see: two queries."""
    posts = viewer.posts
    if viewer.kind is TeamKind.CENTER:
        districts = District.objects.filter(center_id__in=[p.center_id for p in posts])
    else:
        districts = District.objects.filter(pk__in=[p.district_id for p in posts])
    found = tuple(districts.order_by("name"))
    schools = School.objects.filter(district_id__in=[d.pk for d in found])
    if viewer.kind is TeamKind.SCHOOL:
        schools = schools.filter(pk__in=[p.school_id for p in posts])
    return Scope(found, tuple(schools.order_by("name")))
