"""Reads of duties: one with its events, one's own, and those of one's school or district."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upstander.mandated.access import rules_of, times_of
from upstander.mandated.actions.confirming import as_confirmed
from upstander.mandated.clocks import Clock, Standing, Times, clock_at
from upstander.mandated.deadlines import Due, may_meet
from upstander.mandated.leaving.queries import OwnerLeft, owners_left
from upstander.mandated.models import Deadline, Duty, DutyEvent
from upstander.mandated.named import names_in_duties
from upstander.mandated.words import unpack
from upstander.matters.folders import OpenFolder
from upstander.matters.people_near import people_near
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer
from upstander.places.models import District, School
from upstander.states import DutyRule, RuleSet, laws

#: A page of a list.
MOST = 50

STANDING_TONES: dict[Standing, str] = {
    Standing.FIRST_DUE: "waiting",
    Standing.FIRST_LATE: "late",
    Standing.WRITTEN_DUE: "working",
    Standing.WRITTEN_LATE: "late",
    Standing.MET: "done",
    Standing.MET_LATE: "closed",
    Standing.MET_UNSURE: "closed",
}


STANDING_WORDS = {
    Standing.FIRST_DUE: gettext_lazy("first report due"),
    Standing.FIRST_LATE: gettext_lazy("first report late"),
    Standing.WRITTEN_DUE: gettext_lazy("reported; written report due"),
    Standing.WRITTEN_LATE: gettext_lazy("reported; written report late"),
    Standing.MET: gettext_lazy("both reports made on time"),
    Standing.MET_LATE: gettext_lazy("both reports made, late"),
    Standing.MET_UNSURE: gettext_lazy("both reports made; their times can’t all be right"),
}
ACCEPTED_WORDS = {
    True: gettext_lazy("accepted"),
    False: gettext_lazy("not accepted"),
    None: gettext_lazy("they didn’t say whether they accept it"),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """That the time of a report was corrected (UTC)."""

    #: As it was typed first.
    typed: datetime
    #: When it was last corrected, by the server.
    at: datetime


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty as lists and pages show it, with its clocks at the time of reading (UTC)."""

    duty: Duty
    rules: RuleSet
    rule: DutyRule
    times: Times
    clock: Clock
    owner: str
    school: str
    #: The district's time zone: of every time that is shown of it.
    zone: str
    #: None: the time of the first report stands as it was typed first.
    correction: Correction | None = None
    #: The same of the written report.
    redated: Correction | None = None
    #: Its owner was shut out while it was open.
    left: OwnerLeft | None = None

    @property
    def way(self) -> str:
        """How the first report was made, in words; "" while it is not."""
        key = self.duty.first_way
        return self.rules.ways[key].label if key in self.rules.ways else key

    @property
    def accepted(self) -> str:
        """Whether the agency took the first report, in words; "" while none is made."""
        if self.duty.first_at is None:
            return ""
        return str(ACCEPTED_WORDS[self.duty.accepted])

    @property
    def standing(self) -> str:
        """How it stands, in words (``templates/mandated/standing.html`` says it with its time)."""
        return str(STANDING_WORDS[self.clock.standing])

    @property
    def tone(self) -> str:
        """How its standing looks (ui's TONES)."""
        return STANDING_TONES[self.clock.standing]

    @property
    def lacks(self) -> tuple[str, ...]:
        """What a report to child protection lacks to prove that it was made, in words.

        Empty before it is made, and of other duties. The database decides (mandated_unproved).
        """
        duty = self.duty
        if duty.first_at is None or not self.rule.hold:
            return ()
        said = [(duty.says_whom, _("whom you spoke with, or a reference number"))]
        if duty.written_at is not None:
            said += [
                (duty.has_paper, _("a signed report, or a file of it")),
                (duty.says_where, _("how the written report went, and to which office")),
            ]
        return tuple(str(words) for there, words in said if not there)

    @property
    def overdue(self) -> bool:
        """Whether something is owed now, past its time."""
        return self.clock.standing in (Standing.FIRST_LATE, Standing.WRITTEN_LATE)

    @property
    def seconds_late(self) -> int:
        """How much the later of the two is, or was, past its time (s; 0: in time)."""
        return int(self.clock.over.total_seconds())

    @property
    def written_down_after(self) -> int:
        """How long after the typed time of the first report it was written down here (s)."""
        return _after(self.duty.first_at, self.duty.first_recorded_at)

    @property
    def sent_written_down_after(self) -> int:
        """How long after the typed time of the written report it was written down here (s)."""
        return _after(self.duty.written_at, self.duty.written_recorded_at)

    @property
    def first_mark(self) -> str:
        """What is wrong with the typed time of the first report, in words; "": nothing."""
        return _("Said to be made before the cause") if self.times.first_before_cause else ""

    @property
    def spares_call(self) -> bool:
        """Whether a first report may do without a call here: an administrator confirmed that."""
        ways = (self.rules.ways[key] for key in self.rule.ways)
        return any(way.permits and way.runs for way in ways)

    @property
    def sent_marks(self) -> list[str]:
        """What is wrong with the typed time of the written report, in words."""
        said = [
            (self.times.sent_before_first, _("Dated before the first report")),
            (self.times.sent_before_signed, _("Said to be sent before it was signed")),
        ]
        return [str(words) for wrong, words in said if wrong]


@dataclass(frozen=True, slots=True)
class EventShown:
    """One event of a duty, opened."""

    event: DutyEvent
    who: str
    words: dict[str, str]


