"""A keeper says what a service helps with, and it is found by that."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from conftest import Cast
from upstander.directory.actions.loading import load_services
from upstander.directory.finding import Asked, find
from upstander.directory.models import Entry, Location, Service, TaxonomyTerm
from upstander.directory.tests.feeds import feed, imported, own, service
from upstander.directory.tests.test_editing import edit as edit_form
from upstander.directory.tests.test_importing import TERMS, tagged
from upstander.directory.vocabulary import NEEDS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _services() -> None:
    load_services()


def edit(cast: Cast, slug: str, **changes: Any) -> int:
    return int(edit_form(cast, slug, source_url="https://example.org/", **changes).status_code)


def row(number: int = 1) -> Service:
    return Service.objects.get(pk=own("service", number))


def found(*needs: str) -> set[str]:
    wanted = Asked("", "en", needs=tuple(NEEDS[one] for one in needs))
    return {one.facts.slug for one in find(wanted, timezone.now()).found}


def test_what_came_without_terms_is_found_once_a_keeper_says_what_for(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, feed(service(1)))
    slug = row().slug
    assert slug not in found("food")
    assert edit(cast, slug, needs=["food", "housing"]) == 302
    assert slug in found("food")
    assert slug in found("housing")
    before = row().record, row().terms
    assert edit(cast, slug) == 302
    assert (row().record, row().terms) == before
    imported(ada, TERMS)
    assert slug in found("food"), "others' terms that come leave a person's word"
    assert edit(cast, slug, needs=["housing"]) == 302
    imported(ada, feed(service(1), service(2)), source.pk)
    imported(ada, TERMS.replace(b"Food programs", b"Meals"))
    assert slug not in found("food")
    assert slug in found("housing")


def test_a_need_that_followed_from_anothers_term_goes_with_the_term(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, TERMS)
    term = str(source_term(source.pk))
    imported(ada, feed(tagged(1, term)))
    slug = row().slug
    assert slug in found("food")
    assert edit(cast, slug, name_en="Another") == 302
    assert term in str(row().record["attributes"])
    assert edit(cast, slug, needs=[]) == 302
    assert slug not in found("food")
    assert term not in str(row().record["attributes"])
    imported(ada, TERMS.replace(b"Food programs", b"Meals"), source.pk)
    assert slug not in found("food")


def source_term(source: UUID) -> UUID:
    return TaxonomyTerm.objects.get(code="F-1", taxonomy__source=source).pk


def test_a_need_of_whoever_flees_hides_it_and_where_it_is(cast: Cast) -> None:
    imported(cast.viewer("ada"), feed(service(1)))
    slug = row().slug
    assert edit(cast, slug, needs=["domestic_violence"]) == 302
    assert (row().confidential, row().withheld) == (True, True)
    assert "1 Invented Street" not in str(list(Location.objects.values()))
    assert not Entry.objects.filter(service=row()).exists()


def test_what_it_stands_for_on_the_safety_page_is_not_asked(cast: Cast) -> None:
    page = cast.client("ada").get("/services/988/edit").content.decode()
    assert 'value="food"' in page
    assert 'name="needs" value="crisis"' not in page
