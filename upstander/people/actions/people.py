"""Accounts, as an administrator keeps them. None of this gives anybody a key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.people.access import person_to_keep
from upstander.people.actions.invitations import send
from upstander.people.actions.leaving import is_held
from upstander.people.known_names import keep_names
from upstander.people.models import Person
from upstander.people.scope import Viewer, viewing


def change_person(
    viewer: Viewer, person_id: int, *, name: str, email: str, phone: str, language: str
) -> None:
    """Change somebody's details. A new address signs them out and is told to the old one.

    Earlier names and addresses stay beside them.

    Neither is changed of whom an app keeps from being shut out by one person: a new address does
    that too, and what they alone can finish bears their name.
    Raises Http404, Refused.
    """
    with viewing(viewer), _of_nobody_held():
        person = person_to_keep(viewer, person_id)
        old = person.email
        moved = email.lower() != old.lower()
        renamed = keep_names(person_id, *([old] if moved else []), now=name)
        Person.objects.filter(pk=person_id).update(phone=phone, language=language)
        if moved:
            with connection.cursor() as cursor:
                cursor.execute("SELECT api.change_email(%s, %s)", [person_id, email])
        record(
            "person changed",
            actor=viewer,
            subject_kind="person",
            subject_id=person_id,
            detail={"address": moved, "name": renamed},
        )
    if moved:
        _tell(old, gettext("An administrator has changed the email address you sign in with."))


@contextmanager
def _of_nobody_held() -> Iterator[None]:
    """Refuse in words what the database refuses of whoever has something open."""
    try:
        yield
    except IntegrityError as error:
        if not is_held(error):
            raise
        raise Refused(
            gettext(
                "Nothing was changed: this person has something open that only they can "
                "finish, so they keep their name and sign-in address until it is done. If "
                "they can’t sign in with that address anymore, two people can decide to "
                "deactivate the account; the person gets a new way in to what is theirs, and "
                "is invited again at another address."
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
