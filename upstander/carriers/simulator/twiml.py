"""TwiML, the language in which a customer says what a call does: read, not yet done.

Source: Twilio, "TwiML for Programmable Voice". Of its verbs: Say, Play, Pause, Gather, Redirect,
Hangup, Reject, and Dial with Number, Sip or Conference. Anything else is an error (12200); so is
an attribute that the real ones would only warn of, and whatever would record or listen.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

#: What each element may say of itself.
_SAID = {
    "Say": "voice language loop",
    "Play": "loop digits",
    "Pause": "length",
    "Gather": "input action method timeout finishOnKey numDigits actionOnEmptyResult language",
    "Redirect": "method",
    "Reject": "reason",
    "Hangup": "",
    "Dial": "action method timeout callerId timeLimit answerOnBridge record",
    "Number": "url method sendDigits statusCallback statusCallbackEvent statusCallbackMethod",
    "Sip": "url method username password statusCallback statusCallbackEvent statusCallbackMethod",
    "Conference": (
        "muted beep startConferenceOnEnter endConferenceOnExit waitUrl waitMethod maxParticipants"
        " record participantLabel statusCallback statusCallbackEvent statusCallbackMethod"
    ),
}
#: As many people as a room ever holds.
MOST_IN_A_ROOM = 250


class WrongTwiml(ValueError):
    """A document that a provider would refuse, and why."""


@dataclass(frozen=True)
class Say:
    """Words read aloud, in a language (BCP 47)."""

    words: str
    language: str
    times: int


@dataclass(frozen=True)
class Pause:
    """Silence of so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Gather:
    """A question: words read aloud, then a wait for keys, which are sent to ``action``."""

    inside: tuple[Say | Pause, ...]
    action: str
    keys: int
    """How many are asked for; 0: until the finishing key or the time is over."""
    finish: str
    seconds: float
    even_empty: bool
    """Send it also if nothing was pressed."""


@dataclass(frozen=True)
class Redirect:
    """Go on with the document at another address."""

    url: str


@dataclass(frozen=True)
class Hangup:
    """The end."""


@dataclass(frozen=True)
class Reject:
    """The end; as the first verb, of a call that nobody picks up."""

    busy: bool


@dataclass(frozen=True)
class Target:
    """A phone to dial."""

    to: str
    url: str
    """What it hears, alone, before both are connected."""
    send_digits: str
    callback: str
    events: frozenset[str]


@dataclass(frozen=True)
class Conference:
    """A room to enter."""

    name: str
    muted: bool
    beep: bool
    starts: bool
    ends: bool
    wait_url: str | None
    """None: the provider's music. Empty: silence."""
    most: int
    label: str
    callback: str
    events: frozenset[str]


@dataclass(frozen=True)
class Dial:
    """Connect the call with phones, of which the first to pick up is taken, or with a room."""

    to: tuple[Target, ...] | Conference
    action: str
    """Where to go on afterwards; empty: with the next verb."""
    caller_id: str
    seconds: float
    limit: float


Verb = Say | Pause | Gather | Redirect | Hangup | Reject | Dial


def _number(element: ET.Element, name: str, default: float) -> float:
    try:
        return float(element.get(name, default))
    except ValueError:
        raise WrongTwiml(f"{element.tag}'s {name} is no number") from None


def _yes(element: ET.Element, name: str, *, default: bool) -> bool:
    said = element.get(name, str(default)).lower()
    if said not in ("true", "false"):
        raise WrongTwiml(f"{element.tag}'s {name} is true or false")
    return said == "true"


def _text(element: ET.Element) -> str:
    return (element.text or "").strip()


def _checked(element: ET.Element) -> ET.Element:
    if element.tag not in _SAID:
        raise WrongTwiml(f"no verb {element.tag}")
    for name, value in element.items():
        if name not in _SAID[element.tag].split():
            raise WrongTwiml(f"{element.tag} has no {name}")
        if name.lower().endswith("method") and value != "POST":
            raise WrongTwiml("the simulator asks by POST only")
        if name == "record" and value != "do-not-record":
            raise WrongTwiml("nothing is recorded here")
    return element


