"""What a school's team has before it when it calls 911: where, as far as it was told, and who did.

From the brief, which begins with the center's one source, and from what the reporter answered as
far as the team may read that. The school is never the place: a child may be at home, or upstairs
at a friend's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from upstander.emergency.queries import SeenByTeam
from upstander.emergency.sheet import BY_KEY, PLACE_NOT_KNOWN, WRITTEN_SINCE
from upstander.tips.models import Message, Note
from upstander.tips.opening import Contents
from upstander.triage.actions.handoff import NEXT_STEPS
from upstander.ui.moments import clock_words

#: How the line of a brief begins that says where (desk/one_source.py writes it so).
_WHERE: Final = f"{BY_KEY['street'].say.upper()}: "
_CALLED: Final = NEXT_STEPS["call_911"]


@dataclass(frozen=True, slots=True)
class Team911:
    """Where to send help, and which calls were made."""

    #: What was said of where it is, each as it was said; empty: nobody said.
    places: tuple[str, ...]
    #: Who called 911, and when, in the school's time ("911: by the crisis center, at 10:14 p.m.").
    calls: tuple[str, ...]
    #: That the reporter has written since, and it may say another place; empty: they have not.
    since: str
    #: Whether one of the calls was to somebody who sends help.
    called_911: bool


def team_911(contents: Contents, help_sent: SeenByTeam, zone: tzinfo) -> Team911:
    """Return what the team may know of the place, and the calls that were made."""
    told = told_of_place(contents)
    places = [
        f"Before that: {words}" if at else words
        for at, (_when, words) in enumerate(told)
        if not words.startswith(PLACE_NOT_KNOWN)
    ]
    if places and told[0][1].startswith(PLACE_NOT_KNOWN):
        places.insert(0, "PLACE NOT KNOWN any more")
    # What they may not read is not among the answers: the database gives none of it.
    answered = contents.answers.get("place", "").strip()
    if answered and not any(answered.casefold() in place.casefold() for place in places):
        places.append(f"{answered} (the reporter, not verified)")
    calls = [
        (at, f"{line}: by the crisis center, at {clock_words(at.astimezone(zone))}")
        for at, line, _asked in help_sent.calls
    ]
    own = [
        (note.at, f"911: by your team, at {clock_words(note.at.astimezone(zone))}")
        for note in contents.notes
        if note.kind == Note.Kind.NEXT_STEP and note.text.startswith(_CALLED)
    ]
    return Team911(
        tuple(places),
        tuple(words for _at, words in sorted(calls + own)),
        _wrote_since(contents, told),
        help_sent.called_911 or bool(own),
    )


def told_of_place(contents: Contents) -> list[tuple[datetime, str]]:
    """Return what the center told the team of the place since the last brief, newest first."""
    told: list[tuple[datetime, str]] = []
    for note in contents.notes:
        if note.kind not in (Note.Kind.BRIEF, Note.Kind.UPDATE):
            continue
        if note.kind == Note.Kind.BRIEF:
            told.clear()
        lines = note.text.splitlines()
        said = [line.removeprefix(_WHERE).strip() for line in lines if line.startswith(_WHERE)]
        told += [(note.at, words) for words in said]
    return told[::-1]


def _wrote_since(contents: Contents, told: Sequence[tuple[datetime, str]]) -> str:
    """Say that there are newer words, which the team may read; empty: there are none."""
    last = told[0][0] if told else datetime.min.replace(tzinfo=UTC)
    # What a reporter writes is kept to the second.
    newer = any(
        turn.at >= last.replace(microsecond=0)
        for turn in contents.turns
        if turn.author == Message.Author.REPORTER and turn.text.strip()
    )
    return f"{WRITTEN_SINCE}, or read it below" if newer else ""
