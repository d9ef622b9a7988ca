"""The documents that lead a call: TwiML, made of small functions. No word of a tip is in any.

Nothing here records, transcribes or streams: a test reads each document for the verbs that would.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from upstander.base.languages import language_of
from upstander.doors.calls import words
from upstander.doors.calls.words import SPOKEN, Line, said
from upstander.vault.keypad import MOST_KEYS

#: Seconds that a question waits for a key.
PATIENCE = 6
#: Seconds from one thing that is said to who waits to the next, with what is said itself.
PAUSE = 12
#: … to who is on hold: a word every half-minute.
HOLD_PAUSE = 20
#: Seconds that the center's own phone rings.
RING = 25


def _response(*parts: Element) -> bytes:
    root = Element("Response")
    root.extend(parts)
    return b'<?xml version="1.0" encoding="UTF-8"?>' + tostring(root)


def _say(text: str, language: str) -> Element:
    element = Element("Say", language=language_of(language).voice)
    element.text = text
    return element


def _spoken(lines: Iterable[Line], languages: Iterable[str], **values: str) -> list[Element]:
    """Say lines in each language in turn."""
    told = list(lines)
    return [
        _say(" ".join(said(line, language, **values) for line in told), language)
        for language in languages
    ]


def said_in(language: str, *lines: Line) -> list[Element]:
    """Say lines in one language."""
    return _spoken(lines, (language,))


def in_which(language: str) -> tuple[str, ...]:
    """Return the languages in which a caller is spoken to: theirs, or both."""
    return (language,) if language in SPOKEN else SPOKEN


def _gather(
    at: str,
    says: Iterable[Element],
    *,
    keys: int = 1,
    finish: str = "",
    timeout: int = PATIENCE,
    even_empty: bool = True,
) -> Element:
    gather = Element(
        "Gather",
        input="dtmf",
        numDigits=str(keys),
        timeout=str(timeout),
        finishOnKey=finish,
        actionOnEmptyResult="true" if even_empty else "false",
        method="POST",
        action=at,
    )
    gather.extend(says)
    return gather


def menu(at: str, center: str) -> bytes:
    """Say who picked up, and what a caller can press; who says nothing goes on in both."""
    says = []
    for language, choose in zip(SPOKEN, words.CHOOSE, strict=True):
        text = [
            said(words.WHO, language, center=center),
            said(words.NOT_KEPT, language),
            said(choose, language),
            said(words.MENU, language),
        ]
        says.append(_say(" ".join(text), language))
    return _response(_gather(at, says, timeout=2))


def wait(at: str, language: str, lines: Iterable[Line], *, timeout: int = PAUSE) -> bytes:
    """Say something to who waits, and listen for keys until it is time for the next."""
    return _response(_gather(at, _spoken(lines, in_which(language)), timeout=timeout))


def held(at: str, language: str) -> bytes:
    """Tell who is on hold that somebody is still there, and listen for their key."""
    return wait(at, language, (words.HELD,), timeout=HOLD_PAUSE)


def ask_code(at: str, language: str, lines: Iterable[Line]) -> bytes:
    """Ask for the digits of a code, or for seven words by their keys, with # at the end."""
    says = _spoken(lines, in_which(language))
    return _response(_gather(at, says, keys=MOST_KEYS, finish="#", timeout=8))


def room(at: str, name: str, *, counselor: bool, first: Iterable[Element] = ()) -> bytes:
    """Lead a leg into a room; when it is out again, the document at ``at`` follows.

    The room begins with its counselor, and ends with them: nobody stays behind in silence.
    """
    dial = Element("Dial", action=at, method="POST")
    conference = SubElement(
        dial,
        "Conference",
        startConferenceOnEnter="true" if counselor else "false",
        endConferenceOnExit="true" if counselor else "false",
        beep="false",
        record="do-not-record",
        maxParticipants="8",
    )
    conference.text = name
    return _response(*first, dial)


def caller_in(at: str, name: str, language: str, *, again: bool = False) -> bytes:
    """Lead the caller to their counselor.

    ``again``: they were out for a moment, perhaps because the counselor has left: nothing is said.
    """
    joined = () if again else _spoken((words.JOINED,), in_which(language)[:1])
    return room(at, name, counselor=False, first=joined)


def fallback(at: str, press: str, line: str, phone: str, language: str) -> bytes:
    """Ring the center's own phone from a caller's leg: without the worker, should it be away.

    Whoever picks up presses 1 first: no mailbox gets a caller. The caller's number is not shown.
    """
    dial = Element(
        "Dial", callerId=line, timeout=str(RING), action=at, method="POST", record="do-not-record"
    )
    number = SubElement(dial, "Number", url=press, method="POST")
    number.text = phone
    return _response(*_spoken((words.FALLBACK,), in_which(language)), dial)


def code(at: str, language: str, groups: Iterable[str]) -> bytes:
    """Read a code out twice, four digits at a time; star reads it again."""
    digits = ". ".join(groups)
    says = []
    for one in in_which(language)[:1]:
        text = f"{said(words.CODE, one)} {digits}. {digits}. {said(words.CODE_AGAIN, one)}"
        says.append(_say(text, one))
    return _response(_gather(at, says, timeout=10))


def goodbye(language: str, *lines: Line) -> bytes:
    """Say something, and hang up."""
    return _response(*_spoken(lines, in_which(language)[:1]), Element("Hangup"))


def nothing() -> bytes:
    """Say nothing, and hang up."""
    return _response(Element("Hangup"))


def connect() -> bytes:
    """Let whoever picked up the center's own phone be connected."""
    return _response()


def hello(at: str, language: str) -> bytes:
    """Greet whoever picked up a call back, once in each language; no key: nothing more is said."""
    says = _spoken((words.HELLO,), in_which(language))
    return _response(_gather(at, says, timeout=8, even_empty=False), Element("Hangup"))


def press_one(at: str, line: Line, language: str = "en", *, rounds: int = 3) -> bytes:
    """Ask for a 1, again and again; who presses none is hung up on, as every mailbox is."""
    return _response(
        *(
            _gather(at, _spoken((line,), (language,)), timeout=5, even_empty=False)
            for _ in range(rounds)
        ),
        Element("Hangup"),
    )
