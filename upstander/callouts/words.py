"""What is sealed of a callout, as named words; and the fixed lists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

#: What is sealed and kept with the callout, in the order of the sheet.
SEALED: Final = (
    "where",
    "entrance",
    "child",
    "story",
    "who_with",
    "whose",
    "consent",
    "communicates",
    "phone",
)
#: What makes a visit dangerous: kept until it ends.
SAFETY: Final = ("weapon", "dog", "other")

#: Whose word it is that somebody goes; a minor's own only where a confirmed rule says so.
MINOR: Final = "minor"
CONSENTS: Final = (
    ("guardian", _("a parent or guardian agrees")),
    ("danger", _("danger now: no consent is needed first")),
)
#: What a step to go says where the worker took it: the family chose the time.
CHOSEN: Final = "chosen"

CANT: Final = (
    ("busy", _("I am with somebody")),
    ("far", _("I am too far away")),
    ("skill", _("language or skill: somebody else fits better")),
    ("safety", _("it is not safe alone")),
    ("other", _("another reason")),
)
#: Why somebody else is offered it than was suggested.
OTHERWISE: Final = (
    ("knows", _("they know the child or the place")),
    ("language", _("they speak the language")),
    ("near", _("they are nearer now")),
    ("rest", _("who was suggested needs a break")),
    ("told", _("agreed by phone")),
    ("another", _("another reason")),
)
#: The offer was the planner's.
SUGGESTED: Final = "suggested"
ROADS: Final = (
    ("snow", _("snow or ice")),
    ("water", _("flooding")),
    ("closed", _("a road is closed")),
    ("traffic", _("heavy traffic")),
)
OUTCOMES: Final = (
    ("stayed", _("stays where they are, with a safety plan")),
    ("family", _("goes with family or friends")),
    ("center", _("goes to a crisis center")),
    ("hospital", _("goes to a hospital")),
    ("phone", _("helped by phone, no visit needed")),
    ("refused", _("the family no longer wanted it")),
    ("not_found", _("nobody was found there")),
)
SEEN_TO: Final = (
    ("called", _("called: all is well")),
    ("second", _("a second person goes")),
    ("police", _("the supervisor decided to ask police")),
    ("no_police", _("the supervisor decided against police")),
)


def pack(words: Mapping[str, str]) -> str:
    """Return named words as one text to seal; empty ones are left out."""
    return json.dumps({name: text for name, text in words.items() if text}, ensure_ascii=False)


def unpack(text: str) -> dict[str, str]:
    """Return the words of ``pack``."""
    return {str(name): str(value) for name, value in json.loads(text).items()}
