"""Keeping one's own ways to be reached: added, proved by a code that was sent there, removed."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction

from upstander.audit.actions import record
from upstander.carriers import notices
from upstander.carriers.addresses import address_mac
from upstander.carriers.models import Channel, ContactMethod, Delivery
from upstander.people.scope import Viewer, viewing

#: Minutes that a code is good for, and wrong ones that end it.
CODE_MINUTES, TRIES = 10, 5
#: Codes that one person may have sent in an hour: each may go to a number that is not theirs.
CODES_AN_HOUR = 5
#: Ways that one person may keep.
MOST = 12
_PROVED = ("verified_at", "code", "code_due_at", "broken_at", "broken_reason")


class NoSuchMethod(Exception):
    """There is no such way, or it is another's."""


class AlreadyThere(Exception):
    """The person has this way already."""


class TooMany(Exception):
    """Too many ways, or too many codes within the hour."""


class WrongCode(Exception):
    """Not the code that was sent, or it has run out."""


class NumberTaken(Exception):
    """Another person has proved this number to be theirs; a text could be either's."""


def add_method(
    viewer: Viewer, *, kind: str, address: str, label: str = "", digit: str = ""
) -> ContactMethod:
    """Add a way and have a code sent there. Raises AlreadyThere, TooMany.

    ``digit`` (1 to 9) is what the person will press in a call to say "I have it".
    """
    with viewing(viewer) as now:
        _one_at_a_time()
        if ContactMethod.objects.filter(person_id=viewer.person_id).count() >= MOST:
            raise TooMany
        method = ContactMethod(
            person_id=viewer.person_id,
            kind=kind,
            address=address,
            address_mac=address_mac(kind, address),
            label=label,
            digit=digit,
            created_at=now,
        )
        _put_code(method, now)
        try:
            with transaction.atomic():
                method.save()
        except IntegrityError as error:
            raise AlreadyThere from error
        _record("way to be reached added", viewer, method)
    return method


def send_code(viewer: Viewer, method_id: int) -> None:
    """Have a new code sent. Raises NoSuchMethod, TooMany."""
    with viewing(viewer) as now:
        _one_at_a_time()
        method = _own(viewer, method_id)
        _put_code(method, now)
        method.save(update_fields=["code", "code_expires_at", "code_due_at", "tries"])


def verify_method(viewer: Viewer, method_id: int, code: str) -> None:
    """Prove a way with the code that was sent there. Raises NoSuchMethod, WrongCode, NumberTaken.

    A wrong code is counted, and the fifth ends it. The account's own address is told.
    """
    with viewing(viewer) as now:
        method = _own(viewer, method_id)
        good = (
            bool(method.code)
            and method.tries < TRIES
            and method.code_expires_at is not None
            and method.code_expires_at > now
            and hmac.compare_digest(method.code.encode(), code.encode())
        )
        if good:
            method.verified_at, method.code, method.code_due_at = now, "", None
            # Proved anew: what was broken about it is mended.
            method.broken_at, method.broken_reason = None, ""
            try:
                with transaction.atomic():
                    method.save(update_fields=_PROVED)
            except IntegrityError as error:
                raise NumberTaken from error
            notices.tell(viewer.person_id, "method_added", {"channel": method.kind})
            _record("way to be reached proved", viewer, method)
        else:
            method.tries += 1
            if method.tries >= TRIES:
                method.code = ""
            method.save(update_fields=["tries", "code"])
    if not good:
        raise WrongCode


def remove_method(viewer: Viewer, method_id: int) -> None:
    """Remove a way of one's own. Raises NoSuchMethod. The account's own address is told."""
    with viewing(viewer):
        method = _own(viewer, method_id)
        if method.verified_at is not None:
            notices.tell(viewer.person_id, "method_removed", {"channel": method.kind})
        _record("way to be reached removed", viewer, method)
        method.delete()


def _own(viewer: Viewer, method_id: int) -> ContactMethod:
    method = (
        ContactMethod.objects.select_for_update(of=("self",))
        .filter(pk=method_id, person_id=viewer.person_id)
        .first()
    )
    if method is None:
        raise NoSuchMethod
    return method


def _put_code(method: ContactMethod, now: datetime) -> None:
    """Give a way a new code, to be sent by the worker. Raises TooMany."""
    hour_ago = now - timedelta(hours=1)
    sent = (
        Delivery.objects.filter(
            person_id=method.person_id,
            for_id=None,
            purpose=Delivery.Purpose.VERIFY,
            attempted_at__gt=hour_ago,
        )
        .values("chain")
        .distinct()
        .count()
    )
    waiting = ContactMethod.objects.filter(
        person_id=method.person_id, code_due_at__isnull=False
    ).count()
    if sent + waiting >= CODES_AN_HOUR:
        raise TooMany
    method.code = f"{secrets.randbelow(10**6):06d}"
    method.code_expires_at = now + timedelta(minutes=CODE_MINUTES)
    method.code_due_at = now
    method.tries = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('due', '')")


def _one_at_a_time() -> None:
    """Let one of the viewer's requests count their codes at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.carrier_codes_in_turn()")


def _record(action: str, viewer: Viewer, method: ContactMethod) -> None:
    record(
        action,
        actor=viewer,
        subject_kind="person",
        subject_id=viewer.person_id,
        detail={"channel": Channel(method.kind).value},
    )
