"""This app's panel of a tip's and of a case's page: whether its reader suspects."""

from __future__ import annotations

from typing import Any

from upstander.cases.panels import CasePage
from upstander.mandated.actions.answers import suspicion_panel
from upstander.plug import gives
from upstander.tips.page import TipPage


@gives("suspicion")
def suspicion(page: TipPage) -> dict[str, Any]:
    """Ask whoever has opened a tip about abuse."""
    return {"suspicion": suspicion_panel(page.opened)}


def suspicion_of_case(page: CasePage) -> dict[str, Any] | None:
    """Ask whoever has opened a case about abuse, and was asked about none of its tips."""
    found = suspicion_panel(page.opened)
    return None if found is None else {"suspicion": found}
