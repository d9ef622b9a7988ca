"""Loading, confirming and reading services, through the database's real roles."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.template.loader import render_to_string
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from conftest import Cast
from upstander.base.languages import LANGUAGES
from upstander.directory.actions.loading import load_services
from upstander.directory.models import Organization, Service
from upstander.directory.queries import (
    all_services,
    facts_of,
    public_cards,
    public_services,
    services_for,
)
from upstander.directory.tests.made import another_of
from upstander.people.scope import viewing
from upstander.places.models import Center, District

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> District:
    center = Center.objects.create(name="A center", slug="a-center")
    return District.objects.create(
        center=center, name="A district", slug="a-district", state="us-ct"
    )


def test_loading_twice_changes_nothing() -> None:
    first = load_services()
    assert len(first.created) == Service.objects.count() > 10
    again = load_services()
    assert (again.created, again.updated, again.kept) == ((), (), ())


def test_loading_corrects_what_nobody_decided_on_and_leaves_the_rest() -> None:
    load_services()
    dcf = Organization.objects.get(services__slug="careline")
    Organization.objects.filter(pk=dcf.pk).update(record=dcf.record | {"name": "Wrong"})
    Service.objects.filter(slug="careline").update(listed=False)
    Service.objects.filter(slug="2-1-1").update(position=3, assured_by=7)
    report = load_services()
    assert "careline" in report.updated
    assert report.kept == ("2-1-1",)
    careline = Service.objects.select_related("organization").get(slug="careline")
    assert careline.organization.record["name"] == careline.organization.name != "Wrong"
    assert careline.listed is False
    assert Service.objects.get(slug="2-1-1").position == 3


def test_the_public_function_gives_the_same_facts_as_the_tables(district: District) -> None:
    load_services()
    by_table = [facts_of(row) for row in all_services().filter(state=district.state)]
    assert public_services(district.slug) == by_table
    assert services_for(district, "es") == public_cards("a-district", "es")


def test_a_district_sees_its_own_and_no_other_districts(district: District) -> None:
    load_services()
    service = Service.objects.get(slug="eviction-help")
    another_of(service, "ours", district=district)
    assert "ours" in {card.slug for card in public_cards("a-district", "en")}
    assert "ours" not in {card.slug for card in public_cards("another", "en")}
    assert "ours" not in {card.slug for card in services_for(None, "en")}


def test_what_is_taken_off_is_off(district: District) -> None:
    load_services()
    Service.objects.filter(slug="careline").update(listed=False)
    assert "careline" not in {card.slug for card in public_cards("a-district", "en")}


def test_a_list_costs_one_query_and_so_does_the_public_one(
    district: District, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    load_services()
    with django_assert_num_queries(1):
        services_for(district, "en")
    with django_assert_num_queries(1):
        public_cards("a-district", "en")


def as_role(role: str, sql: str) -> object:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role])
        cursor.execute(sql)
        row = cursor.fetchone() if cursor.description else None
        cursor.execute("SELECT set_config('role', 'none', true)")
    return row


def test_the_public_role_may_call_one_function_and_read_no_table() -> None:
    load_services()
    assert as_role("upstander_public", "SELECT api.public_services('x')")
    for model in apps.get_app_config("directory").get_models():
        table = model._meta.db_table
        # It may not even look into the schema, so to it the table isn't there.
        with pytest.raises(ProgrammingError, match=r"permission denied|does not exist"):
            as_role("upstander_public", f"SELECT * FROM {table}")


@pytest.mark.parametrize(
    "role", ["upstander_center", "upstander_school", "upstander_district", "upstander_signin"]
)
def test_staff_read_and_only_administrators_write(role: str) -> None:
    load_services()
    assert as_role(role, "SELECT * FROM directory_service")
    with pytest.raises(ProgrammingError, match="permission denied"):
        as_role(role, "UPDATE directory_service SET confirmed = false")
    as_role("upstander_admin", "UPDATE directory_service SET confirmed = false")


def test_an_administrator_takes_out_only_what_a_source_brought(cast: Cast) -> None:
    load_services()
    with viewing(cast.viewer("ada")):
        assert Service.objects.filter(slug="988").exists()
        assert not Service.objects.filter(slug="988")._raw_delete("default")
        row = Service.objects.get(slug="988")
        made = Service(slug="made", kind=row.kind, organization_id=row.organization_id)
        made.record = row.record | {"id": str(made.pk)}
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            made.save(force_insert=True)


def rendered(language: str, slug: str) -> str:
    (card,) = (card for card in public_cards("any", language) if card.slug == slug)
    with translation.override(language):
        return render_to_string("directory/card.html", {"card": card})


def test_what_nobody_confirmed_says_so() -> None:
    load_services()
    assert "Not yet confirmed" in rendered("en", "careline")
    assert "Not yet confirmed" not in rendered("en", "988")
    Service.objects.filter(slug="careline").update(confirmed=True, assured_on="2026-03-04")
    html = rendered("en", "careline")
    assert "Not yet confirmed" not in html
    assert "Checked on March 4, 2026." in html


def test_a_card_can_be_tapped_and_says_whether_they_must_report() -> None:
    load_services()
    html = rendered("en", "careline")
    assert 'href="tel:+18008422288"' in html
    assert "TTY 1-800-624-5518" in html
    assert "Yes, when someone under 18 is being hurt." in html
    assert "Day and night" in html
    assert "Open now" not in html, "nobody has confirmed it"
    assert "Open now, day and night" in rendered("en", "988")


def test_the_readers_own_line_stands_first() -> None:
    load_services()
    (card,) = (c for c in public_cards("any", "es") if c.slug == "sexual-assault-line")
    assert card.lines[0].href == "tel:+18885688332"
    (card,) = (c for c in public_cards("any", "en") if c.slug == "sexual-assault-line")
    assert card.lines[0].href == "tel:+18889995545"
    assert all(line.label.endswith("(Spanish)") for line in card.other_lines)
    (card,) = (c for c in public_cards("any", "en") if c.slug == "911")
    assert [line.label for line in card.lines] == ["Call 911", "Text 911"]


def test_an_unknown_is_shown_as_unknown() -> None:
    load_services()
    html = rendered("en", "urgent-crisis-center-hartford")
    assert "Opening hours not known" in html
    assert "Not known. You can ask them before you tell." in html


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_no_english_is_left_on_a_translated_card(language: str) -> None:
    load_services()
    html = rendered(language, "careline")
    for words in (
        "Not yet confirmed",
        "Open now",
        "What will happen",
        ">Cost<",
        "Where we read it",
        "Call ",
    ):
        assert words not in html


def test_an_empty_list_still_names_the_numbers() -> None:
    html = render_to_string("directory/list.html", {"cards": []})
    assert "tel:911" in html
    assert "tel:988" in html
