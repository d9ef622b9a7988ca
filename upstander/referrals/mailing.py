"""An agency's address for referrals, kept until it is asked again; the worker writes to it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext

from upstander.people.actions.invitations import send
from upstander.vault.envelopes import bind, derive, seal, unseal


def seal_mailbox(referral: UUID, email: str) -> bytes:
    """Seal an address under the carriers' key: a stolen database names none of them."""
    return seal(_key(), email.encode(), aad=bind("mailbox", referral))


def ask_agency_again(referral: UUID, mailbox: bytes) -> bool:
    """Remind an agency of the link that it has; False: no server took it. Raises SealBroken."""
    return send(
        EmailMessage(
            subject=gettext("Upstander: somebody still waits for your answer"),
            body=gettext(
                "Two days ago a crisis center referred somebody to you, and you have not said yet"
                " whether you got it. The link is in the mail of that day. Open it, and say where"
                " it stands. If you have not got it, or not the four words, call the center.\n"
            ),
            to=[unseal(_key(), mailbox, aad=bind("mailbox", referral)).decode()],
            headers={"Auto-Submitted": "auto-generated"},
        )
    )


def _key() -> bytes:
    return derive(settings.CARRIER_KEY, "referral mailbox")
