"""No page of the desk says what leads to a caller's phone: while the call lasts, and afterwards."""

from __future__ import annotations

import pytest

from upstander.doors.calls.tests.conftest import EARS
from upstander.doors.calls.tests.lines import PHONE, CallDoor
from upstander.doors.texts.tests.lines import at_desk
from upstander.escalations.tests.alerts import Clock

pytestmark = pytest.mark.django_db


def test_no_page_says_what_leads_to_a_phone(door: CallDoor, clock: Clock) -> None:
    client = door.cast.client("alice")
    sid, heard = door.ring()
    clock.move(95)
    door.press(sid, door.press(sid, heard, "1"), "5")
    door.work()
    mine = door.switch.rung(EARS["alice"])[-1]
    tip = door.tip()
    secret = [PHONE[2:], sid, mine["sid"], "A SECRET NAME", "HARTFORD"]
    shown = 0
    for step in ("waits", "talks", "over", "gone"):
        if step == "talks":
            secret.append(door.leg(mine, "1").room)
            door.work()
        elif step == "over":
            door.hang_up(sid)
            door.work()
        elif step == "gone":
            clock.move(130)
            door.clear()
        for path in ("/queue", f"/tips/{tip.pk}", "/today", "/record"):
            with at_desk():
                page = client.get(path).content.decode()
            shown += tip.reference in page
            assert not [one for one in secret if one in page], (step, path)
            # Not even four of its digits.
            assert f"{PHONE[-4:]}<" not in page
    assert shown >= 8, "these pages are about that call"
