"""The other doors: calls and texts as a provider hands them on, signed, at a steady pace."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import re
import time
import tomllib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from tests.bench.product import BenchFailed, Product

#: Requests under way at once, at most.
_AT_ONCE = 24
_PATIENCE = 30.0
#: Texts of one phone.
TURNS = 5
_ACTION = re.compile(r'(?:action="|<Redirect[^>]*>)([^"<]+)')


@dataclass(frozen=True, slots=True)
class Paced:
    """What a door answered at a pace: seconds an answer, and how many tips came of it."""

    #: Conversations that had to begin.
    begun: int
    refused: int
    waited: list[float]
    tips: int
    wall: float


class Provider:
    """A provider of the demo's file, as our door sees it."""

    def __init__(self, product: Product, number: int = 0) -> None:
        """Read the file; ``number`` counts the lines that take calls. Raises BenchFailed."""
        self.product = product
        folder = product.home.root
        file = next(iter(folder.rglob("providers.toml")), None)
        if file is None:
            raise BenchFailed("the demo has no providers' file")
        told: Mapping[str, Any] = tomllib.loads(file.read_text("utf-8"))
        lines = [line for line in told["line"] if line.get("calls")]
        if len(lines) <= number:
            raise BenchFailed("no line of the demo takes calls")
        self.line: str = lines[number]["number"]
        entry = next(one for one in told["provider"] if one["name"] == lines[number]["provider"])
        self.name: str = entry["name"]
        self.token = (Path(file).parent / entry["token_file"]).read_text("utf-8").strip().encode()
        self.base: str = entry.get("callback_url", "") or product_url(product)

    def post(self, path: str, form: Mapping[str, str]) -> tuple[int, str, float]:
        """Send a form, signed (https://www.twilio.com/docs/usage/security); status, body, time."""
        said = self.base + path + "".join(name + form[name] for name in sorted(form))
        mark = base64.b64encode(hmac.digest(self.token, said.encode(), hashlib.sha1)).decode()
        begun = time.perf_counter()
        wire = HTTPConnection("127.0.0.1", self.product.public_port, timeout=_PATIENCE)
        try:
            wire.request(
                "POST",
                path,
                urlencode(form),
                {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "X-Twilio-Signature": mark,
                    "Host": urlsplit(self.base).netloc,
                },
            )
            answer = wire.getresponse()
            body = answer.read().decode()
        finally:
            wire.close()
        return answer.status, body, time.perf_counter() - begun

    def call(self, number: int) -> list[tuple[int, float]]:
        """Play a call: picked up, two questions without a key, hung up. Status and time of each."""
        form = {
            "CallSid": f"CA{uuid4().hex}",
            "From": f"+1860555{number:04}",
            "To": self.line,
            "Direction": "inbound",
            "CallStatus": "in-progress",
        }
        path, found = f"/carriers/{self.name}/door/call", []
        for _ in range(3):
            status, body, waited = self.post(path, form)
            found.append((status, waited))
            onward = _ACTION.search(body)
            if status != 200 or onward is None:
                break
            where = urlsplit(html.unescape(onward[1]))
            path = where.path + (f"?{where.query}" if where.query else "")
        over = f"/carriers/{self.name}/door/call/status"
        self.post(over, form | {"CallStatus": "completed"})
        return found

    def text(self, number: int) -> list[tuple[int, float]]:
        """Send one text: every fifth begins a conversation, the others go on in it."""
        form = {
            "MessageSid": f"SM{uuid4().hex}",
            "From": f"+1203555{number // TURNS:04}",
            "To": self.line,
            "Body": f"Number {number}: it goes on at the bus stop.",
            "NumMedia": "0",
        }
        status, _, waited = self.post(f"/carriers/{self.name}/door/text", form)
        return [(status, waited)]


def product_url(product: Product) -> str:
    """Return where the public site answers."""
    return f"http://127.0.0.1:{product.public_port}"


def measure_paced(
    product: Product, channel: str, count: int, seconds: float, send: Callable[[int], Any]
) -> Paced:
    """Send so many evenly over so many seconds; return what was answered."""
    before, begun = _tips(product, channel), time.perf_counter()

    def at(number: int) -> list[tuple[int, float]]:
        time.sleep(max(0.0, begun + seconds * number / count - time.perf_counter()))
        found: list[tuple[int, float]] = send(number)
        return found

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        answers = [one for many in threads.map(at, range(count)) for one in many]
    return Paced(
        begun=count if channel == "voice" else -(-count // TURNS),
        refused=sum(status != 200 for status, _ in answers),
        waited=[waited for _, waited in answers],
        tips=_tips(product, channel) - before,
        wall=time.perf_counter() - begun,
    )


def _tips(product: Product, channel: str) -> int:
    with product.owner() as connection:
        row = connection.execute(
            "SELECT count(*) FROM tips_tip WHERE channel = %s", [channel]
        ).fetchone()
    assert row is not None
    return int(str(row[0]))
