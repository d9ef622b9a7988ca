"""Thousands of slow senders in one place, and what everybody else, and their neighbours, get of it.

``python -m tests.bench.slow PORT COUNT PAUSE HOST PATH`` holds so many connections, each with a
body that comes a byte at a time, until its input ends. What is cut comes again after the pause, in
seconds; without one it comes back the moment that it is answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import uvloop

from tests.bench.client import Job, Line, connect, post_request
from tests.bench.load import Run, run_load
from tests.bench.product import SOURCE, BenchFailed, Product

#: Everybody in the attacked school comes from here; the slow senders too.
PLACE = "198.51.100.66"
_HEAD = (
    "POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nX-Forwarded-For: " + PLACE + "\r\n"
    "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "Content-Length: 250000\r\n\r\ntext=a"
)
_DESK_PAGE = "/account/login/"
#: Seconds between two bytes.
_BEAT = 5.0


@dataclass(frozen=True, slots=True)
class Slow:
    """What was found: other places' pages without and with the slow senders, and the phones."""

    before: Run
    during: Run
    phones: int
    kept: int


def measure_slow(product: Product, *, sockets: int, phones: int, seconds: float) -> Slow:
    """Measure other places' tips before and during; send ``phones`` tips from the same place."""
    job = Job(port=product.public_port, clients=2, seconds=seconds, most=50_000, kind="both")
    run_load(product, Job(**{**vars(job), "seconds": 1.5}))  # first plans, first pages
    before = run_load(product, job)
    with _senders(product.public_port, sockets, "5", "127.0.0.1", "/report"):
        during = run_load(product, job)
        kept = uvloop.run(_phones(product.public_port, phones))
    return Slow(before, during, phones, kept)


def measure_slow_desk(product: Product, *, sockets: int, seconds: float) -> tuple[Run, Run]:
    """Measure other places' pages of the desk before and during; who is cut comes back at once."""
    job = Job(
        port=product.desk_port,
        clients=1,
        seconds=seconds,
        most=50_000,
        kind="get",
        path=_DESK_PAGE,
        host="localhost",
    )
    run_load(product, Job(**{**vars(job), "seconds": 1.5}))  # first plans, first pages
    before = run_load(product, job)
    with _senders(product.desk_port, sockets, "0", "localhost", _DESK_PAGE):
        return before, run_load(product, job)


@contextlib.contextmanager
def _senders(port: int, count: int, *how: str) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.bench.slow", str(port), str(count), *how]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=SOURCE
    ) as senders:
        assert senders.stdin is not None
        assert senders.stdout is not None
        try:
            if senders.stdout.readline().strip() != "ready":
                raise BenchFailed("the slow senders could not connect")
            yield
        finally:
            senders.stdin.close()
            senders.terminate()


async def _phones(port: int, count: int) -> int:
    """Send tips from a slow network in the attackers' place; return how many were kept."""
    job = Job(port=port, clients=1, seconds=0, most=1, kind="post")

    async def phone(number: int) -> bool:
        request = post_request(job, PLACE, secrets.token_urlsafe(18), number)
        line = await connect(port)
        assert line.transport is not None
        # The form leaves the phone in pieces, over seconds.
        third = len(request) // 3
        for piece in (request[:third], request[third : 2 * third]):
            line.transport.write(piece)
            await asyncio.sleep(0.7)
        try:
            status, _head, body = await line.ask(request[2 * third :])
        except (OSError, TimeoutError):
            return False
        return status == 200 and b'id="return-code"' in body

    return sum(await asyncio.gather(*(phone(n) for n in range(count))))


async def _answered(line: Line, head: bytes) -> None:
    """Begin a body and leave it until the answer comes."""
    with contextlib.suppress(OSError, TimeoutError):
        await line.ask(head)
    if line.transport is not None:
        line.transport.abort()
        line.transport = None


async def _send_slowly(port: int, count: int, pause: float, host: str, path: str) -> None:
    head = _HEAD.format(port=port, host=host, path=path).encode()
    connected = asyncio.Semaphore(0)

    async def one() -> None:
        first = True
        while True:
            with contextlib.suppress(OSError):
                line = await connect(port)
                if first:
                    connected.release()
                first = False
                if not pause:
                    await _answered(line, head)
                elif line.transport is not None:
                    line.transport.write(head)
                while line.transport is not None:
                    await asyncio.sleep(_BEAT)
                    if line.transport is not None:
                        line.transport.write(b"a")
            await asyncio.sleep(pause)

    tasks = []
    for number in range(count):
        tasks.append(asyncio.create_task(one()))
        if number % 100 == 99:
            await asyncio.sleep(0.02)
    for _ in range(count):
        await connected.acquire()
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Be the slow senders."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    port, count, pause, host, path = sys.argv[1:]
    uvloop.run(_send_slowly(int(port), int(count), float(pause), host, path))


if __name__ == "__main__":
    main()
