"""Slow bodies: whose is cut, and what it costs the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from tests.waiting import PATIENCE
from upstander.front.bodies import Reader
from upstander.front.gate import Gate
from upstander.front.slots import Body, Slots
from upstander.front.tests.wire import Behind, Got, gate, parts, post
from upstander.tips.tests.loops import apart

_ATTACKER = "198.51.100.66"


@given(
    st.lists(
        st.tuples(st.sampled_from(b"abcdef"), st.integers(0, 5_000), st.booleans()), max_size=200
    ),
    st.integers(1, 30),
    st.integers(1, 30),
)
def test_there_are_never_more_than_the_slots_and_the_newest_stays(
    steps: list[tuple[int, int, bool]], most: int, most_each: int
) -> None:
    slots = Slots(most=most, most_each=most_each)
    open_: list[Body] = []
    for now, (source, size, leaves) in enumerate(steps):
        body = slots.take(bytes([source]), float(now))
        body.size = size
        open_.append(body)
        assert not body.is_cut(), "who has just come is not the one that goes"
        if leaves:
            slots.leave(open_[now // 2])
            slots.leave(open_[now // 2])
            open_[now // 2].end(now)
        standing = [one for one in open_ if not one.is_cut()]
        assert slots.count == len(standing) <= most
        for each in {one.source for one in standing}:
            assert sum(one.source == each for one in standing) <= most_each


def test_the_slowest_of_the_heaviest_place_goes() -> None:
    slots = Slots(most=5, most_each=4)
    lonely = slots.take(b"lonely", 0)
    crowd = [slots.take(b"crowd", 0) for _ in range(4)]
    for n, body in enumerate(crowd):
        body.size = 5_000 - 1_000 * n
    slots.take(b"new", 10)
    assert [body.is_cut() for body in crowd] == [False, False, False, True]
    assert not lonely.is_cut(), "however slow: who has one is not who shuts the others out"


def test_an_honest_slow_line_outlasts_those_that_trickle() -> None:
    slots = Slots(most_each=10)
    phone = slots.take(b"school", 0)
    for second in range(1, 200):
        phone.size = 500 * second
        for _ in range(20):
            slots.take(b"school", float(second)).size = 1
    assert not phone.is_cut()


def _slow(text: str) -> bytes:
    return urlencode({"tile": "bullying", "text": text}).encode()


async def _trickle() -> AsyncIterator[bytes]:
    yield _slow("their words")
    while True:
        await asyncio.sleep(0.2)
        yield b"+"


async def _attack(at: Gate, count: int, slots: int) -> list[asyncio.Task[Got]]:
    """Begin so many bodies that never end; come back once only ``slots`` of them are left."""
    tasks = []
    for _ in range(count):
        tasks.append(asyncio.create_task(post(at, body=_trickle(), peer=_ATTACKER)))
        await asyncio.sleep(0.002)
    left = set(tasks)
    async with asyncio.timeout(PATIENCE):
        while len(left) > slots:
            _, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.sleep(0.5)  # they grow old, and are slow for their age
    return tasks


def test_whose_body_is_cut_gets_its_words_back(tmp_path: Path) -> None:
    async def run() -> list[Got]:
        at = gate(Behind(), tmp_path)
        at.reader = Reader(tmp_path, slots=Slots(most=20, most_each=10))
        tasks = await _attack(at, 15, 10)
        done = [task.result() for task in tasks if task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return done

    done = apart(run())
    assert len(done) == 5
    for got in done:
        assert got.status == 503
        assert got.headers["connection"] == "close"
        assert b"their words" in got.body
        assert b"the end may be missing" in got.body
        assert b'value="bullying"' in got.body


def test_a_full_house_takes_everybody_elses_and_the_honest_of_that_place(tmp_path: Path) -> None:
    behind = Behind()

    async def run() -> list[Got]:
        at = gate(behind, tmp_path)
        at.reader = Reader(tmp_path, slots=Slots(most=200, most_each=50))
        tasks = await _attack(at, 200, 50)
        others = [post(at, body=_slow("help"), peer=f"192.0.2.{n}") for n in range(60)]
        # A phone on a slow line: its form comes in pieces, and keeps coming.
        phones = [
            post(at, body=parts([_slow("x" * 60)] * 10, pause=0.05), peer=_ATTACKER)
            for _ in range(30)
        ]
        got = await asyncio.gather(*others, *phones)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert at.reader._slots.count == 0
        return got

    assert {got.status for got in apart(run())} == {200}
    assert len(behind.bodies) == 90
