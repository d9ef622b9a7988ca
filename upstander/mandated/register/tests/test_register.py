"""The register: filed by itself, opened by named roles with a reason, joined by person, apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, Error, ProgrammingError, connection
from django.http import Http404

from conftest import Cast, LoginRole
from upstander.audit.models import Entry as RecordEntry
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.mandated.actions.confirming import confirm_fact, facts_of
from upstander.mandated.register.actions import changing
from upstander.mandated.register.actions import entries as actions
from upstander.mandated.register.actions.filing import Allegation
from upstander.mandated.register.models import BlindIndex, Entry, Event, Proposal
from upstander.mandated.register.reasons import Reason
from upstander.mandated.register.rule import register_rule
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.people import factories
from upstander.people.models import Membership
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import viewing
from upstander.states import law_files
from upstander.vault.models import ShredKey

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]
TODAY = date(2021, 3, 2)


def accuse(cast: Cast, name: str, who: str = "tess", **more: Any) -> UUID:
    return suspect(cast, who, rule="employee", accused=(cast.people[name].pk,), **more)


def sees(cast: Cast, name: str) -> set[UUID]:
    viewer = cast.viewer(name)
    try:
        with viewing(viewer):
            return set(Entry.objects.values_list("pk", flat=True))
    except DatabaseError:  # no right on the table at all
        return set()


def who_sees(cast: Cast) -> list[str]:
    return [name for name in cast.people if sees(cast, name)]


def told(cast: Cast, kind: str = "second_allegation") -> list[str]:
    names = {person.pk: name for name, person in cast.people.items()}
    return sorted(names[one.person_id] for one in Notice.objects.filter(kind=kind))


def opened(cast: Cast, name: str, entry: Entry) -> actions.OpenEntry:
    actions.give_reason(cast.viewer(name), entry.pk, Reason.NEW, "To look at it.")
    found = actions.open_entry(cast.viewer(name), entry.pk)
    assert found is not None
    return found


@pytest.mark.django_db
def test_a_duty_about_staff_files_an_unproven_entry_for_each(cast: Cast) -> None:
    offices(cast)
    tom, uma = cast.people["tom"].pk, cast.people["uma"].pk
    duty = suspect(
        cast,
        rule="employee_student",
        accused=(tom, uma),
        restraint=True,
        words={"child": "Ana Vega", "facts": "What was seen."},
    )
    entries = list(Entry.objects.all())
    assert {(e.duty_id, e.outcome, e.kind, e.restraint, e.disability) for e in entries} == {
        (duty, "unproven", "sexual", True, None)
    }
    words = [dict(opened(cast, "cleo", entry).words) for entry in entries]
    assert sorted(w["name"] for w in words) == ["Tom", "Uma"]
    assert "Ana" not in json.dumps(words), "no child's name lies in the register"
    assert who_sees(cast) == ["cleo", "sol", "bo"]
    assert told(cast) == []


@pytest.mark.django_db
def test_a_duty_that_is_not_about_staff_files_nothing(cast: Cast) -> None:
    offices(cast)
    suspect(cast, words={"suspected": "A neighbor"})
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_where_nobody_was_chosen_a_named_role_adds_the_name(cast: Cast) -> None:
    offices(cast)
    accuse(cast, "tom")
    suspect(cast, rule="employee", words={"suspected": "The driver of bus 7"})
    unnamed = Entry.objects.get(blindindex__isnull=True)
    found = opened(cast, "cleo", unnamed)
    assert found.words == {"person": "The driver of bus 7"}
    change(cast, found, name="Rey Marlow")
    assert told(cast) == []
    suspect(cast, rule="employee", words={"suspected": "The driver again"})
    second = Entry.objects.get(blindindex__isnull=True)
    change(cast, opened(cast, "sol", second), name="Marlow, Rey")
    assert told(cast) == ["cleo", "sol"]


def note(found: actions.OpenEntry, **words: str) -> None:
    entry = found.entry
    changing.note_entry(
        found,
        disability=entry.disability,
        restraint=entry.restraint,
        words={**found.words, **words},
    )


def as_change(found: actions.OpenEntry, name: str = "", **more: Any) -> changing.Change:
    """Return what an entry says, but for what is given."""
    entry = found.entry
    said: dict[str, Any] = {
        "happened_on": entry.happened_on,
        "kind": Entry.Kind(entry.kind),
        "outcome": Entry.Outcome(entry.outcome),
        "outcome_on": entry.outcome_on,
        "words": {**found.words, **({"name": name} if name else {})},
    }
    return changing.Change(**said | more)


def change(cast: Cast, found: actions.OpenEntry, name: str = "", **more: Any) -> None:
    """Change an entry as two persons do: who has it open proposes, another agrees."""
    changing.propose_change(found, as_change(found, name, **more), why="It is known now.")
    me = found.folder.viewer.person_id
    second = next(
        one for one in ("cleo", "sol", "bo") if cast.people[one].pk != me and sees(cast, one)
    )
    agree(cast, second, found.entry)


def agree(cast: Cast, who: str, entry: Entry, *, agrees: bool = True, why: str = "No.") -> None:
    proposal = Proposal.objects.get(entry=entry, state="waits")
    found = opened(cast, who, entry)
    changing.decide_change(found, proposal.pk, agrees=agrees, why=why)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accused", "opens_for", "tells"),
    [
        ("tom", ["cleo", "sol", "bo"], ["cleo", "sol"]),
        ("hana", ["cleo", "sol", "bo"], ["cleo", "sol"]),
        ("cleo", ["sol", "bo"], ["sol"]),
        ("sol", ["bo"], ["bo"]),
        ("bo", ["cleo", "sol"], ["cleo", "sol"]),
    ],
)
def test_the_accused_and_those_under_them_see_nothing_and_a_second_tells_the_others(
    cast: Cast, accused: str, opens_for: list[str], tells: list[str]
) -> None:
    offices(cast)
    accuse(cast, accused)
    assert who_sees(cast) == opens_for
    assert told(cast) == []
    accuse(cast, accused, "uma", school_id=cast.birch.pk)
    assert who_sees(cast) == opens_for
    assert told(cast) == tells
    assert Entry.objects.count() == 2


@pytest.mark.django_db
def test_a_second_duty_about_the_same_matter_is_no_second_allegation(cast: Cast) -> None:
    offices(cast)
    first = accuse(cast, "tom")
    matter = Entry.objects.get(duty_id=first).matter_id
    actions.file_by_hand(cast.viewer("cleo"), hand(cast, person_id=cast.people["tom"].pk))
    assert told(cast) == ["cleo", "sol"]
    assert Entry.objects.count() == 2
    # Hana sees the duty's folder, so she may begin her own duty in its matter.
    accuse(cast, "tom", "hana", matter_id=matter)
    assert Entry.objects.count() == 2
    assert told(cast) == ["cleo", "sol"]


def hand(cast: Cast, **more: Any) -> Allegation:
    said: dict[str, Any] = {
        "district_id": cast.maple.pk,
        "happened_on": TODAY,
        "kind": Entry.Kind.PHYSICAL,
    }
    return Allegation(**said | more)


@pytest.mark.django_db
def test_a_person_is_found_again_by_account_and_by_name_in_another_year(cast: Cast) -> None:
    offices(cast)
    person = factories.make_person("Delia Marsh", cast.keys)
    factories.join(person, cast.teams["birch"], Role.TEAM_MEMBER, cast.keys)
    actions.file_by_hand(
        cast.viewer("sol"), hand(cast, name="DELIA  Marsh", happened_on=date(2019, 5, 6))
    )
    suspect(cast, rule="employee", accused=(person.pk,))
    assert told(cast) == ["cleo", "sol"], "a name of 2019 and an account of today"
    strengths = BlindIndex.objects.order_by("strength").values_list("strength", flat=True)
    assert set(strengths) == {3, 4}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Marsh", "D. Marsh", ""])
def test_a_name_that_could_be_anybodys_joins_nothing(cast: Cast, name: str) -> None:
    offices(cast)
    for _ in range(2):
        actions.file_by_hand(cast.viewer("cleo"), hand(cast, name=name))
    assert told(cast) == ([] if name != "D. Marsh" else ["cleo", "sol"])


@pytest.mark.django_db
def test_it_opens_with_a_reason_only_and_for_half_an_hour(cast: Cast) -> None:
    offices(cast)
    accuse(cast, "tom")
    entry, cleo = Entry.objects.get(), cast.viewer("cleo")
    assert actions.open_entry(cleo, entry.pk) is None
    actions.give_reason(cleo, entry.pk, Reason.AGENCY, "DCF asks.")
    assert actions.open_entry(cleo, entry.pk) is not None
    assert actions.open_entry(cast.viewer("sol"), entry.pk) is None, "a reason is a person's own"
    read = RecordEntry.objects.filter(action="register opened", actor_id=cleo.person_id)
    assert [one.detail["purpose"] for one in read] == ["agency", "read"]
    later = actions.OPEN_FOR + timedelta(seconds=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION api.clock_now() RETURNS timestamptz LANGUAGE sql STABLE"
            f" AS $$ SELECT now() + interval '{int(later.total_seconds())} seconds' $$"
        )
    assert actions.open_entry(cast.viewer("cleo"), entry.pk) is None


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["tess", "hana", "dino", "tara", "tom", "dee", "alice", "ada"])
def test_nobody_without_a_named_role_opens_it(cast: Cast, name: str) -> None:
    offices(cast)
    accuse(cast, "tom")
    entry = Entry.objects.get()
    for act in (
        lambda: actions.give_reason(cast.viewer(name), entry.pk, Reason.NEW, ""),
        lambda: actions.open_entry(cast.viewer(name), entry.pk),
        lambda: actions.file_by_hand(cast.viewer(name), hand(cast, name="Ana Vega")),
    ):
        with pytest.raises((Http404, Error, Refused)):
            act()
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_who_follows_in_a_role_reads_what_was_there_and_who_has_left_reads_nothing(
    cast: Cast,
) -> None:
    offices(cast)
    accuse(cast, "tom")
    entry = Entry.objects.get()
    team = Membership.objects.get(person=cast.people["cleo"]).team
    cast.people["nell"] = factories.make_person("Nell", cast.keys)
    factories.join(cast.people["nell"], team, Role.COMPLIANCE_LEAD, cast.keys)
    assert opened(cast, "nell", entry).words["name"] == "Tom"
    cast.viewer("cleo")
    Membership.objects.filter(person=cast.people["cleo"]).update(role=Role.COMPLIANCE_LEAD)
    Membership.objects.filter(person=cast.people["cleo"]).delete()
    staff = factories.make_team(
        TeamKind.STAFF, "Birch's staff", cast.keys, district=cast.maple, school=cast.birch
    )
    factories.join(cast.people["cleo"], staff, Role.STAFF_MEMBER, cast.keys)
    assert sees(cast, "cleo") == set()


@pytest.mark.django_db
def test_an_outcome_has_a_day_and_keeps_what_was_written_before(cast: Cast) -> None:
    offices(cast)
    accuse(cast, "tom")
    entry = Entry.objects.get()
    with pytest.raises(Refused, match="needs a date"):
        change(cast, opened(cast, "cleo", entry), outcome=Entry.Outcome.SUBSTANTIATED)
    found = opened(cast, "cleo", entry)
    note(found, response="On leave from today.")
    again = opened(cast, "cleo", entry)
    note(again, response="Back at work.")
    change(cast, again, outcome=Entry.Outcome.UNSUBSTANTIATED, outcome_on=TODAY)
    entry.refresh_from_db()
    assert (entry.outcome_on, entry.keep_until) == (TODAY, date(2028, 3, 2))
    last = opened(cast, "sol", entry)
    with viewing(cast.viewer("sol")):
        done = Event.objects.filter(entry=entry).exclude(kind__in=("filed", "opened"))
        events = list(done.order_by("number"))
    said = [(e.kind, json.loads(last.folder.read("event", e.pk, e.sealed))) for e in events]
    assert said == [
        ("changed", {}),
        ("changed", {"was response": "On leave from today."}),
        (
            "asked",
            {
                "why": "It is known now.",
                "was outcome": "Unproven: no outcome yet",
                "new outcome": "Not substantiated",
                "new outcome_on": "March 2, 2021",
            },
        ),
        ("agreed", {"why": "No."}),
    ]
    change(cast, last, outcome=Entry.Outcome.UNPROVEN)
    entry.refresh_from_db()
    assert (entry.outcome_on, entry.keep_until) == (None, None), "reopened: kept without end"


def confirm_keep(cast: Cast) -> None:
    """Let an administrator confirm how long the register's entries must be kept."""
    file = next(one for one in law_files() if one.key == "us-ct")
    fact = next(one for one in facts_of(file) if one.key == "register.keep")
    confirm_fact(cast.viewer("ada"), file.key, fact.key, fact.digest, stands=True)


