"""Facts age: who is told, what is still said as a fact, and what a dead number leaves behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.template.loader import render_to_string
from django.utils import timezone, translation

from conftest import Cast
from upstander.base.languages import LANGUAGES
from upstander.base.moment import database_second
from upstander.carriers.models import Notice
from upstander.directory.actions.failing import say_failed
from upstander.directory.actions.keeping import confirm_service, doubt_service, set_kept
from upstander.directory.actions.loading import load_services
from upstander.directory.cards import Card
from upstander.directory.facts import CHECKED_FOR
from upstander.directory.models import LineFailure, Service
from upstander.directory.queries import public_cards
from upstander.directory.sweeps import AGAIN, sweep_services
from upstander.directory.todo import to_do
from upstander.oncall.tests.setup import as_worker
from upstander.people.scope import Viewer, viewing

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast: Cast) -> Viewer:
    load_services()
    return cast.viewer("ada")


def careline() -> Service:
    return Service.objects.get(slug="careline")


def card(at: datetime | None = None, slug: str = "careline", language: str = "en") -> Card:
    return next(c for c in public_cards("any", language, at=at) if c.slug == slug)


def due(service: Service) -> int:
    """Let a service's moment have come; how many the worker found."""
    Service.objects.filter(pk=service.pk).update(recheck_at=database_second())
    with as_worker():
        return sweep_services()


def told() -> list[int]:
    found = Notice.objects.filter(kind="services_due").order_by("id")
    return list(found.values_list("person_id", flat=True))


def test_whoever_confirms_a_service_keeps_it_and_hears_in_90_days(ada: Viewer) -> None:
    row = confirm_service(careline(), actor=ada)
    assert row.keeper == ada.person_id
    assert row.recheck_at is not None
    assert abs(row.recheck_at - database_second() - timedelta(days=90)) < timedelta(minutes=1)
    with as_worker():
        assert sweep_services() == 0
    assert told() == []
    assert due(row) == 1
    assert told() == [ada.person_id]
    row.refresh_from_db()
    assert row.recheck_at is not None
    assert abs(row.recheck_at - database_second() - AGAIN) < timedelta(minutes=1)


def test_what_is_due_at_once_is_told_together(ada: Viewer) -> None:
    for slug in ("careline", "2-1-1", "988"):
        confirm_service(Service.objects.get(slug=slug), actor=ada)
    Service.objects.filter(keeper=ada.person_id).update(recheck_at=database_second())
    with as_worker():
        assert sweep_services() == 3
    assert told() == [ada.person_id]
    assert Notice.objects.get(kind="services_due").detail == {"number": "3"}


def test_a_service_that_nobody_keeps_waits_on_the_home_page(ada: Viewer) -> None:
    row = confirm_service(careline(), actor=ada)
    set_kept(row, False, actor=ada)
    Service.objects.filter(pk=row.pk).update(assured_on=(timezone.now() - timedelta(91)).date())
    assert due(row) == 1
    assert told() == []
    with viewing(ada) as now:
        assert [one.words for one in to_do(ada, now)] == [
            "1 helping service is due to be checked again"
        ]


def test_the_home_page_is_quiet_otherwise_and_others_see_nothing(cast: Cast, ada: Viewer) -> None:
    confirm_service(careline(), actor=ada)
    with viewing(ada) as now:
        assert to_do(ada, now) == []
    doubt_service(careline(), actor=ada)
    Service.objects.filter(slug="interval-house").update(read_mark="")
    say_failed("2-1-1", line_of("2-1-1"))
    with viewing(ada) as now:
        assert len(to_do(ada, now)) == 3
    alice = cast.viewer("alice")
    with viewing(alice) as now:
        assert to_do(alice, now) == []


def test_the_worker_changes_no_fact(ada: Viewer) -> None:
    confirm_service(careline(), actor=ada)
    refused = pytest.raises(ProgrammingError, match="permission")
    with as_worker():
        for column in ("keeper = 1", "confirmed = true", "read_mark = ''", "listed = true"):
            with refused, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE directory_service SET {column}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_checked_long_ago_is_said_with_its_day_and_never_open(
    ada: Viewer, language: str
) -> None:
    confirm_service(careline(), actor=ada)
    day = timezone.now()
    fresh, last = card(day, language=language), card(day + CHECKED_FOR, language=language)
    assert fresh.says_hours
    assert last.says_hours
    old = card(day + CHECKED_FOR + timedelta(days=1, hours=6), language=language)
    assert (old.stale, old.says_hours, old.state_tone) == (True, False, "closed")
    assert fresh.checked in old.state_words
    with translation.override(language):
        html = render_to_string("directory/card.html", {"card": old})
    # Beside a number that may be dead stands one that isn't.
    assert "988" in html
    assert fresh.state_words not in html


