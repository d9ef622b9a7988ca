"""Answers to those who hire: what the law lets one say of a person, and who asked, and why.

Only what the rule set names is told: allegations that are unproven as such, never one that was not
substantiated. The letter says on what it rests: the entries that its writer may open.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import connection

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.carriers.notices import tell
from upstander.mandated.recipients import officers_of
from upstander.mandated.register.actions import RULES, open_all
from upstander.mandated.register.marks import is_whole_name, marks_for, marks_of_others
from upstander.mandated.register.models import Disclosure, Entry
from upstander.mandated.register.queries import Asked, entries_marked, unsettled_entries
from upstander.mandated.register.reasons import Reason
from upstander.mandated.register.rule import register_rule
from upstander.mandated.register.rules import readers
from upstander.mandated.register.sealing import KIND, holders_of_readers
from upstander.mandated.words import pack
from upstander.places.folders import new_folder
from upstander.places.models import Person, School
from upstander.places.scope import Viewer, viewing

#: What a letter says where nothing is told, and somebody's name is still missing somewhere. The
#: page on which it is written says the same.
NOT_CLEAR: Final = (
    "Nothing under this name. This is no finding that there is nothing: of that place and time "
    "there are allegations whose person is not known yet to this register, or on which somebody "
    "still decides."
)
#: What is told of an outcome, in the letter's words.
OUTCOMES = {
    Entry.Outcome.UNPROVEN: "An allegation was made; no outcome is known. It is unproven.",
    Entry.Outcome.SUBSTANTIATED: "An allegation was substantiated.",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody who hires asks, and on what ground they may."""

    district_id: int
    name: str
    asker: str
    reason: str
    asked_on: date
    #: Where and from when to when they worked here; None: not known, so it may be anywhere, ever.
    school_id: int | None = None
    worked_from: date | None = None
    worked_until: date | None = None
    #: Other names that they have or had, a line or a comma apart.
    others: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One allegation as it may be told."""

    entry_id: UUID
    when: str
    kind: str
    outcome: str
    response: str
    #: The last change of the entry: after another the letter is no longer true.
    change_number: int
    #: The name in the entry: a person looks whether it is the one who is asked about.
    name: str = field(repr=False)

    @property
    def told(self) -> str:
        """The line as a letter tells it."""
        return f"{self.when}: {self.kind}. {self.outcome} {self.response}".strip()


def look(viewer: Viewer, question: Question) -> list[Line]:
    """Return what may be told of a name; each opening is in the record. Outside ``viewing``.

    Raises Refused for a name of one word, and where it is that of somebody in the district's office
    whose entries the viewer may not judge.
    """
    if not is_whole_name(question.name):
        raise Refused(
            "Write the whole name, a given name and a surname: with less, whoever it is about "
            "would be found by chance only."
        )
    with viewing(viewer):
        _may_answer(viewer, question)
        record(
            "register searched",
            actor=viewer,
            subject_kind="register search",
            subject_id=question.district_id,
            district_id=question.district_id,
            detail={"purpose": Reason.HIRING.value},
        )
        found = found_now(question)
    words = open_all(viewer, found, Reason.HIRING)
    return [
        Line(
            entry_id=entry.pk,
            when=f"{entry.happened_on:%B %Y}",
            kind=entry.get_kind_display(),
            outcome=OUTCOMES[Entry.Outcome(entry.outcome)],
            response=words[entry.pk].get("told", ""),
            change_number=entry.change_number,
            name=words[entry.pk].get("name", ""),
        )
        for entry in found
    ]


def marks_asked(question: Question) -> dict[bytes, int]:
    """Return the marks of whoever is asked about, by all names that they have or had."""
    return marks_for(question.district_id, name=question.name) | marks_of_others(
        question.district_id, question.others
    )


def found_now(question: Question) -> list[Entry]:
    """Return the entries under a name that may be told; call inside ``viewing``."""
    told = register_rule(RULES).told
    return [one for one in entries_marked(marks_asked(question)) if one.outcome in told]


def unsettled(viewer: Viewer, question: Question) -> list[Entry]:
    """Return entries that leave open whether this person is clear (``unsettled_entries``).

    While there are any, no letter says that there is nothing. Call outside ``viewing``.
    """
    asked = Asked(
        question.district_id,
        list(marks_asked(question)),
        question.school_id,
        question.worked_from,
        question.worked_until,
    )
    with viewing(viewer) as now:
        return unsettled_entries(asked, register_rule(RULES).told, now)


def is_clear(viewer: Viewer, question: Question, entries: Sequence[Entry]) -> bool:
    """Tell whether a letter that tells nothing may say so; ``entries`` are those ``unsettled``.

    Nor may it while a report of that place and time names somebody of staff whom the register
    doesn't have yet (``mandated/unfiled.py``): the database says that there is one, and no more.
    Call outside ``viewing``.
    """
    with viewing(viewer), connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.allegations_wait(p_district => %s, p_school => %s, p_last => %s)",
            [question.district_id, question.school_id, question.worked_until],
        )
        return not entries and cursor.fetchone() == (False,)


def answer(
    viewer: Viewer,
    question: Question,
    told: Sequence[UUID],
    left_out: Mapping[UUID, str] | None = None,
) -> UUID:
    """Keep an answer: each entry that was found is told, or left out with a reason; its id.

    What is left out waits for a second person of the office, who is told (``deciding.py``). What
    was found, told and left out, and why, is kept with it. Raises Refused as ``look``, for a
    question from tomorrow or without asker or reason, and for an entry that is neither.
    """
    if not (question.asker.strip() and question.reason.strip()):
        raise Refused("Say who asks, and on what ground: both are kept with the answer.")
    reasons = {key: why.strip() for key, why in (left_out or {}).items()}
    found = look(viewer, question)
    lines = [line for line in found if line.entry_id in set(told)]
    omitted = [line for line in found if line.entry_id not in set(told)]
    if any(not reasons.get(line.entry_id) for line in omitted):
        raise Refused(
            "Each entry that was found is told, or left out with a reason. Nothing was kept yet; "
            "what you wrote stands below."
        )
    open_still = unsettled(viewer, question)
    clear = is_clear(viewer, question, open_still)
    disclosure_id = uuid4()
    with viewing(viewer) as now:
        if question.asked_on > now.date() + timedelta(days=1):
            raise Refused("That day lies in the future.")
        officers = officers_of(question.district_id)
        may = readers(officers, _accused_by_name(question))
        second = [person for person in may if person != viewer.person_id]
        if omitted and not second:
            raise Refused(
                "Nobody else of the district’s office could agree as the second person, so nothing "
                "that was found can be left out. Tell it, or have a seat of the office filled."
            )
        folder = new_folder(
            viewer,
            KIND,
            district_id=question.district_id,
            holders=holders_of_readers(question.district_id, None, officers, may),
        )
        words = {
            "name": question.name,
            "others": question.others.strip(),
            "asker": question.asker,
            "reason": question.reason,
            "entries": " ".join(str(line.entry_id) for line in lines),
            "lines": "\n".join(line.told for line in lines),
            "found": " ".join(str(line.entry_id) for line in found),
            "as_of": json.dumps({str(line.entry_id): line.change_number for line in found}),
            "left_out": json.dumps(
                [
                    {
                        "entry": str(line.entry_id),
                        "name": line.name,
                        "line": line.told,
                        "why": reasons[line.entry_id],
                    }
                    for line in omitted
                ]
            ),
            "unnamed": " ".join(str(entry.pk) for entry in open_still),
            "not_clear": "" if clear else "yes",
            "school": str(question.school_id or ""),
            "from": question.worked_from.isoformat() if question.worked_from else "",
            "until": question.worked_until.isoformat() if question.worked_until else "",
        }
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT api.keep_disclosure(p_id => %s, p_folder => %s, p_asked => %s, "
                "p_answer => %s, p_left_out => %s::smallint, p_sealed => %s)",
                [
                    disclosure_id,
                    folder.id,
                    question.asked_on,
                    (Disclosure.Answer.TOLD if lines else Disclosure.Answer.NOTHING).value,
                    len(omitted),
                    folder.seal("disclosure", disclosure_id, pack(words)),
                ],
            )
        record(
            "hiring question answered",
            actor=viewer,
            subject_kind=KIND,
            subject_id=folder.id,
            district_id=question.district_id,
            matter_id=folder.matter_id,
            detail={
                "found": len(found),
                "told": len(lines),
                "left_out": len(omitted),
                "unnamed": len(open_still),
            },
        )
        if omitted:
            for person in second:
                tell(person, "disclosure_second")
    return disclosure_id


def _accused_by_name(question: Question) -> set[int]:
    """Return those in office who are called like the person who is asked about."""
    wanted = set(marks_asked(question))
    people = {one.person_id for one in officers_of(question.district_id)}
    return {
        row.pk
        for row in Person.objects.filter(pk__in=people)
        if wanted & set(marks_for(question.district_id, name=row.name))
    }


def _may_answer(viewer: Viewer, question: Question) -> None:
    officers = officers_of(question.district_id)
    if viewer.person_id not in readers(officers, _accused_by_name(question)):
        raise Refused("Somebody else of the office must answer this: ask the chair of the board.")


def schools_of(district_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Return the schools of districts, by name; call inside ``viewing``."""
    rows = School.objects.filter(district_id__in=district_ids).order_by("name")
    return list(rows.values_list("pk", "name"))
