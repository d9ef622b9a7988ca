"""A roster that nobody can browse: by name, for one tip, with a reason, on the record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.http import Http404
from psycopg import errors

from conftest import Cast
from upstander.approvals.actions import decide
from upstander.approvals.models import Approval
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.config.database import Role as LoginRole
from upstander.desk.tests.story import close_by_two
from upstander.emergency.actions.roster_import import NeedsSecond, ask_second, import_roster
from upstander.emergency.models import (
    Roster,
    RosterBlindIndex,
    RosterEntry,
    RosterKey,
    RosterOpening,
)
from upstander.emergency.roster import find_student, open_home, openings_shown
from upstander.emergency.tests.export import export
from upstander.emergency.tests.story import a_tip, again, claimed, handed
from upstander.people.scope import viewing
from upstander.standards.oneroster import read_export
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import exclude_people, recuse

type SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]

WHY = "Police ask where to go."


def imported(cast: Cast, by: str = "dee") -> None:
    import_roster(cast.viewer(by), cast.maple.pk, read_export(export()))


def test_who_has_the_tip_finds_one_child_and_the_record_says_so(cast: Cast) -> None:
    imported(cast)
    opened = claimed(cast)
    found = find_student(opened, "lindqvist mara", WHY)
    assert [(one.name, one.grade, one.school) for one in found] == [
        ("Mara Elena Lindqvist", "08", "Cedar Middle School"),
        ("Mara Lindqvist", "11", "Birch High School"),
    ]
    home = open_home(opened, found[0].entry_id, "Mara Lindqvist", WHY)
    assert home.data["address"] == "7 Fern Row, Maple Valley"
    assert home.data["guardians"][0]["phones"] == "555-0110, 555-0111"
    actions = Entry.objects.filter(subject_id=str(opened.tip.pk)).values_list("action", "detail")
    told = [
        (action, detail) for action, detail in actions if "roster" in action or "home" in action
    ]
    assert [action for action, _ in told] == ["roster searched", "home address opened"]
    assert "Lindqvist" not in str(told)
    rows = list(RosterOpening.objects.filter(entry_id__isnull=False))
    shown = openings_shown(again(cast, opened, "sam"), rows)
    assert [(one.name, one.reason) for one in shown] == [("Mara Lindqvist", WHY)]
    assert b"Lindqvist" not in bytes(rows[0].sealed)


def test_short_names_match_and_half_a_name_does_not(cast: Cast) -> None:
    imported(cast)
    opened = claimed(cast)
    assert [one.name for one in find_student(opened, "Elizabeth Torres", WHY)] == ["Liz Torres"]
    assert find_student(opened, "E. Torres", WHY) == []
    for name, why in (("Torres", WHY), ("Liz Torres", " "), ("", WHY), ("L T", WHY)):
        with pytest.raises(Refused):
            find_student(opened, name, why)


def test_a_common_name_is_not_a_list(cast: Cast) -> None:
    students = [s for s in read_export(export()) if s.name == "Liz Torres"] * 6
    import_roster(cast.viewer("ada"), cast.maple.pk, students)
    with pytest.raises(Refused, match="Too many"):
        find_student(claimed(cast), "Liz Torres", WHY)


def test_a_school_finds_its_own_students_only(cast: Cast) -> None:
    imported(cast)
    opened = claimed(cast)
    handed(cast, opened, "cedar")
    tom = open_tip(cast.viewer("tom"), opened.tip.pk)
    (own,) = find_student(tom, "Mara Lindqvist", WHY)
    assert own.school == "Cedar Middle School"
    assert open_home(tom, own.entry_id, "Mara Lindqvist", WHY).data["needs"].startswith("Hard of")
    assert find_student(tom, "Liz Torres", WHY) == []
    other = find_student(opened, "Liz Torres", WHY)[0]
    with pytest.raises(Http404):
        open_home(tom, other.entry_id, "Liz Torres", WHY)


@pytest.mark.parametrize("case", ["unclaimed", "colleague", "routine", "closed", "excluded"])
def test_nobody_looks_who_does_not_work_on_it(cast: Cast, case: str) -> None:
    imported(cast)
    name = "alice"
    if case == "unclaimed":
        opened = open_tip(cast.viewer("alice"), a_tip(cast))
    elif case == "routine":
        opened = claimed(cast, tile="other", when="past")
    else:
        opened = claimed(cast)
    if case == "colleague":
        name = "bea"
        opened = again(cast, opened, name)
    if case == "closed":
        close_by_two(cast, "alice", "bea", opened.tip.pk)
    if case == "excluded":
        recuse(opened.viewer, opened.tip.pk)
    with pytest.raises((Refused, Http404)):
        find_student(opened, "Liz Torres", WHY)
    assert not RosterOpening.objects.exists()


def test_the_supervisor_may_look_for_a_colleague(cast: Cast) -> None:
    imported(cast)
    opened = claimed(cast)
    assert find_student(again(cast, opened, "sam"), "Liz Torres", WHY)


def test_who_looks_for_very_many_is_stopped(cast: Cast) -> None:
    imported(cast)
    opened = claimed(cast)
    for _ in range(40):
        RosterOpening.objects.create(
            tip_id=uuid4(),
            district_id=1,
            person_id=opened.viewer.person_id,
            at=opened.at,
            audience="center",
            handoff_id=uuid4(),
            sealed=b"",
        )
    with pytest.raises(Refused, match="many students"):
        find_student(opened, "Liz Torres", WHY)


def test_an_import_replaces_the_one_before_whoever_made_it(cast: Cast) -> None:
    imported(cast)
    old = set(Roster.objects.values_list("pk", flat=True))
    one = read_export(export())[:1]
    with pytest.raises(NeedsSecond) as asked:
        import_roster(cast.viewer("ada"), cast.maple.pk, one)
    ask_second(cast.viewer("ada"), cast.maple.pk, asked.value)
    decide(cast.viewer("dee"), [Approval.objects.get().pk], Approval.Outcome.APPROVED)
    told = import_roster(cast.viewer("ada"), cast.maple.pk, one)
    assert dict(told.by_school) == {"Cedar Middle School": 1}
    assert old.isdisjoint(Roster.objects.values_list("pk", flat=True))
    assert RosterEntry.objects.count() == 1
    assert set(RosterBlindIndex.objects.values_list("roster_id", flat=True)).isdisjoint(old)
    with pytest.raises(Http404):
        import_roster(cast.viewer("pia"), cast.maple.pk, read_export(export()))
    for stranger in ("tara", "alice", "charlie"):
        with pytest.raises(Http404):
            import_roster(cast.viewer(stranger), cast.maple.pk, read_export(export()))


def test_students_of_a_school_unknown_here_are_the_centers_alone(cast: Cast) -> None:
    imported(cast)
    unplaced = Roster.objects.get(school_id__isnull=True)
    holders = set(RosterKey.objects.filter(roster=unplaced).values_list("holder", flat=True))
    assert holders == {cast.teams["lakeside"].holder, cast.teams["maple"].holder}
    assert find_student(claimed(cast), "Nils Unplaced", WHY)


def test_the_rosters_tables_are_read_by_no_role(
    committed_cast: Cast, real_database: SignIn
) -> None:
    cast = committed_cast
    imported(cast)
    opened = claimed(cast)
    handed(cast, opened, "cedar")
    owner = real_database(LoginRole.OWNER)
    (entry,) = owner.execute("SELECT id FROM emergency_rosterentry LIMIT 1").fetchone() or ()
    blind_indexes = [
        bytes(m)
        for (m,) in owner.execute("SELECT blind_index FROM emergency_rosterblindindex").fetchall()
    ]
    for name, active_role in (
        ("alice", "center"),
        ("sam", "center"),
        ("tom", "school"),
        ("dee", "district"),
        ("ada", "admin"),
        ("otto", "police"),
        ("charlie", "school"),
        ("cora", "center"),
    ):
        desk = real_database(LoginRole.STAFF)
        desk.execute(f"SET ROLE upstander_{active_role}".encode())
        token = cast.viewer(name).scope
        desk.execute("SELECT set_config('upstander.token', %s, false)", [token])
        for table in ("rosterentry", "rosterblindindex"):
            with pytest.raises(errors.InsufficientPrivilege):
                desk.execute(f"SELECT 1 FROM emergency_{table}".encode())
        if name in ("alice", "sam", "tom"):
            continue
        # Whoever has not this tip gets nothing by guessing its id, an entry's or a blind index.
        for query, last in (
            (
                (
                    "SELECT * FROM api.roster_find(p_tip => %s, p_opening => gen_random_uuid(), "
                    "p_audience => 'center', p_handoff_id => %s, p_sealed => %s, p_indexes => %s)"
                ),
                blind_indexes,
            ),
            (
                (
                    "SELECT * FROM api.roster_open(p_tip => %s, p_opening => gen_random_uuid(), "
                    "p_audience => 'center', p_handoff_id => %s, p_sealed => %s, p_entry => %s)"
                ),
                entry,
            ),
        ):
            try:
                rows = desk.execute(
                    query, [opened.tip.pk, opened.tip.pk, b"x" * 64, last]
                ).fetchall()
            except errors.InsufficientPrivilege:
                continue
            assert rows == [], (name, query)


def test_a_stolen_database_holds_no_name_and_no_address(cast: Cast) -> None:
    imported(cast)
    claimed_by = claimed(cast)
    find_student(claimed_by, "Liz Torres", WHY)
    with connection.cursor() as cursor:
        for table in ("roster", "rosterkey", "rosterentry", "rosterblindindex", "rosteropening"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ''), '') FROM emergency_{table} t")
            dump = str(cursor.fetchone())
            for word in ("Torres", "Elm St", "555-0110", "hearing", "Lindqvist"):
                assert word not in dump
                assert word.encode().hex() not in dump


def test_the_districts_office_looks_only_in_what_was_handed_to_it(cast: Cast) -> None:
    imported(cast)
    opened = claimed(cast)
    handed(cast, opened, "maple")
    dee = open_tip(cast.viewer("dee"), opened.tip.pk)
    assert find_student(dee, "Liz Torres", WHY)
    with viewing(dee.viewer):
        assert RosterOpening.objects.count() == 1


def test_exclusions_are_of_the_matter_and_follow_the_team(cast: Cast) -> None:
    imported(cast)
    opened = claimed(cast)
    handed(cast, opened, "cedar")
    tom = open_tip(cast.viewer("tom"), opened.tip.pk)
    claim = claimed(cast)
    exclude_people(again(cast, opened, "alice"), [cast.people["tom"].pk])
    with pytest.raises(Http404):
        find_student(tom, "Mara Lindqvist", WHY)
    assert find_student(claim, "Mara Lindqvist", WHY)
