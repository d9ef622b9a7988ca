"""The directory for machines: as the standard says, and for anybody in any of its ways."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoDbBlocker

import upstander.command
from tests.databases import written_once
from upstander.directory import publishing
from upstander.directory.actions.loading import load_services
from upstander.directory.actions.neighborhood import load_neighborhood
from upstander.directory.actions.towns import load_towns
from upstander.directory.finding import miles
from upstander.directory.models import (
    Entry,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
    Town,
)
from upstander.directory.records import id_of
from upstander.doors.tests.site import FORM, Site
from upstander.standards.hsds.openapi import LISTS
from upstander.standards.hsds.tests.published import answer, validator

DEMO = Path(upstander.command.__file__).parent
TABLES = (DEMO / "demo_services.csv", DEMO / "demo_services_texts.csv")
#: A Wednesday, noon in the demo's towns, in a week without a holiday.
NOON = datetime(2026, 9, 16, 16, 0, tzinfo=UTC)
NAMES = sorted(LISTS)
PLACED = "service_at_locations"
#: The official schemas: of a list's records, and of one in full.
SHORT = {"taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term"}
FULL = {"organizations": "organization_full", PLACED: "service_at_location_full"}


@contextmanager
def the_neighborhood(blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo's neighborhood, for all tests of a file."""
    with written_once(blocker):
        load_services()
        load_towns(DEMO / "demo_towns.csv")
        assert load_neighborhood(*TABLES, state="us-ct", today=NOON.date()) == 150
        yield


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What each test of the file finds."""
    with the_neighborhood(django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def _neighborhood(loaded: None, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    publishing._totals.clear()


def asked(
    site: Site, path: str, status: int = 200, headers: dict[str, str] | None = None
) -> HttpResponse:
    response = site.get(f"/hsds{path}", **headers or {})
    assert response.status_code == status, response.content[:300]
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    return response


def got(site: Site, path: str, status: int = 200, **sent: Any) -> Any:
    query = urlencode({key: str(value) for key, value in sent.items()}, quote_via=quote)
    response = asked(site, f"{path}?{query}", status)
    assert response["Content-Type"] == "application/json"
    return json.loads(response.content)


def every(site: Site, name: str, **sent: Any) -> Iterator[Any]:
    number, last = 1, False
    while not last:
        page = got(site, f"/{name}", page=number, **sent)
        assert set(page) == PAGE_KEYS
        yield from page["contents"]
        number, last = number + 1, page["last_page"]


PAGE_KEYS = {
    *("total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty"),
    "contents",
}


def ids(records: Any) -> list[str]:
    return [one["id"] for one in records]


def shown() -> set[str]:
    return {str(key) for key in Entry.objects.values_list("service_id", flat=True)}


@pytest.mark.parametrize("name", NAMES)
def test_each_record_of_the_demo_is_as_the_standard_says(site: Site, name: str) -> None:
    short = answer(SHORT.get(name, f"{name[:-1]}_list"))
    full = answer(FULL.get(name, SHORT.get(name, name[:-1])))
    records = list(every(site, name, per_page=100))
    assert ids(records) == sorted(set(ids(records))), "each once, in order"
    assert records
    for one in records:
        assert [error.message for error in short.iter_errors(one)] == []
    if name not in SHORT:
        whole = list(every(site, name, per_page=100, full="true"))
        assert ids(whole) == ids(records)
    else:
        whole = records
    for one in whole:
        assert [error.message for error in full.iter_errors(one)] == []
    if name in ("services", PLACED):
        strict = validator(name[:-1], strict=True)
        assert [e.message for one in whole[:40] for e in strict.iter_errors(one)] == []
    assert got(site, f"/{name}/{whole[-1]['id']}") == whole[-1]


def test_what_a_public_page_shows_is_told_and_nothing_else(site: Site) -> None:
    told = set(ids(every(site, "services", per_page=100)))
    assert told == shown()
    assert len(told) > 150
    runs = {one["organization_id"] for one in every(site, "services", per_page=100)}
    assert set(ids(every(site, "organizations", per_page=100))) == runs


def test_a_page_counts_from_one_and_says_what_is_behind(site: Site) -> None:
    first = got(site, "/services", per_page=5)
    assert (first["page_number"], first["first_page"], first["size"]) == (1, True, 5)
    assert first["total_items"] == len(shown())
    link = asked(site, "/services?per_page=5&search=food&full=true")["Link"]
    assert link.endswith('/hsds/services?per_page=5&search=food&full=true&page=2>; rel="next"')
    behind = got(site, "/services", page=9999)
    assert (behind["empty"], behind["last_page"], behind["total_items"]) == (
        True,
        False,
        len(shown()),
    )
    assert got(site, "/services", per_page=10**8)["size"] == 100
    assert got(site, "/services", per_page=10**8, minimal="true")["size"] == len(shown())


def test_the_number_of_all_is_not_behind_at_the_end(site: Site) -> None:
    """It is kept for a minute; a page on which all end must say that they end there."""
    before = got(site, "/services", per_page=2)["total_items"]
    Service.objects.filter(slug="careline").update(listed=False)
    assert got(site, "/services", per_page=2)["total_items"] == before, "kept"
    last = got(site, "/services", per_page=100, page=2)
    assert last["total_items"] == before - 1
    assert last["last_page"]


def test_words_are_searched_for_in_each_language(site: Site) -> None:
    found = ids(every(site, "services", search="diapers"))
    assert found
    assert all(
        Entry.objects.filter(service_id=one, facets__contains=["need:diapers"]) for one in found
    )
    assert ids(every(site, "services", search="pañales")) == found
    runs = set(ids(every(site, "organizations", search="diapers")))
    assert runs == {str(Service.objects.get(pk=one).organization_id) for one in found}
    at = got(site, f"/{PLACED}", search="diapers")["contents"]
    assert {one["service"]["id"] for one in at} <= set(found)
    assert got(site, "/services", search="Qwzxyv")["total_items"] == 0
    (term,) = got(site, "/taxonomy_terms", search="diapers")["contents"]
    assert term["code"] == "diapers"


def test_a_term_finds_what_has_a_narrower_one(site: Site) -> None:
    food = TaxonomyTerm.objects.get(code="food")
    narrower = TaxonomyTerm.objects.create(
        id=(own := id_of("test", "soup")),
        taxonomy=food.taxonomy,
        parent=food,
        code="soup",
        record={"id": str(own), "code": "soup", "name": "Soup", "description": "Soup"},
    )
    one = Service.objects.get(slug="careline")
    assert str(one.id) not in ids(every(site, "services", taxonomy_term_id=food.id))
    one.terms = [narrower.id]
    one.save()
    for sent in ({"taxonomy_term_id": food.id}, {"taxonomy_term_id": narrower.id}):
        assert str(one.id) in ids(every(site, "services", **sent))
        assert str(one.organization_id) in ids(every(site, "organizations", **sent))
    assert str(one.id) in ids(every(site, "services", taxonomy_id=food.taxonomy_id))
    facts = TaxonomyTerm.objects.get(code="time_zone").taxonomy_id
    assert got(site, "/services", taxonomy_id=facts)["empty"]
    beneath = got(site, "/taxonomy_terms", parent_id=food.id)["contents"]
    assert [(term["code"], term["parent_id"]) for term in beneath] == [("soup", str(food.id))]
    top = ids(every(site, "taxonomy_terms", top_only="true", taxonomy_id=food.taxonomy_id))
    assert str(food.id) in top
    assert str(narrower.id) not in top


def test_what_an_organization_does_is_told_with_it_or_by_pages(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Service.objects.get(slug="careline")
    own = got(site, "/services", organization_id=one.organization_id)
    assert str(one.id) in ids(own["contents"])
    assert own["total_items"] == one.organization.services.filter(entries__isnull=False).count()
    plain = got(site, f"/organizations/{one.organization_id}")
    assert "services" not in plain
    whole = got(site, f"/organizations/{one.organization_id}", full_service="true")
    assert str(one.id) in ids(whole["services"])
    assert all(service["phones"] for service in whole["services"] if service["id"] == str(one.id))
    assert answer("organization_full").is_valid(whole)
    listed = got(site, "/organizations", full_service="true", search="Careline")["contents"]
    assert whole in listed
    at = ServiceAtLocation.objects.select_related("service").first()
    assert at is not None
    placed = got(site, f"/{PLACED}", organization_id=at.service.organization_id)["contents"]
    assert str(at.id) in ids(placed)
    assert {one["service"]["organization_id"] for one in placed} == {
        str(at.service.organization_id)
    }


def test_what_changed_is_found_by_its_time(site: Site) -> None:
    Entry.objects.update(entered_at=NOON - timedelta(days=9))
    after: dict[str, Any] = {"modified_after": "2026-09-10T00:00:00Z"}
    assert got(site, "/services", **after)["empty"]
    service = Service.objects.get(slug="careline")
    at = ServiceAtLocation.objects.select_related("location", "service__organization").first()
    assert at is not None
    changes: list[tuple[Service, Callable[[], object]]] = [
        (service, service.save),
        (at.service, lambda: _changed(at)),
        (at.service, lambda: _changed(at.location)),
        (at.service, lambda: _changed(at.service.organization)),
        (service, lambda: Service.objects.filter(pk=service.pk).update(assured_on="2026-09-16")),
    ]
    for changed, change in changes:
        Entry.objects.update(entered_at=NOON - timedelta(days=9))
        change()
        (told,) = got(site, "/services", **after, minimal="true")["contents"]
        assert told["id"] == str(changed.id)
        assert told.keys() == {"id", "name", "status", "last_modified"}
        placed = got(site, f"/{PLACED}", **after)["contents"]
        assert {one["service_id"] for one in placed} <= {str(changed.id)}
        written = told["last_modified"]
        assert got(site, "/services", modified_after=written)["size"] == 1, "or later"
        plus = asked(site, f"/services?modified_after={written}")  # a plus that nobody encoded
        assert json.loads(plus.content)["size"] == 1


def _changed(row: ServiceAtLocation | Location | Organization) -> None:
    row.record = row.record | {"alternate_name" if hasattr(row, "name") else "description": "New"}
    row.save()


def test_near_a_postcode_is_by_meters_over_the_ground(site: Site) -> None:
    town = (41.61, -72.7)
    Town.objects.create(name="00501", latitude=town[0], longitude=town[1])
    near = list(every(site, f"{PLACED}", postcode="00501", proximity=3000, full="true"))
    rows = {str(at.id): at.location for at in ServiceAtLocation.objects.select_related("location")}

    def meters(place: Location) -> float:
        assert place.latitude is not None
        assert place.longitude is not None
        return miles(town, (place.latitude, place.longitude)) * 1609.344

    wanted = {key for key, place in rows.items() if place.latitude and meters(place) <= 3000}
    assert set(ids(near)) == wanted
    assert 0 < len(wanted) < len(rows)
    far = got(site, f"/{PLACED}", postcode="00501-0001", proximity=500_000)
    assert far["total_items"] == len([1 for place in rows.values() if place.latitude])
    for sent in ({"proximity": 5}, {"postcode": "99998", "proximity": 5}):
        assert "postcode" in got(site, f"/{PLACED}", 400, **sent)["error"]


def test_an_area_that_lists_postcodes_leaves_out_others(site: Site) -> None:
    at = ServiceAtLocation.objects.select_related("service").first()
    assert at is not None
    area = {"id": str(at.id), "extent_type": "text", "extent": "00501, 00502"}
    at.service.record = at.service.record | {"service_areas": [area]}
    at.service.save()
    assert str(at.id) in ids(every(site, PLACED, postcode="00502"))
    assert str(at.id) not in ids(every(site, PLACED, postcode="00503"))
    assert got(site, f"/{PLACED}", postcode="00503")["total_items"] > 100


def test_lines_are_the_records_of_a_page(site: Site) -> None:
    response = asked(site, "/services?format=ndjson&per_page=3")
    assert response["Content-Type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in response.content.decode().splitlines()]
    assert lines == got(site, "/services", per_page=3)["contents"]
    assert "page=2" in response["Link"]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_posted_is_answered_as_what_is_got(site: Site, name: str) -> None:
    sent: dict[str, Any] = {"search": "food", "per_page": 2, "page": 1}
    wanted = got(site, f"/{name}", **sent)
    for kind, body in (
        (FORM, urlencode(sent).encode()),
        ("application/json", json.dumps(sent | {"format": None}).encode()),
        ("application/json; charset=utf-8", json.dumps(sent).encode()),
    ):
        response = site.post_raw(f"/hsds/{name}", body, kind, **{"sec-fetch-site": "cross-site"})
        assert response.status_code == 200, response.content
        assert json.loads(response.content) == wanted
        assert response["Cache-Control"] == "no-store"
        assert not {"ETag", "Link"} & set(response.headers)
    by_query = site.post_raw(f"/hsds/{name}?search=food&per_page=2", b"", "text/plain")
    assert json.loads(by_query.content) == wanted


@pytest.mark.parametrize("name", NAMES)
def test_so_many_records_take_one_query_as_few(site: Site, name: str) -> None:
    full = "" if name in SHORT else "&full=true"
    for per_page in (1, 100):
        publishing._totals.clear()
        with CaptureQueriesContext(connection) as few:
            asked(site, f"/{name}?per_page={per_page}{full}")
        asks = [one for one in few.captured_queries if "published" in one["sql"]]
        assert len(few) - 2 == len(asks) <= 2, "a page, and how many there are; a role in tests"


def test_an_answer_that_still_holds_is_not_sent_again(site: Site) -> None:
    path = "/services?search=food&per_page=100&full=true"
    first = asked(site, path)
    assert first["Cache-Control"] == "no-cache"
    mark = first["ETag"]
    for held in (mark, f'"x", {mark}', mark.removeprefix("W/"), "*"):
        again = asked(site, path, 304, {"if-none-match": held})
        assert again.content == b""
        assert again["ETag"] == mark
        assert not {"Content-Length", "Content-Type"} & set(again.headers)
    assert asked(site, path, headers={"if-none-match": 'W/"0"'})["ETag"] == mark
    (one, *_) = json.loads(first.content)["contents"]
    Service.objects.filter(pk=one["id"]).update(listed=False)
    assert asked(site, path, headers={"if-none-match": mark})["ETag"] != mark


def test_any_website_may_ask_and_nothing_of_a_person_goes_along(site: Site) -> None:
    may = site.client.options("/hsds/services", headers={"origin": "https://example.org"})
    assert may.status_code == 204
    assert may["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in may.headers
    assert "If-None-Match" in may["Access-Control-Allow-Headers"]
    response = asked(
        site,
        "/services?per_page=1",
        headers={"cookie": "upstander=x", "origin": "https://a.example"},
    )
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Vary" not in response or response["Vary"] == "Accept-Encoding"
    about = got(site, "/")
    assert about["version"] == "3.1"
    assert about["openapi_url"].endswith("/hsds/openapi.json")
    assert got(site, "") == about
