"""A family asks for somebody to come: kept and sealed, or plainly not kept, without an account."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.utils import IntegrityError, ProgrammingError
from django.http import HttpResponse
from django.test import Client

from upstander.base.languages import ENGLISH, LANGUAGES
from upstander.callouts import public
from upstander.callouts.actions.callouts import open_callout
from upstander.callouts.models import Callout, Site
from upstander.callouts.public import PublicSite
from upstander.callouts.tests.setup import Mobile, mobile, paged, sweep
from upstander.doors.tests.site import Site as Browser
from upstander.doors.tests.site import hidden_in, text_of
from upstander.people.public import public_places
from upstander.places.models import School

PATH = "/d/maple-valley/come"
PHONE = "860-555-0134"
GIVEN = {
    "danger": "no",
    "town": "Alder",
    "where": "12 Alder Lane",
    "child": "Robin, 11",
    "text": "Locked in the bathroom and cries.",
    "who_with": "Grandmother",
    "who": "guardian",
    "may": "come",
    "phone": PHONE,
    "spoken": "en",
}
PREFIXES = ["" if code == ENGLISH.code else f"/{code}" for code in LANGUAGES]


@pytest.fixture
def here(site: Browser) -> Iterator[Mobile]:
    """Let somebody go out to the town of Cedar's school."""
    School.objects.filter(pk=site.cast.cedar.pk).update(town="Alder")
    public.forget()
    made = mobile(site.cast)
    public_places(fresh=True)
    yield made
    public.forget()


def send(site: Browser, **other: str) -> HttpResponse:
    """Fill the form in and send it."""
    return site.post(PATH, {**hidden_in(text_of(site.get(PATH))), **GIVEN, **other})


def link_in(answer: HttpResponse) -> str:
    found = re.search(r'id="family-link" href="[^"]*(/c/[\w-]+)"', text_of(answer))
    assert found is not None
    return found[1]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_family_form_stands_in_each_language(site: Browser, here: Mobile, prefix: str) -> None:
    page = BeautifulSoup(site.get(f"{prefix}{PATH}").content, "html.parser")
    assert page.select_one("form#come-form textarea[name=text]")
    assert {"tel:911", "tel:988", "tel:555-0177"} <= {a.get("href") for a in page.select("a")}
    english = page.find("h1", string="Ask for somebody to come")
    assert bool(english) is (prefix == ""), "translated"
    for at in ("", "/ask"):
        links = BeautifulSoup(site.get(f"{prefix}/d/maple-valley{at}").content, "html.parser")
        assert links.select_one(f'a[href="{prefix}{PATH}"]')


def test_place_where_nobody_goes_says_to_phone(site: Browser, here: Mobile) -> None:
    page = text_of(site.get("/d/pine-hills/come"))
    assert "come-form" not in page
    assert 'href="tel:988"' in page
    assert "/come" not in text_of(site.get("/d/pine-hills"))
    sent = site.post("/d/pine-hills/come", GIVEN)
    assert "We have it" not in text_of(sent)
    assert not Callout.objects.exists()


def test_request_is_sealed_to_the_center_that_goes(site: Browser, here: Mobile) -> None:
    answer = send(site)
    assert answer.status_code == 200
    assert not answer.cookies
    one = Callout.objects.get()
    assert (one.way, one.state, one.asked_team, one.danger) == ("web", "asked", None, False)
    for name in ("mia", "noor"):
        words = open_callout(site.cast.viewer(name), one.pk).words
        assert words["where"] == "12 Alder Lane, Alder"
        assert words["consent"] == "The child’s parent or guardian: Yes, come"
        assert words["phone"] == PHONE
    sweep(2)
    assert paged(one.pk) >= {here.id_of("lou")}, "the desk is rung"


def test_family_sees_who_comes_by_its_link(
    site: Browser, here: Mobile, settings: Any, client: Client
) -> None:
    link = link_in(send(site))
    settings.ROOT_URLCONF = "upstander.config.urls_desk"
    settings.MIDDLEWARE = settings._wrapped.MIDDLEWARE[1:]
    page = client.get(link).content.decode()
    assert "We are finding somebody for you" in page


