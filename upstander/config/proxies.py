"""Whose word is taken for where a reporter's request came from (``UPSTANDER_TRUSTED_PROXIES``).

The public site counts what comes from one place (``front/flood.py``). Behind a proxy all comes from
the proxy, and the place is what the proxy says it is. Whoever else says so could choose their own.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from upstander.config.home import Home

type Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: Nobody else's machine can send from these.
LOOPBACK: tuple[Network, ...] = (
    ipaddress.ip_network("127.0.0.0/8"),
    ipaddress.ip_network("::1/128"),
)
_NAME = "UPSTANDER_TRUSTED_PROXIES"


def has_tls(environ: Mapping[str, str]) -> bool:
    """Tell whether both sites have https addresses: then a proxy stands before them."""
    addresses = (environ.get(f"UPSTANDER_{site}_URL", "") for site in ("PUBLIC", "DESK"))
    return all(address.startswith("https://") for address in addresses)


def trusted_proxies(environ: Mapping[str, str], *, tls: bool) -> tuple[Network, ...]:
    """Return the networks whose X-Forwarded-For is believed.

    Those that the setting names, with commas between. Without it: this machine's own, where the
    sites have https addresses (``tls``), for then a proxy stands before them; none on somebody's
    own machine. Raises ImproperlyConfigured for what is no network, and where others than this
    machine may connect and it isn't said who of them is the proxy: everybody would be one place.
    """
    named = [part.strip() for part in environ.get(_NAME, "").split(",") if part.strip()]
    try:
        networks = tuple(ipaddress.ip_network(part) for part in named)
    except ValueError as wrong:
        raise ImproperlyConfigured(
            f"{_NAME}: {wrong}. It holds addresses or networks of proxies, such as "
            "10.0.0.5 or 10.0.0.0/28, with commas between."
        ) from wrong
    if networks or not tls:
        return networks
    if not is_loopback(environ.get("UPSTANDER_LISTEN", "127.0.0.1")):
        raise ImproperlyConfigured(
            f"UPSTANDER_LISTEN lets other machines connect: say in {_NAME} which of them is the "
            "TLS proxy. Otherwise all reporters count as one place, and the more of them write, "
            "the longer they wait (docs/how-to/production.md)."
        )
    return LOOPBACK


def unnamed_mark(home: Home) -> Path:
    """Return the empty file that says since its time: requests come and nobody says from where."""
    return home.run / "public.unnamed"


def is_loopback(address: str) -> bool:
    """Tell whether only this machine can reach an address that something listens on."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
