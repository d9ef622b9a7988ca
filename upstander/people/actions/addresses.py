"""The address by which somebody signs in: changed once they, or a lead of theirs, agree to it.

Whoever gets a password reset at an address is half signed in by it. So an address that an
administrator enters waits (``approvals``); nothing is sent to it until then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.people import keys
from upstander.people.actions.invitations import send
from upstander.people.actions.leaving import is_held
from upstander.people.actions.recovery import holder_of, in_charge_of
from upstander.people.known_names import keep_names
from upstander.people.models import Person, Team
from upstander.people.scope import System, Viewer, viewing
from upstander.plug import ask_approval
from upstander.vault.errors import RecoveryBroken
from upstander.vault.recovery import join


def ask_address(viewer: Viewer, person: Person, address: str, now: datetime) -> Callable[[], None]:
    """Ask that somebody signs in by another address; inside ``viewing``. Returns what mails."""
    new = address.strip().lower()
    leads = ask_approval(
        viewer,
        now,
        "address",
        subject=f"person:{person.pk}",
        district_id=None,
        about=person.email,
        value=new,
        words=gettext("%(who)s is to sign in as %(new)s instead of %(old)s")
        % {"who": person.name, "new": new, "old": person.email},
    )

    def told() -> None:
        if leads:
            leads()
        tell_person(
            person.email,
            gettext(
                "An administrator asked that you sign in as %(new)s from now on. Nothing has "
                "changed yet: you sign in as before, and nothing was sent to that address. If it "
                "is right, confirm it under “My account”; one of your team’s leads can too."
            )
            % {"new": new},
        )

    return told


def change_address(viewer: Viewer, approval: Any) -> Callable[[], object]:
    """Do what ``viewer`` has just agreed to, in that transaction. Raises Refused."""
    _change(viewer, approval.pk, int(approval.subject.removeprefix("person:")))
    return lambda: tell_person(approval.about, _changed(approval.value))


def confirm_address(viewer: Viewer, approval: str) -> None:
    """Sign in by the address that was asked for, from now on; every device is signed out.

    ``approval`` is the id that was shown. Raises Locked (the sign-in holds no key), Refused.
    """
    if not viewer.unlocked:
        raise keys.Locked
    with viewing(viewer):
        asked = address_asked(viewer.person_id)
        if asked is None or str(asked[0]) != approval:
            raise _decided_already()
        _change(viewer, asked[0], viewer.person_id)


def _changed(new: str) -> str:
    return gettext("You sign in as %(new)s from now on, with the same password.") % {"new": new}


def address_asked(person_id: int) -> tuple[UUID, str] | None:
    """Return the approval and the address that wait for somebody, if any; inside ``viewing``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, address FROM api.address_asked(p_person => %s)", [person_id])
        found: tuple[UUID, str] | None = cursor.fetchone()
    return found


def change_with_shares(person: Person, address: str, share_a: str, share_b: str) -> int:
    """Change it with both recovery shares of a place of theirs, where no lead is left. As owner.

    Everybody in charge is told, and the old address; returns how many mails left. The shares stay
    good. Raises RecoveryBroken (other shares), Refused.
    """
    public = keys.pair_of(join(share_a, share_b)).public
    teams = list(Team.objects.filter(memberships__person=person))
    # Whoever is in no team is the administration's.
    places = {holder_of(team.center or team.district) for team in teams} or {holder_of(None)}
    known = [keys.public_key_of(one) for one in sorted(places) if keys.newest_version(one)]
    if public not in {bytes(key.public) for key in known}:
        raise RecoveryBroken(gettext("These are not the shares of a place of this person’s."))
    told = {*in_charge_of(teams), person.email}
    with transaction.atomic(durable=True):
        keep_names(person.pk, person.email)
        with _taken_by_nobody(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT people_change_email(p_person => %s, p_address => %s)", [person.pk, address]
            )
        _record(System(), person.pk, shares=True)
    said = gettext("Both recovery shares were used: %(old)s signs in as %(new)s from now on.") % {
        "old": person.email,
        "new": address,
    }
    return sum(tell_person(one, said) for one in sorted(told))


def _change(viewer: Viewer, approval_id: UUID, person_id: int) -> None:
    # First, while the session of whoever confirms their own still stands.
    _record(viewer, person_id, approval=str(approval_id))
    with _taken_by_nobody(), connection.cursor() as cursor:
        cursor.execute("SELECT api.change_email(p_approval => %s)", [approval_id])


def _record(actor: Viewer | System, person_id: int, **detail: object) -> None:
    record(
        "sign-in address changed",
        actor=actor,
        subject_kind="person",
        subject_id=person_id,
        detail=detail,
    )


@contextmanager
def of_nobody_held() -> Iterator[None]:
    """Refuse in words what the database refuses of whoever has something open."""
    try:
        yield
    except IntegrityError as error:
        if not is_held(error):
            raise
        raise Refused(
            gettext(
                "Nothing was changed: this person has something open that only they can "
                "finish, so they keep their name and sign-in address until it is done. They can "
                "confirm an address themselves. If they can’t sign in anymore, two people can "
                "decide to deactivate the account; the person gets a new way in to what is "
                "theirs, and is invited again at another address."
            ),
        ) from error


@contextmanager
def _taken_by_nobody() -> Iterator[None]:
    try:
        with of_nobody_held():
            yield
    except DatabaseError as error:
        raise _decided_already() from error


def _decided_already() -> Refused:
    return Refused(
        gettext(
            "Nothing was changed: this was decided already, the address has changed since, or "
            "someone else signs in with it."
        )
    )


def tell_person(email: str, text: str) -> int:
    """Mail somebody about their account; returns how many mails left."""
    return send(
        EmailMessage(
            subject=gettext("Upstander: your account"),
            body=f"{text}\n\n"
            + gettext("If you did not ask for this, tell your team’s lead right away, by phone.")
            + f"\n\n{settings.DESK_URL}\n",
            to=[email],
            headers={"Auto-Submitted": "auto-generated"},
        )
    )
