"""Duties, reports, the register and cases rewritten by the database's owner, column by column.

What happened, when, and whose it was stays as it was written, said to the tables' owner too. With
every guard switched off the rows can be changed: then the sealed record still says what they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import Error, connection

from conftest import Cast
from tests.matters import Matter, Told, offices_and_staff, tell_matter
from upstander.audit.models import Entry
from upstander.audit.sealing import seal
from upstander.audit.tests.owner import SIGNER, SignIn, findings
from upstander.config.database import Role as LoginRole

#: Table → its columns that can be changed by themselves: none says when something happened, whose
#: it was, or that it ended. Everything else stays, or changes with a row that says by whom and why.
MAY_CHANGE: dict[str, set[str]] = {
    # Answers of which the latest counts (each stands in an event), and the next reminder.
    "mandated_duty": {"emergent", "accepted", "remind_at", "reminded", "offices_told_at"},
    "mandated_dutyevent": set(),
    "mandated_deadline": {"remind_at", "reminded"},
    "written_report": set(),
    "written_evidence": set(),
    # What no letter rests on; what was known before is sealed in its events, which stay.
    "register_entry": {"disability", "restraint", "notes", "dispose_by"},
    "register_event": set(),
    # What it is about, and who leads it; how much is in it only grows, danger is never lowered.
    # "closed" needs a closing that stands: these three alone close nothing.
    "cases_case": {
        "concern",
        "owner_id",
        "changed_at",
        "items",
        "inner_id",
        "life_safety",
        "home_asked_at",
        "their_home_asked_at",
        "maker_home_asked_at",
        "aimed_home_asked_at",
        "state",
        "disposition",
        "closed_at",
    },
    "cases_caseitem": set(),
    # By whom it was ended counts only with when, which does not change by itself.
    "cases_caseaction": {"owner_id", "remind_at", "reminded", "ended_by"},
    "cases_casetip": set(),
}
#: A value that a column does not have, by its type.
OTHER = {
    "timestamp with time zone": "coalesce({0}, now()) - interval '1 hour'",
    "date": "coalesce({0}, current_date) - 1",
    "uuid": "gen_random_uuid()",
    "boolean": "NOT coalesce({0}, false)",
    "bytea": r"'\x00'",
    "bigint": "coalesce({0}, 0) + 1",
    "integer": "coalesce({0}, 0) + 1",
    "smallint": "coalesce({0}, 0) + 1",
    "text": "'x'",
    "character varying": "'x'",
}


@pytest.fixture
def matter(cast: Cast) -> Matter:
    offices_and_staff(cast)
    return tell_matter(cast, Told(("bob",)))


@contextmanager
def taken_back() -> Iterator[None]:
    point = connection.savepoint() or ""
    try:
        yield
    finally:
        connection.savepoint_rollback(point)


def columns(table: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s",
            [table],
        )
        return dict(cursor.fetchall())


def refused(statement: str) -> bool:
    """Tell whether the owner's statement is refused; nothing of it stays."""
    with taken_back(), connection.cursor() as cursor:
        try:
            cursor.execute(statement)
        except Error:
            return True
        assert cursor.rowcount != 0, f"there was nothing to change: {statement}"
        return False


@pytest.mark.django_db
def test_the_owner_changes_no_column_that_says_what_happened(matter: Matter) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    changed = []
    for table, free in MAY_CHANGE.items():
        for column, kind in columns(table).items():
            if column not in free and not refused(
                f"UPDATE {table} SET {column} = {OTHER[kind].format(column)}"
            ):
                changed.append(f"{table}.{column}")
        for attack in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            assert refused(attack), attack
    assert not changed, "\n".join(changed)


def test_with_every_guard_off_the_sealed_record_still_says_what_it_was(
    committed_cast: Cast, real_database: SignIn, tmp_path: Path
) -> None:
    offices_and_staff(committed_cast)
    matter = tell_matter(committed_cast, Told(("bob",)))
    assert seal(SIGNER, tmp_path / "checkpoint", datetime.now(UTC))
    owner = real_database(LoginRole.OWNER)
    for table in (*MAY_CHANGE, "audit_entry"):
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
    duty, case = matter.values["duty_id"], matter.values["case_id"]
    owner.execute(
        "UPDATE mandated_duty SET cause_at = cause_at + interval '6 hours',"
        " first_at = first_at - interval '6 hours'"
    )
    owner.execute("UPDATE cases_case SET opened_at = opened_at - interval '3 days'")
    assert findings() == [], "the record itself is whole, and says another time than the rows"
    rows = {one.action: one for one in Entry.objects.filter(subject_id=str(duty))}
    (cause, first), *_ = owner.execute(
        "SELECT cause_at, first_at FROM mandated_duty WHERE id = %s", [duty]
    ).fetchall()
    assert datetime.fromisoformat(rows["suspicion noted"].detail["typed"]) != cause
    assert datetime.fromisoformat(rows["duty: first"].detail["typed"]) != first
    begun = Entry.objects.get(subject_id=str(case), action="case begun")
    (opened_at,) = owner.execute(
        "SELECT opened_at FROM cases_case WHERE id = %s", [case]
    ).fetchone() or (None,)
    assert abs((begun.at - opened_at).total_seconds()) > 86400
    # And an entry that is made to agree with the rows is found, and named.
    for entry in (rows["suspicion noted"], rows["duty: first"], begun):
        owner.execute(
            "UPDATE audit_entry SET at = at - interval '6 hours' WHERE id = %s", [entry.pk]
        )
        assert {(one.kind, one.entry) for one in findings()} == {("changed", entry.pk)}
        owner.execute(
            "UPDATE audit_entry SET at = at + interval '6 hours' WHERE id = %s", [entry.pk]
        )
    owner.execute("DELETE FROM audit_entry WHERE subject_id = %s", [str(duty)])
    assert {one.entry for one in findings()} >= {one.pk for one in rows.values()}
