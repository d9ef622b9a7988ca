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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.carriers.notices import tell
from upstander.mandated.naming import accounts_named
from upstander.mandated.recipients import officers_of
from upstander.mandated.register.actions.entries import open_all
from upstander.mandated.register.alike import is_alike
from upstander.mandated.register.blind_indexes import (
    indexes_for,
    indexes_of_others,
    is_whole_name,
    split_names,
)
from upstander.mandated.register.models import Disclosure, Entry
from upstander.mandated.register.queries import (
    Asked,
    entries_found,
    entries_there,
    unsettled_entries,
)
from upstander.mandated.register.reasons import Reason
from upstander.mandated.register.rule import rule_in
from upstander.mandated.register.rules import readers
from upstander.mandated.register.sealing import KIND, holders_of_readers, words_of
from upstander.mandated.words import pack
from upstander.matters.folders import FolderShut, folder_for, new_folder, open_here
from upstander.matters.people_near import people_near
from upstander.people.keys import NotAMember
from upstander.people.models import Person
from upstander.people.scope import Viewer, viewing
from upstander.places.models import School
from upstander.ui.times import month

#: What a letter says where nothing is told, and somebody's name is still missing somewhere. The
#: page on which it is written says the same. It has no word that a hurried reader takes for clear.
NOT_CLEAR: Final = gettext_lazy(
    "No answer can be given yet: of that place and time there are allegations whose person is not "
    "known yet to this register, or on which someone still decides. This letter clears nobody. "
    "Ask this district again in a week, and once more before anyone is hired."
)
#: What a letter says that tells nothing because two left out what was found.
LEFT_OUT: Final = gettext_lazy(
    "No finding is given. Under this name, or one spelled like it, this register holds what two "
    "people of this office looked at and left out of this letter. This letter clears nobody: ask "
    "this district before anyone is hired."
)
#: What is told of an outcome, in the letter's words.
OUTCOMES = {
    Entry.Outcome.UNPROVEN: gettext_lazy(
        "An allegation was made; no outcome is known. It is unproven."
    ),
    Entry.Outcome.SUBSTANTIATED: gettext_lazy("An allegation was substantiated."),
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
class Allegation:
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
    #: Whether its name is only spelled like one that is asked about.
    alike: bool = False

    @property
    def told(self) -> str:
        """The line as a letter tells it."""
        return f"{self.when}: {self.kind}. {self.outcome} {self.response}".strip()


def look(viewer: Viewer, question: Question) -> list[Allegation]:
    """Return what may be told of a name; each opening is in the record. Outside ``viewing``.

    Raises Refused for a name of one word, and where it is that of somebody in the district's office
    whose entries the viewer may not judge.
    """
    if not is_whole_name(question.name):
        raise Refused(
            _(
                "Enter the full name, first and last: with less, the person would be found "
                "only by chance."
            )
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
        found = found_now(viewer, question)
    words = open_all(viewer, list(found), Reason.HIRING)
    return [
        Allegation(
            entry_id=entry.pk,
            when=month(entry.happened_on),
            kind=str(entry.get_kind_display()),
            outcome=str(OUTCOMES[Entry.Outcome(entry.outcome)]),
            response=words[entry.pk].get("told", ""),
            change_number=entry.change_number,
            name=words[entry.pk].get("name", ""),
            alike=alike,
        )
        for entry, alike in found.items()
    ]


def indexes_asked(question: Question) -> dict[bytes, int]:
    """Return the blind indexes of whoever is asked about, by all names that they have or had.

    With those of a colleague's account that has or had one of them, and of its other names: who was
    called otherwise since is found. Call inside ``viewing``.
    """
    near = people_near(question.district_id)
    accounts = {person for name in _names_asked(question) for person in accounts_named(name, near)}
    known = [name for one in near if one.person_id in accounts for name in (one.name, *one.also)]
    names = "\n".join([question.others, *(name for name in known if "@" not in name)])
    found = indexes_for(question.district_id, name=question.name)
    found |= indexes_of_others(question.district_id, names)
    for person in accounts:
        found |= indexes_for(question.district_id, person_id=person)
    return found


def found_now(viewer: Viewer, question: Question) -> dict[Entry, bool]:
    """Return the entries that may be told, each with whether its name is only spelled alike.

    Those of that place and time alone are compared by spelling: their names are opened for it, by
    whoever has recorded the search. Call inside ``viewing``. Raises Refused where one doesn't open.
    """
    outcomes, asked = rule_in(question.district_id).told, _asked(question)
    found = [one for one in entries_found(asked.blind_indexes) if one.outcome in outcomes]
    exact = {one.pk for one in found}
    names = _names_asked(question)
    others = [one for one in entries_there(asked, outcomes) if one.pk not in exact]
    alike = [
        one
        for one in others
        if any(is_alike(name, written) for written in _written(viewer, one) for name in names)
    ]
    return dict.fromkeys(found, False) | dict.fromkeys(alike, True)


def _names_asked(question: Question) -> list[str]:
    return [question.name, *split_names(question.others)]


def _written(viewer: Viewer, entry: Entry) -> list[str]:
    try:
        words = words_of(open_here(viewer, folder_for(entry.folder_id, KIND)), entry)
    except (FolderShut, NotAMember) as error:
        raise Refused(
            _(
                "An entry for that place and time doesn’t open for you, so you can’t tell whether "
                "it is about this person. Someone else in the office must answer."
            )
        ) from error
    names = [words.get("name", ""), *split_names(words.get("others", ""))]
    return [name for name in names if is_whole_name(name)]


def _asked(question: Question) -> Asked:
    return Asked(
        question.district_id,
        list(indexes_asked(question)),
        question.school_id,
        question.worked_from,
        question.worked_until,
    )


def unsettled(viewer: Viewer, question: Question) -> list[Entry]:
    """Return entries that leave open whether this person is clear (``unsettled_entries``).

    While there are any, no letter says that there is nothing. Call outside ``viewing``.
    """
    with viewing(viewer) as now:
        return unsettled_entries(_asked(question), rule_in(question.district_id).told, now)


def is_clear(viewer: Viewer, question: Question, entries: Sequence[Entry]) -> bool:
    """Tell whether a letter that tells nothing may say so; ``entries`` are those ``unsettled``.

    Nor may it while a report of that place and time names somebody of staff whom the register
    doesn't have yet (``mandated/actions/unfiled.py``): the database says that there is one.
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
        raise Refused(_("Say who is asking and on what basis: both are kept with the answer."))
    reasons = {key: why.strip() for key, why in (left_out or {}).items()}
    found = look(viewer, question)
    lines = [line for line in found if line.entry_id in set(told)]
    omitted = [line for line in found if line.entry_id not in set(told)]
    if any(not reasons.get(line.entry_id) for line in omitted):
        raise Refused(
            _(
                "Each entry found must be disclosed, or left out with a reason. Nothing has "
                "been saved yet; what you wrote is below."
            )
        )
    open_still = unsettled(viewer, question)
    clear = is_clear(viewer, question, open_still)
    nothing = Disclosure.Answer.NOTHING if clear and not omitted else Disclosure.Answer.UNCLEAR
    kept_as = Disclosure.Answer.TOLD if lines else nothing
    disclosure_id = uuid4()
    with viewing(viewer) as now:
        if question.asked_on > now.date() + timedelta(days=1):
            raise Refused(_("That date is in the future."))
        officers = officers_of(question.district_id)
        may = readers(officers, _accused_by_name(question))
        second = [person for person in may if person != viewer.person_id]
        if omitted and not second:
            raise Refused(
                _(
                    "No one else in the district’s office could agree as the second person, "
                    "so nothing that was found can be left out. Disclose it, or have a seat "
                    "in the office filled."
                )
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
                    kept_as.value,
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
    """Return those in office who are called like the person who is asked about, or nearly so."""
    wanted, names = set(indexes_asked(question)), _names_asked(question)
    people = {one.person_id for one in officers_of(question.district_id)}
    return {
        row.pk
        for row in Person.objects.filter(pk__in=people)
        if wanted & set(indexes_for(question.district_id, name=row.name))
        or (is_whole_name(row.name) and any(is_alike(name, row.name) for name in names))
    }


def _may_answer(viewer: Viewer, question: Question) -> None:
    officers = officers_of(question.district_id)
    if viewer.person_id not in readers(officers, _accused_by_name(question)):
        raise Refused(_("Someone else in the office must answer this: ask the board chair."))


def schools_of(district_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Return the schools of districts, by name; call inside ``viewing``."""
    rows = School.objects.filter(district_id__in=district_ids).order_by("name")
    return list(rows.values_list("pk", "name"))
