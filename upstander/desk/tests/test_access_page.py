"""Who opened what their own team doesn't have, as those who lead read it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from upstander.audit.models import Entry
from upstander.desk.access import ELSEWHERE, why_outside
from upstander.desk.tests.story import handed_off
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import OwnMembership, Viewer
from upstander.tips.models import Tip
from upstander.tips.opening import NotGranted, open_tip
from upstander.tips.states import TipState

THEN = datetime(2026, 11, 25, 12, tzinfo=UTC)
CENTER, CEDAR, BIRCH, OFFICE = 1, 2, 3, 4
ALICE, BEA = 10, 11


def leader(kind: TeamKind, team: int) -> Viewer:
    membership = OwnMembership(team, "T", kind, Role.TEAM_LEAD, None, None, None)
    return Viewer(99, b"", kind, "", (membership,))


@pytest.mark.parametrize(
    ("kind", "team", "opener", "teams", "minutes", "why"),
    [
        # A supervisor: colleagues in what another has claimed, and whoever has no team with it.
        (TeamKind.CENTER, CENTER, ALICE, {CENTER}, 5, ""),
        (TeamKind.CENTER, CENTER, BEA, {CENTER}, 5, "claimed by someone else"),
        (TeamKind.CENTER, CENTER, BEA, {CENTER}, -5, ""),
        (TeamKind.CENTER, CENTER, 20, {CEDAR}, 5, ""),
        (TeamKind.CENTER, CENTER, 20, {CEDAR}, -5, "not assigned to any of their teams"),
        (TeamKind.CENTER, CENTER, 21, {BIRCH}, 5, "not assigned to any of their teams"),
        (TeamKind.CENTER, CENTER, 22, {ELSEWHERE}, 5, "not assigned to any of their teams"),
        # A team's lead: whoever is not of the team, once it had the tip.
        (TeamKind.SCHOOL, CEDAR, 20, {CEDAR}, 5, ""),
        (
            TeamKind.SCHOOL,
            CEDAR,
            ALICE,
            {ELSEWHERE},
            5,
            "not on your team, opened after your team had it",
        ),
        (TeamKind.SCHOOL, CEDAR, ALICE, {ELSEWHERE}, -5, ""),
        (TeamKind.SCHOOL, BIRCH, ALICE, {CENTER}, 5, ""),
        # A district's lead: the center is at home everywhere, a school where the tip went.
        (TeamKind.DISTRICT, OFFICE, 20, {CEDAR}, 5, ""),
        (TeamKind.DISTRICT, OFFICE, 21, {BIRCH}, 5, "not assigned to any of their teams"),
        (TeamKind.DISTRICT, OFFICE, 99, {OFFICE}, 5, "not assigned to any of their teams"),
        (TeamKind.DISTRICT, OFFICE, ALICE, {ELSEWHERE}, 5, ""),
    ],
)
def test_why_an_opening_is_listed(
    kind: TeamKind, team: int, opener: int, teams: set[int], minutes: int, why: str
) -> None:
    tip = Tip(claimed_by=ALICE, claimed_at=THEN, state=TipState.CLAIMED)
    entry = Entry(actor_id=opener, at=THEN + timedelta(minutes=minutes))
    held = {CEDAR: THEN}
    assert why_outside(leader(kind, team), frozenset(teams), tip, held, entry) == why


def page(cast: Cast, name: str) -> str:
    response = cast.client(name).get("/record/access")
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_a_supervisor_sees_who_was_in_a_colleague_s_tip_and_who_tried(cast: Cast) -> None:
    told = handed_off(cast)
    assert "No one" in page(cast, "sam")
    open_tip(cast.viewer("bea"), told.tip_id, purpose="note")
    with suppress(NotGranted):
        open_tip(cast.viewer("dee"), told.tip_id)
    html = page(cast, "sam")
    assert told.reference in html
    for words in (
        "Bea",
        "note",
        "claimed by someone else",
        "Dee",
        "not assigned to any of their teams",
    ):
        assert words in html
    html = page(cast, "dee")
    assert "Dee" in html
    assert "not assigned to any of their teams" in html


def test_a_lead_sees_openings_from_outside_with_coarse_times(cast: Cast) -> None:
    told = handed_off(cast, tile="bullying")
    open_tip(cast.viewer("tom"), told.tip_id)
    assert "No one" in page(cast, "tara")
    with connection.cursor() as cursor:
        # What is opened in the second of the hand-off counts as part of it.
        cursor.execute("UPDATE tips_recipient SET since = since - interval '1 minute'")
    open_tip(cast.viewer("bea"), told.tip_id, purpose="reply")
    html = page(cast, "tara")
    assert "not on your team, opened after your team had it" in html
    assert ":" not in html.split('data-label="Last opened">')[1].split("<")[0]


def test_who_leads_nothing_or_is_excluded_sees_none_of_it(cast: Cast) -> None:
    for name in ("alice", "tom", "ada"):
        assert cast.client(name).get("/record/access").status_code == 403
    told = handed_off(cast)
    open_tip(cast.viewer("bea"), told.tip_id)
    assert told.reference not in page(cast, "pia")


def test_the_page_asks_as_little_for_many_as_for_one(cast: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(cast, "sam")
        return len(queries)

    open_tip(cast.viewer("bea"), handed_off(cast).tip_id)
    asked()  # what is kept from page to page is there by then
    one = asked()
    for _ in range(3):
        open_tip(cast.viewer("bea"), handed_off(cast).tip_id)
    assert asked() == one
