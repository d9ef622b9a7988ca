"""Keepers change facts by plain forms; what no card shows stays, and nothing poses as checked."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup, Tag
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.languages import LANGUAGES
from upstander.directory.actions.editing import MOST_CHANGES
from upstander.directory.actions.keeping import confirm_service, read_words
from upstander.directory.actions.loading import load_services
from upstander.directory.facts import TEXT_KEYS
from upstander.directory.finding import Asked, find
from upstander.directory.models import Location, Organization, Service, ServiceAtLocation
from upstander.directory.queries import facts_of, public_cards
from upstander.standards.hsds.shapes import wrong

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _services() -> None:
    load_services()


def service(slug: str = "careline") -> Service:
    return Service.objects.select_related("organization").get(slug=slug)


def filled(page: bytes) -> dict[str, Any]:
    """What a browser would send of the page's form as it stands."""
    form = BeautifulSoup(page, "html.parser").select_one("main form[novalidate]")
    assert isinstance(form, Tag)
    sent: dict[str, Any] = {}
    for one in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(one["name"]), one.get("type")
        if one.name == "textarea":
            sent[name] = one.get_text().removeprefix("\n")
        elif one.name == "select":
            chosen = one.select_one("option[selected]") or one.select_one("option")
            sent[name] = str(chosen["value"]) if chosen else ""
        elif kind in ("checkbox", "radio"):
            if one.has_attr("checked"):
                sent.setdefault(name, []).append(str(one.get("value", "on")))
        else:
            sent[name] = str(one.get("value", ""))
    return sent


def edit(cast: Cast, slug: str = "careline", **changes: Any) -> Any:
    ada, path = cast.client("ada"), f"/services/{slug}/edit"
    return ada.post(path, filled(ada.get(path).content) | changes)


@pytest.mark.parametrize("slug", ["988", "statewide-legal-services", "youth-mobile-crisis"])
def test_saving_without_a_change_changes_nothing(cast: Cast, slug: str) -> None:
    before = facts_of(service(slug)), service(slug).record
    assert edit(cast, slug).status_code == 302
    assert (facts_of(service(slug)), service(slug).record) == before
    assert not Entry.objects.filter(action="change service").exists()


def test_a_change_is_unconfirmed_and_loading_again_leaves_it(cast: Cast) -> None:
    confirm_service(service(), actor=cast.viewer("ada"))
    wanted = {"line-0-value": "1-800-555-0100", "cost_en": "Nothing", "police": "yes"}
    assert edit(cast, **wanted).status_code == 302
    row, facts = service(), facts_of(service())
    assert (facts.lines[0].value, facts.texts["en"]["cost"], facts.police) == tuple(wanted.values())
    assert (row.confirmed, row.assured_by) == (False, cast.people["ada"].pk)
    assert row.recheck_at is not None
    load_services()
    assert facts_of(service()) == facts
    entry = Entry.objects.get(action="change service")
    assert entry.detail == {"fields": ["attributes", "fees_description", "phones"]}
    kept = {one["field_name"]: one for one in row.record["metadata"]}
    assert kept["fees_description"]["replacement_value"] == "Nothing"


def test_what_no_card_shows_stays(cast: Cast) -> None:
    row = service()
    first, *others = row.record["phones"]
    fax = {"id": str(row.pk), "number": "1-860-555-0101", "type": "fax"}
    monthly = {"id": str(row.pk), "freq": "MONTHLY", "byday": "1MO", "opens_at": "09:00"}
    besides = {"required_documents": [{"id": str(row.pk), "document": "A letter"}]}
    row.record |= besides | {
        "phones": [first | {"extension": 7, "x_theirs": "kept"}, *others, fax],
        "schedules": [*row.record["schedules"], monthly],
    }
    row.save()
    assert edit(cast, **{"line-0-value": "1-800-555-0100"}).status_code == 302
    now = service().record
    assert now["required_documents"] == besides["required_documents"]
    assert now["phones"][0] == first | {
        "extension": 7,
        "x_theirs": "kept",
        "number": "1-800-555-0100",
    }
    assert fax in now["phones"]
    assert monthly in now["schedules"]


