"""A row that was changed in the database by hand: named by the check, the doctor and the watch."""

from __future__ import annotations

from pathlib import Path

import pytest

from upstander.command.tests.systems import made, upstander, with_django
from upstander.watch.look import record_troubles

__all__ = ["made"]

pytestmark = pytest.mark.servers

#: As the database's owner, with the triggers off.
BY_HAND = """
import psycopg
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.database import Role, conninfo_for
from upstander.config.home import Home
home = Home.from_env()
with EmbeddedPostgres(home), psycopg.connect(conninfo_for(Role.OWNER, home)) as owner:
    owner.execute("ALTER TABLE places_center DISABLE TRIGGER USER")
    owner.execute("UPDATE places_center SET callback_phone = '555-0199'")
    owner.execute("ALTER TABLE places_center ENABLE TRIGGER USER")
"""
#: What the worker does every 20 seconds: what has waited for a quarter of an hour is told of.
SEALED = """
import os
os.environ["UPSTANDER_PROCESS"] = "worker"
import django
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.home import Home
with EmbeddedPostgres(Home.from_env()):
    django.setup()
    from upstander.audit.sweeps import sweep_seal
    assert sweep_seal()
"""
#: What `upstander serve` does once a day.
NIGHTLY = """
import sys
from upstander.command.audit import audit
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.home import Home
home = Home.from_env()
with EmbeddedPostgres(home):
    sys.exit(audit(home, "verify", [], nightly=True))
"""


def test_a_row_changed_by_hand_turns_all_of_them_red_until_somebody_answers(
    made: tuple[Path, str],
) -> None:
    home, _ = made
    sealed = with_django(home, SEALED)
    assert sealed.returncode == 0, sealed.stderr
    first = upstander(home, "audit", "verify")
    assert first.returncode == 0, first.stdout
    assert "the rows are as they were sealed" in first.stdout
    assert record_troubles(home / "record") == ()

    assert with_django(home, BY_HAND).returncode == 0
    nightly = with_django(home, NIGHTLY)
    assert nightly.returncode == 1, nightly.stderr
    assert "CHANGED: row places_center" in nightly.stdout
    assert record_troubles(home / "record") == ("changed",)
    assert "row places_center" in upstander(home, "doctor").stdout

    assert upstander(home, "audit", "accept-rows").returncode == 1
    done = upstander(home, "audit", "accept-rows", "--reason", "number put right")
    assert done.returncode == 0, done.stderr
    assert "CHANGED: row places_center" in done.stdout
    last = upstander(home, "audit", "verify")
    assert last.returncode == 0, last.stdout
    assert "number put right" in last.stdout
    assert record_troubles(home / "record") == ()
