"""A reporter's call, as its documents lead it: from pick-up to the code to come back with.

Before any key is pressed it is a tip by the same intake as the web's. What the caller hears next
hangs on how the call stands in the database: each answer asks there, so that a document that was
lost, said twice or late leads nobody astray.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.db import DatabaseError, connection, transaction

from upstander.base.phones import NoNumber, e164
from upstander.carriers.providers import Line
from upstander.doors.calls import codes, documents, words
from upstander.doors.calls.others import HOLD_ENDS
from upstander.doors.calls.sealing import (
    Kept,
    marks_of_call,
    open_kept,
    past_of_call,
    seal_kept,
    seal_sid,
    seal_wish,
    token_of_call,
)
from upstander.doors.calls.wishes import may_be_called
from upstander.doors.texts.numbers import once_of
from upstander.doors.texts.receive import district_of
from upstander.intake.routing import NoCenter
from upstander.people.public import route_now
from upstander.tips.call_words import CALL
from upstander.tips.new_tip import NewTip
from upstander.tips.reporter import NotKept, SessionOver, add_answers, file_tip
from upstander.tips.speed import tell
from upstander.vault import sessions
from upstander.vault.errors import VaultError

log = logging.getLogger("upstander.doors")

#: Seconds of waiting after which a text is offered, a call back, and the center's own phone rings.
OFFER_TEXT, OFFER_BACK, OWN_PHONE = 60, 90, 180
#: … and after which it rings again.
OWN_PHONE_AGAIN = 60
#: Which key of the first document chooses which language.
_KEY_OF: Final = {str(key): language for key, language in enumerate(words.SPOKEN, 1)}

#: Why a code opens nothing, in words.
_WHY: Final = {
    codes.No.MISTYPED: words.MISTYPED,
    codes.No.UNKNOWN: words.UNKNOWN,
    codes.No.WEBSITE: words.ON_WEBSITE,
    codes.No.SHUT: words.NO_CODES_NOW,
}


class Stale(Exception):
    """A call that is over, or was never heard of: nothing is written, and nothing said of it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a provider asks about a caller's leg."""

    provider: str
    line: Line
    #: The provider's id of the call.
    sid: str
    #: The caller's number, as each of its questions has it. Nobody keeps it unless they wish so.
    number: str = ""
    digits: str = ""
    #: Whether the line takes texts too.
    texts: bool = True
    #: Where in the documents it stands: the step, the question, when the own phone last rang.
    step: str = ""
    question: int = 1
    rang: int = 0
    #: Our address for what follows.
    here: str = ""

    def at(self, step: str, **more: int) -> str:
        """Return the address of what follows."""
        place = {"q": self.question, "f": self.rang, **more}
        return f"{self.here}?{urlencode({'s': step, **place})}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a call stands."""

    call: UUID
    tip: UUID
    district: int
    state: str
    language: str
    line: str
    room: str
    held: bytes | None
    waits: float
    #: Seconds on hold; 0 for who is not.
    held_for: float
    #: Whether the center's own phone rings for it by the worker.
    ringing: bool
    wished: bool
    inbox: bytes
    past: bool


def pick_up(asked: Asked) -> bytes:
    """Take a call: file it, and say who we are. The same call again is answered as it stands.

    Raises NotKept (the provider must be told, and leads it to the center's plain line), Stale.
    """
    try:
        marks = marks_of_call(asked.provider, asked.sid)
        with transaction.atomic():
            past = past_of_call(asked.provider, asked.sid)
            known = _find((past, *marks.all), lock=True)
            if known is None:
                center = _file(asked, marks.newest, past)
                return documents.menu(asked.at("menu"), center)
        if known.past:
            raise Stale
        if known.state == "waiting":
            route = route_now(None, {}, None, known.district)
            return documents.menu(asked.at("menu"), route.center.name)
    except (DatabaseError, NoCenter, VaultError) as error:
        raise NotKept from error
    return _stands(asked, known)


def _file(asked: Asked, mark: bytes, past: bytes) -> str:
    """File a call as a tip; return its center's name."""
    route = route_now(None, {}, None, district_of(asked.line))
    filed = file_tip(
        NewTip(
            token=token_of_call(asked.provider, asked.sid),
            text=CALL,
            language="en",
            district_id=route.district_id,
            channel="voice",
        )
    )
    call = uuid4()
    begun = _call(
        "door_call_begin",
        p_call=call,
        p_tip=filed.tip_id,
        p_mark=mark,
        p_past=past,
        p_line=asked.line.number,
        p_provider=asked.provider,
        p_sid=seal_sid(call, asked.sid),
        p_held=seal_kept(asked.sid, call, Kept(filed.session_token, codes.mint(filed))),
    )
    if not begun:
        raise NotKept
    tell(filed.tip_id)
    return route.center.name