def dispose_by_sql(cast: Cast, entry: Entry, digest: str) -> None:
    """Try the database's function itself, as one of the named roles."""
    with viewing(cast.viewer("cleo")), connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.dispose_allegation(p_entry => %s, p_event => %s, p_agree => true, "
            "p_sealed => '', p_rules => 'us-ct', p_digest => %s)",
            [entry.pk, uuid4(), digest],
        )


@pytest.mark.django_db
def test_two_persons_destroy_what_has_run_out_and_nothing_else(cast: Cast) -> None:
    offices(cast)
    accuse(cast, "tom")
    entry = Entry.objects.get()
    with pytest.raises(Refused):
        actions.dispose(opened(cast, "cleo", entry), agree=True)
    change(
        cast,
        opened(cast, "cleo", entry),
        outcome=Entry.Outcome.UNSUBSTANTIATED,
        outcome_on=date(2001, 2, 28),
    )
    with pytest.raises(Refused, match="no administrator has confirmed"):
        actions.dispose(opened(cast, "cleo", entry), agree=True)
    with pytest.raises(ProgrammingError, match="this is kept"):  # nor past the page
        dispose_by_sql(cast, entry, register_rule("us-ct").keep_digest)
    confirm_keep(cast)
    with pytest.raises(ProgrammingError, match="this is kept"):  # another text was confirmed
        dispose_by_sql(cast, entry, "0" * 64)
    assert actions.dispose(opened(cast, "cleo", entry), agree=True) is False
    with pytest.raises(Refused):
        actions.dispose(opened(cast, "cleo", entry), agree=True)
    assert actions.dispose(opened(cast, "sol", entry), agree=False) is False
    assert actions.dispose(opened(cast, "sol", entry), agree=True) is False
    assert actions.dispose(opened(cast, "cleo", entry), agree=True) is True
    assert not ShredKey.objects.filter(subject=entry.folder_id).exists()
    assert not BlindIndex.objects.exists()
    assert who_sees(cast) == []
    entry.refresh_from_db()
    assert bytes(entry.sealed) == b""


