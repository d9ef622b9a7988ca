"""What is known of suicide risk: what a student said when asked, and what others say, kept apart.

Pure functions. A level is suggested where a student was asked; what somebody else tells suggests
none, since an answer that was not given can't be scored. The level is a person's, with a reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.cases.actions.timeline import Entry
from upstander.cases.guides.loading import Instrument, Outcome, Question
from upstander.cases.guides.steps import Settled, check_settled, settled_from

KIND = "screening"
#: An answer that says neither yes nor no.
UNCLEAR = "unclear"
ANSWERS = ("yes", "no", UNCLEAR)


@dataclass(frozen=True, slots=True)
class Suggested:
    """A level that an instrument's rules suggest, why, and which questions weighed."""

    level: str
    because: str
    weighed: tuple[str, ...] = ()
    #: Of these, the ones that were left open and so count.
    open: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screening:
    """One time that a student was asked, or that somebody told of a student (``told``)."""

    id: UUID
    entry: Entry
    told: bool
    suggested: Suggested | None = None
    #: "" until a person has set it.
    level: str = ""
    why: str = ""
    settled: Settled | None = None
    set_by: Entry | None = None

    @property
    def waits(self) -> bool:
        """Whether no person has set its level yet."""
        return not self.level


def asked_questions(instrument: Instrument, answers: Mapping[str, str]) -> list[Question]:
    """Return the questions that had to be asked, going by the answers before each."""
    found: list[Question] = []
    for one in instrument.questions:
        earlier = answers.get(one.only_if, "") if one.only_if else "yes"
        # Answered although nothing led to it: heard all the same.
        if earlier != "no" or answers.get(one.key, "") in ("yes", UNCLEAR):
            found.append(one)
    return found


def suggest(instrument: Instrument, answers: Mapping[str, str]) -> Suggested:
    """Return the level that a student's answers suggest, with the reason.

    What was left open counts as the answer that weighs.
    """
    weighing = {
        one.key: answers.get(one.key, UNCLEAR) not in ("yes", "no")
        for one in asked_questions(instrument, answers)
        if answers.get(one.key, UNCLEAR) not in ("yes", "no") or answers.get(one.key) == one.worse
    }
    for rule in instrument.rules:
        hit = tuple(key for key in rule.any_of if key in weighing)
        if hit or not rule.any_of:
            left = tuple(key for key in hit if weighing[key])
            return Suggested(rule.level, rule.because, hit, left)
    raise ValueError(f"{instrument.key}: no rule holds")


def check_answers(instrument: Instrument, answers: Mapping[str, str]) -> None:
    """Raise Refused unless every question that had to be asked has an answer."""
    for one in asked_questions(instrument, answers):
        if answers.get(one.key) not in ANSWERS:
            raise Refused(
                gettext(
                    "Nothing was saved yet: a question has no answer. If the student didn’t say, "
                    "choose “Didn’t say.”"
                )
            )


def after(
    known: tuple[Screening, ...],
    entry: Entry,
    levels: Mapping[str, Outcome] | None,
) -> tuple[Screening, ...]:
    """Return the screenings after one more entry. Raises Refused, ValueError.

    Without ``levels`` the entry stands already and is told as it was kept.
    """
    said = entry.words
    match said.get("did", ""):
        case "asked":
            suggested = Suggested(
                said["suggested"],
                said.get("because", ""),
                _keys(said, "weighed"),
                _keys(said, "open"),
            )
            return (*known, Screening(entry.id, entry, told=False, suggested=suggested))
        case "told":
            return (*known, Screening(entry.id, entry, told=True))
        case "level":
            at = next((n for n, one in enumerate(known) if one.id == entry.about), None)
            if at is None:
                raise Refused(gettext("There is no such screening in this case."))
            key, why, settled = said.get("level", ""), said.get("why", ""), settled_from(said)
            if levels is not None:
                check_level(levels, key, why)
                check_settled(levels[key], settled)
            done = replace(known[at], level=key, why=why, settled=settled, set_by=entry)
            return (*known[:at], done, *known[at + 1 :])
        case _:
            raise ValueError("this is no entry of a screening")


def check_level(levels: Mapping[str, Outcome], level: str, why: str) -> None:
    """Raise Refused unless a level was chosen, with a reason."""
    if level not in levels:
        raise Refused(gettext("Choose a level."))
    if not why.strip():
        raise Refused(gettext("Say why you set this level."))


def screenings_of(entries: Iterable[Entry]) -> tuple[Screening, ...]:
    """Return the screenings that a case's entries tell, oldest first."""
    known: tuple[Screening, ...] = ()
    for one in entries:
        if one.kind != KIND:
            continue
        try:
            known = after(known, one, None)
        except (Refused, ValueError, KeyError):
            # An entry that doesn't open: shown as one without a level, never passed over.
            known = (*known, Screening(one.id, one, told=True))
    return known


def _keys(said: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(json.loads(said.get(name) or "[]"))
