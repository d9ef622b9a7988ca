"""The status page, and the banner at the head of every desk page."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from conftest import Cast
from upstander.base.moment import database_second
from upstander.carriers.models import ProviderHealth
from upstander.watch import look as look_at
from upstander.watch import sites as sites_at
from upstander.watch.failed import PAGES, SIGN_IN
from upstander.watch.look import is_grave, sentences, troubles_in
from upstander.watch.models import Beat, Probe, Trouble
from upstander.watch.signing_in import Check, throwaway
from upstander.watch.tests.test_looking import WELL

HIDDEN = '<div id="troubles" lang="en" role="status" tabindex="0" hidden>'


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
    assert "to acknowledgement: <strong>1.5 s</strong>" in page
    assert "the tip is accepted: answered 503" in page
    assert "Some failures" in page
    assert "Running" in page
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
        assert "job “alerts” has stopped" in page
    # A newer worker turns it: all is well again.
    Beat.objects.create(worker="b", lane="alerts", at=database_second())
    assert HIDDEN in client.get("/queue").content.decode()


def test_what_the_watch_found_is_shown_until_it_is_over(cast: Cast) -> None:
    found = Trouble.objects.create(kind="provider", about="north sms", since=database_second())
    client = cast.client("tom")
    assert HIDDEN in client.get("/team").content.decode(), "it has not lasted"
    found.since = database_second() - timedelta(seconds=61)
    found.save()
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


def test_a_page_that_breaks_is_counted_and_is_a_trouble_until_five_minutes_later(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError

    def asked() -> dict[str, bool]:
        """What the watch finds, with the desk's own answer to its question."""
        return sites_at.ask_sites(
            lambda _url: Client(HTTP_HOST="localhost").get("/healthz").content
        )

    alice = cast.client("alice")
    alice.raise_request_exception = False
    well = replace(WELL, sites=asked())
    assert troubles_in(well) == set()
    monkeypatch.setattr("upstander.watch.queries.probes_shown", breaks)
    assert cast.client("ada").get("/nowhere").status_code == 404
    assert troubles_in(replace(WELL, sites=asked())) == set()
    assert alice.get("/status").status_code == 500
    found = troubles_in(replace(WELL, sites=asked()))
    assert found == {("pages", "desk pages")}
    assert "Staff pages are failing" in sentences(found)[0]
    # Tips come in and pages go out: whoever waits for the sign of life outside is not alarmed.
    assert not any(map(is_grave, found))
    assert Client(HTTP_HOST="localhost").get("/healthz").status_code == 200
    os.utime(PAGES.file, (0, time.time() - PAGES.lately - 1))
    assert troubles_in(replace(WELL, sites=asked())) == set()


def test_signing_in_that_fails_twice_in_a_row_is_a_trouble(
    cast: Cast,
) -> None:
    hangs = threading.Event()

    def found() -> set[look_at.Found]:
        sites = sites_at.ask_sites(
            lambda _url: Client(HTTP_HOST="localhost").get("/healthz").content
        )
        return troubles_in(replace(WELL, sites=sites))

    check = Check()
    for _ in range(2):
        check.once(throwaway, deadline=60.0)
        check.once(hangs.wait, deadline=0.0)
        assert found() == set()
    check.once(hangs.wait, deadline=0.0)
    assert found() == {("pages", "desk sign-in")}
    assert sentences(found()) == ["No one can sign in to the desk: restart it"]
    hangs.set()
    os.utime(SIGN_IN.file, (0, time.time() - SIGN_IN.lately - 1))
    assert found() == set()


def test_what_runs_late_is_an_alarm_after_a_minute_only_and_says_what_it_means(cast: Cast) -> None:
    found = Trouble.objects.create(kind="queue", about="steps", since=database_second())
    client = cast.client("tom")
    assert HIDDEN in client.get("/team").content.decode()
    assert "Running late" in client.get("/status").content.decode()
    found.since -= timedelta(seconds=61)
    found.save()
    page = client.get("/team").content.decode()
    assert HIDDEN not in page
    assert "the next person is not being asked about tips that nobody has taken" in page
    assert "overdue: steps" not in page
