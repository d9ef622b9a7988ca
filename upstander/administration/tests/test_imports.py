"""Tables of schools and staff: a preview, mistakes row by row, nothing saved until confirmed."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from upstander.base.refused import Refused
from upstander.people.actions import invitations
from upstander.people.models import Invitation, Person, Team
from upstander.people.tests.cast import Cast
from upstander.places.models import School
from upstander.standards.csv_tables import as_text, read_table

pytestmark = pytest.mark.django_db

SCHOOLS = """district,name,grades,town,languages,psap_phone
Maple Valley,Elm School,K-5,Maple,en es,555 010 0911
maple-valley,Cedar Middle School,6-8,,,
Nowhere,Lost School,K-5,,,
Maple Valley,Elm School,K-5,,,
Maple Valley,Oak School,K-5,,klingon,
"""
STAFF = """name;email;phone;team;role;night
Vera Moss;vera@example.org;555 010 0133;cedar;lead;yes
Walt Finch;walt@example.org;;Cedar Middle School;;no
Tom;tom@example.org;;cedar;member;
Nobody;not an address;;cedar;member;
Zoe;zoe@example.org;;Atlantis;member;
Yan;yan@example.org;;cedar;administrator;perhaps
"""


def send(client: Client, url: str, table: bytes) -> str:
    """Upload a table and return the preview."""
    answer = client.post(url, {"file": SimpleUploadedFile("table.csv", table)})
    assert answer.status_code == 200
    return answer.content.decode()


def test_schools_are_shown_first_and_saved_when_confirmed(cast: Cast) -> None:
    ada = cast.client("ada")
    page = send(ada, "/places/import/", SCHOOLS.encode())
    assert "Nothing is saved yet" in page
    assert "1 new, 1 changed, 0 unchanged, 3 with errors" in page
    assert "no district called “Nowhere”" in page
    assert "stands in line 2" in page
    assert "klingon" in page
    assert not School.objects.filter(name="Elm School").exists()
    answer = ada.post("/places/import/", {"table": SCHOOLS, "confirm": "yes"})
    assert answer.status_code == 302
    elm = School.objects.get(name="Elm School")
    assert (elm.grades, elm.languages, elm.psap_phone) == ("K-5", ["en", "es"], "555 010 0911")
    kinds = Team.objects.filter(school=elm).values_list("kind", flat=True)
    assert sorted(kinds) == ["office", "school", "staff"]
    assert School.objects.get(slug="cedar").grades == "6-8"
    assert not School.objects.filter(name="Oak School").exists()


def test_an_empty_cell_changes_nothing(cast: Cast) -> None:
    School.objects.filter(slug="cedar").update(town="Maple", psap_name="Maple 911", grades="6-8")
    cast.client("ada").post("/places/import/", {"table": SCHOOLS, "confirm": "yes"})
    cedar = School.objects.get(slug="cedar")
    assert (cedar.town, cedar.psap_name) == ("Maple", "Maple 911")


def test_staff_are_put_forward_and_get_no_account_and_no_key(cast: Cast) -> None:
    ada = cast.client("ada")
    page = send(ada, "/people/import/", STAFF.encode("utf-8-sig"))
    assert "2 new, 0 changed, 1 unchanged, 3 with errors" in page
    assert "no email address" in page
    assert "no such team" in page
    assert "write yes or no" in page
    assert not Invitation.objects.exists()
    ada.post("/people/import/", {"table": STAFF, "confirm": "yes"})
    assert set(Invitation.objects.values_list("email", "role", "reachable_at_night")) == {
        ("vera@example.org", "team_lead", True),
        ("walt@example.org", "team_member", False),
    }
    assert not Person.objects.filter(email="vera@example.org").exists()
    assert Invitation.objects.filter(wrapped__isnull=False).count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(i::text, '') FROM people_invitation i")
        row = cursor.fetchone()
    assert row is not None
    assert "Vera Moss" not in row[0]
    assert "5550100133" not in row[0].translate(str.maketrans("", "", " -()+"))


def test_a_lead_sends_what_was_put_forward(cast: Cast) -> None:
    cast.client("ada").post("/people/import/", {"table": STAFF, "confirm": "yes"})
    row = Invitation.objects.get(email="walt@example.org")
    tara, team = cast.client("tara"), cast.teams["cedar"].pk
    assert "walt@example.org" in tara.get(f"/people/teams/{team}/").content.decode()
    shown = tara.post(f"/people/teams/{team}/invitations/{row.pk}/send/").content.decode()
    assert re.search(r'id="words">(\w+ ){3}\w+<', shown)
    stranger = cast.client("sam")
    again = Invitation.objects.get(email="walt@example.org")
    url = f"/people/teams/{team}/invitations/{again.pk}"
    assert stranger.post(f"{url}/send/").status_code == 404
    assert stranger.post(f"{url}/withdraw/").status_code == 404
    assert Invitation.objects.filter(pk=again.pk, wrapped__isnull=False).exists()


def test_an_administrator_cannot_send_what_needs_a_teams_key(cast: Cast) -> None:
    ada = cast.client("ada")
    ada.post("/people/import/", {"table": STAFF, "confirm": "yes"})
    row = Invitation.objects.get(email="walt@example.org")
    ada.post(f"/people/teams/{cast.teams['cedar'].pk}/invitations/{row.pk}/send/")
    assert not Invitation.objects.filter(wrapped__isnull=False).exists()
    with pytest.raises(Refused):
        invitations.send_again(cast.viewer("ada"), cast.teams["cedar"].pk, row.pk)


@pytest.mark.parametrize(
    "raw",
    [
        "name,email\nZoë,z@example.org\n".encode(),
        "name,email\nZoë,z@example.org\n".encode("utf-8-sig"),
        "name;email\r\nZoë;z@example.org\r\n".encode("cp1252"),
        "Name\tE mail\nZoë\tz@example.org\n".replace("E mail", "email").encode("utf-16"),
        'sep=;\nNAME; Email \n\n"Zoë";z@example.org\n'.encode(),
    ],
)
def test_tables_as_spreadsheets_save_them(raw: bytes) -> None:
    table = read_table(as_text(raw), columns=("name", "email"), needed=("name", "email"))
    assert [dict(line.cells) for line in table.lines] == [{"name": "Zoë", "email": "z@example.org"}]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        b"name\nx\n",
        b"name,email,email\nx,y,z\n",
        b'name,email\n"x,y\n',
        b"\x89PNG\r\n\x1a\n\0\0\0",
        b"x" * 300_001,
        b"name,email\n" + b"a,b\n" * 2_001,
    ],
)
def test_what_is_no_table_is_refused_in_words(raw: bytes) -> None:
    with pytest.raises(Refused):
        read_table(as_text(raw), columns=("name", "email"), needed=("name", "email"))


def test_a_broken_file_is_no_error_page(cast: Cast) -> None:
    ada = cast.client("ada")
    for url in ("/places/import/", "/people/import/"):
        assert ada.post(url, {}).status_code == 200
        page = send(ada, url, b"\x89PNG\r\n\x1a\n\0\0\0")
        assert "not a CSV file" in page
        assert "Missing" in send(ada, url, b"a,b\n1,2\n")
