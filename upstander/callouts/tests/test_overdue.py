"""Past the time that they said: the row turns, they are asked, then desk and supervisor."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from conftest import Cast
from upstander.callouts.tests.setup import Mobile, going, kinds, mobile, row, step, sweep
from upstander.escalations.models import Alert
from upstander.escalations.tests.alerts import Carrier, Clock, carrier, clock

pytestmark = pytest.mark.django_db
__all__ = ["carrier", "clock"]


def on_the_way(here: Mobile, clock: Clock, minutes: int = 10) -> UUID:
    one = going(here)
    step(here, "mia", one, "way", until=clock.move(0) + timedelta(minutes=minutes))
    return one


def test_time_that_is_over_asks_them_then_the_desk(
    cast: Cast, clock: Clock, carrier: Carrier
) -> None:
    here = mobile(cast)
    one = on_the_way(here, clock)
    clock.move(9 * 60)
    sweep(2)
    assert "overdue" not in kinds(one)
    assert "Should be there" not in cast.client("lou").get("/callouts").content.decode()
    clock.move(61)
    sweep(2)
    assert kinds(one)[-1] == "overdue"
    assert "Should be there by now" in cast.client("lou").get("/callouts").content.decode()
    assert (
        "time that was said is over" in cast.client("mia").get(f"/callouts/{one}").content.decode()
    )
    alert = Alert.objects.get(pk__in=[row(one).alert_id])
    assert set(alert.pages.values_list("person_id", flat=True)) == {here.id_of("mia")}
    clock.move(181)
    sweep(2)
    assert here.id_of("lou") in alert.pages.values_list("person_id", flat=True)
    assert (row(one).state, row(one).held_by) == ("way", here.id_of("mia"))


@pytest.mark.parametrize("kind", ["arrived", "way"])
def test_word_of_them_ends_the_asking(
    cast: Cast, clock: Clock, carrier: Carrier, kind: str
) -> None:
    here = mobile(cast)
    one = on_the_way(here, clock)
    clock.move(11 * 60)
    sweep(2)
    alert = row(one).alert_id
    facts = {"until": clock.move(0) + timedelta(minutes=20)} if kind == "way" else {}
    step(here, "mia", one, kind, **facts)
    assert Alert.objects.get(pk__in=[alert]).state == Alert.State.ENDED
    clock.move(19 * 60)
    sweep(2)
    assert kinds(one).count("overdue") == 1


def test_family_s_word_past_the_time_releases_nobody(
    cast: Cast, clock: Clock, carrier: Carrier
) -> None:
    here = mobile(cast)
    one = on_the_way(here, clock)
    clock.move(11 * 60)
    sweep(2)
    step(here, "lou", one, "worse")
    sweep(3)
    assert (row(one).state, row(one).held_by) == ("way", here.id_of("mia"))
