"""What `upstander doctor` sees of the TLS proxy: whether it says whom it brings."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress

from django.core.exceptions import ImproperlyConfigured

from upstander.command.finding import Finding
from upstander.config import environment
from upstander.config.home import Home
from upstander.config.proxies import has_tls, trusted_proxies, unnamed_mark

#: Seconds for which the public site's mark counts. It is renewed each minute while it is true.
MARK_STANDS = 600.0
_PATIENCE = 5.0


def check_proxy(home: Home) -> Iterator[Finding]:
    """The public site can tell one place from another, so that no crowd slows everybody."""
    if not has_tls(environment.everything()):
        return
    try:
        trusted = trusted_proxies(environment.everything(), tls=True)
    except ImproperlyConfigured as wrong:
        yield Finding("proxy", str(wrong), "as it says")
        return
    # One request by the road that reporters take; what it shows lies in the mark.
    address = f"{environment.given('UPSTANDER_PUBLIC_URL').rstrip('/')}/healthz"
    with suppress(OSError, ValueError):
        urllib.request.urlopen(address, timeout=_PATIENCE).close()  # noqa: S310 - our own site
    try:
        age = time.time() - unnamed_mark(home).stat().st_mtime
    except FileNotFoundError:
        age = MARK_STANDS
    if age < MARK_STANDS:
        yield Finding(
            "proxy",
            "it does not say whom it brings: all reporters count as one place, and the more of them"
            " write, the longer they wait",
            "let it set X-Forwarded-For to the address that connected to it, let nobody else reach"
            " the public site's port, and name it in UPSTANDER_TRUSTED_PROXIES if it is another"
            " machine (docs/how-to/production.md)",
        )
    else:
        yield Finding("proxy", f"{', '.join(map(str, trusted))} may say whom it brings")
