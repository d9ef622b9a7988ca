"""What a text means by itself, and what is answered without a person: short, and the truth.

Sources: CTIA Messaging Principles and Best Practices (2023) and 47 CFR 64.1200(a)(10) for the words
that end texts; whoever sends one is obeyed, also a child who only writes "end".
"""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import override

#: Alone in a text these end all texts to that phone: the phone company does it as well as we.
STOP_WORDS: Final = frozenset(
    {
        *("stop", "stopall", "unsubscribe", "end", "quit", "cancel", "revoke", "optout"),
        *("opt out", "alto", "parar"),
    }
)
START_WORDS: Final = frozenset({"start", "unstop"})
HELP_WORDS: Final = frozenset({"help", "info", "ayuda"})
WEB_WORDS: Final = frozenset({"web"})

#: Longest answer: two segments of GSM-7, five of UCS-2.
MOST: Final = 320
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_SPANISH = re.compile(
    r"[¿¡ñ]|\b(?:hola|ayuda|por favor|mi amig[oa]|necesito|quiero)\b", re.IGNORECASE
)


def word_of(text: str) -> str:
    """Return which of the words that mean something a text consists of; "" for any other text."""
    plain = " ".join(text.split()).strip(" .!\"'").casefold()
    for name, words in (
        ("stop", STOP_WORDS),
        ("start", START_WORDS),
        ("help", HELP_WORDS),
        ("web", WEB_WORDS),
    ):
        if plain in words:
            return name
    return ""


def language_of_text(text: str) -> str:
    """Return in which language a first text is taken: by its letters, else English.

    A counselor sees the words themselves; this only chooses what is answered without one.
    """
    if _ARABIC.search(text):
        return "ar"
    return "es" if _SPANISH.search(text) else "en"


def without_words(pictures: int, language: str) -> str:
    """Return what stands where a text has no words of its own, as staff and its sender read it."""
    with override(language):
        return _("(A picture)") if pictures else "–"


def first_answer(center: str, minutes: int | None, language: str) -> str:
    """Return what a phone's first text is answered with."""
    with override(language):
        wait = (
            _("A real person reads it, usually within %(minutes)d min.") % {"minutes": minutes}
            if minutes
            else _("A real person will read it.")
        )
        return _(
            "%(center)s: we have your text. %(wait)s Danger now: call 911. Crisis: 988. We don’t "
            "see your number, but phone companies keep texts. Text WEB to go on on our website, "
            "STOP to end."
        ) % {"center": center, "wait": wait}


def stop_answer(language: str) -> str:
    """Return the one confirmation that may follow STOP: how to begin again, and who is there."""
    with override(language):
        return _(
            "You get no more texts from us. Text START to get them again. Danger now: call 911. "
            "To talk to a person: 988."
        )


def start_answer(language: str) -> str:
    """Return what follows START."""
    with override(language):
        return _(
            "You get our texts again. Write whenever you like. Danger now: call 911. To talk to a "
            "person: 988."
        )


def help_answer(center: str, language: str) -> str:
    """Return who this is, and who picks up."""
    with override(language):
        return _(
            "%(center)s, for students. Danger now: call 911. To talk to a person: "
            "988. Text STOP to end texts."
        ) % {"center": center}


def web_answer(language: str) -> str:
    """Return what follows WEB: only somebody who has opened the conversation can send the way."""
    with override(language):
        return _(
            "Whoever reads this will text you 8 digits for our website. You can keep writing here "
            "too."
        )


def way_over(address: str, digits: str, language: str) -> str:
    """Return the text that leads to the same conversation on the website."""
    with override(language):
        return _(
            "Go on at %(address)s with these 8 digits: %(digits)s. They work once, for 30 minutes. "
            "Whoever reads this text can use them."
        ) % {"address": address, "digits": digits}


def in_parts(words: str, most: int = MOST) -> list[str]:
    """Return a reply in pieces that a phone shows whole, numbered where there are several."""
    words = words.strip()
    if len(words) <= most:
        return [words]
    room, pieces, rest = most - len("99/99 "), [], words
    while rest:
        if len(rest) <= room:
            pieces.append(rest)
            break
        cut = max(rest.rfind(" ", 0, room + 1), rest.rfind("\n", 0, room + 1))
        cut = cut if cut > room // 2 else room
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [f"{number}/{len(pieces)} {piece}" for number, piece in enumerate(pieces, 1)]
