"""What a school's team has before it when it calls 911: where, as far as it was told, and who did.

From the brief, which begins with the center's one source, and from what the reporter answered as
far as the team may read that. The school is never the place: a child may be at home, or upstairs
at a friend's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from upstander.dispatch.queries import SeenByTeam
from upstander.dispatch.sheet import BY_KEY, PLACE_NOT_KNOWN, READ_FOR_PLACE
from upstander.tips.models import Note
from upstander.tips.opening import Contents
from upstander.triage.handoff import NEXT_STEPS

#: How the line of a brief begins that says where (desk/one_source.py writes it so).
_WHERE: Final = f"{BY_KEY['street'].say.upper()}: "
_CALLED: Final = NEXT_STEPS["call_911"]


@dataclass(frozen=True, slots=True)
class Team911:
    """Where to send help, and which calls were made."""

    #: What was said of where it is, each as it was said; empty: nobody said.
    places: tuple[str, ...]
    #: Who called 911, and when, in the school's time ("the crisis center, at 22:14").
    calls: tuple[str, ...]


def team_911(contents: Contents, help_sent: SeenByTeam, zone: tzinfo) -> Team911:
    """Return what the team may know of the place, and the calls that were made."""
    places: list[str] = []
    briefs = [note for note in contents.notes if note.kind == Note.Kind.BRIEF]
    if briefs:
        lines = briefs[-1].text.splitlines()
        said = [line.removeprefix(_WHERE).strip() for line in lines if line.startswith(_WHERE)]
        places += [
            words for words in said if not words.startswith((PLACE_NOT_KNOWN, READ_FOR_PLACE))
        ]
    # What they may not read is not among the answers: the database gives none of it.
    answered = contents.answers.get("place", "").strip()
    if answered and not any(answered.casefold() in place.casefold() for place in places):
        places.append(f"{answered} (the reporter, not verified)")
    calls = [
        (at, f"{line}: by the crisis center, at {at.astimezone(zone):%H:%M}")
        for at, line, _police in help_sent.calls
    ]
    calls += [
        (note.at, f"911: by your team, at {note.at.astimezone(zone):%H:%M}")
        for note in contents.notes
        if note.kind == Note.Kind.NEXT_STEP and note.text.startswith(_CALLED)
    ]
    return Team911(tuple(places), tuple(words for _at, words in sorted(calls)))
