"""What staff do with a call: take it, hold it, hand it on, end it, bring others in, call back.

Each writes what the worker is to tell the provider, in one transaction with the record; within a
second or two the phones follow. Nobody sees a number, and nothing of a call's words is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import connection
from django.http import Http404
from django.utils.translation import gettext

from upstander.base.phones import NoNumber, e164
from upstander.base.refused import Refused
from upstander.carriers.interpreters import interpreters
from upstander.carriers.models import Channel
from upstander.carriers.queries import ways_of
from upstander.doors.call_models import Call, CallBack, Leg, Todo
from upstander.doors.calls.cards import colleagues_for
from upstander.doors.calls.sealing import open_wish, seal_number
from upstander.doors.calls.wishes import psap_numbers
from upstander.people.scope import Viewer, viewing
from upstander.places.models import School
from upstander.plug import need_may_take
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import notify, record_on
from upstander.tips.opening import OpenTip
from upstander.vault.errors import VaultError
from upstander.vault.seeds import Audience

_SEEN: Final = (
    *("id", "tip_id", "center_id", "line", "provider", "state", "taken_by", "moving_to"),
    *("ended_at", "back", "held_at"),
)


def take(viewer: Viewer, call_id: UUID) -> None:
    """Let the viewer's own phone ring for a call that waits; they have it once they press 1 there.

    Raises Http404, Refused (somebody has it, it is over, no phone is proved as theirs).
    """
    with _live(viewer, call_id) as (call, now):
        if call.state != Call.State.WAITING:
            raise Refused(gettext("Somebody else has this call."))
        _ring(call, viewer.person_id, now)


def hold(viewer: Viewer, call_id: UUID) -> None:
    """Let the caller wait outside of the room, with words. Raises Http404, Refused."""
    with _own(viewer, call_id, Call.State.TALKING) as (call, now):
        call.held_at = now
        _lead(call, Call.State.HELD, now)
        _record(viewer, call, "call held")


def resume(viewer: Viewer, call_id: UUID) -> None:
    """Bring the caller back into the room. Raises Http404, Refused."""
    with _own(viewer, call_id, Call.State.HELD) as (call, now):
        call.held_at = None
        _lead(call, Call.State.TALKING, now)
        _record(viewer, call, "call resumed")


def move(viewer: Viewer, call_id: UUID, person_id: int) -> None:
    """Ask a colleague of the center to go on with it; it stays with the viewer until they press 1.

    Nobody who is kept out of the matter. Raises Http404, Refused.
    """
    with _own(viewer, call_id, Call.State.TALKING, Call.State.HELD) as (call, now):
        if person_id == viewer.person_id:
            raise Refused(gettext("You have this call already."))
        if call.moving_to is not None:
            raise Refused(gettext("A colleague’s phone rings already for this call."))
        asked = colleagues_for(tip_for(viewer, call.tip_id), viewer.person_id)
        if person_id not in {one.pk for one in asked}:
            raise Http404
        _ring(call, person_id, now)
        call.moving_to = person_id
        call.save(update_fields=["moving_to"])
        _record(viewer, call, "call moved", to=person_id)


def end(viewer: Viewer, call_id: UUID) -> None:
    """End the viewer's part in it: the caller hears the code to come back with, then it is over.

    Raises Http404, Refused.
    """
    with _own(viewer, call_id, Call.State.TALKING, Call.State.HELD) as (call, now):
        legs = Leg.objects.filter(call_id=call.pk, person_id=viewer.person_id)
        legs.exclude(state=Leg.State.OVER).update(todo="end", due_at=now)
        if call.back:
            _settle(call.tip_id, now)
        _record(viewer, call, "call ended")


def join_interpreter(viewer: Viewer, call_id: UUID) -> None:
    """Ring the interpreters' service into the room, also while the caller is on hold.

    Raises Http404, Refused (none is set up).
    """
    with _own(viewer, call_id, Call.State.TALKING, Call.State.HELD) as (call, now):
        if not interpreters(call.center_id):
            raise Refused(
                gettext("No interpreters’ service is set: an administrator adds it to the center.")
            )
        _bring_in(call, Leg.Kind.INTERPRETER, now)
        _record(viewer, call, "interpreter asked into the call")


def join_psap(viewer: Viewer, call_id: UUID, school_id: int) -> None:
    """Ring a school's 911 center by its ten-digit line into the room.

    Raises Http404 (no such school), Refused (no number is known).
    """
    with _own(viewer, call_id, Call.State.TALKING) as (call, now):
        school = School.objects.filter(pk=school_id).first()
        if school is None:
            raise Http404
        try:
            e164(school.psap_phone)
        except NoNumber as error:
            raise Refused(
                gettext("No direct number of its 911 center is known for this school.")
            ) from error
        _bring_in(call, Leg.Kind.PSAP, now, school_id=school.pk)
        _record(viewer, call, "911 center asked into the call", school=school.pk)


def call_back(opened: OpenTip) -> None:
    """Call a reporter back who wished so: first the viewer's own phone rings, then theirs.

    Raises Http404, NotGranted, Refused (nobody wishes it any more, a call lasts, no phone proved).
    """
    viewer = opened.viewer
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        wish = CallBack.objects.filter(tip_id=tip.pk, ended_at=None).first()
        if wish is None or wish.number is None:
            raise Refused(gettext("The reporter does not wait for a call any more."))
        if Call.objects.filter(tip_id=tip.pk, ended_at=None).exists():
            raise Refused(gettext("A call with this reporter lasts already."))
        try:
            number = open_wish(opened.seed(Audience.DIALOG), tip.pk, wish.pk, wish.number)
        except VaultError as error:
            raise Refused(
                gettext(
                    "The phone’s number does not open: it was damaged or exchanged. Nobody was "
                    "called. Tell your supervisor."
                )
            ) from error
        if number in psap_numbers(School.objects.exclude(psap_phone="")):
            raise Refused(gettext("What they typed is no number that may be rung. Write to them."))
        made = uuid4()
        call = Call(
            id=made,
            tip_id=tip.pk,
            district_id=tip.district_id,
            center_id=tip.center_id,
            line=wish.line,
            provider=wish.provider,
            number=seal_number(made, number),
            state=Call.State.CALLING,
            back=True,
            language=wish.language,
            begun_at=now,
            heard_at=now,
        )
        call.save(force_insert=True)
        _ring(call, viewer.person_id, now, theirs=tip.claimed_by == viewer.person_id)
        record_on(tip, "reporter called back", viewer)
        _wake()
    notify(tip.pk)


def settle_wish(viewer: Viewer, tip_id: UUID) -> None:
    """Note that a reporter who wished to be called needs no call any more. Raises Http404, Refused.

    Their number goes with it, and what rings for it is hung up. Refused: nobody wishes it any more.
    """
    with viewing(viewer) as now:
        # Calls first, as everybody locks.
        rings = Call.objects.select_for_update().filter(
            tip_id=tip_id, back=True, state=Call.State.CALLING, ended_at=None
        )
        calls = list(rings.values_list("pk", flat=True))
        tip = tip_for(viewer, tip_id, lock=True)
        if not _settle(tip.pk, now):
            raise Refused(gettext("The reporter does not wait for a call any more."))
        Call.objects.filter(pk__in=calls).update(todo=Todo.END, due_at=now)
        legs = Leg.objects.filter(call_id__in=calls).exclude(state=Leg.State.OVER)
        legs.update(todo=Todo.END, due_at=now)
        record_on(tip, "call back settled", viewer)
        _wake()
    notify(tip.pk)


def _settle(tip_id: UUID, now: datetime) -> bool:
    """End a tip's wish to be called: they have talked, or know of each other otherwise."""
    wishes = CallBack.objects.filter(tip_id=tip_id, ended_at=None)
    return bool(wishes.update(number=None, how=CallBack.How.TALKED, ended_at=now))


