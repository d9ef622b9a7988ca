"""Calls on the live stream: on each desk of the center that takes them, within two seconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import connection

from conftest import Cast
from upstander.base.moment import database_second
from upstander.desk.tests.pages import LivePage, polled
from upstander.desk.tests.test_live import in_thread, run
from upstander.doors.call_models import Call, Leg
from upstander.tips.models import Tip
from upstander.tips.reporter import NewTip, file_tip

__all__ = ["run"]


def a_call(cast: Cast, of: str = "call-1") -> UUID:
    """Begin a call as its door does, without a hint: the poll alone finds it."""
    filed = file_tip(NewTip(of, "A phone call", "en", district_id=cast.maple.pk, channel="voice"))
    tip, now = Tip.objects.get(pk=filed.tip_id), database_second()
    return Call.objects.create(
        tip_id=tip.pk,
        district_id=tip.district_id,
        center_id=tip.center_id,
        mark=of.encode().ljust(32),
        line="+18605550170",
        provider="north",
        begun_at=now,
        waits_since=now,
        heard_at=now,
    ).pk


def test_a_caller_who_waits_is_on_every_desk_of_the_center_and_on_no_other(
    committed_cast: Cast, run: Callable[..., None]
) -> None:
    cast = committed_cast
    tokens = {name: cast.viewer(name).token for name in ("alice", "sam", "cora", "tom", "dee")}

    async def story() -> None:
        async with (
            LivePage(tokens["alice"]) as alice,
            LivePage(tokens["sam"]) as sam,
            LivePage(tokens["cora"]) as cora,
            LivePage(tokens["tom"]) as tom,
            LivePage(tokens["dee"]) as dee,
        ):
            for page in (alice, sam, cora, tom, dee):
                await page.until("hello")
            call = await in_thread(lambda: a_call(cast))
            for page in (alice, sam):
                told = await page.until("calls", when=lambda told: bool(told["waiting"]))
                assert told["waiting"][str(call)]["door"] == "Maple Valley"
                assert "A caller is waiting" in told["html"]
                assert "csrf" not in told["html"]
                assert "+1860" not in told["html"]
            await polled()
            # Another center hears as it joins that none of its own calls lasts; a school nothing.
            assert all(told == {"html": "", "waiting": {}} for told in cora.of("calls"))
            for page in (tom, dee):
                assert not page.of("calls")

    run(story)


def test_each_change_is_told_once_and_a_leg_that_only_asks_is_none(
    committed_cast: Cast, run: Callable[..., None]
) -> None:
    cast = committed_cast
    alice, bea = cast.viewer("alice"), cast.people["bea"]
    call = a_call(cast)
    tip = Call.objects.get().tip_id

    heard = database_second() + timedelta(seconds=7)

    def change(**values: object) -> None:
        Call.objects.filter(pk=call).update(**values)

    async def story() -> None:
        async with LivePage(alice.token) as page, LivePage(alice.token, at=tip) as at_tip:
            await page.until("calls", when=lambda told: "A caller is waiting" in told["html"])
            # A row came to it only if it was there before the hub's first look at the calls.
            await at_tip.until("hello")
            await polled()  # each page hears of it as it enters, and by the first poll
            before = len(page.of("calls"))
            await in_thread(lambda: change(heard_at=heard))
            await in_thread(
                lambda: Leg.objects.create(
                    call_id=call,
                    kind="ear",
                    person_id=bea.pk,
                    provider="north",
                    at=heard,
                )
            )
            await page.until("calls", when=lambda told: "ringing: Bea" in told["html"])
            assert len(page.of("calls")) == before + 1
            await in_thread(lambda: change(state="talking", taken_by=bea.pk))
            told = await page.until("calls", when=lambda told: "On the phone" in told["html"])
            assert told["waiting"] == {}
            assert f'data-owner="{bea.pk}"' in told["html"]
            # The tip's own page is told to look at its panels anew.
            await polled()
            rows = len(at_tip.of("row"))
            await in_thread(lambda: change(state="over", ended_at=heard))
            await page.until("calls", when=lambda told: not told["html"].strip())
            await at_tip.until("row", tip, when=lambda _: len(at_tip.of("row")) > rows)

    run(story)


def test_who_opens_the_queue_later_is_told_of_a_call_that_lasts(
    committed_cast: Cast, run: Callable[..., None]
) -> None:
    cast = committed_cast
    call = a_call(cast)
    first, second = cast.viewer("alice").token, cast.viewer("bea").token

    async def story() -> None:
        async with LivePage(first) as one:
            await one.until("calls")
            async with LivePage(second) as two:
                told = await two.until("calls")
                assert list(told["waiting"]) == [str(call)]

    run(story)


def test_the_hub_learns_of_calls_what_the_desk_may_and_no_more(committed_cast: Cast) -> None:
    a_call(committed_cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM api.live_calls()")
        assert [one.name for one in cursor.description or ()] == [
            "call",
            "tip",
            "district_id",
            "version",
        ]
        [row] = cursor.fetchall()
    assert "+1860" not in str(row)