def rows_of(duties: Sequence[Duty], now: datetime, *, names: bool = True) -> list[DutyRow]:
    """Return duties with their clocks at ``now`` (UTC), names and schools; six queries for all.

    Without ``names`` whose they are is not asked: an outside monitor may not know.
    """
    if not duties:
        return []
    people: dict[int, str] = {}
    if names:
        owners = {duty.person_id for duty in duties}
        people = names_in_duties([duty.pk for duty in duties], owners)
    confirmed = as_confirmed(one.duties for one in laws())
    schools = dict(
        School.objects.filter(pk__in={d.school_id for d in duties if d.school_id}).values_list(
            "pk", "name"
        )
    )
    zones = dict(
        District.objects.filter(pk__in={d.district_id for d in duties}).values_list(
            "pk", "time_zone"
        )
    )
    corrections = _corrections(duty.pk for duty in duties)
    left = owners_left(duty.pk for duty in duties)
    shown = []
    for duty in duties:
        rules = confirmed[duty.rule_set]
        rule = rules.duties[duty.rule]
        signed = corrections.get((duty.pk, "signed"))
        times = times_of(duty, signed.typed if signed else None)
        shown.append(
            DutyRow(
                duty,
                rules,
                rule,
                times,
                clock_at(rule, times, now),
                people.get(duty.person_id, "") if names else "",
                schools.get(duty.school_id or 0, ""),
                zones.get(duty.district_id, settings.TIME_ZONE),
                corrections.get((duty.pk, "first")),
                corrections.get((duty.pk, "written")),
                left.get(duty.pk),
            )
        )
    return shown


def _after(typed: datetime | None, kept: datetime | None) -> int:
    return max(0, int((kept - typed).total_seconds())) if typed and kept else 0


def _corrections(duties: Iterable[UUID]) -> dict[tuple[UUID, str], Correction]:
    """Return which reports' times were corrected, by duty and "first" or "written"; one query.

    By "signed": when the written one was first signed. Call inside ``viewing``.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT duty, kind, typed, corrected FROM api.duty_corrections(p_duties => %s)",
            [list(duties)],
        )
        return {(duty, kind): Correction(typed, at) for duty, kind, typed, at in cursor.fetchall()}


def own_duties(viewer: Viewer, now: datetime) -> list[DutyRow]:
    """Return the viewer's own duties, those still owed first; call inside ``viewing``."""
    mine = Duty.objects.filter(person_id=viewer.person_id).order_by("-opened_at", "pk")[:MOST]
    return sorted(rows_of(list(mine), now), key=lambda row: row.clock.next_due is None)


def duties_of_advocates(viewer: Viewer, now: datetime) -> list[DutyRow]:
    """Return what advocates of the viewer's agency report, for its supervisor, newest first."""
    if viewer.kind is not TeamKind.CENTER:
        return []
    others = Duty.objects.exclude(person_id=viewer.person_id).order_by("-opened_at", "pk")
    return rows_of(list(others[:MOST]), now)


def later_of(viewer: Viewer, now: datetime) -> list[Due]:
    """Return what falls due later and is the viewer's to do, by time; call inside ``viewing``."""
    rows = Deadline.objects.filter(remind_at__isnull=False).order_by("due_at")[: 4 * MOST]
    duties = Duty.objects.in_bulk({row.duty_id for row in rows})
    zones = dict(District.objects.values_list("pk", "time_zone"))
    found = []
    for row in rows:
        duty = duties.get(row.duty_id)
        rule = duty and next((r for r in rules_of(duty)[1].follow if r.key == row.key), None)
        if duty and rule and may_meet(viewer, duty, row.owner):
            zone = zones.get(row.district_id, settings.TIME_ZONE)
            found.append(Due(row, rule, now - row.due_at, mine=True, zone=zone))
    return found


def events_of(duty: Duty, folder: OpenFolder) -> list[EventShown]:
    """Return a duty's events in order, opened; call inside ``viewing``."""
    events = list(DutyEvent.objects.filter(duty_id=duty.pk).order_by("number"))
    names = names_in_duties([duty.pk], {event.person_id for event in events})
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
    own = {membership.school_id for membership in viewer.memberships if membership.school_id}
    found = list(School.objects.order_by("name").values_list("pk", "name"))
    return [row for row in found if row[0] in own] + [row for row in found if row[0] not in own]


def colleagues_of(viewer: Viewer) -> list[tuple[int, str]]:
    """Return everybody on staff whom somebody might have to name; call inside ``viewing``.

    Whatever they are, and of the center and the administration too: all but oneself.
    """
    named: dict[int, str] = {}
    for one in people_near():
        if one.person_id != viewer.person_id:
            named.setdefault(one.person_id, f"{one.name} ({one.team})")
    return sorted(named.items(), key=lambda one: one[1].casefold())


def own_school(viewer: Viewer) -> int | None:
    """Return the one school that somebody works at; None: none, or several."""
    schools = {membership.school_id for membership in viewer.memberships if membership.school_id}
    return schools.pop() if len(schools) == 1 else None


def district_of(
    viewer: Viewer, school_id: int | None, district_id: int | None = None
) -> District | None:
    """Return where a suspicion lies: in the district of what it is about, else of the school, else
    in the viewer's own first one."""
    if district_id is not None:
        return District.objects.get(pk=district_id)
    if school_id is not None:
        school = School.objects.select_related("district").filter(pk=school_id).first()
        if school is not None:
            return school.district
    own = [membership.district_id for membership in viewer.memberships if membership.district_id]
    return District.objects.filter(pk__in=own).first() if own else District.objects.first()