@pytest.mark.django_db
def test_nobody_files_about_themselves(cast: Cast) -> None:
    offices(cast)
    with pytest.raises(Refused):
        actions.file_by_hand(cast.viewer("sol"), hand(cast, person_id=cast.people["sol"].pk))


@pytest.mark.django_db
def test_without_anybody_in_the_districts_office_a_duty_begins_all_the_same(cast: Cast) -> None:
    offices(cast)
    Membership.objects.filter(person__in=[cast.people[n] for n in ("cleo", "sol", "bo")]).delete()
    accuse(cast, "tom")
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_a_legal_hold_keeps_what_has_run_out(cast: Cast) -> None:
    offices(cast)
    accuse(cast, "tom")
    entry = Entry.objects.get()
    change(
        cast, opened(cast, "cleo", entry), outcome=Entry.Outcome.SAME, outcome_on=date(2001, 1, 1)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO retention_hold (id, district_id, matter_id, reference, reason, placed_by,"
            " placed_at) VALUES (gen_random_uuid(), %s, %s, '', '', 1, now())",
            [entry.district_id, entry.matter_id],
        )
    confirm_keep(cast)
    with pytest.raises(Refused, match="legal hold"):
        actions.dispose(opened(cast, "cleo", entry), agree=True)
    assert ShredKey.objects.filter(subject=entry.folder_id).exists()
