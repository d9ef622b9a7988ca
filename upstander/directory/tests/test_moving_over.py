"""What a release before this one kept of services stands in their records afterwards, all of it."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from upstander.audit import rows
from upstander.directory.data import read_services
from upstander.directory.queries import all_services, facts_of, public_services
from upstander.places.models import Center, District
from upstander.schema.sealed_rows import seal_anew, sealed_tables
from upstander.states import law

pytestmark = pytest.mark.django_db
ENTRIES = read_services(law("us-ct").services)
NAMES = (
    *("0003_records_of_the_standard", "0004_aging", "0008_sources"),
    "0009_cleared_and_counted",
)
MIGRATIONS = [import_module(f"upstander.directory.migrations.{name}").Migration for name in NAMES]


@pytest.fixture
def before() -> Any:
    """The tables of the release before, with the State's services and a district's own."""
    state = MigrationLoader(connection).project_state([("directory", "0002_services_of_a_state")])
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE directory_service, directory_linefailure, directory_organization,"
            " directory_location, directory_serviceatlocation, directory_taxonomy,"
            " directory_taxonomyterm, directory_source, directory_incoming CASCADE"
        )
    with connection.schema_editor(atomic=False) as editor:
        for name in ("service", "contactline", "openinghours"):
            editor.create_model(state.apps.get_model("directory", name))
    return state


def keep(state: Any, entry: Any, **fields: Any) -> Any:
    facts = entry.facts
    service = state.apps.get_model("directory", "Service").objects.create(
        **{
            name: getattr(facts, name)
            for name in ("slug", "kind", "agency", "texts", "mandated_reporter", "police")
        }
        | {"languages": list(facts.languages), "source_url": facts.source_url}
        | {
            "position": entry.position,
            "confirmed": facts.confirmed,
            "checked_on": facts.checked_on,
            "state": "us-ct",
        }
        | fields,
    )
    for model, some in (("ContactLine", facts.lines), ("OpeningHours", facts.hours)):
        for place, one in enumerate(some):
            values = {
                key: getattr(one, key) for key in one.__slots__ if key not in ("id", "source")
            }
            more = {"position": place} if model == "ContactLine" else {}
            state.apps.get_model("directory", model).objects.create(
                service=service, **values, **more
            )
    return service


def test_nothing_is_lost(before: Any) -> None:
    for entry in ENTRIES:
        decided = {"confirmed": True, "checked_by": 7, "checked_on": date(2026, 3, 4)}
        keep(before, entry, **(decided if entry.facts.slug == "careline" else {}))
    center = Center.objects.create(name="A center", slug="a-center")
    ours = District.objects.create(center=center, name="Ours", slug="ours", state="us-ct")
    keep(before, ENTRIES[-1], slug="our-own", district_id=ours.pk, listed=False, position=7)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_seal_row(p_relation => 'directory_service', p_key => '1',"
            " p_digest => 'as it stood')"
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    for name, migration in zip(NAMES, MIGRATIONS, strict=True):
        with connection.schema_editor(atomic=False) as editor:
            before = migration(name, "directory").apply(before, editor)
    now = {row.slug: row for row in all_services()}
    for entry in ENTRIES:
        moved, wanted = facts_of(now[entry.facts.slug]), entry.facts
        if wanted.slug == "careline":
            assert moved.checked_on == date(2026, 3, 4)
            assert (now["careline"].assured_by, now["careline"].keeper) == (7, 7)
            assert str(now["careline"].recheck_at)[:10] == "2026-06-02"
        for name in wanted.__slots__:
            if name in ("hours", "languages"):
                stands, stood = (sorted(map(str, getattr(x, name))) for x in (moved, wanted))
                assert stands == stood
            # That hours can be disputed came with the release that it moves to.
            elif name not in ("checked_on", "confirmed", "disputed", "record"):
                assert getattr(moved, name) == getattr(wanted, name), (wanted.slug, name)
        assert now[wanted.slug].position == entry.position
        assert moved.confirmed is (wanted.confirmed or wanted.slug == "careline")
        assert not now[wanted.slug].withheld
    own = now["our-own"]
    assert (own.district_id, own.listed, own.position) == (ours.pk, False, 7)
    assert len(public_services("ours")) == len(ENTRIES)
    for table in sealed_tables():
        if table.name.startswith("directory_"):
            with connection.cursor() as cursor:
                seal_anew(cursor, table)
    assert [one for one in rows._found() if "directory" in str(one)] == []
