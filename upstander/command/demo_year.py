"""The demo's year: each tip a thread of its own, taken up where its next moment comes.

Everything is done by the product's own actions, as the people themselves and as the worker, at the
moment that it is. Two processes tell it, one for each processor, and meet at the end of each week.
"""

from __future__ import annotations

import gc
import heapq
import multiprocessing
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from math import inf
from multiprocessing.synchronize import Barrier
from threading import BrokenBarrierError
from typing import Any, Final

from django.db import connections

from upstander.base.moment import database_second
from upstander.carriers.models import ProviderHealth
from upstander.command import demo_year_help
from upstander.command import demo_year_lives as lives
from upstander.command import demo_year_rest as rest
from upstander.command.demo_stage import Stage, say_moment
from upstander.command.demo_year_plan import ZONE, planned, raised
from upstander.command.demo_year_plan import beginning as begins_at
from upstander.config.home import Home

_WEEK: Final = timedelta(weeks=1)
#: Seconds that one process waits for the other.
_PATIENCE: Final = 300.0

type Threads = list[tuple[datetime, int, Iterator[datetime]]]
type Seeds = Mapping[str, tuple[int, bytes]]


def beginning() -> datetime:
    """Return when the year begins that ends now (UTC); as the owner."""
    return begins_at(database_second(), ZONE)


def tell(home: Home, seeds: Seeds, begins: datetime) -> None:
    """Tell the year; as the owner, with the clock that can be moved."""
    say_moment(None)
    ends = database_second() - timedelta(minutes=30)
    world = lives.World.found(ends)
    connections.close_all()
    context = multiprocessing.get_context("fork")
    pair = _Pair(context.Array("d", 2), context.Barrier(2))
    other = context.Process(target=_tell_half, args=(home, seeds, begins, world, 1, pair))
    other.start()
    try:
        _tell_half(home, seeds, begins, world, 0, pair)
    finally:
        other.join(_PATIENCE)
        gc.enable()
    if other.exitcode != 0:
        raise RuntimeError("the other half of the demo's year could not be told (see above)")
    forget_how_it_was_carried()


def forget_how_it_was_carried() -> None:
    """Forget how providers did in the year that was told; as the owner.

    None of them carried anything yet: a page that says "good since January" would promise what
    nobody has seen.
    """
    ProviderHealth.objects.all().delete()


class _Pair:
    """How far each of the two processes is; neither is ever a week ahead."""

    def __init__(self, moments: Any, meeting: Barrier) -> None:
        self._moments, self._meeting = moments, meeting

    def say(self, which: int, moment: float) -> None:
        """Note how far one is: everything before that moment is done."""
        self._moments[which] = moment

    def wait(self, which: int) -> None:
        """Wait until the other has come as far as this one."""
        until = time.monotonic() + _PATIENCE
        while float(self._moments[1 - which]) < float(self._moments[which]):
            if self._meeting.broken or time.monotonic() > until:
                raise BrokenBarrierError
            time.sleep(0.002)

    def meet(self) -> None:
        """Wait for the other at a week's end. Raises BrokenBarrierError."""
        self._meeting.wait(_PATIENCE)

    def give_up(self) -> None:
        """Let the other fail too."""
        self._meeting.abort()


def _tell_half(
    home: Home, seeds: Seeds, begins: datetime, world: lives.World, which: int, pair: _Pair
) -> None:
    # It ends soon, and what it makes is small.
    gc.disable()
    stage = Stage(home, seeds)
    stage.wait_for_others = partial(pair.wait, which)
    threads: Threads = []
    for number, thread in enumerate(_threads(stage, world, begins, which)):
        _take_up(threads, number, thread)
    week = begins + _WEEK
    try:
        while threads:
            moment, number, thread = heapq.heappop(threads)
            if moment > world.ends:
                continue
            pair.say(which, moment.timestamp())
            while moment >= week:
                pair.meet()
                week += _WEEK
            stage.now = moment
            _take_up(threads, number, thread)
        pair.say(which, inf)
        while week < world.ends + _WEEK:
            pair.meet()
            week += _WEEK
        with stage.desk():
            stage.sign_all_out()
    except BaseException:
        pair.give_up()
        raise
    finally:
        stage.leave()


def _threads(
    stage: Stage, world: lives.World, begins: datetime, which: int
) -> Iterator[Iterator[datetime]]:
    """Give this process's part: about half of the work."""
    for one in planned(world.ends, ZONE):
        if lives.process_of(one) == which:
            yield lives.tip(stage, world, one)
    for two in raised(world.ends, ZONE):
        if lives.process_of(two) == which:
            yield lives.raised(stage, world, two)
    if which == 1:
        yield from rest.drills(stage, world.ends)
        yield from rest.duties(stage, begins, world.ends)
        yield from demo_year_help.contacts(stage, world.ends)
        yield from rest.publishing(stage, begins, world.ends)
        yield rest.retention(stage, world.ends)


def _take_up(threads: Threads, number: int, thread: Iterator[datetime]) -> None:
    moment = next(thread, None)
    if moment is not None:
        heapq.heappush(threads, (moment, number, thread))
