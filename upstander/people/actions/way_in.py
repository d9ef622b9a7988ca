"""Coming back in after having been shut out, for what is one's own alone to finish.

A link is not enough: whoever reads somebody's mail, or makes the link, is not them. The old
passphrase or the printed recovery code must open their key; from then on a new passphrase does, and
a second factor is set up anew at the first sign-in.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils.translation import gettext as _

from upstander.audit.actions import record
from upstander.people import keys
from upstander.people.actions.invitations import send
from upstander.people.links import LinkOver
from upstander.people.models import Person
from upstander.people.scope import Staff
from upstander.people.turns import turn

#: How long a link can be used.
GOOD_FOR: Final = timedelta(days=14)


class NotTheirs(Exception):
    """Neither the old passphrase nor the recovery code of whose way in this is."""


def owner_of(link: str) -> Person:
    """Return whose way in a link opens. Raises LinkOver."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.way_in(p_link => %s)", [link])
        found = cursor.fetchone()
    person = Person.objects.filter(pk=found[0]).first() if found and found[0] else None
    if person is None:
        raise LinkOver
    return person


def take_up(link: str, *, old: str = "", code: str = "", new: str) -> str | None:
    """Use a link up: the key that the old passphrase or the code opens is wrapped by ``new``.

    Returns a new recovery code where the old one was typed in. Raises LinkOver, NotTheirs,
    RecoveryBroken (a mistyped code), Busy.
    """
    person = owner_of(link)
    with turn():
        seed = keys.unlock_by_recovery(person.pk, code) if code else None
        if seed is None and old:
            seed = keys.unlock_by_password(person, old)
        if seed is None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT api.way_in_missed(p_link => %s)", [link])
            raise NotTheirs
        person.set_password(new)
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT api.take_up_way_in(p_link => %s, p_password => %s)",
                    [link, person.password],
                )
                found = cursor.fetchone()
            if found is None or found[0] != person.pk:
                raise LinkOver
            keys.rewrap_by_password(person, new, seed)
            fresh = keys.renew_recovery_code(person.pk, seed) if code else None
            record(
                "way in taken up",
                actor=Staff(person.pk),
                subject_kind="person",
                subject_id=person.pk,
            )
    return fresh


def link_of(secret: str) -> str:
    """Return the address behind which a way in is taken up."""
    return f"{settings.DESK_URL}/people/way-in/{secret}/"


def mail_link(addresses: list[str], secret: str) -> bool:
    """Mail somebody the link to their way in; tell whether it left. Outside of any transaction."""
    text = _(
        "Your Upstander account was deactivated. Reports of your own that you began are not "
        "finished: they stay yours, and the law still requires them of you. You can still see "
        "them, write down what you did, and get their proofs, and nothing else.\n\n"
        "Open this within %(days)s days:\n%(link)s\n\n"
        "You need your old passphrase or your printed recovery code, and an app for the second "
        "step. If you have neither, make your report to the agency anyway: you don’t need an "
        "account for that.\n"
    ) % {"days": GOOD_FOR.days, "link": link_of(secret)}
    sent = [
        send(
            EmailMessage(
                subject=_("Upstander: you still have access to your own reports"),
                body=text,
                to=[address],
                headers={"Auto-Submitted": "auto-generated"},
            )
        )
        for address in dict.fromkeys(addresses)
    ]
    return any(sent)
