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
#: How long (s) a claim stands, as in `escalations`; and until each alert is named in something.
LEASE, MINUTE = 3, 60

#: People who are told by mail alone, of a school's team: so many, or one whom all is about.
_PEOPLE = """
WITH person AS (
    INSERT INTO people_person SELECT (jsonb_populate_record(p, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('people_person', 'id')),
        'email', %(mark)s || n || '@bench.example'))).*
    FROM generate_series(1, %(people)s) n JOIN people_person p ON p.id = (
        SELECT min(m.person_id) FROM people_membership m JOIN people_team t ON t.id = m.team_id
        WHERE t.kind = 'school')
    RETURNING id)
INSERT INTO people_membership (team_id, person_id, role, reachable_at_night)
SELECT t.id, person.id, 'team_member', false FROM person,
    (SELECT id FROM people_team WHERE kind = 'school' ORDER BY id LIMIT 1) t
RETURNING person_id
"""
_ALERTS = """
WITH team AS (SELECT id, district_id, school_id FROM people_team WHERE kind = 'school'
        ORDER BY id LIMIT 1),
alert AS (
    INSERT INTO escalations_alert (id, subject_id, matter_id, reference, district_id, priority,
        holders, state, opened_at, stage, school_id, situation)
    SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), %(mark)s, t.district_id,
        'life_safety', ARRAY['team:' || t.id], 'open',
        now() + make_interval(secs => %(first)s + n * %(apart)s), 'school', t.school_id, 'soon'
    FROM generate_series(0, %(count)s - 1) n, team t
    RETURNING id, district_id, opened_at)
INSERT INTO escalations_step (alert_id, district_id, number, target, due_at, after_seconds,
    repeat_seconds, round, state)
SELECT id, district_id, 1, 'person:' || (%(people)s::bigint[])[
        1 + (row_number() OVER (ORDER BY opened_at) - 1) %% cardinality(%(people)s::bigint[])],
    opened_at, 0, 86400, 1, 'due' FROM alert
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
    """Seconds from due to the provider's word, of each alert's first page or mail that names it."""

    delays: list[float]

    @property
    def p99(self) -> float:
        """What 99 of 100 alerts wait no longer than."""
        return percentile(self.delays, 0.99)

    def __str__(self) -> str:
        p50, p99 = (1000 * percentile(self.delays, share) for share in (0.5, 0.99))
        return f"p50 {p50:.0f} ms, p99 {p99:.0f} ms"


def add_timers(product: Product, count: int) -> None:
    """Fill the table with steps that fall due tomorrow."""
    with product.owner() as owner:
        owner.execute(_TIMERS, {"count": count})
        owner.execute("ANALYZE escalations_step, escalations_alert")


def measure_delays(product: Product, mark: str, count: int, *, apart: float, people: int) -> Delays:
    """Let alerts fall due one after the other; raises BenchFailed if pages stay away.

    Each is about one of so many people of its own, in turn: with as many nobody hears of two.
    """
    with product.owner() as owner:
        _alerts(owner, mark, count, first=2.0, apart=apart, people=people)
        return Delays(_wait_for(owner, mark, count, count * apart + PATIENCE))


def _alerts(
    owner: psycopg.Connection[tuple[object, ...]],
    mark: str,
    count: int,
    *,
    first: float,
    apart: float,
    people: int,
) -> None:
    told = [row[0] for row in owner.execute(_PEOPLE, {"mark": mark, "people": people}).fetchall()]
    of: dict[str, object] = {"mark": mark, "count": count, "first": first, "apart": apart}
    owner.execute(_ALERTS, of | {"people": told})


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

    And until the first page of every alert has.
    """
    count = 20
    with product.owner() as owner:
        _alerts(owner, mark, count, first=1.0, apart=0.0, people=count)
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


def compare_paging(product: Product, *, quick: bool) -> None:
    """From due to the provider, with few and with very many timers; a worker's death; a burst."""
    worker, database = measure_idle(product, 5 if quick else 20)
    print(
        f"nothing due: worker {100 * worker:.1f} %, database {100 * database:.1f} % of a processor"
    )
    print("due → handed to the provider, the first page of each alert to somebody of its own")
    count, few = 20 if quick else 100, None
    for timers in (100, 50_000 if quick else 1_000_000):
        add_timers(product, timers)
        found = measure_delays(product, f"t{timers}-", count, apart=0.13, people=count)
        print(f"  {timers:10,} future timers: {found}")
        if few is not None:
            print(f"  p99 {found.p99 / few.p99:.1f} times as long (target 1.5)")
        few = few or found
    taken = measure_take_over(product, "kill-")
    print(
        f"worker killed (-9) while it sends: the last page had left after {taken:.1f} s, "
        f"{taken / LEASE:.1f} times the claim's {LEASE} s (target 2)"
    )
    tips, seconds = (40, 12) if quick else (200, 60)
    for name, people in (("each about another person", tips), ("all about one", 1)):
        burst = measure_delays(product, f"b{people}-", tips, apart=seconds / tips, people=people)
        wait = max(burst.delays)
        print(
            f"{tips} life-safety alerts in {seconds} s, {name}: in something sent {burst}, the "
            f"last after {wait:.1f} s, {wait / MINUTE:.2f} times a minute (target 1)"
        )
