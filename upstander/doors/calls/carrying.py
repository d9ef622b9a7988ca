"""What a provider is asked to do with one leg: made into a job first, carried out without a
database, so that many phones can be rung at once.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from upstander.base.phones import NoNumber, e164
from upstander.carriers.contract import CarrierError, LegState, Switch
from upstander.carriers.interpreters import interpreters
from upstander.carriers.providers import interpreter_keys, line_at, provider_named
from upstander.carriers.switch import switch_named
from upstander.doors.call_models import Call, Leg, Todo
from upstander.doors.calls.ears import reached_by
from upstander.doors.calls.sealing import open_number, open_sid, seal_sid
from upstander.places.models import School
from upstander.rulefiles import RuleFileWrong
from upstander.vault.errors import SealBroken

log = logging.getLogger("upstander.doors")


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to be told to a provider."""

    id: UUID
    what: str
    provider: str
    line: str
    #: Our addresses below the provider's: what leads the leg, and what tells of it.
    path: str
    status_path: str
    due_at: datetime | None
    sid: str = ""
    #: Whom to ring, and what is pressed there.
    to: str = ""
    keys: str = ""
    tries: int = 0
    #: Whether it is a reporter who is rung: no machine may hear a word.
    back: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: done; or the leg is over, and how; neither: it is tried again."""

    done: bool = False
    over: bool = False
    how: str = ""
    #: What the provider calls a leg that it rings now, and that sealed for the row.
    sid: str = ""
    sealed: bytes | None = None


def of_call(call: Call) -> Job:
    """Return what is to be told of a caller's leg."""
    path = f"door/back/{call.pk}" if call.back else "door/call/on"
    status = f"door/back/{call.pk}/status" if call.back else "door/call/status"
    to = ""
    if call.todo == Todo.DIAL and call.number is not None:
        try:
            to = open_number(call.pk, call.number)
        except SealBroken:
            log.error("a number to be called back was sealed under another key")
    return Job(
        call.pk,
        call.todo,
        call.provider,
        call.line,
        path,
        status,
        call.due_at,
        _sid(call),
        to,
        back=call.back,
    )


def of_leg(leg: Leg) -> Job:
    """Return what is to be told of another phone's leg."""
    to, keys = _whom(leg) if leg.todo == Todo.DIAL else ("", "")
    path = f"door/leg/{leg.pk}"
    return Job(
        leg.pk,
        leg.todo,
        leg.provider,
        leg.call.line,
        path,
        f"{path}/status",
        leg.due_at,
        _sid(leg),
        to,
        keys,
        leg.tries,
    )


def carry(job: Job) -> Outcome:
    """Tell a provider what is to be done. Touches no database; raises nothing of a provider's."""
    try:
        switch, provider = switch_named(job.provider), provider_named(job.provider)
    except RuleFileWrong:
        log.exception("the providers' file can't be used")
        return Outcome()
    if switch is None or provider is None:
        return Outcome(over=True, how="failed")
    at = f"{provider.callback_url}/carriers/{job.provider}"
    try:
        if job.what == Todo.DIAL:
            return _dial(switch, job, at)
        if not job.sid:
            return Outcome(over=True, how="cancelled")
        if job.what == Todo.MOVE:
            switch.move(job.sid, f"{at}/{job.path}")
        else:
            switch.end(job.sid)
    except CarrierError as error:
        log.warning("a call could not be led on: %s", error)
        return _after_refusal(switch, job)
    return Outcome(done=True)


def _dial(switch: Switch, job: Job, at: str) -> Outcome:
    if job.sid:
        return Outcome(done=True)  # it rang: whoever ordered that died before they wrote it down
    if not job.to:
        return Outcome(over=True, how="failed")
    try:
        sid = switch.dial(
            job.to,
            job.line,
            f"{at}/{job.path}",
            f"{at}/{job.status_path}",
            keys=job.keys,
            whom=job.back,
        )
    except CarrierError as error:
        if error.broken:
            return Outcome(over=True, how="failed")
        raise
    return Outcome(done=True, sid=sid, sealed=seal_sid(job.id, sid))


def _after_refusal(switch: Switch, job: Job) -> Outcome:
    """Tell whether what could not be led on has gone anyway."""
    if not job.sid:
        return Outcome()
    try:
        state = switch.ask(job.sid)
    except CarrierError:
        return Outcome()
    return Outcome(over=state.over, how=state.how)


def stand(provider: str, leg: UUID, sealed: bytes | memoryview | None) -> LegState | None:
    """Ask a provider how a leg stands; None: nobody knows."""
    if sealed is None:
        return None
    try:
        switch = switch_named(provider)
        return switch.ask(open_sid(leg, sealed)) if switch else LegState(talking=False, over=True)
    except (CarrierError, SealBroken, RuleFileWrong) as error:
        log.warning("nobody says how a call stands (%s)", type(error).__name__)
        return None


def hang_up(provider: str, sid: str) -> None:
    """End a leg that belongs to nothing any more."""
    switch = switch_named(provider)
    if switch is not None:
        try:
            switch.end(sid)
        except CarrierError as error:
            log.warning("a leg of no call could not be ended: %s", error)


def purge(provider: str, ref: str, sealed: bytes | memoryview) -> bool:
    """Have a provider delete what it keeps of a leg; False where it did not. ``ref`` names it."""
    switch = switch_named(provider)
    if switch is None:
        return False
    try:
        switch.purge(open_sid(UUID(ref.removeprefix("call ")), sealed))
    except (CarrierError, SealBroken, ValueError):
        return False
    return True


def _sid(of: Call | Leg) -> str:
    try:
        return open_sid(of.pk, of.sid) if of.sid is not None else ""
    except SealBroken:
        log.error("a leg's name was sealed under another key: it can't be led on")
        return ""


def _whom(leg: Leg) -> tuple[str, str]:
    """Return whom a leg rings, and what is pressed there; "" where nobody can be rung."""
    if leg.kind == Leg.Kind.EAR:
        person = leg.person_id
        return (reached_by([person]).get(person, ""), "") if person is not None else ("", "")
    line = line_at(leg.call.line, leg.provider)
    if leg.kind == Leg.Kind.PSAP:
        phones = School.objects.filter(pk=leg.school_id or 0)
        try:
            return e164(phones.values_list("psap_phone", flat=True)[0]), ""
        except (IndexError, NoNumber):
            return "", ""
    if line is None:
        return "", ""
    if leg.kind == Leg.Kind.FALLBACK:
        return line.fallback, ""
    return interpreters(leg.call.center_id), interpreter_keys(line)
