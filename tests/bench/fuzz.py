"""Signed in, through the pages' own forms, a hundred thousand times: no answer may be a 5xx."""

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
from tests.bench.product import Product
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


def measure_fuzz(product: Product, *, requests: int, seed: int) -> Fuzzed:
    """Let everybody of the demo and two reporters send so many requests in all, four at a time."""
    visitors: dict[str, Visitor] = {}
    for name, email in _STAFF.items():
        [cookie] = cookies_for(product, email)
        line = _Line(product.desk_port, "localhost", cookie)
        visitors[name] = Visitor(name, line.ask, random.Random(f"{seed} {name}"))
    for name in ("reporter", "another"):
        line = _Line(product.public_port, "127.0.0.1")
        visitors[name] = Visitor(name, line.ask, random.Random(f"{seed} {name}"))
        visitors[name].know("/report")
        visitors[name].know("/back")
    for visitor in visitors.values():
        for start in _STARTS:
            visitor.know(start)
    begun, each = time.monotonic(), requests // len(visitors)
    waiting = list(visitors.values())
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                visitor = waiting.pop()
            sent = 0
            while sent < each:
                sent += visitor.visit()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = sum(sum(one.answers.values()) for one in visitors.values())
    return Fuzzed(visitors, total, time.monotonic() - begun)
