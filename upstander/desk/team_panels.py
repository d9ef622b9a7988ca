"""What a team's pages show of a tip: plain words, and times no finer than a school may know them.

Nothing here gives a template an exact time of a reporter's doing (upstander/tips/times.py).
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.decisions.dispositions import BY_KEY, DISPOSITIONS
from upstander.decisions.models import Closing
from upstander.decisions.shown import Ending
from upstander.escalations.models import Acknowledgement, Alert
from upstander.escalations.queries import AlertState, alert_states
from upstander.intake.priority import Priority
from upstander.people.scope import Viewer
from upstander.places.models import District, School
from upstander.tips.models import Note, Tip
from upstander.tips.opening import Jotting
from upstander.tips.queries import names_of
from upstander.tips.shown import FileShown, Happened, TurnShown, tile_words
from upstander.tips.states import TipState
from upstander.tips.times import act_shown_to_school, shown_to_school
from upstander.vault.seeds import Audience

#: What a school chooses from when it closes. A tip that is no student of theirs goes back instead.
ENDINGS = tuple(d for d in DISPOSITIONS if d.key not in ("not_our_student", "junk"))
#: Priorities whose clocks run in minutes; a routine tip's is told in half-days.
_CLOCKED = (Priority.LIFE_SAFETY, Priority.URGENT)


@dataclass(frozen=True, slots=True)
class WhoHasIt:
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
    standing: WhoHasIt

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
    closed = [tip.pk for tip in tips if tip.state == TipState.CLOSED]
    ended = Closing.objects.filter(tip_id__in=closed, reopened_at__isnull=True).order_by("at")
    closings = {one.tip_id: one for one in ended}
    names = names_of(
        {alert.acknowledged_by for alert in alerts.values()}
        | {one.person_id for one in closings.values()}
    )
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
                tile=tile_words(tip),
                school=school.name if school else "",
                state=TipState(tip.state),
                happening_now=tip.happening_now,
                standing=standing_of(tip, alerts.get(tip.pk), names, viewer, zone)
                if tip.state != TipState.CLOSED
                else closed_by(tip, closings.get(tip.pk), names, zone),
            )
        )
    return sorted(rows, key=lambda row: row.place)


def closed_by(
    tip: Tip, closing: Closing | None, names: Mapping[int, str], zone: tzinfo
) -> WhoHasIt:
    """Say how a closed tip ended, who closed it and when, as a school may know it."""
    ending = BY_KEY.get(tip.disposition)
    how = f": {ending.label}" if ending else ""
    if closing is None:
        return WhoHasIt(gettext("Closed%(how)s") % {"how": how}, "closed")
    # Who sits at the center is no school's to know.
    name = (
        gettext("the crisis center")
        if closing.audience == Audience.CENTER
        else names.get(closing.person_id, gettext("someone who is no longer here"))
    )
    said = {"how": how, "name": name, "when": shown_to_school(closing.at, tip.priority, zone)}
    return WhoHasIt(gettext("Closed%(how)s, by %(name)s. %(when)s") % said, "closed")


def standing_of(
    tip: Tip,
    alert: AlertState | None,
    names: Mapping[int, str],
    viewer: Viewer,
    zone: tzinfo,
) -> WhoHasIt:
    """Say who has a tip that is open and what its clock runs to."""
    if tip.state != TipState.HANDED_OFF:
        return WhoHasIt(gettext("Back at the crisis center"), "closed")
    if alert is None or alert.state == Alert.State.ENDED:
        return WhoHasIt(gettext("With the school's team"), "working")
    priority = Priority(tip.priority)
    said = alert.answer_of(viewer.person_id)
    if alert.open:
        due = alert.next_due_at
        return WhoHasIt(
            gettext("Nobody has it yet"),
            "late" if alert.late else "waiting",
            *_clock(
                due,
                gettext("Asks %(who)s in") % {"who": _next_words(alert, viewer)},
                priority,
                zone,
            ),
            alert_id=alert.alert_id,
            needs_answer=True,
            answer=said,
            late=alert.late,
        )
    mine = alert.acknowledged_by == viewer.person_id
    who = (
        gettext("You have it")
        if mine
        else gettext("%(name)s has it")
        % {"name": names.get(alert.acknowledged_by or 0, gettext("Someone"))}
    )
    due = alert.next_step_due_at
    return WhoHasIt(
        who,
        "late" if alert.late else "working",
        *_clock(due, gettext("Next step due in"), priority, zone),
        alert_id=alert.alert_id,
        answer=said,
        late=alert.late,
        by_me=mine,
    )


def _next_words(alert: AlertState, viewer: Viewer) -> str:
    """Say who is asked when the clock runs out, as seen from where the viewer stands."""
    if alert.next_target in ("holders", "team", "backups"):
        own = (
            gettext("your team")
            if set(alert.holders) & set(viewer.names_in(alert.tip_id))
            else gettext("the school's team")
        )
        if alert.next_target == "backups":
            return gettext("%(team)s's backups") % {"team": own}
        return gettext("%(team)s again") % {"team": own} if alert.asked else own
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
class TimelineRow:
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

    def __init__(
        self,
        priority: str,
        zone: tzinfo,
        own: Container[int] = (),
        wrote: Collection[datetime] = (),
    ) -> None:
        """``own``: people outside the center; ``wrote``: when anything of the reporter came."""
        self.priority = priority
        self.zone = zone
        self.own = own
        self.wrote = wrote

    def when(self, at: datetime) -> str:
        """Say in words when something happened."""
        return shown_to_school(at, self.priority, self.zone)

    def did(self, at: datetime, by: int | None) -> str:
        """Say in words when somebody did something; the center's acts follow the reporter's."""
        if by is None or by not in self.own:
            return self.when(at)
        return act_shown_to_school(at, self.priority, self.zone, self.wrote)

    def dialog(self, turns: Iterable[TurnShown]) -> list[TimelineRow]:
        """Return the dialog, oldest first. The team's own side stands at the end of the line."""
        return [
            TimelineRow(
                turn.text,
                turn.name,
                self.when(turn.at),
                voice=turn.voice,
                hidden=turn.hidden,
                mine=turn.voice == "staff" and "school's team" in turn.name,
            )
            for turn in turns
        ]

    def notes(self, notes: Iterable[Jotting], names: Mapping[int, str]) -> list[TimelineRow]:
        """Return the team's notes and next steps, newest first; the brief stands elsewhere."""
        return [
            TimelineRow(
                note.text,
                names.get(note.person_id, gettext("Someone who is no longer here")),
                self.did(note.at, note.person_id),
                label=gettext("Next step") if note.kind == Note.Kind.NEXT_STEP else "",
            )
            for note in reversed(list(notes))
            if note.kind not in (Note.Kind.BRIEF, Note.Kind.UPDATE)
        ]

    def last_step(self, notes: Iterable[Jotting], names: Mapping[int, str]) -> TimelineRow | None:
        """Return what was last noted as done."""
        steps = [note for note in notes if note.kind == Note.Kind.NEXT_STEP]
        if not steps:
            return None
        last = steps[-1]
        return TimelineRow(
            last.text,
            names.get(last.person_id, gettext("Someone")),
            self.did(last.at, last.person_id),
        )

    def brief(self, notes: Iterable[Jotting], names: Mapping[int, str]) -> TimelineRow | None:
        """Return the latest brief that came with a hand-off."""
        briefs = [note for note in notes if note.kind == Note.Kind.BRIEF]
        if not briefs:
            return None
        latest = briefs[-1]
        return TimelineRow(
            latest.text, names.get(latest.person_id, gettext("The center")), self.when(latest.at)
        )

    def updates(self, notes: Iterable[Jotting], names: Mapping[int, str]) -> list[TimelineRow]:
        """Return what the center has told since the latest brief, newest first."""
        found: list[TimelineRow] = []
        for note in notes:
            if note.kind == Note.Kind.BRIEF:
                found.clear()
            elif note.kind == Note.Kind.UPDATE:
                who = names.get(note.person_id, gettext("The center"))
                found.append(TimelineRow(note.text, who, self.when(note.at)))
        return found[::-1]

    def history(self, happened: Iterable[Happened]) -> list[TimelineRow]:
        """Return everything that happened to the tip, oldest first."""
        return [
            TimelineRow(
                one.text, one.who, self.did(one.at, one.by), icon=one.icon, detail=one.detail
            )
            for one in happened
        ]

    def endings(self, endings: Iterable[Ending], names: Mapping[int, str]) -> list[TimelineRow]:
        """Return how the tip ended, each time; ``label`` says that it was opened again."""
        somebody = gettext("Someone who is no longer here")
        return [
            TimelineRow(
                one.why,
                names.get(one.by, somebody),
                self.when(one.at),
                detail=one.ending,
                label=gettext("reopened since") if one.reopened else "",
                hidden=names.get(one.seconded_by, somebody) if one.seconded_by else "",
            )
            for one in endings
        ]

    def files(self, files: Iterable[FileShown]) -> list[tuple[FileShown, str]]:
        """Return the files, each with when it came."""
        return [(file, self.when(file.at)) for file in files]


