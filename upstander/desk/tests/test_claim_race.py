"""Two counselors press at once, over two real connections: one wins, the other learns who."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

from django.db import connection

from conftest import Cast
from tests.waiting import PATIENCE
from upstander.audit.models import Entry
from upstander.desk.tests.tips import a_tip
from upstander.people.scope import Viewer
from upstander.tips.models import Tip
from upstander.triage.actions.work import AlreadyClaimed, claim_tip


def press(viewer: Viewer, tip_id: UUID, together: Barrier) -> int | None:
    """Claim; returns who was first if it was somebody else."""
    try:
        together.wait(PATIENCE)
        claim_tip(viewer, tip_id)
    except AlreadyClaimed as first:
        return first.person_id
    finally:
        connection.close()
    return None


def test_of_two_who_press_at_once_one_wins(committed_cast: Cast) -> None:
    cast = committed_cast
    viewers = [cast.viewer("alice"), cast.viewer("bea")]
    for _ in range(5):
        filed, together = a_tip(cast), Barrier(2)
        with ThreadPoolExecutor(2) as two:
            lost = list(two.map(lambda v: press(v, filed.tip_id, together), viewers))  # noqa: B023
        owner = Tip.objects.get(pk=filed.tip_id).claimed_by
        assert sorted(lost, key=str) == sorted([owner, None], key=str)
        claims = Entry.objects.filter(action="tip claimed", subject_id=str(filed.tip_id))
        assert [entry.actor_id for entry in claims] == [owner]
