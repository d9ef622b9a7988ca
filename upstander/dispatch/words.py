"""Opening and sealing what this app keeps for a tip: small JSON values under the center's seed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from upstander.places.roles import TeamKind
from upstander.tips.envelopes import open_data, seal_data
from upstander.tips.opening import NotGranted, OpenTip
from upstander.vault.errors import VaultError
from upstander.vault.seeds import Audience


def center_seed(opened: OpenTip) -> bytes:
    """Return the seed of the center's side. Raises NotGranted for everybody else's viewers."""
    if opened.viewer.kind is not TeamKind.CENTER:
        raise NotGranted
    return opened.seed(Audience.CENTER)


def sealed(opened: OpenTip, purpose: str, row: UUID, data: object) -> bytes:
    """Seal a JSON value for the center. Raises NotGranted."""
    return seal_data(center_seed(opened), purpose=purpose, tip=opened.tip.pk, row=row, data=data)


def opened_data(
    opened: OpenTip, purpose: str, row: UUID, blob: bytes | memoryview
) -> dict[str, Any] | None:
    """Return what ``sealed`` sealed, or None if it was damaged or tampered with."""
    try:
        found = open_data(
            center_seed(opened), purpose=purpose, tip=opened.tip.pk, row=row, sealed=bytes(blob)
        )
    except VaultError:
        return None
    return found if isinstance(found, dict) else None
