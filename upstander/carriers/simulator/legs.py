"""One leg of a call, from its order or its ringing to its end, led by the customer's documents."""

from __future__ import annotations

import threading
from collections.abc import Callable
from email.utils import format_datetime

from upstander.carriers.simulator import dialing, rooms, twiml
from upstander.carriers.simulator.things import FINAL_CALL, Call, Spoken, new_sid, now
from upstander.carriers.simulator.world import World

STEP = 0.3
#: Letters of speech in a second.
SPEED = 15.0
#: So many documents one after the other in which nothing happens lead in a circle.
MOST_DOCUMENTS = 100
#: Real seconds of what ends by itself.
ENDLESS = 1_000_000.0
WENT_WRONG = "We are sorry, an application error has occurred. Goodbye."
_EVENTS = {"in-progress": "answered", "initiated": "initiated", "ringing": "ringing"}
#: What a provider tells of every caller besides: nobody may keep it.
_ABOUT_CALLERS = {
    "CallerName": "WINDHAM FAMILY PHONE",
    "FromCity": "WINDHAM CENTER",
    "FromState": "CT",
    "FromZip": "06280",
    "FromCountry": "US",
    "StirVerstat": "TN-Validation-Passed-A",
}

#: An address, and the document there if it is known.
type Place = tuple[str, str | None]


class Over(Exception):
    """Somebody hung up, or the simulator ends."""


class Elsewhere(Exception):
    """An order sent the running call to another document."""


