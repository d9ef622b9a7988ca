"""Rows that the database's owner changes, removes or plants, with every guard off: each is named.

The owner can switch triggers off, also those that seal. They hold no signing key and no file that
lies outside; so what they change fits no sealed digest, and what they seal themselves is called
theirs.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from conftest import Cast, database_now
from tests.databases import as_in_a_test, copied, within
from tests.matters import Told, offices_and_staff, tell_matter
from upstander.audit.models import Entry, Head, RowSeal
from upstander.audit.rows import accept_rows, accepted, check_rows
from upstander.audit.sealing import begin_anew, seal
from upstander.audit.tests.owner import SIGNER, Database, SignIn, findings
from upstander.carriers.models import Channel, ContactMethod
from upstander.config.database import Role
from upstander.escalations.models import Policy
from upstander.oncall.models import Layer, LayerMember, Schedule
from upstander.people.scope import System
from upstander.schema.sealed_rows import sealed_tables


@pytest.fixture(scope="module")
def model(_cast: bytes, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A whole matter, told by the real writers; the cast was there before the record was."""
    with copied() as name:
        with within(name, django_db_blocker), pytest.MonkeyPatch.context() as patch:
            as_in_a_test(patch)
            cast: Cast = pickle.loads(_cast)  # noqa: S301 - made by this run
            accept_rows("the tests' cast", System())
            offices_and_staff(cast)
            _ways_and_rota(cast)
            tell_matter(cast, Told(("bob",)))
            # Here the writers sign in as the owner: what some do without an entry is theirs.
            assert {one.kind for one in accept_rows("told as owner", System())} == {"unrecorded"}
        yield name


def _ways_and_rota(cast: Cast) -> None:
    now = database_now()
    for person in list(cast.people.values())[:9]:
        ContactMethod.objects.create(
            person=person,
            kind=Channel.SMS,
            address=f"+1860555{person.pk:04}",
            address_mac=bytes([person.pk % 256]) * 32,
            verified_at=now,
            created_at=now,
        )
    schedule = Schedule.objects.create(
        team=cast.teams["cedar"], time_zone="America/New_York", check_at=now
    )
    layer = Layer.objects.create(
        schedule=schedule, name="Weekly turns", hand_over="08:00", starts_on=now.date()
    )
    LayerMember.objects.create(layer=layer, person=cast.people["tara"], place=1)
    Policy.objects.create(
        center_id=cast.center.pk,
        stage="center",
        situation="any",
        steps=[{"after": 60, "target": "on call"}],
        every=600,
        changed_by=cast.people["sam"].pk,
        changed_at=now,
    )


