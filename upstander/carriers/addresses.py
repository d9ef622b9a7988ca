"""Numbers and what stands for them: nothing here is ever written or logged in clear."""

from __future__ import annotations

import hmac
import json
from uuid import UUID

from django.conf import settings

from upstander.carriers.contract import Outgoing
from upstander.vault.envelopes import bind, derive, seal, unseal


def masked(number: str) -> str:
    """Return enough of a number for its owner to know it by."""
    return f"… {number[-4:]}"


def address_mac(kind: str, address: str) -> bytes:
    """Return the mark under which an address is found again.

    A dump of the database without the key file does not say which number it is.
    """
    return hmac.digest(_key("address"), bind(kind, address), "sha256")


def digit_mac(delivery: UUID, digit: str) -> bytes:
    """Return the mark of the digit that counts in one call."""
    return hmac.digest(_key("digit"), bind(delivery, digit), "sha256")


def code_mac(for_id: UUID, attempt: int) -> bytes:
    """Return what an alert's code is drawn from; each ``attempt`` draws another."""
    return hmac.digest(_key("code"), bind(for_id, attempt), "sha256")


def seal_carried(delivery: UUID, outgoing: Outgoing) -> bytes:
    """Seal what was carried, for the call's script and for another try."""
    fields = {name: getattr(outgoing, name) for name in Outgoing.__slots__}
    text = json.dumps({**fields, "for_id": str(outgoing.for_id) if outgoing.for_id else None})
    return seal(_key("carried"), text.encode(), aad=bind("delivery", delivery))


def open_carried(delivery: UUID, sealed: bytes) -> Outgoing:
    """Open what was sealed for this delivery. Raises SealBroken."""
    fields = json.loads(unseal(_key("carried"), sealed, aad=bind("delivery", delivery)))
    return Outgoing(**{**fields, "for_id": UUID(fields["for_id"]) if fields["for_id"] else None})


def _key(purpose: str) -> bytes:
    return derive(settings.CARRIER_KEY, f"carrier {purpose}")
