"""What came along with a hand-off, beside the brief: what whoever acts must know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from upstander.places.scope import viewing
from upstander.tips.envelopes import open_data
from upstander.tips.opening import OpenTip
from upstander.triage.models import Handoff
from upstander.vault.errors import VaultError
from upstander.vault.seeds import Audience

HomeSafety = Literal["yes", "no", "unknown"]


def home_safety(opened: OpenTip, answers: Mapping[str, str]) -> HomeSafety:
    """Return whether the reporter said that a call home is safe; what is not known is unknown.

    It goes along sealed to the case, because whoever calls the family must know it even where the
    reporter's own words stayed at the center; ``answers`` are those that the viewer may read, given
    since. One "no" outweighs every "yes". A damaged or older hand-off counts as unknown.
    """
    with viewing(opened.viewer):
        row = Handoff.objects.filter(pk=opened.circle).first()
    said = {answers.get("home_safe", ""), _sent_along(opened, row)}
    return "no" if "no" in said else "yes" if "yes" in said else "unknown"


def _sent_along(opened: OpenTip, row: Handoff | None) -> str:
    seed = opened.seeds.get(Audience.CASE)
    if row is None or seed is None:
        return ""
    try:
        data = open_data(seed, purpose="handoff", tip=opened.tip.pk, row=row.pk, sealed=row.sealed)
    except VaultError:
        return ""
    return str(data.get("home_safe", ""))
