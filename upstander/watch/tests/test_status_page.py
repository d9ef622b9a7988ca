"""The status page, and the banner at the head of every desk page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from conftest import Cast
from upstander.base.moment import database_second
from upstander.carriers.models import ProviderHealth
from upstander.watch.models import Beat, Probe, Trouble

HIDDEN = '<div id="troubles" role="status" hidden>'


@pytest.mark.parametrize("name", ["alice", "sam", "tara", "tom", "dee", "ada"])
def test_everybody_who_is_paged_may_see_how_it_stands(cast: Cast, name: str) -> None:
    now = database_second()
    Beat.objects.create(worker="a", lane="alerts", at=now)
    ProviderHealth.objects.create(provider="north", channel="sms", state="degraded", since=now)
    Probe.objects.create(
        began_at=now,
        state="well",
        form_ms=20,
        filed_ms=100,
        queued_ms=150,
        due_ms=60_000,
        paged_ms=60_300,
        acknowledged_ms=61_500,
        ended_at=now,
    )
    Probe.objects.create(
        began_at=now - timedelta(minutes=5),
        state="failed",
        form_ms=20,
        failed_at="filed",
        reason="answered 503",
        ended_at=now,
    )
    page = cast.client(name).get("/status").content.decode()
    assert "Came through" in page
    assert "the acknowledgement: <strong>1.5 s</strong>" in page
    assert "the tip is accepted: answered 503" in page
    assert "Some fail" in page
    assert "Turns" in page
    assert HIDDEN in page


def test_a_lane_that_fell_silent_is_on_every_page_even_if_the_watch_is_what_stopped(
    cast: Cast,
) -> None:
    client = cast.client("alice")
    Beat.objects.create(worker="a", lane="alerts", at=database_second())
    assert HIDDEN in client.get("/queue").content.decode()
    Beat.objects.update(at=database_second() - timedelta(seconds=45))
    for path in ("/queue", "/status", "/people/me/"):
        page = client.get(path).content.decode()
        assert HIDDEN not in page
        assert "lane “alerts” has stopped" in page
    # A newer worker turns it: all is well again.
    Beat.objects.create(worker="b", lane="alerts", at=database_second())
    assert HIDDEN in client.get("/queue").content.decode()


def test_what_the_watch_found_is_shown_until_it_is_over(cast: Cast) -> None:
    found = Trouble.objects.create(kind="provider", about="north sms", since=database_second())
    client = cast.client("tom")
    assert "Messages by north sms may not arrive" in client.get("/team").content.decode()
    found.ended_at = database_second()
    found.save()
    assert HIDDEN in client.get("/team").content.decode()
    assert "Messages by north sms" in client.get("/status").content.decode()


def test_a_stranger_sees_no_banner_and_a_load_balancer_gets_its_answer(cast: Cast) -> None:
    Trouble.objects.create(kind="lane", about="alerts", since=database_second())
    Beat.objects.create(worker="a", lane="alerts", at=database_second() - timedelta(hours=1))
    stranger = Client(HTTP_HOST="localhost")
    assert "has stopped" not in stranger.get("/account/login/").content.decode()
    answer = stranger.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert stranger.get("/status").status_code == 302
