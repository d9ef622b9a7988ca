"""The register's walls, attacked over the real roles' own connections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from conftest import Cast, LoginRole
from upstander.mandated.register.models import Entry
from upstander.mandated.register.tests.test_register import accuse
from upstander.mandated.tests.test_duties import offices
from upstander.matters.models import Folder, FolderGrant
from upstander.people.scope import DATABASE_ROLE

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]


@pytest.mark.django_db
def test_whoever_reports_holds_nothing_of_the_entry(cast: Cast) -> None:
    offices(cast)
    accuse(cast, "tom")
    folder = Folder.objects.get(kind="register")
    tess = cast.people["tess"].pk
    assert folder.opened_by == tess
    assert f"person:{tess}" not in FolderGrant.objects.filter(folder_id=folder.pk).values_list(
        "holder", flat=True
    )


@pytest.mark.parametrize("accused", ["sol", "hana"])
def test_over_their_own_connection_the_accused_and_those_under_them_find_no_trace(
    committed_cast: Cast, real_database: SignIn, accused: str
) -> None:
    offices(committed_cast)
    for who in ("tess", "uma"):
        accuse(committed_cast, accused, who)
    entries = list(Entry.objects.all())
    traces = {str(one) for e in entries for one in (e.pk, e.folder_id)}
    excluded = {
        "sol": ("sol", "cleo", "hana", "dee", "tess"),
        "hana": ("hana", "dino", "dee", "tess"),
    }
    staff = real_database(LoginRole.STAFF)
    for name in excluded[accused]:
        viewer = committed_cast.viewer(name)
        for active_role in sorted(set(DATABASE_ROLE.values())):
            staff.execute(f"SET ROLE {active_role}".encode())
            staff.execute("SELECT set_config('upstander.token', %s, false)", [viewer.scope])
            for table in (
                "register_entry",
                "register_blindindex",
                "register_event",
                "register_disclosure",
                "matters_folder",
                "matters_foldergrant",
                "audit_entry",
                "vault_shredkey",
                "carriers_notice",
            ):
                try:
                    rows = staff.execute(b"TABLE " + table.encode()).fetchall()
                except errors.InsufficientPrivilege:
                    continue
                assert not [trace for trace in traces if trace in str(rows)], (
                    name,
                    active_role,
                    table,
                )
            staff.execute("RESET ROLE")


#: A clean outcome, past the page; values: its id, the entry, the event.
PROPOSE = (
    "SELECT api.propose_change(p_proposal => %s, p_entry => %s, p_event => %s, "
    "p_happened => now()::date, p_kind => 'other', p_outcome => 'unsubstantiated', "
    "p_outcome_on => now()::date, p_keep => now()::date, p_strengths => '{}', p_indexes => '{}', "
    "p_found_by => 'x', p_sealed => 'x', p_reason => 'x', p_sealed_event => 'x', p_tell => '{}')"
)


def test_no_login_writes_the_register_past_its_functions(
    committed_cast: Cast, real_database: SignIn
) -> None:
    offices(committed_cast)
    accuse(committed_cast, "tom")
    entry = Entry.objects.get()
    cleo, tess = committed_cast.viewer("cleo"), committed_cast.viewer("tess")
    staff = real_database(LoginRole.STAFF)

    def refused(viewer: Any, attack: str, *values: object) -> None:
        staff.execute("BEGIN")
        staff.execute("SELECT set_config('role', 'upstander_school', true)")
        staff.execute("SELECT set_config('upstander.token', %s, true)", [viewer.scope])
        with pytest.raises((errors.InsufficientPrivilege, errors.NoDataFound)):
            staff.execute(attack.encode(), values)
        staff.execute("ROLLBACK")

    for attack in (
        "UPDATE register_entry SET outcome = 'unsubstantiated'",
        "DELETE FROM register_blindindex",
        "DELETE FROM register_event",
        "INSERT INTO register_event DEFAULT VALUES",
        "SELECT register_opens(%s)",
    ):
        refused(cleo, attack, *([entry.pk] if "%s" in attack else []))
    refused(tess, PROPOSE, uuid4(), entry.pk, uuid4())
    refused(
        tess,
        (
            "SELECT api.open_allegation(p_entry => %s, p_event => %s, p_reason => 'new', "
            "p_sealed => '')"
        ),
        entry.pk,
        uuid4(),
    )
    refused(
        tess,
        (
            "SELECT api.dispose_allegation(p_entry => %s, p_event => %s, p_agree => true, "
            "p_sealed => '', p_rules => 'us-ct', p_digest => '')"
        ),
        entry.pk,
        uuid4(),
    )
    # Nor does whoever holds a grant without a role: the folder alone opens nothing.
    refused(
        cleo,
        (
            "SELECT api.dispose_allegation(p_entry => %s, p_event => %s, p_agree => true, "
            "p_sealed => '', p_rules => 'us-ct', p_digest => '')"
        ),
        entry.pk,
        uuid4(),
    )
    owner = real_database(LoginRole.OWNER)
    for attack in (
        "DELETE FROM register_entry",
        "TRUNCATE register_entry CASCADE",
        "UPDATE register_event SET person_id = 1",
        "UPDATE register_entry SET filed_at = filed_at - interval '1 year'",
        "UPDATE register_entry SET outcome = 'unsubstantiated'",
        "UPDATE register_entry SET keep_until = '2020-01-01'",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            owner.execute(attack.encode())
