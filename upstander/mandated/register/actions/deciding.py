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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.mandated.register.actions.disclosing import (
    LEFT_OUT,
    NOT_CLEAR,
    Question,
    found_now,
    is_clear,
    unsettled,
)
from upstander.mandated.register.models import Decision, Disclosure, Entry
from upstander.mandated.register.queries import answer_due
from upstander.mandated.register.rule import rule_in
from upstander.mandated.register.sealing import KIND
from upstander.mandated.words import pack, unpack
from upstander.mandated.written.layout import day_of, set_pdf
from upstander.matters.folders import OpenFolder, open_folder
from upstander.people.models import Person
from upstander.people.reading import need_opened
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District
from upstander.ui.times import day

PACKAGE: Final = "upstander.mandated.register"
#: What stands before that which is told, or before "Nothing."
LEAD: Final = gettext_lazy("The register of this district holds, among what the law lets us tell:")


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


def open_disclosure(
    viewer: Viewer, disclosure_id: UUID, *, purpose: str = "read"
) -> OpenDisclosure:
    """Open an answer, recorded; for a press, by its purpose. Raises Http404, and as open_folder."""
    with viewing(viewer):
        row = Disclosure.objects.select_related("decision").filter(pk=disclosure_id).first()
    if row is None:
        raise Http404
    folder = open_folder(viewer, row.folder_id, KIND, purpose=purpose)
    words = unpack(folder.read("disclosure", row.pk, row.sealed))
    return OpenDisclosure(row, getattr(row, "decision", None), folder, words)


def decide(opened: OpenDisclosure, *, agrees: bool, why: str) -> None:
    """Keep the second person's word on what an answer leaves out. One durable transaction.

    Raises Refused (one's own answer, decided already, nothing left out, no reason against it).
    """
    viewer, row = opened.folder.viewer, opened.row
    if row.person_id == viewer.person_id:
        raise Refused(_("You wrote this answer yourself: a second person decides."))
    if standing(row) != "waits":
        raise Refused(_("This has already been decided."))
    if not agrees and not why.strip():
        raise Refused(_("Say why not in a few words: the person who wrote it answers again."))
    decision_id = uuid4()
    sealed = opened.folder.seal("decision", decision_id, pack({"why": why.strip()}))
    with viewing(viewer):
        if agrees:
            need_opened(KIND, opened.folder.id, row.at)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT api.decide_disclosure(p_id => %s, p_disclosure => %s, "
                    "p_agrees => %s, p_sealed => %s)",
                    [decision_id, row.pk, agrees, sealed],
                )
        except DatabaseError as error:
            raise Refused(
                _("Someone else has decided it, or it is not yours to decide.")
            ) from error
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
    opened = open_disclosure(viewer, disclosure_id, purpose="letter")
    row, words = opened.row, opened.words
    if standing(row) == "waits":
        raise Refused(_("A second person must agree to what is left out before this is a letter."))
    if standing(row) == "refused":
        raise Refused(_("A second person did not agree to what is left out: answer again."))
    # As it was answered, and as it is today: a letter that goes out now must be true now.
    question = opened.question
    clear = not words.get("not_clear") and is_clear(viewer, question, unsettled(viewer, question))
    clears = clear and not row.left_out
    nothing = _("Nothing.") if clears else str(LEFT_OUT if clear else NOT_CLEAR)
    as_of: dict[str, int] = json.loads(words["as_of"])
    with viewing(viewer):
        now_found = {str(one.pk) for one in found_now(viewer, question)}
        changed = [
            one
            for one in Entry.objects.filter(pk__in=list(as_of))
            if one.change_number != as_of[str(one.pk)]
        ]
        if changed or now_found - set(as_of):
            raise Refused(
                _(
                    "Since it was written, something under this name was added to the "
                    "register or changed in it: answer again."
                )
            )
        rule = rule_in(row.district_id)
        district = District.objects.get(pk=row.district_id)
        writer = Person.objects.get(pk=row.person_id)
    local = row.at.astimezone(ZoneInfo(district.time_zone))
    due = answer_due(row.asked_on, rule)
    data = {
        "title": _("Answer to a request about a person who worked here"),
        "day": day_of(local),
        "district": district.name,
        "date": day(local),
        "to": words["asker"],
        "asked": _("Requested on %(day)s; answer due by %(due)s.")
        % {"day": day(row.asked_on), "due": day(due)},
        "about": _("About: %(name)s") % {"name": words["name"]},
        "reason": _("Ground of the request: %(reason)s") % {"reason": words["reason"]},
        # "The register holds: no answer" would be read as an answer.
        "lead": str(LEAD) if opened.told or clears else "",
        "lines": opened.told or [nothing],
        "rests": [
            _(
                "This rests on the entries of the register that its writer may open. Allegations "
                "that were not substantiated are not told, nor anything that happened elsewhere."
            ),
            _("“Unproven” means that nobody has found it to be true or untrue."),
            _("Ground for telling: %(ground)s.")
            % {"ground": ", ".join(filter(None, (rule.told_source, rule.told_mark)))},
        ],
        "signed": _("%(name)s, for %(district)s")
        % {"name": writer.name, "district": district.name},
        "footer": _("Answer %(number)s") % {"number": row.pk},
    }
    return set_pdf("letter.typ", data, now=row.at, package=PACKAGE)
