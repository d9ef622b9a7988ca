"""The live stream: who hears what, how soon, and who hears nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.models.functions import Now

from conftest import Cast
from upstander.desk import live, live_hub, live_rows
from upstander.desk.live_rows import Snapshot
from upstander.desk.team_panels import live_since
from upstander.desk.tests.pages import LivePage, polled
from upstander.desk.tests.tips import WORDS, a_life_safety_tip, a_tip
from upstander.escalations.actions.alerts import acknowledge
from upstander.escalations.models import Acknowledgement, Alert
from upstander.people import sessions
from upstander.people.models import StaffSession
from upstander.people.scope import viewing
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import exclude_people, hand_off, recuse
from upstander.triage.actions.work import claim_tip, mark_junk


@pytest.fixture
def run(committed_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Run a story with the live stream, in an event loop and with a hub of its own."""
    monkeypatch.setattr(live, "_hub", None)
    # Everybody of the cast has a second factor, as the middleware would have asked for.
    for name in committed_cast.people:
        committed_cast.client(name)

    def run(story: Callable[[], Awaitable[None]]) -> None:
        async def told() -> None:
            try:
                await story()
            finally:
                await live.hub().stop()

        # In a thread of its own: the browser's driver leaves a loop running in this one.
        def alone() -> None:
            try:
                asyncio.run(told())
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            pool.submit(alone).result()

    yield run
    connection.close()


async def in_thread[R](work: Callable[[], R]) -> R:
    """Do something in the database as another process would."""

    def alone() -> R:
        try:
            return work()
        finally:
            connection.close()

    return await asyncio.to_thread(alone)


def test_a_new_tip_is_on_every_screen_of_its_center_and_on_no_other(
    committed_cast: Cast, run: Callable[..., None]
) -> None:
    cast = committed_cast
    tokens = {name: cast.viewer(name).token for name in ("alice", "bea", "sam", "cora", "tom")}

    async def story() -> None:
        async with (
            LivePage(tokens["alice"]) as alice,
            LivePage(tokens["bea"]) as bea,
            LivePage(tokens["sam"]) as sam,
            LivePage(tokens["cora"]) as cora,
            LivePage(tokens["tom"]) as tom,
        ):
            for page in (alice, bea, sam, cora, tom):
                await page.until("hello")
            filed = await in_thread(lambda: a_life_safety_tip(cast))
            for page in (alice, bea, sam):
                row = await page.until("row", filed.tip_id)
                assert "data-alarm" in row["html"]
                assert WORDS not in row["html"]
                assert "csrf" not in row["html"]
            figures = await alice.until("figures")
            assert (figures["unclaimed"], figures["unread"]) == ("1", "1")
            await polled()
            assert not cora.of("row")
            assert {name for name, _ in tom.events} == {"hello", "here"}

    run(story)


def test_a_claim_shows_who_has_it_and_ends_the_alarm(
    committed_cast: Cast, run: Callable[..., None]
) -> None:
    cast = committed_cast
    alice, bea = cast.viewer("alice"), cast.viewer("bea")
    filed = a_life_safety_tip(cast)

    async def story() -> None:
        async with LivePage(bea.token) as page:
            assert await page.until("alarms") == [[str(filed.tip_id), True]]
            await in_thread(lambda: claim_tip(alice, filed.tip_id))
            row = await page.until(
                "row", filed.tip_id, when=lambda row: "Alice has it" in row["html"]
            )
            assert "data-alarm" not in row["html"]

    run(story)


