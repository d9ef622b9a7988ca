"""Tips that ended long ago, and a clock that a test sets."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from conftest import Cast
from upstander.decisions.actions import close_tip
from upstander.mandated.actions.confirming import confirm_fact, facts_of
from upstander.retention import sweeps
from upstander.retention.models import Item
from upstander.states import law_files
from upstander.tips import reporter
from upstander.tips.opening import open_tip
from upstander.triage.actions.work import claim_tip


def set_clock(at: datetime) -> None:
    """Let it be this moment for the database; sessions go on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION api.clock_now() RETURNS timestamptz LANGUAGE sql STABLE"
            f" AS $$ SELECT timestamptz '{at.isoformat()}' $$"
        )
        cursor.execute(
            "UPDATE people_staffsession SET used_at = api.clock_now(), started_at = api.clock_now()"
        )


def file(cast: Cast, school: str = "cedar", tile: str = "bullying") -> reporter.Filed:
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="Words of a child.",
            language="en",
            tile=tile,
            school_id=getattr(cast, school).pk,
        )
    )


def closed(cast: Cast, disposition: str = "unfounded", school: str = "cedar") -> reporter.Filed:
    """File a tip, let a counselor claim and close it."""
    filed = file(cast, school)
    alice = cast.viewer("alice")
    claim_tip(alice, filed.tip_id)
    close_tip(open_tip(alice, filed.tip_id), disposition, "Nobody there.")
    return filed


def confirm_keeping(cast: Cast, *, stands: bool = True, only: str = "") -> None:
    """Let an administrator confirm how long what is kept, or take that back: one rule, or all."""
    file = next(one for one in law_files() if one.key == "keep-us-ct")
    for fact in facts_of(file):
        if only in ("", fact.key):
            confirm_fact(cast.viewer("ada"), file.key, fact.key, fact.digest, stands=stands)


def listed(cast: Cast) -> list[UUID]:
    """Let the worker list what is due by confirmed rules, over its own role; returns the items'
    subjects."""
    confirm_keeping(cast)
    as_worker(sweeps.list_due)
    return list(Item.objects.exclude(state="dropped").values_list("subject", flat=True))


def as_worker(work: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_worker")
    try:
        done: int = work()  # type: ignore[operator]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
    return done
