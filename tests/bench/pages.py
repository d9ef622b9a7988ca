"""What pages weigh, and how long the desk's queue takes with few and with very many tips."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection

import psycopg

from tests.bench.product import SOURCE, BenchFailed, Product

#: What a counselor's center has in hand at once, however many tips it has ever had.
OPEN = 500
_PARTS = re.compile(
    rb'<(?:link[^>]+rel="stylesheet"[^>]+href|script[^>]+src|img[^>]+src)="([^"]+)"'
)
_LOGGED = re.compile(r"^upstander staff\|LOG:  (?:statement|execute [^:]*): (.*)$", re.MULTILINE)
_NOT_QUERIES = ("BEGIN", "COMMIT", "SET ", "ROLLBACK", "DEALLOCATE")


@dataclass(frozen=True, slots=True)
class Weight:
    """A page with all that it loads, from nothing."""

    path: str
    requests: int
    body: int
    #: With the headers of the answers.
    wire: int


@dataclass(frozen=True, slots=True)
class QueueTime:
    """The queue's first page, as its counselor gets it."""

    tips: int
    median: float
    p95: float
    statements: int
    queries: int
    load_seconds: float


def weigh(product: Product, path: str) -> Weight:
    """Load a page and what it names, as a browser that has nothing of it yet. Bytes as sent."""
    connection = HTTPConnection("127.0.0.1", product.public_port, timeout=20)
    wanted, requests, body, wire = [path], 0, 0, 0
    while wanted:
        connection.request(
            "GET", wanted.pop(), headers={"Accept-Encoding": "gzip, deflate, br, zstd"}
        )
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise BenchFailed(f"{path} answers {answer.status}")
        requests += 1
        body += len(content)
        wire += len(content) + sum(len(k) + len(v) + 4 for k, v in answer.getheaders()) + 17
        if requests == 1:
            # Compressed as gzip or brotli; ask again plainly to see what it names.
            connection.request("GET", path)
            plain = connection.getresponse().read()
            found = (part.decode() for part in _PARTS.findall(plain))
            wanted += [part for part in dict.fromkeys(found) if not part.startswith("data:")]
    connection.close()
    return Weight(path, requests, body, wire)


def cookies_for(product: Product, email: str, count: int = 1) -> list[str]:
    """Sign somebody of the demo in; returns Cookie headers. Raises BenchFailed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.signin", email, str(count)],
        env=product.environment("desk"),
        cwd=SOURCE,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchFailed(f"nobody could be signed in: {done.stderr[-500:]}")
    cookies: list[str] = json.loads(done.stdout)
    return cookies


def time_queue(product: Product, cookie: str, *, tips: int, times: int) -> QueueTime:
    """Fill up to so many tips, then load the queue's first page so many times."""
    begun = time.perf_counter()
    with product.superuser() as connection:
        fill(connection, tips)
    load_seconds = time.perf_counter() - begun
    # Each worker of the desk and each of its connections has made its plans anew by then.
    for _ in range(12):
        _queue_page(product, cookie)
    taken = sorted(_queue_page(product, cookie) for _ in range(times))
    statements = statements_of(product, lambda: _queue_page(product, cookie))
    queries = [s for s in statements if not s.startswith(_NOT_QUERIES)]
    return QueueTime(
        tips,
        statistics.median(taken),
        taken[int(0.95 * (len(taken) - 1))],
        len(statements),
        len(queries),
        load_seconds,
    )


def _queue_page(product: Product, cookie: str) -> float:
    connection = HTTPConnection("127.0.0.1", product.desk_port, timeout=60)
    headers = {"Host": f"localhost:{product.desk_port}", "Cookie": cookie}
    begun = time.perf_counter()
    connection.request("GET", "/queue", headers=headers)
    answer = connection.getresponse()
    page = answer.read()
    taken = time.perf_counter() - begun
    connection.close()
    if answer.status != 200 or page.count(b"/tips/") < 50:
        raise BenchFailed(f"the queue answers {answer.status} with {len(page)} bytes")
    return taken


