"""The directory for machines, attacked: where a shelter is, and questions that make no sense."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection
from django.db.models import Count, TextField
from django.db.models.functions import MD5, Cast
from pytest_django import DjangoDbBlocker

from tests.databases import written_once
from upstander.directory import publishing
from upstander.directory.actions.loading import load_services
from upstander.directory.models import Location, Organization, Service, ServiceAtLocation
from upstander.doors.tests.site import FORM, Site
from upstander.standards.hsds.openapi import LISTS, PARAMETERS

SHELTER = "interval-house"
#: Words that stand nowhere else, in an address that looks like none.
MARK = "Zimtsternhaus"
STREET = "17 Zimtstern Street"
ADDRESS = {
    "id": str(uuid4()),
    "address_1": STREET,
    "city": "Maple Valley",
    "state_province": "CT",
    "postal_code": "00010",
    "country": "US",
    "address_type": "physical",
}
FORMS = ("", "full=true", "minimal=true", "full_service=true", "format=ndjson")
NAMES = sorted(LISTS)
NOBODY = "0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b"


@pytest.fixture(scope="module")
def services(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with written_once(django_db_blocker):
        load_services()
        yield


@pytest.fixture(autouse=True)
def _services(services: None, site: Site) -> None:
    publishing._totals.clear()


def shelter() -> Service:
    return Service.objects.select_related("organization").get(slug=SHELTER)


def everything(site: Site) -> Iterator[str]:
    """Give each list in each of its forms, and each record of it by its id."""
    for name, (_, parameters) in LISTS.items():
        for form in FORMS:
            if form and form.partition("=")[0] not in parameters:
                continue
            response = site.get(f"/hsds/{name}?per_page=100&{form}")
            assert response.status_code == 200
            text = response.content.decode()
            assert '"last_page": false' not in text
            yield text
            if not form and "taxonom" not in name:
                for one in json.loads(text)["contents"]:
                    yield site.get(f"/hsds/{name}/{one['id']}?full_service=1").content.decode()


def told(site: Site, *words: object) -> list[str]:
    said = "\n".join(everything(site))
    return [word for word in map(str, words) if word in said]


def status(site: Site, name: str, key: UUID) -> int:
    return site.get(f"/hsds/{name}/{key}").status_code


def read(*rows: Service | Organization) -> None:
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(read_mark=MD5(Cast("record", TextField())))


def place(organization: Organization | None = None, *, confidential: bool = False) -> Location:
    own = uuid4()
    record: dict[str, Any] = {"id": str(own), "location_type": "virtual"}
    if not confidential:
        record |= {"location_type": "physical", "name": MARK, "addresses": [ADDRESS]}
    return Location.objects.create(
        id=own,
        record=record,
        organization=organization,
        latitude=None if confidential else 41.6,
        longitude=None if confidential else -72.7,
        confidential=confidential,
    )


def at(service: Service, where: Location, **more: Any) -> ServiceAtLocation:
    own = uuid4()
    return ServiceAtLocation.objects.create(
        id=own, service=service, location=where, record={"id": str(own), **more}
    )


def test_a_shelter_that_was_read_is_told_without_a_place(site: Site) -> None:
    one = shelter()
    hidden = place(one.organization, confidential=True)
    there = at(one, hidden, description=f"Behind the {MARK}")
    office = place(one.organization)
    assert told(site, one.pk, one.organization_id) == [str(one.pk), str(one.organization_id)]
    assert told(site, MARK, STREET, hidden.pk, there.pk, office.pk) == []
    assert status(site, "service_at_locations", there.pk) == 404


def test_a_place_of_a_shelter_is_not_told_by_another_service_there(site: Site) -> None:
    one, other = shelter(), Service.objects.get(slug="careline")
    hidden = place(one.organization, confidential=True)
    at(one, hidden)
    there = at(other, hidden, description=MARK)
    assert told(site, hidden.pk, there.pk, MARK) == []
    open_place = place(other.organization)
    at(other, open_place)
    assert told(site, open_place.pk, MARK) == [str(open_place.pk), MARK], "the test can see"


def test_words_of_a_shelter_that_nobody_has_read_are_away_as_a_whole(site: Site) -> None:
    one = shelter()
    one.record = one.record | {"description": f"Ask for the {MARK}."}
    one.save()
    assert Service.objects.get(pk=one.pk).withheld
    assert status(site, "services", one.pk) == 404
    assert told(site, MARK, one.pk, one.organization_id) == []
    search = site.get(f"/hsds/services?search={MARK}")
    assert json.loads(search.content)["total_items"] == 0
    read(one)
    assert told(site, MARK, one.pk) == [MARK, str(one.pk)]


def test_who_runs_a_shelter_is_away_until_read_with_all_it_does(site: Site) -> None:
    who = shelter().organization
    who.record = who.record | {"description": MARK}
    who.save()
    assert status(site, "organizations", who.pk) == 404
    assert told(site, MARK, who.pk, shelter().pk) == []


def test_an_address_that_somebody_let_through_goes_no_further(site: Site) -> None:
    """Written past everything that looks for it, and marked as read."""
    one = shelter()
    who = one.organization
    one.record = one.record | {
        "description": f"Come to {STREET}, Maple Valley, CT 00010.",
        "contacts": [{"id": str(uuid4()), "name": "A", "department": f"At {STREET}"}],
        "service_areas": [{"id": str(uuid4()), "extent_type": "geojson", "extent": MARK}],
        "addresses": [ADDRESS],
    }
    one.save()
    who.record = who.record | {"alternate_name": STREET}
    who.save()
    read(one, who)
    assert status(site, "services", one.pk) == 200
    assert told(site, STREET, "Zimtstern", one.pk) == [str(one.pk)]


@pytest.mark.parametrize("status_then", ["active", "inactive"])
def test_what_a_keeper_took_off_the_page_is_told_nowhere(site: Site, status_then: str) -> None:
    alone = Organization.objects.annotate(does=Count("services")).filter(does=1)
    one = Service.objects.filter(organization__in=alone, confidential=False)[0]
    where = at(one, place(one.organization))
    assert status(site, "service_at_locations", where.pk) == 200
    one.record = one.record | {"status": status_then}
    one.listed = status_then != "active"
    one.save()
    assert told(site, one.pk, one.organization_id, where.pk, where.location_id, MARK) == []
    for name, key in (
        ("services", one.pk),
        ("organizations", one.organization_id),
        ("service_at_locations", where.pk),
    ):
        assert status(site, name, key) == 404


def test_what_a_feed_said_besides_the_standard_is_not_told(site: Site) -> None:
    one = Service.objects.get(slug="careline")
    one.record = one.record | {"x_note": MARK, "keeper": MARK}
    one.save()
    assert told(site, MARK) == []


NONSENSE = {
    "page": ["0", "-1", "x", "1.5", "99999999999", "9" * 5000, "1 OR 1=1", "NaN"],
    "per_page": ["0", "-5", "x", "1e3"],
    "format": ["xml", "JSON5"],
    "taxonomy_term_id": ["food", "' OR 1=1--", "1"],
    "taxonomy_id": ["x"],
    "organization_id": ["%00", "null", "{}"],
    "parent_id": ["*"],
    "modified_after": [
        "yesterday",
        "2026-13-01",
        "2026-01-01T25:00:00Z",
        "0",
        "0001-01-01T00:00:00+01:00",
    ],
    "minimal": ["maybe", "2"],
    "full": ["yes please"],
    "full_service": ["x"],
    "top_only": ["x"],
    "search": ["x" * 201],
    "postcode": ["0" * 13],
    "proximity": ["x", "-1", "0", "inf", "nan", "1e9"],
}


def test_each_parameter_is_attacked() -> None:
    assert NONSENSE.keys() == PARAMETERS.keys()


@pytest.mark.parametrize(("name", "value"), [(k, v) for k, some in NONSENSE.items() for v in some])
def test_a_question_that_makes_no_sense_is_told_so(site: Site, name: str, value: str) -> None:
    for where, (_, parameters) in LISTS.items():
        if name not in parameters:
            continue
        got = site.client.get(f"/hsds/{where}", {name: value})
        posted = site.client.post(f"/hsds/{where}", {name: value}, content_type="application/json")
        for response in (got, posted):
            assert response.status_code == 400
            assert name in response.json()["error"]
            assert len(response.content) < 300


@pytest.mark.parametrize(
    "value",
    [
        "'; DROP TABLE directory_service; --",
        "\x00\x01",
        "\ud800",
        "%' OR '1'='1",
        "a & b | !c <-> (",
        "\\",
        "١٢٣ 日本 \u202e",
        "$1 %s {0} %(x)s",
    ],
)
def test_words_are_words_whatever_they_look_like(site: Site, value: str) -> None:
    before = Service.objects.count()
    raw = json.dumps({"search": value}).encode()
    for name in NAMES:
        response = site.post_raw(f"/hsds/{name}", raw, "application/json")
        assert response.status_code == 200, response.content
    assert Service.objects.count() == before
    got = site.client.get("/hsds/services", {"search": value.encode("utf-8", "replace")})
    assert got.status_code == 200


def test_a_time_of_any_zone_is_a_time(site: Site) -> None:
    for zone in ("Z", "+19:49", "-23:59", "", "-05:00"):
        found = site.client.get("/hsds/services", {"modified_after": f"0279-04-25T13:53:01{zone}"})
        assert found.json()["total_items"] > 0


def test_no_address_is_so_odd_that_the_answer_is_no_json(site: Site) -> None:
    for odd in ("a%0Ab", "%0A", "a%0A", "a%0D%0A/b", "%E2%80%A8", "%00", "a//b"):
        for path in (odd, f"services/{odd}"):
            answer = site.get(f"/hsds/{path}")
            assert answer.status_code == 404, path
            assert "error" in json.loads(answer.content)


def test_a_whole_number_may_be_written_with_a_point(site: Site) -> None:
    """To JSON 2.0 and 2 are one number (JSON Schema, 4.2.3)."""
    raw = [b'{"page": 2.0, "per_page": 1e1}', b'{"page": 2, "per_page": 10}']
    one, other = (site.post_raw("/hsds/services", some, "application/json") for some in raw)
    assert one.status_code == 200, one.content
    assert one.content == other.content
    for wrong in (b'{"page": 1.5}', b'{"page": 1e400}', b'{"page": NaN}', b'{"page": true}'):
        assert site.post_raw("/hsds/services", wrong, "application/json").status_code == 400


def test_a_page_far_behind_is_empty_or_refused_and_not_looked_for(site: Site) -> None:
    for name in NAMES:
        page = site.client.get(f"/hsds/{name}", {"page": 10**7, "per_page": 100}).json()
        assert page["empty"]
        assert not page["last_page"]
        refused = site.client.get(f"/hsds/{name}", {"page": 999_999_999, "per_page": 100})
        assert refused.status_code == 400


@pytest.mark.parametrize(
    ("kind", "body", "wanted"),
    [
        ("application/json", b"{", 400),
        ("application/json", b"[]", 400),
        ("application/json", b'"search"', 400),
        ("application/json", b'{"search": ["a"]}', 400),
        ("application/json", b'{"search": {"a": 1}}', 400),
        ("application/json", b"[" * 100_000, 400),
        ("application/json", b'{"page": ' + b"9" * 6000 + b"}", 400),
        ("application/json", b'{"page": true}', 400),
        ("application/json", b"\xff\xfe", 400),
        ("application/json", b'{"sarch": "food"}', 400),
        ("text/xml", b"<a/>", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        (FORM, b"page=x", 400),
        (FORM, b"&".join(b"a%d=1" % n for n in range(2000)), 400),
        (FORM, b"search=%ff%00", 200),
        (FORM, b"", 200),
    ],
)
def test_a_body_that_makes_no_sense_is_told_so(
    site: Site, kind: str, body: bytes, wanted: int
) -> None:
    for name in NAMES:
        response = site.post_raw(f"/hsds/{name}", body, kind)
        assert response.status_code == wanted, response.content[:300]
        assert ("error" in json.loads(response.content)) == (wanted != 200)


@pytest.mark.parametrize(
    ("method", "path", "wanted"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/services/x", 404),
        ("GET", f"/services/{NOBODY}", 404),
        ("GET", f"/services/{NOBODY}/more", 404),
        ("GET", "/services/" + "x" * 5000, 404),
        ("GET", "/service", 404),
        ("GET", "/../services", 404),
        ("GET", "/services?taxonomy_trem_id=1", 400),
        ("GET", "/services?postcode=00010", 400),
        ("GET", "/services?" + "&".join(f"a{n}=1" for n in range(2000)), 400),
        ("PUT", "/services", 405),
        ("DELETE", f"/services/{NOBODY}", 405),
        ("POST", f"/services/{NOBODY}", 405),
        ("POST", "/openapi.json", 405),
        ("POST", "/", 405),
        ("TRACE", "/taxonomies", 405),
    ],
)
def test_what_is_not_there_is_said_as_json(site: Site, method: str, path: str, wanted: int) -> None:
    response = site.client.generic(method, f"/hsds{path}")
    assert response.status_code == wanted
    assert response["Access-Control-Allow-Origin"] == "*"
    assert json.loads(response.content)["error"].endswith(".")
    assert ("Allow" in response.headers) == (wanted == 405)


def test_while_the_database_is_away_it_is_said_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise DatabaseError("secret words of the server")

    monkeypatch.setattr(publishing, "_told", away)
    response = site.get("/hsds/services")
    assert response.status_code == 503
    assert "secret" not in response.content.decode()


def test_the_public_role_reads_the_directory_by_this_function_alone(site: Site) -> None:
    """Whoever has the public process's password reads no more than anybody does."""
    one = shelter()
    one.record = one.record | {"description": MARK}
    one.save()
    asked = json.dumps({"id": str(one.pk)})
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_public")
        for kind in ("service", "organization", "nonsense'; SELECT 1"):
            for form in ("full", "services", "x"):
                try:
                    cursor.execute("SAVEPOINT a")
                    cursor.execute(
                        "SELECT api.published(p_kind => %s, p_form => %s, p_asked => %s::jsonb,"
                        " p_limit => 999999, p_offset => 0, p_counted => true)::text",
                        [kind, form, asked],
                    )
                    (text,) = cursor.fetchone() or ("",)
                    assert MARK not in text
                except DatabaseError:
                    cursor.execute("ROLLBACK TO a")
        cursor.execute("RESET ROLE")
