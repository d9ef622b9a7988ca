"""A sweep's rows, each by itself: one that fails keeps none of the others waiting."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from django.db import OperationalError, connection, transaction

log = logging.getLogger("upstander.worker")


def each_apart[Row](
    rows: Iterable[Row], work: Callable[[Row], object], put_off: Callable[[Row], object]
) -> int:
    """Work off rows under a savepoint each, inside a transaction; returns how many were done.

    ``work`` answers False for a row that it left alone. What somebody else holds just now stays
    due: the next second tries again. Any other failure is logged and the row put off, for otherwise
    the same rows would come first for ever, and whoever stands behind them would never be asked.
    Raises django.db.Error when the database is away.
    """
    done = 0
    for row in rows:
        try:
            with transaction.atomic():
                done += work(row) is not False
        except OperationalError:
            if connection.needs_rollback or connection.connection.closed:
                raise
        except Exception:
            log.exception("%s of %s failed; the others go on", work.__name__, row)
            put_off(row)
    return done
