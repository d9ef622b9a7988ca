"""Whoever has taken an alert is not rung for it, by whatever was on its way just then."""

from __future__ import annotations

from uuid import uuid4

import pytest

from conftest import Cast
from upstander.carriers.models import Channel, ContactMethod, Delivery
from upstander.carriers.sending import Outcome, Outgoing
from upstander.carriers.tests.lines import a_way
from upstander.escalations import sending
from upstander.escalations.actions.alerts import settle_subject
from upstander.escalations.models import Alert, Cause, Page
from upstander.escalations.tests.alerts import Clock, an_alert, as_worker

pytestmark = pytest.mark.django_db


def a_page(alert: Alert, person: int, clock: Clock, cause: str, channel: str = "voice") -> Page:
    """Let a page be due."""
    return Page.objects.create(
        alert=alert,
        district_id=alert.district_id,
        step_number=9,
        round=Page.objects.count() + 1,
        person_id=person,
        channel=channel,
        cause=cause,
        due_at=clock.move(0),
    )


@pytest.fixture
def alert(cast: Cast, clock: Clock) -> Alert:
    """An alert at the center that asks nobody yet."""
    clock.move(0)
    found = an_alert(cast, "cedar")
    Page.objects.all().delete()
    return found


def test_what_waited_to_tell_somebody_does_not_ring_once_they_have_it(
    cast: Cast, clock: Clock, alert: Alert
) -> None:
    ruth, other = cast.people["alice"].pk, cast.people["bea"].pk
    hers = [a_page(alert, ruth, clock, cause) for cause in (Cause.UNANSWERED, Cause.NEWS)]
    others = a_page(alert, other, clock, Cause.UNANSWERED)
    settle_subject(alert.subject_id, ruth, clock.move(0))
    states = dict(Page.objects.values_list("pk", "state"))
    assert {states[page.pk] for page in hers} == {Page.State.CANCELLED}
    assert states[others.pk] == Page.State.DUE, "a child waits for an answer all the same"


def test_a_call_that_was_being_ordered_while_somebody_took_it_is_hung_up(
    cast: Cast, clock: Clock, alert: Alert, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = cast.people["alice"]
    a_way(person, Channel.VOICE)
    page = a_page(alert, person.pk, clock, Cause.POLICY)

    def slow(method: ContactMethod, outgoing: Outgoing, **_more: object) -> Outcome:
        settle_subject(alert.subject_id, person.pk, clock.move(1))
        now = clock.move(1)
        row = Delivery.objects.create(
            for_id=outgoing.for_id,
            purpose="page",
            person_id=method.person_id,
            channel=method.kind,
            provider="north",
            state="accepted",
            code=outgoing.code,
            open=True,
            attempted_at=now,
            changed_at=now,
        )
        return Outcome("accepted", "", False, row.chain)

    monkeypatch.setattr(sending, "deliver", slow)
    token = uuid4()
    with as_worker():
        assert page.pk in sending.claim_pages(token)
        sending.send_page(page.pk, token)
    assert not Delivery.objects.get().open, "the next sweep hangs it up"


def test_a_call_and_a_text_say_the_same_number_of_what_waits(
    cast: Cast, clock: Clock, alert: Alert, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, said = cast.people["alice"], {}
    a_way(person, Channel.VOICE)
    a_way(person, Channel.SMS)

    def heard(method: ContactMethod, outgoing: Outgoing, **_more: object) -> Outcome:
        said[method.kind] = (outgoing.short, outgoing.spoken)
        return Outcome("accepted", "", False, uuid4())

    monkeypatch.setattr(sending, "deliver", heard)
    for way in ("voice", "sms"):
        a_page(alert, person.pk, clock, Cause.POLICY, way)
    for _ in range(3):
        more = an_alert(cast, "cedar")
        Page.objects.filter(alert=more).delete()
        a_page(more, person.pk, clock, Cause.POLICY, "sms")
    token = uuid4()
    with as_worker():
        for page in Page.objects.filter(alert=alert):
            Page.objects.filter(pk=page.pk).update(lease_token=token)
            sending.send_page(page.pk, token)
    assert said["voice"][1].startswith("This is Upstander. 4 life safety tips need you")
    assert said["sms"][0].endswith("3 more are waiting for you.")
