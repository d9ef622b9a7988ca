"""Feeds that lie, that are broken, or that say where a shelter is."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.base.refused import Refused
from upstander.directory.actions.applying import say_yes
from upstander.directory.actions.importing import take_files
from upstander.directory.actions.keeping import read_words
from upstander.directory.actions.loading import load_services
from upstander.directory.exporting import exported
from upstander.directory.models import (
    Entry,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from upstander.directory.records import id_of
from upstander.directory.sources import Incoming, Source
from upstander.directory.tests.feeds import brought, feed, files, imported, own, place, service
from upstander.people.scope import viewing

pytestmark = pytest.mark.django_db
STREET = "Invented Street"
EVERYTHING = (
    *(Organization, Service, Location, ServiceAtLocation, Entry, Incoming, Source),
    *(Taxonomy, TaxonomyTerm),
)


def stored() -> str:
    return str([list(model.objects.values()) for model in EVERYTHING])


def shelter(**fields: Any) -> dict[str, Any]:
    return service(7, **{"name": "A safe house", "description": f"Ring at 7 {STREET}."} | fields)


def by_term() -> list[dict[str, Any]]:
    term = {
        "id": own("term"),
        "name": "Domestic violence shelter",
        "description": "A place to sleep",
        "taxonomy": "Theirs",
    }
    tag = {"id": own("tag"), "taxonomy_term": term}
    return feed(service(7, name="Harbor", attributes=[tag]))


WAYS: dict[str, Any] = {
    "by its name": lambda: feed(shelter()),
    "by a term": by_term,
    "by a need of ours": lambda: feed(
        service(
            7,
            attributes=[
                {
                    "id": own("tag"),
                    "taxonomy_term_id": str(id_of("term", "need", "domestic_violence")),
                }
            ],
        )
    ),
    "by who runs it": lambda: feed(service(7), name="Family Violence Agency"),
    "by its words": lambda: feed(
        service(7, description="For families fleeing abuse and domestic violence.")
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_address_of_a_shelter_is_kept_anywhere(cast: Cast, way: str) -> None:
    load_services()
    ada = cast.viewer("ada")
    source = brought(ada, WAYS[way]())
    assert STREET not in stored(), "not even while it waits"
    say_yes(ada, source.pk)
    row = Service.objects.get(pk=own("service", 7))
    assert row.confidential
    assert row.withheld
    assert STREET not in stored()
    assert "41.7" not in str(list(Location.objects.filter(confidential=True).values()))
    assert not Entry.objects.filter(service=row).exists()


def test_the_same_house_under_another_name_is_hidden_too(cast: Cast) -> None:
    """As the organization's own office, and as another service's place."""
    office = place(7) | {"id": own("office"), "name": "Office"}
    other = service(8, service_at_locations=[{"id": own("at", 8), "location": office}])
    said = [*feed(shelter()), *feed(other)]
    said[0]["locations"] = [place(7) | {"id": own("annex")}]
    imported(cast.viewer("ada"), said)
    assert f"7 {STREET}" not in stored()
    assert not Service.objects.get(pk=own("service", 8)).confidential


def test_what_was_open_and_becomes_a_shelter_loses_its_place(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, feed(service(7)))
    assert STREET in stored()
    brought(ada, feed(shelter()), source.pk)
    say_yes(ada, source.pk)
    assert STREET not in stored()


def test_what_is_hidden_once_no_feed_shows_again(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, feed(shelter()))
    brought(ada, feed(service(7)), source.pk)
    assert STREET not in stored()
    say_yes(ada, source.pk)
    assert STREET not in stored()
    assert Service.objects.get(pk=own("service", 7)).confidential


def test_what_was_taken_out_is_listed_by_field_and_unread_until_somebody_reads(
    cast: Cast,
) -> None:
    ada = cast.viewer("ada")
    source = brought(ada, feed(shelter()))
    page = cast.client("ada").get(f"/services/import/{source.pk}").content.decode()
    assert "taken out and not kept" in page
    assert "description" in page
    assert STREET not in page
    say_yes(ada, source.pk)
    row = Service.objects.get(pk=own("service", 7))
    read_words(row, actor=ada)
    row.refresh_from_db()
    assert not row.withheld
    source = brought(ada, feed(shelter(description="New words.")), source.pk)
    say_yes(ada, source.pk)
    row.refresh_from_db()
    assert row.withheld, "another word, and it is unread"


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_wherever_a_feed_puts_an_address(cast: Cast, data: st.DataObject) -> None:
    field = data.draw(
        st.sampled_from(("description", "application_process", "alert", "eligibility_description"))
    )
    more: dict[str, Any] = {field: f"Come to 7 {STREET}"}
    if data.draw(st.booleans()):
        more["contacts"] = [{"id": own("contact"), "name": "Who", "department": f"7 {STREET}"}]
    if data.draw(st.booleans()):
        more["unheard_of"] = {"addresses": [f"7 {STREET}"], "deep": [{"x": f"7 {STREET}"}]}
    at = {"id": own("at", 7), "location": place(7), "description": f"7 {STREET}"}
    said = shelter(**more, service_at_locations=[at])
    source = brought(cast.viewer("ada"), feed(said, description=f"Founded at 7 {STREET}."))
    assert STREET not in stored()
    say_yes(cast.viewer("ada"), source.pk)
    assert STREET not in stored()
    for form in ("json", "tables"):
        with viewing(cast.viewer("ada")), exported(form) as file:
            raw = file.read()
        assert STREET.encode() not in raw
        assert own("service", 7).encode() not in raw
    source.delete() if not Service.objects.exists() else None


REFUSED: dict[str, tuple[bytes, str]] = {
    "no text": (b'[{"id": "\xff\xfe"}]', "UTF-8"),
    "no JSON": (b'[{"id": ', "JSON"),
    "nothing": (b"", "None of the files"),
    "a page": (b"<html><body>Sign in</body></html>", "None of the files"),
    "too large": (b'[{"description": "' + b"x" * 51_000_000, "too large"),
    "a broken archive": (b"PK\x03\x04" + b"\0" * 90, "None of the files"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_feed_is_refused_in_words_and_leaves_nothing(cast: Cast, case: str) -> None:
    raw, words = REFUSED[case]
    with pytest.raises(Refused, match=words):
        take_files(cast.viewer("ada"), files(raw), name="A feed", source_id=None)
    assert not Source.objects.exists()


def test_ten_thousand_doubles_come_once(cast: Cast) -> None:
    source = brought(cast.viewer("ada"), feed(service(1)) * 10_000)
    assert Incoming.objects.filter(source=source, kind="service").count() == 1


def test_doubles_that_differ_are_told_and_the_first_holds(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, [*feed(service(1)), *feed(service(1, name="Other"))])
    assert any("twice" in words for _, _, words in source.mistakes)
    assert Service.objects.get(pk=own("service", 1)).record["name"] == "Pantry 1"


HOSTILE: dict[str, dict[str, Any]] = {
    "a time that is none": {"opens_at": "99:99", "freq": "WEEKLY"},
    "a zone that is none": {
        "freq": "WEEKLY",
        "byday": "MO",
        "opens_at": "09:00",
        "closes_at": "10:00",
        "attributes": [
            {
                "id": own("zone"),
                "link_type": "time_zone",
                "value": "../../etc",
                "taxonomy_term_id": own("x"),
            }
        ],
    },
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hours_that_no_page_can_show_break_no_page(cast: Cast, case: str) -> None:
    schedule = {"id": own("schedule", 1), **HOSTILE[case]}
    imported(cast.viewer("ada"), feed(service(1, schedules=[schedule]), service(2)))
    assert Service.objects.filter(pk=own("service", 2)).exists()
    assert cast.client("ada").get("/services").status_code == 200


def test_what_the_database_refuses_is_left_out_alone(cast: Cast) -> None:
    """A code of a language that no index holds; the rest of its piece comes in."""
    endless = [{"id": own("language"), "name": "Endless", "code": "".join(map(str, range(9_000)))}]
    said = feed(service(1), service(2, languages=endless), service(3))
    source = imported(cast.viewer("ada"), said)
    kept = {str(key) for key in Service.objects.values_list("pk", flat=True)}
    assert kept == {own("service", 1), own("service", 3)}
    assert any("database" in words for _, _, words in source.mistakes)


def test_names_of_a_spreadsheet_are_no_formulas(cast: Cast) -> None:
    source = brought(cast.viewer("ada"), feed(service(1, name="=HYPERLINK(1)")))
    answer = cast.client("ada").get(f"/services/import/{source.pk}/whole")
    table = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=HYPERLINK(1)" in table
    assert ",=HYPERLINK(1)" not in table


def emptied() -> None:
    for model in (
        *(Entry, ServiceAtLocation, Service, Location, Organization, TaxonomyTerm, Taxonomy),
        *(Incoming, Source),
    ):
        model.objects.all().delete()


@pytest.mark.parametrize("form", ["json", "tables"])
def test_out_and_into_an_empty_center_and_out_again_is_the_same(cast: Cast, form: str) -> None:
    load_services()
    ada = cast.viewer("ada")
    terms = {"id": own("term"), "name": "Food", "description": "Food", "taxonomy": "T"}
    tag = {"id": own("tag"), "taxonomy_term": terms, "link_type": "taxonomy"}
    more = {"unheard_of": {"kept": [1, "ü"]}, "attributes": [tag], "program_id": own("program")}
    programs = [{"id": own("program"), "name": "A program", "description": "Of theirs"}]
    imported(ada, [*feed(service(1, **more), programs=programs), *feed(service(2), shelter())])
    with viewing(ada), exported(form) as file:
        before = file.read()
    emptied()
    key = take_files(ada, [(f"x.{form}", io.BytesIO(before))], name="Back", source_id=None)
    assert Source.objects.get(pk=key).mistakes == []
    say_yes(ada, key)
    with viewing(ada), exported(form) as file:
        after = file.read()
    assert own("service", 1).encode() in opened(before)
    assert own("service", 7).encode() not in opened(before)
    assert opened(after) == opened(before)


def opened(raw: bytes) -> bytes:
    """What a file says, in an order of its own."""
    if not raw.startswith(b"PK"):
        return json.dumps(json.loads(raw), sort_keys=True).encode()
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        lines = ((name, packed.read(name).splitlines()) for name in sorted(packed.namelist()))
        return b"\n".join(b"\n".join(sorted(some)) for _, some in lines)
