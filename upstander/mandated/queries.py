"""Reads of duties: one with its events, one's own, and those of one's school or district."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from upstander.mandated.actions import rules_of, times_of
from upstander.mandated.clocks import Clock, Standing, clock_at
from upstander.mandated.models import Duty, DutyEvent
from upstander.mandated.rule_sets import DutyRule, RuleSet
from upstander.mandated.words import unpack
from upstander.places.folders import OpenFolder
from upstander.places.models import District, Membership, Person, School
from upstander.places.roles import TeamKind
from upstander.places.scope import Viewer

#: A page of a list.
MOST = 50

STANDING_TONES: dict[Standing, str] = {
    Standing.FIRST_DUE: "waiting",
    Standing.FIRST_LATE: "late",
    Standing.WRITTEN_DUE: "working",
    Standing.WRITTEN_LATE: "late",
    Standing.MET: "done",
    Standing.MET_LATE: "closed",
}


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty as lists and pages show it, with its clocks at the time of reading (UTC)."""

    duty: Duty
    rules: RuleSet
    rule: DutyRule
    clock: Clock
    owner: str
    school: str

    @property
    def tone(self) -> str:
        """How its standing looks (ui's TONES)."""
        return STANDING_TONES[self.clock.standing]


@dataclass(frozen=True, slots=True)
class EventShown:
    """One event of a duty, opened."""

    event: DutyEvent
    who: str
    words: dict[str, str]


def rows_of(duties: Sequence[Duty], now: datetime) -> list[DutyRow]:
    """Return duties with their clocks at ``now`` (UTC), names and schools; two queries for all."""
    people = _names({duty.person_id for duty in duties})
    schools = dict(
        School.objects.filter(pk__in={d.school_id for d in duties if d.school_id}).values_list(
            "pk", "name"
        )
    )
    shown = []
    for duty in duties:
        rules, rule = rules_of(duty)
        shown.append(
            DutyRow(
                duty, rules, rule, clock_at(rule, times_of(duty), now),
                people.get(duty.person_id, ""), schools.get(duty.school_id or 0, ""),
            )
        )  # fmt: skip
    return shown


def own_duties(viewer: Viewer, now: datetime) -> list[DutyRow]:
    """Return the viewer's own duties, those still owed first; call inside ``viewing``."""
    mine = Duty.objects.filter(person_id=viewer.person_id).order_by("-opened_at", "pk")[:MOST]
    return sorted(rows_of(list(mine), now), key=lambda row: row.clock.next_due is None)


def events_of(duty: Duty, folder: OpenFolder) -> list[EventShown]:
    """Return a duty's events in order, opened; call inside ``viewing``."""
    events = list(DutyEvent.objects.filter(duty_id=duty.pk).order_by("number"))
    names = _names({event.person_id for event in events})
    return [
        EventShown(
            event,
            names.get(event.person_id, ""),
            unpack(folder.read("event", event.pk, event.sealed)) if event.sealed else {},
        )
        for event in events
    ]


def schools_near(viewer: Viewer) -> list[tuple[int, str]]:
    """Return the schools that somebody may name, their own first; call inside ``viewing``."""
    own = {post.school_id for post in viewer.posts if post.school_id}
    found = list(School.objects.order_by("name").values_list("pk", "name"))
    return [row for row in found if row[0] in own] + [row for row in found if row[0] not in own]


def colleagues_of(viewer: Viewer) -> list[tuple[int, str]]:
    """Return everybody on staff whom somebody might have to name; call inside ``viewing``.

    Not the center's staff, who are at no school, and not oneself.
    """
    rows = (
        Membership.objects.exclude(team__kind__in=(TeamKind.CENTER, TeamKind.ADMINISTRATION))
        .exclude(person_id=viewer.person_id)
        .select_related("person", "team")
    )
    named: dict[int, str] = {}
    for row in rows:
        named.setdefault(row.person_id, f"{row.person.name} ({row.team.name})")
    return sorted(named.items(), key=lambda one: one[1].casefold())


def district_of(viewer: Viewer, school_id: int | None) -> District | None:
    """Return where a suspicion lies: the school's district, else the viewer's own first one."""
    if school_id is not None:
        school = School.objects.select_related("district").filter(pk=school_id).first()
        if school is not None:
            return school.district
    own = [post.district_id for post in viewer.posts if post.district_id]
    return District.objects.filter(pk__in=own).first() if own else District.objects.first()


def _names(people: Iterable[int]) -> dict[int, str]:
    return {row.pk: row.name for row in Person.objects.filter(pk__in=set(people))}
