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
#: Schema and all, so that what refuses is a right, and not that a name is unknown.
CHANGES = (
    "UPDATE public.audit_entry SET action = 'nothing happened'",
    "UPDATE public.audit_entry SET leaf = leaf WHERE false",
    "DELETE FROM public.audit_entry",
    "DELETE FROM public.audit_entry WHERE false",
    "TRUNCATE public.audit_entry",
    "TRUNCATE public.audit_entry CASCADE",
    "MERGE INTO public.audit_entry e USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    "INSERT INTO public.audit_entry (id, xid, at, actor_kind, action, subject_kind, subject_id,"
    " detail, canonical, leaf) SELECT id, xid, at, actor_kind, 'x', subject_kind, subject_id,"
    " detail, canonical, leaf FROM public.audit_entry LIMIT 1 ON CONFLICT (id) DO UPDATE"
    " SET action = 'x'",
)
#: What an owner could do, and no process.
DISARMS = (
    "ALTER TABLE public.audit_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER audit_entry_refuse ON public.audit_entry",
    "SET session_replication_role = replica",
    "DROP TABLE public.audit_entry",
    "CREATE OR REPLACE FUNCTION public.audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " $$BEGIN RETURN NULL; END$$",
    "SELECT setval('public.audit_entry_id_seq', 1)",
)


def an_entry(cast: Cast) -> None:
    reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(), text="A.", language="en", school_id=cast.cedar.pk
        )
    )


def everything(owner: psycopg.Connection[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return owner.execute("SELECT * FROM audit_entry ORDER BY id").fetchall()


def refused(attacker: psycopg.Connection[tuple[Any, ...]], statement: str) -> bool:
    """Tell whether the database lets an attacker not even try, whatever rows there are."""
    try:
        attacker.execute(statement.encode())
    except errors.InsufficientPrivilege:
        return True
    return False


def test_no_role_changes_record_or_disarms_guard(
    real_database: SignIn, committed_cast: Cast
) -> None:
    """Each role × each statement, on its own connection."""
    an_entry(committed_cast)
    owner = real_database(Role.OWNER)
    before = everything(owner)
    assert before
    for role in (*Role, *ACTIVE_ROLES):
        active_role = role in ACTIVE_ROLES
        attacker = real_database(Role.STAFF if active_role else Role(role))
        if active_role:
            # With the token of somebody who may read the entry, so that no filter saves it.
            name = {"center": "alice", "district": "dee", "admin": "ada"}.get(role[10:], "tom")
            token = committed_cast.viewer(name).scope
            attacker.execute(f"SET ROLE {role}".encode())
            attacker.execute("SELECT set_config('upstander.token', %s, false)", [token])
        process = role in (Role.PUBLIC, Role.STAFF, Role.WORKER)
        for statement in (*CHANGES, *DISARMS) if process else CHANGES:
            assert refused(attacker, statement), (role, statement)
            assert everything(owner) == before, (role, statement)


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
