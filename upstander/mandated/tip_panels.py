"""This app's panel of the tip's page: whether its reader suspects."""

from __future__ import annotations

from typing import Any

from upstander.mandated.answers import suspicion_panel
from upstander.plug import gives
from upstander.tips.page import TipPage


@gives("suspicion")
def suspicion(page: TipPage) -> dict[str, Any]:
    """Ask whoever has opened a tip about abuse; one durable transaction of its own."""
    return {"suspicion": suspicion_panel(page.opened)}
