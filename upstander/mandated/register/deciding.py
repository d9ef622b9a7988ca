"""What becomes of an answer to somebody who hires: a second person's word, then its letter.

One that leaves out what was found is no letter until a second person of the office has agreed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import DatabaseError, connection, transaction
from django.http import Http404

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.mandated.register.actions import RULES
from upstander.mandated.register.disclosing import (
    NOT_CLEAR,
    Question,
    found_now,
    is_clear,
    unsettled,
)
from upstander.mandated.register.models import Decision, Disclosure, Entry
from upstander.mandated.register.queries import answer_due
from upstander.mandated.register.reasons import Reason
from upstander.mandated.register.rule import rule_as_it_stands
from upstander.mandated.register.sealing import KIND
from upstander.mandated.words import pack, unpack
from upstander.mandated.written.layout import day_of, set_pdf
from upstander.places.folders import OpenFolder, open_folder
from upstander.places.models import District, Person
from upstander.places.scope import Viewer, viewing

PACKAGE: Final = "upstander.mandated.register"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry that was found and is not told, and why."""

    name: str = field(repr=False)
    line: str
    why: str


@dataclass(frozen=True, slots=True)
class OpenDisclosure:
    """An answer that somebody has opened."""

    row: Disclosure
    #: The second person's word; None: not decided, or none was needed.
    decision: Decision | None
    folder: OpenFolder = field(repr=False)
    words: Mapping[str, str] = field(repr=False)

    @property
    def left_out(self) -> list[LeftOut]:
        """What was found and is not told."""
        found = json.loads(self.words.get("left_out", "[]"))
        return [LeftOut(one["name"], one["line"], one["why"]) for one in found]

    @property
    def told(self) -> list[str]:
        """What is told, a line each."""
        return self.words.get("lines", "").splitlines()

    @property
    def why_decided(self) -> str:
        """What the second person wrote."""
        if self.decision is None:
            return ""
        kept = self.folder.read("decision", self.decision.pk, self.decision.sealed)
        return unpack(kept).get("why", "")

    @property
    def question(self) -> Question:
        """What was asked."""
        words = self.words
        return Question(
            self.row.district_id,
            words["name"],
            words["asker"],
            words["reason"],
            self.row.asked_on,
            int(words["school"]) if words.get("school") else None,
            date.fromisoformat(words["from"]) if words.get("from") else None,
            date.fromisoformat(words["until"]) if words.get("until") else None,
            words.get("others", ""),
        )


def standing(row: Disclosure) -> str:
    """Say how an answer stands: "stands", "waits" for a second person, or "refused" by them."""
    if not row.left_out:
        return "stands"
    decision: Decision | None = getattr(row, "decision", None)
    if decision is None:
        return "waits"
    return "stands" if decision.agrees else "refused"


def open_disclosure(viewer: Viewer, disclosure_id: UUID) -> OpenDisclosure:
    """Open an answer, recorded. Raises Http404, and as open_folder."""
    with viewing(viewer):
        row = Disclosure.objects.select_related("decision").filter(pk=disclosure_id).first()
    if row is None:
        raise Http404
    folder = open_folder(viewer, row.folder_id, KIND, purpose=Reason.HIRING.value)
    words = unpack(folder.read("disclosure", row.pk, row.sealed))
    return OpenDisclosure(row, getattr(row, "decision", None), folder, words)


def decide(opened: OpenDisclosure, *, agrees: bool, why: str) -> None:
    """Keep the second person's word on what an answer leaves out. One durable transaction.

    Raises Refused (one's own answer, decided already, nothing left out, no reason against it).
    """
    viewer, row = opened.folder.viewer, opened.row
    if row.person_id == viewer.person_id:
        raise Refused("You wrote this answer yourself: a second person decides.")
    if standing(row) != "waits":
        raise Refused("This is decided already.")
    if not agrees and not why.strip():
        raise Refused("Say why not, in a few words: whoever wrote it answers anew.")
    decision_id = uuid4()
    sealed = opened.folder.seal("decision", decision_id, pack({"why": why.strip()}))
    with viewing(viewer):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT api.decide_disclosure(p_id => %s, p_disclosure => %s, "
                    "p_agrees => %s, p_sealed => %s)",
                    [decision_id, row.pk, agrees, sealed],
                )
        except DatabaseError as error:
            raise Refused("Somebody else has decided it, or it is not yours to decide.") from error
        record(
            "hiring answer agreed" if agrees else "hiring answer not agreed",
            actor=viewer,
            subject_kind=KIND,
            subject_id=opened.folder.id,
            district_id=row.district_id,
            matter_id=opened.folder.matter_id,
            detail={"left_out": row.left_out},
        )


def letter(viewer: Viewer, disclosure_id: UUID) -> bytes:
    """Return an answer as a dated letter.

    Raises Refused (a second person hasn't agreed to what is left out, or something about this name
    came since), Http404, and as open_folder.
    """
    opened = open_disclosure(viewer, disclosure_id)
    row, words = opened.row, opened.words
    if standing(row) == "waits":
        raise Refused("A second person must agree to what is left out before this is a letter.")
    if standing(row) == "refused":
        raise Refused("A second person did not agree to what is left out: answer anew.")
    # As it was answered, and as it is today: a letter that goes out now must be true now.
    question = opened.question
    clear = not words.get("not_clear") and is_clear(viewer, question, unsettled(viewer, question))
    as_of: dict[str, int] = json.loads(words["as_of"])
    with viewing(viewer):
        now_found = {str(one.pk) for one in found_now(opened.question)}
        changed = [
            one
            for one in Entry.objects.filter(pk__in=list(as_of))
            if one.change_number != as_of[str(one.pk)]
        ]
        if changed or now_found - set(as_of):
            raise Refused(
                "Since it was written something under this name came into the register or changed "
                "in it: answer anew."
            )
        rule = rule_as_it_stands(RULES)
        district = District.objects.get(pk=row.district_id)
        writer = Person.objects.get(pk=row.person_id)
    local = row.at.astimezone(ZoneInfo(district.time_zone))
    due = answer_due(row.asked_on, rule.answer_days)
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
        "lines": opened.told or ["Nothing." if clear else NOT_CLEAR],
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