ANSWERS: tuple[tuple[str, str | Promise, str, str, str], ...] = (
    (Acknowledgement.Answer.HAVE_IT, _("I have it"), "i", "hand", "primary"),
    (Acknowledgement.Answer.SEEN, _("Seen"), "s", "eye", "secondary"),
    (Acknowledgement.Answer.CANNOT, _("I can't"), "n", "close", "secondary"),
)
"""The three answers to an alert: value, words, key, icon, kind of button."""

STEPS: tuple[tuple[str, str | Promise, str], ...] = (
    ("call_911", _("I called 911"), "phone"),
    ("visit", _("I'm going to the student now"), "forward"),
    ("mobile_crisis", _("I asked mobile crisis to come"), "people"),
    ("colleague", _("I asked a colleague who is closer"), "person"),
)
"""The next steps that need one press: key, words, icon. A call home and waiting need more."""

#: The tile of what is of no student: a building, a bus, a fire, a theft, or something else.
OF_PLACES: Final = "other"
_CALL, _VISIT, _CRISIS, _CLOSER = STEPS
OF_A_PLACE: tuple[tuple[str, str | Promise, str], ...] = (
    _CALL,
    ("look", _("I'm going there to look now"), "forward"),
    ("repair", _("I told whoever repairs or runs it"), "edit"),
    _CLOSER,
)
"""The same where the report is of a building, a bus or a theft, and names no student."""
