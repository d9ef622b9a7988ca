"""Reads for the pages: how the system stands, and how drills went. Call inside ``viewing``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upstander.base.moment import database_second
from upstander.carriers.models import Inbound
from upstander.carriers.queries import provider_states
from upstander.people.models import Membership, Person, Team
from upstander.people.scope import Viewer
from upstander.watch.access import teams_of
from upstander.watch.actions.drills import EVERY_DAYS, due_at, middle, overdue
from upstander.watch.beats import WATCH
from upstander.watch.look import LANE_LIMIT, STAGES, sentences, words_of
from upstander.watch.models import (
    Beat,
    Drill,
    DrillAnswer,
    DrillCall,
    DrillRule,
    Probe,
    Trouble,
)

#: Synthetic tips that the status page shows: half a day at one every five minutes.
PROBES = 144
#: Late for less than this is no alarm on every page.
_CATCHES_UP = timedelta(minutes=1)
_CATCH_UP = frozenset({Trouble.Kind.QUEUE, Trouble.Kind.PROVIDER, Trouble.Kind.SITE})
_TROUBLES = 20
_DRILLS = 20


@dataclass(frozen=True, slots=True)
class TroubleShown:
    """One trouble in words."""

    words: str
    since: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LaneSeen:
    """One lane and when it last said that it turns."""

    name: str
    at: datetime
    well: bool


@dataclass(frozen=True, slots=True)
class ProbeShown:
    """One synthetic tip: how it went, and how long the stages took, in seconds."""

    began_at: datetime
    well: bool
    #: (stage in words, seconds from the tip's sending), as far as it came.
    stages: tuple[tuple[str, float], ...]
    #: Seconds from when somebody was to be paged until they had acknowledged; None: not that far.
    answered_in: float | None
    failed_words: str
    #: Why it was not followed to the end although it is well.
    up_to: str


def banner(*, record_alone: bool = False) -> list[str]:
    """Return what is wrong now as the head of every page says it: a sentence each.

    ``record_alone``: with the record, and none of what is wrong with machines. What runs late, or
    gives no answer, for less than a minute mostly catches up by itself: the status page alone says
    so by then.
    """
    late = database_second() - _CATCHES_UP
    found = [
        (kind, about) for kind, about, since in _now() if kind not in _CATCH_UP or since <= late
    ]
    return sentences([one for one in found if not record_alone or one[0] == Trouble.Kind.RECORD])


def _now() -> list[tuple[str, str, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, about, since FROM api.watch_troubles()")
        rows: list[tuple[str, str, datetime]] = cursor.fetchall()
    return rows


def troubles_now() -> list[TroubleShown]:
    """Return what is wrong now, also when the watch itself is what has stopped.

    Any staff connection may ask, inside ``viewing`` or not: it is about machines.
    """
    return [TroubleShown(words_of(kind, about), since) for kind, about, since in _now()]


def troubles_before() -> list[TroubleShown]:
    """Return the latest troubles that are over."""
    ended = Trouble.objects.filter(ended_at__isnull=False).order_by("-ended_at")[:_TROUBLES]
    return [TroubleShown(words_of(t.kind, t.about), t.since, t.ended_at) for t in ended]


def lanes_now(now: datetime) -> list[LaneSeen]:
    """Return each lane's latest sign of life."""
    latest = Beat.objects.values_list("lane").annotate(at=Max("at")).order_by("lane")
    limit = timedelta(seconds=LANE_LIMIT)
    return [
        LaneSeen(_("the watch") if name == WATCH else name, at, now - at <= limit)
        for name, at in latest
    ]


def probes_shown() -> list[ProbeShown]:
    """Return the latest synthetic tips that have ended, newest first."""
    ended = Probe.objects.exclude(state=Probe.State.RUNNING).order_by("-began_at")[:PROBES]
    return [probe_shown(probe) for probe in ended]


def probe_shown(probe: Probe) -> ProbeShown:
    """Put one synthetic tip into words and seconds. Pure."""
    reached = [(str(STAGES[s]), ms / 1000) for s in STAGES if (ms := getattr(probe, f"{s}_ms"))]
    done, due = probe.acknowledged_ms, probe.due_ms
    failed = probe.state == Probe.State.FAILED
    return ProbeShown(
        began_at=probe.began_at,
        well=not failed,
        stages=tuple(reached),
        answered_in=None if done is None or due is None else max(0, done - due) / 1000,
        failed_words=f"{STAGES.get(probe.failed_at, probe.failed_at)}: {probe.reason}"
        if failed
        else "",
        up_to="" if failed else probe.reason,
    )


__all__ = ["provider_states"]


