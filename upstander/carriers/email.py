"""Email: the way out that every person has. It never carries a word of a tip."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError
from django.utils.module_loading import import_string

from upstander.carriers.contract import CarrierError, Outgoing, Report

if TYPE_CHECKING:
    from upstander.carriers.providers import Provider


class Mail:
    """One mail server or service; None is the one that the settings name."""

    #: What becomes of a mail is not told to us: accepted is all that we know.
    reports = False

    def __init__(self, provider: Provider | None) -> None:
        self.provider = provider
        self.name = provider.name if provider else "mail"

    def send(self, to: str, outgoing: Outgoing, delivery: UUID) -> str:
        """Send one mail. Raises CarrierError."""
        sender = self.provider.from_address if self.provider else ""
        _post(
            EmailMessage(
                subject=outgoing.title,
                body=outgoing.long,
                to=[to],
                from_email=sender or None,
                headers={
                    "X-Upstander-Delivery": str(delivery),
                    "Auto-Submitted": "auto-generated",
                    **({"Importance": "high"} if outgoing.urgent else {}),
                },
            ),
            self._backend(),
        )
        return ""

    def ask(self, ref: str) -> Report:
        """Mail servers can't be asked."""
        raise CarrierError("mail can't be asked after")

    def end(self, ref: str) -> None:
        """A mail that went is gone."""

    def ping(self) -> None:
        """Open and close a connection, as far as this backend has one. Raises CarrierError."""
        from anymail.exceptions import AnymailError  # noqa: PLC0415 - see _post

        try:
            with self._backend():
                pass
        except (AnymailError, OSError, DatabaseError) as error:
            raise CarrierError(type(error).__name__) from error

    def _backend(self) -> BaseEmailBackend:
        if self.provider is None:
            return mailers.default
        made: BaseEmailBackend = import_string(self.provider.backend)(
            alias=self.provider.name, **self.provider.options
        )
        return made


def _post(message: EmailMessage, backend: BaseEmailBackend) -> None:
    """Hand one message over. Raises CarrierError, whose words hold no address."""
    # It brings `requests`; the public site, which sends nothing, would start with that too.
    from anymail.exceptions import AnymailError, AnymailRecipientsRefused  # noqa: PLC0415

    try:
        backend.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        # 4xx is "not now" (a full box, grey-listing); 5xx is "never" (RFC 5321 section 4.2.1).
        codes = [code for code, _words in error.recipients.values()]
        never = bool(codes) and all(code >= 500 for code in codes)
        raise CarrierError(
            f"the address was refused ({', '.join(map(str, codes))})",
            permanent=never,
            broken="refused" if never else "",
        ) from error
    except smtplib.SMTPDataError as error:
        raise CarrierError(
            f"the message was refused ({error.smtp_code})", permanent=error.smtp_code >= 500
        ) from error
    except smtplib.SMTPResponseException as error:
        # Login and sender are the center's own settings: somebody will mend them.
        raise CarrierError(f"the mail server said {error.smtp_code}") from error
    except AnymailRecipientsRefused as error:
        raise CarrierError("the address was refused", broken="refused") from error
    except AnymailError as error:
        why = getattr(error, "status_code", None) or type(error).__name__
        raise CarrierError(f"the mail service refused ({why})") from error
    # Every error of `requests` is an OSError.
    except (smtplib.SMTPException, OSError, DatabaseError) as error:
        raise CarrierError(f"the mail server could not be used ({type(error).__name__})") from error
    except ValueError as error:
        # An address with a line break, say. It must not keep the pages after it from leaving.
        raise CarrierError("the address can't be written to", broken="refused") from error
