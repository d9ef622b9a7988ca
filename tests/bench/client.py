"""The load: many reporters at once, in a process of its own, so that its time is counted apart.

``python -m tests.bench.client`` reads one job (JSON) from its input, connects, prints ``ready``,
waits for a line, works, and prints one JSON object. Raw HTTP/1.1 over kept connections, as from a
proxy: each reporter has an address of their own in X-Forwarded-For.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import resource
import secrets
import sys
import time
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

import uvloop

_TOKEN = re.compile(rb'name="token" value="([^"]+)"')
_CODE = re.compile(rb'id="return-code"')
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_GZIP = re.compile(rb"\r\ncontent-encoding: *gzip", re.IGNORECASE)
_WORDS = (
    "She has not come to practice since Monday and when I asked she said it does not matter any "
    "more. Two of us walked home with her and she gave one of us her books. We did not know whom "
    "to tell. It was after the last lesson, near the side door by the gym, report number "
)
#: Seconds that one answer may take before it counts as an error.
_PATIENCE = 30.0
#: After so many a run says no more than that it is broken.
_MOST_ERRORS = 200


@dataclass
class Job:
    """What one client process does."""

    port: int
    clients: int
    #: It ends after so many seconds, or so many tips in all.
    seconds: float
    most: int
    #: ``get`` the form alone, ``post`` alone with a token of one's own, or ``both``.
    kind: str
    path: str = "/report"
    host: str = "127.0.0.1"
    language: str = "en"
    #: From so many addresses in all; 0: each reporter has one of their own.
    sources: int = 0
    #: So many a second in all; 0: as many as can be.
    per_second: float = 0
    #: What is answered otherwise than as usual.
    answers: dict[str, str] = field(default_factory=dict)


@dataclass
class Done:
    """What came of it; times in seconds."""

    tips: int = 0
    begun: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    get: list[float] = field(default_factory=list)
    post: list[float] = field(default_factory=list)
    #: From the first request to the last answer.
    wall: float = 0.0
    cpu: float = 0.0
    bytes_in: int = 0


class Line(asyncio.Protocol):
    """One kept connection that carries one request at a time."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self._parts: list[bytes] = []
        self._missing = 0
        self._head = b""
        self._answer: asyncio.Future[tuple[int, bytes, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to send."""
        # uvloop's is none of asyncio's own classes.
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let whoever waits know."""
        self.transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        """Put an answer together by its Content-Length."""
        if not self._head:
            data = b"".join((*self._parts, data))
            head, found, rest = data.partition(b"\r\n\r\n")
            if not found:
                self._parts = [data]
                return
            length = _LENGTH.search(head)
            self._head, self._parts = head, [rest]
            self._missing = (int(length[1]) if length else 0) - len(rest)
        else:
            self._parts.append(data)
            self._missing -= len(data)
        if self._missing <= 0 and self._answer is not None and not self._answer.done():
            answer, head, body = self._answer, self._head, b"".join(self._parts)
            self._head, self._parts = b"", []
            answer.set_result((int(head[9:12]), head, body))

    async def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Send a request; return status, head and body. Raises OSError, TimeoutError."""
        if self.transport is None:
            raise ConnectionResetError
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        async with asyncio.timeout(_PATIENCE):
            return await self._answer


async def connect(port: int) -> Line:
    """Open one connection to this machine."""
    _, line = await asyncio.get_running_loop().create_connection(Line, "127.0.0.1", port)
    return line


def get_request(job: Job, reporter: str) -> bytes:
    """Return the request for the form, as a browser writes it."""
    return (
        f"GET {job.path} HTTP/1.1\r\nHost: {job.host}:{job.port}\r\nX-Forwarded-For: {reporter}\r\n"
        "User-Agent: Mozilla/5.0 (Linux; Android 15) bench\r\nAccept: text/html,*/*;q=0.8\r\n"
        "Accept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
        "Sec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Site: none\r\n\r\n"
    ).encode()


def post_request(job: Job, reporter: str, token: str, number: int) -> bytes:
    """Return the request that sends a filled form: all of its fields, most of them empty."""
    body = urlencode(
        {
            "token": token,
            "district": "maple-valley",
            "who": "someone",
            "when": "days",
            "tile": "bullying",
            "school": "Cedar Middle School",
            "text": f"{_WORDS}{number}",
            "place": "",
            "means": "no",
            "subject": "",
            "source": "saw",
            "not_see": "",
            "home_safe": "unknown",
            "trusted_adult": "",
            **job.answers,
        }
    ).encode()
    return (
        f"POST {job.path} HTTP/1.1\r\nHost: {job.host}:{job.port}\r\n"
        f"X-Forwarded-For: {reporter}\r\nUser-Agent: Mozilla/5.0 (Linux; Android 15) bench\r\n"
        "Accept: text/html,*/*;q=0.8\r\nAccept-Language: en-US,en;q=0.5\r\n"
        "Accept-Encoding: gzip, deflate, br, zstd\r\nOrigin: null\r\n"
        "Sec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Site: same-origin\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


async def report_for(job: Job, line: Line, deadline: float, numbers: Any, done: Done) -> None:
    """Send one tip after another over one connection until the time or the count is over."""
    while time.perf_counter() < deadline and (number := next(numbers, None)) is not None:
        if job.per_second:
            done.begun += 1
            at = deadline - job.seconds + done.begun / job.per_second
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
        place = number % job.sources if job.sources else number
        reporter = f"10.{place >> 16 & 255}.{place >> 8 & 255}.{place & 255}"
        token = secrets.token_urlsafe(18)
        try:
            if job.kind in ("get", "both"):
                begun = time.perf_counter()
                status, head, body = await line.ask(get_request(job, reporter))
                done.get.append(time.perf_counter() - begun)
                done.bytes_in += len(head) + 4 + len(body)
                if job.kind == "get":
                    done.tips += status == 200
                    continue
                page = gzip.decompress(body) if _GZIP.search(head) else body
                if not (found := _TOKEN.search(page)):
                    _count(done, f"no form: {status}")
                    continue
                token = found[1].decode()
            begun = time.perf_counter()
            status, head, body = await line.ask(post_request(job, reporter, token, number))
            done.post.append(time.perf_counter() - begun)
            done.bytes_in += len(head) + 4 + len(body)
        except (OSError, TimeoutError) as error:
            _count(done, type(error).__name__)
            if sum(done.errors.values()) > _MOST_ERRORS:
                return
            await asyncio.sleep(0.1)
            line = await connect(job.port)
            continue
        if status == 200 and _CODE.search(body):
            done.tips += 1
        else:
            _count(done, f"status {status}")


def _count(done: Done, what: str) -> None:
    done.errors[what] = done.errors.get(what, 0) + 1


async def work(job: Job) -> Done:
    """Do one job; waits for a line of input once everything is connected."""
    lines = [await connect(job.port) for _ in range(job.clients)]
    done = Done()
    first = int.from_bytes(os.urandom(3), "big")
    numbers = iter(range(first, first + job.most))
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    deadline = begun + job.seconds
    await asyncio.gather(*(report_for(job, line, deadline, numbers, done) for line in lines))
    done.wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_SELF)
    done.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    for line in lines:
        if line.transport is not None:
            line.transport.close()
    return done


def main() -> None:
    """Read the job, do it, print what came of it."""
    job = Job(**json.loads(sys.stdin.readline()))
    done = json.dumps(vars(uvloop.run(work(job))))
    # The event loop leaves the pipe as one that doesn't wait: a long line would be cut off.
    os.set_blocking(sys.stdout.fileno(), True)
    print(done)


if __name__ == "__main__":
    main()