def go_on(asked: Asked) -> bytes:
    """Answer a caller's leg that asks what follows, with the key that was pressed, if any.

    Raises Stale. Where the database is away the caller stays on the line.
    """
    try:
        known = _known(asked.provider, asked.sid)
        if known is not None and known.past and asked.digits:
            # It came after the news that they hung up: somebody was there all the same.
            _call("door_call_key", p_call=known.call, p_language="")
        if known is None or known.past:
            raise Stale
        if asked.digits:
            chosen = _KEY_OF.get(asked.digits, "") if asked.step == "menu" else ""
            _call("door_call_key", p_call=known.call, p_language=chosen)
            if chosen:
                known = _known(asked.provider, asked.sid) or known
        return _stands(asked, known)
    except DatabaseError:
        log.exception("a caller's leg could not be answered: they stay on the line")
        return documents.wait(asked.at(asked.step or "loop"), "", (words.WAIT,))


def _stands(asked: Asked, known: Standing) -> bytes:
    if known.state == "talking" and not known.room:
        # It was connected with the center's own phone, and that has hung up.
        _call("door_own", p_call=known.call, p_provider=asked.provider, p_came=False)
        return _after(asked, known)
    if known.state == "talking":
        again = asked.step == "out"
        if again:
            _call("door_call_out", p_call=known.call)
        return documents.caller_in(asked.at("out"), known.room, known.language, again=again)
    if known.state == "held":
        return _held(asked, known)
    if known.state == "after":
        return _after(asked, known)
    if known.state == "waiting":
        return _waits(asked, known)
    return documents.nothing()


def _held(asked: Asked, known: Standing) -> bytes:
    """Keep somebody on hold company, and let them out to whoever is free."""
    out = asked.step == "held" and asked.digits == "1"
    if (out or known.held_for >= HOLD_ENDS) and _call("door_call_again", p_call=known.call):
        return documents.wait(asked.at("loop", f=0), known.language, (words.OFFERED,))
    return documents.held(asked.at("held"), known.language)


def _waits(asked: Asked, known: Standing) -> bytes:
    """Keep somebody company until a counselor takes their call."""
    pressed = asked.digits
    if asked.step == "code":
        return _code(asked, known)
    if pressed == "3":
        return documents.ask_code(asked.at("code"), known.language, (words.TYPE_CODE,))
    if pressed in ("*", "9"):
        return documents.wait(asked.at("loop"), known.language, (words.KEPT,), timeout=4)
    if asked.step in ("loop", "kept") and pressed == "5":
        return documents.wait(asked.at("loop"), known.language, (_wish(asked, known),))
    question = asked.question
    first: list[words.Line] = []
    answers = asked.step == "loop" and pressed in ("1", "2") and question <= len(words.QUESTIONS)
    if answers and _answer(asked, known, question, pressed):
        question += 1
        first = [words.THANKS] if question > len(words.QUESTIONS) else []
    rests = known.waits >= OWN_PHONE and known.waits >= asked.rang + OWN_PHONE_AGAIN
    if rests and asked.line.fallback and not known.ringing and not pressed:
        return documents.fallback(
            asked.at("loop", q=question, f=int(known.waits)),
            f"{asked.here}/own/{known.call}",
            asked.line.number,
            asked.line.fallback,
            known.language,
        )
    lines: list[words.Line] = [*first]
    if question > len(words.QUESTIONS) or question == asked.question:
        lines.append(words.WAIT)
    if question <= len(words.QUESTIONS):
        lines += [words.BY_KEYS, words.QUESTIONS[question - 1]]
    if known.waits >= OFFER_TEXT and asked.texts:
        lines.append(words.TEXT)
    if known.waits >= OFFER_BACK and not known.wished:
        lines.append(words.CALL_BACK)
    return documents.wait(asked.at("loop", q=question), known.language, lines)


