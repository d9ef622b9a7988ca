"""A page about somebody to whom one goes, where others are about a tip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from upstander.carriers.contract import Outgoing

#: By where its subject has its page: what it says of a tip, and what instead; the longer first.
_SAID: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    # A visit to a child in crisis.
    "callouts": (
        ("written in the tip", "written about the child"),
        ("A tip", "A visit"),
        (" tip ", " visit "),
        ("Un aviso", "Una visita"),
        ("el aviso", "la visita"),
        ("/tips/", "/callouts/"),
    ),
    # Whoever went to a child needs help, and pressed so that nobody hears it.
    "panic": (
        ("written in the tip", "written about the child"),
        ("A tip", "A silent alarm"),
        (" tip ", " silent alarm, visit "),
        ("Un aviso", "Una alarma silenciosa"),
        ("el aviso", "alarma silenciosa, visita"),
        ("/tips/", "/callouts/"),
    ),
    # Whoever kept the desk of mobile crisis goes to a child.
    "desk": (
        ("written in the tip", "written about the child"),
        ("A tip needs", "Nobody keeps the desk of mobile crisis. It needs"),
        (" tip ", " desk is empty, visit "),
        ("Un aviso necesita", "Nadie atiende la central. Se necesita"),
        ("el aviso", "la central está vacía, visita"),
        ("/tips/", "/callouts/"),
    ),
    # Going along with an advocate's client: a phone that lies about tells nothing of it.
    "helplines": (
        ("written in the tip", "written down"),
        ("A tip", "A request"),
        (" tip ", " request "),
        ("Un aviso", "Una solicitud"),
        ("el aviso", "la solicitud"),
        ("/tips/", "/accompaniments/"),
    ),
    # A colleague asks for somebody to take over what they have.
    "handovers": (
        ("written in the tip", "written down"),
        ("A tip", "A request"),
        (" tip ", " request "),
        ("Un aviso", "Una solicitud"),
        ("el aviso", "la solicitud"),
        ("/tips/", "/handovers/"),
    ),
}


def in_words_of(page: str, message: Outgoing) -> Outgoing:
    """Return a message in the words of its alert's page, with the link there; of a tip as it is."""
    title, short, long = message.title, message.short, message.long
    for tip, instead in _SAID.get(page, ()):
        title, short, long = (text.replace(tip, instead) for text in (title, short, long))
    return replace(message, title=title, short=short, long=long)
