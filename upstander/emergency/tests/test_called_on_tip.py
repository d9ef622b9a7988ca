"""Once somebody has called 911, the tip's page says so first, and orders no call any more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from conftest import Cast
from upstander.base.moment import database_now
from upstander.emergency.actions.help import decide_911, record_call
from upstander.emergency.models import Call
from upstander.emergency.tests.story import LINES, a_tip
from upstander.escalations.actions.reading import Decision
from upstander.escalations.actions.tasks import open_task
from upstander.escalations.models import Task
from upstander.escalations.tests.alerts import Carrier, work
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip

READ = "Read it, then decide about 911"
AGAIN = "Something has changed: decide about 911 again"


@pytest.fixture
def now_ticked(cast: Cast, carrier: Carrier) -> UUID:
    """A tip that its reporter ticked as happening now, before which the worker has been."""
    tip_id = a_tip(cast, tile="attack", when="now")
    work()
    return tip_id


def page_of(cast: Cast, name: str, tip_id: UUID) -> str:
    """The first-minute panel as ``name`` sees it, its white space folded."""
    page = cast.client(name).get(f"/tips/{tip_id}").content.decode()
    return " ".join(page[page.index('data-panel="now"') :].split())


def call(cast: Cast, tip_id: UUID, **facts: Any) -> Call:
    given: dict[str, Any] = {"line": Call.Line.E911, "police": False, "danger_now": False}
    return record_call(open_tip(cast.viewer("alice"), tip_id), LINES, **given | facts)


def test_who_called_and_when_stands_first(cast: Cast, now_ticked: UUID) -> None:
    before = page_of(cast, "alice", now_ticked)
    assert "911: called" not in before
    assert AGAIN not in before
    call(cast, now_ticked)
    for name in ("alice", "bea"):
        page = page_of(cast, name, now_ticked)
        said = page.index("911: called")
        assert cast.people["alice"].name in page[said : said + 80]
        assert said < page.index(AGAIN) < page.index("why not now")
        confirm = page.index("Confirm that help arrived")
        assert "911: called" in page[confirm : page.index("Nobody has taken this task")]


def test_who_decided_not_now_and_why_stands_beside_it_and_the_form_steps_back(
    cast: Cast, now_ticked: UUID
) -> None:
    assert READ in page_of(cast, "alice", now_ticked)
    decide_911(open_tip(cast.viewer("bea"), now_ticked), Decision.NOT_NOW, "She is at home.")
    for name in ("alice", "bea"):
        page = page_of(cast, name, now_ticked)
        said = page.index("911 is not called now")
        assert cast.people["bea"].name in page[said - 200 : said]
        assert "She is at home." in page[said : said + 200]
        assert said < page.index(AGAIN) < page.index("why not now")
        assert READ not in page
    call(cast, now_ticked)
    page = page_of(cast, "bea", now_ticked)
    assert "911 is not called now" not in page, "by now somebody called"
    assert page.index("911: called") < page.index(AGAIN)
    assert READ not in page


def test_a_call_to_someone_else_leaves_911_asked(cast: Cast, now_ticked: UUID) -> None:
    """Nor does one of which nobody said whom."""
    opened = open_tip(cast.viewer("alice"), now_ticked)
    claim_tip(cast.viewer("alice"), now_ticked)
    hand_off(opened, [cast.teams["cedar"].pk], "Brief.")
    call(cast, now_ticked, line=Call.Line.OTHER)
    page = page_of(cast, "bea", now_ticked)
    assert "911: called" not in page
    assert "Someone else: called" in page
    assert "Decide about 911" in page
    assert AGAIN not in page
    team = cast.client("tom").get(f"/team/{now_ticked}").content.decode()
    assert "Someone else: by the crisis center" in team
    assert "Call 911 again" not in team
    assert "call 911 again" not in team


def test_asked_anew_the_decision_stands_open_again(cast: Cast, now_ticked: UUID) -> None:
    call(cast, now_ticked)
    tip, now = Tip.objects.get(pk=now_ticked), database_now()
    open_task(
        Task.Kind.DECIDE_911,
        subject_id=tip.pk,
        matter_id=tip.matter_id,
        district_id=tip.district_id,
        due_at=now,
        now=now,
    )
    page = page_of(cast, "bea", now_ticked)
    assert page.index("911: called") < page.index("Something more serious has come in since")
    assert AGAIN not in page
    assert "why not now" in page
