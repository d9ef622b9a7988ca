"""How a case ends: with an outcome, reviewed by a second person where life was in danger.

A closing is never edited; opening again keeps it. Follow-ups 7, 30 and 90 days later stay on the
lead's list whatever the ending was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import connection
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.base.refused import Refused
from upstander.carriers.notices import tell
from upstander.cases.actions.opening import KIND, OpenCase, locked, need_team, record_on
from upstander.cases.actions.support import add_follow_ups, still_open
from upstander.cases.actions.timeline import read_items, write_item
from upstander.cases.guides.entries_said import unfinished
from upstander.cases.models import Case, CaseAction, CaseClosing, CaseTip
from upstander.cases.people import near, seers
from upstander.cases.rights import CaseRight
from upstander.decisions.dispositions import CountsAs
from upstander.decisions.refusals import said_in_words
from upstander.people.permissions import GRANTED
from upstander.people.reading import need_opened
from upstander.people.roles import Role
from upstander.people.scope import viewing
from upstander.tips.actions.writing import notify
from upstander.tips.opening import UNREADABLE
from upstander.vault.errors import VaultError


class Outcome(NamedTuple):
    """One way in which a case ends."""

    label: Promise
    #: What it counts as in published figures.
    counts_as: CountsAs


OUTCOMES: dict[str, Outcome] = {
    "safe_supported": Outcome(_("Safe now, and supported"), CountsAs.SUPPORT),
    "services": Outcome(_("With a service outside that goes on"), CountsAs.SUPPORT),
    "plan_kept": Outcome(_("A plan is in place and is watched"), CountsAs.OTHER),
    "resolved": Outcome(_("Talked through and resolved"), CountsAs.OTHER),
    "protected": Outcome(_("Those who were threatened are protected"), CountsAs.OTHER),
    "discipline": Outcome(_("Ended with discipline, and support"), CountsAs.DISCIPLINE),
    "child_protection": Outcome(_("With child protection"), CountsAs.CHILD_PROTECTION),
    "not_accepted": Outcome(
        _("Reported to child protection; not accepted"), CountsAs.CHILD_PROTECTION
    ),
    "police": Outcome(_("With police or a court"), CountsAs.POLICE),
    "moved": Outcome(_("The student moved; the next school was told"), CountsAs.OTHER),
    "unfounded": Outcome(_("Nothing was found"), CountsAs.NOTHING),
    "other": Outcome(_("Something else"), CountsAs.OTHER),
}


@dataclass(frozen=True, slots=True)
class Ended:
    """One closing as pages show it; times are UTC."""

    closing: CaseClosing
    outcome: str

    @property
    def label(self) -> Promise | str:
        """How it ended."""
        known = OUTCOMES.get(self.closing.disposition)
        return known.label if known else self.closing.disposition


def close_case(opened: OpenCase, disposition: str, outcome: str) -> CaseClosing:
    """Close a case with how it ended and what came of it, or propose to where life was in danger.

    Nothing may be left on its list. Those of the team are told that one of them must review it.
    Raises Http404, Refused.
    """
    need_team(opened)
    if disposition not in OUTCOMES or not outcome.strip():
        raise Refused(gettext("Not closed. Choose how it ended, and say what the result was."))
    row = uuid4()
    with viewing(opened.viewer) as now:
        case = locked(opened)
        if case.state == Case.State.REVIEW:
            raise Refused(gettext("A second person has already been asked."))
        _need_nothing_left(opened)
        by_two = _of_life(case)
        with said_in_words():
            closing = CaseClosing.objects.create(
                id=row,
                case_id=case.pk,
                district_id=case.district_id,
                disposition=disposition,
                state=CaseClosing.State.WAITING if by_two else CaseClosing.State.STANDING,
                owner_id=case.owner_id,
                proposed_by=opened.viewer.person_id,
                at=now,
                sealed=opened.folder.seal("closing", row, outcome.strip()),
            )
        words = {"disposition": disposition, "outcome": outcome.strip()}
        if closing.state == CaseClosing.State.WAITING:
            case.state = Case.State.REVIEW
            _save_ending(case, "state")
            write_item(opened, "closing", words, now=now, about=row)
            may_review = [
                one for one in near(opened) if CaseRight.CLOSE_CASES in GRANTED[Role(one.role)]
            ]
            for one in seers(opened, may_review):
                if one.person_id not in (closing.owner_id, closing.proposed_by):
                    tell(one.person_id, "case_review", {"reference": case.reference})
        else:
            _close(opened, case, closing, now)
            write_item(opened, "closed", words, now=now, about=row)
    _notify_tips(opened)
    return closing


def _of_life(case: Case) -> bool:
    """Tell whether a life was in danger: by the case, or by a tip that became life safety since."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_of_life(%s)", [case.pk])
        row = cursor.fetchone()
    return bool(row and row[0])


