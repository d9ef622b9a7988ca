"""Accounts, as an administrator keeps them. None of this gives anybody a key."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.people.access import person_to_keep
from upstander.people.actions.addresses import ask_address, of_nobody_held, tell_person
from upstander.people.known_names import keep_names
from upstander.people.models import Person
from upstander.people.scope import Viewer, viewing


def change_person(
    viewer: Viewer, person_id: int, *, name: str, email: str, phone: str, language: str
) -> None:
    """Change somebody's details. A new address waits until they or a lead of theirs agree.

    Earlier names and addresses stay beside them. The name of whom an app keeps from being shut out
    by one person stays: what they alone can finish bears it. Raises Http404, Refused.
    """
    with viewing(viewer) as now, of_nobody_held():
        person = person_to_keep(viewer, person_id)
        moved = email.lower() != person.email.lower()
        renamed = keep_names(person_id, *([person.email] if moved else []), now=name)
        Person.objects.filter(pk=person_id).update(phone=phone, language=language)
        told = ask_address(viewer, person, email, now) if moved else None
        record(
            "person changed",
            actor=viewer,
            subject_kind="person",
            subject_id=person_id,
            detail={"name": renamed},
        )
    if told:
        told()


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
    tell_person(
        person.email,
        gettext(
            "An administrator has reset your two-step sign-in so that you can set up a "
            "new phone. You will need your password."
        ),
    )
