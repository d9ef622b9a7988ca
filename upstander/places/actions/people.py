"""Accounts, as an administrator keeps them. None of this gives anybody a key."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.places.access import person_to_keep
from upstander.places.actions.invitations import send
from upstander.places.actions.leaving import is_held
from upstander.places.models import Person
from upstander.places.scope import Viewer, viewing


def change_person(
    viewer: Viewer, person_id: int, *, name: str, email: str, phone: str, language: str
) -> None:
    """Change somebody's details. A new address signs them out and is told to the old one.

    Not of whom an app keeps from being shut out by one person: a new address does that too.
    Raises Http404, Refused.
    """
    with viewing(viewer):
        person = person_to_keep(viewer, person_id)
        old = person.email
        Person.objects.filter(pk=person_id).update(name=name, phone=phone, language=language)
        if email.lower() != old.lower():
            _change_email(person_id, email)
        record(
            "person changed",
            actor=viewer,
            subject_kind="person",
            subject_id=person_id,
            detail={"address": email.lower() != old.lower()},
        )
    if email.lower() != old.lower():
        _tell(old, gettext("An administrator has changed the address by which you sign in."))


def _change_email(person_id: int, email: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT api.change_email(%s, %s)", [person_id, email])
    except IntegrityError as error:
        if not is_held(error):
            raise
        raise Refused(
            "Nothing was changed: whoever has something open here that they alone can finish keeps "
            "the address by which they sign in until it is done. Can’t they sign in by it any "
            "more? Then two decide that the account is shut; they get a new way in to what is "
            "theirs, and are invited again by another address.",
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
            "An administrator has taken off your second step of signing in, so that you can set "
            "up a new phone. You need your password for it."
        ),
    )


def _tell(email: str, text: str) -> None:
    send(
        EmailMessage(
            subject=gettext("Upstander: your account"),
            body=f"{text}\n\n"
            + gettext("If you did not ask for it, tell your team’s lead at once, by phone.")
            + f"\n\n{settings.DESK_URL}\n",
            to=[email],
            headers={"Auto-Submitted": "auto-generated"},
        )
    )