def fill(connection: psycopg.Connection[tuple[object, ...]], tips: int) -> None:
    """Add tips up to so many: all closed but ``OPEN``, each with a matter, an alert, a message.

    Loaded in bulk past the foreign keys' triggers, then analysed as autovacuum would.
    """
    row = connection.execute("SELECT count(*) FROM tips_tip").fetchone()
    assert row is not None
    have = int(str(row[0]))
    if have >= tips:
        return
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
        connection.execute(
            "CREATE TEMPORARY TABLE made ON COMMIT DROP AS SELECT g, gen_random_uuid() AS tip,"
            " gen_random_uuid() AS matter, gen_random_uuid() AS alert, now()"
            " - g %% 26000 * interval '1 hour' - g %% 3541 * interval '1 second' AS at,"
            # One of 19 districts' worth: the demo's two, so that both walls are in use.
            " (SELECT array_agg(d.id ORDER BY d.id) FROM places_district d) AS districts"
            " FROM generate_series(%s::int, %s::int) g",
            [have + 1, tips],
        )
        for statement in _FILL:
            connection.execute(statement.encode(), {"open": OPEN})
    for table in ("tips_tip", "tips_message", "escalations_alert", "matters_matter"):
        connection.execute(f"VACUUM ANALYZE {table}".encode())


_CLOSED = "g > %(open)s"
_DISTRICT = "districts[1 + g %% cardinality(districts)]"
_FILL = (
    f"INSERT INTO matters_matter (id, district_id, restricted)"
    f" SELECT matter, {_DISTRICT}, false FROM made",
    f"INSERT INTO tips_tip (id, reference, center_id, district_id, school_id, matter_id, state,"
    f" tile, priority, rank, happening_now, mandated, not_see, language, channel, received_at,"
    f" waiting_since, changed_at, junk, turns, disposition, in_case, ended_by_reporter,"
    f" inbox_public)"
    f" SELECT tip, 'Z' || lpad(to_hex(g), 7, '0'), d.center_id, d.id, NULL, matter,"
    f" CASE WHEN {_CLOSED} THEN 'closed' WHEN g %% 3 = 0 THEN 'handed_off' ELSE 'new' END,"
    f" 'bullying', (ARRAY['life_safety', 'urgent', 'routine'])[1 + r], r, false, false, false,"
    f" 'en', 'web', at, CASE WHEN {_CLOSED} OR g %% 3 = 0 THEN NULL ELSE at END, at, false, 2,"
    f" CASE WHEN {_CLOSED} THEN 'support_given' ELSE '' END, '', false, ''"
    f" FROM made, LATERAL (SELECT CASE WHEN g %% 41 = 0 THEN 0 WHEN g %% 5 = 0 THEN 1 ELSE 2 END)"
    f" ranked(r) JOIN places_district d ON true WHERE d.id = {_DISTRICT}",
    f"INSERT INTO tips_message (id, tip_id, district_id, author, kind, sealed, at, turn, hidden)"
    f" SELECT gen_random_uuid(), tip, {_DISTRICT}, 'reporter', 'text',"
    f" decode(repeat('ab', 285), 'hex'), at, 1, false FROM made",
    f"INSERT INTO escalations_alert (id, subject_id, matter_id, reference, district_id, priority,"
    f" holders, state, opened_at, acknowledged_at) SELECT alert, tip, matter,"
    f" 'Z' || lpad(to_hex(g), 7, '0'), {_DISTRICT}, 'routine', ARRAY['team:1'],"
    f" CASE WHEN {_CLOSED} THEN 'ended' ELSE 'acknowledged' END, at, at FROM made",
)


def statements_of(product: Product, load: Callable[[], object]) -> list[str]:
    """Return what the desk asks the database for one page, read from the server's own log."""
    log = product.home.run / "postgres.log"
    with product.superuser() as connection, _all_logged(connection):
        start = log.stat().st_size
        load()
        time.sleep(0.2)
        with log.open("rb") as file:
            file.seek(start)
            text = file.read().decode("utf-8", "replace")
    found = re.findall(
        r"^upstander staff\|LOG:  (?:statement|execute [^:]*): (.*)$", text, re.MULTILINE
    )
    return [statement.strip() for statement in found]


@contextmanager
def _all_logged(connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[None]:
    """Have the server log each statement and whose it is, for a moment. Made-up data only."""
    settings = {"log_statement": "all", "log_line_prefix": "%a|"}
    for name, value in settings.items():
        connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
    connection.execute("SELECT pg_reload_conf()")
    time.sleep(0.3)
    try:
        yield
    finally:
        for name in settings:
            connection.execute(f"ALTER SYSTEM RESET {name}".encode())
        connection.execute("SELECT pg_reload_conf()")
