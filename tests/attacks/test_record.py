"""Nobody changes the record: attacked over each role's own connection, the owner's included."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg import errors

from conftest import Cast
from upstander.audit.models import Entry
from upstander.audit.queries import is_whole
from upstander.config.database import Role
from upstander.tips import reporter

type SignIn = Callable[[Role], psycopg.Connection[tuple[Any, ...]]]

ACTIVE_ROLES = ("upstander_center", "upstander_school", "upstander_district", "upstander_admin")
#: The public role may not even know that there is such a table.
REFUSED = (errors.InsufficientPrivilege, errors.UndefinedTable)
CHANGES = (
    "UPDATE audit_entry SET action = 'nothing happened'",
    "UPDATE audit_entry SET leaf = leaf WHERE false",
    "DELETE FROM audit_entry",
    "DELETE FROM audit_entry WHERE false",
    "TRUNCATE audit_entry",
    "TRUNCATE audit_entry CASCADE",
    "MERGE INTO audit_entry e USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    "INSERT INTO audit_entry (id, xid, at, actor_kind, action, subject_kind, subject_id, detail,"
    " canonical, leaf) SELECT id, xid, at, actor_kind, 'x', subject_kind, subject_id, detail,"
    " canonical, leaf FROM audit_entry LIMIT 1 ON CONFLICT (id) DO UPDATE SET action = 'x'",
)


def an_entry(cast: Cast) -> None:
    reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(), text="A.", language="en", school_id=cast.cedar.pk
        )
    )


def everything(owner: psycopg.Connection[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return owner.execute("SELECT * FROM audit_entry ORDER BY id").fetchall()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("role", [*Role, *ACTIVE_ROLES])
def test_no_role_changes_or_removes_an_entry(
    real_database: SignIn, committed_cast: Cast, role: str, change: str
) -> None:
    an_entry(committed_cast)
    owner = real_database(Role.OWNER)
    before = everything(owner)
    assert before
    active_role = role in ACTIVE_ROLES
    attacker = real_database(Role.STAFF if active_role else Role(role))
    if active_role:
        # With the token of somebody who may read the entry, so that no filter saves it.
        name = {"center": "alice", "district": "dee", "admin": "ada"}.get(role[10:], "tom")
        token = committed_cast.viewer(name).scope
        attacker.execute(f"SET ROLE {role}".encode())
        attacker.execute("SELECT set_config('upstander.token', %s, false)", [token])
    with pytest.raises(REFUSED):
        attacker.execute(change.encode())
    assert everything(owner) == before


@pytest.mark.parametrize(
    "disarm",
    [
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_entry_refuse ON audit_entry",
        "SET session_replication_role = replica",
        "DROP TABLE audit_entry",
        "CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RETURN NULL; END$$",
        "SELECT setval('audit_entry_id_seq', 1)",
    ],
)
@pytest.mark.parametrize("role", [Role.PUBLIC, Role.STAFF, Role.WORKER])
def test_no_process_s_role_can_disarm_the_guard(
    real_database: SignIn, committed_cast: Cast, role: Role, disarm: str
) -> None:
    with pytest.raises(REFUSED):
        real_database(role).execute(disarm.encode())


def test_nobody_writes_in_another_s_name(real_database: SignIn, committed_cast: Cast) -> None:
    staff = real_database(Role.STAFF)
    token = committed_cast.viewer("tom").scope
    staff.execute("SET ROLE upstander_school")
    staff.execute("SELECT set_config('upstander.token', %s, false)", [token])
    insert = (
        "INSERT INTO audit_entry (actor_kind, actor_id, action, subject_kind, subject_id, detail)"
        " VALUES ('staff', %s, 'tip opened', 'tip', 'x', '{}')"
    )
    staff.execute(insert, [committed_cast.people["tom"].pk])
    with pytest.raises(errors.InsufficientPrivilege):
        staff.execute(insert, [committed_cast.people["uma"].pk])
    with pytest.raises(errors.InsufficientPrivilege):
        real_database(Role.WORKER).execute(insert, [committed_cast.people["uma"].pk])


def test_a_writer_chooses_neither_number_time_nor_hash(cast: Cast) -> None:
    Entry.objects.bulk_create(
        [
            Entry(
                id=7_000_000,
                xid=1,
                at="2001-01-01T00:00:00Z",
                actor_kind="system",
                action="forged",
                subject_kind="tip",
                subject_id="x",
                canonical="{}",
                leaf=b"\0" * 32,
            )
        ]
    )
    entry = Entry.objects.get(action="forged")
    assert entry.pk != 7_000_000
    assert entry.at.year > 2001
    assert entry.xid > 1
    assert is_whole(entry)


def test_the_hash_is_that_of_the_standard(cast: Cast) -> None:
    """Checked as an outsider would: RFC 6962 section 2.1 over the text as it is exported."""
    an_entry(cast)
    for entry in Entry.objects.all():
        leaf = hashlib.sha256(b"\x00" + entry.canonical.encode("utf-8")).digest()
        assert leaf == bytes(entry.leaf)


def test_equal_entries_have_different_hashes(cast: Cast) -> None:
    """The second at which a child wrote can't be found out by trying all of a day."""
    insert = {"actor_kind": "system", "action": "same", "subject_kind": "x", "subject_id": "x"}
    for _ in range(2):
        Entry.objects.bulk_create([Entry(xid=0, at="2001-01-01T00:00:00Z", leaf=b"", **insert)])
    one, two = Entry.objects.filter(action="same")
    assert bytes(one.leaf) != bytes(two.leaf)
    assert '"blind": ' in one.canonical
