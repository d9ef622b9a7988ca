"""A roster that nobody can browse: by name, for one tip, with a reason, on the record."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.http import Http404
from psycopg import errors

from conftest import Cast
from upstander.audit.models import Entry
from upstander.config.database import Role as LoginRole
from upstander.dispatch import oneroster
from upstander.dispatch.models import Roster, RosterEntry, RosterKey, RosterMark, RosterOpening
from upstander.dispatch.oneroster import RosterUnreadable, read_export
from upstander.dispatch.roster import find_student, open_home, openings_shown
from upstander.dispatch.roster_import import import_roster
from upstander.dispatch.tests.story import a_tip, again, claimed, handed
from upstander.places.scope import viewing
from upstander.tips.actions import NotAllowedNow
from upstander.tips.opening import open_tip
from upstander.triage.handoff import bar_people, recuse

type SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]

ORGS = (
    "sourcedId,status,dateLastModified,name,type\n1,,,Cedar Middle School,school\n"
    "2,,,Birch High School,school\n3,,,Closed School,school\n"
)
USERS = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,"
    "familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,"
    "metadata.sis.street,metadata.sis.city,metadata.sis.homeLanguage,metadata.sis.disabilityFlag\n"
    's1,,,true,1,student,,,Mara,Lindqvist,Elena,,,,,"g1,g2",08,,7 Fern Row,Maple Valley,es,'
    '"Hard of hearing: face them"\n'
    "s2,,,true,2,student,,,Mara,Lindqvist,,,,,,,11,,9 Hill Road,Maple Valley,,\n"
    "s3,,,true,2,student,,,Liz,Torres,,,,,,,10,,1 Elm Street,Maple Valley,,\n"
    "s4,tobedeleted,,true,1,student,,,Gone,Already,,,,,,,10,,2 Elm Street,,,\n"
    "s5,,,true,3,student,,,Nils,Unplaced,,,,,,,06,,3 Elm Street,,,\n"
    "g1,,,true,1,guardian,,,Ana,Lindqvist,,,,555-0111,555-0110,,,,,,,\n"
    "g2,,,true,1,parent,,,Per,Lindqvist,,,,,555-0112,,,,,,,\n"
    "t1,,,true,1,teacher,,,Tea,Cher,,,,,,,,,5 Secret Road,,,\n"
)
DEMOGRAPHICS = (
    "sourcedId,status,dateLastModified,birthDate,sex,white\ns1,,,2012-04-01,female,true\n"
)
WHY = "Police ask where to go."


def export() -> list[tuple[str, bytes]]:
    return [
        ("orgs.csv", ORGS.encode()), ("users.csv", USERS.encode()),
        ("demographics.csv", DEMOGRAPHICS.encode()),
    ]  # fmt: skip


def imported(cast: Cast, by: str = "dee") -> None:
    import_roster(cast.viewer(by), cast.maple.pk, read_export(export()))


def test_an_export_is_read_as_far_as_it_is_needed() -> None:
    students = {s.name: s for s in read_export(export())}
    assert set(students) == {
        "Mara Elena Lindqvist", "Mara Lindqvist", "Liz Torres", "Nils Unplaced",
    }  # fmt: skip
    mara = students["Mara Elena Lindqvist"]
    assert (mara.grade, mara.org, mara.born) == ("08", "Cedar Middle School", "2012-04-01")
    assert (mara.address, mara.language) == ("7 Fern Row, Maple Valley", "es")
    assert mara.needs == "Hard of hearing: face them"
    assert [(g.name, g.relation, g.phones) for g in mara.guardians] == [
        ("Ana Lindqvist", "guardian", "555-0110, 555-0111"),
        ("Per Lindqvist", "parent", "555-0112"),
    ]  # fmt: skip
    # Race and sex stand in the export and nowhere else.
    assert "female" not in str(mara.as_data())


def test_version_1_2_has_roles_in_a_file_of_their_own_and_comes_as_a_zip() -> None:
    users = (
        "sourcedId,status,enabledUser,givenName,familyName,preferredGivenName,grades,"
        "metadata.address\n"
        's1,active,true,Elisabeth,Torres,Liz,"10",1 Elm Street\n'
    )
    roles = (
        "sourcedId,userSourcedId,roleType,role,orgSourcedId\n"
        "r1,s1,secondary,student,2\nr2,s1,primary,student,1\n"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in (("orgs", ORGS), ("users", users), ("roles", roles)):
            archive.writestr(f"export/{name}.csv", "\ufeff" + text)
        archive.writestr("manifest.csv", "propertyName,value\n")
    (student,) = read_export([("export.zip", packed.getvalue())])
    assert (student.name, student.also) == ("Elisabeth Torres", "Liz Torres")
    assert (student.org, student.address) == ("Cedar Middle School", "1 Elm Street")


@pytest.mark.parametrize(
    "files",
    [
        [("users.csv", USERS.encode())],
        [("orgs.csv", ORGS.encode()), ("users.csv", b"name,address\nx,y\n")],
        [("orgs.csv", ORGS.encode()), ("users.csv", b"\xff\xfe\x00\x00")],
        [("orgs.csv", ORGS.encode()), ("users.csv", b'sourcedId,role\n1,"stud')],
        [("orgs.csv", ORGS.encode()), ("users.csv", b"sourcedId,role\nt1,teacher\n")],
        [("a.zip", b"PK\x05\x06" + bytes(18))],
        [],
    ],
)
def test_what_is_no_export_is_refused_in_words(files: list[tuple[str, bytes]]) -> None:
    with pytest.raises(RosterUnreadable):
        read_export(files)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oneroster, "MOST_BYTES", 10_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.csv", b"0" * 1_000_000)
    with pytest.raises(RosterUnreadable, match="too big"):
        read_export([("a.zip", packed.getvalue())])


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
        with pytest.raises(NotAllowedNow):
            find_student(opened, name, why)


def test_a_common_name_is_not_a_list(cast: Cast) -> None:
    students = [s for s in read_export(export()) if s.name == "Liz Torres"] * 6
    import_roster(cast.viewer("ada"), cast.maple.pk, students)
    with pytest.raises(NotAllowedNow, match="Too many"):
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


@pytest.mark.parametrize("case", ["unclaimed", "colleague", "routine", "closed", "barred"])
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
        with connection.cursor() as cursor:
            cursor.execute("UPDATE tips_tip SET state = 'closed'")
    if case == "barred":
        recuse(opened.viewer, opened.tip.pk)
    with pytest.raises((NotAllowedNow, Http404)):
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
            tip_id=uuid4(), district_id=1, person_id=opened.viewer.person_id, at=opened.at,
            audience="center", circle=uuid4(), sealed=b"",
        )  # fmt: skip
    with pytest.raises(NotAllowedNow, match="very many"):
        find_student(opened, "Liz Torres", WHY)


def test_an_import_replaces_the_one_before_whoever_made_it(cast: Cast) -> None:
    imported(cast)
    old = set(Roster.objects.values_list("pk", flat=True))
    told = import_roster(cast.viewer("ada"), cast.maple.pk, read_export(export())[:1])
    assert dict(told.by_school) == {"Cedar Middle School": 1}
    assert old.isdisjoint(Roster.objects.values_list("pk", flat=True))
    assert RosterEntry.objects.count() == 1
    assert set(RosterMark.objects.values_list("roster_id", flat=True)).isdisjoint(old)
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
    (entry,) = owner.execute("SELECT id FROM dispatch_rosterentry LIMIT 1").fetchone() or ()
    marks = [bytes(m) for (m,) in owner.execute("SELECT mark FROM dispatch_rostermark").fetchall()]
    for name, hat in (
        ("alice", "center"), ("sam", "center"), ("tom", "school"), ("dee", "district"),
        ("ada", "admin"), ("otto", "police"), ("charlie", "school"), ("cora", "center"),
    ):  # fmt: skip
        desk = real_database(LoginRole.STAFF)
        desk.execute(f"SET ROLE upstander_{hat}".encode())
        token = cast.viewer(name).database_token
        desk.execute("SELECT set_config('upstander.token', %s, false)", [token])
        for table in ("rosterentry", "rostermark"):
            with pytest.raises(errors.InsufficientPrivilege):
                desk.execute(f"SELECT 1 FROM dispatch_{table}".encode())  # noqa: S608
        if name in ("alice", "sam", "tom"):
            continue
        # Whoever has not this tip gets nothing by guessing its id, an entry's or a mark.
        for query, last in (
            ("SELECT * FROM api.roster_find(%s, gen_random_uuid(), 'center', %s, %s, %s)", marks),
            ("SELECT * FROM api.roster_open(%s, gen_random_uuid(), 'center', %s, %s, %s)", entry),
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
        for table in ("roster", "rosterkey", "rosterentry", "rostermark", "rosteropening"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ''), '') FROM dispatch_{table} t")  # noqa: S608
            dump = str(cursor.fetchone())
            for word in ("Torres", "Elm", "555-", "hearing", "Lindqvist"):
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


def test_bars_are_of_the_matter_and_follow_the_team(cast: Cast) -> None:
    imported(cast)
    opened = claimed(cast)
    handed(cast, opened, "cedar")
    tom = open_tip(cast.viewer("tom"), opened.tip.pk)
    claim = claimed(cast)
    bar_people(again(cast, opened, "alice"), [cast.people["tom"].pk])
    with pytest.raises(Http404):
        find_student(tom, "Mara Lindqvist", WHY)
    assert find_student(claim, "Mara Lindqvist", WHY)