def test_what_the_law_sets_does_not_age(ada: Viewer) -> None:
    later = timezone.now() + timedelta(days=2000)
    assert card(later, "988").says_hours
    confirm_service(Service.objects.get(slug="988"), actor=ada)
    assert card(later, "988").stale


def line_of(slug: str) -> str:
    return next(c for c in public_cards("any", "en") if c.slug == slug).lines[0].id


def test_a_dead_number_is_counted_by_the_day_and_no_further_than_twenty(ada: Viewer) -> None:
    line = line_of("careline")
    for _ in range(3):
        say_failed("careline", line)
    row = LineFailure.objects.get()
    assert (str(row.line), row.count, row.day) == (line, 3, datetime.now(UTC).date())
    for _ in range(40):
        say_failed("careline", line)
    row.refresh_from_db()
    assert row.count == 20
    # All that there is to know: no hour, no order, nothing of who.
    assert {f.column for f in LineFailure._meta.local_fields} == {
        "id",
        "service_id",
        "line",
        "day",
        "count",
    }


@pytest.mark.parametrize("slug", ["careline", "2-1-1", "nothing"])
def test_what_is_on_no_page_leaves_nothing(ada: Viewer, slug: str) -> None:
    say_failed(slug, str(uuid4()))
    say_failed(slug, line_of("988"))
    assert not LineFailure.objects.exists()


def test_nor_what_is_off_the_page_or_withheld(ada: Viewer) -> None:
    lines = {slug: line_of(slug) for slug in ("careline", "interval-house")}
    Service.objects.filter(slug="careline").update(listed=False)
    Service.objects.filter(slug="interval-house").update(read_mark="")
    for slug, line in lines.items():
        say_failed(slug, line)
    assert not LineFailure.objects.exists()


def test_checking_settles_what_was_said_and_so_does_time(ada: Viewer) -> None:
    for slug in ("careline", "988", "2-1-1"):
        say_failed(slug, line_of(slug))
    confirm_service(careline(), actor=ada)
    assert LineFailure.objects.count() == 2
    old = (timezone.now() - timedelta(days=91)).date()
    LineFailure.objects.filter(service__slug="988").update(day=old)
    with as_worker():
        sweep_services()
    assert [one.service.slug for one in LineFailure.objects.all()] == ["2-1-1"]


def test_keepers_open_the_pages_on_the_desk(cast: Cast, ada: Viewer) -> None:
    say_failed("careline", line_of("careline"))
    client = cast.client("ada")
    page = client.get("/services").content.decode()
    assert "1 person said it did not work" in page
    assert client.get("/services/careline").status_code == 200
    assert client.post("/services/careline/kept", {"kept": "yes"}).status_code == 302
    assert careline().keeper == ada.person_id
    assert cast.client("alice").get("/services").status_code == 403


@pytest.mark.parametrize("slug", ["careline", "interval-house"])
def test_free_places_are_said_for_four_hours(cast: Cast, ada: Viewer, slug: str) -> None:
    confirm_service(Service.objects.get(slug=slug), actor=ada)
    client = cast.client("ada")
    assert card(slug=slug).places == ""
    assert client.post(f"/services/{slug}/places", {"free": "3"}).status_code == 302
    now = timezone.now()
    fresh, old = card(now, slug), card(now + timedelta(hours=4, minutes=1), slug)
    assert (fresh.places[:3], fresh.places_old, old.places_old) == ("3 (", False, True)
    assert old.places.startswith("Not known now. It was 3 (")
    assert fresh.confirmed
    for wrong in ("-1", "many", ""):
        client.post(f"/services/{slug}/places", {"free": wrong})
    client.post(f"/services/{slug}/places", {"free": "0"})
    assert card(slug=slug).places.startswith("0 (")
