"""A flood of "life, now" from very many addresses, and a real one in it: on the desk, and paged.

The flood is about one school, in one text or in ever other words. In the middle of it a child of
another school writes, and one of the same school in words of their own.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection

import psycopg

from tests.bench.client import Job, post_request
from tests.bench.load import Run, run_load
from tests.bench.product import BenchFailed, Product

ADDRESSES, A_MINUTE = 1_000, 10_000
_NOW = {"who": "someone", "when": "now", "tile": "threat"}
#: Seconds until the children write, and until the first people are asked about what they wrote.
_BEFORE, _ASKED_AFTER = 20.0, 60.0
_TIP = """
SELECT t.id::text FROM tips_tip t JOIN places_school s ON s.id = t.school_id
WHERE s.name = %s AND t.tile = %s ORDER BY t.received_at DESC LIMIT 1
"""
#: From when the first people were due to when a provider had taken the first page to any of them.
_PAGED = """
SELECT extract(epoch FROM min(p.sent_at) - (a.opened_at + make_interval(secs => %s)))::float8
FROM escalations_alert a JOIN escalations_page p ON p.alert_id = a.id AND p.state = 'sent'
WHERE a.subject_id = %s::uuid GROUP BY a.id
"""


@dataclass(frozen=True, slots=True)
class Child:
    """One real tip in the flood; seconds, None: not within the time."""

    who: str
    answered: int
    row: float | None
    paged: float | None


@dataclass(frozen=True, slots=True)
class Flooded:
    """What became of the flood and of the children."""

    flood: Run
    children: list[Child]
    waiting: int


def measure_flood(
    product: Product, cookie: str, seconds: float, *, varied: bool = False
) -> Flooded:
    """Flood the product for so long; ``varied``: no two texts are the same. Raises BenchFailed."""
    words = {} if varied else {"text": "He has a gun and he is coming now."}
    job = Job(
        port=product.public_port,
        clients=64,
        seconds=seconds,
        most=10**6,
        kind="post",
        sources=ADDRESSES,
        per_second=A_MINUTE / 60,
        answers=_NOW | words,
    )
    with ThreadPoolExecutor(3) as pool, product.owner() as owner:
        flood = pool.submit(run_load, product, job)
        time.sleep(_BEFORE)
        children = [
            pool.submit(_child, product, cookie, "another school", "Birch High School"),
            pool.submit(_child, product, cookie, "the same school", "Cedar Middle School"),
        ]
        found = [child.result() for child in children]
        run = flood.result()
        row = owner.execute("SELECT count(*) FROM escalations_page WHERE state = 'due'").fetchone()
    return Flooded(run, found, int(str(row[0])) if row else 0)


def _child(product: Product, cookie: str, who: str, school: str) -> Child:
    """Let a child write, and look until their row stands on the queue and somebody is told."""
    answers = {**_NOW, "tile": "attack", "school": school, "text": f"Please come, it is {who}."}
    job = Job(product.public_port, 1, 0, 1, "post", answers=answers)
    with product.owner() as owner:
        begun = time.monotonic()
        status = _post(product, post_request(job, f"192.0.2.{len(school)}", f"bench {who}", 1))
        tip = _find(owner, school)
        row = None
        while row is None and time.monotonic() - begun < _ASKED_AFTER:
            if f'href="/tips/{tip}"' in _queue(product, cookie):
                row = time.monotonic() - begun
            time.sleep(0.2)
        paged = None
        while paged is None and time.monotonic() - begun < 2 * _ASKED_AFTER:
            told = owner.execute(_PAGED, [_ASKED_AFTER, tip]).fetchone()
            paged = float(str(told[0])) if told else None
            time.sleep(0.5)
    return Child(who, status, row, paged)


def _find(owner: psycopg.Connection[tuple[object, ...]], school: str) -> str:
    found = owner.execute(_TIP, [school, "attack"]).fetchone()
    if found is None:
        raise BenchFailed(f"no tip of {school} was kept")
    return str(found[0])


def _post(product: Product, request: bytes) -> int:
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:])
    connection = HTTPConnection("127.0.0.1", product.public_port, timeout=60)
    connection.request("POST", lines[0].split()[1], body=body, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def _queue(product: Product, cookie: str) -> str:
    connection = HTTPConnection("127.0.0.1", product.desk_port, timeout=60)
    headers = {"Host": f"localhost:{product.desk_port}", "Cookie": cookie}
    connection.request("GET", "/queue", headers=headers)
    answer = connection.getresponse()
    page = answer.read().decode("utf-8", "replace")
    connection.close()
    if answer.status != 200:
        raise BenchFailed(f"the queue answers {answer.status}")
    return page