def _code(asked: Asked, known: Standing) -> bytes:
    """Try a code: what it opens is where the call goes on. Three may be tried."""
    onward = asked.at("loop")
    if not asked.digits:
        return documents.wait(onward, known.language, (words.WAIT,))
    try:
        with codes.a_turn(asked.digits) as free:
            if not free:
                return documents.ask_code(asked.at("code"), known.language, (words.TYPE_AGAIN,))
            if not _call("door_call_try", p_call=known.call):
                return documents.wait(onward, known.language, (words.NO_MORE_CODES,))
            opened = codes.open_by_keys(asked.digits)
        if isinstance(opened, str):
            return documents.wait(onward, known.language, (_goes_on(asked, known, opened),))
        again = opened in (codes.No.MISTYPED, codes.No.UNKNOWN)
        at, document = (asked.at("code"), documents.ask_code) if again else (onward, documents.wait)
        return document(at, known.language, (_WHY[opened],))
    except (NotKept, SessionOver, VaultError):
        log.exception("a code could not be tried: its caller stays on the line")
        return documents.wait(onward, known.language, (words.WAIT,))


def _goes_on(asked: Asked, known: Standing, session: str) -> words.Line:
    """Let a call go on in the report that its code opened."""
    onward = codes.go_on(session, known.tip)
    if onward is None:
        return words.CODE_TAKEN
    kept = seal_kept(asked.sid, known.call, Kept(session, ""))
    _call("door_call_goes_on", p_call=known.call, p_talk=sessions.row_key(session), p_held=kept)
    return words.CODE_OPENED


def _answer(asked: Asked, known: Standing, question: int, pressed: str) -> bool:
    """Keep an answer by key, as the form's are kept; False where it could not be."""
    kept = _kept(asked, known)
    if kept is None:
        return False
    try:
        add_answers(
            kept.session,
            {key: str(value) for key, value in words.ANSWERS[question - 1][pressed].items()},
            once=once_of(asked.provider, asked.sid, f"answer {question}"),
            names_place=False,
        )
    except (NotKept, SessionOver):
        log.exception("an answer by key could not be kept: it is asked again")
        return False
    return True


def _wish(asked: Asked, known: Standing) -> words.Line:
    """Keep that somebody wishes to be called back, and only now their number."""
    try:
        number = e164(asked.number)
    except NoNumber:
        return words.NO_NUMBER
    if not may_be_called(number):
        return words.NO_NUMBER
    wish = uuid4()
    sealed = seal_wish(known.inbox, known.tip, wish, number)
    kept = _call("door_call_wish", p_call=known.call, p_wish=wish, p_number=sealed)
    return words.WISHED if kept or known.wished else words.WAIT


def _after(asked: Asked, known: Standing) -> bytes:
    """Read the code that leads back; the counselor has left, and never hears it."""
    kept = _kept(asked, known)
    if asked.step == "after" and asked.digits == "1":
        _call("door_call_again", p_call=known.call)
        return documents.wait(asked.at("loop"), known.language, (words.WAIT,))
    if asked.step == "after" and asked.digits != "*":
        return documents.goodbye(known.language, words.BYE)
    if kept is None or not kept.code:
        # Who came with a code has one. Their counselor's phone may have dropped: nobody is cut off.
        return documents.wait(asked.at("after"), known.language, (words.AGAIN,), timeout=10)
    return documents.code(asked.at("after"), known.language, codes.spoken(kept.code))


def hung_up(provider: str, sid: str) -> None:
    """Note that the caller has hung up. Raises DatabaseError, Stale for a call of nobody's."""
    known = _known(provider, sid)
    if known is None:
        raise Stale
    if not known.past:
        _call("door_call_over", p_call=known.call)


def _kept(asked: Asked, known: Standing) -> Kept | None:
    try:
        return open_kept(asked.sid, known.call, known.held) if known.held else None
    except VaultError:
        log.exception("what a call had kept does not open")
        return None


def _known(provider: str, sid: str) -> Standing | None:
    """Return how a call stands; asked anew where another process may have begun a new season."""
    past = past_of_call(provider, sid)
    found = _find((past, *marks_of_call(provider, sid).all))
    return found or _find((past, *marks_of_call(provider, sid, fresh=True).all))


def _find(marks: tuple[bytes, ...], *, lock: bool = False) -> Standing | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM api.door_call(p_marks => %s, p_lock => %s)", [list(marks), lock]
        )
        row = cursor.fetchone()
    if row is None:
        return None
    found: list[Any] = [bytes(one) if isinstance(one, memoryview) else one for one in row]
    return Standing(*found)


def _call(function: str, **values: str | bytes | bool | UUID | None) -> object:
    named = ", ".join(f"{name} => %s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT api.{function}({named})", list(values.values()))
        row = cursor.fetchone()
    return row[0] if row else None
