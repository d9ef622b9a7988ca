"""The administrator keeps places and accounts, and gets no key by it."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.db import ProgrammingError, connection

from upstander.approvals.models import Approval
from upstander.audit.models import Entry
from upstander.intake.taxonomy import TILES, tiles_for
from upstander.people import keys
from upstander.people.models import Membership, Person, Team
from upstander.people.public import public_places
from upstander.people.scope import viewing
from upstander.people.tests.cast import Cast, sign_in, with_password
from upstander.places.models import Center, District, School, TileChange
from upstander.vault.models import SealedKey

pytestmark = pytest.mark.django_db

SCHOOL = {"name": "Maple High", "time_zone": "America/New_York", "languages": ["en", "es"]}


def test_a_school_comes_with_its_team(cast: Cast) -> None:
    ada, district = cast.client("ada"), cast.teams["maple"].district_id
    answer = ada.post(f"/places/districts/{district}/schools/new/", SCHOOL)
    assert answer.headers["Location"] == "/places/"
    school = School.objects.get(name="Maple High")
    assert (school.slug, school.languages) == ("maple-high", ["en", "es"])
    teams = Team.objects.filter(school=school)
    assert {team.kind for team in teams} == {"school", "office", "staff"}
    for team in teams:
        assert team.district_id == district
        assert not SealedKey.objects.filter(holder=team.holder).exists()
    assert Entry.objects.get(action="school added").district_id == district
    # A second of the same name gets an address part of its own, and neither ever changes.
    ada.post(f"/places/districts/{district}/schools/new/", SCHOOL)
    ada.post(
        f"/places/districts/{district}/schools/{school.pk}/", {**SCHOOL, "name": "Maple Upper"}
    )
    asked = str(Approval.objects.get(kind="school_name").pk)
    cast.client("sam").post("/approvals/decide", {"approval": asked, "outcome": "approved"})
    assert set(
        School.objects.filter(slug__startswith="maple-high").values_list("name", "slug")
    ) == {
        ("Maple Upper", "maple-high"),
        ("Maple High", "maple-high-2"),
    }


def test_a_center_and_a_district_come_with_their_teams(cast: Cast) -> None:
    ada = cast.client("ada")
    ada.post("/places/centers/new/", {"name": "Southern Center", "time_zone": "America/Chicago"})
    center = Center.objects.get(slug="southern-center")
    ada.post(
        "/places/districts/new/",
        {
            "name": "Elm",
            "center": center.pk,
            "state": "us-ct",
            "time_zone": "America/Chicago",
            "languages": ["en"],
        },
    )
    assert not District.objects.filter(slug="elm").exists(), "a center that serves nobody yet"
    ada.post(
        "/places/districts/new/",
        {
            "name": "Elm",
            "center": cast.teams["lakeside"].center_id,
            "state": "us-ct",
            "time_zone": "America/Chicago",
            "languages": ["en"],
        },
    )
    district = District.objects.get(slug="elm")
    assert Team.objects.filter(kind="center", center=center).count() == 1
    assert Team.objects.filter(kind="district", district=district).count() == 1
    assert Team.objects.filter(kind="office", district=district, school=None).count() == 1


def test_what_is_wrong_is_said_and_nothing_saved(cast: Cast) -> None:
    answer = cast.client("ada").post(
        f"/places/districts/{cast.teams['maple'].district_id}/schools/new/",
        {**SCHOOL, "time_zone": "Mars/Olympus"},
    )
    assert b"not a time zone" in answer.content
    assert not School.objects.filter(name="Maple High").exists()


@pytest.mark.parametrize("name", ["tara", "dee", "sam", "alice", "tom"])
def test_nobody_else_keeps_places(cast: Cast, name: str) -> None:
    district = cast.teams["maple"].district_id
    client = cast.client(name)
    for path in (
        "/places/",
        "/places/centers/new/",
        f"/places/districts/{district}/",
        f"/places/districts/{district}/tiles/",
        "/places/import/",
        "/people/import/",
        f"/people/{cast.people['tom'].pk}/",
    ):
        assert client.get(path).status_code == 403, path
        assert client.post(path, SCHOOL).status_code in (403, 405), path
    with (
        pytest.raises(ProgrammingError),
        viewing(cast.viewer(name)),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE places_school SET name = 'x'")


def test_foreign_and_unknown_places_are_404(cast: Cast) -> None:
    ada = cast.client("ada")
    for path in (
        "/places/centers/999999/",
        "/places/districts/999999/",
        "/places/districts/999999/tiles/",
        "/people/999999/",
        "/people/teams/999999/",
    ):
        assert ada.get(path).status_code == 404, path


def test_a_district_renames_orders_and_hides_tiles_but_lowers_no_floor(cast: Cast) -> None:
    ada, district = cast.client("ada"), cast.teams["maple"].district
    assert district is not None
    url = f"/places/districts/{district.pk}/tiles/"
    assert ada.get(url).status_code == 200
    ada.post(url, {"sad-en": "Feeling low", "sad-position": "1", "drugs-hidden": "on"})
    rows = {row.tile: row for row in TileChange.objects.filter(district=district)}
    assert rows.keys() == {"sad", "drugs"}
    shown = tiles_for(public_places(fresh=True).districts[district.pk].tile_changes)
    assert (shown[0].key, shown[0].texts["en"]) == ("sad", "Feeling low")
    assert "drugs" not in {tile.key for tile in shown}
    assert {tile.key: tile.floor for tile in shown}.items() <= {
        tile.key: tile.floor for tile in TILES
    }.items()


def test_the_last_door_stays_open(cast: Cast) -> None:
    district = cast.teams["maple"].district
    assert district is not None
    url = f"/places/districts/{district.pk}/tiles/"
    answer = cast.client("ada").post(url, {"other-hidden": "on"})
    assert answer.status_code == 200
    assert b"everyone must be able to report" in answer.content
    assert not TileChange.objects.filter(district=district).exists()


def test_an_administrator_finds_and_changes_a_person(cast: Cast) -> None:
    ada, tom = cast.client("ada"), with_password(cast, "tom")
    at_work = sign_in(tom)
    page = ada.get("/people/?q=TOM@").content.decode()
    assert "tom@example.org" in page
    assert "tara@example.org" not in page
    ada.post(
        f"/people/{tom.pk}/",
        {"name": "Tom Changed", "email": "Thomas@Example.org", "phone": "", "language": "es"},
    )
    tom.refresh_from_db()
    assert (tom.name, tom.email, tom.language) == ("Tom Changed", "tom@example.org", "es")
    assert at_work.get("/people/me/").status_code == 200, "the address waits"
    assert mail.outbox[-1].to == ["tom@example.org"]
    shown = ada.get(f"/people/{tom.pk}/").content.decode()
    one = re.search(r'name="approval" value="([^"]+)"', shown)
    assert one
    assert "thomas@example.org" in shown
    ada.post("/approvals/decide", {"approval": one[1], "outcome": "withdrawn"})
    assert "thomas@example.org" not in ada.get(f"/people/{tom.pk}/").content.decode()


def test_an_address_belongs_to_one(cast: Cast) -> None:
    tom = cast.people["tom"]
    cast.client("ada").post(
        f"/people/{tom.pk}/",
        {"name": "Tom", "email": "TARA@example.org", "phone": "", "language": "en"},
    )
    tom.refresh_from_db()
    assert tom.email == "tom@example.org"


def test_a_new_phone_needs_the_password_and_gives_no_key(cast: Cast) -> None:
    tom = with_password(cast, "tom")
    at_work = sign_in(tom)
    cast.client("ada").post(f"/people/{tom.pk}/reset-second-factor/")
    assert at_work.get("/people/me/").status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM mfa_authenticator WHERE user_id = %s", [tom.pk])
        assert cursor.fetchone() == (0,)
    assert mail.outbox[-1].to == [tom.email]


def test_shut_and_reopened_somebody_is_in_no_team(cast: Cast) -> None:
    ada, tom = cast.client("ada"), with_password(cast, "tom")
    ada.post(f"/people/{tom.pk}/shut/")
    assert not Person.objects.get(pk=tom.pk).is_active
    ada.post(f"/people/{tom.pk}/reopen/")
    assert Person.objects.get(pk=tom.pk).is_active
    assert not Membership.objects.filter(person=tom).exists()
    assert sign_in(tom).get("/people/me/").status_code == 302


def test_an_administrator_reads_no_tip_key(cast: Cast) -> None:
    ada = cast.viewer("ada")
    with viewing(ada), pytest.raises(keys.NotAMember):
        keys.team_private(ada, cast.teams["cedar"].holder, 1)
    with viewing(ada):
        seen = set(SealedKey.objects.values_list("holder", flat=True))
    assert seen == {cast.teams["administration"].holder}