class Leg:
    """One call, from its order to its end."""

    def __init__(self, world: World, call: Call) -> None:
        self.world = world
        self.call = call
        self.phone = world.phone(call.phone)
        self.how = self.phone.behaviour
        # Hands need real time, whatever the pace of everything else.
        by_hand = call.inbound or self.how.calls == "ring"
        self.patience = 1.0 if by_hand else world.pace
        self.keys = list(self.how.keys) if self.how.calls == "answer" else []
        self.fell_back = False
        self.told_to_end = False

    # -- time -------------------------------------------------------------------------------------
    def wait(self, seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
        """Wait real seconds, or until something holds. Raises Over and Elsewhere."""
        call = self.call
        held = self.world.wait(
            lambda: bool(call.hung_up) or call.redirected is not None or until(), seconds
        )
        if call.hung_up or self.world.closed:
            raise Over
        if call.redirected is not None:
            raise Elsewhere
        return held

    # -- the call ---------------------------------------------------------------------------------
    def start(self) -> None:
        """Make the call on a thread of its own."""
        name = f"call of {self.call.phone}"
        threading.Thread(target=self.run, name=name, daemon=True).start()

    def run(self) -> None:
        """Make the call."""
        call = self.call
        try:
            if call.inbound:
                self._comes_in()
            elif call.behaviour.lie:
                self._pretend()
            elif self._rings():
                self._picked_up()
                if call.parent is None:
                    self.led((call.url, call.twiml or None))
                else:
                    self._dialed()
                self._move("completed")
        except (Over, Elsewhere):
            self._ended_from_outside()

    def _ended_from_outside(self) -> None:
        call = self.call
        if self.world.closed:
            return
        if call.picked_up:
            self._move("completed")
        else:
            # A declined call is busy to whoever rings; one given up by the caller is canceled.
            order = call.hung_up == "order" or call.inbound
            self._move("canceled" if order else "busy", sip=487)

    def _rings(self) -> bool:
        """Ring; whether somebody or something answered."""
        world, call, how = self.world, self.call, self.how.calls
        self.wait(STEP * world.pace)
        self._move("initiated")
        self.wait(STEP * world.pace)
        if how in ("unreachable", "refused"):
            self._move("failed", sip=480)
            return False
        if how == "busy":
            world.show(self.phone, call)
            self._move("busy", sip=486)
            return False
        world.show(self.phone, call)
        self._move("ringing")
        if how == "ring":
            self.wait(call.ring_for, lambda: call.picked_up)
        elif how == "no_answer":
            self.wait(call.ring_for * world.pace)
        else:
            self.wait(min(self.how.after, call.ring_for) * world.pace)
            call.picked_up = self.how.after <= call.ring_for
        if not call.picked_up:
            self._move("no-answer", sip=487)
            return False
        return True

    def _pretend(self) -> None:
        for status in ("initiated", "ringing", "in-progress", "completed"):
            self.wait(STEP * self.world.pace)
            if status == "in-progress" and self.call.detect:
                self.call.answered_by = "human"
            self._move(status)

    def _picked_up(self) -> None:
        call, world = self.call, self.world
        machine = self.how.calls == "machine"
        if machine:
            call.lines.append(Spoken("mailbox", "Please leave a message after the tone."))
        if call.detect:
            self.wait(STEP * world.pace)
            found = "machine_start" if machine else "human"
            if call.detect_callback:
                form = self._form() | {"AnsweredBy": found, "MachineDetectionDuration": "1200"}
                world.caller.tell(call, form, last=False, url=call.detect_callback)
            else:
                call.answered_by = found
        self._move("in-progress")
        if call.send_digits:
            # Each w is half a second in which nothing is pressed.
            waits = call.send_digits.lower().count("w")
            self.wait((waits * 0.5 + STEP) * world.pace)
            keys = call.send_digits.lower().replace("w", "")
            self.line(Spoken("note", f"the caller presses {keys}"))

    def _comes_in(self) -> None:
        """Ask the customer about a phone's call, and pick up unless it is rejected."""
        call = self.call
        place: Place | None
        try:
            place = (call.url, self.fetch(call.url, {}))
            first = next(iter(twiml.read(place[1] or "", call.url)), None)
        except twiml.WrongTwiml as wrong:
            place, first = self._fall_back(wrong), None
        self.wait(0)
        if isinstance(first, twiml.Reject):
            self.line(Spoken("note", "a busy tone" if first.busy else "not in service"))
            self._move("busy" if first.busy else "no-answer")
            return
        call.picked_up = True
        self._move("in-progress")
        if place is not None:
            self.led(place)
        self._move("completed")

    def _dialed(self) -> None:
        """Hear what the document has for this phone alone; then be connected till the end."""
        call = self.call
        try:
            if call.url:
                self.led((call.url, None))
            if not self.told_to_end:
                call.ready = True
                self.world.changed()
                self.wait(ENDLESS)
        except Elsewhere:
            with self.world.lock:
                call.ready, call.parent = False, None
                self.world.changed()
            self.led(self._sent_to())

    # -- documents --------------------------------------------------------------------------------
    def led(self, place: Place) -> None:
        """Do one document after the other."""
        following: Place | None = place
        idle = 0
        while following is not None:
            url, document = following
            try:
                if document is None:
                    document = self.fetch(url, {})
                verbs = twiml.read(document, url)
                idle = idle + 1 if all(isinstance(v, twiml.Redirect) for v in verbs) else 0
                if idle > MOST_DOCUMENTS:
                    raise twiml.WrongTwiml("it leads in a circle")
                following = self._do(verbs)
            except Elsewhere:
                following = self._sent_to()
            except twiml.WrongTwiml as wrong:
                following = self._fall_back(wrong)

    def _sent_to(self) -> Place:
        with self.world.lock:
            place, self.call.redirected = self.call.redirected, None
        return place or (self.call.url, None)

    def _fall_back(self, wrong: twiml.WrongTwiml) -> Place | None:
        """Go on with the document that lies at the provider, once; or say that it went wrong."""
        self.line(Spoken("note", f"the customer's answer is of no use: {wrong}"))
        if self.call.fallback and not self.fell_back:
            self.fell_back = True
            return f"{self.world.url}/fallback", self.call.fallback
        self.line(Spoken("voice", WENT_WRONG))
        return None

    def fetch(self, url: str, more: dict[str, str]) -> str:
        """Ask the customer what to do. Raises twiml.WrongTwiml if nothing useful comes."""
        call = self.call
        form = self._form() | more
        if call.answered_by:
            form["AnsweredBy"] = call.answered_by
        ask = self.world.caller.ask
        got = ask(call.account, url, form, forge=call.behaviour.forge, tries=2)
        if not 200 <= got.status < 300:
            raise twiml.WrongTwiml(f"{url} answered {got.status or 'nothing'}")
        return got.body

    def _do(self, verbs: list[twiml.Verb]) -> Place | None:
        """Do a document; where to go on. Raises twiml.WrongTwiml."""
        for verb in verbs:
            if isinstance(verb, twiml.Say | twiml.Pause):
                self.speak(verb)
            elif isinstance(verb, twiml.Redirect):
                return verb.url, None
            elif isinstance(verb, twiml.Hangup | twiml.Reject):
                self.told_to_end = True
                return None
            elif isinstance(verb, twiml.Gather):
                keys = self._ask(verb)
                if keys or verb.even_empty:
                    return verb.action, self.fetch(verb.action, {"Digits": keys})
            else:
                came = self._connect(verb)
                if verb.action:
                    return verb.action, self.fetch(verb.action, came)
        return None

    def _connect(self, verb: twiml.Dial) -> dict[str, str]:
        self.call.pressed = ""
        if isinstance(verb.to, twiml.Conference):
            return rooms.be_in(self, verb.to)
        return dialing.connect(self, verb, verb.to)

    def line(self, line: Spoken) -> None:
        """Let the phone hear or show something."""
        with self.world.lock:
            self.call.lines.append(line)
            self.world.changed()

    def speak(
        self, verb: twiml.Say | twiml.Pause, until: Callable[[], bool] = lambda: False
    ) -> bool:
        """Say it; whether that was broken off."""
        if isinstance(verb, twiml.Pause):
            return self.wait(verb.seconds * self.world.pace, until)
        for _ in range(verb.times):
            self.wait(0)
            self.line(Spoken("voice", verb.words, verb.language))
            if self.wait(len(verb.words) / SPEED * self.world.pace, until):
                return True
        return False

    def _ask(self, question: twiml.Gather) -> str:
        """Ask for keys and return them without the finishing one; nothing if none came in time."""
        call, world = self.call, self.world
        call.asking = True
        world.changed()
        try:
            for verb in question.inside:
                if self.speak(verb, lambda: bool(call.pressed)):
                    break
            if self.keys:
                keys = self.keys.pop(0)
                with world.lock:
                    call.pressed += keys
                    self.line(Spoken("phone", f"pressed {keys}"))
            got = ""
            while not question.keys or len(got) < question.keys:
                if not self._key_within(question.seconds):
                    break
                with world.lock:
                    key, call.pressed = call.pressed[0], call.pressed[1:]
                    world.changed()
                if key == question.finish:
                    break
                got += key
            return got
        finally:
            call.asking = False
            world.changed()

    def _key_within(self, seconds: float) -> bool:
        """Whether a key was pressed before the time for it was over."""
        call = self.call
        if call.timed:
            return self.wait(seconds * self.patience, lambda: bool(call.pressed))
        self.wait(ENDLESS, lambda: bool(call.pressed) or call.silences > 0)
        with self.world.lock:
            if not call.pressed:
                call.silences -= 1
            return bool(call.pressed)

    # -- what the customer hears ------------------------------------------------------------------
    def _form(self) -> dict[str, str]:
        call = self.call
        form = {
            "AccountSid": call.account.sid,
            "ApiVersion": "2010-04-01",
            "CallSid": call.sid,
            "CallStatus": call.status,
            "Called": call.to,
            "Caller": call.sender,
            "Direction": call.direction,
            "From": call.sender,
            "To": call.to,
        }
        if call.parent is not None:
            form["ParentCallSid"] = call.parent.sid
        if call.inbound:
            form |= _ABOUT_CALLERS
            if call.status == "ringing":
                form["CallToken"] = new_sid("token")
        return form

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
