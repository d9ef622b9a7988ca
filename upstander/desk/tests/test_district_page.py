"""The district lead's page: who has what, and what is past its time; never a word of a tip."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from upstander.desk.tests.story import close_by_two, handed_off
from upstander.escalations.models import Alert, Step
from upstander.escalations.sweeps import sweep_steps


def page(client: Client) -> str:
    response = client.get("/district")
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_what_is_open_and_who_has_it(cast: Cast) -> None:
    one, two = handed_off(cast), handed_off(cast, tile="bullying", teams=("birch",), when="past")
    alert = Alert.objects.exclude(state="ended").get(subject_id=one.tip_id)
    cast.client("tom").post(f"/alerts/{alert.pk}/answer", {"answer": "have_it"})
    html = page(cast.client("dee"))
    for tip in (one, two):
        assert tip.reference in html
        assert tip.brief not in html
        assert tip.text not in html
    assert "Tom has it" in html
    assert "Nobody has it yet" in html
    assert "<strong" not in html.split("<tbody>", 1)[1]


def test_past_its_time_stands_first_and_in_words(cast: Cast) -> None:
    handed_off(cast)
    late = handed_off(cast, tile="bullying", when="past")
    alert = Alert.objects.exclude(state="ended").get(subject_id=late.tip_id)
    # By day and by night alike.
    Alert.objects.filter(pk=alert.pk).update(raised=True)
    for step in alert.steps.all():
        Step.objects.filter(pk=step.pk).update(due_at=step.due_at - timedelta(days=3))
    for _ in range(3):
        sweep_steps()
    html = page(cast.client("dee"))
    assert '<strong class="past-time">overdue</strong>' in html
    assert html.index(late.reference) < html.index("Life safety")


def test_closed_ones_are_gone(cast: Cast) -> None:
    tip = handed_off(cast)
    close_by_two(cast, "tom", "tara", tip.tip_id)
    assert tip.reference not in page(cast.client("dee"))


def test_another_district_sees_none(cast: Cast) -> None:
    tip = handed_off(cast)
    html = page(cast.client("pia"))
    assert tip.reference not in html
    assert "No open tips" in html


@pytest.mark.parametrize("name", ["tom", "alice", "ada", "charlie"])
def test_others_have_no_such_page(cast: Cast, name: str) -> None:
    assert cast.client(name).get("/district").status_code == 403


def test_as_many_queries_for_one_as_for_ten(cast: Cast) -> None:
    client = cast.client("dee")
    handed_off(cast)
    with CaptureQueriesContext(connection) as one:
        page(client)
    for _ in range(9):
        handed_off(cast, teams=("birch",))
    with CaptureQueriesContext(connection) as ten:
        page(client)
    assert len(one) == len(ten)