def _need_nothing_left(opened: OpenCase) -> None:
    """Raise Refused while the list or a guide waits for something; the case's row is held."""
    if still_open(opened):
        raise Refused(
            gettext(
                "Not closed: something is still on the list. Mark each item as done or no longer "
                "needed."
            )
        )
    if waits := unfinished(read_items(opened)):
        raise Refused(waits)


def _save_ending(case: Case, *fields: str) -> None:
    """Write a state of a case in which nothing may be left; the database sees what we don't.

    The narrower part of a case is its lead's: whoever closes the case may not see what is still to
    be done there, nor who owes an answer or a report. Raises Refused.
    """
    with said_in_words():
        case.save(update_fields=fields)


def _close(opened: OpenCase, case: Case, closing: CaseClosing, now: datetime) -> None:
    case.state, case.disposition, case.closed_at = Case.State.CLOSED, closing.disposition, now
    _save_ending(case, "state", "disposition", "closed_at")
    add_follow_ups(opened, case, closing.pk, now)


def review_closing(opened: OpenCase, closing_id: UUID, *, agree: bool, words: str = "") -> None:
    """Agree to a closing, or send it back with a reason: never one's own, never of one's own case.

    What came onto the list since it was proposed is done first: nobody agrees past it. Raises
    Http404, Refused.
    """
    me = opened.viewer.person_id
    if not agree and not words.strip():
        raise Refused(gettext("Say what is still missing."))
    with viewing(opened.viewer) as now:
        case = locked(opened)
        closing = (
            CaseClosing.objects.select_for_update().filter(pk=closing_id, case_id=case.pk).first()
        )
        if closing is None:
            raise Http404
        if closing.state != CaseClosing.State.WAITING:
            raise Refused(gettext("This closing was already decided."))
        if me in (closing.proposed_by, closing.owner_id, case.owner_id):
            raise Refused(
                gettext(
                    "Someone else must review it: not the case lead, and not the person who asked."
                )
            )
        if agree:
            _need_nothing_left(opened)
            need_opened(KIND, case.pk, closing.at)
        closing.state = CaseClosing.State.STANDING if agree else CaseClosing.State.REFUSED
        closing.reviewed_by, closing.reviewed_at = me, now
        closing.save(update_fields=["state", "reviewed_by", "reviewed_at"])
        if agree:
            _close(opened, case, closing, now)
            said = {"disposition": closing.disposition, "words": words.strip()}
            write_item(opened, "closed", said, now=now, about=closing.pk)
        else:
            case.state = Case.State.OPEN
            case.save(update_fields=["state"])
            write_item(opened, "refused", {"words": words.strip()}, now=now, about=closing.pk)
        tell(case.owner_id, "case_reviewed", {"reference": case.reference})
    _notify_tips(opened)


def reopen_case(opened: OpenCase, why: str) -> None:
    """Open a closed case again; its closings stay, and their follow-ups give way to the work.

    Raises Http404, Refused.
    """
    need_team(opened)
    if not why.strip():
        raise Refused(gettext("Say briefly why you are reopening it."))
    with viewing(opened.viewer) as now:
        case = locked(opened, closed=True)
        if case.state != Case.State.CLOSED:
            raise Refused(gettext("It is already open."))
        CaseClosing.objects.filter(case_id=case.pk, state=CaseClosing.State.STANDING).update(
            state=CaseClosing.State.REOPENED, reopened_by=opened.viewer.person_id, reopened_at=now
        )
        case.state, case.disposition, case.closed_at = Case.State.OPEN, "", None
        case.save(update_fields=["state", "disposition", "closed_at"])
        ended = CaseAction.objects.filter(
            case_id=case.pk, closing_id__isnull=False, ended_at__isnull=True
        ).update(
            ended_at=now,
            ended_by=opened.viewer.person_id,
            ending=CaseAction.Ending.NOT_NEEDED,
            remind_at=None,
        )
        record_on(opened, "case: follow-ups end", count=ended)
        write_item(opened, "reopened", {"why": why.strip()}, now=now)
    _notify_tips(opened)


def endings(opened: OpenCase) -> list[Ended]:
    """Return a case's closings, oldest first; call inside ``viewing``. One query."""
    return [
        Ended(row, _outcome(opened, row))
        for row in CaseClosing.objects.filter(case_id=opened.case.pk).order_by("at", "pk")
    ]


def _outcome(opened: OpenCase, row: CaseClosing) -> str:
    try:
        return opened.folder.read("closing", row.pk, row.sealed)
    except VaultError:
        return UNREADABLE


def _notify_tips(opened: OpenCase) -> None:
    """Have open pages of the case's tips look again: their state in words has changed."""
    with viewing(opened.viewer):
        tips: Sequence[UUID] = list(
            CaseTip.objects.filter(case_id=opened.case.pk).values_list("tip_id", flat=True)
        )
    for tip in tips:
        notify(tip)
