"""Forty sign-ins in the same moment at the real desk: who has the right passphrase gets in."""

from __future__ import annotations

import http.client
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest

from tests.phone import FORM
from tests.servers import System
from tests.waiting import PATIENCE, until
from upstander.command.demo_data import PASSPHRASE
from upstander.watch.failed import SIGN_IN

pytestmark = [pytest.mark.servers, pytest.mark.slow]

STAFF = [
    *(f"{name}@lakeside.example" for name in ("nadia", "ben", "ruth", "admin")),
    *(f"{name}@maple.example" for name in ("miriam", "tomas", "grace", "owen", "dana")),
    "officer@maple-police.example",
]
_PATH = "/account/login/"
MADE_UP = [f"nobody{number}@maple.example" for number in range(20)]


class Browser:
    """A browser before the page on which one signs in."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._cookies: SimpleCookie = SimpleCookie()
        _status, page = self.ask("GET")
        [self._token] = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page))

    def sign_in(self, email: str, passphrase: str) -> int:
        """Return the answer's status, once the desk is no longer busy."""
        form = {"csrfmiddlewaretoken": self._token, "login": email, "password": passphrase}
        answers: list[int] = []

        def tried() -> bool:
            status, page = self.ask("POST", body=urlencode(form))
            answers.append(status)
            return not (status == 503 and "The desk is busy." in page)

        assert until(tried, pause=0.5)
        return answers[-1]

    def ask(self, method: str, path: str = _PATH, body: str | None = None) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self._system.desk_port, timeout=PATIENCE)
        cookies = "; ".join(f"{name}={one.value}" for name, one in self._cookies.items())
        headers = {"Host": f"localhost:{self._system.desk_port}", "Content-Type": FORM}
        try:
            line.request(method, path, body, {**headers, "Cookie": cookies})
            answer = line.getresponse()
            for value in answer.headers.get_all("Set-Cookie", []):
                self._cookies.load(value)
            return answer.status, answer.read().decode()
        finally:
            line.close()


def test_the_right_ones_of_forty_get_in(system: System) -> None:
    tries = [
        *((email, PASSPHRASE, 302) for email in STAFF),
        *((email, "a wrong lantern over water", 200) for email in (*STAFF, *MADE_UP)),
    ]
    browsers = [Browser(system) for _ in tries]
    together = threading.Barrier(len(tries))

    def one(browser: Browser, email: str, passphrase: str, _expected: int) -> int:
        together.wait(PATIENCE)
        return browser.sign_in(email, passphrase)

    with ThreadPoolExecutor(len(tries)) as pool:
        came = list(pool.map(one, browsers, *zip(*tries, strict=True)))
    assert len(tries) == 40
    assert came == [expected for *_, expected in tries]
    assert Browser(system).sign_in(STAFF[0], PASSPHRASE) == 302
    assert SIGN_IN.said.decode() not in Browser(system).ask("GET", "/healthz")[1]
