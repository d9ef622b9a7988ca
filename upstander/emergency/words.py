"""Cutting, sealing and opening what this app keeps for a tip: small JSON values of the center."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from upstander.emergency.sheet import LINE_LIMIT, Lines, Origins, Told
from upstander.people.roles import TeamKind
from upstander.tips.envelopes import open_data, seal_data
from upstander.tips.opening import NotGranted, OpenTip
from upstander.vault.errors import VaultError
from upstander.vault.seeds import Audience


def cut(words: str, limit: int = LINE_LIMIT) -> str:
    """Cut a line to what a sheet holds: a call that was made must not fail to be kept for it."""
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip()}…"


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


def packed(lines: Lines, told: Origins) -> dict[str, object]:
    """Return lines and who says them as JSON holds both."""
    data: dict[str, object] = dict(lines)
    if told:
        data[_TOLD] = {
            key: [one.by, one.at.isoformat(), *([] if one.read is None else [one.read])]
            for key, one in told.items()
        }
    return data


def unpacked(data: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Told]]:
    """Return what ``packed`` packed."""
    told = data.get(_TOLD, {})
    return (
        {key: words for key, words in data.items() if key != _TOLD},
        {key: Told(by, datetime.fromisoformat(at), *read) for key, (by, at, *read) in told.items()},
    )


#: Under which key of a sheet's JSON it stands who says its lines.
_TOLD: Final = "told"
