"""The rows of the queue: what stands on each, metadata only, no word of a tip.

Call everything here inside ``viewing``: the database leaves out what the viewer may not see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import BigIntegerField, Count, F, Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.base.languages import language_of
from upstander.base.moment import database_now
from upstander.decisions.models import SecondOpinion
from upstander.emergency.models import PoliceRequest
from upstander.emergency.queries import just_decided
from upstander.escalations.actions.reading import READ_FIRST
from upstander.escalations.models import Alert, Task
from upstander.escalations.queries import AlertState, alert_states
from upstander.escalations.task_panel import open_tasks
from upstander.intake.priority import Priority
from upstander.places.models import District, School
from upstander.plug import marks_on
from upstander.tips.models import Message, Tip, Unread
from upstander.tips.queries import names_of
from upstander.tips.shown import tile_words
from upstander.tips.states import WAITING_STATES, TipState
from upstander.triage.alerts import AlertShown, alert_words
from upstander.triage.together import HELD, Together, held_for
from upstander.vault.seeds import Audience

CHANNELS = {
    "web": _("web"),
    "sms": _("text message"),
    "voice": _("phone"),
    "staff": _("taken down by an adult"),
    "import": _("import"),
}

#: What stands on the row of a call that was over before anybody was there.
_HUNG_UP: Final = _("phone: hung up within seconds")

#: What is to be done by hand: while nobody has taken it, and once somebody has.
_CALLS: Final = {
    Task.Kind.DECIDE_911: (_("911: decide"), _("911: %(name)s decides")),
    Task.Kind.CALL_911: (_("Call 911"), _("911: %(name)s calls")),
    Task.Kind.CALL_SCHOOL: (_("Call the school"), _("School: %(name)s calls")),
    Task.Kind.CALL_CONTACT: (_("Call a contact"), _("Contact: %(name)s calls")),
    Task.Kind.CONFIRM_HELP: (_("Did help arrive?"), _("Help there? %(name)s asks")),
    Task.Kind.CONFIRM_BRIEF: (_("Call police"), _("Police: %(name)s calls")),
    Task.Kind.ASK_NAMED: (_("Is it about them?"), _("%(name)s asks")),
}


class TaskInRow(NamedTuple):
    """What somebody at the center must do by hand about a tip: the column "911"."""

    id: UUID
    words: str
    #: Nobody has taken it yet.
    open: bool
    due: datetime
    #: Nobody takes it from a list, it is opened.
    read_first: bool


class PoliceSaid(NamedTuple):
    """What a second person said before police are sent."""

    asked_by: int
    words: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One tip on the queue, as everybody who may see it sees it."""

    id: UUID
    reference: str
    priority: Priority
    rank: int
    happening_now: bool
    #: Today or tonight, and nobody says that it is at this moment.
    soon: bool
    tile: str
    school: str
    district: str
    district_id: int
    language: str
    channel: str
    state: TipState
    owner_id: int | None
    owner: str
    received_at: datetime
    waiting_since: datetime | None
    unanswered: int
    mandated: bool
    junk: bool
    crowded: bool
    ended: bool
    alert: AlertShown | None
    #: A second person is asked to agree to something, and has not yet said.
    asks_second: bool = False
    #: The same before police are sent: who asks, by their id.
    asks_police: int | None = None
    #: Somebody decided that of late: who had asked, and what was said, in words.
    police_said: PoliceSaid | None = None
    #: It stands for others too, in the same words.
    together: Together | None = None
    call: TaskInRow | None = None
    #: In words: whom it is about and whether a place was given, while nobody has opened it.
    marks: str = ""
    #: Claimed with others and not opened yet: for whom, and until when.
    held_by: str = ""
    held_until: datetime | None = None
    #: Its reporter came to talk, not to report; and by which ground others have it, in words.
    to_talk: bool = False
    shared_for: str = ""
    #: Urgent, without a topic, and nobody has read it.
    only_words: bool = False
    #: Nobody has opened its words.
    unread: bool = False
    #: Urgent and nobody's, and a life may hang on what was not said (``Tip.may_be_grave``).
    may_be_grave: bool = False
    #: A call whose caller hung up within seconds.
    hung_up: bool = False
    #: It waits behind others of its kind: no row of the whole queue (``overflow.py``).
    behind: bool = False
    #: What apps above say of it besides, in few words each (``Manifest.marks``).
    besides: Sequence[str] = ()

    @property
    def place(self) -> str:
        """A text whose order is the queue's order, for the page that inserts a row by itself."""
        asks = self.asks_police is not None
        now = self.happening_now or self.call is not None or asks
        idle = self.claimable or (self.call is not None and self.call.open) or asks
        answered = self.waiting_since is None and not (self.claimable or self.call or asks)
        # "~" comes after every digit: who waits for nobody comes last.
        waiting = f"{self.waiting_since.timestamp():012.0f}" if self.waiting_since else "~"
        received = f"{self.received_at.timestamp():012.0f}"
        return (
            f"{self.rank}|{self.crowded:d}|{not idle:d}|{not self.may_be_grave:d}|{answered:d}"
            f"|{not now:d}|{not (now or self.soon):d}|{waiting}|{received}|{self.id}"
        )

    @property
    def claimable(self) -> bool:
        """Tell whether nobody at the center has it."""
        return self.state in WAITING_STATES

    @property
    def alarming(self) -> bool:
        """A life may be in danger and nobody at the center is at it."""
        silent = self.state == TipState.CLAIMED and self.alert is not None and self.alert.open
        return self.priority is Priority.LIFE_SAFETY and (self.state in WAITING_STATES or silent)

    @property
    def shows_alert(self) -> bool:
        """Tell whether the alert says more than who has claimed the tip."""
        return self.alert is not None and (self.alert.open or self.state != TipState.CLAIMED)

    @property
    def tone(self) -> str:
        """How the state looks (ui's TONES)."""
        return self.answered.tone if self.answered else _TONES[self.state]

    @property
    def answered(self) -> AlertShown | None:
        """The alert, where somebody said "I have it" by phone and nobody has claimed the tip."""
        return self.alert if self.claimable and self.alert and not self.alert.open else None

    @property
    def state_words(self) -> str:
        """The state and who has it, in words."""
        if self.held_by:
            return gettext("%(owner)s opens it next") % {"owner": self.held_by}
        if self.answered:
            return self.answered.words
        if self.state != TipState.CLAIMED:
            return str(_STATE_WORDS[self.state])
        return gettext("%(owner)s has it") % {"owner": self.owner or gettext("A counselor")}


