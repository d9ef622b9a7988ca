"""Writing the record: one row, in the transaction of what it records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from django.db import connection

from upstander.plug import acts, need_may_take


class Actor(Protocol):
    """Whoever does something: a viewer, or the system itself."""

    @property
    def actor_kind(self) -> str: ...

    @property
    def actor_id(self) -> int | None: ...


def record(
    action: str,
    *,
    actor: Actor,
    subject_kind: str,
    subject_id: object,
    district_id: int | None = None,
    matter_id: UUID | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add an entry to the record, in the transaction that is open now.

    ``detail`` holds keys and codes, never words that anybody wrote, and no address. Number, time
    (UTC, whole seconds), canonical form and hash are the database's. Raw SQL because the ORM adds
    RETURNING, which would need the right to read the row back. Raises KeyError for an action that
    no app declares (``recorded.py``): what reads the record would not know what it counts as; and
    Refused where it says that somebody takes something (``Act.takes``) who may not now.
    """
    act = acts()[action]
    if act.takes and actor.actor_kind == "staff" and actor.actor_id is not None:
        need_may_take(actor.actor_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (actor_kind, actor_id, action, subject_kind, subject_id,"
            " district_id, matter_id, detail) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                actor.actor_kind,
                actor.actor_id,
                act.name,
                subject_kind,
                str(subject_id),
                district_id,
                matter_id,
                json.dumps(dict(detail or {})),
            ],
        )