# --- Drills ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TeamDrills:
    """One team: when it was tested last and when it is to be tested next."""

    team_id: int
    name: str
    leads: bool
    every_days: int
    last: Drill | None
    running: bool
    answered: int
    asked: int
    due: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One person of a drill: by which ways they were asked, and what they answered when."""

    name: str
    ways: tuple[str, ...]
    answer: str
    by: str
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """How a drill went."""

    drill: Drill
    team_name: str
    people: tuple[Asked, ...]
    answered: int
    median: int | None
    #: The viewer is asked and has not answered.
    asks_me: bool


_CHANNELS = {
    "sms": gettext_lazy("text"),
    "voice": gettext_lazy("call"),
    "email": gettext_lazy("email"),
    "push": gettext_lazy("notification"),
    "desk": gettext_lazy("on the Upstander site"),
}
_BY = {
    Inbound.Kind.SMS: gettext_lazy("by text"),
    Inbound.Kind.KEY: gettext_lazy("by key in a call"),
    Inbound.Kind.PUSH: gettext_lazy("by notification"),
    Inbound.Kind.LINK: gettext_lazy("by link"),
    "desk": gettext_lazy("on the Upstander site"),
}
_ANSWERS = {
    "have_it": gettext_lazy("I have it"),
    "seen": gettext_lazy("seen"),
    "cannot": gettext_lazy("I can't"),
}
_STATES = {
    DrillCall.State.DUE: gettext_lazy("to come"),
    DrillCall.State.SENT: gettext_lazy("sent"),
    DrillCall.State.FAILED: gettext_lazy("not delivered"),
    DrillCall.State.CANCELLED: gettext_lazy("not needed"),
}


def team_drills(viewer: Viewer, now: datetime) -> list[TeamDrills]:
    """Return the teams that concern the viewer, what is overdue first. Six queries at most."""
    ids = teams_of(viewer)
    names = dict(Team.objects.filter(pk__in=ids).values_list("pk", "name"))
    rules = dict(DrillRule.objects.filter(team_id__in=ids).values_list("team_id", "every_days"))
    newest = Drill.objects.filter(team_id__in=ids).order_by("team_id", "-begun_at")
    last = {drill.team_id: drill for drill in newest.distinct("team_id")}
    drills = [drill.pk for drill in last.values()]
    asked: defaultdict[UUID, set[int]] = defaultdict(set)
    for drill_id, person in DrillCall.objects.filter(drill_id__in=drills).values_list(
        "drill_id", "person_id"
    ):
        asked[drill_id].add(person)
    answered: defaultdict[UUID, int] = defaultdict(int)
    for drill_id in DrillAnswer.objects.filter(drill_id__in=drills).values_list(
        "drill_id", flat=True
    ):
        answered[drill_id] += 1
    found = []
    for team_id, name in names.items():
        drill, every = last.get(team_id), rules.get(team_id, EVERY_DAYS)
        begun = drill.begun_at if drill else None
        found.append(
            TeamDrills(
                team_id=team_id,
                name=name,
                leads=team_id in viewer.leads,
                every_days=every,
                last=drill,
                running=drill is not None and drill.state != Drill.State.ENDED,
                answered=answered[drill.pk] if drill else 0,
                asked=len(asked[drill.pk]) if drill else 0,
                due=due_at(begun, every),
                overdue=overdue(begun, every, now),
            )
        )
    return sorted(found, key=lambda one: (not one.running, not one.overdue, one.name.casefold()))


def drills_of(team_ids: Iterable[int]) -> list[Drill]:
    """Return the latest drills of these teams."""
    drills = Drill.objects.select_related("team").filter(team_id__in=list(team_ids))
    return list(drills.order_by("-begun_at")[:_DRILLS])


def report_of(viewer: Viewer, drill: Drill) -> Report:
    """Return who was asked in a drill and who answered, by name: it ranks nobody. Four queries."""
    calls: defaultdict[int, list[DrillCall]] = defaultdict(list)
    for call in DrillCall.objects.filter(drill_id=drill.pk).order_by("due_at", "channel"):
        calls[call.person_id].append(call)
    answers = {a.person_id: a for a in DrillAnswer.objects.filter(drill_id=drill.pk)}
    members = set(
        Membership.objects.filter(team_id=drill.team_id, person__is_active=True).values_list(
            "person_id", flat=True
        )
    )
    # Whoever is in the team and was asked by no way at all must show: that is a finding.
    everybody = set(calls) | set(answers) | members
    names = {p.pk: p.name for p in Person.objects.filter(pk__in=everybody)}
    people = [
        _asked(names.get(person, _("Someone")), calls[person], answers.get(person), drill)
        for person in everybody
    ]
    seconds = [one.seconds for one in people if one.seconds is not None]
    return Report(
        drill=drill,
        team_name=drill.team.name,
        people=tuple(sorted(people, key=lambda one: one.name.casefold())),
        answered=len(seconds),
        median=middle(seconds),
        asks_me=drill.state != Drill.State.ENDED
        and viewer.person_id in members
        and viewer.person_id not in answers,
    )


def _asked(
    name: str, calls: Sequence[DrillCall], answer: DrillAnswer | None, drill: Drill
) -> Asked:
    return Asked(
        name=name,
        ways=tuple(
            f"{_CHANNELS.get(c.channel, c.channel)}: {_STATES[DrillCall.State(c.state)]}"
            + (f" ({c.reason})" if c.reason else "")
            for c in calls
        ),
        answer=str(_ANSWERS.get(answer.answer, answer.answer)) if answer else "",
        by=str(_BY.get(answer.channel, answer.channel)) if answer else "",
        seconds=max(0, round((answer.at - drill.begun_at).total_seconds())) if answer else None,
    )
