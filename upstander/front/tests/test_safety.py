"""The district's safety page, the way to it, and the way out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DatabaseError

from upstander.directory.actions.loading import load_services
from upstander.doors.tests.site import Site, code_in, text_of
from upstander.front import services, views
from upstander.helplines.tests.setup import agency
from upstander.people.public import public_places
from upstander.tips.models import Talk
from upstander.tips.reporter import NotKept


@pytest.fixture(autouse=True)
def _fresh() -> None:
    services._kept.clear()


def test_with_several_districts_the_reader_chooses_or_tells_without_choosing(site: Site) -> None:
    page = text_of(site.get("/"))
    for name in ("Maple Valley", "Pine Hills", "Harbor"):
        assert name in page
    assert 'href="/report"' in page


def test_places_without_schools_are_offered_to_no_reporter(site: Site) -> None:
    """Mobile crisis, advocates and legal aid have a district, and no school."""
    agency(site.cast)
    assert "advocates" in [one.slug for one in public_places(fresh=True).districts.values()]
    assert "Lantern" not in text_of(site.get("/"))
    for path in ("/d/advocates", "/d/advocates/come", "/d/advocates/ask"):
        assert site.get(path).status_code == 404
    for path in ("/report?d=advocates", "/app/report?d=advocates", "/find?d=advocates"):
        assert "Lantern" not in text_of(site.get(path))


def test_with_one_district_it_goes_straight_on_in_the_language_of_the_address(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    places, maple = public_places(fresh=True), site.cast.maple.pk
    alone = replace(places, districts={maple: places.districts[maple]})
    monkeypatch.setattr(views, "known_places", lambda: alone)
    assert site.get("/es/")["Location"] == "/es/d/maple-valley"
    assert site.get("/")["Location"] == "/d/maple-valley"


def test_the_safety_page_has_the_door_the_way_and_the_help(site: Site) -> None:
    load_services()
    page = text_of(site.get("/d/maple-valley"))
    assert 'href="/report?d=maple-valley"' in page
    assert "A counselor at the crisis center opens it" in page
    assert "The law makes some adults" in page
    assert 'href="tel:988"' in page
    assert "not yet confirmed" in page.lower()


def test_services_that_can_not_be_read_leave_the_door_open(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_slug: str) -> None:
        raise DatabaseError

    monkeypatch.setattr(services, "public_services", broken)
    page = site.get("/d/maple-valley")
    assert page.status_code == 200
    assert 'href="/report?d=maple-valley"' in text_of(page)
    assert 'href="tel:211"' in text_of(page)


def test_services_read_before_are_shown_while_the_database_is_away(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_services()
    before = text_of(site.get("/d/maple-valley")).count('class="helps"')
    monkeypatch.setattr(services, "KEPT_SECONDS", -1)

    def broken(_slug: str) -> None:
        raise DatabaseError

    monkeypatch.setattr(services, "public_services", broken)
    assert before > 5
    assert text_of(site.get("/d/maple-valley")).count('class="helps"') == before


def test_an_unknown_district_is_not_there(site: Site) -> None:
    assert site.get("/d/nowhere").status_code == 404


@pytest.mark.parametrize("path", ["/leave", "/es/leave"])
def test_leaving_goes_elsewhere_and_closes_the_conversation(site: Site, path: str) -> None:
    site.send()
    response = site.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("https://")
    assert "report" not in response["Location"]
    assert site.client.cookies["talk"].value == ""
    assert not Talk.objects.exists()


def test_leaving_waits_for_no_database(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_token: str) -> None:
        raise NotKept

    site.send()
    monkeypatch.setattr(views, "close_session", away)
    assert site.get("/leave").status_code == 302


def test_leaving_without_a_conversation_is_only_a_way_out(site: Site) -> None:
    response = site.get("/leave")
    assert response.status_code == 302
    assert not response.cookies


def test_after_leaving_the_words_still_open_it(site: Site) -> None:
    code = code_in(site.send())
    site.get("/leave")
    assert site.post("/back", {"code": code}).status_code == 303


def test_it_says_that_it_lives(site: Site) -> None:
    response = site.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.parametrize("path", ["/", "/d/maple-valley", "/report", "/back", "/r/cedar"])
def test_a_database_that_was_never_there_is_a_page_with_numbers(
    site: Site, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def away() -> None:
        raise DatabaseError

    monkeypatch.setattr("upstander.doors.web.snapshot.public_places", away)
    response = site.get(path)
    assert response.status_code == (200 if path == "/back" else 503)
    assert "tel:911" in text_of(response)


@pytest.mark.parametrize("path", ["/", "/d/maple-valley", "/report"])
def test_while_the_database_is_away_the_pages_read_before_open(
    site: Site, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    site.get("/report")

    def away() -> None:
        raise DatabaseError

    monkeypatch.setattr("upstander.doors.web.snapshot.public_places", away)
    assert site.get(path).status_code == 200
