"""Tasks on the desk: they ring until somebody takes them, and again if nobody finishes them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError
from pytest_django import DjangoAssertNumQueries

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.moment import database_now
from upstander.escalations.actions.alerts import acknowledge
from upstander.escalations.actions.asking import HOLDER_LATER
from upstander.escalations.actions.tasks import (
    TIME_TO_FINISH,
    NoSuchTask,
    TaskIsTaken,
    finish_task,
    open_task,
    take_task,
)
from upstander.escalations.models import Acknowledgement, Alert, Page, Step, Task
from upstander.escalations.outside_models import ExternalContact
from upstander.escalations.task_panel import open_tasks, show_tasks, to_do
from upstander.escalations.tests.alerts import (
    Carrier,
    an_alert,
    asked,
    exclude,
    give,
    pass_time,
    taken_back,
    work,
)
from upstander.matters.models import Matter
from upstander.people.scope import viewing
from upstander.places.models import School


def a_task(
    cast: Cast, alert: Alert | None = None, *, wait: int = 0, kind: str = "call_school"
) -> Task:
    alert = alert or an_alert(cast, "cedar")
    now = database_now()
    return open_task(
        Task.Kind(kind),
        subject_id=alert.subject_id,
        matter_id=alert.matter_id,
        district_id=alert.district_id,
        due_at=now + timedelta(seconds=wait),
        now=now,
    )


def test_an_untaken_task_rings_the_counselors_and_then_the_supervisor(
    cast: Cast, carrier: Carrier
) -> None:
    task = a_task(cast, wait=60)
    assert task.alert is not None
    alert = task.alert
    work()
    assert not asked(cast, alert, cause="task")
    pass_time(alert, 61)
    work()
    assert {"alice", "bea"} <= asked(cast, alert, cause="task")
    pass_time(alert, 61)
    work()
    rung = Page.objects.filter(alert_id=alert.pk, cause="task").count()
    pass_time(alert, 121)
    work()
    assert Page.objects.filter(alert_id=alert.pk, cause="task").count() > rung, "again and again"


def test_whoever_has_the_tip_is_rung_for_its_task_once_it_is_really_late(
    cast: Cast, carrier: Carrier
) -> None:
    """They have it before them; the others' phones ring on their second."""
    task = a_task(cast, kind="decide_911")
    alert = Alert.objects.get(tasks=task)
    mine = cast.people["alice"].pk
    Alert.objects.filter(pk=alert.pk).update(state="acknowledged", acknowledged_by=mine)
    work()
    assert "bea" in asked(cast, alert, cause="task")
    assert "alice" not in asked(cast, alert, cause="task")
    pass_time(alert, HOLDER_LATER - 10)
    work()
    assert "alice" not in asked(cast, alert, cause="task")
    pass_time(alert, 11)
    work()
    assert "alice" in asked(cast, alert, cause="task")


def test_who_cannot_take_the_alert_is_heard_and_the_task_rings_on(
    cast: Cast, carrier: Carrier
) -> None:
    task = a_task(cast)
    assert task.alert is not None
    give(cast.people["alice"], "sms", "voice")
    work()
    waiting = Page.objects.filter(
        person_id=cast.people["alice"].pk, state=Page.State.DUE, cause="task"
    )
    assert waiting.exists()
    acknowledge(cast.viewer("alice"), task.alert.pk, Acknowledgement.Answer.CANNOT)
    assert waiting.exists(), "that ends no task"


def test_taken_it_is_silent_until_its_time_is_over(cast: Cast, carrier: Carrier) -> None:
    task = a_task(cast)
    taken = take_task(cast.viewer("alice"), task.pk)
    assert taken.alert is not None
    assert (taken.due_at - database_now()).total_seconds() == pytest.approx(TIME_TO_FINISH, abs=2)
    work(2)
    assert not asked(cast, taken.alert, cause="task")
    pass_time(taken.alert, TIME_TO_FINISH + 1)
    work(2)
    task.refresh_from_db()
    assert (task.state, task.taken_by) == ("open", None)
    assert asked(cast, taken.alert, cause="task")


def test_of_two_who_take_it_one_has_it(cast: Cast) -> None:
    task = a_task(cast)
    take_task(cast.viewer("alice"), task.pk)
    assert take_task(cast.viewer("alice"), task.pk).taken_by == cast.people["alice"].pk
    with pytest.raises(TaskIsTaken):
        take_task(cast.viewer("bea"), task.pk)


@pytest.mark.parametrize("outcome", ["reached", "not_needed", "help_there"])
def test_done_is_done_under_a_name(cast: Cast, outcome: str) -> None:
    task = a_task(cast)
    finish_task(cast.viewer("alice"), task.pk, outcome)
    task.refresh_from_db()
    assert (task.state, task.outcome, task.done_by) == ("done", outcome, cast.people["alice"].pk)
    assert not Step.objects.filter(task=task, state="due").exists()
    entry = Entry.objects.get(action="task done")
    assert entry.detail == {"kind": "call_school", "outcome": outcome}
    with pytest.raises(NoSuchTask):
        finish_task(cast.viewer("alice"), task.pk, outcome)


@pytest.mark.parametrize("outcome", ["no_answer", "refused"])
def test_nobody_reached_and_it_comes_again(cast: Cast, outcome: str) -> None:
    task = a_task(cast)
    take_task(cast.viewer("alice"), task.pk)
    finish_task(cast.viewer("alice"), task.pk, outcome)
    again = Task.objects.get(state="open")
    assert again.pk != task.pk
    assert 50 < (again.due_at - database_now()).total_seconds() <= 60