_TONES: dict[TipState, str] = {
    TipState.NEW: "waiting",
    TipState.CLAIMED: "working",
    TipState.HANDED_OFF: "done",
    TipState.RETURNED: "late",
    TipState.CLOSED: "closed",
}
_STATE_WORDS = {
    TipState.NEW: _("Nobody has it yet"),
    TipState.HANDED_OFF: _("With the school's team"),
    TipState.RETURNED: _("Back at the center"),
    TipState.CLOSED: _("Closed, nobody has it"),
}


def rows_for(
    tips: Sequence[Tip], groups: Mapping[UUID, Together] = MappingProxyType({})
) -> list[QueueRow]:
    """Add to tips what their rows show besides: names, unanswered messages, the alert's state."""
    ids = [tip.pk for tip in tips]
    unanswered = dict(
        Message.objects.filter(
            tip_id__in=ids,
            author=Message.Author.REPORTER,
            kind=Message.Kind.TEXT,
            at__gte=F("tip__waiting_since"),
        )
        .values_list("tip_id")
        .annotate(Count("pk"))
    )
    schools = dict(
        School.objects.filter(pk__in={t.school_id for t in tips if t.school_id}).values_list(
            "pk", "name"
        )
    )
    districts = District.objects.only("name", "time_zone").in_bulk({t.district_id for t in tips})
    now = database_now()
    alerts = alert_states(ids, now)
    opinions = SecondOpinion.objects.filter(
        tip_id__in=ids, state=SecondOpinion.State.OPEN, audience=Audience.CENTER
    )
    requests = PoliceRequest.objects.filter(tip_id__in=ids, outcome="")
    # 0 is nobody's id: a second person is asked, and not about police.
    asked: set[tuple[UUID, int]] = set(
        opinions.values_list("tip_id", Value(0, output_field=BigIntegerField())).union(
            requests.values_list("tip_id", "asked_by")
        )
    )
    police = {tip: person for tip, person in asked if person}
    said = {one.tip_id: one for one in just_decided(now).filter(tip_id__in=ids)}
    calls: dict[UUID, Task] = {}
    for task in open_tasks(ids):
        calls.setdefault(task.subject_id, task)
    unread = Unread.objects.in_bulk(ids)
    besides = marks_on(ids)
    people = names_of(
        {t.claimed_by for t in tips}
        | {a.acknowledged_by for a in alerts.values()}
        | {task.taken_by for task in calls.values()}
    )
    return [
        QueueRow(
            id=tip.pk,
            reference=tip.reference,
            priority=Priority(tip.priority),
            rank=tip.rank,
            happening_now=tip.happening_now,
            soon=tip.soon and not tip.happening_now,
            tile=tile_words(tip),
            school=schools.get(tip.school_id or 0, ""),
            district=districts[tip.district_id].name if tip.district_id in districts else "",
            district_id=tip.district_id,
            language=language_of(tip.language).own,
            channel=str(_HUNG_UP if tip.hung_up else CHANNELS.get(tip.channel, tip.channel)),
            hung_up=tip.hung_up,
            only_words=tip.may_be_grave and not tip.tile,
            unread=tip.first_read_at is None,
            may_be_grave=tip.may_be_grave,
            state=TipState(tip.state),
            # Once it is closed nobody has it, whoever was the last to.
            # While it is only held, nobody has it yet.
            owner_id=None
            if tip.state == TipState.CLOSED
            else held or _owner(tip) or _answered_by(tip, alerts.get(tip.pk)),
            owner="" if tip.state == TipState.CLOSED else people.get(_owner(tip) or 0, ""),
            received_at=tip.received_at,
            waiting_since=tip.waiting_since,
            unanswered=unanswered.get(tip.pk, 0),
            mandated=tip.mandated,
            junk=tip.junk,
            crowded=tip.crowded,
            ended=tip.ended_by_reporter,
            alert=alert_words(
                alerts[tip.pk],
                people,
                at_center=tip.state != TipState.HANDED_OFF,
                unclaimed=tip.state in WAITING_STATES,
                zone=districts[tip.district_id].time_zone,
                claimed=tip.state == TipState.CLAIMED,
            )
            if tip.pk in alerts and tip.state != TipState.CLOSED
            else None,
            asks_second=(tip.pk, 0) in asked,
            asks_police=police.get(tip.pk),
            police_said=_said(said[tip.pk]) if tip.pk in said else None,
            together=groups.get(tip.pk),
            call=_call(calls[tip.pk], people) if tip.pk in calls else None,
            marks=_marks(unread.get(tip.pk)),
            held_by=people.get(held, gettext("A counselor")) if held else "",
            to_talk=tip.to_talk,
            shared_for=tip.get_shared_for_display() if tip.shared_for else "",
            besides=besides.get(tip.pk, ()),
            held_until=tip.claimed_at + HELD if held and tip.claimed_at else None,
        )
        for tip in tips
        for held in [held_for(tip, now)]
    ]


