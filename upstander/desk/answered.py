"""What a reporter ticked, in sentences that are read aloud; and what they answered after a note.

A dispatcher hears each by itself, without its question: "Who needs help? Me", read out by a
counselor, would make the counselor the one in danger.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import datetime
from typing import Final, NamedTuple

from upstander.emergency.sheet import LINE_LIMIT, Told
from upstander.emergency.words import cut
from upstander.tips.models import Tip
from upstander.tips.opening import Contents


class Says(NamedTuple):
    """What the answers to one question say on a line of the sheet, and which of them are grave."""

    line: str
    question: str
    words: Mapping[str, str]
    grave: frozenset[str] = frozenset()


_YES = frozenset({"yes"})
#: In the order in which they are read out.
SAYS: Final[tuple[Says, ...]] = (
    Says(
        "what",
        "who",
        {
            "me": "it is about the reporter themselves",
            "someone": "it is about somebody else, not the reporter",
            "group": "it is about a group or a school",
            "unsure": "the reporter is not sure who it is about",
        },
    ),
    Says(
        "what",
        "danger",
        {"yes": "asked in the call, the reporter says that somebody is in danger right now"},
        _YES,
    ),
    Says(
        "what",
        "who_hurt",
        {
            "one": "one person could get hurt",
            "many": "many people or a school could get hurt",
            "unknown": "the reporter does not know how many could get hurt",
        },
        frozenset({"many"}),
    ),
    Says(
        "what",
        "again",
        {
            "yes": "someone could be hurt again today or tomorrow",
            "no": "the reporter does not think that someone could be hurt again today or tomorrow",
            "unknown": "the reporter does not know whether someone could be hurt again soon",
        },
        _YES,
    ),
    Says(
        "condition",
        "awake",
        {
            "no": "the reporter says: not awake or not breathing well",
            "yes": "the reporter says: awake and breathing well",
            "unknown": "the reporter does not know whether they are awake and breathing well",
        },
        frozenset({"no", "unknown"}),
    ),
    Says(
        "condition",
        "hurt_today",
        {"yes": "the reporter says that they have hurt themselves today"},
        _YES,
    ),
    Says(
        "weapons",
        "means",
        {
            "yes": "the reporter says that they can get a gun, a knife, pills or something else "
            "that harms",
            "no": "the reporter says that they can get none",
        },
        _YES,
    ),
    Says("hazards", "fire", {"yes": "the reporter says that there is fire or smoke"}, _YES),
)
#: Who it is about, where the reporter asks for help for themselves.
THEMSELVES: Final = "the reporter themselves"
#: Lines that are the reporter's own words, by the question that asks for them.
_OWN: Final[Mapping[str, str]] = {"street": "place", "subject": "subject"}


def said_on(line: str, answers: Mapping[str, str]) -> list[str]:
    """Return the sentences of what was ticked for a line of the sheet."""
    found = (one.words.get(answers.get(one.question, "")) for one in SAYS if one.line == line)
    return [words for words in found if words]


def asked_on(line: str) -> list[str]:
    """Return the questions whose answers a line of the sheet says."""
    own = [_OWN[line]] if line in _OWN else []
    return [*own, *(one.question for one in SAYS if one.line == line)]


def add_newer(
    contents: Contents,
    tip: Tip,
    lines: MutableMapping[str, str],
    told: MutableMapping[str, Told],
) -> None:
    """Say what the reporter answered after a line was written down: a note is older than it.

    What is grave comes first. A place that they gave is never passed over, older or not: help that
    drives to one of two places must know of both.
    """
    for one in SAYS:
        answer = contents.answers.get(one.question, "")
        at = contents.answered.get(one.question, tip.received_at)
        if words := one.words.get(answer):
            _add(one.line, words, at, lines, told, grave=answer in one.grave)
    for line, question in _OWN.items():
        words = contents.answers.get(question, "").strip()
        at = contents.answered.get(question, tip.received_at)
        if words:
            _add(line, words, at, lines, told, always=line == "street")


def _add(
    line: str,
    words: str,
    at: datetime,
    lines: MutableMapping[str, str],
    told: MutableMapping[str, Told],
    *,
    grave: bool = False,
    always: bool = False,
) -> None:
    stands, since = lines.get(line, ""), told.get(line)
    newer = since is None or since.at < at
    # A judgement that is written down anew carries along what was judged before: what is grave
    # stands beside it. A line that somebody typed later is theirs, as they left it.
    beside = (always and stands) or (grave and since is not None and since.by == "assessed")
    if words.casefold() in stands.casefold() or not (newer or beside):
        return
    by = "reporter" if line in _OWN else "form"
    # Without who says it: that stands in "the reporter".
    plain = words.removeprefix("the reporter says: ").removeprefix("the reporter says that ")
    if not stands:
        # It was taken out, and they said it anew.
        lines[line], told[line] = cut(words[:1].upper() + words[1:]), Told(by, at)
    elif grave:
        first = "The reporter has since answered" if newer else "The reporter answered"
        then = "Before that" if newer else "A counselor noted"
        lines[line] = cut(f"{first}: {plain}. {then}: {stands}")
        told[line] = Told(by, at)
    else:
        wrote = "written" if line in _OWN else "answered"
        when = f"has since {wrote}" if newer else "wrote"
        tail = f". The reporter {when}: {words if line in _OWN else plain}"
        lines[line] = with_newer(stands, tail)


def with_newer(stands: str, tail: str) -> str:
    """Add to a line what is newer: neither is cut away by the other."""
    stands = stands.rstrip(".")
    return cut(stands, LINE_LIMIT - min(len(tail), LINE_LIMIT // 2)) + cut(tail, LINE_LIMIT // 2)
