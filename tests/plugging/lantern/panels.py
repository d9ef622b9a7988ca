"""The panel of the tip's page."""

from upstander.plug import reads
from upstander.tips.page import TipPage


def read_owner(page: TipPage) -> int | None:
    """Find who has it, and ask for the name."""
    page.want([page.tip.claimed_by])
    return page.tip.claimed_by


@reads(read_owner)
def lantern(page: TipPage) -> dict[str, str]:
    """A light for whoever has the tip."""
    return {"lantern_of": page.names.get(page.found["lantern"] or 0, "nobody")}
