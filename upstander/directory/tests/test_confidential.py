"""No address of a shelter, ever: attacked at the tables, past every function of the program."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import TextField
from django.db.models.functions import MD5, Cast
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upstander.directory.actions.loading import load_services
from upstander.directory.confidential import guarded
from upstander.directory.models import (
    OF_VIOLENCE,
    Kind,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from upstander.directory.queries import public_cards, services_for
from upstander.directory.tests.made import another_of

pytestmark = pytest.mark.django_db
ADDRESS = {
    "id": str(uuid4()),
    "address_1": "1 Invented Street",
    "city": "Maple Valley",
    "state_province": "CT",
    "postal_code": "00000",
    "country": "US",
    "address_type": "physical",
}


@pytest.fixture(autouse=True)
def _services() -> None:
    load_services()


def shelter() -> Service:
    return Service.objects.get(slug="interval-house")


def open_house() -> Location:
    own = uuid4()
    record = {"id": str(own), "location_type": "physical", "addresses": [ADDRESS]}
    return Location.objects.create(
        id=own, record=record, latitude=41.7, longitude=-72.6, confidential=False
    )


def nowhere() -> Location:
    own = uuid4()
    record = {"id": str(own), "location_type": "virtual"}
    return Location.objects.create(id=own, record=record, confidential=True)


def at(service: Service, place: Location) -> ServiceAtLocation:
    own = uuid4()
    record = {"id": str(own), "service_id": str(service.pk), "location_id": str(place.pk)}
    return ServiceAtLocation.objects.create(id=own, service=service, location=place, record=record)


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8).map(json.dumps),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=4,
)
FIELDS = ("addresses", "name", "description", "url", "phones", "contacts", "transportation")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    more=st.dictionaries(st.sampled_from(FIELDS) | st.text("xyz", min_size=1), anything),
    kind=st.sampled_from(["virtual", "physical", "postal", "1 Invented Street"]),
    where=st.none() | st.floats(-90, 90),
    hidden_id=st.booleans(),
)
def test_a_confidential_place_keeps_its_id_and_nothing_else(
    more: dict[str, Any], kind: str, where: float | None, hidden_id: bool
) -> None:
    own = uuid4()
    record = {
        "id": str(own) if not hidden_id else "1 Invented Street",
        "location_type": kind,
        **more,
    }
    harmless = not more and kind == "virtual" and where is None and not hidden_id
    try:
        with transaction.atomic():
            Location.objects.create(id=own, record=record, confidential=True, latitude=where)
    except IntegrityError:
        assert not harmless
    else:
        assert harmless
        Location.objects.filter(pk=own).delete()


def test_an_open_place_is_not_made_confidential_with_its_address_on() -> None:
    place = open_house()
    with pytest.raises(IntegrityError), transaction.atomic():
        Location.objects.filter(pk=place.pk).update(confidential=True)


@pytest.mark.parametrize("kind", OF_VIOLENCE)
def test_whoever_is_for_those_who_flee_is_confidential(kind: Kind) -> None:
    service = Service.objects.get(slug="2-1-1")
    assert not service.confidential
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(pk=service.pk).update(kind=kind)


def test_a_term_of_violence_hides_a_service_and_who_runs_it() -> None:
    taxonomy = Taxonomy(id=uuid4(), name="Terms", record={})
    taxonomy.record = {"id": str(taxonomy.pk), "name": "Terms", "description": "Terms"}
    taxonomy.save()
    own = uuid4()
    TaxonomyTerm.objects.create(
        id=own,
        taxonomy=taxonomy,
        code="shelter",
        confidential=True,
        record={"id": str(own), "name": "Shelter", "description": "Shelter"},
    )
    service = Service.objects.get(slug="2-1-1")
    who = service.organization
    Service.objects.filter(pk=service.pk).update(terms=[own], read_mark="")
    Organization.objects.filter(pk=who.pk).update(read_mark="")
    service.refresh_from_db()
    who.refresh_from_db()
    assert (service.confidential, service.withheld) == (True, True)
    assert (who.confidential, who.withheld) == (True, True)
    # Not even by saying so.
    Service.objects.filter(pk=service.pk).update(confidential=False)
    service.refresh_from_db()
    assert service.confidential


def test_a_confidential_service_is_at_no_place_that_can_be_shown() -> None:
    with pytest.raises(IntegrityError, match="no place"), transaction.atomic():
        at(shelter(), open_house())
    quiet = at(shelter(), nowhere())
    with pytest.raises(IntegrityError, match="no place"), transaction.atomic():
        ServiceAtLocation.objects.filter(pk=quiet.pk).update(location=open_house())
    with pytest.raises(IntegrityError, match="no place"), transaction.atomic():
        Location.objects.filter(pk=quiet.location_id).update(confidential=False)


def test_a_service_with_a_place_is_not_made_confidential() -> None:
    service = Service.objects.get(slug="2-1-1")
    at(service, open_house())
    with pytest.raises(IntegrityError, match="no place"), transaction.atomic():
        Service.objects.filter(pk=service.pk).update(confidential=True)


@pytest.mark.parametrize("key", ["organization", "program", "service_at_locations"])
def test_no_place_hides_within_a_service(key: str) -> None:
    record = shelter().record | {key: [{"location": {"addresses": [ADDRESS]}}]}
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(slug="interval-house").update(record=record)


def test_no_place_hides_within_who_runs_it() -> None:
    who = shelter().organization
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.filter(pk=who.pk).update(record=who.record | {"locations": [ADDRESS]})


def slugs() -> set[str]:
    return {card.slug for card in public_cards("any", "en")}


def test_words_that_nobody_has_read_are_shown_nowhere() -> None:
    assert "interval-house" in slugs()
    changed = shelter().record | {"description": "Behind the mill."}
    Service.objects.filter(slug="interval-house").update(record=changed)
    assert "interval-house" not in slugs()
    assert "interval-house" not in {card.slug for card in services_for(None, "en")}
    # That an older text was read doesn't help, nor does saying that it may be shown.
    Service.objects.filter(slug="interval-house").update(withheld=False)
    assert "interval-house" not in slugs()
    read = MD5(Cast("record", TextField()))
    Service.objects.filter(slug="interval-house").update(read_mark=read)
    assert "interval-house" in slugs()
    another = another_of(shelter(), "another")
    assert "another" in slugs()
    Service.objects.filter(pk=another.pk).update(read_mark="")
    assert "another" not in slugs()


def seen_by(role: str, own: UUID) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role])
        cursor.execute("SELECT count(*) FROM directory_service WHERE id = %s", [own])
        (count,) = cursor.fetchone() or (0,)
        cursor.execute("SELECT set_config('role', 'none', true)")
    return bool(count)


@pytest.mark.parametrize(
    "role", ["upstander_center", "upstander_school", "upstander_district", "upstander_signin"]
)
def test_nor_to_staff_who_do_not_keep_the_directory(role: str) -> None:
    service = shelter()
    assert seen_by(role, service.pk)
    Service.objects.filter(pk=service.pk).update(read_mark="")
    assert not seen_by(role, service.pk)


#: In every field that has words: English, Spanish, with a town, a link to a map, a point.
WHERE = (
    "12 Invented Street",
    "Apt 3, 12 Invented Ave, Maple Valley, CT 06103",
    "Calle Inventada 12",
    "https://maps.google.com/?q=1",
    "41.76512, -72.67341",
)
words = st.text(alphabet="abcdeé ñ.", max_size=12)


@st.composite
def hidden(draw: st.DrawFn) -> str:
    return f"{draw(words)} {draw(st.sampled_from(WHERE))} {draw(words)}"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    texts=st.dictionaries(
        st.sampled_from(["description", "alert", "wait_time", "application_process"]), hidden()
    ),
    notes=st.lists(hidden(), max_size=2),
    nested=st.sampled_from(["contacts", "schedules", "required_documents", "metadata"]),
    places=st.dictionaries(
        st.sampled_from(["addresses", "location", "latitude", "locations"]), st.just([ADDRESS])
    ),
)
def test_of_an_address_in_a_record_nothing_is_left(
    texts: dict[str, str], notes: list[str], nested: str, places: dict[str, Any]
) -> None:
    area = {"id": "1", "name": "Town", "extent": "{}", "extent_type": "geojson"}
    inner = [{"id": "1", "name": note, "deep": [{"note": note, **places}]} for note in notes]
    record = {**texts, **places, nested: inner, "service_areas": [area], "id": "1", "name": "Name"}
    kept, fields = guarded(record)
    said = json.dumps(kept, ensure_ascii=False)
    for trace in ("Invented", "Inventada", "maps.google", "41.765", "00000", "geojson"):
        assert trace not in said
    assert (kept["id"], kept["name"]) == ("1", "Name")
    assert len(fields) >= len(texts) + len(places) + 2 * len(notes)
    assert not any(trace in field for field in fields for trace in WHERE)
    assert guarded(kept) == (kept, ())


def test_what_is_harmless_stays_as_it_is() -> None:
    for slug in ("interval-house", "safe-connect", "sexual-assault-line", "national-dv-hotline"):
        service = Service.objects.select_related("organization").get(slug=slug)
        for record in (service.record, service.organization.record):
            assert guarded(record) == (record, ())
