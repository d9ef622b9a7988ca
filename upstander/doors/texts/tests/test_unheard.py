"""Texts that came while our site was away: handed in by the worker, once, with their pictures."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.db import connection

from upstander.carriers.tests.lines import as_worker
from upstander.doors.models import Picture, ProviderCopy, Season
from upstander.doors.texts import unheard
from upstander.doors.texts.tests.lines import LINE, PHONE, Door
from upstander.doors.texts.tests.test_around import a_picture
from upstander.escalations.tests.alerts import Clock
from upstander.tips.models import Tip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def our_own_door(door: Door, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let the worker's request reach the site of the test; return the statuses it got."""
    unheard.forget()
    statuses: list[int] = []

    def post(url: str, data: dict[str, str], headers: dict[str, str], **_more: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        response = door.site.post(urlsplit(url).path, data, **headers)
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE upstander_worker")
        statuses.append(response.status_code)
        return response

    monkeypatch.setattr(requests, "post", post)
    return statuses


def test_what_came_while_we_were_away_is_handed_in_once_and_in_order(
    door: Door, clock: Clock, our_own_door: list[int]
) -> None:
    for words in ("He has a knife.", "He is in the gym.", "Please hurry."):
        door.phones.write(PHONE, words, LINE, *([a_picture()] if "gym" in words else []))
    with as_worker():
        assert unheard.sweep_unheard() == 0, "the provider may still be calling"
    assert not Tip.objects.filter(channel="sms").exists()
    clock.move(unheard.YOUNGEST + 5)
    unheard.forget()
    with as_worker():
        assert unheard.sweep_unheard() == 3
    assert our_own_door == [200] * 3
    assert door.said() == ["He has a knife.", "He is in the gym.", "Please hurry."]
    assert Picture.objects.count() == 1
    unheard.forget()
    with as_worker():
        unheard.sweep_unheard()
    assert len(door.said()) == 3
    assert ProviderCopy.objects.count() == 4, "and its copies are deleted as all others are"


def test_one_that_was_heard_changes_nothing(door: Door, clock: Clock) -> None:
    text = door.phones.write(PHONE, "Hello.", LINE)
    door.text("Hello.", ref=text.sid)
    clock.move(unheard.YOUNGEST + 5)
    with as_worker():
        assert unheard.sweep_unheard() == 1
    assert door.said() == ["Hello."]


def test_while_the_site_is_away_it_is_asked_again_and_nothing_is_lost(
    door: Door, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.phones.write(PHONE, "Hello.", LINE)
    clock.move(unheard.YOUNGEST + 5)
    with monkeypatch.context() as away:

        def post(*_arguments: Any, **_more: Any) -> Any:
            raise requests.ConnectionError

        away.setattr(requests, "post", post)
        with as_worker():
            assert unheard.sweep_unheard() == 0
    unheard.forget()
    with as_worker():
        assert unheard.sweep_unheard() == 1
    assert door.said() == ["Hello."]


def test_what_a_provider_never_deleted_brings_nothing_back_after_a_day(
    door: Door, clock: Clock
) -> None:
    door.phones.write(PHONE, "Hello.", LINE)
    clock.move(unheard.OLDEST + 60)
    with as_worker():
        assert unheard.sweep_unheard() == 0
    assert not Tip.objects.filter(channel="sms").exists()
    assert not Season.objects.exists()
