"""Every table says whether the record seals its rows, and where not, why that hides nothing."""

from __future__ import annotations

from collections import Counter

from django.apps import apps

from upstander.schema.sealed_rows import Sealed, Unsealed, declared_by, sealed_tables
from upstander.schema.texts import our_apps, tables_of

DECLARED = [(app, one) for app in our_apps() for one in declared_by(app)]


def test_every_table_is_declared_once() -> None:
    declared = Counter(one.name for _, one in DECLARED)
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    # A table without a model has none of its own because it is another's (a cache, a partition).
    tables |= {table.name for app in our_apps() for table in tables_of(app)}
    assert tables - set(declared) == set(), "say in the app's seals.py whether its rows are sealed"
    assert set(declared) - tables == set(), "these tables are no more"
    assert {name for name, count in declared.items() if count > 1} == set()


def test_each_app_declares_its_own() -> None:
    owners = {t.name: app for app in our_apps() for t in tables_of(app) if t.is_of(app.label)}
    assert [one.name for app, one in DECLARED if owners.get(one.name, app) != app] == []


def test_whoever_leaves_a_table_out_says_why() -> None:
    assert [o.name for _, o in DECLARED if isinstance(o, Unsealed) and len(o.because) < 12] == []


def test_the_columns_that_do_not_count_are_there_and_something_counts() -> None:
    for table in sealed_tables():
        # Raises LookupError for one that the model has not.
        assert table.key in table.columns


def test_what_people_are_held_to_is_sealed() -> None:
    wanted = {
        "tips_tip": "priority rank junk state matter_id center_id school_id claimed_by",
        "escalations_alert": "priority state opened_at acknowledged_by acknowledged_at",
        "escalations_acknowledgement": "person_id answer at",
        "mandated_duty": "cause_at opened_at first_due first_at first_recorded_at written_at",
        "mandated_deadline": "due_at met_at met_recorded_at met_by",
        "matters_exclusion": "matter_id person_mac",
        "matters_foldergrant": "folder_id holder until",
        "vault_grant": "tip_id holder blob",
        "register_entry": "kind outcome outcome_on keep_until",
        "carriers_contactmethod": "person_id address verified_at broken_at",
        "oncall_layermember": "layer_id person_id place",
        "escalations_policy": "steps every",
        "people_membership": "team_id person_id role until",
        "places_school": "address town psap_phone",
        "editions_publishededition": "tables",
    }
    sealed = {one.name: set(one.columns) for _, one in DECLARED if isinstance(one, Sealed)}
    for name, columns in wanted.items():
        assert set(columns.split()) - sealed[name] == set(), name
