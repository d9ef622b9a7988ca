"""What stands is what was shipped; whoever changes it is named, however they do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection

from conftest import LoginRole
from upstander.schema import shipped
from upstander.schema.texts import definitions, our_apps, tables_of

type SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]


def _names() -> list[str]:
    return [str(difference) for difference in shipped.differences()]


def test_a_database_made_from_nothing_stands_as_shipped(db: None) -> None:
    """Fails after a change of SQL or policies without `make digests`."""
    assert _names() == []


def test_every_app_s_file_holds_its_own(db: None) -> None:
    """Nothing is shipped that no text, no table and no role explains."""
    known = {t.name for app in our_apps() for t in tables_of(app)}
    for kind, name in shipped.shipped():
        if kind in ("function", "trigger", "policy"):
            assert (kind, name.split("(", 1)[0]) in definitions()
        elif kind == "table" and not name.startswith(("auth_", "django_migrations")):
            assert name in known | {"definition"}


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        ("ALTER POLICY center ON tips_tip USING (true)", "policy tips_tip.center: changed"),
        (
            "CREATE POLICY more ON tips_note FOR SELECT TO upstander_school USING (true)",
            "policy tips_note.more: not ours",
        ),
        ("DROP POLICY center ON tips_note", "policy tips_note.center: missing"),
        (
            "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_refuse",
            "trigger audit_entry.audit_entry_refuse: changed",
        ),
        (
            "DROP TRIGGER audit_entry_refuse ON audit_entry",
            "trigger audit_entry.audit_entry_refuse: missing",
        ),
        ("ALTER TABLE tips_tip DISABLE ROW LEVEL SECURITY", "table tips_tip: changed"),
        ("GRANT SELECT ON tips_message TO upstander_public", "table tips_message: changed"),
        ("GRANT SELECT (sealed) ON tips_note TO upstander_police", "table tips_note: changed"),
        ("GRANT SELECT ON tips_note TO PUBLIC", "table tips_note: changed"),
        (
            "GRANT EXECUTE ON FUNCTION api.excluded_matters TO upstander_public",
            "function api.excluded_matters(): changed",
        ),
        (
            "CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN NULL; END'",
            "function public.audit_entry_refuse(): changed",
        ),
        (
            "CREATE FUNCTION api.way_in() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
            " AS 'SELECT count(*) FROM tips_tip'",
            "function api.way_in(): not ours",
        ),
        (
            "CREATE TABLE api.tips_note (LIKE tips_note);"
            " ALTER POLICY center ON public.tips_note USING (true);"
            " ALTER TABLE api.tips_note ENABLE ROW LEVEL SECURITY;"
            " CREATE POLICY center ON api.tips_note TO upstander_center"
            " USING (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tips_note.tip_id))",
            "policy tips_note.center: changed",
        ),
        (
            "ALTER TABLE approvals_approval DROP CONSTRAINT approval_by_another",
            "shape approvals_approval: changed",
        ),
        (
            "ALTER TABLE audit_entry ALTER COLUMN leaf DROP NOT NULL",
            "shape audit_entry: changed",
        ),
        ("CREATE VIEW all_tips AS SELECT * FROM tips_tip", "view all_tips: not ours"),
        (
            "CREATE RULE silent AS ON INSERT TO audit_tile DO INSTEAD NOTHING",
            "rule audit_tile.silent: not ours",
        ),
        ("GRANT CREATE ON SCHEMA api TO upstander_staff", "schema api: changed"),
        (
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO upstander_public",
            "default rights upstander_owner r -: not ours",
        ),
        (
            "GRANT USAGE ON SEQUENCE audit_entry_id_seq TO upstander_public",
            "sequence audit_entry_id_seq: changed",
        ),
    ],
)
def test_whoever_changes_a_guard_is_named(db: None, tampering: str, named: str) -> None:
    """As the database's owner, who may do all of it."""
    with connection.cursor() as cursor:
        cursor.execute(tampering)
    assert named in _names()


def test_another_version_of_the_server_is_said(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its forms are others: a comparison would name everything, and so hide the one thing."""
    monkeypatch.setattr(shipped, "POSTGRES", 17)
    assert shipped.standing_faults() == [
        "what guards the record can't be compared: PostgreSQL 18; the digests are of 17"
    ]


@pytest.mark.parametrize("role", [LoginRole.WORKER, LoginRole.STAFF])
def test_any_role_may_ask(
    real_database: SignIn, role: LoginRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watch and the nightly check need no owner's password for it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role.login}")
    assert _names() == []
