"""Everybody signed in with a key of their own, and none of any team: what a new key begins with.

So it is after a reset, and for whoever joined, until a lead has sealed the team's key to them.
"""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Cast
from tests.access.every import CLOSED
from tests.access.test_every_url import allows, clients, path_of, rights_of, theirs
from tests.access.things import make_sides
from upstander.callouts.models import Callout
from upstander.vault.models import SealedKey


@pytest.mark.slow
def test_pages_without_a_teams_key(cast: Cast, settings: Any) -> None:
    """Lists leave out what doesn't open; a page of one thing says that it is shut."""
    sides = make_sides(cast, settings)
    Callout.objects.update(state="waiting")
    SealedKey.objects.filter(member__startswith="person:").delete()
    broken, lists = [], 0
    for name, client in clients(cast):
        rights = rights_of(cast, name)
        client.raise_request_exception = False
        for address in CLOSED:
            if not allows(rights, address):
                continue
            lists += not address.converters
            for side in sides.values():
                if address.converters and not theirs(name, address, side):
                    continue
                answer = client.get(path_of(address, side.values))
                if answer.status_code >= 500 or (
                    not address.converters and answer.status_code == 403
                ):
                    broken.append((name, address.name, answer.status_code))
    assert broken == []
    assert lists > 100
