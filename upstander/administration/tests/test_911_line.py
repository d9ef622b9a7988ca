"""A school's 911 line isn't lost by a slip, is no phone of ours, and is missed aloud."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import Cast
from upstander.administration import own_phones
from upstander.audit.models import Entry
from upstander.base.phones import numbers_in
from upstander.carriers.providers import Line
from upstander.people.scope import viewing
from upstander.places.models import Center, School
from upstander.plug import to_do

pytestmark = pytest.mark.django_db

LINE = "860-555-0191"
OFFICE = "860-555-0120"
GIVEN = {
    "name": "Cedar Middle School",
    "time_zone": "America/New_York",
    "languages": ["en"],
    "psap_name": "Maple Valley 911",
    "psap_phone": LINE,
    "emergency_contact": f"Main office, {OFFICE}",
}


@pytest.fixture
def cedar(cast: Cast) -> School:
    School.objects.filter(pk=cast.cedar.pk).update(
        psap_phone=LINE, psap_name="Maple Valley 911", emergency_contact=f"Main office, {OFFICE}"
    )
    return School.objects.get(pk=cast.cedar.pk)


def save(cast: Cast, school: School, **change: str) -> str:
    """Save a school's page with one thing changed; return what is refused, "" for nothing."""
    url = f"/places/districts/{school.district_id}/schools/{school.pk}/"
    answer = cast.client("ada").post(url, GIVEN | change)
    return "" if answer.status_code == 302 else answer.content.decode()


def test_a_line_in_use_is_emptied_only_by_a_second_yes(cast: Cast, cedar: School) -> None:
    page = cast.client("ada").get(f"/places/districts/{cedar.district_id}/schools/{cedar.pk}/")
    assert b"Call it once before you save it" in page.content
    assert b"without_line" not in page.content, "nobody is asked beforehand"
    for emptied in ("", "  "):
        said = save(cast, cedar, psap_phone=emptied)
        assert "It is in use" in said
        assert "dials 911" in said
        assert 'name="without_line"' in said
    cedar.refresh_from_db()
    assert cedar.psap_phone == LINE
    assert not save(cast, cedar, psap_phone="", without_line="on")
    cedar.refresh_from_db()
    assert cedar.psap_phone == ""
    assert "psap_phone" in Entry.objects.get(action="school changed").detail["fields"]
    assert not save(cast, cedar, psap_phone=""), "what is gone is not asked for again"
    assert not save(cast, cedar, psap_phone=LINE, without_line="on")
    cedar.refresh_from_db()
    assert cedar.psap_phone == LINE, "a yes alone takes nothing away"


@pytest.mark.parametrize("typed", [OFFICE, "+1 (860) 555-0120", "860 555 0120 ext 4"])
def test_the_schools_own_office_is_no_911_center(cast: Cast, cedar: School, typed: str) -> None:
    said = save(cast, cedar, psap_phone=typed)
    assert f"somewhere else: {cedar.name}" in said
    # Nor is the contact for police, typed later, the 911 center's line.
    assert "somewhere else" in save(cast, cedar, emergency_contact=f"Front desk {LINE}")
    cedar.refresh_from_db()
    assert (cedar.psap_phone, cedar.emergency_contact) == (LINE, f"Main office, {OFFICE}")
    # What was the contact's may become the line's, when it is no contact's any more.
    assert not save(cast, cedar, psap_phone=OFFICE, emergency_contact="Front desk 860-555-0149")


@pytest.mark.parametrize(
    ("typed", "told"),
    [("", "It is in use"), ("banana", "Add a phone number"), ("Ms. Ross, ext. 4", "Add a phone")],
)
def test_police_are_never_left_without_a_number(
    cast: Cast, cedar: School, typed: str, told: str
) -> None:
    assert told in save(cast, cedar, emergency_contact=typed)
    cedar.refresh_from_db()
    assert cedar.emergency_contact == f"Main office, {OFFICE}"
    School.objects.filter(pk=cedar.pk).update(emergency_contact="")
    assert not save(cast, cedar, emergency_contact=""), "none is asked of a school that has none"


