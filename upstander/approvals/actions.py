"""Asking a second person, and their answer.

What was asked changes nothing by itself. On a yes the app that declares its kind does it in the
same transaction (``plug.ApprovalKind``), or reads the approval where it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import ProgrammingError, connection
from django.http import Http404
from django.utils.translation import gettext

from upstander.approvals.models import Approval
from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.people.actions.invitations import send
from upstander.people.keys import Locked
from upstander.people.models import Person
from upstander.people.scope import Viewer, viewing
from upstander.plug import approval_kinds

#: So long somebody can agree, and so long a yes to a person holds (approvals_first_key).
OPEN_FOR: Final = timedelta(days=30)


def ask(
    viewer: Viewer,
    now: datetime,
    kind: str,
    *,
    subject: str,
    center_id: int,
    district_id: int | None,
    words: str,
    value: str = "",
    about: str = "",
) -> Callable[[], None] | None:
    """Keep what a supervisor of a center is asked to agree to; call inside ``viewing``.

    The same thing asked again takes the place of what still waits. ``words`` say what is asked;
    ``about`` is the address of whom it lets in. Returns what mails those concerned: call it once
    the transaction has ended; None: it was agreed to lately. Nobody may ask but an administrator:
    the database refuses.
    """
    about = about.strip().lower()
    same = Approval.objects.filter(kind=kind, subject=subject, about=about)
    agreed = same.filter(outcome=Approval.Outcome.APPROVED, decided_at__gt=now - OPEN_FOR)
    if about and agreed.exists():
        return None
    for one in same.filter(outcome=""):
        _decide(viewer, one, Approval.Outcome.WITHDRAWN)
    asked = Approval.objects.create(
        kind=kind,
        subject=subject,
        center_id=center_id,
        district_id=district_id,
        about=about,
        value=value,
        words=words,
        asked_by=viewer.person_id,
        asker=Person.objects.get(pk=viewer.person_id).name,
        asked_at=now,
        lapses_at=now + OPEN_FOR,
    )
    _record("asked", viewer, asked)
    addresses = _told(asked)
    return lambda: _mail(addresses, gettext("Asked for: %s") % words)


def decide(viewer: Viewer, approvals: Iterable[UUID], outcome: Approval.Outcome) -> int:
    """Approve, refuse or withdraw what waits, all of it or none; returns how many.

    Approved or refused by an unlocked supervisor of the center that decides, who neither asked for
    it nor is let in by it; withdrawn by an administrator. Raises Http404, Locked, Refused.
    """
    if not viewer.unlocked:
        raise Locked
    mails: list[Callable[[], None]] = []
    with viewing(viewer):
        found = list(Approval.objects.filter(pk__in=set(approvals)).order_by("asked_at"))
        if not found:
            raise Http404
        for one in found:
            addresses = _told(one)
            _decide(viewer, one, outcome)
            brought, kind = approval_kinds()[one.kind]
            if outcome == Approval.Outcome.APPROVED and kind.carry:
                brought.find(kind.carry)(viewer, one)
            mails.append(_answer(addresses, one, outcome))
    for mail in mails:
        mail()
    return len(found)


def _decide(viewer: Viewer, one: Approval, outcome: Approval.Outcome) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT api.decide_approval(p_approval => %s, p_outcome => %s)", [one.pk, outcome]
            )
    except ProgrammingError as error:
        raise Refused(
            gettext(
                "Nothing was changed: this was decided already, has lapsed, or someone else has "
                "to decide it: %s"
            )
            % one.words
        ) from error
    _record(outcome, viewer, one)


def _answer(addresses: list[str], one: Approval, outcome: Approval.Outcome) -> Callable[[], None]:
    said = {
        Approval.Outcome.APPROVED: gettext("Approved: %s"),
        Approval.Outcome.REFUSED: gettext("Refused: %s"),
        Approval.Outcome.WITHDRAWN: gettext("Withdrawn: %s"),
    }[outcome] % one.words

    def mail() -> None:
        _mail(addresses, said)
        if one.about and outcome == Approval.Outcome.APPROVED:
            send(
                EmailMessage(
                    subject=gettext("Upstander: you can join now"),
                    body=gettext(
                        "A second person has agreed to your invitation. Open the link in the "
                        "email that invited you. If it has run out, ask for a new one.\n"
                    ),
                    to=[one.about],
                    headers={"Auto-Submitted": "auto-generated"},
                )
            )

    return mail


def _told(one: Approval) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT email FROM api.told_of_approval(p_approval => %s)", [one.pk])
        return sorted(email for (email,) in cursor.fetchall())


def _mail(addresses: list[str], said: str) -> None:
    for address in addresses:
        send(
            EmailMessage(
                subject=gettext("Upstander: a second person’s approval"),
                body=said
                + "\n\n"
                + gettext(
                    "A supervisor of the crisis center decides. If you did not expect this, call "
                    "the center now."
                )
                + f"\n{settings.DESK_URL}/approvals\n",
                to=[address],
                headers={"Auto-Submitted": "auto-generated"},
            )
        )


def _record(what: str, viewer: Viewer, one: Approval) -> None:
    record(
        f"approval {what}",
        actor=viewer,
        subject_kind="approval",
        subject_id=one.pk,
        district_id=one.district_id,
        detail={"kind": one.kind, "subject": one.subject},
    )
