"""Things done later, in order of their time, without a thread for each."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger("upstander.simulator")


class Later:
    """Runs functions after a time, on a few threads; ``close()`` forgets what is left."""

    def __init__(self, threads: int = 32) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="later")
        self._heap: list[tuple[float, int, Callable[[], object]]] = []
        self._count = itertools.count()
        self._bell = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="later", daemon=True)
        self._thread.start()

    def do(self, seconds: float, what: Callable[[], object]) -> None:
        """Run ``what`` on another thread, after so many seconds."""
        with self._bell:
            heapq.heappush(self._heap, (time.monotonic() + seconds, next(self._count), what))
            self._bell.notify()

    def _run(self) -> None:
        while True:
            with self._bell:
                while not self._closed and (not self._heap or self._heap[0][0] > time.monotonic()):
                    due = self._heap[0][0] - time.monotonic() if self._heap else None
                    self._bell.wait(due)
                if self._closed:
                    return
                _, _, what = heapq.heappop(self._heap)
            self._pool.submit(self._safely, what)

    @staticmethod
    def _safely(what: Callable[[], object]) -> None:
        try:
            what()
        except Exception:
            log.exception("the simulator failed")

    def close(self) -> None:
        """Stop; what has begun is finished."""
        with self._bell:
            self._closed = True
            self._bell.notify()
        self._thread.join()
        self._pool.shutdown(wait=False, cancel_futures=True)