@pytest.fixture
def owner(real_database: SignIn) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Whoever owns the server: no trigger fires for them, no reference is checked."""
    password = (settings.HOME.passwords / "superuser").read_text("ascii").strip()
    name = connection.settings_dict["NAME"]
    where = f"host={settings.HOME.socket} user=postgres dbname={name} password={password}"
    with psycopg.connect(where, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        yield owner


def named() -> set[tuple[str, str]]:
    """What is found, and of which table."""
    return {(one.kind, one.says.split()[1]) for one in check_rows()}


@pytest.mark.usefixtures("real_database")
def test_what_the_product_writes_is_as_it_was_sealed() -> None:
    assert check_rows() == []
    assert RowSeal.objects.count() > 200


#: What an owner would do, and what is said of it.
ATTACKS = {
    "life safety becomes routine and junk, its alert ended": (
        "UPDATE tips_tip SET priority = 'routine', rank = 3, junk = true;"
        "UPDATE escalations_alert SET state = 'ended', priority = 'routine'",
        {("changed", "tips_tip"), ("changed", "escalations_alert")},
    ),
    "a tip goes with its words, its code and its alert": (
        "DELETE FROM tips_message; DELETE FROM tips_note; DELETE FROM tips_returncode;"
        "DELETE FROM vault_grant; DELETE FROM vault_shredkey; DELETE FROM tips_recipient;"
        "DELETE FROM escalations_alert; DELETE FROM tips_tip",
        {
            ("deleted", table)
            for table in (
                "tips_tip",
                "tips_note",
                "tips_recipient",
                "vault_grant",
                "escalations_alert",
            )
        },
    ),
    "a duty is dated back, and a first report made up": (
        "UPDATE mandated_duty SET first_at = cause_at, first_recorded_at = cause_at,"
        " first_way = 'phone', opened_at = opened_at - interval '1 day' WHERE first_at IS NULL",
        {("changed", "mandated_duty")},
    ),
    "a deadline is put off": (
        "UPDATE mandated_deadline SET due_at = due_at + interval '9 days'",
        {("changed", "mandated_deadline")},
    ),
    "an exclusion is taken away": (
        "DELETE FROM matters_exclusion",
        {("deleted", "matters_exclusion")},
    ),
    "a grant is planted": (
        "INSERT INTO vault_grant (tip_id, district_id, audience, holder, handoff_id, key_version,"
        " blob) SELECT tip_id, district_id, audience, 'person:1', handoff_id, 1, blob"
        " FROM vault_grant LIMIT 1",
        {("inserted", "vault_grant")},
    ),
    "somebody gets into a team": (
        "INSERT INTO people_membership (team_id, person_id, role, reachable_at_night)"
        " SELECT min(t.id), max(p.id), 'supervisor', false FROM people_team t, people_person p"
        " WHERE NOT EXISTS (SELECT 1 FROM people_membership m WHERE m.team_id = t.id"
        " AND m.person_id = p.id)",
        {("inserted", "people_membership")},
    ),
    "nine ways to reach somebody are unverified": (
        "UPDATE carriers_contactmethod SET verified_at = NULL",
        {("changed", "carriers_contactmethod")},
    ),
    "somebody else has the week": (
        "UPDATE oncall_layermember SET person_id = person_id + 1",
        {("changed", "oncall_layermember")},
    ),
    "the policy asks an hour later": (
        "UPDATE escalations_policy SET every = 36000",
        {("changed", "escalations_policy")},
    ),
    "another outcome in the register": (
        "UPDATE register_entry SET outcome = 'unfounded'",
        {("changed", "register_entry")},
    ),
    "an edition is forged": (
        "INSERT INTO editions_publishededition (district_id, subject, half, audience, person_mac,"
        " excluded, tables, measures, seal, published_at)"
        " SELECT id, 'x', '2020-1', 'public', '', '{}', '{}', '[]', '', now()"
        " FROM places_district LIMIT 1",
        {("inserted", "editions_publishededition")},
    ),
    "a place has another address": (
        "UPDATE places_school SET address = 'elsewhere'",
        {("changed", "places_school")},
    ),
    "a district goes to another center": (
        "UPDATE places_district SET center_id = (SELECT max(id) FROM places_center)"
        " WHERE center_id = (SELECT min(id) FROM places_center)",
        {("changed", "places_district")},
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_each_attack_is_named(owner: Database, attack: str) -> None:
    sql, expected = ATTACKS[attack]
    for statement in sql.split(";"):
        assert owner.execute(statement.encode()).rowcount > 0, statement
    assert named() == expected


def test_a_planted_digest_is_called_the_owners(real_database: SignIn) -> None:
    """With the guards on, what the owner changes is sealed, as changed by hand."""
    owner = real_database(Role.OWNER)
    owner.execute("UPDATE places_school SET address = 'elsewhere' WHERE slug = 'cedar'")
    [finding] = check_rows()
    assert finding.kind == "unrecorded"
    assert "places_school" in finding.says
    owner.execute("UPDATE carriers_contactmethod SET broken_at = now()")
    worker = real_database(Role.WORKER)
    before = len(check_rows())
    worker.execute("UPDATE carriers_contactmethod SET broken_at = NULL, broken_reason = ''")
    assert len(check_rows()) == before


def test_an_entry_beside_it_is_a_lie_that_stands(real_database: SignIn) -> None:
    """Whoever wants no finding has to write in the record who did it, and that stays."""
    owner = real_database(Role.OWNER)
    with owner.transaction():
        owner.execute("UPDATE places_school SET address = 'elsewhere' WHERE slug = 'cedar'")
        owner.execute(
            "INSERT INTO audit_entry (actor_kind, action, subject_kind, subject_id, detail)"
            " VALUES ('system', 'school changed', 'school', '1', '{}')"
        )
    assert check_rows() == []
    assert Entry.objects.latest("pk").action == "school changed"


def test_a_digest_itself_is_sealed(owner: Database, tmp_path: Path) -> None:
    kept = tmp_path / "record" / "checkpoint"
    while seal(SIGNER, kept, datetime.now(UTC)):
        pass
    assert findings(kept.read_text()) == []
    owner.execute("UPDATE tips_tip SET junk = NOT junk")
    table = next(one for one in sealed_tables() if one.name == "tips_tip")
    owner.execute(
        f"UPDATE audit_rowseal s SET digest = (SELECT {table.digest} FROM tips_tip t"
        " WHERE t.id::text = s.key) WHERE relation = 'tips_tip'".encode()
    )
    assert check_rows() == []
    changed = {one.entry for one in findings() if one.kind == "changed"}
    assert changed == set(RowSeal.objects.filter(relation="tips_tip").values_list("pk", flat=True))
    # To say that a row's digests are an older row's changes them as well.
    owner.execute("UPDATE audit_rowseal SET key = 'x' WHERE relation = 'matters_exclusion'")
    assert len(findings()) > len(changed)
    owner.execute("DELETE FROM audit_rowseal WHERE relation = 'cases_case'")
    assert "deleted" in {one.kind for one in findings()}


def test_a_repair_is_answered_for_and_stands_in_the_record(owner: Database) -> None:
    owner.execute("UPDATE places_school SET address = 'the right one' WHERE slug = 'cedar'")
    owner.execute("DELETE FROM matters_exclusion")
    assert {one.kind for one in accept_rows("address put right", System())} == {
        "changed",
        "deleted",
    }
    assert check_rows() == []
    assert "address put right" in list(accepted())[-1]
    entry = Entry.objects.filter(subject_kind="rows").latest("pk")
    assert entry.action == "rows accepted"
    # It answers for nothing that comes after it.
    owner.execute("UPDATE places_school SET address = 'elsewhere' WHERE slug = 'cedar'")
    assert named() == {("changed", "places_school")}


@pytest.mark.usefixtures("real_database")
def test_a_restored_database_goes_on(tmp_path: Path) -> None:
    kept = tmp_path / "record" / "checkpoint"
    assert begin_anew(SIGNER, kept, datetime.now(UTC)) == Head.objects.get().size
    assert begin_anew(SIGNER, kept, datetime.now(UTC)) == 0
    assert findings(kept.read_text()) == []
    assert check_rows() == []
