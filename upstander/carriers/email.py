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


def send_page(to: str, *, reference: str, priority: str, subject_id: UUID, page_id: UUID) -> None:
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
        # 4xx is "not now" (a full box, grey-listing); 5xx is "never" (RFC 5321 section 4.2.1).
        codes = [code for code, _words in error.recipients.values()]
        raise CarrierError(
            f"the address was refused ({', '.join(map(str, codes))})",
            permanent=bool(codes) and all(code >= 500 for code in codes),
        ) from error
    except smtplib.SMTPDataError as error:
        raise CarrierError(
            f"the message was refused ({error.smtp_code})", permanent=error.smtp_code >= 500
        ) from error
    except smtplib.SMTPResponseException as error:
        # Login and sender are the center's own settings: somebody will mend them.
        raise CarrierError(f"the mail server said {error.smtp_code}") from error
    except (smtplib.SMTPException, OSError, DatabaseError) as error:
        raise CarrierError(f"the mail server could not be used ({type(error).__name__})") from error
    except ValueError as error:
        # An address with a line break, say. It must not keep the pages after it from leaving.
        raise CarrierError("the address can't be written to", permanent=True) from error
