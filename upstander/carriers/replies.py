"""What somebody means by a text, typed half asleep: read tolerantly, and never guessed.

A text that says two things ("1 no puedo"), or something else altogether, is asked about: taking it
for "I have it" would leave an alert with nobody.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_WORDS: dict[str, tuple[str, ...]] = {
    "cannot": (
        "3",
        "three",
        "tres",
        "cant",
        "can't",
        "cannot",
        "can not",
        "i cant",
        "i can't",
        "no puedo",
        "nopuedo",
        "no",
        "unable",
    ),
    "seen": ("2", "two", "dos", "seen", "saw it", "visto", "lo vi", "leido"),
    "have_it": (
        "1",
        "one",
        "uno",
        "have it",
        "i have it",
        "i have",
        "haveit",
        "got it",
        "i got it",
        "yes",
        "y",
        "yep",
        "yeah",
        "ok",
        "okay",
        "si",
        "tengo",
        "lo tengo",
        "yo lo tengo",
        "mine",
        "on it",
        "im on it",
        "i'm on it",
        "ack",
        "claim",
        "voy",
        "vale",
    ),
}
_MEANS = {word: answer for answer, words in _WORDS.items() for word in words}
#: What providers take as an order to stop (CTIA; Twilio's OptOutType says it too).
_STOP = {"stop", "stopall", "unsubscribe", "end", "quit", "cancel", "alto", "parar", "baja"}
_START = {"start", "unstop", "alta"}
#: A code, also where it sticks to the answer: "1H6K2". Which there are, ``queries.py`` says.
_CODE = re.compile(
    r"(?<![a-z])([acefhj-npr-y])[ -]?"
    r"(?:([2-9])[ -]?([acefhj-npr-y])[ -]?([2-9])|([2-9])[ -]?([2-9])[ -]?([acefhj-npr-y])"
    r"|([acefhj-npr-y])[ -]?([2-9])[ -]?([2-9]))(?![a-z0-9])"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """``answer``: have_it, seen, cannot, unclear, stop or start; ``code``: such as H6K2, or ''."""

    answer: str
    code: str = ""


def read(text: str) -> Reply:
    """Return what a text means."""
    plain = _plain(text)
    if plain in _STOP:
        return Reply("stop")
    if plain in _START:
        return Reply("start")
    if plain in _MEANS:
        return Reply(_MEANS[plain])
    for found in _CODE.finditer(plain):
        rest = " ".join((plain[: found.start()] + " " + plain[found.end() :]).split())
        if rest in _MEANS:
            return Reply(_MEANS[rest], "".join(filter(None, found.groups())).upper())
    return Reply("unclear")


def _plain(text: str) -> str:
    """Return lower-case words without accents, emoji and punctuation."""
    folded = unicodedata.normalize("NFKD", text[:200].casefold()).replace("’", "'")
    kept = "".join(
        c if c.isalnum() or c in "' -" else " " for c in folded if not unicodedata.combining(c)
    )
    return " ".join(kept.strip(" -'").split())
