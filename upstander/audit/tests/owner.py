"""What tests of the sealed record share: a signer, entries, and the whole check."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg

from conftest import LoginRole as Role
from upstander.audit.checking import check_database
from upstander.audit.signing import Signer
from upstander.audit.verifier.whole import Finding

type Database = psycopg.Connection[tuple[Any, ...]]
type SignIn = Callable[[Role], Database]

SIGNER = Signer("center.example/record", b"k" * 32)


def write(owner: Database, count: int = 1, action: str = "tip opened") -> None:
    owner.execute(
        "INSERT INTO audit_entry (actor_kind, actor_id, action, subject_kind, subject_id, detail)"
        " SELECT 'staff', 7, %s, 'thing', n::text, '{}' FROM generate_series(1, %s) n",
        [action, count],
    )


def findings(*outside: str) -> list[Finding]:
    kept = [(f"kept {n}", text) for n, text in enumerate(outside)]
    return list(check_database(SIGNER.key, kept, datetime.now(UTC)))


def ids(owner: Database) -> list[int]:
    return [n for (n,) in owner.execute("SELECT id FROM audit_entry ORDER BY xid, id")]