@contextmanager
def _live(viewer: Viewer, call_id: UUID) -> Iterator[tuple[Call, datetime]]:
    """Open a transaction with a call that lasts and that the viewer may see, locked."""
    with viewing(viewer) as now:
        call = Call.objects.select_for_update().filter(pk=call_id).only(*_SEEN).first()
        if call is None:
            raise Http404
        if call.ended_at is not None:
            raise Refused(gettext("The caller has hung up."))
        yield call, now
        _wake()
    notify(call.tip_id)


@contextmanager
def _own(viewer: Viewer, call_id: UUID, *states: Call.State) -> Iterator[tuple[Call, datetime]]:
    """… that the viewer has, and that stands so."""
    with _live(viewer, call_id) as (call, now):
        if call.taken_by != viewer.person_id:
            raise Refused(gettext("You don’t have this call: take it first."))
        if call.state not in states:
            raise Refused(gettext("The call stands otherwise now. Look at it again."))
        yield call, now


def _lead(call: Call, state: Call.State, now: datetime) -> None:
    call.state, call.todo, call.due_at = state, "move", now
    call.save(update_fields=["state", "todo", "due_at", "held_at"])


def _ring(call: Call, person_id: int, now: datetime, *, theirs: bool = False) -> None:
    """Let somebody's phone ring for a call, unless it does or they are in another.

    Raises Refused, also where they may take nothing new now and it is not ``theirs``.
    """
    if not theirs:
        need_may_take(person_id)
    running = Leg.objects.filter(person_id=person_id).exclude(state=Leg.State.OVER)
    here = running.filter(call_id=call.pk).only("id").first()
    if here is not None:
        return
    if running.exists():
        raise Refused(gettext("That phone rings for another call, or is in one."))
    if Channel.VOICE not in ways_of([person_id])[person_id]:
        raise Refused(
            gettext("No phone for calls is proved for this person: add one under “Ways to reach”.")
        )
    _add(call, Leg.Kind.EAR, now, person_id=person_id)


def _bring_in(call: Call, kind: Leg.Kind, now: datetime, *, school_id: int | None = None) -> None:
    there = Leg.objects.filter(call_id=call.pk, kind=kind).exclude(state=Leg.State.OVER)
    if there.exists():
        raise Refused(gettext("They are being called already."))
    _add(call, kind, now, school_id=school_id)


def _add(
    call: Call,
    kind: Leg.Kind,
    now: datetime,
    *,
    person_id: int | None = None,
    school_id: int | None = None,
) -> None:
    Leg.objects.create(
        call_id=call.pk,
        kind=kind,
        person_id=person_id,
        school_id=school_id,
        provider=call.provider,
        due_at=now,
        at=now,
    )


def _record(viewer: Viewer, call: Call, action: str, **detail: object) -> None:
    record_on(tip_for(viewer, call.tip_id), action, viewer, **detail)


def _wake() -> None:
    """Wake the worker's lane once this is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('due', '')")


__all__ = [
    "call_back",
    "end",
    "hold",
    "join_interpreter",
    "join_psap",
    "move",
    "resume",
    "settle_wish",
    "take",
]
