"""What the queue's first page has no room for is counted, and a link leads to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from conftest import Cast
from upstander.desk.tests.test_queue import a_call
from upstander.desk.tests.tips import a_life_safety_tip, a_tip
from upstander.escalations.models import Task
from upstander.people.scope import viewing
from upstander.tips.models import Tip
from upstander.triage.actions.work import claim_tip
from upstander.triage.queries import CALLED, PAGE, QueueFilter, queue_tips


@pytest.mark.parametrize("many", [31, 61])
def test_of_life_safety_tips_none_is_cut_off_unsaid(cast: Cast, many: int) -> None:
    """Each has a call due; the newest is said to be soon and is in no crowd, unread like all."""
    filed = [a_life_safety_tip(cast, text=f"Words of {number}.").tip_id for number in range(many)]
    for number, tip in enumerate(filed):
        Tip.objects.filter(pk=tip).update(waiting_since=Now() - timedelta(minutes=many - number))
        a_call(tip)
    client = cast.client("alice")
    page = client.get("/queue")
    shown = [row.id for row in page.context["rows"]]
    assert all(row.call is not None for row in page.context["rows"])
    assert filed[-1] in shown[:2], "in a surge the oldest and the newest stand by turns"
    assert page.context["counts"].unread == many
    assert f'data-count="unread">{many}<' in page.content.decode()
    assert len(shown) == min(many, PAGE)
    if many > PAGE:
        assert 'href="?page=2"' in page.content.decode()
        shown += [row.id for row in client.get("/queue?page=2").context["rows"]]
    assert sorted(shown) == sorted(filed), "each of them once"


def test_those_who_are_phoned_for_stand_by_the_queue_s_order(cast: Cast) -> None:
    """Not by when their call is due: however many calls wait, one for a life comes first."""
    urgent = [a_tip(cast, answers={"who": "me"}, text=f"{n}.").tip_id for n in range(CALLED)]
    child = a_life_safety_tip(cast).tip_id
    others = [a_life_safety_tip(cast, text=f"Also {number}.").tip_id for number in range(3)]
    for tip in (child, *others):
        claim_tip(cast.viewer("bea"), tip)
    Tip.objects.filter(pk__in=others).update(received_at=Now() - timedelta(hours=1))
    for tip in (*urgent, child):
        a_call(tip)
    Task.objects.filter(subject_id=child).update(due_at=Now() + timedelta(minutes=1))
    alice = cast.viewer("alice")
    with viewing(alice):
        assert queue_tips(alice, QueueFilter())[0].pk == child


def test_a_flood_s_calls_push_no_other_off_the_first_page(cast: Cast) -> None:
    flood = [a_life_safety_tip(cast, text=f"Flood {n}.").tip_id for n in range(CALLED + 1)]
    child = a_life_safety_tip(cast).tip_id
    for tip in (*flood, child):
        a_call(tip)
        claim_tip(cast.viewer("bea"), tip)
    Tip.objects.filter(pk__in=flood).update(similarity=b"flood")
    alice = cast.viewer("alice")
    with viewing(alice):
        assert queue_tips(alice, QueueFilter())[0].pk == child
