"""The demo's way out: mail is kept for the outbox page instead of being sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.db import connection


class OutboxBackend(BaseEmailBackend):
    """Writes each message into ``carriers_outboxmail``."""

    def __init__(self, alias: str | None = None, **kwargs: Any) -> None:
        super().__init__(alias=alias, **kwargs)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the messages; returns how many recipients they had."""
        count = 0
        with connection.cursor() as cursor:
            for message in email_messages:
                for to in message.recipients():
                    cursor.execute(
                        'INSERT INTO carriers_outboxmail ("to", subject, body, at)'
                        " VALUES (%s, %s, %s, now())",
                        [to, str(message.subject), str(message.body)],
                    )
                    count += 1
        return count
