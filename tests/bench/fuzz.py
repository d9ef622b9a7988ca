"""Signed in, through the pages' own forms, a hundred thousand times: no answer may be a 5xx.

That takes some two hours on two processors; what came so far is said every five minutes.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.bench.pages import cookies_for
from tests.bench.product import BenchFailed, Product
from tests.fuzzing import Answer, Fields, Visitor

_STAFF = {
    "counselor": "nadia@lakeside.example",
    "supervisor": "ruth@lakeside.example",
    "team lead": "miriam@maple.example",
    "team member": "tomas@maple.example",
    "district lead": "dana@maple.example",
    "head": "paula@maple.example",
    "teacher": "terry@maple.example",
    "compliance": "cleo@maple.example",
    "superintendent": "sol@maple.example",
    "administrator": "admin@lakeside.example",
    "police": "officer@maple-police.example",
}
_SAID_EVERY = 300  #: Seconds.
_STARTS = ("/", "/queue", "/team", "/people", "/duties", "/suspect", "/ledger", "/oncall", "/me")


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What came of it."""

    visitors: dict[str, Visitor]
    requests: int
    seconds: float

    @property
    def broken(self) -> Counter[tuple[str, int]]:
        """Every 5xx but a refusal with kept words, by address without ids."""
        return sum((one.broken for one in self.visitors.values()), Counter())


class _Line:
    """One person's connection to one site, with their cookies."""

    def __init__(self, port: int, host: str, cookie: str = "") -> None:
        self._port, self._host = port, f"{host}:{port}"
        self._cookies: dict[str, str] = dict(
            pair.split("=", 1) for pair in cookie.split("; ") if pair
        )
        self._line = HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, fields: Fields | None) -> Answer:
        """Send a request; a connection that breaks is opened anew and counts as a 599."""
        headers = {
            "Host": self._host,
            "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items()),
            "Origin": f"http://{self._host}",
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": f"10.9.{random.randrange(250)}.{random.randrange(250)}",
        }
        body = None
        if fields is not None:
            body = urlencode(fields, errors="surrogatepass")
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._line.request(method, path.replace(" ", "%20"), body, headers)
            got = self._line.getresponse()
            text = got.read().decode("utf-8", "replace")
        except (OSError, HTTPException):
            self._line.close()
            return Answer(599, "", "")
        for one in got.headers.get_all("set-cookie") or ():
            for name, morsel in SimpleCookie(one).items():
                self._cookies[name] = morsel.value
        location = got.headers.get("location", "")
        return Answer(got.status, location.removeprefix(f"http://{self._host}"), text)


def _visitors(product: Product, seed: int) -> dict[str, Visitor]:
    """Return everybody of the demo, not yet signed in, and two reporters."""
    visitors: dict[str, Visitor] = {}
    for name in (*_STAFF, "reporter", "another"):
        port, host = (
            (product.desk_port, "localhost")
            if name in _STAFF
            else (product.public_port, "127.0.0.1")
        )
        visitor = Visitor(name, _Line(port, host).ask, random.Random(f"{seed} {name}"))
        starts = _STARTS if name in _STAFF else ("/report", "/back", *_STARTS)
        for start in starts:
            visitor.know(start)
        visitors[name] = visitor
    return visitors


def measure_fuzz(product: Product, *, requests: int, seed: int) -> Fuzzed:
    """Let everybody of the demo and two reporters send so many requests in all, four at a time."""
    visitors = _visitors(product, seed)
    begun, each = time.monotonic(), requests // len(visitors)
    waiting = list(visitors.values())
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                visitor = waiting.pop()
                # At their turn: whoever waits for a quarter of an hour is signed out.
                if visitor.name in _STAFF:
                    [cookie] = cookies_for(product, _STAFF[visitor.name])
                    visitor.ask = _Line(product.desk_port, "localhost", cookie).ask
            sent = 0
            while sent < each:
                sent += visitor.visit()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    said = begun
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.5)
        if time.monotonic() - said > _SAID_EVERY:
            said = time.monotonic()
            so_far = Fuzzed(visitors, _sent(visitors), said - begun)
            broken = sum(so_far.broken.values())
            print(f"so far {so_far.requests:,} requests, {broken} of them broke", flush=True)
    # Police may have nothing to fill in. Who is not signed in is sent to do so, not refused.
    lost = [name for name, one in visitors.items() if not one.forms and not one.answers[403]]
    if lost:
        raise BenchFailed(f"saw no form and no refusal, so not signed in: {', '.join(lost)}")
    return Fuzzed(visitors, _sent(visitors), time.monotonic() - begun)


def _sent(visitors: dict[str, Visitor]) -> int:
    return sum(sum(list(one.answers.values())) for one in visitors.values())
