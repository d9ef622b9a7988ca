"""Answering an alert: the action and the button."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.moment import database_now
from upstander.escalations.actions.alerts import (
    NoSuchAlert,
    acknowledge,
    resume,
    working,
)
from upstander.escalations.actions.judging import follow_priority
from upstander.escalations.models import Acknowledgement, Alert, Page, Step
from upstander.escalations.tests.alerts import an_alert
from upstander.intake.priority import Priority
from upstander.matters.models import Exclusion
from upstander.people.keys import person_mac

HAVE_IT, SEEN = Acknowledgement.Answer.HAVE_IT, Acknowledgement.Answer.SEEN


def test_having_it_stops_the_escalation_and_is_recorded(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
    fresh = Alert.objects.get(pk=alert.pk)
    assert (fresh.state, fresh.acknowledged_by) == ("acknowledged", cast.people["tom"].pk)
    assert set(alert.steps.values_list("state", flat=True)) == {Step.State.CANCELLED}
    entry = Entry.objects.get(subject_id=str(alert.subject_id))
    assert entry.action == "alert answered: I have it"
    assert entry.actor_id == cast.people["tom"].pk


def test_having_seen_it_stops_nothing(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    acknowledge(cast.viewer("tom"), alert.pk, SEEN)
    assert Alert.objects.get(pk=alert.pk).state == Alert.State.OPEN
    assert set(alert.steps.values_list("state", flat=True)) == {Step.State.DUE}


def test_who_has_it_and_then_has_seen_it_has_it_still(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    for answer in (HAVE_IT, SEEN):
        acknowledge(cast.viewer("tom"), alert.pk, answer)
    fresh = Alert.objects.get(pk=alert.pk)
    assert (fresh.state, fresh.acknowledged_by) == ("acknowledged", cast.people["tom"].pk)


def test_the_first_of_two_has_it(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
    acknowledge(cast.viewer("uma"), alert.pk, HAVE_IT)
    assert Alert.objects.get(pk=alert.pk).acknowledged_by == cast.people["tom"].pk
    assert alert.acknowledgements.count() == 2


@pytest.mark.parametrize("name", ["bob", "charlie", "cora", "paul", "pia", "alice", "dee"])
def test_who_was_not_asked_has_no_such_alert(cast: Cast, name: str) -> None:
    alert = an_alert(cast, "cedar")
    with pytest.raises(NoSuchAlert):
        acknowledge(cast.viewer(name), alert.pk, HAVE_IT)
    assert not alert.acknowledgements.exists()


def test_a_district_s_lead_may_answer_once_asked(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    Page.objects.create(
        alert_id=alert.pk,
        district_id=alert.district_id,
        step_number=3,
        person_id=cast.people["dee"].pk,
        channel="email",
        due_at=database_now(),
    )
    acknowledge(cast.viewer("dee"), alert.pk, HAVE_IT)
    assert Alert.objects.get(pk=alert.pk).acknowledged_by == cast.people["dee"].pk


def test_whoever_is_excluded_has_no_such_alert(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    Exclusion.objects.create(
        matter_id=alert.matter_id,
        district_id=alert.district_id,
        person_mac=person_mac(cast.people["tom"].pk),
    )
    with pytest.raises(NoSuchAlert):
        acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)


def test_work_takes_an_alert_and_stills_its_clock(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    working(alert.subject_id, cast.people["tom"].pk, database_now())
    fresh = Alert.objects.get(pk=alert.pk)
    assert (fresh.state, fresh.next_step_due_at) == (Alert.State.ACKNOWLEDGED, None)


def test_what_is_reopened_has_somebody_and_a_clock(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    Alert.objects.filter(pk=alert.pk).update(state=Alert.State.ENDED)
    now = database_now()
    resume(alert.subject_id, cast.people["uma"].pk, now, stage=Alert.Stage.SCHOOL)
    fresh = Alert.objects.get(pk=alert.pk)
    assert fresh.acknowledged_by == cast.people["uma"].pk
    assert fresh.next_step_due_at is not None


def test_becoming_life_safety_quickens_the_clocks(cast: Cast) -> None:
    alert = an_alert(cast, "cedar", priority=Priority.ROUTINE)
    now = database_now()
    follow_priority(alert.subject_id, Priority.LIFE_SAFETY, now)
    assert Alert.objects.get(pk=alert.pk).priority == "life_safety"
    assert min((s.due_at - now).total_seconds() for s in alert.steps.all()) <= 60


class TestButton:
    """``/alerts/<id>/answer``."""

    def answer(self, client: Client, alert: Alert, said: str = "have_it") -> int:
        return client.post(f"/alerts/{alert.pk}/answer", {"answer": said}).status_code

    def test_one_press_without_a_key_leads_to_it(self, cast: Cast) -> None:
        """Texts, calls and links answer without one; a page of the desk does not."""
        alert = an_alert(cast, "cedar")
        client = cast.client("tom", unlocked=False)
        response = client.post(f"/alerts/{alert.pk}/answer", {"answer": "have_it"})
        assert response["Location"].startswith("/people/unlock/")
        assert Alert.objects.get(pk=alert.pk).acknowledged_by is None

    def test_one_press_takes_the_alert(self, cast: Cast) -> None:
        alert = an_alert(cast, "cedar")
        client = cast.client("tom")
        response = client.post(f"/alerts/{alert.pk}/answer", {"answer": "have_it"})
        assert response.status_code == 302
        assert response["Location"] == f"/tips/{alert.subject_id}"
        assert Alert.objects.get(pk=alert.pk).acknowledged_by == cast.people["tom"].pk

    @pytest.mark.parametrize("name", ["bob", "charlie", "paul", "cora"])
    def test_a_stranger_gets_404(self, cast: Cast, name: str) -> None:
        alert = an_alert(cast, "cedar")
        assert self.answer(cast.client(name), alert) == 404

    def test_an_administrator_gets_403(self, cast: Cast) -> None:
        assert self.answer(cast.client("ada"), an_alert(cast, "cedar")) == 403

    @pytest.mark.parametrize("said", ["", "maybe", "HAVE_IT", "\0"])
    def test_another_answer_is_404(self, cast: Cast, said: str) -> None:
        assert self.answer(cast.client("tom"), an_alert(cast, "cedar"), said) == 404

    def test_an_unknown_alert_is_404(self, cast: Cast) -> None:
        response = cast.client("tom").post(f"/alerts/{uuid4()}/answer", {"answer": "seen"})
        assert response.status_code == 404

    def test_looking_at_the_address_answers_nothing(self, cast: Cast) -> None:
        alert = an_alert(cast, "cedar")
        assert cast.client("tom").get(f"/alerts/{alert.pk}/answer").status_code == 405
        assert not alert.acknowledgements.exists()

    def test_it_needs_the_form_s_token(self, cast: Cast) -> None:
        alert = an_alert(cast, "cedar")
        careless = cast.client("tom")
        strict = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
        strict.cookies = careless.cookies
        assert self.answer(strict, alert) == 403