def test_one_of_a_kind_for_a_tip_however_often_it_is_due(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    assert a_task(cast, alert).pk == a_task(cast, alert).pk
    assert a_task(cast, alert, kind="decide_911").pk != a_task(cast, alert).pk


@pytest.mark.parametrize("name", ["cora", "tom", "dee", "charlie"])
def test_others_have_no_such_task(cast: Cast, name: str) -> None:
    task = a_task(cast)
    with pytest.raises((NoSuchTask, DatabaseError)), taken_back():
        take_task(cast.viewer(name), task.pk)
    client = cast.client(name)
    assert client.post(f"/tasks/{task.pk}/take").status_code in (403, 404)
    assert client.post(f"/tasks/{task.pk}/finish", {"outcome": "reached"}).status_code in (403, 404)


def test_who_is_excluded_sees_hears_and_takes_none(cast: Cast, carrier: Carrier) -> None:
    task = a_task(cast)
    assert task.alert is not None
    exclude(task.alert, cast.people["bea"])
    work()
    assert "bea" not in asked(cast, task.alert, cause="task")
    assert "alice" in asked(cast, task.alert, cause="task")
    with viewing(cast.viewer("bea")):
        assert not to_do().exists()
    with viewing(cast.viewer("alice")):
        assert [one.pk for one in to_do()] == [task.pk]
    assert cast.client("bea").post(f"/tasks/{task.pk}/take").status_code == 404


class TestShown:
    def test_the_school_first_and_then_its_dispatcher(self, cast: Cast) -> None:
        School.objects.filter(pk=cast.cedar.pk).update(
            emergency_contact="Front desk, 555-0123",
            psap_name="Maple 911 center",
            psap_phone="(555) 010-0199",
            address="1 School Way",
            town="Maple",
        )
        task = a_task(cast)
        with viewing(cast.viewer("alice")):
            [shown] = show_tasks(open_tasks([task.subject_id]), {}, me=1)
        assert [(n.number, n.href) for n in shown.numbers] == [
            ("Front desk, 555-0123", "tel:5550123"),
            ("(555) 010-0199", "tel:5550100199"),
        ]
        told = " ".join(shown.script)
        assert "not verified" in told
        assert "555-0100" in told, "the center's number, should they be cut off"
        assert "1 School Way, Maple" in told
        assert shown.ringing

    def test_a_missing_number_is_said_with_what_to_dial(self, cast: Cast) -> None:
        School.objects.filter(pk=cast.cedar.pk).update(
            emergency_contact="Front desk, 555-0123", psap_name="Maple 911 center", psap_phone=""
        )
        task = a_task(cast)
        with viewing(cast.viewer("alice")):
            [shown] = show_tasks(open_tasks([task.subject_id]), {}, me=1)
        assert [number.href for number in shown.numbers] == ["tel:5550123", "tel:911"]
        assert "number missing" in shown.numbers[1].who

    def test_without_a_school_911_transfers(self, cast: Cast) -> None:
        alert = an_alert(cast, "cedar")
        Alert.objects.filter(pk=alert.pk).update(school_id=None)
        a_task(cast, alert)
        with viewing(cast.viewer("alice")):
            [shown] = show_tasks(list(to_do()), {}, me=1)
        assert [number.href for number in shown.numbers] == ["tel:911"]

    def test_as_many_queries_for_one_as_for_many(
        self, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        tips = [a_task(cast).subject_id for _ in range(4)]
        with viewing(cast.viewer("alice")), django_assert_num_queries(5):
            assert len(show_tasks(open_tasks(tips), {}, me=1)) == 4

    def test_it_is_taken_and_ended(self, cast: Cast) -> None:
        task, client = a_task(cast), cast.client("alice")
        assert client.post(f"/tasks/{task.pk}/take").status_code == 302
        assert client.post(f"/tasks/{task.pk}/finish", {"outcome": "nonsense"}).status_code == 404
        assert client.post(f"/tasks/{task.pk}/finish", {"outcome": "reached"}).status_code == 302
        assert Task.objects.get().outcome == "reached"

    def test_a_task_that_is_gone_is_404(self, cast: Cast) -> None:
        assert cast.client("alice").post(f"/tasks/{uuid4()}/take").status_code == 404


def test_an_outside_contact_is_a_task_with_their_number(cast: Cast, carrier: Carrier) -> None:
    contact = ExternalContact.objects.create(
        center_id=cast.center.pk, name="Mobile crisis", phone="555-0177"
    )
    alert = an_alert(cast, "cedar")
    Step.objects.filter(alert_id=alert.pk, number=1).update(target=f"external:{contact.pk}")
    work()
    task = Task.objects.get()
    assert (task.kind, task.contact_id) == ("call_contact", contact.pk)
    with viewing(cast.viewer("alice")):
        [shown] = show_tasks(list(to_do()), {}, me=1)
    assert [(n.who, n.number) for n in shown.numbers] == [("Mobile crisis", "555-0177")]


def test_where_the_outside_contact_is_gone_the_school_is_phoned(
    cast: Cast, carrier: Carrier
) -> None:
    alert = an_alert(cast, "cedar")
    Step.objects.filter(alert_id=alert.pk, number=1).update(target="external:12345")
    work()
    assert Task.objects.get().kind == "call_school"


def test_a_task_without_any_alert_waits_on_the_desk(cast: Cast) -> None:
    matter = Matter.objects.create(district_id=cast.maple.pk)
    now = database_now()
    task = open_task(
        Task.Kind.CONFIRM_HELP,
        subject_id=uuid4(),
        matter_id=matter.pk,
        district_id=cast.maple.pk,
        due_at=now,
        now=now,
    )
    assert task.alert is None
    assert take_task(cast.viewer("alice"), task.pk).state == "taken"
