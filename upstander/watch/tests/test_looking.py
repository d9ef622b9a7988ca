"""One look and what follows from it: the rules plain, the queries over real rows."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from upstander.base.moment import database_second
from upstander.carriers.models import Inbound, ProviderHealth
from upstander.escalations.line_models import Line
from upstander.escalations.models import Alert, Page
from upstander.escalations.tests.alerts import a_tip_s_alert, an_alert
from upstander.intake.priority import Priority
from upstander.vault.models import ShredFile
from upstander.vault.shred_files import ShredFiles
from upstander.watch import beats
from upstander.watch.look import (
    LOST,
    SURGE,
    KeyFile,
    ProviderSeen,
    Queue,
    Seen,
    is_grave,
    key_file_here,
    key_troubles,
    look,
    record_troubles,
    sentences,
    troubles_in,
    words_of,
)
from upstander.watch.models import Beat, Probe, Trouble

NOW = datetime(2026, 3, 11, 2, 30, tzinfo=UTC)
WELL = Seen(
    now=NOW,
    lanes={"alerts": 1.0, "rest": 2.0, "watch": 0.0},
    queues={"pages": Queue(3, 4.9)},
    providers=(ProviderSeen("north", "sms", "good", 9, 1),),
    probe_failed="",
    sites={"public": True, "desk": True},
)


def test_what_is_well_is_no_trouble() -> None:
    assert troubles_in(WELL) == set()


@pytest.mark.parametrize(
    ("seen", "kind", "about"),
    [
        (replace(WELL, lanes={"alerts": 21.0, "rest": 1.0}), "lane", "alerts"),
        (replace(WELL, lanes={"watch": 0.0}), "lane", "worker"),
        (replace(WELL, lanes={}), "lane", "worker"),
        (replace(WELL, queues={"pages": Queue(1, 5.1)}), "queue", "pages"),
        (
            replace(WELL, providers=(ProviderSeen("north", "sms", "degraded", 1, 4),)),
            "provider",
            "north sms",
        ),
        (
            replace(WELL, providers=(ProviderSeen("south", "voice", "down", 0, 3),)),
            "provider",
            "south voice",
        ),
        (replace(WELL, probe_failed="paged"), "probe", "paged"),
        (replace(WELL, unread=SURGE), "surge", str(SURGE)),
        (replace(WELL, sites={"public": False, "desk": True}), "site", "public"),
        (replace(WELL, record=("changed",)), "record", "changed"),
        (replace(WELL, record=("refused",)), "record", "refused"),
        (replace(WELL, keys=("foreign",)), "keys", "foreign"),
        (replace(WELL, keys=("once",)), "keys", "once"),
    ],
)
def test_each_thing_that_is_wrong_is_found(seen: Seen, kind: str, about: str) -> None:
    assert troubles_in(seen) == {(kind, about)}
    assert words_of(kind, about)


def test_what_lies_beside_the_last_checkpoint_says_how_the_record_is(tmp_path: Path) -> None:
    assert record_troubles(tmp_path / "none") == ()
    (tmp_path / "verified").write_text("")
    assert record_troubles(tmp_path) == ()
    (tmp_path / "verified").write_text("CHANGED: entry 57 ...")
    (tmp_path / "refused").write_text("entries were taken away")
    (tmp_path / "left-out").write_text("1 of 3 got no checkpoint")
    assert record_troubles(tmp_path) == ("changed", "refused")
    os.utime(tmp_path / "left-out", (1_790_000_000, 1_790_000_000))
    (tmp_path / "restored").write_text("as of last week")
    assert record_troubles(tmp_path) == ("changed", "refused", "left_out", "restored")
    assert all("upstander" in words_of("record", one) for one in record_troubles(tmp_path))


MARK = b"m" * 16


@pytest.mark.parametrize(
    ("here", "twice", "found"),
    [
        ((2, MARK), 60.0, ()),
        (None, 60.0, ()),
        ((2, b"x" * 16), 60.0, ("foreign",)),
        ((3, MARK), 60.0, ("foreign",)),
        ((1, MARK), 60.0, ("stale",)),
        (LOST, 60.0, ("lost",)),
        ((2, MARK), None, ("once",)),
        ((2, MARK), 3601.0, ("once",)),
        (LOST, None, ("lost", "once")),
    ],
)
def test_the_key_file_here_is_compared_with_what_the_database_knows(
    here: KeyFile | None, twice: float | None, found: tuple[str, ...]
) -> None:
    known = {1: (MARK, True), 2: (MARK, False)}
    assert key_troubles(here, known, twice) == found
    assert all("upstander doctor" in words_of("keys", one) for one in found)


def test_the_key_file_here_is_looked_at_unless_it_is_others_business(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = settings.SHRED_FILES
    assert key_file_here() == (1, files.mark(1))
    monkeypatch.setattr(settings, "SHRED_FILES", ShredFiles(tmp_path / "shred"))
    assert key_file_here() == LOST
    monkeypatch.setattr(settings, "HOME", type(settings.HOME)(tmp_path))
    assert key_file_here() is None, "a watch without the public site's keys"


@pytest.mark.django_db
def test_a_look_sees_a_file_that_is_not_in_two_places() -> None:
    assert look(here=(1, settings.SHRED_FILES.mark(1))).keys == ()
    assert look(here=(1, b"x" * 16)).keys == ("foreign",)
    ShredFile.objects.update(twice_at=None)
    assert look().keys == ("once",)


def test_lanes_that_stop_together_are_one_sentence() -> None:
    one = sentences([("lane", "alerts"), ("queue", "pages")])
    assert len(one) == 2
    assert "job “alerts”" in one[0]
    all_of_them = sentences([("lane", "alerts"), ("lane", "pages"), ("queue", "pages")])
    assert len(all_of_them) == 2
    assert "The worker has stopped" in all_of_them[0]


def test_the_watch_itself_may_be_slow_without_calling_the_worker_dead() -> None:
    assert troubles_in(replace(WELL, lanes={"alerts": 1.0, "watch": 99.0})) == set()


@pytest.fixture
def _fresh_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beats, "_last", {})


def ago(seconds: float) -> datetime:
    return database_second() - timedelta(seconds=seconds)


def page_due(cast: Cast, **how: object) -> Page:
    """Write a page that puts no life in danger: of those that do, the outcome is looked at."""
    alert = an_alert(cast, "cedar", priority=Priority.URGENT)
    alert.steps.update(state="done")
    return Page.objects.create(
        alert=alert,
        district_id=alert.district_id,
        step_number=1,
        person_id=cast.people["tom"].pk,
        channel="sms",
        due_at=ago(60),
        **how,
    )


def test_a_look_sees_lanes_queues_providers_and_the_last_probe(cast: Cast) -> None:
    Beat.objects.create(worker="a", lane="alerts", at=ago(100))
    Beat.objects.create(worker="b", lane="alerts", at=ago(5))
    page_due(cast)
    page_due(cast, lease_until=ago(-60), lease_token=uuid4())
    page_due(cast, state="sent")
    ProviderHealth.objects.create(provider="north", channel="sms", state="down", since=NOW)
    Probe.objects.create(began_at=ago(600), state="failed", failed_at="paged")
    Probe.objects.create(began_at=ago(300), state="well")
    Probe.objects.create(began_at=ago(1))
    with CaptureQueriesContext(connection) as asked:
        seen = look()
    assert len(asked) == 7
    # Of several workers the freshest counts: the work is being done.
    assert 4 <= seen.lanes["alerts"] <= 30
    # What is leased is being sent at this moment.
    assert seen.queues["pages"].waiting == 1
    assert seen.queues["pages"].oldest >= 60
    assert seen.queues["steps"] == Queue(0, 0.0)
    assert [(p.provider, p.state) for p in seen.providers] == [("north", "down")]
    assert seen.probe_failed == ""


def test_what_waits_its_turn_in_a_line_that_moves_is_not_late(cast: Cast) -> None:
    page_due(cast)
    line = Line.objects.create(person_id=cast.people["tom"].pk, channel="sms", told_at=ago(20))
    assert look().queues["pages"].waiting == 0
    Line.objects.filter(pk=line.pk).update(told_at=ago(100))
    assert look().queues["pages"].waiting == 1, "nothing has gone out for too long"
    # Folded, it waits until its minutes are over, and a moment for being sent.
    for fold_at, waiting in ((ago(-200), 0), (ago(20), 0), (ago(100), 1)):
        Line.objects.filter(pk=line.pk).update(fold_at=fold_at)
        assert look().queues["pages"].waiting == waiting


def test_a_surge_is_what_nobody_has_and_somebody_is_told_of_it(cast: Cast) -> None:
    alerts = [a_tip_s_alert(cast) for _ in range(SURGE + 1)]
    for _ in range(SURGE):
        an_alert(cast, "cedar", priority=Priority.URGENT)
    assert ("surge", str(SURGE)) in troubles_in(look())
    assert not is_grave((Trouble.Kind.SURGE, str(SURGE))), "pages go out"
    for alert in alerts[:2]:
        Alert.objects.filter(pk=alert.pk).update(state="acknowledged")
    seen = look()
    assert seen.unread == SURGE - 1
    assert not any(kind == "surge" for kind, _ in troubles_in(seen))


def test_an_answer_that_nobody_takes_up_is_a_queue_too_old(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    Inbound.objects.create(
        kind="sms",
        person_id=1,
        for_id=alert.pk,
        answer="have_it",
        at=ago(30),
        provider="north",
        ref="1",
    )
    Inbound.objects.create(
        kind="sms",
        person_id=1,
        for_id=uuid4(),
        answer="have_it",
        at=ago(999),
        provider="north",
        ref="2",
    )
    assert look().queues["answers"].waiting == 1
    assert ("queue", "answers") in troubles_in(look())


@pytest.mark.usefixtures("_fresh_beats")
def test_a_lane_says_that_it_turns_and_old_signs_go(cast: Cast) -> None:
    Beat.objects.create(worker="gone", lane="alerts", at=ago(7200))
    Beat.objects.create(worker="gone", lane="silent", at=ago(7200))
    beats.beat("alerts")
    beats.beat("alerts")
    assert Beat.objects.filter(lane="alerts").count() == 2
    assert look().lanes["alerts"] < 30
    assert beats.forget_gone() == 1
    # What nobody turns any more stays as a sign that it has stopped …
    assert troubles_in(look()) == {(Trouble.Kind.LANE, "silent")}
    # … until a newer release says that there is no such lane.
    beats.begin(["alerts"])
    assert troubles_in(look()) == set()


@pytest.mark.usefixtures("_fresh_beats")
def test_the_worker_may_give_signs_and_the_watch_may_look(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_worker")
        beats.begin(["alerts"])
        beats.beat("alerts")
        assert set(look().lanes) == {"alerts"}
        cursor.execute("RESET ROLE")
