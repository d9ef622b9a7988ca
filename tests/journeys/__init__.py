"""Journeys of the people for whom this is made, in a real browser on real servers."""

from tests.servers import System
from upstander.config.database import Role as LoginRole


def newest_tip(system: System, tile: str) -> str:
    """Return the id of the tip that came in last with a tile.

    Others' crowds lie on the queue too, and whoever waits longest stands in front.
    """
    with system.sign_in(LoginRole.OWNER) as owner:
        row = owner.execute(
            "SELECT id FROM tips_tip WHERE tile = %s ORDER BY received_at DESC, id LIMIT 1", [tile]
        ).fetchone()
    assert row is not None
    return str(row[0])
