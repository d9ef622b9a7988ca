"""Importing services: nothing before a yes, nothing twice, nothing of somebody else's."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.base.refused import Refused
from upstander.directory.actions.applying import choose, say_no, say_yes
from upstander.directory.actions.keeping import confirm_service
from upstander.directory.actions.loading import load_services
from upstander.directory.models import (
    Entry,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)
from upstander.directory.sources import Incoming
from upstander.directory.tests.feeds import brought, feed, files, imported, own, service, waits
from upstander.people import factories
from upstander.people.roles import Role
from upstander.people.scope import Viewer

pytestmark = pytest.mark.django_db


def second(cast: Cast) -> Viewer:
    """Sign a second administrator in."""
    cast.people["abe"] = factories.make_person("Abe", cast.keys)
    factories.join(cast.people["abe"], cast.teams["administration"], Role.ADMINISTRATOR, cast.keys)
    return cast.viewer("abe")


def test_nothing_comes_in_before_a_yes_and_then_all_of_it(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = brought(ada, feed(service(1), service(2)))
    assert waits(source)["service", "new"] == 2
    assert not Service.objects.exists()
    assert not Location.objects.exists()
    counts = say_yes(ada, source.pk)
    assert counts == {"new": 2, "changed": 0}
    rows = {str(one.pk): one for one in Service.objects.select_related("organization")}
    assert set(rows) == {own("service", 1), own("service", 2)}
    one = rows[own("service", 1)]
    assert (one.confirmed, one.kind, one.organization.name) == (
        False,
        "search",
        "Who runs Pantry 1",
    )
    assert Entry.objects.filter(east__isnull=False).count() == 2
    assert not Incoming.objects.exists()


def test_the_second_time_nothing_changed(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, feed(service(1), service(2)))
    assert not waits(brought(ada, feed(service(1), service(2)), source.pk))
    page = cast.client("ada").get(f"/services/import/{source.pk}").content.decode()
    assert "Nothing changed" in page


def test_a_change_is_shown_field_by_field_and_a_no_leaves_what_stood(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, feed(service(1), service(2)))
    again = feed(service(1, name="Larder"), service(2))
    brought(ada, again, source.pk)
    [one] = Incoming.objects.filter(source=source, kind="service")
    assert one.changes == [["name", "Pantry 1", "Larder"]]
    page = cast.client("ada").get(f"/services/import/{source.pk}").content.decode()
    assert "Pantry 1" in page
    assert "Larder" in page
    say_no(ada, source.pk)
    assert Service.objects.get(pk=one.key).record["name"] == "Pantry 1"
    brought(ada, again, source.pk)
    say_yes(ada, source.pk)
    assert Service.objects.get(pk=one.key).record["name"] == "Larder"


def test_what_is_gone_goes_with_all_that_was_of_it(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, feed(*map(service, range(10))))
    brought(ada, feed(*map(service, range(9))), source.pk)
    assert waits(source)["service", "gone"] == 1
    assert say_yes(ada, source.pk) == {"gone": 1}
    for model in (Service, Organization, Location, ServiceAtLocation, Entry):
        assert model.objects.count() == 9, model


def test_a_shrink_needs_two(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, feed(*map(service, range(5))))
    brought(ada, feed(service(0)), source.pk)
    assert say_yes(ada, source.pk) is None
    with pytest.raises(Refused):
        say_yes(ada, source.pk)
    assert Service.objects.count() == 5
    assert say_yes(second(cast), source.pk) is not None
    assert Service.objects.count() == 1


def test_the_first_yes_is_to_one_content(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, feed(*map(service, range(5))))
    brought(ada, feed(service(0)), source.pk)
    say_yes(ada, source.pk)
    brought(ada, feed(service(1)), source.pk)
    assert say_yes(second(cast), source.pk) is None, "another file needs both again"


def test_a_source_touches_nothing_that_isnt_its_own(cast: Cast) -> None:
    load_services()
    ada, helpline = cast.viewer("ada"), Service.objects.get(slug="988")
    first = imported(ada, feed(service(1)))
    theirs = service(1, name="Taken over")
    mine = {"id": str(helpline.pk), "name": "Gone", "status": "active"}
    source = brought(ada, feed(theirs, mine, service(2)))
    assert source.mistaken >= 2
    say_yes(ada, source.pk)
    helpline.refresh_from_db()
    assert helpline.record["name"] != "Gone"
    assert Service.objects.get(pk=own("service", 1)).source_id == first.pk
    assert Service.objects.get(pk=own("service", 1)).record["name"] == "Pantry 1"
    assert Service.objects.get(pk=own("service", 2)).source_id == source.pk


def test_nor_is_anything_run_by_somebody_elses_organization(cast: Cast) -> None:
    """A shelter that says it is run by who answers 988 would hide 988 with it."""
    load_services()
    helpline = Service.objects.get(slug="988")
    shelter = service(1, name="Shelter", organization_id=str(helpline.organization_id))
    source = imported(cast.viewer("ada"), [shelter | {"service_at_locations": []}])
    assert source.mistaken == 1
    helpline.organization.refresh_from_db()
    assert not helpline.organization.confidential
    assert not Service.objects.filter(source=source).exists()


def test_what_a_person_checked_is_disputed_and_they_choose(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, feed(service(1), service(2)))
    row = Service.objects.get(pk=own("service", 1))
    confirm_service(row, actor=ada)
    said = feed(service(1, name="Larder"), service(2))
    brought(ada, said, source.pk)
    say_yes(ada, source.pk)
    row.refresh_from_db()
    assert (row.record["name"], row.confirmed) == ("Pantry 1", True)
    [one] = Incoming.objects.filter(source=source)
    assert one.verdict == "disputed"
    page = cast.client("ada").get(f"/services/import/{source.pk}").content.decode()
    assert "Pantry 1" in page
    assert "Larder" in page
    assert "Keep what stands" in page
    choose(ada, source.pk, one.pk, theirs=False)
    assert not waits(brought(ada, said, source.pk)), "it was turned down, and is asked no more"
    brought(ada, feed(service(1, name="Cellar"), service(2)), source.pk)
    [one] = Incoming.objects.filter(source=source, kind="service")
    choose(ada, source.pk, one.pk, theirs=True)
    row.refresh_from_db()
    assert (row.record["name"], row.confirmed) == ("Cellar", False)


def test_who_was_checked_between_preview_and_yes_is_disputed_too(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, feed(service(1), *map(service, range(2, 9))))
    brought(ada, feed(service(1, name="Larder"), *map(service, range(2, 8))), source.pk)
    for number in (1, 8):
        confirm_service(Service.objects.get(pk=own("service", number)), actor=ada)
    say_yes(ada, source.pk)
    assert Service.objects.get(pk=own("service", 1)).record["name"] == "Pantry 1"
    assert Service.objects.filter(pk=own("service", 8)).exists()
    assert waits(source) == {("service", "disputed"): 2}


def test_what_is_wrong_is_told_and_the_rest_is_kept(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, feed(service(1)))
    said = feed(service(1, name="<b>Bold</b>"), service(2), service(3, minimum_age="old"))
    brought(ada, said, source.pk)
    source.refresh_from_db()
    assert {field for _, field, _ in source.mistakes} >= {"name", "minimum_age"}
    assert not waits(source)["service", "gone"], "what it says wrongly isn't gone"
    say_yes(ada, source.pk)
    assert Service.objects.get(pk=own("service", 1)).record["name"] == "Pantry 1"
    assert Service.objects.filter(pk=own("service", 2)).exists()
    assert not Service.objects.filter(pk=own("service", 3)).exists()


TERMS = b"""code,name,parent,plain need
F,Food programs,,food
F-1,Soup kitchens,F,
V,Help after violence,,domestic_violence
A,Around,B,
B,Bound,A,
X,Elsewhere,,flying
"""


def tagged(number: int, term: str) -> dict[str, object]:
    attribute = {"id": own("attribute", number), "taxonomy_term_id": term}
    return service(number, attributes=[attribute])


def test_terms_of_ones_own_lead_to_plain_needs_and_circles_are_named(cast: Cast) -> None:
    load_services()
    ada = cast.viewer("ada")
    source = imported(ada, TERMS)
    words = " ".join(words for _, _, words in source.mistakes)
    assert "A → B → A" in words
    assert "Must be one of" in words
    soup = TaxonomyTerm.objects.get(code="F-1", taxonomy__source=source)
    assert soup.parent is not None
    assert soup.parent.code == "F"
    imported(ada, feed(tagged(1, str(soup.pk))))
    [entry] = Entry.objects.filter(service_id=own("service", 1))
    assert "need:food" in entry.facets
    assert not waits(brought(ada, TERMS, source.pk))


def test_terms_that_come_later_count_for_what_stands(cast: Cast) -> None:
    """And whom they hide loses its places at once."""
    load_services()
    ada = cast.viewer("ada")
    codes = [
        {"id": own("term", code), "code": code, "name": code, "description": code, "taxonomy": "T"}
        for code in ("F", "V")
    ]
    services = feed(tagged(1, own("term", "F")), tagged(2, own("term", "V")))
    imported(ada, [*codes, *services])
    assert "need:food" not in Entry.objects.get(service_id=own("service", 1)).facets
    imported(ada, TERMS)
    assert "need:food" in Entry.objects.get(service_id=own("service", 1)).facets
    hidden = Service.objects.get(pk=own("service", 2))
    assert hidden.confidential
    assert hidden.withheld
    assert not Entry.objects.filter(service=hidden).exists()
    assert "2 Invented Street" not in str(list(Location.objects.values()))


def test_a_term_that_is_dropped_or_means_nothing_takes_its_need_along_at_once(cast: Cast) -> None:
    load_services()
    ada = cast.viewer("ada")
    source = imported(ada, TERMS)
    soup = TaxonomyTerm.objects.get(code="F-1", taxonomy__source=source)
    imported(ada, feed(tagged(1, str(soup.pk))))

    def facets() -> list[str]:
        return Entry.objects.get(service_id=own("service", 1)).facets

    assert "need:food" in facets()
    imported(ada, TERMS.replace(b"programs,,food", b"programs,,diapers"), source.pk)
    assert "need:food" not in facets()
    assert "need:diapers" in facets()
    imported(ada, TERMS.replace(b"programs,,food", b"programs,,"), source.pk)
    assert "need:diapers" not in facets()
    imported(ada, TERMS, source.pk)
    assert "need:food" in facets()
    brought(ada, b"code,name,parent,plain need\nV,Help,,domestic_violence\n", source.pk)
    say_yes(ada, source.pk)
    say_yes(second(cast), source.pk)
    assert not TaxonomyTerm.objects.filter(pk=soup.pk).exists()
    assert "need:food" not in facets()


def test_only_an_administrator_imports(cast: Cast) -> None:
    source = brought(cast.viewer("ada"), feed(service(1)))
    for name in ("alice", "dee"):
        client = cast.client(name)
        assert client.get("/services/import").status_code in (403, 404)
        assert client.post(f"/services/import/{source.pk}", {"act": "yes"}).status_code in (
            403,
            404,
        )
    assert not Service.objects.exists()


def test_by_the_page_from_the_file_to_the_yes(cast: Cast) -> None:
    ada = cast.client("ada")
    [(name, file)] = files(feed(service(1)))
    file.name = name
    answer = ada.post("/services/import", {"name": "A list", "upload": [file]})
    assert answer.status_code == 302
    page = ada.get(answer["Location"]).content.decode()
    assert "Nothing is saved yet" in page
    assert "Pantry 1" in page
    table = b"".join(ada.get(f"{answer['Location']}/whole")).decode()
    assert "new,service," in table
    assert "Food for whoever comes." in table
    ada.post(answer["Location"], {"act": "yes"})
    assert Service.objects.count() == 1
    assert ada.post(answer["Location"], {"act": "fly"}).status_code == 404
    wrong = ada.post("/services/import", {"name": "Both"})
    assert wrong.status_code == 422
    assert "Give either files or an address." in wrong.content.decode()
