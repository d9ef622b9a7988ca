"""Accounts, as an administrator keeps them. None of this gives anybody a key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, ProgrammingError, connection
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.people.access import person_to_keep
from upstander.people.actions.invitations import send
from upstander.people.actions.leaving import is_held
from upstander.people.keys import Locked
from upstander.people.known_names import keep_names
from upstander.people.models import Person
from upstander.people.scope import Viewer, viewing
from upstander.plug import ask_approval


def change_person(
    viewer: Viewer, person_id: int, *, name: str, email: str, phone: str, language: str
) -> None:
    """Change somebody's details. A new address waits until they or a lead of theirs agree.

    Earlier names and addresses stay beside them. The name of whom an app keeps from being shut out
    by one person stays: what they alone can finish bears it. Raises Http404, Refused.
    """
    with viewing(viewer) as now, refused_in_words():
        person = person_to_keep(viewer, person_id)
        moved = email.lower() != person.email.lower()
        renamed = keep_names(person_id, *([person.email] if moved else []), now=name)
        Person.objects.filter(pk=person_id).update(phone=phone, language=language)
        told = _ask_address(viewer, person, email.lower(), now) if moved else None
        record(
            "person changed",
            actor=viewer,
            subject_kind="person",
            subject_id=person_id,
            detail={"name": renamed},
        )
    if told:
        told()
        _tell(
            person.email,
            gettext(
                "An administrator asked that you sign in as %s from now on. Nothing has changed "
                "yet, and nothing was sent there. If it is right, confirm it under “My account”; "
                "one of your team’s leads can too."
            )
            % email,
        )


def _ask_address(
    viewer: Viewer, person: Person, new: str, now: datetime
) -> Callable[[], None] | None:
    return ask_approval(
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


def change_address(viewer: Viewer, approval: Any) -> Callable[[], None]:
    """Do what ``viewer`` has just agreed to, in that transaction. Raises Refused."""
    _change(viewer, approval.pk, int(approval.subject.removeprefix("person:")))
    return lambda: _tell(approval.about, gettext("You sign in as %s now.") % approval.value)


def confirm_address(viewer: Viewer, approval: str) -> None:
    """Sign in by the address that was asked for, from now on; every device is signed out.

    ``approval`` is the id that was shown. Raises Locked (the sign-in holds no key), Refused.
    """
    if not viewer.unlocked:
        raise Locked
    with viewing(viewer):
        asked = address_asked(viewer.person_id)
        if asked is None or str(asked[0]) != approval:
            raise Refused(gettext("Nothing was changed: this was decided already."))
        _change(viewer, asked[0], viewer.person_id)


def address_asked(person_id: int) -> tuple[UUID, str] | None:
    """Return the approval and the address that wait for somebody, if any; inside ``viewing``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, address FROM api.address_asked(p_person => %s)", [person_id])
        found: tuple[UUID, str] | None = cursor.fetchone()
    return found


def _change(viewer: Viewer, approval: UUID, person_id: int) -> None:
    # First, while the session of whoever confirms their own still stands.
    record(
        "sign-in address changed",
        actor=viewer,
        subject_kind="person",
        subject_id=person_id,
        detail={"approval": str(approval)},
    )
    with refused_in_words(), connection.cursor() as cursor:
        cursor.execute("SELECT api.change_email(p_approval => %s)", [approval])


@contextmanager
def refused_in_words() -> Iterator[None]:
    """Refuse what the database refuses: of whoever has something open, or what nobody agreed to."""
    try:
        yield
    except (IntegrityError, ProgrammingError) as error:
        if not is_held(error):
            raise Refused(
                gettext(
                    "Nothing was changed: this was decided already, the address has changed "
                    "since, or someone else signs in with it."
                )
            ) from error
        raise Refused(
            gettext(
                "Nothing was changed: this person has something open that only they can "
                "finish, so they keep their name and sign-in address until it is done. They can "
                "confirm an address themselves. If they can’t sign in anymore, two people can "
                "decide to deactivate the account; the person gets a new way in to what is "
                "theirs, and is invited again at another address."
            ),
        ) from error


def reopen_account(viewer: Viewer, person_id: int) -> None:
    """Let somebody sign in again. They are in no team until they are invited. Raises Http404."""
    with viewing(viewer):
        person_to_keep(viewer, person_id)
        Person.objects.filter(pk=person_id).update(is_active=True)
        record("account reopened", actor=viewer, subject_kind="person", subject_id=person_id)


def reset_second_factor(viewer: Viewer, person_id: int) -> None:
    """Let somebody who lost their phone set up a new second step; they are told by mail.

    Raises Http404.
    """
    with viewing(viewer):
        person = person_to_keep(viewer, person_id)
        with connection.cursor() as cursor:
            cursor.execute("SELECT api.reset_second_factor(%s)", [person_id])
        record("second factor reset", actor=viewer, subject_kind="person", subject_id=person_id)
    _tell(
        person.email,
        gettext(
            "An administrator has reset your two-step sign-in so that you can set up a "
            "new phone. You will need your password."
        ),
    )


def _tell(email: str, text: str) -> None:
    send(
        EmailMessage(
            subject=gettext("Upstander: your account"),
            body=f"{text}\n\n"
            + gettext("If you did not ask for this, tell your team’s lead right away, by phone.")
            + f"\n\n{settings.DESK_URL}\n",
            to=[email],
            headers={"Auto-Submitted": "auto-generated"},
        )
    )
