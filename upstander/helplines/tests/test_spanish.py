"""Every page of this app, for an advocate who chose Spanish: no text of ours is left in English."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from conftest import Cast
from tests.translated import english_in
from upstander.audit.models import Entry
from upstander.escalations.models import Alert, Step
from upstander.helplines import urls
from upstander.helplines.models import Accompaniment
from upstander.helplines.tests.setup import NAME, Agency, agency, asked, things, whole
from upstander.people.models import Person

pytestmark = pytest.mark.django_db
State = Accompaniment.State
MARK = "Esta traducción aún no ha sido revisada."


def addresses(known: dict[str, Any]) -> Iterator[str]:
    """Every address of this app, but of a table and of whoever has a link and no account."""
    for pattern in urls.urlpatterns:
        if pattern.name in ("figures_csv", "partner"):
            continue
        named = pattern.pattern.converters
        kwargs = {name: known[name] for name in named}
        yield reverse(f"{urls.app_name}:{pattern.name}", kwargs=kwargs)


def speaks(here: Agency, who: str, language: str = "es") -> Browser:
    """Somebody's browser, who has chosen a language."""
    Person.objects.filter(pk=here.id_of(who)).update(language=language)
    return here.cast.client(who)


def test_pages_hold_no_english(cast: Cast) -> None:
    here = agency(cast)
    known, ines, seen = things(here), speaks(here, "ines"), []
    for at in addresses(known):
        answer = ines.get(at)
        if answer.status_code == 405:
            continue
        seen.append(at)
        page = answer.content.decode()
        assert answer.status_code == 200, at
        assert MARK in page, at
        assert english_in(page) == [], at
    assert len(seen) >= 6
    assert english_in(ines.get("/clients?closed").content.decode()) == []


def test_refusals_hold_no_english(cast: Cast) -> None:
    here = agency(cast)
    known, ines, seen = things(here), speaks(here, "ines"), []
    wrong: list[dict[str, str]] = [
        {},
        {"name": "…", "text": "…", "channel": "call", "place": "moon", "where": "…"},
        {"begins_at": "1999-01-01T10:00", "do": "keep", "language": "xx", "act": "safe"},
    ]
    for at in addresses(known):
        for sent in wrong:
            answer = ines.post(at, sent, follow=True)
            if answer.status_code in (404, 405):
                continue
            seen.append(answer.status_code)
            assert english_in(answer.content.decode()) == [], (at, sent)
    assert {200, 409, 422} <= set(seen)


def test_each_step_holds_no_english(cast: Cast) -> None:
    here = agency(cast)
    (client, along), wren = whole(here), speaks(here, "wren")
    asked(here, client, ahead=timedelta(days=3))
    at = f"/accompaniments/{along}"
    for act in ("accept", "cannot", "accept", "arrived", "left", "safe", "off"):
        page = wren.post(f"{at}/do", {"act": act}, follow=True).content.decode()
        assert english_in(page) == [], act
    assert "A salvo en casa" in page
    for one in State:
        assert str(one.label) not in page
    assert english_in(wren.get(f"/clients/{client}").content.decode()) == []


def test_stranger_without_an_agency_reads_spanish(cast: Cast) -> None:
    Person.objects.filter(pk=cast.people["alice"].pk).update(language="es")
    page = cast.client("alice").get("/clients").content.decode()
    assert english_in(page) == []
    assert "Su centro no es una agencia de defensores" in page


def test_nothing_kept_is_of_a_translation(cast: Cast) -> None:
    """What is kept beside sealed words is the same, whichever language the press was made in."""
    here = agency(cast)
    kept = []
    for who, language in (("wren", "en"), ("joss", "es")):
        browser = speaks(here, who, language)
        known = {"client_id": whole(here)[0]}
        before = Entry.objects.count()
        along = asked(here, known["client_id"])
        browser.post(f"/accompaniments/{along}/do", {"act": "accept"})
        browser.post(f"/clients/{known['client_id']}/note", {"text": "Nota."})
        entries = Entry.objects.order_by("pk")[before:]
        alert = Alert.objects.filter(subject_id=along)
        kept.append(
            (
                [(one.action, one.detail) for one in entries],
                sorted(Step.objects.filter(alert__in=alert).values_list("target", "after_seconds")),
            )
        )
    assert kept[0] == kept[1]


def test_page_in_english_is_one_press_away(cast: Cast) -> None:
    here = agency(cast)
    whole(here)
    page = speaks(here, "wren").get("/clients?english=1").content.decode()
    assert '<html lang="en"' in page
    assert MARK not in page
    assert NAME in page
    assert "Closed folders" in page
