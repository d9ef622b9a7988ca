"""Email: the way out that every person has. It never carries a word of a tip."""

from __future__ import annotations

import smtplib
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError


class CarrierError(Exception):
    """The message did not leave. ``permanent`` means that trying again can't help."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent


_SUBJECT = {
    "life_safety": "LIFE SAFETY: tip {reference} needs you now",
    "urgent": "Urgent: tip {reference} needs you",
    "routine": "Tip {reference} is waiting for your team",
}


def send_page(
    to: str, *, reference: str, priority: str, subject_id: UUID, page_id: UUID
) -> None:
    """Send one page by email. Raises CarrierError.

    Subject and text hold the random reference and the priority, nothing else about the tip: mail
    is read by servers, shown on lock screens and forwarded.
    """
    message = EmailMessage(
        subject=_SUBJECT[priority].format(reference=reference),
        body=(
            f"A tip needs somebody to say “I have it”. Reference: {reference}.\n\n"
            f"Open it: {settings.DESK_URL}/tips/{subject_id}\n\n"
            "This message holds nothing of what was written. Please do not answer it.\n"
        ),
        to=[to],
        headers={"X-Upstander-Page": str(page_id), "Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise CarrierError("the address was refused", permanent=True) from error
    except (smtplib.SMTPException, OSError, DatabaseError) as error:
        raise CarrierError(type(error).__name__) from error
