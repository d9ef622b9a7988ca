"""PostgreSQL stopped at once while pages go out, and started again: the whole product, for real."""

from __future__ import annotations

import os
import signal
from typing import Any

import psycopg
import pytest

from tests.faults.test_killed import victims
from tests.servers import System
from tests.waiting import until, until_all
from upstander.config.database import Role

pytestmark = [pytest.mark.servers, pytest.mark.slow]

ALERTS = 40
_OPEN = """
WITH team AS (
    SELECT t.id, t.district_id, t.school_id FROM people_team t JOIN places_school s
    ON s.id = t.school_id WHERE t.kind = 'school' AND s.name LIKE 'Cedar%%'),
matter AS (
    INSERT INTO matters_matter (id, district_id, restricted)
    SELECT gen_random_uuid(), district_id, false FROM team, generate_series(1, %(count)s)
    RETURNING id, district_id),
alert AS (
    INSERT INTO escalations_alert (id, subject_id, matter_id, reference, district_id, priority,
        holders, state, opened_at, stage, school_id, situation)
    SELECT gen_random_uuid(), gen_random_uuid(), m.id, 'FAULT-TEST', m.district_id, 'life_safety',
        ARRAY['team:' || team.id], 'open', date_trunc('second', now()), 'school', team.school_id,
        'soon' FROM matter m, team RETURNING id, district_id)
INSERT INTO escalations_step (alert_id, district_id, number, target, due_at, after_seconds,
    repeat_seconds, round, state)
SELECT id, district_id, 1, 'holders', now(), 0, 3600, 1, 'due' FROM alert
"""


def asked(system: System) -> int:
    """Return how many of the alerts have a page that went out; -1 while the database is away."""
    try:
        with system.sign_in(Role.OWNER) as owner:
            # Whoever answered none of the first mails gets one a minute: that passes.
            owner.execute("UPDATE escalations_line SET fold_at = now() WHERE fold_at > now()")
            row: tuple[Any, ...] | None = owner.execute(
                "SELECT count(DISTINCT a.id) FROM escalations_alert a JOIN escalations_page p"
                " ON p.alert_id = a.id AND p.state = 'sent' WHERE a.reference = 'FAULT-TEST'"
            ).fetchone()
            return int(row[0]) if row else 0
    except psycopg.Error:
        return -1


def test_postgresql_stopped_at_once_while_pages_go_out(mortal: System) -> None:
    assert until(lambda: mortal.answers(mortal.desk_port))
    with mortal.sign_in(Role.OWNER) as owner:
        owner.execute(_OPEN, {"count": ALERTS})
    assert until(lambda: asked(mortal) > 0)
    # What `pg_ctl stop -m immediate` does; the supervisor starts it again.
    [postmaster, *_] = victims(mortal, "database")
    os.kill(postmaster, signal.SIGQUIT)
    assert until_all(lambda: asked(mortal), ALERTS) == ALERTS
