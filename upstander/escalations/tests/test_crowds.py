"""A flood opens many alerts: each is asked about, and none stands before what came alone."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.db.models import F

from conftest import Cast
from upstander.base.moment import database_now
from upstander.escalations.models import Alert, Page, Step
from upstander.escalations.sending import claim_pages, send_page, sweep_pages
from upstander.escalations.sweeps import sweep_steps
from upstander.escalations.tests.alerts import (
    Carrier,
    an_alert,
    as_worker,
    asked,
    pass_time,
    work,
)
from upstander.escalations.turns import Turns
from upstander.intake.priority import Priority


def in_a_crowd(alert: Alert, *, ago: int = 60) -> Alert:
    """Let an alert be one of a flood, due for so many seconds already."""
    Alert.objects.filter(pk=alert.pk).update(crowded=True)
    pass_time(alert, ago)
    return alert


def test_a_child_s_first_step_waits_behind_no_flood(cast: Cast) -> None:
    flood = [in_a_crowd(an_alert(cast, "cedar")) for _ in range(12)]
    urgent = an_alert(cast, "cedar", priority=Priority.URGENT)
    child = an_alert(cast, "cedar")
    Step.objects.filter(alert_id__in=[urgent.pk, child.pk]).update(
        due_at=F("due_at") - timedelta(seconds=1)
    )
    with as_worker():
        due = [Step.objects.get(pk=pk).alert_id for pk in Turns().due(50)]
    assert due[0] == child.pk
    assert urgent.pk not in due[: len(flood)], "life safety is first, however many say so"
    with as_worker():
        sweep_steps()
    assert Page.objects.filter(alert_id=child.pk).exists()


def test_a_child_s_every_page_goes_out_before_a_flood_s_first(cast: Cast, carrier: Carrier) -> None:
    flood = [in_a_crowd(an_alert(cast, "cedar")) for _ in range(5)]
    child = an_alert(cast, "cedar")
    with as_worker():
        while sweep_steps():
            pass
        Page.objects.filter(alert_id__in=[a.pk for a in flood]).update(
            due_at=database_now() - timedelta(minutes=5)
        )
        # Each person is told one thing at a time.
        claimed = claim_pages(token := uuid4(), 50)
        assert len(claimed) == 3
        assert {Page.objects.get(pk=pk).alert_id for pk in claimed} == {child.pk}
        for page in claimed:
            send_page(page, token)
        sweep_pages()
    sent = Page.objects.filter(alert_id__in=[a.pk for a in flood], state=Page.State.SENT)
    assert sent.count() == 15, "and then all the flood's"


def test_of_a_flood_too_everybody_is_asked(cast: Cast, carrier: Carrier) -> None:
    flood = [in_a_crowd(an_alert(cast, "cedar")) for _ in range(3)]
    an_alert(cast, "cedar")
    work()
    assert all(asked(cast, alert) == {"tara", "tom", "uma"} for alert in flood)
