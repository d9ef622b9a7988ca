"""Ada, an administrator, confirms services; Cole, a counselor, may not; strangers sign in first."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.test import RequestFactory
from django.utils import translation
from pytest_django import Settings

from upstander.audit.models import Entry
from upstander.base.languages import LANGUAGES
from upstander.directory import views
from upstander.directory.actions.keeping import confirm_service, doubt_service, set_listed
from upstander.directory.actions.loading import load_services
from upstander.directory.models import Service
from upstander.directory.queries import public_cards
from upstander.people import factories
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer
from upstander.places.models import Center

pytestmark = pytest.mark.django_db
DOUBT = partial(views.service_word, word="doubt")
LISTED = partial(views.service_word, word="listed")


def viewer(name: str, kind: TeamKind, role: Role) -> Viewer:
    keys = factories.Keys()
    person = factories.make_person(f"directory {name}", keys)
    place = {"center": Center.objects.create(name=name, slug=name)} if kind == "center" else {}
    factories.join(person, factories.make_team(kind, name, keys, **place), role, keys)
    return factories.viewer(person, keys)


@pytest.fixture
def ada() -> Viewer:
    return viewer("ada", TeamKind.ADMINISTRATION, Role.ADMINISTRATOR)


@pytest.fixture
def cole() -> Viewer:
    return viewer("cole", TeamKind.CENTER, Role.COUNSELOR)


@pytest.fixture
def careline() -> Service:
    load_services()
    return Service.objects.get(slug="careline")


@pytest.fixture(autouse=True)
def only_the_directory(settings: Settings) -> None:
    settings.ROOT_URLCONF = "upstander.directory.tests.urls"
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"] = [
        "django.template.context_processors.request",
        "django.contrib.messages.context_processors.messages",
    ]
    settings.TEMPLATES = templates


def ask(
    view: Callable[..., HttpResponseBase],
    who: Viewer | None,
    slug: str = "",
    post: dict[str, str] | None = None,
    language: str = "en",
) -> tuple[int, str]:
    factory = RequestFactory()
    request: HttpRequest = factory.get("/") if post is None else factory.post("/", post)
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    request.viewer = who  # type: ignore[attr-defined]
    with translation.override(language):
        response = view(request, slug) if slug else view(request)
    body = b"" if response.streaming else response.content  # type: ignore[attr-defined]
    return response.status_code, body.decode()


def test_confirming_clears_the_mark_and_says_who_and_when(ada: Viewer, careline: Service) -> None:
    confirm_service(careline, actor=ada)
    careline.refresh_from_db()
    assert (careline.confirmed, careline.assured_by) == (True, ada.person_id)
    assert careline.assured_on is not None
    assert abs((datetime.now(UTC).date() - careline.assured_on).days) <= 1
    (card,) = (c for c in public_cards("any", "en") if c.slug == "careline")
    assert card.confirmed
    entry = Entry.objects.get(action="confirm service")
    assert (entry.subject_id, entry.actor_id) == ("careline", ada.person_id)


def test_a_doubt_brings_the_mark_back(ada: Viewer, careline: Service) -> None:
    confirm_service(careline, actor=ada)
    doubt_service(careline, actor=ada)
    (card,) = (c for c in public_cards("any", "en") if c.slug == "careline")
    assert not card.confirmed
    assert Entry.objects.filter(action="doubt service").exists()


def test_loading_again_keeps_what_a_person_decided(ada: Viewer, careline: Service) -> None:
    confirm_service(careline, actor=ada)
    assert load_services().kept == ("careline",)
    careline.refresh_from_db()
    assert careline.confirmed


def test_a_wrong_number_can_be_taken_off_at_once(ada: Viewer, careline: Service) -> None:
    set_listed(careline, False, actor=ada)
    assert "careline" not in {c.slug for c in public_cards("any", "en")}
    set_listed(careline, True, actor=ada)
    assert "careline" in {c.slug for c in public_cards("any", "en")}


def test_the_pages_are_closed_to_others(cole: Viewer, careline: Service) -> None:
    for view, slug, post in (
        (views.service_list, "", None),
        (views.service_confirm, "careline", None),
        (views.service_confirm, "careline", {"checked": "on"}),
        (DOUBT, "careline", {}),
        (LISTED, "careline", {"listed": "no"}),
    ):
        with pytest.raises(PermissionDenied):
            ask(view, cole, slug, post)
        assert ask(view, None, slug, post)[0] == 302
    careline.refresh_from_db()
    assert careline.listed
    assert not careline.confirmed


def test_the_list_shows_what_waits_for_a_check(ada: Viewer, careline: Service) -> None:
    status, html = ask(views.service_list, ada)
    assert status == 200
    assert "Waiting for a check" in html
    assert "DCF Careline" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_one_service_in_each_language(
    ada: Viewer, careline: Service, language: str
) -> None:
    status, html = ask(views.service_confirm, ada, "careline", language=language)
    assert status == 200
    assert "tel:+18008422288" in html


def test_confirming_needs_the_tick(ada: Viewer, careline: Service) -> None:
    status, html = ask(views.service_confirm, ada, "careline", {})
    assert status == 200
    assert "Tick this once you have checked every fact." in html
    careline.refresh_from_db()
    assert not careline.confirmed
    assert ask(views.service_confirm, ada, "careline", {"checked": "on"})[0] == 302
    careline.refresh_from_db()
    assert careline.confirmed


def test_doubting_and_hiding_from_the_page(ada: Viewer, careline: Service) -> None:
    confirm_service(careline, actor=ada)
    assert ask(DOUBT, ada, "careline", {})[0] == 302
    assert ask(LISTED, ada, "careline", {"listed": "no"})[0] == 302
    careline.refresh_from_db()
    assert (careline.confirmed, careline.listed) == (False, False)
