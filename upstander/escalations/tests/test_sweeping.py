"""One row that can't be worked off keeps nobody else waiting, and what rings rings without end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError, transaction

from conftest import Cast
from upstander.base.moment import database_now
from upstander.escalations import sweeps as clock
from upstander.escalations.actions.asking import tell_holder
from upstander.escalations.models import Alert, News, Page, Step
from upstander.escalations.sweeping import each_apart
from upstander.escalations.sweeps import sweep_news, sweep_next_steps, sweep_steps
from upstander.escalations.tests.alerts import (
    Carrier,
    an_alert,
    as_worker,
    asked,
    pass_time,
    work,
)


def broken(alert: Alert) -> None:
    """Let an alert's first step be one that can't be worked off."""
    Step.objects.filter(alert_id=alert.pk).update(target="external:none")


def test_a_broken_step_is_put_off_and_the_next_alert_s_people_are_asked(
    cast: Cast, carrier: Carrier, caplog: pytest.LogCaptureFixture
) -> None:
    first, then = an_alert(cast, "cedar"), an_alert(cast, "birch")
    broken(first)
    pass_time(first, 3600)
    pass_time(then, 60)
    work()
    assert asked(cast, then) == {"bob"}
    assert "failed; the others go on" in caplog.text
    soonest = Step.objects.filter(alert_id=first.pk, state="due").order_by("due_at")[0]
    assert soonest.due_at > database_now(), "or it would come first for ever"
    # What broke it is mended: it goes on.
    Step.objects.filter(alert_id=first.pk).update(target="on_call")
    pass_time(first, 60)
    work()
    assert asked(cast, first)


def test_a_sweep_of_nothing_but_broken_steps_has_done_nothing(cast: Cast, carrier: Carrier) -> None:
    alert = an_alert(cast, "cedar")
    broken(alert)
    pass_time(alert, 3600)
    with as_worker():
        assert sweep_steps() == 0, "or the lane would turn without a pause"


def test_what_somebody_holds_stays_due(cast: Cast) -> None:
    def held(_row: object) -> None:
        raise OperationalError("could not obtain lock")

    with transaction.atomic():
        assert each_apart([1, 2], held, lambda _row: pytest.fail("it is not put off")) == 0


def test_broken_news_goes_behind_the_others(
    cast: Cast, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, then = an_alert(cast, "cedar"), an_alert(cast, "birch")
    for alert in (first, then):
        News.objects.create(subject_id=alert.subject_id, kind="wrote", at=database_now())
    usual = clock._ON_NEWS["wrote"]

    def fails_for_first(alert: Alert, at: object, now: object) -> None:
        if alert.pk == first.pk:
            raise ValueError
        usual(alert, at, now)  # type: ignore[arg-type]

    monkeypatch.setitem(clock._ON_NEWS, "wrote", fails_for_first)
    with as_worker():
        assert sweep_news() == 1
    assert [n.subject_id for n in News.objects.all()] == [first.subject_id], "kept, not lost"
    assert then.steps.filter(cause="unanswered").exists()


def test_broken_silence_is_put_off_and_the_next_is_asked_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, then = an_alert(cast, "cedar"), an_alert(cast, "birch")
    long_ago = database_now() - timedelta(hours=1)
    for alert, name in ((first, "tom"), (then, "bob")):
        Alert.objects.filter(pk=alert.pk).update(
            state="acknowledged", acknowledged_by=cast.people[name].pk, next_step_due_at=long_ago
        )
    usual = tell_holder

    def fails_for_first(alert: Alert, *rest: object) -> bool:
        if alert.pk == first.pk:
            raise ValueError
        return usual(alert, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(clock, "tell_holder", fails_for_first)
    with as_worker():
        assert sweep_next_steps() == 1
    fresh = Alert.objects.get(pk=first.pk)
    assert fresh.next_step_due_at is not None
    assert fresh.next_step_due_at > database_now()
    assert Page.objects.filter(alert_id=then.pk, cause="idle").exists()


def test_after_six_weeks_of_silence_people_are_asked_still(cast: Cast, carrier: Carrier) -> None:
    alert = an_alert(cast, "cedar")
    pass_time(alert, 60)
    work()
    Step.objects.filter(alert_id=alert.pk, state="due").update(round=40_000)
    before = Page.objects.filter(alert_id=alert.pk).count()
    pass_time(alert, 3600)
    work()
    assert Page.objects.filter(alert_id=alert.pk).count() > before
    assert Page.objects.filter(alert_id=alert.pk, round__gte=40_000).exists()