def test_a_line_goes_and_one_comes(cast: Cast) -> None:
    ids = [one["id"] for one in service().record["phones"]]
    answer = edit(
        cast,
        **{"line-0-value": "", "line-2-kind": "text", "line-2-value": "860-555-0102"},
    )
    assert answer.status_code == 302
    lines = facts_of(service()).lines
    assert [(one.kind, one.value) for one in lines] == [
        ("tty", "1-800-624-5518"),
        ("text", "860-555-0102"),
    ]
    assert lines[0].id == ids[1]
    assert lines[1].id not in ids


def test_hours_and_closed_days(cast: Cast) -> None:
    changes: dict[str, Any] = {
        "hours-0-always": "",
        "hours-0-days": ["0", "4"],
        "hours-0-opens": "09:00",
        "hours-0-closes": "17:30",
        "closed-0-first": "2099-12-24",
        "closed-0-last": "2099-12-26",
    }
    assert edit(cast, **changes).status_code == 302
    facts = facts_of(service())
    assert [(rule.weekday, str(rule.closes)) for rule in facts.hours] == [
        (0, "17:30:00"),
        (4, "17:30:00"),
    ]
    card = next(c for c in public_cards("any", "en") if c.slug == "careline")
    assert len(card.closures) == 1
    assert "2099" in card.closures[0]


