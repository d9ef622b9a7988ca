"""Sealing very many entries, and what proofs of them cost; run on the measured system's own data.

``python -m tests.bench.sealing COUNT`` is a program of its own, since it needs the settings of that
system. It writes entries as their writers do, lets the system's own worker seal them, writes on
meanwhile, and prints figures as JSON.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.bench.product import SOURCE, BenchFailed, Product

#: Longest wait for the worker, in seconds.
PATIENCE = 900
_WRITE = (
    "INSERT INTO audit_entry (actor_kind, actor_id, action, subject_kind, subject_id, district_id,"
    " detail) SELECT 'staff', 1, 'tip opened', 'bench', gen_random_uuid()::text, 1,"
    ' \'{"purpose": "read"}\' FROM generate_series(1, %s)'
)


@dataclass(frozen=True, slots=True)
class Sealing:
    """Times in seconds, sizes in bytes."""

    entries: int
    written: float
    sealed: float
    alone_ms: float
    meanwhile_ms: float
    meanwhile_p99_ms: float
    steps: int
    proof_bytes: int
    proof_ms: float
    checked_ms: float
    consistency_ms: float
    tree_bytes: int
    verified: float


def measure_sealing(product: Product, entries: int) -> Sealing:
    """Have a system seal so many entries. Raises BenchFailed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.sealing", str(entries)],
        env=product.environment("command"),
        cwd=SOURCE,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchFailed(done.stderr[-800:])
    return Sealing(**json.loads(done.stdout))


def main(entries: int) -> None:
    """Write, wait, prove and verify; print a Sealing as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.config.settings")
    import django  # noqa: PLC0415 - the settings are those of the measured system

    django.setup()
    from django.db import connection  # noqa: PLC0415

    from upstander.audit.checking import check_database  # noqa: PLC0415
    from upstander.audit.models import Checkpoint, Entry, Head, Tile  # noqa: PLC0415
    from upstander.audit.proofs import Proof, consistency  # noqa: PLC0415
    from upstander.audit.signing import public_key  # noqa: PLC0415
    from upstander.audit.tree import inclusion_ranges, proof_of  # noqa: PLC0415
    from upstander.audit.verifier.main import open_proof  # noqa: PLC0415

    with connection.cursor() as cursor:

        def write() -> float:
            start = time.perf_counter()
            cursor.execute(_WRITE, [1])
            return 1000 * (time.perf_counter() - start)

        alone = [write() for _ in range(300)]
        start = time.perf_counter()
        # One transaction: none of it can be sealed before all of it is there.
        cursor.execute(_WRITE, [entries])
        written = time.perf_counter() - start
        wanted = Head.objects.get().size + entries
        start = time.perf_counter()
        meanwhile: list[float] = []
        while Head.objects.get().size < wanted:
            meanwhile.append(write())
            time.sleep(0.02)
            if time.perf_counter() - start > PATIENCE:
                raise SystemExit("the worker does not seal")
        sealed = time.perf_counter() - start
        cursor.execute("SELECT pg_total_relation_size('audit_tile')")
        (tree_bytes,) = cursor.fetchone() or (0,)
    key, newest = public_key(), Checkpoint.objects.order_by("-size", "-id")[0]
    proving, checking, following = [], [], []
    draw = random.Random(1)
    for _ in range(200):
        place = draw.randrange(newest.size)
        start = time.perf_counter()
        path = proof_of(inclusion_ranges(place, newest.size))
        proving.append(1000 * (time.perf_counter() - start))
        start = time.perf_counter()
        consistency(max(1, place), newest.size)
        following.append(1000 * (time.perf_counter() - start))
    tile = Tile.objects.get(level=0, number=place >> 8)
    entry = Entry.objects.get(pk=tile.entries[place & 255])
    proof = Proof(place, tuple(path), newest, entry.canonical)
    for _ in range(20):
        start = time.perf_counter()
        open_proof(proof.text, [key])
        checking.append(1000 * (time.perf_counter() - start))
    start = time.perf_counter()
    if found := list(check_database(key, [], datetime.now(UTC))):
        raise SystemExit(f"not whole: {found[:3]}")
    verified = time.perf_counter() - start
    print(
        json.dumps(
            {
                "entries": entries,
                "written": written,
                "sealed": sealed,
                "alone_ms": statistics.median(alone),
                "meanwhile_ms": statistics.median(meanwhile),
                "meanwhile_p99_ms": sorted(meanwhile)[int(len(meanwhile) * 0.99)],
                "steps": len(path),
                "proof_bytes": len(proof.text.encode()),
                "proof_ms": statistics.median(proving),
                "checked_ms": statistics.median(checking),
                "consistency_ms": statistics.median(following),
                "tree_bytes": tree_bytes,
                "verified": verified,
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
