"""What a team's pages show of a tip: plain words, and times no finer than a school may know them.

Nothing here gives a template an exact time of a reporter's doing (upstander/tips/times.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from upstander.cases.dispositions import BY_KEY, DISPOSITIONS
from upstander.cases.panel import Ending
from upstander.escalations.models import Acknowledgement, Alert
from upstander.escalations.queries import AlertState, alert_states
from upstander.places.models import District, School
from upstander.places.priority import Priority
from upstander.places.scope import Viewer
from upstander.places.taxonomy import TILES_BY_KEY
from upstander.tips.models import Note, Tip
from upstander.tips.opening import Jotting
from upstander.tips.panel import FileShown, Happened, TurnShown
from upstander.tips.queries import names_of
from upstander.tips.states import TipState
from upstander.tips.times import shown_to_school

#: What a school chooses from when it closes. A tip that is no student of theirs goes back instead.
ENDINGS = tuple(d for d in DISPOSITIONS if d.key not in ("not_our_student", "junk"))
#: Priorities whose clocks run in minutes; a routine tip's is told in half-days.
_CLOCKED = (Priority.LIFE_SAFETY, Priority.URGENT)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who has it and what comes next, in words; ``due`` is for a countdown, else ``due_words``."""

    words: str
    #: How it looks (ui's TONES).
    tone: str
    due: datetime | None = None
    due_label: str = ""
    due_words: str = ""
    #: The alert that can be answered now, and what this viewer answered already.
    alert_id: UUID | None = None
    needs_answer: bool = False
    answer: str = ""
    late: bool = False
    by_me: bool = False


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One tip as a team's list shows it."""

    id: UUID
    reference: str
    priority: Priority
    rank: int
    tile: str
    school: str
    state: TipState
    happening_now: bool
    standing: Standing

    @property
    def place(self) -> tuple[int, bool, str]:
        """The list's order: life safety first, then what nobody has, then by reference."""
        return (self.rank, not self.standing.needs_answer, self.reference)


def live_since() -> str:
    """Return what an open page has seen, for the stream's ``since``; first inside ``viewing``.

    A time (epoch seconds) and a snapshot: a tip's times are whole seconds, so that time alone would
    either tell a page of what it shows already or keep silent about what came a moment later.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM api.clock_now()), pg_current_snapshot()::text")
        seconds, snapshot = cursor.fetchall()[0]
    return f"{seconds:.1f}~{snapshot}"


def rows_of(viewer: Viewer, tips: Sequence[Tip]) -> list[TeamRow]:
    """Return the rows of tips in the list's order; call inside ``viewing``. Constant queries."""
    schools = School.objects.in_bulk({tip.school_id for tip in tips if tip.school_id})
    districts = District.objects.in_bulk({tip.district_id for tip in tips})
    alerts = alert_states([tip.pk for tip in tips])
    names = names_of({alert.acknowledged_by for alert in alerts.values()})
    rows = []
    for tip in tips:
        school = schools.get(tip.school_id or 0)
        zone = ZoneInfo((school or districts[tip.district_id]).time_zone)
        rows.append(
            TeamRow(
                id=tip.pk,
                reference=tip.reference,
                priority=Priority(tip.priority),
                rank=tip.rank,
                tile=TILES_BY_KEY[tip.tile].text("en") if tip.tile in TILES_BY_KEY else tip.tile,
                school=school.name if school else "",
                state=TipState(tip.state),
                happening_now=tip.happening_now,
                standing=standing_of(tip, alerts.get(tip.pk), names, viewer, zone),
            )
        )
    return sorted(rows, key=lambda row: row.place)


def standing_of(
    tip: Tip,
    alert: AlertState | None,
    names: Mapping[int, str],
    viewer: Viewer,
    zone: tzinfo,
) -> Standing:
    """Say who has a tip and what its clock runs to."""
    if tip.state == TipState.CLOSED:
        ending = BY_KEY.get(tip.disposition)
        how = f": {ending.label}" if ending else ""
        return Standing(f"Closed{how}. Nobody has it", "closed")
    if tip.state != TipState.HANDED_OFF:
        return Standing("Back at the crisis center", "closed")
    if alert is None or alert.state == Alert.State.ENDED:
        return Standing("With the school's team", "working")
    priority = Priority(tip.priority)
    said = alert.answer_of(viewer.person_id)
    if alert.open:
        due = alert.next_due_at
        return Standing(
            "Nobody has it yet",
            "late" if alert.late else "waiting",
            *_clock(due, f"Asks {_next_words(alert, viewer)} in", priority, zone),
            alert_id=alert.alert_id,
            needs_answer=True,
            answer=said,
            late=alert.late,
        )
    mine = alert.acknowledged_by == viewer.person_id
    who = "You have it" if mine else f"{names.get(alert.acknowledged_by or 0, 'Somebody')} has it"
    due = alert.next_step_due_at
    return Standing(
        who,
        "late" if alert.late else "working",
        *_clock(due, "Next step due in", priority, zone),
        alert_id=alert.alert_id,
        answer=said,
        late=alert.late,
        by_me=mine,
    )


