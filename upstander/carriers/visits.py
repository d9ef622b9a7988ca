"""A page about a visit to a child in crisis, where others are about a tip."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from upstander.carriers.contract import Outgoing

#: What a page says of a tip, and what of a visit; the longer first.
_SAID: Final = (
    ("written in the tip", "written about the child"),
    ("A tip", "A visit"),
    (" tip ", " visit "),
    ("Un aviso", "Una visita"),
    ("el aviso", "la visita"),
    ("/tips/", "/callouts/"),
)


def about_a_visit(message: Outgoing) -> Outgoing:
    """Return a page's message in the words for a visit, with the link to its page."""
    title, short, long = message.title, message.short, message.long
    for tip, visit in _SAID:
        title, short, long = (text.replace(tip, visit) for text in (title, short, long))
    return replace(message, title=title, short=short, long=long)
