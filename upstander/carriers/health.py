"""How the providers do, and in which order they are tried."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from upstander.carriers.contract import Carrier
from upstander.carriers.models import ProviderHealth

#: So many in a row went wrong: down. So many of the last twenty: degraded.
DOWN_AFTER, DEGRADED_AT = 3, 4
#: Seconds after which one that is down is asked whether it is back.
RETRY = 60

#: One statement, so that threads and machines count together.
_NOTE = """
INSERT INTO carriers_providerhealth AS h (provider, channel, state, since, ok, failed, recent)
VALUES (%(provider)s, %(channel)s, CASE WHEN length(%(mark)s) > 1 THEN 'down' ELSE 'good' END,
        date_trunc('second', api.clock_now()), %(ok)s, %(failed)s, %(mark)s)
ON CONFLICT (provider, channel) DO UPDATE SET (state, since, ok, failed, recent, retry_at) = (
    SELECT judged,
        CASE WHEN judged = h.state THEN h.since ELSE date_trunc('second', api.clock_now()) END,
        h.ok + %(ok)s, h.failed + %(failed)s, r,
        CASE WHEN judged = 'down'
             THEN coalesce(h.retry_at, api.clock_now() + make_interval(secs => %(retry)s)) END
    FROM right(h.recent || %(mark)s, 20) AS r,
        LATERAL (SELECT CASE WHEN right(r, %(down)s) = repeat('-', %(down)s) THEN 'down'
                             WHEN length(replace(r, '+', '')) >= %(degraded)s THEN 'degraded'
                             ELSE 'good' END AS judged) AS j)
"""


def note(provider: str, channel: str, *, ok: bool) -> None:
    """Count an attempt and judge the provider anew."""
    _note(provider, channel, "+" if ok else "-")


def note_down(provider: str, channel: str) -> None:
    """Judge a provider down at once: it takes orders and does nothing with them."""
    _note(provider, channel, "-" * DOWN_AFTER)


def note_back(provider: str, channel: str) -> None:
    """Note that one that was down answers again: it takes its place, watched for a while."""
    _note(provider, channel, "+")


def _note(provider: str, channel: str, mark: str) -> None:
    values: dict[str, str | int] = {
        "provider": provider,
        "channel": channel,
        "mark": mark,
        "ok": mark.count("+"),
        "failed": mark.count("-"),
        "down": DOWN_AFTER,
        "degraded": DEGRADED_AT,
        "retry": RETRY,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)


def put_off(health: ProviderHealth, now: datetime) -> None:
    """Ask again later whether a provider is back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE carriers_providerhealth SET retry_at = %s + make_interval(secs => %s)"
            " WHERE id = %s",
            [now, RETRY, health.pk],
        )


def in_order(carriers: list[Carrier], channel: str) -> list[Carrier]:
    """Return the ways out with those that are down last: tried all the same if the others fail."""
    if len(carriers) < 2:
        return carriers
    down = set(
        ProviderHealth.objects.filter(channel=channel, state=ProviderHealth.State.DOWN).values_list(
            "provider", flat=True
        )
    )
    return sorted(carriers, key=lambda carrier: carrier.name in down)
