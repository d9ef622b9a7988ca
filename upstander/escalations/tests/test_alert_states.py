"""What the queue and the team's page are told about an alert."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from upstander.escalations.actions.alerts import acknowledge
from upstander.escalations.models import Acknowledgement, Alert, Page
from upstander.escalations.queries import AlertState, alert_states
from upstander.escalations.sending import sweep_pages
from upstander.escalations.sweeps import sweep_steps
from upstander.escalations.tests.alerts import an_alert
from upstander.people.scope import Viewer, viewing


def state_of(viewer: Viewer, tip_id: UUID) -> AlertState | None:
    with viewing(viewer):
        return alert_states([tip_id]).get(tip_id)


def test_who_was_asked_and_what_comes_next(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    tom = cast.viewer("tom")
    before = state_of(tom, alert.subject_id)
    assert before is not None
    assert before.open
    assert before.next_words == "the school's team"
    assert before.asked == ()

    sweep_steps()
    sweep_pages()
    after = state_of(tom, alert.subject_id)
    assert after is not None
    assert {asked.person_id for asked in after.asked} == {
        cast.people[name].pk for name in ("tara", "tom", "uma")
    }
    assert {asked.state for asked in after.asked} == {Page.State.SENT}
    assert after.next_due_in is not None
    assert 170 <= after.next_due_in <= 180


def test_an_acknowledgement_names_its_person_and_starts_the_next_clock(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    tom = cast.viewer("tom")
    acknowledge(cast.viewer("uma"), alert.pk, Acknowledgement.Answer.SEEN)
    acknowledge(tom, alert.pk, Acknowledgement.Answer.HAVE_IT)
    state = state_of(cast.viewer("alice"), alert.subject_id)
    assert state is not None
    assert not state.open
    assert state.acknowledged_by == tom.person_id
    assert state.next_due_at is None
    assert state.next_step_due_in is not None
    assert 590 <= state.next_step_due_in <= 600
    assert state.answer_of(cast.people["uma"].pk) == "seen"
    assert state.answer_of(cast.people["tara"].pk) == ""


@pytest.mark.parametrize("stranger", ["bob", "charlie", "cora", "pia"])
def test_others_are_told_nothing(cast: Cast, stranger: str) -> None:
    alert = an_alert(cast, "cedar")
    assert state_of(cast.viewer(stranger), alert.subject_id) is None


def test_the_current_alert_goes_before_one_that_ended(cast: Cast) -> None:
    old = an_alert(cast, "cedar")
    Alert.objects.filter(pk=old.pk).update(state=Alert.State.ENDED)
    new = an_alert(cast, "cedar", subject_id=old.subject_id)
    state = state_of(cast.viewer("tom"), old.subject_id)
    assert state is not None
    assert state.alert_id == new.pk


def test_as_many_queries_for_one_as_for_twenty(cast: Cast) -> None:
    ids = [an_alert(cast, "cedar").subject_id for _ in range(20)]
    sweep_steps()
    alice = cast.viewer("alice")
    with viewing(alice):
        with CaptureQueriesContext(connection) as one:
            alert_states(ids[:1])
        with CaptureQueriesContext(connection) as many:
            assert len(alert_states([*ids, uuid4()])) == 20
    assert len(one) == len(many) == 5
