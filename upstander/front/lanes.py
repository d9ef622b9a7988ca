"""Whose turn it is. Requests wait in lanes for a thread, and each place gets its turn in its lane.

A thread is taken for a request that has arrived whole, never for one that is still coming. In a
lane the places take turns, whatever each of them has sent: who sends ten thousand waits for their
own, not everybody for them.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread

type Job = Callable[[], None]


class LaneFull(Exception):
    """Too many wait already, or the turn did not come in time."""


class WaitingLane:
    """Waiting requests of one kind."""

    def __init__(
        self, *, at_once: int, most: int, most_each: int, patience: float, per_second: float = 0
    ) -> None:
        """``at_once`` run together; ``most`` wait in all and ``most_each`` from one place, for
        ``patience`` seconds; with ``per_second`` no more than that many begin in a second.
        """
        self.at_once, self.most, self.most_each = at_once, most, most_each
        self.patience = patience
        self.pause = 1 / per_second if per_second else 0.0
        self.running = self.waiting = 0
        self._queues: OrderedDict[bytes, deque[asyncio.Future[None]]] = OrderedDict()
        self._next_at = 0.0
        self._wake: asyncio.TimerHandle | None = None

    def join(self, source: bytes, loop: asyncio.AbstractEventLoop) -> asyncio.Future[None]:
        """Stand in line for ``source``; the future ends when it is its turn. Raises LaneFull."""
        queue = self._queues.get(source)
        if self.waiting >= self.most or (queue is not None and len(queue) >= self.most_each):
            raise LaneFull
        turn: asyncio.Future[None] = loop.create_future()
        if queue is None:
            queue = self._queues[source] = deque()
        queue.append(turn)
        self.waiting += 1
        return turn

    def call_next(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give the next ones their turns, as far as there is room."""
        while self.waiting and self.running < self.at_once:
            if self.pause and loop.time() < self._next_at:
                if self._wake is None:
                    # A little later than due: timers come early by less than a millisecond, and
                    # one that finds it is not time yet would set the next for at once.
                    self._wake = loop.call_at(self._next_at + 0.001, self._woken, loop)
                return
            source, queue = self._queues.popitem(last=False)
            turn = queue.popleft()
            self.waiting -= 1
            if queue:
                self._queues[source] = queue  # to the end of the line
            if turn.done():  # gave up while waiting
                continue
            self.running += 1
            self._next_at = loop.time() + self.pause
            turn.set_result(None)

    def _woken(self, loop: asyncio.AbstractEventLoop) -> None:
        self._wake = None
        self.call_next(loop)


class Threads:
    """A few threads, the one that worked last first: what it needs still lies in the processor.

    A pool that lets its threads take turns costs a tip a third more, on cold memory.
    """

    def __init__(self, count: int, *, first: Job | None = None) -> None:
        """Start ``count`` threads, which do ``first`` once. They end with the process."""
        self._idle: list[SimpleQueue[Job]] = []
        for _ in range(count):
            inbox: SimpleQueue[Job] = SimpleQueue()
            self._idle.append(inbox)
            Thread(target=_serve, args=(inbox, first), name="page", daemon=True).start()

    def start(self, work: Job, then: Job) -> None:
        """Have a thread do ``work``, which raises nothing, and after it ``then``.

        When ``then`` is called the thread is free again. There must be one now: the lanes count.
        """
        inbox = self._idle.pop()

        def job() -> None:
            work()
            self._idle.append(inbox)
            then()

        inbox.put(job)


def _serve(inbox: SimpleQueue[Job], first: Job | None) -> None:
    if first is not None:
        first()
    while True:
        inbox.get()()


class Lanes:
    """The lanes and the threads that serve them. Belongs to one event loop."""

    def __init__(
        self,
        *,
        threads: int = 5,
        files: int = 3,
        slow_per_second: float = 10,
        settle: Job | None = None,
    ) -> None:
        """``threads`` for pages, one of them for what comes too fast; ``files`` more for files, and
        one for the files of places from which too much comes.

        More for pages would file fewer tips: they only get into each other's way. Each of those for
        files does ``settle`` first.
        """
        self.threads = Threads(threads)
        self.file_threads = Threads(files + 1, first=settle)
        self.normal = WaitingLane(at_once=threads - 1, most=2000, most_each=600, patience=20)
        #: One thread for all that comes too fast, so that the others are never held up by it.
        self.slow = WaitingLane(
            at_once=1, most=600, most_each=200, patience=30, per_second=slow_per_second
        )
        #: A file takes seconds to clean, and no tip waits for that.
        self.files = WaitingLane(at_once=files, most=200, most_each=20, patience=60)
        #: Nor does a tip of a crowded place wait for that place's files; and a crowd's files take
        #: the others' no thread and no room to wait in. The pace is for forms sent as files are.
        self.slow_files = WaitingLane(
            at_once=1, most=100, most_each=40, patience=60, per_second=slow_per_second
        )
        #: Programs that read the directory, however many, take one thread of their own: a thousand
        #: records in full are no reason for a child to wait.
        self.machines = WaitingLane(at_once=1, most=200, most_each=50, patience=20)
        self.machine_threads = Threads(1)

    async def run[T](
        self,
        work: Callable[[Callable[[T], None]], T | None],
        *,
        source: bytes,
        slow: bool = False,
        file: bool = False,
        lane: WaitingLane | None = None,
    ) -> T:
        """Wait for a turn, then do ``work`` in a thread and return its result.

        The turn is in ``lane``, or in the one that ``slow`` and ``file`` say.
        Work that has more to do after it has its result gets a function to hand it over with
        before, and its thread is busy until it returns. Raises LaneFull, and what it raises.
        """
        loop = asyncio.get_running_loop()
        lane = lane or self._lane(slow=slow, file=file)
        turn = lane.join(source, loop)
        lane.call_next(loop)
        if not turn.done():
            try:
                async with asyncio.timeout(lane.patience):
                    await turn
            except TimeoutError:
                raise LaneFull from None
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._leave(lane, loop)
                raise
        result: asyncio.Future[T] = loop.create_future()
        returned: list[T | None] = []
        raised: list[BaseException] = []

        def hand_over(value: T) -> None:
            loop.call_soon_threadsafe(_settle, result, value)

        def do() -> None:
            try:
                returned.append(work(hand_over))
            except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
                raised.append(error)

        def finish() -> None:
            self._leave(lane, loop)
            if result.done():
                return
            if returned and returned[0] is not None:
                result.set_result(returned[0])
            else:
                result.set_exception(raised[0] if raised else RuntimeError("no page came of it"))

        # One word to the loop for each page: each wakes it, and that costs more than the word.
        threads = self.file_threads if file else self.threads
        if lane is self.machines:
            threads = self.machine_threads
        threads.start(do, lambda: _tell(loop, finish))
        return await asyncio.shield(result)

    def _lane(self, *, slow: bool, file: bool) -> WaitingLane:
        if file:
            return self.slow_files if slow else self.files
        return self.slow if slow else self.normal

    @staticmethod
    def _leave(lane: WaitingLane, loop: asyncio.AbstractEventLoop) -> None:
        lane.running -= 1
        lane.call_next(loop)


def _settle[T](result: asyncio.Future[T], value: T) -> None:
    if not result.done():
        result.set_result(value)


def _tell(loop: asyncio.AbstractEventLoop, what: Job) -> None:
    # A loop that has ended has nobody left to tell.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(what)
