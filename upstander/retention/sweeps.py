"""What falls due without anybody: lists what has run out, destroys what two have agreed on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import connection, transaction

from upstander.retention.copies import expire_copies
from upstander.retention.models import Leftover
from upstander.retention.queries import all_periods, rules_for_the_database
from upstander.retention.tombstones import write_down
from upstander.tips.storage import remove_file

#: Seconds from one look at all rules and at the copies to the next.
EVERY: Final = 3600.0
#: Seconds from one list of what has gone and who is kept out to the next.
LISTED: Final = 300.0
#: Seconds from one look at what was agreed on to the next.
SOON: Final = 60.0
#: How long what staff asked themselves is kept (mandated/actions/consults.py), and a contact that
#: has ended (referrals), a callout, or a client (helplines).
YEAR: Final = timedelta(days=365)
#: Rows that are listed or destroyed in one go.
BATCH: Final = 500
_next: dict[Callable[[], int], float] = {}


def sweep_due() -> int:
    """List what is due by its district's rules and drop what is not any more; returns how many."""
    return _paced(list_due, EVERY)


def sweep_disposals() -> int:
    """Destroy what two persons agreed on a day ago, and the files of what has gone."""
    return _paced(dispose, SOON)


def sweep_copies() -> int:
    """Keep the list of what has gone beside the copies of the key file; destroy those too old."""
    return _paced(keep_copies, LISTED)


def _paced(work: Callable[[], int], pause: float) -> int:
    """Do a piece of work; once there is nothing left to do, not again before the pause is over."""
    now = time.monotonic()
    if now < _next.get(work, 0.0):
        return 0
    # Should it fail (a folder that is away), it says so once a minute and not each second.
    _next[work] = now + min(pause, SOON)
    done = work()
    _next[work] = now if done else now + pause
    return done


def list_due() -> int:
    """Go through every district and rule once; returns how many items were listed or dropped."""
    with transaction.atomic(), connection.cursor() as cursor:
        rules = rules_for_the_database()
        cursor.execute(
            "SELECT api.drop_not_due(p_limit => %s, p_rules => %s), api.clock_now()", [BATCH, rules]
        )
        [(done, now)] = cursor.fetchall()
        for district_id, period in all_periods():
            before = period.ended_before(now)
            if before is None or not period.runs:
                continue
            rule = period.rule
            cursor.execute(
                "SELECT api.list_due(p_kind => %s, p_rule => %s, p_district => %s, "
                "p_before => %s, p_life => %s, p_dispositions => %s::text[], "
                "p_except => %s::text[], p_rules => %s, p_limit => %s)",
                [
                    rule.kind,
                    rule.key,
                    district_id,
                    before,
                    rule.life_safety,
                    sorted(rule.dispositions),
                    sorted(period.schedule.excepted(rule)),
                    rules,
                    BATCH,
                ],
            )
            [(listed,)] = cursor.fetchall()
            done += listed
    return int(done)


def dispose() -> int:
    """Destroy a piece of what was agreed on; returns how many went, and files with them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM api.dispose_agreed(p_limit => %s, p_rules => %s)",
            [BATCH, rules_for_the_database()],
        )
        [(gone,)] = cursor.fetchall()
        cursor.execute(
            "SELECT api.forget_folders(p_before => api.clock_now() - make_interval(days => %s),"
            " p_limit => %s)",
            [YEAR.days, BATCH],
        )
        [(forgotten,)] = cursor.fetchall()
        gone += forgotten
    if gone:
        _write_down()
    files = list(Leftover.objects.values_list("file", flat=True)[:BATCH])
    for file in files:
        remove_file(file)
    # Only now: a file that could not be removed is tried again.
    Leftover.objects.filter(file__in=files).delete()
    return int(gone) + len(files)


def keep_copies() -> int:
    """Destroy old copies of the key file and write the list of what has gone; always returns 0."""
    # First: what must be gone within 35 days waits for no list.
    if folder := settings.HOME.key_copies:
        expire_copies(folder)
    _write_down()
    return 0


def _write_down() -> None:
    folder = settings.HOME.key_copies
    if folder is not None:
        write_down(folder)
