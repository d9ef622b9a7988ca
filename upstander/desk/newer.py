"""What is known by now, and whoever was told of a tip was told otherwise: a team, or police.

A place that somebody writes down goes to them at once, as a dated update of their brief, unless it
may mean one of them: that is asked first. What else is newer waits for one press. ADR 168.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from upstander.desk.one_source import Facts
from upstander.emergency.actions.help import WORDS_LIMIT
from upstander.emergency.sheet import Said
from upstander.emergency.shown import BriefShown
from upstander.emergency.words import cut
from upstander.tips.models import Note, Tip
from upstander.tips.opening import Contents
from upstander.tips.states import TipState
from upstander.triage.shown import AssessmentShown, Judgement

#: Lines that police were told, in the order in which they are said.
_TOLD_POLICE = (
    "street",
    "entrance",
    "room",
    "what",
    "now",
    "subject",
    "weapons",
    "condition",
    "hazards",
)


@dataclass(frozen=True, slots=True)
class Behind:
    """Teams that have a tip by one hand-off, and the lines that are newer than what they know."""

    teams: str
    lines: tuple[Said, ...]


def teams_behind(
    facts: Facts, contents: Contents, tip: Tip, judgement: Judgement, *, anew: bool = False
) -> tuple[Behind, ...]:
    """Return which teams that have a tip were told older information, each by its own brief.

    A second hand-off tells the first team nothing. A line that was changed by hand in a brief is
    nobody's mistake: only what was said since. ``anew``: also where it says what they know.
    """
    if tip.state != TipState.HANDED_OFF:
        return ()
    standing = [one for one in judgement.handoffs if one.returned_at is None]
    # Handed to the same team twice: its last brief counts.
    last = {holder: one for one in standing for holder in one.holders}
    found = []
    for handoff in dict.fromkeys(last.values()):
        lines = _newer_than(handoff.at, facts, contents, anew=anew)
        if lines:
            names = [
                judgement.teams.get(holder, "") for holder, one in last.items() if one == handoff
            ]
            teams = ", ".join(filter(None, names)) or gettext("The school’s team")
            found.append(Behind(teams, lines))
    return tuple(found)


def lines_for(behind: Iterable[Behind]) -> tuple[Said, ...]:
    """Return what one press sends: each line that any of them was not told, once."""
    return tuple({line.key: line for one in behind for line in one.lines}.values())


def _newer_than(
    handed_at: datetime, facts: Facts, contents: Contents, *, anew: bool
) -> tuple[Said, ...]:
    # A hand-off and its brief have one time; an update goes to every hand-off that stands.
    text = _plain(
        "\n".join(
            one.text
            for one in contents.notes
            if (one.kind == Note.Kind.BRIEF and one.at == handed_at)
            or (one.kind == Note.Kind.UPDATE and one.at >= handed_at)
        )
    )
    # A reporter's times are whole seconds.
    since = handed_at.replace(microsecond=0)
    return tuple(
        line
        for line in facts.brief_lines
        if line.key in facts.newest
        and facts.newest[line.key] >= since
        and (anew or _plain(line.words) not in text)
    )


def newer_for_police(brief: BriefShown, facts: Facts) -> tuple[Said, ...]:
    """Return the lines of which police have an older word, where their brief still stands."""
    if not brief.open:
        return ()
    now = facts.lines_away
    changed = [key for key in _TOLD_POLICE if now.get(key, "") != brief.lines.get(key, "")]
    if brief.ticked != facts.around.ticked and "now" not in changed:
        changed.append("now")
    return tuple(facts.away.line(key) for key in changed)


def newer_than_judged(facts: Facts, assessment: AssessmentShown | None) -> tuple[Said, ...]:
    """Return the lines on which somebody has said something since the last assessment."""
    if assessment is None:
        return ()
    return tuple(
        line
        for line in facts.four
        if line.key in facts.newest
        and facts.newest[line.key] > assessment.at
        and not any(_plain(line.words) == _plain(words) for _label, words in assessment.facts)
    )


def as_text(lines: Iterable[Said]) -> str:
    """Return lines as a brief has them."""
    return "\n".join(f"{one.say.upper()}: {one.whole}" for one in lines)


def for_police(lines: Iterable[Said]) -> str:
    """Return what an update says above the lines themselves, which stand on its page."""
    said = "; ".join(f"{one.say}: {one.words}" for one in lines)
    return cut(gettext("Newer than what you were told. %(said)s") % {"said": said}, WORDS_LIMIT)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
