"""What a person does to their own account: password, recovery code, unlocking, signing out."""

from __future__ import annotations

from typing import cast

from django.db import transaction
from django.http import HttpRequest

from upstander.audit.actions import record
from upstander.people import keys, sessions
from upstander.people.known_names import keep_names, need_kept_word
from upstander.people.models import Person
from upstander.people.scope import Staff, Viewer
from upstander.people.turns import turn


class WrongPassword(Exception):
    """The password is not the person's own of today."""


class WrongCode(Exception):
    """The recovery code is well written, but not this person's (or used already)."""


def change_password(request: HttpRequest, old: str, new: str) -> None:
    """Change the signed-in person's password; their key is wrapped by it in the same transaction.

    A person without their keys (after an email reset) changes the login only. Their sessions on
    other devices end. The old password was checked by the caller. Raises Busy.
    """
    person = person_of(request)
    viewer: Viewer | None = getattr(request, "viewer", None)
    with turn():
        seed = keys.unlock_by_password(person, old)
        if seed is None and viewer is not None:
            seed = viewer.private_seed
        with transaction.atomic(durable=True):
            person.set_password(new)
            person.save(update_fields=["password"])
            if seed is not None:
                keys.rewrap_by_password(person, new, seed)
            sessions.end_all_of(person)
            _record("password changed", person.pk)
    sessions.begin_anew(request, person, seed)


def unlock_by_code(request: HttpRequest, code: str, password: str) -> str:
    """Give a signed-in person their keys back and wrap them by today's password.

    Returns a new recovery code: the one that was typed in has been seen by this machine and opens
    nothing any more. Raises WrongPassword, WrongCode, RecoveryBroken (mistyped), Busy.
    """
    person = person_of(request)
    with turn():
        if not person.check_password(password):
            raise WrongPassword
        seed = keys.unlock_by_recovery(person.pk, code)
        if seed is None:
            raise WrongCode
        with transaction.atomic(durable=True):
            keys.rewrap_by_password(person, password, seed)
            fresh = keys.renew_recovery_code(person.pk, seed)
            _record("keys unlocked by recovery code", person.pk)
    sessions.begin_anew(request, person, seed)
    return fresh


def renew_recovery_code(viewer: Viewer) -> str:
    """Return a new personal recovery code; the old one opens nothing any more. Raises Locked."""
    if viewer.private_seed is None:
        raise keys.Locked
    with transaction.atomic(durable=True):
        code = keys.renew_recovery_code(viewer.person_id, viewer.private_seed)
        _record("recovery code renewed", viewer.person_id)
    return code


def sign_out_everywhere(viewer: Viewer) -> None:
    """End the person's sessions on all devices, this one included."""
    with transaction.atomic(durable=True):
        sessions.end_everywhere(viewer.token)
        _record("signed out everywhere", viewer.person_id)


def change_me(viewer: Viewer, *, name: str, phone: str, language: str) -> None:
    """Change what a person keeps about themselves; name and phone are stored sealed.

    Their earlier name stays beside them. Raises Refused (no word of it is left).
    """
    with transaction.atomic(durable=True):
        need_kept_word(viewer.person_id, name)
        renamed = keep_names(viewer.person_id, now=name)
        Person.objects.filter(pk=viewer.person_id).update(phone=phone, language=language)
        _record("own details changed", viewer.person_id, name=renamed)


def person_of(request: HttpRequest) -> Person:
    """Return the signed-in person."""
    return cast("Person", request.user)


def _record(action: str, person_id: int, **detail: object) -> None:
    record(
        action, actor=Staff(person_id), subject_kind="person", subject_id=person_id, detail=detail
    )