def _next_words(alert: AlertState, viewer: Viewer) -> str:
    """Say who is asked when the clock runs out, as seen from where the viewer stands."""
    again = " again" if alert.asked else ""
    if alert.next_target in ("holders", "team", "backups"):
        own = (
            "your team"
            if set(alert.holders) & set(viewer.names_in(alert.tip_id))
            else "the school's team"
        )
        return f"{own}'s backups" if alert.next_target == "backups" else f"{own}{again}"
    return alert.next_words


def _clock(
    due: datetime | None, label: str, priority: Priority, zone: tzinfo
) -> tuple[datetime | None, str, str]:
    if due is None:
        return None, "", ""
    if priority in _CLOCKED:
        return due, label, ""
    words = f"{label.removesuffix(' in')}: {shown_to_school(due, priority, zone)}"
    return None, "", words


@dataclass(frozen=True, slots=True)
class Line:
    """Anything that somebody wrote or did, with its time in a school's words."""

    text: str
    who: str
    when: str
    icon: str = "info"
    detail: str = ""
    voice: str = ""
    hidden: str = ""
    mine: bool = False
    label: str = ""


class Teller:
    """Tells times of one tip as its school may know them."""

    def __init__(self, priority: str, zone: tzinfo) -> None:
        self.priority = priority
        self.zone = zone

    def when(self, at: datetime) -> str:
        """Say in words when something happened."""
        return shown_to_school(at, self.priority, self.zone)

    def dialog(self, turns: Iterable[TurnShown]) -> list[Line]:
        """Return the dialog, oldest first. The team's own side stands at the end of the line."""
        return [
            Line(
                turn.text,
                turn.name,
                self.when(turn.at),
                voice=turn.voice,
                hidden=turn.hidden,
                mine=turn.voice == "staff" and "school's team" in turn.name,
            )
            for turn in turns
        ]

    def notes(self, notes: Iterable[Jotting], names: Mapping[int, str]) -> list[Line]:
        """Return the team's notes and next steps, newest first; the brief stands elsewhere."""
        return [
            Line(
                note.text,
                names.get(note.person_id, "Somebody who is no longer here"),
                self.when(note.at),
                label="Next step" if note.kind == Note.Kind.NEXT_STEP else "",
            )
            for note in reversed(list(notes))
            if note.kind != Note.Kind.BRIEF
        ]

    def last_step(self, notes: Iterable[Jotting], names: Mapping[int, str]) -> Line | None:
        """Return what was last noted as done."""
        steps = [note for note in notes if note.kind == Note.Kind.NEXT_STEP]
        if not steps:
            return None
        last = steps[-1]
        return Line(last.text, names.get(last.person_id, "Somebody"), self.when(last.at))

    def brief(self, notes: Iterable[Jotting], names: Mapping[int, str]) -> Line | None:
        """Return the latest brief that came with a hand-off."""
        briefs = [note for note in notes if note.kind == Note.Kind.BRIEF]
        if not briefs:
            return None
        latest = briefs[-1]
        return Line(latest.text, names.get(latest.person_id, "The center"), self.when(latest.at))

    def history(self, happened: Iterable[Happened]) -> list[Line]:
        """Return everything that happened to the tip, oldest first."""
        return [
            Line(one.text, one.who, self.when(one.at), icon=one.icon, detail=one.detail)
            for one in happened
        ]

    def endings(self, endings: Iterable[Ending], names: Mapping[int, str]) -> list[Line]:
        """Return how the tip ended, each time; ``label`` says that it was opened again."""
        somebody = "Somebody who is no longer here"
        return [
            Line(
                one.why,
                names.get(one.by, somebody),
                self.when(one.at),
                detail=one.ending,
                label="opened again since" if one.reopened else "",
                hidden=names.get(one.seconded_by, somebody) if one.seconded_by else "",
            )
            for one in endings
        ]

    def files(self, files: Iterable[FileShown]) -> list[tuple[FileShown, str]]:
        """Return the files, each with when it came."""
        return [(file, self.when(file.at)) for file in files]


ANSWERS: tuple[tuple[str, str, str, str, str], ...] = (
    (Acknowledgement.Answer.HAVE_IT, "I have it", "i", "hand", "primary"),
    (Acknowledgement.Answer.SEEN, "Seen", "s", "eye", "secondary"),
    (Acknowledgement.Answer.CANNOT, "I can't", "n", "close", "secondary"),
)
"""The three answers to an alert: value, words, key, icon, kind of button."""

STEPS: tuple[tuple[str, str, str], ...] = (
    ("call_911", "I called 911", "phone"),
    ("visit", "I'm going to the student now", "forward"),
    ("mobile_crisis", "I asked mobile crisis to come", "people"),
    ("colleague", "I asked a colleague who is nearer", "person"),
)
"""The next steps that need one press: key, words, icon. A call home and waiting need more."""