def _said(request: PoliceRequest) -> PoliceSaid:
    words = (
        gettext("police: second person agreed")
        if request.agreed
        else gettext("police: second person said no")
    )
    return PoliceSaid(request.asked_by, words)


def _owner(tip: Tip) -> int | None:
    return None if tip.state == TipState.NEW else tip.claimed_by


def _answered_by(tip: Tip, alert: AlertState | None) -> int | None:
    """Return who said "I have it" by phone of a tip that nobody has claimed, until it lapses."""
    if alert is None or tip.state not in WAITING_STATES:
        return None
    return alert.acknowledged_by if alert.state == Alert.State.ACKNOWLEDGED else None


def _call(task: Task, people: Mapping[int, str]) -> TaskInRow:
    free, taken = _CALLS[Task.Kind(task.kind)]
    name = people.get(task.taken_by or 0, gettext("a colleague"))
    words = str(free) if task.taken_by is None else str(taken) % {"name": name}
    opened = task.kind in (*READ_FIRST, Task.Kind.ASK_NAMED)
    return TaskInRow(task.pk, words, task.state == Task.State.OPEN, task.due_at, opened)


def _marks(unread: Unread | None) -> str:
    """Say whom an unread tip is about and whether a place was given, in few words."""
    if unread is None:
        return ""
    others = gettext("a group or school") if unread.about_group else gettext("someone else")
    about = {True: gettext("themselves"), False: others, None: ""}
    place = gettext("place given") if unread.place_given else gettext("no place")
    return ", ".join(filter(None, (about[unread.about_me], place)))
