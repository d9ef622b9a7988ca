"""What people reply by text, key, notification or link, done with the worker's own rights."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.moment import database_now
from upstander.carriers.models import Delivery, Inbound, Notice
from upstander.escalations.actions.alerts import acknowledge
from upstander.escalations.models import Acknowledgement, Alert, Page
from upstander.escalations.replies import sweep_answers
from upstander.escalations.tests.alerts import (
    Carrier,
    an_alert,
    as_worker,
    asked,
    exclude,
    give,
    pass_time,
    work,
)
from upstander.people.models import Person

HAVE_IT, SEEN, CANNOT = Acknowledgement.Answer


def reply(cast: Cast, name: str, alert: Alert | UUID, answer: str, kind: str = "sms") -> Inbound:
    return Inbound.objects.create(
        kind=kind,
        person_id=cast.people[name].pk,
        for_id=alert if isinstance(alert, UUID) else alert.pk,
        answer=answer,
        at=database_now(),
        provider="north",
        ref=str(uuid4()),
    )


@pytest.mark.parametrize("kind", ["sms", "key", "push", "link"])
def test_have_it_by_any_way_stops_it_under_their_name(cast: Cast, kind: str) -> None:
    alert = an_alert(cast, "cedar")
    work()
    reply(cast, "tom", alert, "have_it", kind)
    work()
    fresh = Alert.objects.get(pk=alert.pk)
    assert (fresh.state, fresh.acknowledged_by) == ("acknowledged", cast.people["tom"].pk)
    assert alert.acknowledgements.get().via == kind
    entry = Entry.objects.get(subject_id=str(alert.subject_id), action="alert answered: I have it")
    assert (entry.actor_kind, entry.actor_id) == ("staff", cast.people["tom"].pk)
    assert not alert.steps.filter(state="due").exists()
    assert Inbound.objects.filter(done=False).count() == 0


def test_seen_stops_nothing_and_cannot_asks_the_next_at_once(cast: Cast) -> None:
    alert = an_alert(cast, "birch")
    work()
    reply(cast, "bob", alert, "seen")
    work()
    assert Alert.objects.get(pk=alert.pk).state == "open"
    assert "dee" not in asked(cast, alert)
    reply(cast, "bob", alert, "cannot", "key")
    work(3)
    assert "dee" in asked(cast, alert)


def test_who_was_not_asked_acknowledges_nothing(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    work()
    for name in ("charlie", "cora", "bob", "dee"):
        reply(cast, name, alert, "have_it")
    work()
    assert Alert.objects.get(pk=alert.pk).state == "open"
    assert not alert.acknowledgements.exists()
    assert not Inbound.objects.filter(done=False).exists()


def test_who_is_excluded_or_gone_meanwhile_acknowledges_nothing(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    work()
    exclude(alert, cast.people["tom"])
    Person.objects.filter(pk=cast.people["uma"].pk).update(is_active=False)
    reply(cast, "tom", alert, "have_it")
    reply(cast, "uma", alert, "have_it")
    work()
    assert not alert.acknowledgements.exists()


def test_after_wrong_codes_by_text_the_phone_rings_at_once(cast: Cast) -> None:
    """Whoever guesses codes in somebody's name gets that person called, and stops nothing."""
    alert, tom = an_alert(cast, "cedar"), cast.people["tom"]
    give(tom, "sms", "voice")
    work()
    before = set(Page.objects.filter(alert=alert, person_id=tom.pk).values_list("pk", flat=True))
    reply(cast, "tom", alert, "tried")
    work(2)
    rung = Page.objects.filter(alert=alert, person_id=tom.pk).exclude(pk__in=before)
    assert {page.channel for page in rung} == {"voice", "email"}, "texts may be forged"
    assert all(page.attempts for page in rung), "at once"
    assert Notice.objects.filter(person_id=tom.pk, kind="wrong_codes").count() == 1
    fresh = Alert.objects.get(pk=alert.pk)
    assert fresh.state == "open"
    assert fresh.steps.filter(state="due").exists(), "all else goes on"


