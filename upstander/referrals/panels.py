"""On a tip's page: the way to a contact of its own. No word of the tip goes along."""

from __future__ import annotations

from upstander.tips.page import TipPage


def in_touch(page: TipPage) -> dict[str, str]:
    """Return where a contact begins that its center can lead back to this tip."""
    return {"path": f"/contacts/new?tip={page.tip_id}"}