def test_the_centers_number_for_dispatchers_is_changed_and_never_emptied(cast: Cast) -> None:
    Center.objects.filter(pk=cast.center.pk).update(callback_phone="860-555-0144")
    url = f"/places/centers/{cast.center.pk}/"
    given = {"name": "Lakeside", "time_zone": "America/New_York"}
    said = cast.client("ada").post(url, given | {"callback_phone": ""}).content.decode()
    assert "It is in use" in said
    cast.center.refresh_from_db()
    assert cast.center.callback_phone == "860-555-0144"
    assert (
        cast.client("ada").post(url, given | {"callback_phone": "860-555-0145"}).status_code == 302
    )


def test_nor_is_a_neighbors_or_the_centers_phone(
    cast: Cast, cedar: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = School.objects.create(
        district=cedar.district, name="Elm", slug="elm", emergency_contact="Desk 860-555-0143"
    )
    Center.objects.update(callback_phone="(860) 555-0144", interpreter_phone="+18605550145")
    ours = Line(number="+18605550146", provider="north", fallback="+18605550147")
    monkeypatch.setattr(own_phones, "lines", lambda: (ours,))
    for last, whose in (
        ("0143", other.name),
        ("0144", cast.center.name),
        ("0145", cast.center.name),
        ("0146", "reporters"),
        ("0147", "crisis center"),
    ):
        said = save(cast, cedar, psap_phone=f"860-555-{last}")
        assert "somewhere else" in said, last
        assert whose in said, last
    table = f"district,name,psap_phone\n{cedar.district.slug},Elm,860-555-0144\n"
    ada = cast.client("ada")
    preview = ada.post("/places/import/", {"file": SimpleUploadedFile("t.csv", table.encode())})
    assert "somewhere else" in preview.content.decode()
    ada.post("/places/import/", {"table": table, "confirm": "yes"})
    other.refresh_from_db()
    assert other.psap_phone == ""


@pytest.mark.parametrize("field", ["callback_phone", "interpreter_phone"])
def test_a_911_center_is_not_the_crisis_centers_phone(
    cast: Cast, cedar: School, field: str
) -> None:
    url = f"/places/centers/{cast.center.pk}/"
    kept = {"callback_phone": "860-555-0144"}
    given = {"name": "Lakeside", "time_zone": "America/New_York", **kept, field: LINE}
    said = cast.client("ada").post(url, given).content.decode()
    assert f"911 center’s number for {cedar.name}" in said
    assert cast.client("ada").post(url, given | {field: "860-555-0148"}).status_code == 302


def test_the_administrators_day_names_what_is_missing(cast: Cast, cedar: School) -> None:
    School.objects.exclude(pk=cedar.pk).update(psap_phone="860-555-0192")

    def said() -> list[tuple[str, str]]:
        viewer = cast.viewer("ada")
        with viewing(viewer) as now:
            return [(one.words, one.path) for one in to_do(viewer, now) if "911" in one.words]

    assert not said()
    School.objects.filter(pk=cedar.pk).update(psap_phone="")
    [(words, path)] = said()
    assert words == f"No 911 center’s number: {cedar.name}"
    assert cast.client("ada").get(path).context["school"] == cedar
    assert cast.client("ada").get("/places/").content.count(b"911 number missing") == 1
    School.objects.update(psap_phone="")
    [(words, path)] = said()
    assert f"at {School.objects.count()} schools" in words
    assert cast.client("ada").get(path).status_code == 200


def test_numbers_are_found_in_words() -> None:
    words = "Office 860-555-0134 ext 4; at night +1 203 555 0199. Rooms 6-8, grade 12"
    assert numbers_in(words) == {"+18605550134", "+12035550199"}
