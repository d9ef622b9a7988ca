"""What a counselor does to a running alert, and what it says of itself."""

from __future__ import annotations

from uuid import uuid4

import pytest

from conftest import Cast
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.carriers.models import Delivery
from upstander.escalations.actions.alerts import NoSuchAlert, acknowledge
from upstander.escalations.actions.by_hand import add_person, page_now, people_to_add, skip_ahead
from upstander.escalations.models import Acknowledgement, Alert, Page
from upstander.escalations.shown import alert_panel, people_of
from upstander.escalations.tests.alerts import (
    Carrier,
    an_alert,
    asked,
    exclude,
    give,
    pass_time,
    work,
)
from upstander.intake.priority import Priority
from upstander.people.scope import viewing

HAVE_IT = Acknowledgement.Answer.HAVE_IT


def test_skipping_ahead_asks_the_next_and_keeps_the_distances(cast: Cast, carrier: Carrier) -> None:
    alert = an_alert(cast, "cedar")
    work()
    skip_ahead(cast.viewer("alice"), alert.pk)
    work()
    assert Page.objects.filter(alert_id=alert.pk, step_number=2).exists()
    assert "dee" not in asked(cast, alert)
    due = alert.steps.get(target="district").due_at
    assert (due - database_now()).total_seconds() == pytest.approx(180, abs=2)
    skip_ahead(cast.viewer("alice"), alert.pk)
    work()
    assert "dee" in asked(cast, alert)


def test_asking_again_now_asks_those_who_were(cast: Cast, carrier: Carrier) -> None:
    alert = an_alert(cast, "cedar")
    work()
    page_now(cast.viewer("alice"), alert.pk)
    work()
    assert asked(cast, alert, cause="by_hand") == {"tara", "tom", "uma"}
    assert "dee" not in asked(cast, alert)


def test_at_night_it_wakes_what_waits_for_the_morning(cast: Cast, carrier: Carrier) -> None:
    alert = an_alert(cast, "cedar", priority=Priority.ROUTINE, raised=False)
    pass_time(alert, -3600)  # the morning is an hour away
    work()
    assert not asked(cast, alert)
    page_now(cast.viewer("alice"), alert.pk)
    work()
    assert asked(cast, alert) == {"tara", "tom", "uma"}


def test_one_more_person_is_asked_at_once_and_may_answer(cast: Cast, carrier: Carrier) -> None:
    alert = an_alert(cast, "birch")
    work()
    add_person(cast.viewer("alice"), alert.pk, cast.people["sam"].pk)
    work()
    assert asked(cast, alert, cause="by_hand") == {"sam"}
    acknowledge(cast.viewer("sam"), alert.pk, HAVE_IT)
    assert Alert.objects.get(pk=alert.pk).acknowledged_by == cast.people["sam"].pk


@pytest.mark.parametrize("name", ["charlie", "cora", "pia", "tom"])
def test_nobody_of_elsewhere_or_who_is_kept_out_is_offered_or_added(
    cast: Cast, carrier: Carrier, name: str
) -> None:
    alert = an_alert(cast, "birch")
    exclude(alert, cast.people["tom"])
    with viewing(cast.viewer("alice")):
        offered = {pk for _, people in people_to_add(alert) for pk, _ in people}
    assert str(cast.people[name].pk) not in offered
    assert str(cast.people["uma"].pk) in offered
    if name != "pia":
        with pytest.raises(Refused):
            add_person(cast.viewer("alice"), alert.pk, cast.people[name].pk)
        return
    # Of another district of the same center: in view, yet never asked.
    add_person(cast.viewer("alice"), alert.pk, cast.people[name].pk)
    work()
    assert "pia" not in asked(cast, alert)


def test_what_somebody_has_needs_nobody(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
    for act in (page_now, skip_ahead):
        with pytest.raises(Refused):
            act(cast.viewer("alice"), alert.pk)


def test_another_center_has_no_such_alert(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    with pytest.raises(NoSuchAlert):
        skip_ahead(cast.viewer("cora"), alert.pk)


@pytest.mark.parametrize("path", ["now", "skip", "add"])
@pytest.mark.parametrize(("name", "status"), [("cora", 404), ("tom", 403), ("dee", 403)])
def test_the_buttons_are_the_center_s(cast: Cast, path: str, name: str, status: int) -> None:
    alert = an_alert(cast, "cedar")
    assert cast.client(name).post(f"/alerts/{alert.pk}/{path}").status_code == status


def test_the_buttons_work(cast: Cast, carrier: Carrier) -> None:
    alert = an_alert(cast, "cedar")
    work()
    client = cast.client("alice")
    assert client.post(f"/alerts/{alert.pk}/skip").status_code == 302
    assert client.post(f"/alerts/{alert.pk}/now").status_code == 302


class TestPanel:
    def test_who_was_tried_how_with_what_result_and_what_comes_next(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        give(cast.people["bob"], "sms", "voice")
        alert = an_alert(cast, "birch")
        work()
        page = Page.objects.get(alert_id=alert.pk, channel="sms")
        now = database_now()
        Delivery.objects.create(
            chain=page.delivery_id or uuid4(),
            for_id=alert.pk,
            purpose="page",
            person_id=page.person_id,
            channel="sms",
            provider="north",
            state="delivered",
            attempted_at=now,
            changed_at=now,
        )
        with viewing(cast.viewer("alice")):
            names = dict.fromkeys(people_of(alert.pk), "Bob")
            shown = alert_panel(alert.pk, names, me=cast.people["alice"].pk)
        assert shown is not None
        assert {(one.name, one.way, one.result) for one in shown.tried} == {
            ("Bob", "text message", "arrived"),
            ("Bob", "email", "sent"),
        }
        coming = [one.words for one in shown.coming]
        assert coming[0] == "Phone call to 1 person"
        assert coming[1] == "The school's backups are asked"
        seconds = [(one.due - shown.now).total_seconds() for one in shown.coming]
        assert seconds == sorted(seconds)
        assert seconds[0] == pytest.approx(60, abs=2)
        assert not shown.asked_me

    def test_it_names_who_has_it_and_how_they_said_so(self, cast: Cast, carrier: Carrier) -> None:
        alert = an_alert(cast, "cedar")
        work()
        acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
        with viewing(cast.viewer("alice")):
            shown = alert_panel(alert.pk, {cast.people["tom"].pk: "Tom"}, me=1)
        assert shown is not None
        assert (shown.open, shown.taken_by) == (False, "Tom")
        assert [one.words for one in shown.said] == ["“I have it”"]
        assert shown.coming == []

    @pytest.mark.parametrize("name", ["cora", "charlie", "bob", "pia"])
    def test_strangers_see_none(self, cast: Cast, name: str) -> None:
        alert = an_alert(cast, "cedar")
        with viewing(cast.viewer(name)):
            assert alert_panel(alert.pk, {}, me=1) is None

    def test_a_counselor_who_was_paged_has_the_button(self, cast: Cast, carrier: Carrier) -> None:
        alert = an_alert(cast, "cedar")
        add_person(cast.viewer("alice"), alert.pk, cast.people["alice"].pk)
        work()
        with viewing(cast.viewer("alice")):
            shown = alert_panel(alert.pk, {}, me=cast.people["alice"].pk)
        assert shown is not None
        assert shown.asked_me