def _simple(element: ET.Element) -> Say | Pause:
    _checked(element)
    if element.tag == "Say":
        words = " ".join("".join(element.itertext()).split())
        # Zero times means again and again (Twilio's limit is 1000); a phone has heard it by then.
        times = int(_number(element, "loop", 1)) or 10
        return Say(words, element.get("language", "en-US"), times)
    if element.tag == "Play":
        return Say(f"♪ {_text(element) or element.get('digits', '').strip()}", "en-US", 1)
    if element.tag == "Pause":
        return Pause(_number(element, "length", 1))
    raise WrongTwiml(f"no verb {element.tag} here")


def _gather(element: ET.Element, url: str) -> Gather:
    if element.get("input", "dtmf") != "dtmf":
        raise WrongTwiml("nothing listens to words here")
    return Gather(
        inside=tuple(_simple(child) for child in element),
        action=urljoin(url, element.get("action", "")),
        keys=int(_number(element, "numDigits", 0)),
        finish=element.get("finishOnKey", "#"),
        seconds=_number(element, "timeout", 5),
        even_empty=_yes(element, "actionOnEmptyResult", default=False),
    )


def _events(element: ET.Element, default: str) -> frozenset[str]:
    return frozenset(element.get("statusCallbackEvent", default).split())


def _address(element: ET.Element, name: str, url: str) -> str:
    said = element.get(name, "")
    return urljoin(url, said) if said else ""


def _target(element: ET.Element, url: str) -> Target:
    return Target(
        to=_text(element),
        url=_address(element, "url", url),
        send_digits=element.get("sendDigits", ""),
        callback=_address(element, "statusCallback", url),
        events=_events(element, "completed"),
    )


def _conference(element: ET.Element, url: str) -> Conference:
    most = int(_number(element, "maxParticipants", MOST_IN_A_ROOM))
    if not _text(element) or not 1 <= most <= MOST_IN_A_ROOM:
        raise WrongTwiml("a room has a name, and 1 to 250 people")
    return Conference(
        name=_text(element),
        muted=_yes(element, "muted", default=False),
        beep=element.get("beep", "true") != "false",
        starts=_yes(element, "startConferenceOnEnter", default=True),
        ends=_yes(element, "endConferenceOnExit", default=False),
        wait_url=None if element.get("waitUrl") is None else _address(element, "waitUrl", url),
        most=most,
        label=element.get("participantLabel", ""),
        callback=_address(element, "statusCallback", url),
        events=_events(element, ""),
    )


def _dial(element: ET.Element, url: str) -> Dial:
    inside = [_checked(child) for child in element]
    to: tuple[Target, ...] | Conference
    if len(inside) == 1 and inside[0].tag == "Conference":
        to = _conference(inside[0], url)
    elif inside and all(child.tag in ("Number", "Sip") for child in inside):
        to = tuple(_target(child, url) for child in inside)
    elif not inside and _text(element):
        to = (_target(element, url),)
    else:
        raise WrongTwiml("Dial is one room, or one to ten phones")
    return Dial(
        to=to,
        action=_address(element, "action", url),
        caller_id=element.get("callerId", ""),
        seconds=_number(element, "timeout", 30),
        limit=_number(element, "timeLimit", 14_400),
    )


def _verb(element: ET.Element, url: str) -> Verb:
    _checked(element)
    if element.tag == "Gather":
        return _gather(element, url)
    if element.tag == "Redirect":
        return Redirect(urljoin(url, _text(element)))
    if element.tag == "Hangup":
        return Hangup()
    if element.tag == "Reject":
        return Reject(element.get("reason", "rejected") == "busy")
    return _dial(element, url) if element.tag == "Dial" else _simple(element)


def read(document: str, url: str) -> list[Verb]:
    """Read a document that came from ``url`` (relative addresses start there).

    Raises WrongTwiml.
    """
    try:
        root = ET.fromstring(document)  # noqa: S314 - the customer is ourselves
    except ET.ParseError as error:
        raise WrongTwiml(f"not XML: {error}") from None
    if root.tag != "Response":
        raise WrongTwiml(f"{root.tag} instead of Response")
    return [_verb(element, url) for element in root]


def room(name: str, how: Iterable[tuple[str, str]]) -> str:
    """Return the document by which a call enters a room (as the REST interface's participants)."""
    response = ET.Element("Response")
    ET.SubElement(ET.SubElement(response, "Dial"), "Conference", dict(how)).text = name
    return ET.tostring(response, encoding="unicode")
