"""Whether somebody has had before them what they decide on: the record knows who opened what.

A press opens a folder or a tip as well, for what it keeps, and says so; only a page that shows the
words counts (``audit_opened``). The database asks the same where the decision is written.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from upstander.base.refused import Refused

_EVER = datetime.min.replace(tzinfo=UTC)


def has_opened(kind: str, subject_id: UUID, since: datetime = _EVER) -> bool:
    """Tell whether the viewer has had a subject's words before them since then (UTC).

    Call inside ``viewing``.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.has_opened(p_kind => %s, p_subject => %s, p_since => %s)",
            [kind, subject_id, since],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def need_opened(kind: str, subject_id: UUID, since: datetime) -> None:
    """Refuse a second person's yes to what they have not opened since it was proposed (UTC).

    Call inside ``viewing``, and not of a no: who turns something down needs not have read it.
    Raises Refused.
    """
    if not has_opened(kind, subject_id, since):
        raise Refused(
            _("Open its page and read it first: you can’t approve what you haven’t seen.")
        )
