"""This app's panel of the tip's page: what was done to bring help."""

from __future__ import annotations

from typing import Any

from upstander.dispatch.panel import dispatch_panel
from upstander.dispatch.queries import Standing, standing_of
from upstander.places.models import School
from upstander.plug import gives, reads
from upstander.tips.page import TipPage


def read_help(page: TipPage) -> tuple[School | None, Standing]:
    """Find the tip's school, whose numbers are shown, and what was done so far."""
    tip = page.tip
    school = School.objects.filter(pk=tip.school_id).first() if tip.school_id else None
    standing = standing_of(tip, page.now)
    page.want(standing.people)
    return school, standing


@reads(read_help)
@gives("school", "help")
def help_sent(page: TipPage) -> dict[str, Any]:
    """Calls, briefs, and what waits; opens transactions of its own."""
    school, standing = page.found["help_sent"]
    return {"school": school, "help": dispatch_panel(page.opened, standing, page.names)}
