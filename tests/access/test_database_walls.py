"""The database refuses, whatever the code does: attacked over each role's own connection."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from typing import Any

import psycopg
import pytest
from psycopg import errors

from conftest import Cast
from upstander.config.database import Role as LoginRole
from upstander.tips import reporter
from upstander.tips.states import MOVES

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]

#: Tables without row-level security, and why: accounts are read before anybody has signed in, and
#: Django's own tables hold nothing of a tip.
OPEN_TABLES = {
    "account_emailaddress",
    "account_emailconfirmation",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "carriers_outboxmail",
    "django_content_type",
    "django_migrations",
    "django_session",
    "mfa_authenticator",
}
ACTIVE_ROLES = (
    "upstander_center",
    "upstander_school",
    "upstander_district",
    "upstander_admin",
    "upstander_police",
    "upstander_monitor",
)


def tenant_tables(owner: psycopg.Connection[tuple[Any, ...]]) -> list[str]:
    rows = owner.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'r' AND relrowsecurity ORDER BY 1"
    )
    return [name for (name,) in rows]


def a_tip(cast: Cast, school: str = "cedar") -> reporter.Filed:
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="A tip.",
            language="en",
            school_id=getattr(cast, school).pk,
        )
    )


def test_every_table_with_people_or_tips_in_it_has_row_level_security(
    real_database: SignIn,
) -> None:
    rows = real_database(LoginRole.OWNER).execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'r' AND NOT relrowsecurity"
    )
    assert {name for (name,) in rows} <= OPEN_TABLES


def test_the_public_role_can_touch_no_table_and_call_only_its_functions(
    committed_cast: Cast, real_database: SignIn
) -> None:
    a_tip(committed_cast)
    public, owner = real_database(LoginRole.PUBLIC), real_database(LoginRole.OWNER)
    tables = owner.execute(
        "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'v', 'S')"
        " AND relnamespace IN ('public'::regnamespace, 'api'::regnamespace)"
    )
    for (table,) in tables.fetchall():
        held = owner.execute(
            "SELECT bool_or(has_table_privilege('upstander_public', %s, p))"
            " FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE']) p",
            [table],
        ).fetchone()
        assert held == (False,), table
        with pytest.raises(errors.InsufficientPrivilege):
            public.execute(f"SELECT * FROM public.{table}".encode())
    callable_ = owner.execute(
        "SELECT proname FROM pg_proc WHERE has_function_privilege('upstander_public', oid,"
        " 'EXECUTE') AND pronamespace IN ('public'::regnamespace, 'api'::regnamespace)"
    )
    assert {name for (name,) in callable_.fetchall()} <= {
        "door_back",
        "door_begin",
        "door_bridge",
        "door_call",
        "door_call_again",
        "door_call_begin",
        "door_call_goes_on",
        "door_call_key",
        "door_call_out",
        "door_call_over",
        "door_call_try",
        "door_call_wish",
        "door_wish",
        "door_wish_back",
        "door_wish_stands",
        "door_leg",
        "door_leg_joins",
        "door_leg_over",
        "door_own",
        "door_take",
        "door_code",
        "door_codes_open",
        "door_goes_on",
        "door_wrong_code",
        "door_carried",
        "door_cross",
        "door_copy",
        "door_crowded",
        "door_find",
        "door_picture",
        "door_receipt",
        "door_seasons",
        "door_text",
        "adult_link",
        "ask_callout",
        "callout_sites",
        "carrier_key",
        "carrier_receipt",
        "carrier_script",
        "carrier_taken",
        "carrier_text",
        "clock_now",
        "file_tip",
        "find_services",
        "probe_part",
        "law_confirmations",
        "public_places",
        "line_failed",
        "public_services",
        "public_waits",
        "published",
        "talk",
        "talk_add",
        "talk_among",
        "talk_attach",
        "talk_by_code",
        "talk_close",
        "talk_end",
        "talk_hide",
        "talk_raise",
        "talk_start",
    }


def test_no_role_can_become_one_that_it_is_not(real_database: SignIn) -> None:
    everybody = {"postgres", "upstander_owner", *ACTIVE_ROLES, *(r.login for r in LoginRole)}
    for role in (LoginRole.PUBLIC, LoginRole.WORKER, LoginRole.SIGN_IN, LoginRole.STAFF):
        connection = real_database(role)
        allowed = {role.login, *(ACTIVE_ROLES if role is LoginRole.STAFF else ())}
        for other in sorted(everybody - allowed):
            with pytest.raises((errors.InsufficientPrivilege, errors.InvalidParameterValue)):
                connection.execute(f"SET ROLE {other}".encode())
            with pytest.raises((errors.InsufficientPrivilege, errors.InvalidParameterValue)):
                connection.execute("SELECT set_config('role', %s, false)", [other])


def test_without_a_session_a_staff_connection_sees_zero_rows(
    committed_cast: Cast, real_database: SignIn
) -> None:
    a_tip(committed_cast)
    owner, staff = real_database(LoginRole.OWNER), real_database(LoginRole.STAFF)
    for active_role, table in product(ACTIVE_ROLES, tenant_tables(owner)):
        staff.execute(f"SET ROLE {active_role}".encode())
        try:
            row = staff.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
            if table.startswith("directory_"):
                continue
            assert row == (0,), (active_role, table)
        except errors.InsufficientPrivilege:
            pass
        finally:
            staff.execute("RESET ROLE")


def test_a_strangers_session_sees_nothing_of_anothers_tip(
    committed_cast: Cast, real_database: SignIn
) -> None:
    a_tip(committed_cast)
    staff = real_database(LoginRole.STAFF)
    names = ("charlie", "cora", "pia", "paul", "bob", "ada")
    viewers = {name: committed_cast.viewer(name) for name in names}
    for (name, viewer), active_role in product(viewers.items(), ACTIVE_ROLES):
        staff.execute(f"SET ROLE {active_role}".encode())
        staff.execute("SELECT set_config('upstander.token', %s, false)", [viewer.scope])
        for table in (
            "tips_tip",
            "tips_message",
            "tips_note",
            "tips_attachment",
            "tips_recipient",
            "tips_subject",
            "tips_draft",
            "triage_assessment",
            "triage_handoff",
            "decisions_closing",
            "decisions_secondopinion",
            "escalations_alert",
            "escalations_step",
            "escalations_page",
            "vault_grant",
            "vault_shredkey",
            "matters_matter",
        ):
            try:
                row = staff.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
            except errors.InsufficientPrivilege:
                continue
            assert row == (0,), (name, active_role, table)
        staff.execute("RESET ROLE")


def test_an_injected_set_config_opens_no_other_scope(
    committed_cast: Cast, real_database: SignIn
) -> None:
    """One SELECT with an injection may set every setting it likes, and still sees nothing."""
    filed = a_tip(committed_cast)
    charlie, alice = committed_cast.viewer("charlie"), committed_cast.viewer("alice")
    staff = real_database(LoginRole.STAFF)
    with staff.transaction():
        staff.execute("SELECT set_config('role', 'upstander_school', true)")
        staff.execute("SELECT set_config('upstander.token', %s, true)", [charlie.scope])
        injected = (
            "SELECT count(*), set_config('role', 'upstander_center', true),"
            " set_config('upstander.district', '1', true),"
            " set_config('upstander.token', encode(sha256('guess'::bytea), 'hex'), true)"
            " FROM tips_tip"
        )
        row = staff.execute(injected.encode()).fetchone()
        assert row is not None
        assert row[0] == 0
        after = staff.execute("SELECT count(*) FROM tips_tip").fetchone()
        assert after == (0,)
    with staff.transaction():
        staff.execute("SELECT set_config('role', 'upstander_school', true)")
        staff.execute("SELECT set_config('upstander.token', %s, true)", [charlie.scope])
        # Nor can it make itself a session: that function is another login role's.
        with pytest.raises(errors.InsufficientPrivilege):
            staff.execute(
                "SELECT api.start_session(hash => '\\x00', person => %s, proof => '\\x00', "
                "seed => NULL, done => true)",
                [alice.person_id],
            )
    assert filed.reference


def test_the_worker_pages_people_and_reads_no_tip_and_no_key(
    committed_cast: Cast, real_database: SignIn
) -> None:
    a_tip(committed_cast)
    worker = real_database(LoginRole.WORKER)
    assert worker.execute("SELECT count(*) FROM escalations_step").fetchone() == (1,)
    for table in (
        "tips_tip",
        "tips_message",
        "tips_note",
        "vault_grant",
        "vault_sealedkey",
        "vault_personkey",
        "vault_shredkey",
        "people_staffsession",
        "tips_returncode",
        "audit_entry",
        "matters_exclusion",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            worker.execute(f"SELECT * FROM {table}".encode())


def test_the_guard_of_states_is_the_table_that_actions_obey(real_database: SignIn) -> None:
    source = (
        real_database(LoginRole.OWNER)
        .execute("SELECT prosrc FROM pg_proc WHERE proname = 'tips_tip_moves'")
        .fetchone()
    )
    assert source is not None
    allowed = {
        f"{old.value}>{new.value}" for old, moves in MOVES.items() for new in moves if old != new
    }
    assert allowed == set(re.findall(r"'(\w+>\w+)'", source[0]))
