"""Terms lie beneath each other: what is found by a need, and what nobody may find, follows them."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from upstander.directory.actions.loading import load_services
from upstander.directory.models import (
    Entry,
    Location,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _services() -> None:
    load_services()


def term(
    code: str, parent: TaxonomyTerm | None = None, *, confidential: bool = False
) -> TaxonomyTerm:
    own = uuid4()
    taxonomy = Taxonomy.objects.all()[0]
    return TaxonomyTerm.objects.create(
        id=own,
        taxonomy=taxonomy,
        code=code,
        parent=parent,
        confidential=confidential,
        record={"id": str(own)},
    )


def with_term(own: UUID, slug: str = "careline") -> None:
    Service.objects.filter(slug=slug).update(terms=[own])


def facets(slug: str = "careline") -> set[str]:
    return {
        one.removeprefix("need:")
        for entry in Entry.objects.filter(service__slug=slug)
        for one in entry.facets
        if one.startswith("need:")
    }


def test_a_service_is_found_by_all_that_is_broader_wherever_that_is_moved() -> None:
    home, meals, soup = term("home"), term("meals"), term("soup")
    with_term(soup.pk)
    assert facets() >= {"soup"}
    assert not facets() & {"home", "meals"}
    soup.parent = meals
    soup.save()
    assert facets() >= {"soup", "meals"}
    # Two steps above the service.
    meals.parent = home
    meals.save()
    assert facets() >= {"soup", "meals", "home"}
    meals.code = "dinner"
    meals.save()
    assert facets() >= {"dinner", "home"}
    assert "meals" not in facets()
    soup.parent = None
    soup.save()
    assert not facets() & {"dinner", "home"}
    soup.delete()
    assert "soup" not in facets()


def test_terms_in_a_circle_end() -> None:
    first = term("first")
    second = term("second", first)
    with_term(second.pk)
    first.parent = second
    first.save()
    assert facets() >= {"first", "second"}


def test_what_is_narrower_than_violence_is_confidential() -> None:
    shelter = term("of-shelters", confidential=True)
    with_term(term("for-men", shelter).pk)
    row = Service.objects.select_related("organization").get(slug="careline")
    assert (row.confidential, row.organization.confidential) == (True, True)


def test_a_term_that_becomes_confidential_hides_its_services_at_once() -> None:
    above = term("above")
    with_term(term("below", above).pk)
    assert facets()
    Service.objects.filter(slug="careline").update(read_mark="")
    above.confidential = True
    above.save()
    row = Service.objects.get(slug="careline")
    assert (row.confidential, row.withheld, facets()) == (True, True, set())
    # Whoever takes that back has to say so of each service: its words were never looked at.
    above.confidential = False
    above.save()
    assert Service.objects.get(slug="careline").confidential


def test_it_cannot_while_a_service_with_it_stands_on_the_map() -> None:
    own, at, row = uuid4(), uuid4(), Service.objects.get(slug="careline")
    place = Location.objects.create(id=own, record={"id": str(own)}, latitude=41.7, longitude=-72.6)
    ServiceAtLocation.objects.create(id=at, service=row, location=place, record={"id": str(at)})
    above = term("above")
    with_term(above.pk)
    above.confidential = True
    with pytest.raises(IntegrityError, match="no place that can be shown"), transaction.atomic():
        above.save()
    assert not TaxonomyTerm.objects.get(pk=above.pk).confidential
