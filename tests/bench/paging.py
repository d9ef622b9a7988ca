"""How soon pages leave: from the second in which they fall due to the provider's word, and after a
worker's death.

Alerts are written as a hand-off writes them, with a step that falls due a moment later; the
product's own worker does the rest, and the simulator of the demo takes what it sends.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.bench.load import percentile
from tests.bench.product import BenchFailed, Product

#: Longest wait for pages, in seconds.
PATIENCE = 180.0

_ALERTS = """
WITH team AS (SELECT id, district_id, school_id, row_number() OVER (ORDER BY id) - 1 AS place,
        count(*) OVER () AS teams FROM people_team t WHERE kind = 'school'
        AND EXISTS (SELECT FROM people_membership m WHERE m.team_id = t.id)),
alert AS (
    INSERT INTO escalations_alert (id, subject_id, matter_id, reference, district_id, priority,
        holders, state, opened_at, stage, school_id, situation)
    SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), %(mark)s, t.district_id,
        'life_safety', ARRAY['team:' || t.id], 'open',
        now() + make_interval(secs => %(first)s + n * %(apart)s), 'school', t.school_id, 'soon'
    FROM generate_series(0, %(count)s - 1) n JOIN team t ON t.place = n %% t.teams
    RETURNING id, district_id, opened_at)
INSERT INTO escalations_step (alert_id, district_id, number, target, due_at, after_seconds,
    repeat_seconds, round, state)
SELECT id, district_id, 1, 'holders', opened_at, 0, 86400, 1, 'due' FROM alert
"""
_TIMERS = """
WITH alert AS (
    INSERT INTO escalations_alert (id, subject_id, matter_id, reference, district_id, priority,
        holders, state, opened_at, stage, situation)
    SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'timer',
        (SELECT min(id) FROM places_district), 'routine', '{}', 'open', now(), 'school', 'routine'
    FROM generate_series(1, %(count)s / 50 + 1) RETURNING id, district_id)
INSERT INTO escalations_step (alert_id, district_id, number, target, due_at, after_seconds,
    repeat_seconds, round, state)
SELECT id, district_id, n, 'holders', now() + interval '1 day' + n * interval '1 minute', 0, 86400,
    1, 'due' FROM alert, generate_series(1, 50) n LIMIT %(count)s
"""
#: Seconds from an alert's due time to its first page's leaving.
_DELAYS = """
SELECT extract(epoch FROM min(p.sent_at) - a.opened_at)::float8 FROM escalations_alert a
JOIN escalations_page p ON p.alert_id = a.id AND p.state = 'sent'
WHERE a.reference = %(mark)s GROUP BY a.id, a.opened_at
"""


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds from due to the provider's word, of each alert's first page."""

    delays: list[float]

    def __str__(self) -> str:
        p50, p99 = (1000 * percentile(self.delays, share) for share in (0.5, 0.99))
        return f"p50 {p50:.0f} ms, p99 {p99:.0f} ms"


def add_timers(product: Product, count: int) -> None:
    """Fill the table with steps that fall due tomorrow."""
    with product.owner() as owner:
        owner.execute(_TIMERS, {"count": count})
        owner.execute("ANALYZE escalations_step, escalations_alert")


def measure_delays(product: Product, mark: str, count: int, *, apart: float) -> Delays:
    """Let alerts fall due one after the other; raises BenchFailed if pages stay away."""
    with product.owner() as owner:
        owner.execute(_ALERTS, {"mark": mark, "count": count, "first": 2.0, "apart": apart})
        return Delays(_wait_for(owner, mark, count, count * apart + PATIENCE))


def _wait_for(
    owner: psycopg.Connection[tuple[object, ...]], mark: str, count: int, patience: float
) -> list[float]:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        found = [float(str(row[0])) for row in owner.execute(_DELAYS, {"mark": mark}).fetchall()]
        if len(found) == count:
            return found
        time.sleep(0.5)
    raise BenchFailed(f"{len(found)} of {count} alerts had a page")


def measure_take_over(product: Product, mark: str) -> float:
    """Kill the worker with pages under way; return the seconds until they have left.

    And until the first page of every alert has: what waits in a person's line goes in its turn.
    """
    count = 20
    with product.owner() as owner:
        owner.execute(_ALERTS, {"mark": mark, "count": count, "first": 1.0, "apart": 0.0})
        held = "SELECT count(*) FROM escalations_page WHERE state = 'due' AND lease_until > now()"
        until = time.monotonic() + PATIENCE
        while owner.execute(held).fetchone() == (0,):
            if time.monotonic() > until:
                raise BenchFailed("no page was claimed")
        os.kill(_worker(product), signal.SIGKILL)
        killed = time.monotonic()
        orphans = [
            row[0]
            for row in owner.execute(
                "SELECT id FROM escalations_page WHERE state = 'due' AND lease_until > now()"
            ).fetchall()
        ]
        _wait_for(owner, mark, count, PATIENCE)
        waiting = "SELECT count(*) FROM escalations_page WHERE state = 'due' AND id = ANY (%s)"
        while owner.execute(waiting, [orphans]).fetchone() != (0,):
            if time.monotonic() > until + PATIENCE:
                raise BenchFailed("a page never left")
            time.sleep(0.05)
        return time.monotonic() - killed


def _worker(product: Product) -> int:
    assert product.process is not None
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_text()
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            if "upstander.command.worker" in line and parent == product.process.pid:
                return int(entry.name)
    raise BenchFailed("the worker is missing")


def measure_idle(product: Product, seconds: float) -> tuple[float, float]:
    """Return the share of a processor that worker and database take while nothing is due."""
    time.sleep(3)
    before = product.cpu()
    time.sleep(seconds)
    used = product.cpu() - before
    return used["worker"] / seconds, used["database"] / seconds
