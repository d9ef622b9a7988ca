"""Journeys of the people for whom this is made, in a real browser on real servers."""

from typing import LiteralString

from tests.servers import System
from upstander.config.database import Role as LoginRole


def newest_tip(system: System, tile: str) -> str:
    """Return the id of the tip that came in last with a tile.

    Others' crowds lie on the queue too, and whoever waits longest stands in front.
    """
    return _newest(system, "tile = %s", tile)


def newest_talk(system: System) -> str:
    """Return the id of the newest conversation of somebody who came to talk."""
    return _newest(system, "to_talk = %s", True)


def _newest(system: System, where: LiteralString, value: object) -> str:
    with system.sign_in(LoginRole.OWNER) as owner:
        row = owner.execute(
            f"SELECT id FROM tips_tip WHERE {where} ORDER BY received_at DESC, id LIMIT 1", [value]
        ).fetchone()
    assert row is not None
    return str(row[0])
