"""What the law waits for somebody to do: a line of their home page each."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from upstander.mandated.actions import for_file
from upstander.mandated.actions.confirming import unconfirmed
from upstander.mandated.actions.consults import consults_of
from upstander.mandated.actions.wide import waiting_exclusions
from upstander.mandated.away import asked_of
from upstander.mandated.leaving.queries import leavers
from upstander.mandated.ledger import open_duties
from upstander.mandated.models import Consult
from upstander.mandated.queries import own_duties
from upstander.mandated.rights import DutyRight
from upstander.people.permissions import Permission, may
from upstander.people.scope import Viewer
from upstander.places.law import law_of
from upstander.plug import ToDo

#: For so long somebody's day names what they asked themselves and did not report.
SHOWN_DAYS = 30


def _due_of(one: Consult) -> datetime | None:
    """Return when a report would be due whose reason arose as somebody wrote it down (UTC).

    None: the State counts days, or names none.
    """
    soon = law_of(one.district_id).duties.phoned_first
    return one.asked_at + soon.hours if soon.unit == "hours" else None


def to_do(viewer: Viewer, now: datetime) -> list[ToDo]:
    """Return own reports and answers, and what is asked of an office; call inside ``viewing``."""
    found: list[ToDo] = []
    if may(viewer, Permission.SUSPECT):
        found += [
            ToDo(capfirst(row.standing), f"/duties/{row.duty.pk}", due, due <= now)
            for row in own_duties(viewer, now)
            if (due := row.clock.next_due) is not None
        ]
        found += [
            ToDo(
                gettext("Your own report is not made yet: read what you wrote"),
                f"/consults/{one.pk}",
                _due_of(one),
            )
            for one in consults_of(viewer)
            if one.duty_id is None and one.asked_at > now - timedelta(days=SHOWN_DAYS)
        ]
        found += [
            ToDo(
                gettext("Say whether you suspect abuse: %(tip)s") % {"tip": one.reference},
                one.href,
                one.asked_at,
                late=True,
            )
            for one in asked_of(viewer)
        ]
    if may(viewer, DutyRight.ANSWER_FOR_FILE) and (owed := len(for_file.owed(viewer))):
        found.append(
            ToDo(
                ngettext("Answer for the file: %(number)s", "Answer for the file: %(number)s", owed)
                % {"number": owed},
                "/answers",
            )
        )
    if may(viewer, DutyRight.DECIDE_EXCLUSIONS) and (asked := len(waiting_exclusions(viewer))):
        found.append(
            ToDo(
                ngettext("%(number)s exclusion to decide", "%(number)s exclusions to decide", asked)
                % {"number": asked},
                "/exclusions",
            )
        )
    if may(viewer, DutyRight.SHUT_OUT):
        found += [
            ToDo(
                gettext("Agree or refuse: deactivate %(name)s") % {"name": one.name},
                "/leaving",
                one.asked_at,
            )
            for one in leavers()
            if one.done_at is None and one.asked_by != viewer.person_id
        ]
    if may(viewer, Permission.CONFIRM_RULES):
        unread = unconfirmed()
        if unread:
            found.append(
                ToDo(
                    ngettext(
                        "Compare %(number)s rule with the law and confirm it",
                        "Compare %(number)s rules with the law and confirm them",
                        unread,
                    )
                    % {"number": unread},
                    "/rules",
                )
            )
    if may(viewer, DutyRight.SEE_LEDGER):
        found += _ledger(viewer, now)
    return found


def _ledger(viewer: Viewer, now: datetime) -> list[ToDo]:
    """Return the reports of others that are past their time, else those that are being made."""
    due = [one.written_due or one.first_due for one in open_duties(viewer)]
    if late := sum(at < now for at in due):
        words = ngettext(
            "%(number)s report is past its time", "%(number)s reports are past their time", late
        )
        return [ToDo(words % {"number": late}, "/ledger", late=True)]
    if due:
        words = ngettext(
            "%(number)s report must be made: see whether it is made in time",
            "%(number)s reports must be made: see whether they are made in time",
            len(due),
        )
        return [ToDo(words % {"number": len(due)}, "/ledger", min(due))]
    return []