def test_wrong_codes_ring_nobody_who_was_not_asked_or_is_excluded(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    work()
    exclude(alert, cast.people["tom"])
    for name in ("tom", "charlie"):
        reply(cast, name, alert, "tried")
    before = Page.objects.count()
    work()
    assert Page.objects.filter(step_number=0).count() == 0
    assert Page.objects.count() >= before


def test_an_answer_to_something_else_is_left_for_whoever_knows_it(cast: Cast) -> None:
    drill = reply(cast, "tom", uuid4(), "have_it")
    unclear = reply(cast, "tom", uuid4(), "unclear")
    Inbound.objects.filter(pk=unclear.pk).update(for_id=None)
    assert sweep_answers() == 1
    drill.refresh_from_db()
    assert not drill.done


def test_the_same_answer_three_times_at_once_is_one_taking(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    work()
    reply(cast, "tom", alert, "have_it", "sms")
    reply(cast, "tom", alert, "have_it", "key")
    acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
    work()
    assert Alert.objects.get(pk=alert.pk).acknowledged_by == cast.people["tom"].pk
    assert sorted(alert.acknowledgements.values_list("number", flat=True)) == [1, 2, 3]


def test_cannot_and_then_have_it_is_theirs(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    work()
    reply(cast, "tom", alert, "cannot")
    reply(cast, "tom", alert, "have_it")
    work()
    assert Alert.objects.get(pk=alert.pk).acknowledged_by == cast.people["tom"].pk


def test_asked_again_after_silence_have_it_gives_them_time_anew(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    work()
    reply(cast, "tom", alert, "have_it")
    work()
    pass_time(alert, 601)
    work(2)
    assert asked(cast, alert, cause="idle") == {"tom"}
    reply(cast, "tom", alert, "have_it")
    work()
    fresh = Alert.objects.get(pk=alert.pk)
    assert (fresh.state, fresh.idle_asked) == ("acknowledged", False)
    assert fresh.next_step_due_at is not None
    assert (fresh.next_step_due_at - database_now()).total_seconds() > 500


def test_an_answer_hangs_up_what_rings_and_a_bare_1_means_it_no_more(
    cast: Cast, carrier: Carrier
) -> None:
    alert = an_alert(cast, "cedar")
    work()
    now = database_now()
    Delivery.objects.create(
        for_id=alert.pk,
        purpose="page",
        person_id=cast.people["uma"].pk,
        channel="voice",
        provider="north",
        state="accepted",
        open=True,
        attempted_at=now,
        changed_at=now,
    )
    reply(cast, "tom", alert, "have_it")
    work()
    assert not Delivery.objects.filter(for_id=alert.pk, open=True).exists()


@pytest.mark.parametrize(
    ("state", "reason"),
    [("busy", "busy"), ("no_answer", "no answer"), ("machine", "answering machine")],
)
def test_a_call_that_nobody_took_lets_the_next_begin(
    cast: Cast, carrier: Carrier, state: str, reason: str
) -> None:
    """Delivered, or an answering machine, is never an acknowledgement."""
    alert = an_alert(cast, "birch")
    work()
    page = Page.objects.get(alert_id=alert.pk)
    now = database_now()
    Delivery.objects.create(
        chain=page.delivery_id or uuid4(),
        for_id=alert.pk,
        purpose="page",
        person_id=page.person_id,
        channel="voice",
        provider="north",
        state=state,
        attempted_at=now,
        changed_at=now,
    )
    work(3)
    page.refresh_from_db()
    assert (page.state, page.reason) == ("failed", reason)
    assert Page.objects.filter(alert_id=alert.pk, step_number=2).exists(), "without waiting"
    assert Delivery.objects.filter(told=False).count() == 0


def test_a_silent_provider_s_failure_is_none_once_another_has_taken_it(
    cast: Cast, carrier: Carrier
) -> None:
    alert = an_alert(cast, "birch")
    give(cast.people["bob"], "sms")
    work()
    page = Page.objects.filter(alert_id=alert.pk, channel="sms").get()
    now = database_now()
    for provider, state in (("north", "unknown"), ("south", "accepted")):
        Delivery.objects.create(
            chain=page.delivery_id or uuid4(),
            for_id=alert.pk,
            purpose="page",
            person_id=page.person_id,
            channel="sms",
            provider=provider,
            state=state,
            attempted_at=now,
            changed_at=now,
            id=UUID(int=1 if provider == "north" else 2),
        )
    work()
    page.refresh_from_db()
    assert page.state == "sent"


def test_the_worker_answers_in_nobody_s_name_without_their_reply(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    with as_worker(), pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(
            "INSERT INTO audit_entry (actor_kind, actor_id, action, subject_kind, subject_id,"
            " detail) VALUES ('staff', %s, 'alert answered: I have it', 'tip', %s, '{}')",
            [cast.people["tom"].pk, str(alert.subject_id)],
        )