def test_of_holidays_nothing_is_said_where_nothing_was_entered(cast: Cast) -> None:
    form = filled(cast.client("ada").get("/services/careline/edit").content)
    new = max(int(name.split("-")[1]) for name in form if name.endswith("-on_holidays"))
    assert form[f"hours-{new}-on_holidays"] == "unknown"
    hours: dict[str, Any] = {
        f"hours-{new}-days": ["0"],
        f"hours-{new}-opens": "9:00",
        f"hours-{new}-closes": "17:00",
    }
    assert edit(cast, **hours | {"hours-0-always": ""}).status_code == 302
    assert [rule.on_holidays for rule in facts_of(service()).hours] == ["unknown"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"line-0-value": "javascript:alert(1)"}, "Write a number like 860-555-0134."),
        ({"line-0-value": "", "line-1-value": ""}, "Give one way to reach it"),
        ({"name_en": ""}, "required"),
        ({"agency": ""}, "required"),
        ({"website": "javascript:alert(1)"}, "valid URL"),
        ({"youngest": "-1"}, "greater than or equal to 0"),
        ({"youngest": "18", "oldest": "12"}, "The oldest is younger"),
        ({"cost-0-amount": "-5"}, "greater than or equal to 0"),
        ({"cost-0-amount": "nan"}, "Enter a number"),
        ({"cost-0-amount": "40"}, "The words say free, the price is 40."),
        ({"youngest": "20"}, "The words say Children under 18, the ages are 20 and older."),
        ({"source_url": "http://example.org/"}, "begins with https://"),
        ({"ages_es": "Todos", "ages_en": ""}, "Write it in English, too."),
        (
            {"closed-0-first": "2099-12-24", "closed-0-last": "2099-12-01"},
            "It ends before it begins.",
        ),
        ({"hours-0-always": "", "hours-0-days": ["0"]}, "When does it open?"),
        ({"languages": ["xx"]}, "xx"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_kept(
    cast: Cast, changes: dict[str, Any], says: str
) -> None:
    before = service().record
    answer = edit(cast, **changes)
    assert answer.status_code == 422
    assert says in (page := answer.content.decode())
    assert "<li>:" not in page
    assert service().record == before


def test_what_is_confidential_is_read_again_and_its_old_words_are_not_kept(cast: Cast) -> None:
    old = service("interval-house").record["description"]
    assert edit(cast, "interval-house", description_en="Somebody listens.").status_code == 302
    row = service("interval-house")
    assert row.withheld
    assert "interval-house" not in {c.slug for c in public_cards("any", "en")}
    assert old not in str(row.record)
    page = cast.client("ada").get("/services/interval-house").content.decode()
    assert "Shown to nobody yet" in page
    assert cast.client("ada").post("/services/interval-house/read").status_code == 302
    assert "interval-house" in {c.slug for c in public_cards("any", "en")}
    read_words(service("interval-house"), actor=cast.viewer("ada"))


def test_only_the_last_changes_are_kept(cast: Cast) -> None:
    row = service()
    row.record |= {"metadata": [{"id": str(n)} for n in range(MOST_CHANGES)]}
    row.save()
    edit(cast, cost_en="Nothing")
    kept = service().record["metadata"]
    assert len(kept) == MOST_CHANGES
    assert kept[-1]["field_name"] == "fees_description"
    assert kept[0]["id"] == "1"


def disputed() -> Any:
    return next(c for c in public_cards("any", "en") if c.slug == "youth-mobile-crisis")


def test_sources_that_differ_stand_side_by_side_until_somebody_says(cast: Cast) -> None:
    (other,) = disputed().disputed
    assert disputed().hours == ("Day and night",)
    assert other.hours == (
        "Monday to Friday: 6:00 a.m. to 10:00 p.m.",
        "Saturday to Sunday: 1:00 p.m. to 10:00 p.m.",
    )
    assert other.source_name == "hartfordschools.org"
    ada, path = cast.client("ada"), "/services/youth-mobile-crisis"
    answer = ada.post(path, {"checked": "on"})
    assert answer.status_code == 200
    assert not service("youth-mobile-crisis").confirmed, "somebody must say which hours hold"
    assert ada.post(path, {"checked": "on", "hours": "of:https://else.example/"}).status_code == 200
    assert ada.post(path, {"checked": "on", "hours": f"of:{other.source_url}"}).status_code == 302
    card = disputed()
    assert (card.confirmed, card.disputed, card.hours) == (True, (), other.hours)


def test_or_that_its_own_hours_hold(cast: Cast) -> None:
    ada, path = cast.client("ada"), "/services/youth-mobile-crisis"
    assert ada.post(path, {"checked": "on", "hours": "of:"}).status_code == 302
    card = disputed()
    assert (card.confirmed, card.disputed, card.hours) == (True, (), ("Day and night",))


def place_for(row: Service) -> Location:
    own, at = uuid4(), uuid4()
    record = {"id": str(own), "name": "The old mill", "location_type": "physical"}
    place = Location.objects.create(id=own, organization=row.organization, record=record)
    said = {"id": str(at)}
    ServiceAtLocation.objects.create(id=at, service=row, location=place, record=said)
    return place


def test_ages_prices_papers_and_access_are_kept_as_the_standard_has_them(cast: Cast) -> None:
    place = place_for(service())
    wanted: dict[str, Any] = {
        "youngest": "13",
        "oldest": "17.5",
        "cost-0-amount": "10",
        "cost-0-words": "for a family",
        **dict.fromkeys((f"cost_{code}" for code in LANGUAGES), ""),
        "document-0-words": "A letter of your school",
        "access-0-words": "A ramp at the side door\n\nA bell for the blind",
        "languages": ["en", "ht", "asl"],
    }
    assert edit(cast, **wanted).status_code == 302
    record = service().record
    assert (record["minimum_age"], record["maximum_age"]) == (13, 17.5)
    (price,), (paper,) = record["cost_options"], record["required_documents"]
    assert (price["amount"], price["currency"], price["option"]) == (10, "USD", "for a family")
    assert paper["document"] == wanted["document-0-words"]
    assert [one["code"] for one in record["languages"]] == ["en", "ht", "ase"]
    place.refresh_from_db()
    said = [one["description"] for one in place.record["accessibility"]]
    assert said == ["A ramp at the side door", "A bell for the blind"]
    assert list(wrong("service", record)) == []
    before = service().record, place.record
    assert edit(cast).status_code == 302
    place.refresh_from_db()
    assert (service().record, place.record) == before
    assert Entry.objects.filter(action="change service").count() == 1
    less = {"cost-0-amount": "", "cost-0-words": "", "youngest": "", "access-0-words": ""}
    assert edit(cast, **less).status_code == 302
    place.refresh_from_db()
    assert not {"cost_options", "minimum_age"} & service().record.keys()
    assert "accessibility" not in place.record


def test_a_place_that_is_not_this_services_is_left_alone(cast: Cast) -> None:
    other = place_for(service("2-1-1"))
    place_for(service())
    assert edit(cast, **{"access-0-id": str(other.pk), "access-0-words": "x"}).status_code == 302
    other.refresh_from_db()
    assert "accessibility" not in other.record


def test_what_came_along_with_a_price_or_a_language_stays(cast: Cast) -> None:
    row = service()
    price = {"id": str(row.pk), "amount": "12.50", "currency": "CAD", "amount_description": "a day"}
    spoken = [{"id": str(row.pk), "code": "som-x", "name": "Somali", "note": "by Monday"}]
    edit(cast, **dict.fromkeys((f"cost_{code}" for code in LANGUAGES), ""))
    row = service()
    row.record |= {"cost_options": [price], "languages": spoken + row.record["languages"]}
    row.save()
    assert edit(cast).status_code == 302
    assert (service().record["languages"], service().record["cost_options"][0]["currency"]) == (
        row.record["languages"],
        "CAD",
    )
    assert edit(cast, languages=["en"], **{"cost-0-amount": "5"}).status_code == 302
    now = service().record
    assert now["cost_options"] == [price | {"amount": 5}]
    assert [one["code"] for one in now["languages"]] == ["som-x", "en"]


def test_who_runs_it_has_a_name_and_a_website_and_keeps_them(cast: Cast) -> None:
    wanted: dict[str, Any] = {"agency": "The department", "website": "https://example.org/help"}
    assert edit(cast, **wanted).status_code == 302
    row = service()
    said = row.organization.record
    assert (row.organization.name, said["name"], said["website"]) == (
        wanted["agency"],
        *wanted.values(),
    )
    entry = Entry.objects.get(action="change service")
    assert entry.detail == {"fields": ["organization.name", "organization.website"]}
    assert not row.confirmed
    load_services()
    assert service().organization.record == said
    assert (
        next(c for c in public_cards("any", "en") if c.slug == "careline").agency
        == "The department"
    )


def test_a_new_name_of_who_runs_what_is_confidential_waits_to_be_read(cast: Cast) -> None:
    assert edit(cast, "interval-house", agency="The yellow house").status_code == 302
    assert "interval-house" not in {c.slug for c in public_cards("any", "en")}
    page = cast.client("ada").get("/services/interval-house").content.decode()
    assert "Shown to nobody yet" in page
    read_words(service("interval-house"), actor=cast.viewer("ada"))
    assert "interval-house" in {c.slug for c in public_cards("any", "en")}
    assert edit(cast, "interval-house", agency="House of 12 Invented Street").status_code == 302
    assert "Invented" not in str(list(Organization.objects.values()))


def test_where_a_language_is_missing_its_readers_see_the_english_marked(cast: Cast) -> None:
    gone: dict[str, Any] = dict.fromkeys((f"{key}_es" for key in TEXT_KEYS), "")
    assert (
        edit(cast, **gone | {"description_ar": "", "cost_en": "Ten <b>dollars</b>"}).status_code
        == 302
    )
    english = facts_of(service()).texts["en"]
    for language, marked in (("es", True), ("ar", True), ("en", False)):
        card = next(c for c in public_cards("any", language) if c.slug == "careline")
        assert card.description == english["description"]
        html = render_to_string("directory/card.html", {"card": card})
        span = f'<span lang="en" dir="ltr">{escape(english["description"])}</span>'
        assert (span in html) is marked
        assert "<b>dollars" not in html
    arabic = next(c for c in public_cards("any", "ar") if c.slug == "careline")
    assert arabic.name == facts_of(service()).texts["ar"]["name"] != english["name"]
    assert not arabic.name.english


def test_what_a_keeper_writes_of_age_and_cost_is_searched_for(cast: Cast) -> None:
    def found(**wished: Any) -> bool:
        wanted = Asked("", "en", words=facts_of(service()).texts["en"]["name"], **wished)
        return "careline" in {one.facts.slug for one in find(wanted, timezone.now()).found}

    assert found(age=8)
    assert found(free=True)
    costs = {"cost_en": "", "cost_es": "", "cost_ar": "", "cost-0-amount": "10"}
    assert edit(cast, **costs, youngest="13", oldest="17").status_code == 302
    assert [found(age=years) for years in (12, 13, 17, 18)] == [False, True, True, False]
    assert found()
    assert not found(free=True)


def test_what_is_refused_is_said_at_the_top_with_a_link_to_each_field(cast: Cast) -> None:
    wrong = {"hours-0-opens": "noon", "agency": "", "name_en": ""}
    page = BeautifulSoup(edit(cast, **wrong).content, "html.parser")
    assert "Not saved yet" in page.select(".page-head + [data-summary]")[0].get_text()
    fields = [page.select(str(link["href"])) for link in page.select("[data-summary] a")]
    assert [one["name"] for (one,) in fields] == list(wrong)
