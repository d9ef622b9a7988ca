"""What it costs that rows are sealed: a tip with and without its digests, and the check of it all.

``python -m tests.bench.rows`` is a program of its own, since it needs the settings of the measured
system: it seals all rows that stand there, checks them, and prints figures as JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from typing import LiteralString

import psycopg

from tests.bench.intake import Intake, measure_intake
from tests.bench.pages import fill
from tests.bench.product import SOURCE, BenchFailed, Product

#: Of these a new tip adds rows.
_TABLES = ("matters_matter", "tips_tip", "vault_grant", "escalations_alert")


@dataclass(frozen=True, slots=True)
class TipCost:
    """Processor milliseconds a tip, medians of alternating rounds; bytes a tip."""

    bare_ms: float
    sealed_ms: float
    bare_database_ms: float
    sealed_database_ms: float
    digest_bytes: float


@dataclass(frozen=True, slots=True)
class Check:
    """Seconds. ``floor``: each row hashed once and each digest read once, and nothing more."""

    tips: int
    rows: int
    sealed: float
    floor: float
    checked: float


def measure_tip(product: Product, *, seconds: float, rounds: int) -> TipCost:
    """Take tips in with the triggers that seal and without, in turn: both see one machine."""
    bare: list[Intake] = []
    sealed: list[Intake] = []
    measure_intake(product, "post", 8, seconds=seconds, rounds=1)  # first plans
    with product.superuser() as connection:
        before = _digests(connection)
        tips = _tips(connection)
        for _ in range(rounds):
            for name, found in (("DISABLE", bare), ("ENABLE", sealed)):
                for table in _TABLES:
                    connection.execute(f"ALTER TABLE {table} {name} TRIGGER {table}_seal".encode())
                found.append(measure_intake(product, "post", 8, seconds=seconds, rounds=1))
        added = _digests(connection) - before
        part = sum(one.rate for one in sealed) / sum(one.rate for one in (*bare, *sealed))
        share = (_tips(connection) - tips) * part
    return TipCost(
        statistics.median(one.cpu_ms for one in bare),
        statistics.median(one.cpu_ms for one in sealed),
        statistics.median(one.database_ms for one in bare),
        statistics.median(one.database_ms for one in sealed),
        added / share,
    )


def _digests(connection: psycopg.Connection[tuple[object, ...]]) -> int:
    return _number(connection, "SELECT pg_total_relation_size('audit_rowseal')")


def _tips(connection: psycopg.Connection[tuple[object, ...]]) -> int:
    return _number(connection, "SELECT count(*) FROM tips_tip")


def _number(connection: psycopg.Connection[tuple[object, ...]], query: LiteralString) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(str(row[0]))


def measure_check(product: Product, tips: int) -> Check:
    """Fill a system with so many tips, seal all of its rows and check them. Raises BenchFailed."""
    with product.superuser() as connection:
        fill(connection, tips)
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.rows", str(tips)],
        env=product.environment("command"),
        cwd=SOURCE,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchFailed(done.stderr[-800:])
    return Check(**json.loads(done.stdout))


def main(tips: int) -> None:
    """Seal what stands, measure the floor and the check; print a Check as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.config.settings")
    import django  # noqa: PLC0415 - the settings are those of the measured system

    django.setup()
    from django.db import connection  # noqa: PLC0415

    from upstander.audit.models import RowSeal  # noqa: PLC0415
    from upstander.audit.rows import accept_rows, check_rows  # noqa: PLC0415
    from upstander.people.scope import System  # noqa: PLC0415
    from upstander.schema.sealed_rows import sealed_tables  # noqa: PLC0415

    start = time.perf_counter()
    accept_rows("filled for the bench", System())
    sealed = time.perf_counter() - start
    # The worker goes on with alerts whose rows were not sealed when they were written.
    while accept_rows("changed while the bench filled", System()):
        pass
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_rowseal")
        start = time.perf_counter()
        for table in sealed_tables():
            cursor.execute(f"SELECT max(length({table.digest})) FROM {table.name} t")
        cursor.execute("SELECT max(length(digest)) FROM audit_rowseal")
        floor = time.perf_counter() - start
    start = time.perf_counter()
    if found := check_rows():
        raise SystemExit(f"not as sealed: {found[:3]}")
    checked = time.perf_counter() - start
    check = Check(tips, RowSeal.objects.count(), sealed, floor, checked)
    print(json.dumps(asdict(check)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