def test_form_sent_twice_is_one_request(site: Browser, here: Mobile) -> None:
    fields = {**hidden_in(text_of(site.get(PATH))), **GIVEN}
    links = {link_in(site.post(PATH, fields)) for _ in range(2)}
    assert len(links) == 1
    assert Callout.objects.count() == 1
    site.post(PATH, {**fields, "where": "14 Alder Lane"})
    assert Callout.objects.count() == 2, "another address is no repetition"


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, DatabaseError])
def test_request_not_kept_is_said_so(
    site: Browser, here: Mobile, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    fields = {**hidden_in(text_of(site.get(PATH))), **GIVEN}

    def away(_values: list[Any]) -> None:
        raise error

    monkeypatch.setattr(public, "_write", away)
    answer = site.post(PATH, fields)
    page = text_of(answer)
    assert answer.status_code == 503
    assert "Nobody was asked." in page
    assert 'href="tel:555-0177"' in page
    assert GIVEN["text"] in page
    assert not Callout.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"),
    [("phone", "banana"), ("phone", "911"), ("where", "%%%"), ("town", "Nowhere"), ("text", "...")],
)
def test_nonsense_is_refused_beside_its_field(
    site: Browser, here: Mobile, field: str, typed: str
) -> None:
    answer = send(site, **{field: typed})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.content, "html.parser")
    wrong = page.select(".field-wrong")
    assert len(wrong) == 1
    assert wrong[0].select_one(f"[name={field}]")
    kept = text_of(answer)
    assert GIVEN["child"] in kept
    assert field == "town" or typed in kept
    assert not Callout.objects.exists()


def test_family_may_be_texted_once_somebody_goes(site: Browser, here: Mobile) -> None:
    send(site, tell="on")
    assert Callout.objects.get().to_tell is not None
    send(site)
    assert Callout.objects.filter(to_tell=None).count() == 1, "not without a yes"
    answer = send(site, tell="on", phone="860-555-0134 x12")
    assert answer.status_code == 422
    assert "We can’t text this number." in text_of(answer)


def test_another_language_keeps_what_was_typed(site: Browser, here: Mobile) -> None:
    page = text_of(site.post(f"/es{PATH}", {**GIVEN, "language": "es", "where": "%%%"}))
    assert GIVEN["text"] in page
    assert "field-wrong" not in page
    assert not Callout.objects.exists()


def test_another_site_can_not_send_the_form(site: Browser, here: Mobile) -> None:
    fields = {**hidden_in(text_of(site.get(PATH))), **GIVEN}
    answer = site.post(PATH, fields, **{"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert GIVEN["text"] in text_of(answer)
    assert not Callout.objects.exists()


def test_site_of_another_center_is_not_asked(site: Browser, here: Mobile) -> None:
    """Whoever writes the database makes no other center's team one that goes out."""
    Site.objects.update(district_id=site.cast.maple.pk)
    public.forget()
    assert "come-form" not in text_of(site.get(PATH))


@pytest.mark.parametrize(
    ("facts", "error"),
    [({"way": "call", "asked_team": 1}, ProgrammingError), ({"asked_team": 1}, IntegrityError)],
)
def test_public_role_asks_in_no_teams_name(
    site: Browser, here: Mobile, facts: dict[str, Any], error: type[Exception]
) -> None:
    told = {"site_id": here.north.pk, "way": "web", "language": "en", "danger": False, **facts}
    values = [uuid4(), json.dumps(told), b"x", None, b"x", 1, None, [], [], []]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE upstander_public")
    with pytest.raises(error):
        public._write(values)


def test_town_is_matched_whatever_its_case() -> None:
    one = PublicSite(1, 1, ("Alder",), "", None)  # type: ignore[arg-type]
    assert public.goes_to([one], ["alder"])
    assert not public.goes_to([one], ["", "Alderton"])
