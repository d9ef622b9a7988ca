"""The panel of a tip's and a case's page: asking for mobile crisis, and how it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from upstander.callouts.models import Callout, Site
from upstander.callouts.queries import Row, rows_of
from upstander.cases.panels import CasePage
from upstander.people.scope import viewing
from upstander.plug import gives, reads
from upstander.tips.page import TipPage


def _read(subject: UUID, now: datetime) -> tuple[bool, list[Row]]:
    asked = Callout.objects.filter(subject_id=subject).defer("sealed", "safety")
    return Site.objects.exists(), rows_of(asked.order_by("asked_at"), now)


def read_tip(page: TipPage) -> tuple[bool, list[Row]]:
    """Find what was asked for upon a tip, and whether anybody goes out at all."""
    return _read(page.tip.pk, page.now)


@reads(read_tip)
def tip_callout(page: TipPage) -> dict[str, Any] | None:
    """Whether somebody goes, and both clocks; None where nobody goes out."""
    some, rows = page.found["tip_callout"]
    return {"rows": rows, "ask": f"tip={page.tip.pk}"} if some else None


@gives("mobile_crisis")
def case_callout(page: CasePage) -> dict[str, Any] | None:
    """Return the same of a case; its own action of that name leads here, and says how it stands."""
    with viewing(page.opened.viewer) as now:
        some, rows = _read(page.case.pk, now)
    if not (rows or (some and page.is_open)):
        return None
    ask = f"case={page.case.pk}" if some and page.is_open else ""
    return {"rows": rows, "ask": ask, "mobile_crisis": {"rows": rows, "ask": ask}}
