"""Answers to those who hire: what the law lets one say of a person, and who asked, and why.

Only what the rule set names is told: allegations that are unproven as such, never one that was not
substantiated. The letter says on what it rests: the entries that its writer may open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import connection
from django.http import Http404

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.mandated.recipients import officers_of
from upstander.mandated.register.actions import RULES, open_all
from upstander.mandated.register.marks import marks_for
from upstander.mandated.register.models import Disclosure, Entry
from upstander.mandated.register.queries import answer_due, entries_marked
from upstander.mandated.register.reasons import Reason
from upstander.mandated.register.rule import register_rule, rule_as_it_stands
from upstander.mandated.register.rules import readers
from upstander.mandated.register.sealing import KIND, holders_of_readers
from upstander.mandated.words import pack, unpack
from upstander.mandated.written.layout import day_of, set_pdf
from upstander.places.folders import new_folder, open_folder
from upstander.places.models import District, Person, School
from upstander.places.scope import Viewer, viewing

PACKAGE = "upstander.mandated.register"
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


@dataclass(frozen=True, slots=True)
class Line:
    """One allegation as it may be told."""

    entry_id: UUID
    when: str
    kind: str
    outcome: str
    response: str
    #: The name in the entry: a person looks whether it is the one who is asked about.
    name: str = field(repr=False)


def look(viewer: Viewer, question: Question) -> list[Line]:
    """Return what may be told of a name; each opening is in the record. Outside ``viewing``.

    Raises Refused for a name of one word, and where it is that of somebody in the district's office
    whose entries the viewer may not judge.
    """
    marks = marks_for(question.district_id, name=question.name)
    if not marks:
        raise Refused("Write the whole name: a single one would find half a district.")
    rule = register_rule(RULES)
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
        found = [one for one in entries_marked(marks) if one.outcome in rule.told]
    words = open_all(viewer, found, Reason.HIRING)
    return [
        Line(
            entry_id=entry.pk,
            when=f"{entry.happened_on:%B %Y}",
            kind=entry.get_kind_display(),
            outcome=OUTCOMES[Entry.Outcome(entry.outcome)],
            response=words[entry.pk].get("told", ""),
            name=words[entry.pk].get("name", ""),
        )
        for entry in found
    ]


def answer(viewer: Viewer, question: Question, told: Sequence[UUID]) -> UUID:
    """Keep an answer with those of the found allegations that are about the person; its id.

    Raises Refused as ``look``, and for a question from tomorrow or without asker or reason.
    """
    if not (question.asker.strip() and question.reason.strip()):
        raise Refused("Say who asks, and on what ground: both are kept with the answer.")
    lines = [line for line in look(viewer, question) if line.entry_id in set(told)]
    disclosure_id = uuid4()
    with viewing(viewer) as now:
        if question.asked_on > now.date() + timedelta(days=1):
            raise Refused("That day lies in the future.")
        officers = officers_of(question.district_id)
        may = readers(officers, _accused_by_name(question))
        folder = new_folder(
            viewer,
            KIND,
            district_id=question.district_id,
            holders=holders_of_readers(question.district_id, None, officers, may),
        )
        words = {
            "name": question.name,
            "asker": question.asker,
            "reason": question.reason,
            "entries": " ".join(str(line.entry_id) for line in lines),
            "lines": "\n".join(
                f"{line.when}: {line.kind}. {line.outcome} {line.response}".strip()
                for line in lines
            ),
        }
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT api.keep_disclosure(p_id => %s, p_folder => %s, p_asked => %s, "
                "p_answer => %s, p_sealed => %s)",
                [
                    disclosure_id,
                    folder.id,
                    question.asked_on,
                    (Disclosure.Answer.TOLD if lines else Disclosure.Answer.NOTHING).value,
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
            detail={"told": len(lines)},
        )
    return disclosure_id


def letter(viewer: Viewer, disclosure_id: UUID) -> bytes:
    """Return an answer as a dated letter. Raises Http404, and as open_folder."""
    with viewing(viewer):
        row = Disclosure.objects.filter(pk=disclosure_id).first()
    if row is None:
        raise Http404
    folder = open_folder(viewer, row.folder_id, KIND, purpose=Reason.HIRING.value)
    words = unpack(folder.read("disclosure", row.pk, row.sealed))
    with viewing(viewer):
        rule = rule_as_it_stands(RULES)
        district = District.objects.get(pk=row.district_id)
        writer = Person.objects.get(pk=row.person_id)
    local = row.at.astimezone(ZoneInfo(district.time_zone))
    due = answer_due(row.asked_on, rule.answer_days)
    lines = words.get("lines", "").splitlines()
    data = {
        "title": "Answer to a request about a person who worked here",
        "day": day_of(local),
        "district": district.name,
        "date": f"{local:%-d %B %Y}",
        "to": words["asker"],
        "asked": f"Asked on {row.asked_on:%-d %B %Y}; to be answered by {due:%-d %B %Y}.",
        "about": f"About: {words['name']}",
        "reason": f"Ground of the request: {words['reason']}",
        "lead": "The register of this district holds, among what the law lets us tell:",
        "lines": lines or ["Nothing."],
        "rests": [
            "This rests on the entries of the register that its writer may open. Allegations that "
            "were not substantiated are not told, nor anything that happened elsewhere.",
            "“Unproven” means that nobody has found it to be true or untrue.",
            f"Ground for telling: {rule.told_source}"
            + (f", {rule.told_mark}." if rule.told_mark else "."),
        ],
        "signed": f"{writer.name}, for {district.name}",
        "footer": f"Answer {row.pk}",
    }
    return set_pdf("letter.typ", data, now=row.at, package=PACKAGE)


def _accused_by_name(question: Question) -> set[int]:
    """Return those in office who are called like the person who is asked about."""
    wanted = set(marks_for(question.district_id, name=question.name))
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
