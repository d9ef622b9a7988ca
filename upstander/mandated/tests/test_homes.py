"""Where families are told what came of bullying, each home is asked about before."""

from __future__ import annotations

from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import Error, connection

from conftest import Cast
from upstander.base.refused import Refused
from upstander.cases.actions.homes import AboutHome
from upstander.mandated.actions import deadlines as later
from upstander.mandated.actions import duties as actions
from upstander.mandated.models import Deadline, DutyEvent
from upstander.mandated.tests.test_duties import offices, right_now, suspect
from upstander.people.scope import viewing

pytestmark = pytest.mark.django_db

INQUIRY = DutyEvent.Kind.INQUIRY_OVER


def told_of_bullying(cast: Cast) -> tuple[UUID, Deadline]:
    """A duty of bullying, after whose end each family is to be told what came of it."""
    offices(cast)
    duty_id = suspect(cast, rule="bullying")
    actions.report_first(cast.viewer("tess"), duty_id, way="climate", at=right_now(), words={})
    later.note_event(cast.viewer("hana"), duty_id, INQUIRY, at=right_now(), words={})
    return duty_id, Deadline.objects.get()


SAFE, UNSAFE, OPEN = AboutHome("yes"), AboutHome("no"), AboutHome("unknown")


@pytest.mark.parametrize(
    ("homes", "words", "says"),
    [
        ({}, "", "for each family"),
        ({"student": SAFE}, "", "for each family"),
        ({"student": SAFE, "other": AboutHome("perhaps")}, "", "for each family"),
        ({"student": SAFE, "other": UNSAFE}, "", "A family is not told"),
        ({"student": OPEN, "other": SAFE}, " ", "A family is not told"),
    ],
)
def test_no_family_is_told_of_bullying_before_each_home_was_asked_about(
    cast: Cast, homes: dict[str, AboutHome], words: str, says: str
) -> None:
    duty_id, row = told_of_bullying(cast)
    with pytest.raises(Refused, match=says):
        later.meet_deadline(
            cast.viewer("dino"),
            duty_id,
            row.pk,
            at=right_now(),
            words={"words": words},
            homes=homes,
        )
    row.refresh_from_db()
    assert row.met_at is None


@pytest.mark.parametrize("other", [UNSAFE, OPEN, AboutHome("unknown", sure=True)])
def test_an_unsafe_home_holds_no_news_from_the_other_family_and_is_kept(
    cast: Cast, other: AboutHome
) -> None:
    duty_id, row = told_of_bullying(cast)
    later.meet_deadline(
        cast.viewer("dino"),
        duty_id,
        row.pk,
        at=right_now(),
        words={"words": "Child protection tells them."},
        homes={"student": SAFE, "other": other},
    )
    page = cast.client("dino").get(f"/duties/{duty_id}").content.decode()
    assert "Home is safe: told" in page
    assert ("not told" in page) is not other.tells


def test_the_page_asks_about_each_home_of_what_tells_families_alone(cast: Cast) -> None:
    duty_id, row = told_of_bullying(cast)
    client, url = cast.client("dino"), f"/duties/{duty_id}"
    page = client.get(url).content.decode()
    assert 'name="home"' in page
    assert 'name="their_home"' in page
    at = right_now().astimezone(ZoneInfo(cast.maple.time_zone)).strftime("%Y-%m-%dT%H:%M:%S")
    sent = {"deadline": str(row.pk), "at": at, "home": "yes", "their_home": "no"}
    refused = client.post(f"{url}/met", sent)
    assert refused.status_code == 422
    assert "A family is not told" in refused.content.decode()
    client.post(f"{url}/met", sent | {"words": "Child protection tells them."})
    row.refresh_from_db()
    assert row.met_at is not None


def test_the_database_ends_nothing_that_tells_families_without_that(cast: Cast) -> None:
    _, row = told_of_bullying(cast)
    attack = (
        "SELECT api.meet_deadline(p_deadline => %s, p_event => %s, p_happened => %s, "
        "p_sealed => %s, p_homes_event => %s, p_homes => %s)"
    )
    with pytest.raises(Error), viewing(cast.viewer("dino")), connection.cursor() as cursor:
        cursor.execute(attack, [row.pk, uuid4(), right_now(), b"x", uuid4(), None])
