"""What is sealed of a client and of going along, as named words; and the fixed lists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from upstander.base.languages import BY_CODE, language_of

#: What makes contact safe: all three by their own word, or nobody gets in touch.
CONTACT: Final = ("channel", "hours", "words")
WHOSE: Final = (
    ("self", _("for themselves")),
    ("loved", _("because somebody they love was hurt")),
)
CHANNELS: Final = (
    ("call", _("a call")),
    ("text", _("a text")),
    ("email", _("an email")),
)
PLACES: Final = (
    ("hospital", _("hospital")),
    ("court", _("court")),
    ("police", _("police station")),
    ("other", _("another place")),
)
#: With whom an advocate works there: each by the client's own yes.
JOINT: Final = (
    ("hospital", _("with the hospital’s staff")),
    ("court", _("with the court")),
    ("officer", _("with an officer")),
)
#: The same, as those who are told.
PARTNERS: Final = (
    ("hospital", _("the hospital’s staff")),
    ("court", _("the court")),
    ("officer", _("an officer")),
)


def languages() -> list[tuple[str, str]]:
    """Return the languages that are offered, each with its name in the reader's."""
    return [(code, language_name(code)) for code in BY_CODE]


def language_name(code: str) -> str:
    """Return a language's name in the reader's language; the desk's catalog holds them."""
    return translation.gettext(language_of(code).english)


def reach(words: Mapping[str, str]) -> str:
    """Return by which way a client may be reached; "": by none, as all three were not named."""
    named = all(words.get(name) for name in CONTACT)
    return str(dict(CHANNELS).get(words["channel"], "")) if named else ""


def pack(words: Mapping[str, str]) -> str:
    """Return named words as one text to seal; empty ones are left out."""
    return json.dumps({name: text for name, text in words.items() if text}, ensure_ascii=False)


def unpack(text: str) -> dict[str, str]:
    """Return the words of ``pack``."""
    return {str(name): str(value) for name, value in json.loads(text).items()}
