"""Asking a second person, and their answer.

What was asked changes nothing by itself. On a yes the app that declares its kind does it in the
same transaction (``plug.ApprovalKind``), or reads the approval where it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection
from django.http import Http404
from django.utils.translation import gettext

from upstander.approvals.models import Approval
from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.people.actions.invitations import send
from upstander.people.keys import Locked, open_own_teams
from upstander.people.models import Person
from upstander.people.scope import Viewer, viewing
from upstander.plug import approval_kinds


def ask(
    viewer: Viewer,
    now: datetime,
    kind: str,
    *,
    subject: str,
    center_id: int | None = None,
    district_id: int | None,
    words: str,
    value: str = "",
    about: str = "",
    row: UUID | None = None,
    tip_id: UUID | None = None,
    sealed: bytes | None = None,
) -> Callable[[], object] | None:
    """Keep what somebody else is asked to agree to; call inside ``viewing``.

    The same thing asked again takes the place of what still waits. ``words`` say what is asked;
    ``about`` is the address of whom it lets in; ``sealed`` is the reason, under the seed of the tip
    and for the id ``row``. Returns what mails those concerned: call it once the transaction has
    ended; None: it was agreed to lately. Who may ask, row policies say: the database refuses.
    """
    about = about.strip().lower()
    lapses = approval_kinds()[kind][1].lapses
    same = Approval.objects.filter(kind=kind, subject=subject, about=about)
    agreed = same.filter(outcome=Approval.Outcome.APPROVED, decided_at__gt=now - lapses)
    if about and not approval_kinds()[kind][1].carry and agreed.exists():
        return None
    for one in same.filter(outcome=""):
        settle(viewer, one, Approval.Outcome.WITHDRAWN)
    asked = Approval.objects.create(
        id=row or uuid4(),
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
        lapses_at=now + lapses,
        tip_id=tip_id,
        sealed=sealed,
    )
    _record("asked", viewer, asked)
    addresses = _told(asked, Approval.Outcome.OPEN)
    return lambda: mail(addresses, gettext("Asked for: %s") % words)


def decide(viewer: Viewer, approvals: Iterable[UUID], outcome: Approval.Outcome) -> int:
    """Approve, refuse or withdraw what waits, all of it or none; returns how many.

    What is about a tip is decided on its page (``settle``). Approved or refused by whom the
    kind's row policies let, who neither asked for it nor is let in by it; withdrawn by an
    administrator or who asked. The viewer's key opens their teams': one of their own is made anew
    by whoever reads their mail. Raises Http404, Locked, NotAMember, Refused.
    """
    if not viewer.unlocked:
        raise Locked
    then: list[Callable[[], object]] = []
    with viewing(viewer):
        open_own_teams(viewer)
        by_id = Approval.objects.filter(pk__in=set(approvals), tip_id=None)
        found = list(by_id.order_by("asked_at"))
        if not found:
            raise Http404
        for one in found:
            addresses = settle(viewer, one, outcome)
            brought, kind = approval_kinds()[one.kind]
            then.append(_answer(addresses, one, outcome))
            if outcome == Approval.Outcome.APPROVED and kind.carry:
                after = brought.find(kind.carry)(viewer, one)
                then += [after] if after else []
    for step in then:
        step()
    return len(found)


def settle(viewer: Viewer, one: Approval, outcome: Approval.Outcome) -> list[str]:
    """Write down what was decided of one; call inside ``viewing``. Returns whom to mail.

    Raises Refused where the database takes it from nobody, or not from the viewer.
    """
    refused = Refused(
        gettext(
            "Nothing was changed: this was decided already, has lapsed, or someone else has "
            "to decide it: %s"
        )
        % one.words
    )
    try:
        addresses = _told(one, outcome)
        decided = Approval.objects.filter(pk=one.pk, outcome="").update(
            outcome=outcome, decided_by=viewer.person_id
        )
    except DatabaseError as error:
        raise refused from error
    if not decided:
        raise refused
    _record(outcome, viewer, one)
    return addresses


def _answer(addresses: list[str], one: Approval, outcome: Approval.Outcome) -> Callable[[], None]:
    said = {
        Approval.Outcome.APPROVED: gettext("Approved: %s"),
        Approval.Outcome.REFUSED: gettext("Refused: %s"),
        Approval.Outcome.WITHDRAWN: gettext("Withdrawn: %s"),
    }[outcome] % one.words

    def answer() -> None:
        mail(addresses, said)
        if one.kind == "first_key" and outcome == Approval.Outcome.APPROVED:
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

    return answer


def _told(one: Approval, outcome: Approval.Outcome) -> list[str]:
    if one.tip_id is not None:
        return []  # Its app leaves word on the tip.
    brought, kind = approval_kinds()[one.kind]
    if kind.told:
        return sorted(brought.find(kind.told)(one, outcome))
    with connection.cursor() as cursor:
        cursor.execute("SELECT email FROM api.told_of_approval(p_approval => %s)", [one.pk])
        return sorted(email for (email,) in cursor.fetchall())


def mail(addresses: list[str], said: str) -> int:
    """Mail people what became of something; returns how many left. Outside of transactions."""
    return sum(
        send(
            EmailMessage(
                subject=gettext("Upstander: a second person’s approval"),
                body=said
                + "\n\n"
                + gettext(
                    "If you did not expect this, call the crisis center and the district now."
                )
                + f"\n{settings.DESK_URL}/approvals\n",
                to=[address],
                headers={"Auto-Submitted": "auto-generated"},
            )
        )
        for address in addresses
    )


def _record(what: str, viewer: Viewer, one: Approval) -> None:
    if one.tip_id is not None:
        return  # A tip's own record says it, to those who see the tip.
    record(
        f"approval {what}",
        actor=viewer,
        subject_kind="approval",
        subject_id=one.pk,
        district_id=one.district_id,
        detail={"kind": one.kind, "subject": one.subject},
    )
