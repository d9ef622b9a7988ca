"""TwiML, the language in which a customer says what a call does: read, not yet done.

Source: Twilio, "TwiML for Programmable Voice". Of its verbs: Say, Play, Pause, Gather, Redirect,
Hangup and Reject. Anything else is an error, as with the real ones (12200).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from urllib.parse import urljoin


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


Verb = Say | Pause | Gather | Redirect | Hangup


def _number(element: ET.Element, name: str, default: float) -> float:
    try:
        return float(element.get(name, default))
    except ValueError:
        raise WrongTwiml(f"{element.tag}'s {name} is no number") from None


def _simple(element: ET.Element) -> Say | Pause:
    if element.tag == "Say":
        words = " ".join("".join(element.itertext()).split())
        # Zero times means again and again (Twilio's limit is 1000); a phone has heard it by then.
        times = int(_number(element, "loop", 1)) or 10
        return Say(words, element.get("language", "en-US"), times)
    if element.tag == "Play":
        return Say(f"♪ {(element.text or element.get('digits') or '').strip()}", "en-US", 1)
    if element.tag == "Pause":
        return Pause(_number(element, "length", 1))
    raise WrongTwiml(f"no verb {element.tag} here")


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
    verbs: list[Verb] = []
    for element in root:
        if element.tag == "Gather":
            verbs.append(
                Gather(
                    inside=tuple(_simple(child) for child in element),
                    action=urljoin(url, element.get("action", "")),
                    keys=int(_number(element, "numDigits", 0)),
                    finish=element.get("finishOnKey", "#"),
                    seconds=_number(element, "timeout", 5),
                    even_empty=element.get("actionOnEmptyResult", "false").lower() == "true",
                )
            )
        elif element.tag == "Redirect":
            verbs.append(Redirect(urljoin(url, (element.text or "").strip())))
        elif element.tag in ("Hangup", "Reject"):
            verbs.append(Hangup())
        else:
            verbs.append(_simple(element))
    return verbs
