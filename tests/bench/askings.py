"""A family whose child is in danger asks after hundreds of askings from one laptop.

Its place on the board, and how soon its first page leaves, beside the same family's without them:
in the same run, each ended before the next asks.
"""

from __future__ import annotations

import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

from tests.bench.desk import ask
from tests.bench.pages import cookies_for
from tests.bench.product import BenchFailed, Product

FLOOD, LAPTOP, AT_ONCE = 400, "192.0.2.1", 4
_PATH = "/d/maple-valley/come"
_GIVEN = {
    "child": "R., 11",
    "text": "Locked in the bathroom and cries.",
    "who": "guardian",
    "may": "come",
    "phone": "860-555-0134",
    "spoken": "en",
}
#: The asking, and when a provider had taken the first page to anybody about it.
_PAGED = """
SELECT EXISTS (SELECT FROM escalations_page p JOIN escalations_alert a ON a.id = p.alert_id
    WHERE a.subject_id = c.id AND p.state = 'sent')
FROM callouts_callout c WHERE c.id = %s::uuid
"""
_NEWEST = """
SELECT id::text FROM callouts_callout WHERE way = 'web' AND danger ORDER BY asked_at DESC LIMIT 1
"""
#: Seconds within which a first page must have left at all.
_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One real asking: seconds until its first page left, and if the board's first page has it."""

    paged: float
    shown: bool


def compare_askings(product: Product, *, quick: bool) -> None:
    """Print how a family with danger fares without a flood and after one, of medians."""
    times = 3 if quick else 7
    [cookie] = cookies_for(product, "vera@river.example")
    with product.superuser() as connection:
        row = connection.execute("SELECT towns[1] FROM callouts_site LIMIT 1").fetchone()
    if row is None:
        raise BenchFailed("no team goes out")
    town = str(row[0])
    before = [_family(product, cookie, town, number) for number in range(times)]
    begun = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [pool.submit(_post, product, LAPTOP, town, f"{n} Mill Road") for n in range(FLOOD)]
        kept = sum(job.result() == 200 for job in jobs)
    took = time.monotonic() - begun
    after = [_family(product, cookie, town, times + number) for number in range(times)]
    paged = [statistics.median(one.paged for one in some) for some in (before, after)]
    print(
        f"{kept} of {FLOOD} askings from one place kept in {took:.0f} s; after them"
        f" {sum(one.shown for one in after)} of {times} with danger on the board's first page;"
        f" first page left after {paged[0]:.2f} s without them, {paged[1]:.2f} s with them:"
        f" {paged[1] / paged[0]:.2f} times (target 2)"
    )


def _family(product: Product, cookie: str, town: str, number: int) -> Asked:
    """Let a family ask; look until somebody is told, and at the board; end it."""
    begun = time.monotonic()
    if _post(product, f"198.51.100.{number + 1}", town, f"{number} Elm", danger="yes") != 200:
        raise BenchFailed("a family's asking was not kept")
    with product.owner() as owner:
        found = owner.execute(_NEWEST).fetchone()
        one = str(found[0]) if found else ""
        while owner.execute(_PAGED, [one]).fetchone() != (True,):
            if time.monotonic() - begun > _PATIENCE:
                raise BenchFailed("nobody was told of a family's asking")
            time.sleep(0.02)
    paged = time.monotonic() - begun
    _, board, _ = ask(product, cookie, "/callouts")
    ask(product, cookie, f"/callouts/{one}/do", {"act": "ended", "code": "phone"})
    return Asked(paged, f"/callouts/{one}".encode() in board)


def _post(product: Product, place: str, town: str, where: str, danger: str = "no") -> int:
    """Open the form and send it, as a browser behind our proxy; the status."""
    headers = {
        "Host": f"127.0.0.1:{product.public_port}",
        "X-Forwarded-For": place,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection = HTTPConnection("127.0.0.1", product.public_port, timeout=60)
    connection.request("GET", _PATH, headers=headers)
    page = connection.getresponse().read().decode()
    token = re.search(r'name="token" value="([^"]+)"', page)
    if token is None:
        raise BenchFailed(f"no form of {len(page)} characters at {_PATH}")
    form = {**_GIVEN, "token": token[1], "town": town, "where": where, "danger": danger}
    connection.request("POST", _PATH, urlencode(form), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status
