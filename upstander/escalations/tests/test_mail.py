"""Mail in a surge: what waits is listed, in one mail a minute, and nothing in it is lost."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.base.moment import database_now
from upstander.carriers.contract import Outgoing
from upstander.carriers.models import Delivery
from upstander.escalations.line import MAIL
from upstander.escalations.models import Alert, Page
from upstander.escalations.replies import sweep_outcomes
from upstander.escalations.tests.alerts import (
    LATER,
    Carrier,
    Clock,
    an_alert,
    as_worker,
    exclude,
    work,
)
from upstander.escalations.tests.phone import Phone, listed_in, sweep
from upstander.intake.priority import Priority


def comes(phone: Phone, priority: str = "life_safety") -> Alert:
    alert = phone.comes("cedar", "email", crowded=False)
    Alert.objects.filter(pk=alert.pk).update(priority=priority)
    return alert


def test_of_thirty_alerts_in_a_minute_a_few_mails_list_all(
    phone: Phone, clock: Clock, carrier: Carrier
) -> None:
    """(``carrier`` comes last, so that it carries.)"""
    alerts = []
    for _ in range(30):
        alerts.append(comes(phone))
        sweep()
        clock.move(2)
    assert len(carrier.outgoing) <= 4
    clock.move(MAIL)
    sweep()
    mails = carrier.outgoing
    assert len(mails) <= 5
    assert not mails[0].title.startswith("LIFE SAFETY: 2"), "the first goes at once"
    assert "needs you now" in mails[0].title
    told = [mails[0].for_id, mails[1].for_id, mails[2].for_id]
    told += [one for mail in mails[3:] for one in listed_in(mail)]
    assert sorted(map(str, told)) == sorted(str(alert.pk) for alert in alerts), "each once"
    assert not Page.objects.exclude(state="sent").exists()


def test_a_mail_counts_by_priority_and_holds_no_story(phone: Phone, carrier: Carrier) -> None:
    person = phone.cast.people["alice"]
    for priority in ("routine", "urgent", "life_safety", "life_safety"):
        comes(phone, priority)
    kept_out = comes(phone)
    exclude(kept_out, person)
    sweep()
    [mail] = carrier.outgoing
    assert mail.title == "LIFE SAFETY: 4 tips need you now"
    assert "(LIFE SAFETY: 2, Urgent: 1, New: 1)" in mail.long
    assert mail.long.count("K7Q-2MX: ") == 4
    assert kept_out.pk not in listed_in(mail)
    assert Page.objects.get(alert_id=kept_out.pk).state == "cancelled"


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_is_in_their_language(phone: Phone, carrier: Carrier, language: str) -> None:
    type(phone.cast.people["alice"]).objects.filter(pk=phone.person).update(language=language)
    comes(phone)
    comes(phone)
    sweep()
    said: Outgoing = carrier.outgoing[0]
    assert ("Dígalo aquí" in said.long) == (language == "es")


def test_an_answer_ends_the_wait(phone: Phone, clock: Clock) -> None:
    for _ in range(4):
        comes(phone)
        sweep()
        clock.move(2)
    assert Page.objects.filter(state="due").count() == 1
    phone.answer("seen", "email")
    sweep()
    assert not Page.objects.filter(state="due").exists()


def test_a_mail_that_does_not_go_is_none(phone: Phone, clock: Clock, carrier: Carrier) -> None:
    alerts = [comes(phone), comes(phone)]
    carrier.says = lambda _: LATER
    sweep()
    assert Page.objects.filter(state="due").count() == 2
    carrier.says = lambda _: None
    clock.move(6)
    sweep()
    assert set(listed_in(carrier.outgoing[0])) == {alert.pk for alert in alerts}


def test_a_list_that_never_came_lets_the_next_step_of_each_begin(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    alerts = [an_alert(cast, "birch", priority=Priority.URGENT) for _ in range(2)]
    work()
    [mail] = carrier.outgoing
    assert mail.for_id is not None
    page = Page.objects.filter(alert_id=mail.for_id).get()
    assert page.delivery_id is not None
    now = database_now()
    Delivery.objects.create(
        chain=page.delivery_id,
        for_id=mail.for_id,
        purpose="page",
        person_id=page.person_id,
        channel="email",
        provider="mail",
        state="failed",
        attempted_at=now,
        changed_at=now,
    )
    with as_worker():
        sweep_outcomes()
    for alert in alerts:
        assert Page.objects.get(alert_id=alert.pk).state == "failed"
        assert alert.steps.filter(state="due", due_at__lte=now).exists(), "asked without waiting"
