"""Reminders tighten, survive a kill, reach the offices once it is late, and never the accused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import OperationalError, connection

from conftest import Cast, LoginRole
from upstander.carriers.models import Notice
from upstander.carriers.notices import KINDS, bundle, tell
from upstander.escalations.tests.alerts import Clock, clock
from upstander.mandated import sweeps
from upstander.mandated.access import rules_of
from upstander.mandated.actions import duties as actions
from upstander.mandated.actions.deadlines import note_event
from upstander.mandated.models import Duty, DutyEvent
from upstander.mandated.tests.test_duties import offices, right_now, suspect
from upstander.matters.models import Exclusion
from upstander.people.keys import person_mac

__all__ = ["clock"]

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]
HOUR = 3600.0


@contextmanager
def as_worker() -> Iterator[None]:
    """Do something with the rights of the worker's own login."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_worker")
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


def sweep() -> int:
    with as_worker():
        return sweeps.sweep_reminders()


def told(cast: Cast, *, since: int = 0) -> list[tuple[str, str]]:
    """Return who was told what, in order."""
    names = {person.pk: name for name, person in cast.people.items()}
    rows = Notice.objects.filter(pk__gt=since).order_by("pk")
    return [(names[row.person_id], row.kind) for row in rows]


def last() -> int:
    found = Notice.objects.order_by("-pk").values_list("pk", flat=True).first()
    return found or 0


@pytest.mark.django_db
def test_from_a_notice_to_a_call_and_then_the_offices(cast: Cast, clock: Clock) -> None:
    offices(cast)
    suspect(cast, cause_at=right_now())
    assert sweep() == 0
    heard = []
    for hours in (4.0, 4.0, 2.0, 1.0, 2 / 3, 1 / 4, 1 / 12):
        clock.move(hours * HOUR)
        before = last()
        assert sweep() == 1
        assert sweep() == 0, "told once"
        heard.append(told(cast, since=before))
    assert heard[:6] == [
        [("tess", "duty_due")],
        [("tess", "duty_due")],
        [("tess", "duty_due_soon")],
        [("tess", "duty_due_now")],
        [("tess", "duty_due_now")],
        [("tess", "duty_due_now")],
    ]
    assert heard[6][0] == ("tess", "duty_late_now")
    assert sorted(heard[6][1:]) == [
        (name, "office_duty_late") for name in ("cleo", "dino", "hana", "sol")
    ]
    # It goes on: the owner by phone each half hour, the offices again after four hours.
    before = last()
    for _ in range(7):
        clock.move(HOUR / 2)
        assert sweep() == 1
    assert told(cast, since=before) == [("tess", "duty_late_now")] * 7
    clock.move(HOUR / 2)
    before = last()
    sweep()
    assert len(told(cast, since=before)) == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accused", "rung"),
    [
        ([], ["hana"]),
        (["hana"], ["cleo"]),
        (["cleo", "hana"], ["sol"]),
        (["sol"], ["bo"]),
    ],
)
def test_who_is_told_first_is_rung_as_it_begins(
    cast: Cast, accused: list[str], rung: list[str]
) -> None:
    offices(cast)
    suspect(cast, accused=[cast.people[name].pk for name in accused])
    assert told(cast) == [(name, "duty_begun") for name in rung]
    [row] = Notice.objects.all()
    assert row.due_at <= right_now()
    assert "voice" in KINDS[row.kind].ways
    assert row.detail == {}, "it says nothing of whom or what"


@pytest.mark.django_db
def test_a_head_s_own_report_rings_the_next(cast: Cast) -> None:
    offices(cast)
    suspect(cast, "hana")
    assert told(cast) == [("dino", "duty_begun")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accused", "hear"),
    [
        (["hana"], {"cleo", "sol"}),
        (["sol"], {"bo"}),
        (["cleo", "dino"], {"hana", "sol"}),
        (["hana", "sol"], {"bo"}),
    ],
)
def test_late_is_told_to_nobody_whom_it_accuses_or_who_depends_on_them(
    cast: Cast, clock: Clock, accused: list[str], hear: set[str]
) -> None:
    offices(cast)
    suspect(cast, cause_at=right_now(), accused=tuple(cast.people[name].pk for name in accused))
    clock.move(13 * HOUR)
    sweep()
    assert {name for name, kind in told(cast) if kind == "office_duty_late"} == hear
    assert not {name for name, _ in told(cast)} & set(accused)


@pytest.mark.django_db
def test_who_is_excluded_later_hears_nothing_from_then_on(cast: Cast, clock: Clock) -> None:
    offices(cast)
    duty = Duty.objects.get(pk=suspect(cast, cause_at=right_now()))
    Exclusion.objects.create(
        matter_id=duty.matter_id,
        district_id=cast.maple.pk,
        person_mac=person_mac(cast.people["hana"].pk),
    )
    before = last()
    clock.move(13 * HOUR)
    sweep()
    assert {name for name, _ in told(cast, since=before)} == {"tess", "dino", "cleo", "sol"}


@pytest.mark.django_db
def test_after_the_call_the_clock_is_the_written_reports_and_then_nobodys(
    cast: Cast, clock: Clock
) -> None:
    offices(cast)
    duty_id = suspect(cast, cause_at=right_now())
    clock.move(13 * HOUR)
    sweep()
    before = last()
    actions.report_first(cast.viewer("tess"), duty_id, way="careline", at=right_now(), words={})
    assert sweep() == 0
    clock.move(40.5 * HOUR)
    assert sweep() == 1
    # The offices hear of the second clock anew: it has not run out yet.
    assert told(cast, since=before) == [("tess", "duty_due")]
    clock.move(8 * HOUR)
    before = last()
    assert sweep() == 1
    assert {kind for _, kind in told(cast, since=before)} == {"duty_late_now", "office_duty_late"}
    actions.send_written(cast.viewer("tess"), duty_id, at=right_now(), words={})
    clock.move(1000 * HOUR)
    assert sweep() == 0


