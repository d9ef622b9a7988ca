"""A clock that jumps back must leave nobody waiting an hour for what was due in a minute.

Forward is harmless: what is due is due at once, each step once. Back, every due time would be too
far away; so the worker keeps the last time that it saw, and moves what is due along.
"""

from __future__ import annotations

from django.db import connection, transaction

#: A clock that goes back less than this (s) is being set right; steps may wait so much longer.
SMALL = 5
#: The row is written once in so many seconds: each write costs. What it says is so much too old
#: at the most, so a jump may be longer than it looks by as much.
EVERY = 2

#: (table, column, which rows).
_DUE = (
    ("escalations_step", "due_at", "state IN ('due', 'cancelled')"),
    ("escalations_page", "due_at", "state = 'due'"),
    ("escalations_page", "lease_until", "state = 'due'"),
    ("escalations_alert", "next_step_due_at", "state = 'acknowledged'"),
    ("escalations_alert", "graver_at", "graver_at IS NOT NULL"),
    ("escalations_task", "due_at", "state IN ('open', 'taken')"),
    ("escalations_line", "told_at", "true"),
    ("escalations_line", "round_at", "true"),
    ("escalations_line", "fold_at", "fold_at IS NOT NULL"),
    ("escalations_line", "held_until", "held_until IS NOT NULL"),
)


def sweep_clock() -> int:
    """Notice a clock that went back, and move what is due by as much; returns how much was moved.

    The row's lock lets one worker of many do it, once for each jump.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM api.clock_now() - seen_at) FROM escalations_moment"
        )
        row = cursor.fetchone()
    gone = float(row[0]) if row else 0.0
    if 0 <= gone < EVERY:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        # Read again, under the lock: another worker may have seen the same jump.
        cursor.execute(
            "SELECT extract(epoch FROM seen_at - api.clock_now()) FROM escalations_moment"
            " FOR UPDATE"
        )
        row = cursor.fetchone()
        back = float(row[0]) if row else 0.0
        cursor.execute("UPDATE escalations_moment SET seen_at = api.clock_now()")
        if back < SMALL:
            return 0
        # Too early by two seconds at the most, and never late.
        by, moved = back + EVERY, 0
        for table, column, which in _DUE:
            cursor.execute(
                f"UPDATE {table} SET {column} = {column} - make_interval(secs => %s)"  # noqa: S608
                f" WHERE {which} AND {column} > api.clock_now()",
                [by],
            )
            moved += cursor.rowcount
    return moved
