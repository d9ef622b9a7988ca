"""What the worker does: a copy whose consent is over goes; a silent agency is asked again."""

from __future__ import annotations

import logging

from django.db import connection, transaction

from upstander.carriers.notices import tell
from upstander.referrals.due import SILENT
from upstander.referrals.mailing import ask_agency_again
from upstander.vault.errors import VaultError

_BATCH = 50
logger = logging.getLogger(__name__)


def sweep_consents() -> int:
    """Destroy the copies whose consent has run out; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.end_consents()")
        [(gone,)] = cursor.fetchall()
    return int(gone)


def sweep_silent_agencies() -> int:
    """Ask agencies again that were told two days ago and say nothing, once; then tell who referred.

    A mail that no server takes is not tried again: two days later a person hears of the silence.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT referral, mailbox, made_by FROM api.silent_agencies(p_limit => %s,"
                " p_wait => make_interval(secs => %s))",
                [_BATCH, SILENT.total_seconds()],
            )
            due = cursor.fetchall()
        for _, mailbox, made_by in due:
            if mailbox is None:
                tell(made_by, "agency_silent")
    for referral, mailbox, _ in due:
        if mailbox is not None:
            try:
                ask_agency_again(referral, bytes(mailbox))
            except VaultError as error:
                logger.error("an agency can't be asked again: %s", type(error).__name__)
    return len(due)
