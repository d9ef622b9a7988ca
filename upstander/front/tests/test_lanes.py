"""Whose turn it is."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

import pytest

from tests.waiting import PATIENCE
from upstander.front.lanes import LaneFull, Lanes, WaitingLane
from upstander.tips.tests.loops import apart

#: Seconds after which something that must not wait is said to have waited.


def hand_one(_hand_over: Callable[[int], None]) -> int:
    """Work that is done at once, with nothing to do after it."""
    return 1


async def settled(lane: WaitingLane) -> None:
    """Wait until nobody works in a lane."""
    async with asyncio.timeout(PATIENCE):
        while lane.running:  # noqa: ASYNC110 - a lane tells nobody
            await asyncio.sleep(0.005)


def lanes(threads: int = 2, **slow: float) -> Lanes:
    """Lanes with one normal thread and one slow."""
    return Lanes(threads=threads, slow_per_second=slow.get("slow_per_second", 0))


def test_places_take_turns_whatever_each_has_sent() -> None:
    order: list[str] = []

    async def run() -> None:
        at = lanes()

        def work(name: str) -> Callable[[Callable[[None], None]], None]:
            def do(hand_over: Callable[[None], None]) -> None:
                time.sleep(0.002)
                order.append(name)
                hand_over(None)

            return do

        jobs = [at.run(work("many"), source=b"many") for _ in range(50)]
        jobs += [at.run(work("few"), source=b"few") for _ in range(3)]
        await asyncio.gather(*jobs)

    apart(run())
    assert len(order) == 53
    assert [n for n, name in enumerate(order) if name == "few"][-1] <= 8


def test_the_slow_lane_keeps_its_pace() -> None:
    async def run() -> float:
        at = lanes(slow_per_second=50)
        start = time.monotonic()
        await asyncio.gather(*(at.run(hand_one, source=b"x", slow=True) for _ in range(11)))
        return time.monotonic() - start

    # Eleven begin ten pauses apart, however fast the machine.
    assert apart(run()) > 0.19


def test_waiting_for_the_pace_costs_nothing() -> None:
    async def run() -> int:
        at = lanes(slow_per_second=20)
        woken = 0
        real = at.slow._woken

        def count(loop: asyncio.AbstractEventLoop) -> None:
            nonlocal woken
            woken += 1
            real(loop)

        at.slow._woken = count  # type: ignore[method-assign]
        await asyncio.gather(*(at.run(hand_one, source=b"x", slow=True) for _ in range(5)))
        return woken

    assert apart(run()) <= 8


def test_files_that_are_being_cleaned_hold_up_no_tip() -> None:
    answered = threading.Event()

    async def run() -> None:
        at = lanes()

        def clean(hand_over: Callable[[int], None]) -> int:
            answered.wait(2 * PATIENCE)
            return 1

        cleaning = [asyncio.create_task(at.run(clean, source=b"many", file=True)) for _ in range(9)]
        await asyncio.sleep(0)
        async with asyncio.timeout(PATIENCE):
            assert await at.run(hand_one, source=b"few") == 1
        answered.set()
        await asyncio.gather(*cleaning)

    apart(run())


@pytest.mark.parametrize(("waits_slowly", "is_file"), [(True, False), (False, True)])
def test_a_crowds_files_hold_up_neither_its_tips_nor_anybodys_files(
    waits_slowly: bool, is_file: bool
) -> None:
    answered = threading.Event()

    async def run() -> None:
        at = lanes()

        def clean(hand_over: Callable[[int], None]) -> int:
            answered.wait(2 * PATIENCE)
            return 1

        cleaning = [
            asyncio.create_task(at.run(clean, source=b"%d" % (n // 9), slow=True, file=True))
            for n in range(27)
        ]
        await asyncio.sleep(0)
        place = b"0" if waits_slowly else b"elsewhere"
        async with asyncio.timeout(PATIENCE):
            assert await at.run(hand_one, source=place, slow=waits_slowly, file=is_file) == 1
        answered.set()
        for task in cleaning:
            task.cancel()
        await asyncio.gather(*cleaning, return_exceptions=True)

    apart(run())


def test_a_crowds_files_take_nobodys_room_to_wait_and_keep_the_slow_pace() -> None:
    async def run() -> float:
        at = lanes(slow_per_second=50)
        at.slow_files.most = 20
        start = time.monotonic()
        crowd = [
            asyncio.create_task(at.run(hand_one, source=b"%d" % n, slow=True, file=True))
            for n in range(300)
        ]
        await asyncio.sleep(0)
        others = [
            asyncio.create_task(at.run(hand_one, source=b"o%d" % n, file=True)) for n in range(50)
        ]
        assert await asyncio.gather(*others) == [1] * 50
        done = await asyncio.gather(*crowd, return_exceptions=True)
        # All 300 join before a loop's next turn: one has begun, twenty wait.
        assert 20 <= sum(result == 1 for result in done) <= 22
        return time.monotonic() - start

    assert apart(run()) > 0.3


def test_a_full_lane_says_so_at_once_and_only_to_its_own() -> None:
    joined = threading.Event()

    async def run() -> None:
        at = lanes()
        at.normal.most_each = 3

        def hold(hand_over: Callable[[int], None]) -> None:
            joined.wait(2 * PATIENCE)
            hand_over(1)

        greedy = [asyncio.create_task(at.run(hold, source=b"greedy")) for _ in range(10)]
        await asyncio.sleep(0)
        other = asyncio.create_task(at.run(hold, source=b"other"))
        await asyncio.sleep(0)
        joined.set()
        done = await asyncio.gather(*greedy, return_exceptions=True)
        assert sum(isinstance(result, LaneFull) for result in done) == 6
        assert await other == 1

    apart(run())


def test_who_waits_too_long_is_told_and_takes_no_thread() -> None:
    told = threading.Event()

    async def run() -> None:
        at = lanes()
        at.normal.patience = 0.05
        ran: list[int] = []

        def late(hand_over: Callable[[int], None]) -> None:
            ran.append(1)
            hand_over(1)

        def hold(hand_over: Callable[[int], None]) -> None:
            told.wait(2 * PATIENCE)
            hand_over(1)

        first = asyncio.create_task(at.run(hold, source=b"a"))
        await asyncio.sleep(0)
        with pytest.raises(LaneFull):
            await at.run(late, source=b"b")
        told.set()
        await first
        await settled(at.normal)
        assert not ran
        assert at.normal.running == at.normal.waiting == 0

    apart(run())


def test_the_answer_goes_out_before_the_tidying_up() -> None:
    answered = threading.Event()

    async def run() -> None:
        at = lanes()

        def work(hand_over: Callable[[int], None]) -> None:
            hand_over(1)
            answered.wait(2 * PATIENCE)

        async with asyncio.timeout(PATIENCE):
            assert await at.run(work, source=b"a") == 1
        answered.set()

    apart(run())


def test_a_fault_reaches_the_caller_and_frees_the_thread() -> None:
    async def run() -> None:
        at = lanes()

        def broken(_hand_over: Callable[[int], None]) -> None:
            raise KeyError("x")

        for _ in range(5):
            with pytest.raises(KeyError):
                await at.run(broken, source=b"a")
        assert await at.run(hand_one, source=b"a") == 1
        assert at.normal.running == 0

    apart(run())


def test_who_goes_away_while_the_work_runs_does_not_stop_it() -> None:
    begun, gone = threading.Event(), threading.Event()

    async def run() -> None:
        at = lanes()
        done: list[int] = []

        def work(hand_over: Callable[[int], None]) -> None:
            begun.set()
            gone.wait(2 * PATIENCE)
            done.append(1)
            hand_over(1)

        task = asyncio.create_task(at.run(work, source=b"a"))
        assert await asyncio.to_thread(begun.wait, PATIENCE)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        gone.set()
        await settled(at.normal)
        assert done == [1], "a tip that is being kept is kept"
        assert at.normal.running == 0

    apart(run())


def test_files_have_threads_that_settle_first_and_pages_have_others() -> None:
    settled: set[int] = set()

    def who(_hand_over: Callable[[int], None]) -> int:
        return threading.get_ident()

    async def run() -> tuple[set[int], set[int]]:
        at = Lanes(threads=2, files=2, settle=lambda: settled.add(threading.get_ident()))
        pages = await asyncio.gather(*(at.run(who, source=b"x") for _ in range(9)))
        files = await asyncio.gather(*(at.run(who, source=b"x", file=True) for _ in range(9)))
        return set(pages), set(files)

    pages, files = apart(run())
    assert files <= settled
    assert not pages & settled