@pytest.mark.django_db
def test_a_worker_that_was_away_says_once_what_is_true_now(cast: Cast, clock: Clock) -> None:
    offices(cast)
    suspect(cast, cause_at=right_now())
    clock.move(100 * HOUR)
    assert sweep() == 1
    assert [one for one in told(cast) if one[0] == "tess"] == [("tess", "duty_late_now")]
    duty = Duty.objects.get()
    assert duty.remind_at is not None
    assert timedelta(0) < duty.remind_at - right_now() <= timedelta(minutes=30)


def test_a_worker_killed_between_claim_and_telling_is_followed_by_another(
    committed_cast: Cast, real_database: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its backend is killed in the middle of the sweep; the next worker tells, and tells once."""
    offices(committed_cast)
    suspect(committed_cast, cause_at=right_now() - timedelta(hours=13))
    begun, owner = last(), real_database(LoginRole.OWNER)
    owner.execute("UPDATE mandated_duty SET remind_at = now() - interval '1 minute'")
    real_tell = tell

    def dies(*args: Any, **kwargs: Any) -> None:
        real_tell(*args, **kwargs)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            victim = cursor.fetchone()[0]
        owner.execute("SELECT pg_terminate_backend(%s)", [victim])

    monkeypatch.setattr(sweeps, "tell", dies)
    with pytest.raises(OperationalError):
        sweeps.sweep_reminders()
    connection.close()
    assert last() == begun
    monkeypatch.setattr(sweeps, "tell", real_tell)
    assert sweeps.sweep_reminders() == 1
    assert [
        row.kind for row in Notice.objects.filter(person_id=committed_cast.people["tess"].pk)
    ] == ["duty_late_now"]
    assert sweeps.sweep_reminders() == 0


def test_two_workers_never_tell_the_same_and_none_waits_for_a_report(
    committed_cast: Cast, real_database: SignIn
) -> None:
    offices(committed_cast)
    suspect(committed_cast, cause_at=right_now() - timedelta(hours=13))
    owner = real_database(LoginRole.OWNER)
    owner.execute("UPDATE mandated_duty SET remind_at = now() - interval '1 minute'")
    with owner.transaction():
        # Somebody is writing their report down at this moment.
        owner.execute("SELECT 1 FROM mandated_duty FOR UPDATE")
        assert sweeps.sweep_reminders() == 0
    assert sweeps.sweep_reminders() == 1


@pytest.mark.django_db
def test_what_follows_a_report_is_told_to_its_owner_and_late_to_all_who_see_it(
    cast: Cast, clock: Clock
) -> None:
    offices(cast)
    duty_id: UUID = suspect(cast, rule="employee", accused=(cast.people["uma"].pk,))
    actions.report_first(cast.viewer("tess"), duty_id, way="careline", at=right_now(), words={})
    note_event(cast.viewer("cleo"), duty_id, DutyEvent.Kind.SUSPENDED, at=right_now(), words={})
    with as_worker():
        assert sweeps.sweep_later() == 0
        before = last()
        clock.move(49 * HOUR)
        assert sweeps.sweep_later() == 1
    assert told(cast, since=before) == [("sol", "deadline_due")]
    clock.move(24 * HOUR)
    before = last()
    with as_worker():
        assert sweeps.sweep_later() == 1
    assert {name for name, _ in told(cast, since=before)} == {"hana", "dino", "cleo", "sol"}
    assert {kind for _, kind in told(cast, since=before)} == {"deadline_late"}


@pytest.mark.django_db
def test_a_rule_set_that_is_gone_silences_nobody(
    cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices(cast)
    gone = suspect(cast, cause_at=right_now())

    def gone_or(duty: Duty) -> object:
        if duty.pk == gone:
            raise KeyError(duty.rule_set)
        return rules_of(duty)

    monkeypatch.setattr(sweeps, "rules_of", gone_or)
    suspect(cast, who="tom", cause_at=right_now())
    clock.move(4 * HOUR)
    before = last()
    assert sweep() == 2
    assert sorted(told(cast, since=before)) == [("tess", "duty_due_soon"), ("tom", "duty_due")]
    assert sweep() == 0, "told once"
    clock.move(9 * HOUR)
    before = last()
    sweep()
    assert ("tess", "duty_late") in told(cast, since=before), "the law's clock runs on"


def test_every_notice_of_a_duty_is_whole_in_both_languages(cast: Cast) -> None:
    for kind, path in (("duty_due_now", "/duties"), ("office_duty_late", "/ledger")):
        for language in ("en", "es"):
            person = cast.people["tom"]
            person.language = language
            said = bundle(person, [(kind, {"at": "2026-10-14T22:00-04:00"})], urgent=True)
            assert "10:00 p.m." in said.spoken
            assert path in said.long
    voiced = {name for name, one in KINDS.items() if "voice" in one.ways}
    assert voiced == {
        # By the way on which somebody answered (desk/tests/test_answered_by_phone).
        "answer_lapsed_key",
        "duty_due_now",
        "duty_late_now",
        # Whoever begins a report was told that the first of the offices is rung.
        "duty_begun",
        "advocate_duty",
        # Nobody else on call can be rung (oncall/tests/test_rest).
        "break_alone",
        # Nobody has answered for hours (triage/tests/test_second_readers).
        "suspicion_asked_now",
        "suspicion_silent_now",
    }
