"""A case from tips: opened by the team, seen by nobody whom a tip bars, told of in plain words."""

from __future__ import annotations

from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import Http404

from conftest import Cast
from upstander.cases.dispositions import words_for_reporter
from upstander.cases.ending import close_case, reopen_case
from upstander.cases.models import Case, CaseTip
from upstander.cases.opening import NewCase, case_for, open_case, open_the_case
from upstander.cases.support import answer_home, finish_action, home_said, todos
from upstander.cases.timeline import read_items
from upstander.cases.together import add_tip
from upstander.desk.tests.story import Handed, handed_off
from upstander.places.keys import person_mac
from upstander.places.models import FolderGrant, MatterBar
from upstander.places.scope import Viewer, viewing
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.tips.public.told import told
from upstander.tips.reporter import dialog_for


def form(tip: Handed | None = None, **more: Any) -> dict[str, Any]:
    return {
        "concern": "self_harm", "why": "The team wants to keep an eye on it.",
        "tips": [str(tip.tip_id)] if tip else [],
    } | more  # fmt: skip


def from_tip(cast: Cast, tip: Handed, who: str = "tom", **more: Any) -> UUID:
    client = cast.client(who)
    sent = form(tip, team=cast.teams["cedar"].pk, **more)
    response = client.post("/cases/new", sent)
    assert response.status_code == 302, response.content.decode()
    return UUID(response.headers["Location"].rsplit("/", 1)[1])


def sees(viewer: Viewer, case: UUID) -> bool:
    with viewing(viewer):
        try:
            case_for(viewer, case)
        except Http404:
            return False
    return True


@pytest.mark.django_db
def test_a_team_opens_a_case_from_a_tip(cast: Cast) -> None:
    tip = handed_off(cast)
    tom = cast.client("tom")
    page = unescape(tom.get(f"/team/{tip.tip_id}").content.decode())
    assert f"/cases/new?tip={tip.tip_id}" in page
    offered = unescape(tom.get(f"/cases/new?tip={tip.tip_id}").content.decode())
    assert tip.reference in offered
    case = from_tip(cast, tip)
    row = Case.objects.get(pk=case)
    assert row.matter_id == Tip.objects.get(pk=tip.tip_id).matter_id
    shown = unescape(tom.get(f"/cases/{case}").content.decode())
    assert tip.reference in shown
    assert tip.text not in shown
    assert row.reference in unescape(tom.get(f"/team/{tip.tip_id}").content.decode())
    assert all(sees(cast.viewer(name), case) for name in ("tom", "uma", "tara"))
    assert not any(sees(cast.viewer(name), case) for name in ("bob", "dee", "charlie", "paul"))
