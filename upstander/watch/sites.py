"""Whether the two sites answer, asked over HTTP as from outside."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable

from django.conf import settings

from upstander.watch.failed import MARKS

#: Seconds that a site has to answer.
SITE_PATIENCE = 5.0


def _answer(url: str) -> bytes | None:
    try:
        with urllib.request.urlopen(url, timeout=SITE_PATIENCE) as answer:  # noqa: S310 - our own
            return bytes(answer.read(1000)) if answer.status == 200 else None
    except (OSError, urllib.error.HTTPError, ValueError):
        return None


def ask_sites(ask: Callable[[str], bytes | None] = _answer) -> dict[str, bool]:
    """Ask both sites for a sign of life over HTTP, as a load balancer does.

    The desk says beside it what of it broke lately (``failed.py``).
    """
    public, desk = ask(f"{settings.PUBLIC_URL}/healthz"), ask(f"{settings.DESK_URL}/healthz")
    return {
        "public": public is not None,
        "desk": desk is not None,
        **{mark.site: mark.said not in (desk or b"") for mark in MARKS.values()},
    }