def test_a_lost_hint_is_made_up_for_by_the_next_look(
    committed_cast: Cast, run: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = committed_cast
    token = cast.viewer("alice").token
    monkeypatch.setattr("upstander.tips.speed.gateway.hints.tell", lambda tip: None)

    async def story() -> None:
        async with LivePage(token) as page:
            await page.until("hello")
            filed = await in_thread(lambda: a_tip(cast))
            await page.until("row", filed.tip_id)

    run(story)


def test_what_comes_in_the_second_of_a_page_is_told_and_what_it_shows_is_not(
    committed_cast: Cast,
) -> None:
    shown = a_tip(committed_cast)
    with viewing(committed_cast.viewer("alice")):
        mark, _, snapshot = live_since().partition("~")
    fresh = a_tip(committed_cast)
    told = {one.tip for one in live_rows.changes_since(float(mark), Snapshot.parse(snapshot))}
    assert fresh.tip_id in told
    assert shown.tip_id not in told
    # A browser that comes back names only a time.
    assert shown.tip_id in {one.tip for one in live_rows.changes_since(float(mark))}


def test_a_snapshot_knows_what_it_shows_also_around_the_wrap_of_numbers() -> None:
    wrapped = 5 * 2**32
    seen = Snapshot(wrapped - 2, wrapped + 2, frozenset({wrapped - 2, wrapped + 1}))
    assert [seen.shows(n % 2**32) for n in range(-3, 4)] == [
        True,
        False,
        True,
        True,
        False,
        False,
        False,
    ]
    assert Snapshot.parse("1:2:") == Snapshot(1, 2, frozenset())
    assert Snapshot.parse("1:2:x") is None


def test_a_page_that_was_away_is_brought_up_to_date(
    committed_cast: Cast, run: Callable[..., None]
) -> None:
    cast = committed_cast
    token, away = cast.viewer("alice").token, str(int(time.time()) - 5)
    filed = a_tip(cast)

    async def story() -> None:
        async with LivePage(token, headers={"last-event-id": away}) as page:
            await page.until("row", filed.tip_id)

    run(story)


def test_whoever_is_excluded_hears_nothing_not_even_an_id(
    committed_cast: Cast, run: Callable[..., None]
) -> None:
    cast = committed_cast
    alice, bea, sam = cast.viewer("alice"), cast.viewer("bea"), cast.viewer("sam")
    hidden, other = a_life_safety_tip(cast), a_tip(cast)
    exclude_people(open_tip(alice, hidden.tip_id), [cast.people["bea"].pk])

    async def story() -> None:
        async with LivePage(bea.token) as page, LivePage(sam.token) as free:
            assert await page.until("alarms") == []
            await free.until("hello")
            await in_thread(lambda: claim_tip(alice, hidden.tip_id))
            await in_thread(lambda: claim_tip(alice, other.tip_id))
            await free.until("row", hidden.tip_id)
            await page.until("row", other.tip_id)
            assert str(hidden.tip_id) not in str(page.sent)

    run(story)


def test_whoever_steps_aside_is_told_to_look_anew_and_hears_no_more(
    committed_cast: Cast, run: Callable[..., None]
) -> None:
    cast = committed_cast
    alice, tom = cast.viewer("alice"), cast.viewer("tom")
    filed = a_tip(cast)
    claim_tip(alice, filed.tip_id)
    hand_off(open_tip(alice, filed.tip_id), [cast.teams["cedar"].pk], "Brief.")

    async def story() -> None:
        async with LivePage(tom.token, at="team") as page:
            await page.until("here")
            await in_thread(lambda: recuse(tom, filed.tip_id))
            await page.until("refresh")
            before = len(page.of("tip", filed.tip_id))
            await in_thread(lambda: open_tip(alice, filed.tip_id))
            await polled()
            assert len(page.of("tip", filed.tip_id)) == before

    run(story)


def test_a_team_is_told_of_its_own_tips_only_and_an_answer_reaches_the_center(
    committed_cast: Cast, run: Callable[..., None]
) -> None:
    cast = committed_cast
    alice, tom, bob = cast.viewer("alice"), cast.viewer("tom"), cast.viewer("bob")
    filed = a_tip(cast)
    claim_tip(alice, filed.tip_id)

    async def story() -> None:
        async with (
            LivePage(alice.token) as desk,
            LivePage(tom.token, at="team") as team,
            LivePage(bob.token, at="team") as stranger,
        ):
            for page in (desk, team, stranger):
                await page.until("here")
            opened = await in_thread(lambda: open_tip(alice, filed.tip_id))
            await in_thread(lambda: hand_off(opened, [cast.teams["cedar"].pk], "Brief."))
            await team.until("tip", filed.tip_id)

            def say() -> None:
                with viewing(tom):
                    alert = Alert.objects.get(subject_id=filed.tip_id, state=Alert.State.OPEN)
                acknowledge(tom, alert.pk, Acknowledgement.Answer.HAVE_IT)

            await in_thread(say)
            await desk.until("row", filed.tip_id, when=lambda row: "Tom has it" in row["html"])
            assert {name for name, _ in stranger.events} == {"hello", "here"}

    run(story)


def test_colleagues_see_who_looks_at_what(committed_cast: Cast, run: Callable[..., None]) -> None:
    cast = committed_cast
    alice, bea = cast.viewer("alice"), cast.viewer("bea")
    filed = a_tip(cast)

    async def story() -> None:
        async with LivePage(alice.token) as queue:
            await queue.until("hello")
            async with LivePage(bea.token, at=filed.tip_id) as page:
                await page.until("here")
                there = {"at": str(filed.tip_id), "who": [[bea.person_id, "Bea"]]}
                await queue.until("here", when=lambda told: told == there)
            nobody = {"at": str(filed.tip_id), "who": []}
            await queue.until("here", when=lambda told: told == nobody)

    run(story)


def test_signing_out_ends_the_stream_of_that_session(
    committed_cast: Cast, run: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = committed_cast
    alice = cast.viewer("alice")
    monkeypatch.setattr(live_hub, "RECHECK", 0.1)

    async def story() -> None:
        async with LivePage(alice.token) as page:
            await page.until("hello")
            await in_thread(lambda: sessions.end(alice.token))
            assert await page.until("over") == {"why": "signed out"}
            await page.over()

    run(story)


def test_a_page_that_merely_stays_open_keeps_nobody_signed_in(
    committed_cast: Cast, run: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = committed_cast
    alice = cast.viewer("alice")
    monkeypatch.setattr(live_hub, "RECHECK", 0.1)
    idle = timedelta(minutes=13, seconds=50)

    async def story() -> None:
        async with LivePage(alice.token) as page:
            await page.until("hello")
            await in_thread(lambda: StaffSession.objects.update(used_at=Now() - idle))
            left = await page.until("idle")
            assert 0 < left["left"] <= 70
            late = StaffSession.objects.filter(used_at__gt=Now() - timedelta(minutes=13))
            assert not await in_thread(late.exists)

    run(story)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"cookie": "unlock=nobody"}, 204),
        ({"cookie": ""}, 204),
        ({"host": "evil.example"}, 400),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_strangers_and_other_sites_get_no_stream(
    committed_cast: Cast, run: Callable[..., None], change: dict[str, str], status: int
) -> None:
    token = committed_cast.viewer("alice").token

    async def story() -> None:
        async with LivePage(token, headers=change) as page:
            await page.over()
            assert page.status == status
            assert not page.events

    run(story)


def test_a_session_without_its_second_factor_gets_no_stream(
    committed_cast: Cast, run: Callable[..., None]
) -> None:
    token = sessions.begin(committed_cast.people["alice"], None, complete=False)

    async def story() -> None:
        async with LivePage(token) as page:
            await page.over()
            assert page.status == 204

    run(story)


def test_a_flood_is_not_sent_to_every_desk_and_a_tip_in_it_is(
    committed_cast: Cast, run: Callable[..., None]
) -> None:
    cast = committed_cast
    alice = cast.viewer("alice")

    def flood() -> list[UUID]:
        return [a_tip(cast, text="aaaa", similarity=b"\x07" * 8).tip_id for _ in range(20)]

    async def story() -> None:
        async with LivePage(alice.token) as page:
            await page.until("hello")
            alike = await in_thread(flood)
            # At another school: of one school and minute the two would fold into one row.
            real = await in_thread(lambda: a_tip(cast, school=cast.birch))
            await page.until("row", real.tip_id)
            await polled()
            assert [row["id"] for row in page.of("row")] == [str(real.tip_id)]
            # Taken back by a person, it is a tip like any other.
            await in_thread(lambda: mark_junk(alice, alike[0], junk=False))
            await page.until("row", alike[0])
            # And what says that a life is in danger shows and rings, however many say so.
            danger = await in_thread(lambda: a_life_safety_tip(cast, similarity=b"\x07" * 8))
            row = await page.until("row", danger.tip_id)
            assert "data-alarm" in row["html"]

    run(story)
