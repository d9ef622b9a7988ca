"""Calls: ordered by a customer, rung on a phone, and led by TwiML until somebody hangs up.

Source of states: Twilio, "Call resource", "Voice webhooks" and "Answering machine detection".
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from email.utils import format_datetime

from upstander.carriers.simulator import twiml
from upstander.carriers.simulator.things import FINAL_CALL, Call, Line, now
from upstander.carriers.simulator.world import World

STEP = 0.3
#: Letters of speech in a second.
SPEED = 15.0
#: A document that leads to itself ends here.
MOST_DOCUMENTS = 100
WENT_WRONG = "We are sorry, an application error has occurred. Goodbye."
_EVENTS = {"in-progress": "answered", "initiated": "initiated", "ringing": "ringing"}


class _Over(Exception):
    """Somebody hung up, or the simulator ends."""


class _Elsewhere(Exception):
    """An order sent the running call to another document."""


def order(world: World, call: Call) -> None:
    """Take an order for a call; it is made on a thread of its own."""
    world.keep(call)
    if not call.behaviour.stuck:
        name = f"call to {call.to}"
        threading.Thread(target=_Line(world, call).run, name=name, daemon=True).start()


def answer(world: World, call: Call) -> None:
    """Pick up. Nothing happens to a call that does not ring."""
    with world.lock:
        if call.status == "ringing":
            call.picked_up = True
            world.changed()


def press(world: World, call: Call, keys: str) -> None:
    """Press keys in a call. Those pressed before a question wait for it."""
    with world.lock:
        if call.status == "in-progress":
            call.pressed += keys
            call.lines.append(Line("phone", f"pressed {keys}"))
            world.changed()


def hang_up(world: World, call: Call) -> None:
    """Decline a call that rings, or end one that was answered."""
    with world.lock:
        if call.status not in FINAL_CALL and not call.hung_up:
            call.hung_up = "phone"
            world.changed()


def end_by_order(world: World, call: Call) -> None:
    """End a call because the customer said so."""
    with world.lock:
        if call.status in FINAL_CALL:
            return
        call.hung_up = "order"
        if call.behaviour.stuck:
            call.status = "canceled"
        world.changed()
    # An order to end is answered when it is done, as the real ones do within moments.
    world.wait(lambda: call.status in FINAL_CALL, 2)


class _Line:
    """One call, from its order to its end."""

    def __init__(self, world: World, call: Call) -> None:
        self.world = world
        self.call = call
        self.phone = world.phone(call.to)
        self.how = self.phone.behaviour
        # Hands need real time, whatever the pace of everything else.
        self.patience = 1.0 if self.how.calls == "ring" else world.pace
        self.keys = list(self.how.keys) if self.how.calls == "answer" else []

    # -- time -------------------------------------------------------------------------------------
    def _wait(self, seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
        """Wait real seconds, or until something holds. Raises _Over and _Elsewhere."""
        call = self.call
        held = self.world.wait(
            lambda: bool(call.hung_up) or call.redirected is not None or until(), seconds
        )
        if call.hung_up or self.world.closed:
            raise _Over
        if call.redirected is not None:
            raise _Elsewhere
        return held

    # -- the call ---------------------------------------------------------------------------------
    def run(self) -> None:
        """Make the call."""
        try:
            if self.call.behaviour.lie:
                self._pretend()
            elif self._rings():
                self._talk()
                self._move("completed")
        except (_Over, _Elsewhere):
            self._ended_from_outside()

    def _ended_from_outside(self) -> None:
        call = self.call
        if self.world.closed:
            return
        if call.picked_up:
            self._move("completed")
        else:
            # A declined call is busy to whoever rings.
            self._move("canceled" if call.hung_up == "order" else "busy", sip=487)

    def _rings(self) -> bool:
        """Ring; whether somebody or something answered."""
        world, call, how = self.world, self.call, self.how.calls
        self._wait(STEP * world.pace)
        self._move("initiated")
        self._wait(STEP * world.pace)
        if how == "unreachable":
            self._move("failed", sip=480)
            return False
        if how == "busy":
            world.show(self.phone, call)
            self._move("busy", sip=486)
            return False
        world.show(self.phone, call)
        self._move("ringing")
        if how == "ring":
            self._wait(call.ring_for, lambda: call.picked_up)
        elif how == "no_answer":
            self._wait(call.ring_for * world.pace)
        else:
            self._wait(min(self.how.after, call.ring_for) * world.pace)
            call.picked_up = self.how.after <= call.ring_for
        if not call.picked_up:
            self._move("no-answer", sip=487)
            return False
        return True

    def _pretend(self) -> None:
        for status in ("initiated", "ringing", "in-progress", "completed"):
            self._wait(STEP * self.world.pace)
            if status == "in-progress" and self.call.detect:
                self.call.answered_by = "human"
            self._move(status)

    def _talk(self) -> None:
        call, world = self.call, self.world
        machine = self.how.calls == "machine"
        if machine:
            call.lines.append(Line("mailbox", "Please leave a message after the tone."))
        if call.detect:
            self._wait(STEP * world.pace)
            found = "machine_start" if machine else "human"
            if call.detect_callback:
                form = self._form() | {"AnsweredBy": found, "MachineDetectionDuration": "1200"}
                world.caller.tell(call, form, last=False, url=call.detect_callback)
            else:
                call.answered_by = found
        self._move("in-progress")
        try:
            place = self._first()
            for _ in range(MOST_DOCUMENTS):
                try:
                    following = self._do(*place)
                except _Elsewhere:
                    with world.lock:
                        following, call.redirected = call.redirected, None
                if following is None:
                    return
                url, document = following
                place = (url, document) if document else self._fetch(url, {})
        except twiml.WrongTwiml as wrong:
            self._line(Line("note", f"the customer's answer is of no use: {wrong}"))
            self._line(Line("voice", WENT_WRONG))

    def _first(self) -> tuple[str, str]:
        if self.call.twiml:
            return self.call.url, self.call.twiml
        return self._fetch(self.call.url, {})

    def _fetch(self, url: str, more: dict[str, str]) -> tuple[str, str]:
        """Ask the customer what to do. Raises twiml.WrongTwiml if nothing useful comes."""
        form = self._form() | more
        if self.call.answered_by:
            form["AnsweredBy"] = self.call.answered_by
        got = self.world.caller.ask(self.call.account, url, form, forge=self.call.behaviour.forge)
        if not 200 <= got.status < 300:
            raise twiml.WrongTwiml(f"{url} answered {got.status or 'nothing'}")
        return url, got.body

    def _do(self, url: str, document: str) -> tuple[str, str] | None:
        """Do a document; where to go on, as address and (if it is known) document."""
        for verb in twiml.read(document, url):
            if isinstance(verb, twiml.Say | twiml.Pause):
                self._speak(verb)
            elif isinstance(verb, twiml.Redirect):
                return verb.url, ""
            elif isinstance(verb, twiml.Hangup):
                return None
            else:
                keys = self._ask(verb)
                if keys or verb.even_empty:
                    return self._fetch(verb.action, {"Digits": keys})
        return None

    def _line(self, line: Line) -> None:
        with self.world.lock:
            self.call.lines.append(line)
            self.world.changed()

    def _speak(
        self, verb: twiml.Say | twiml.Pause, until: Callable[[], bool] = lambda: False
    ) -> bool:
        """Say it; whether a key was pressed meanwhile."""
        if isinstance(verb, twiml.Pause):
            return self._wait(verb.seconds * self.world.pace, until)
        for _ in range(verb.times):
            self._line(Line("voice", verb.words, verb.language))
            if self._wait(len(verb.words) / SPEED * self.world.pace, until):
                return True
        return False

    def _ask(self, question: twiml.Gather) -> str:
        """Ask for keys and return them without the finishing one; nothing if none came in time."""
        call, world = self.call, self.world
        call.asking = True
        world.changed()
        try:
            for verb in question.inside:
                if self._speak(verb, lambda: bool(call.pressed)):
                    break
            if self.keys:
                press(world, call, self.keys.pop(0))
            got = ""
            while not question.keys or len(got) < question.keys:
                if not self._wait(question.seconds * self.patience, lambda: bool(call.pressed)):
                    break
                with world.lock:
                    key, call.pressed = call.pressed[0], call.pressed[1:]
                if key == question.finish:
                    break
                got += key
            return got
        finally:
            call.asking = False
            world.changed()

    # -- what the customer hears ------------------------------------------------------------------
    def _form(self) -> dict[str, str]:
        call = self.call
        return {
            "AccountSid": call.account.sid,
            "ApiVersion": "2010-04-01",
            "CallSid": call.sid,
            "CallStatus": call.status,
            "Called": call.to,
            "Caller": call.sender,
            "Direction": "outbound-api",
            "From": call.sender,
            "To": call.to,
        }

    def _move(self, status: str, *, sip: int = 200) -> None:
        call = self.call
        final = status in FINAL_CALL
        with self.world.lock:
            call.status = status
            if status == "in-progress":
                call.started = now()
            if final:
                call.ended, call.sip = now(), sip
            call.sequence += 1
            form = self._form() | {
                "CallbackSource": "call-progress-events",
                "SequenceNumber": str(call.sequence - 1),
                "Timestamp": format_datetime(now()),
            }
            self.world.changed()
        if final:
            form |= {"CallDuration": str(call.duration), "SipResponseCode": str(sip)}
        if call.answered_by:
            form["AnsweredBy"] = call.answered_by
        if (_EVENTS.get(status, "completed")) in call.events:
            self.world.caller.tell(call, form, last=final)
