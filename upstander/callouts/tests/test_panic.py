"""The silent alarm: once, of who is out, heard by everybody but them, and lost by nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.http import Http404

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.callouts.actions import callouts as actions
from upstander.callouts.models import Event
from upstander.callouts.ringing import PANIC
from upstander.callouts.tests.setup import (
    Mobile,
    asked,
    going,
    kinds,
    mobile,
    row,
    step,
    sweep,
)
from upstander.carriers import sending
from upstander.carriers.contract import Outgoing
from upstander.carriers.models import Channel, ContactMethod, Delivery
from upstander.escalations.models import Alert, Page
from upstander.escalations.tests.alerts import Carrier, Clock, as_worker, carrier, clock

pytestmark = pytest.mark.django_db
__all__ = ["carrier", "clock"]


def there(here: Mobile) -> UUID:
    one = going(here)
    step(here, "mia", one, "arrived")
    return one


def alarm(one: UUID) -> Alert:
    return Alert.objects.get(subject_id=one, page=PANIC)


def told(alert: Alert) -> set[int]:
    return set(alert.pages.values_list("person_id", flat=True))


def test_panic_rings_all_but_who_pressed(cast: Cast, carrier: Carrier) -> None:
    here = mobile(cast)
    one = there(here)
    actions.panic(cast.viewer("mia"), one)
    before = len(carrier.sent)
    sweep(2)
    assert told(alarm(one)) == {here.id_of(name) for name in ("max", "noor", "lou")}, "at once"
    assert here.id_of("mia") not in {person for person, _ in carrier.sent[before:]}
    assert any("silent alarm" in out.short for out in carrier.outgoing[before:])
    board = cast.client("lou").get("/callouts").content.decode()
    assert "Silent alarm: decide about police" in board
    page = cast.client("lou").get(f"/callouts/{one}").content.decode()
    assert "Silent alarm of Mia" in page
    acts = Entry.objects.filter(subject_id=str(one), action="callout stepped")
    assert acts.filter(actor_id=here.id_of("mia"), detail__step="panic").count() == 1


def test_panic_pressed_twice_is_one_alert(cast: Cast) -> None:
    here = mobile(cast)
    one = there(here)
    mia: Any = cast.client("mia")
    since = actions.panic(cast.viewer("mia"), one)
    assert actions.panic(cast.viewer("mia"), one) == since
    again = mia.post(f"/callouts/{one}/desk", HTTP_ACCEPT="application/json")
    assert again.json()["sent"] == since.isoformat()
    assert kinds(one).count("panic") == 1
    assert alarm(one).state == Alert.State.OPEN


@pytest.mark.parametrize("who", ["max", "lou", "alice", "tara", "ada"])
def test_panic_of_somebody_else_is_refused(cast: Cast, who: str) -> None:
    here = mobile(cast)
    one = there(here)
    url = f"/callouts/{one}/desk"
    sent = cast.client(who).post(url, HTTP_ACCEPT="application/json")
    assert sent.status_code in (403, 404, 409)
    assert b'"sent"' not in sent.content
    with pytest.raises((Refused, Http404, ProgrammingError)):
        actions.panic(cast.viewer(who), one)
    assert "panic" not in kinds(one)
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(
            callout_id=one,
            district_id=here.district.pk,
            kind="panic",
            at=row(one).asked_at,
            person_id=here.id_of("max"),
        )


def test_panic_without_a_child_with_them_is_refused(cast: Cast) -> None:
    here = mobile(cast)
    one = asked(here)
    with pytest.raises(Refused, match="Call 911"):
        actions.panic(cast.viewer("mia"), one)


def test_phone_of_who_pressed_gets_nothing(cast: Cast, clock: Clock, carrier: Carrier) -> None:
    """Neither of this callout's alerts nor of others', whatever falls due meanwhile."""
    here = mobile(cast)
    one = going(here)
    step(here, "mia", one, "way", until=clock.move(0) + timedelta(minutes=5))
    actions.panic(cast.viewer("mia"), one)
    other = asked(here, "max")
    before = len(carrier.sent)
    for _ in range(8):
        clock.move(5 * 60)
        sweep(2)
    mia = here.id_of("mia")
    assert mia not in {person for person, _ in carrier.sent[before:]}
    assert not Page.objects.filter(person_id=mia, alert__subject_id=other).exists()
    method = ContactMethod(person_id=mia, kind=Channel.SMS, address="+18605550199")
    said = Outgoing(
        purpose=Delivery.Purpose.NOTICE,
        for_id=one,
        title="",
        short="Your shift begins.",
        spoken="",
        long="",
        language="en",
    )
    with as_worker():
        assert sending.deliver(method, said).reason == "nothing rings there now"
    step(here, "lou", one, "seen_to", code="police")
    with as_worker():
        assert sending.deliver(method, said).reason != "nothing rings there now"


def test_panic_is_ended_by_others_alone(cast: Cast, carrier: Carrier) -> None:
    here = mobile(cast)
    one = there(here)
    actions.panic(cast.viewer("mia"), one)
    step(here, "mia", one, "safe")
    assert alarm(one).state == Alert.State.OPEN, "they may be made to say it"
    for kind, code in (("seen_to", "called"), ("ended", "stayed")):
        with pytest.raises(Refused):
            step(here, "mia", one, kind, code=code)
    with pytest.raises(Refused):
        actions.cannot(cast.viewer("mia"), one, "other")
    assert (row(one).state, row(one).held_by) == ("arrived", here.id_of("mia"))
    step(here, "lou", one, "seen_to", code="police")
    assert (alarm(one).state, row(one).panic_at) == (Alert.State.ENDED, None)
    step(here, "mia", one, "ended", code="stayed")


def test_silence_after_panic_releases_nobody(cast: Cast, clock: Clock, carrier: Carrier) -> None:
    here = mobile(cast)
    one = going(here)
    actions.panic(cast.viewer("mia"), one)
    clock.move(25 * 60)
    sweep(3)
    assert (row(one).state, row(one).held_by) == ("accepted", here.id_of("mia"))


def test_page_of_who_pressed_is_calm(cast: Cast) -> None:
    here = mobile(cast)
    one = there(here)
    mia: Any = cast.client("mia")
    page = mia.get(f"/callouts/{one}").content.decode()
    assert "I need the desk" in page
    assert "I need the desk" not in cast.client("lou").get(f"/callouts/{one}").content.decode()
    asks = mia.get(f"/callouts/{one}/desk").content.decode()
    assert "Yes, now" in asks
    sent = mia.post(f"/callouts/{one}/desk", follow=True).content.decode()
    assert "Sent: the desk has it" in sent
    for words in (sent, mia.get(f"/callouts/{one}").content.decode()):
        assert "Silent alarm" not in words
        read = re.sub(r"<[^>]*>", " ", words.partition("<h1")[2]).lower()
        assert "police" not in read
