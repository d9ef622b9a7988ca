"""Accounts, as an administrator keeps them. None of this gives anybody a key."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.places.access import person_to_keep
from upstander.places.actions.invitations import send
from upstander.places.models import Person
from upstander.places.scope import Viewer, viewing


def change_person(
    viewer: Viewer, person_id: int, *, name: str, email: str, phone: str, language: str
) -> None:
    """Change somebody's details. A new address signs them out and is told to the old one.

    Raises Http404.
    """
    with viewing(viewer):
        person = person_to_keep(viewer, person_id)
        old = person.email
        Person.objects.filter(pk=person_id).update(name=name, phone=phone, language=language)
        if email.lower() != old.lower():
            with connection.cursor() as cursor:
                cursor.execute("SELECT api.change_email(%s, %s)", [person_id, email])
        record(
            "person changed",
            actor=viewer,
            subject_kind="person",
            subject_id=person_id,
            detail={"address": email.lower() != old.lower()},
        )
    if email.lower() != old.lower():
        _tell(old, gettext("An administrator has changed the address by which you sign in."))


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
