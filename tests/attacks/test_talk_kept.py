"""A talk is held by the center alone: what else could carry word of it to a school or district."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection

from conftest import Cast
from tests.attacks.test_told_while_unsettled import OFFICE, climbs, heard
from upstander.carriers.models import Notice
from upstander.desk.tests.tips import a_tip
from upstander.escalations.policy import Plan, PolicyStep, within_center
from upstander.escalations.tests.alerts import Clock, clock
from upstander.intake.priority import Priority
from upstander.mandated.actions.for_file import owed
from upstander.mandated.tests.test_duties import offices
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.actions.writing import add_note, add_reply
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import assess_tip, claim_tip, link_tips
from upstander.triage.tests.test_talks import a_talk, hand, says_yes

__all__ = ["clock"]

pytestmark = pytest.mark.django_db


def opened_talk(cast: Cast) -> UUID:
    """File a talk about home, which Alice has opened: she owes an answer whether she suspects."""
    offices(cast)
    tip = a_talk(cast, tile="home").tip_id
    open_tip(cast.viewer("alice"), tip)
    return tip


def test_a_counselors_silence_climbs_within_the_center_alone(cast: Cast, clock: Clock) -> None:
    opened_talk(cast)
    climbs(clock, 1, 3, 2, 19, 12)
    told = heard(cast)
    assert not {name for names in told.values() for name in names} & {*OFFICE, "dee", "tara"}, told
    assert "sam" in told["suspicion_silent_now"]
    assert "settle_asked" not in told, "nothing is there to settle"
    for name in ("cleo", "sol"):
        viewer = cast.viewer(name)
        with viewing(viewer):
            assert not owed(viewer)


def test_once_shared_it_climbs_as_that_of_any_tip(cast: Cast, clock: Clock) -> None:
    offices(cast)
    filed = a_talk(cast, tile="home")
    open_tip(cast.viewer("alice"), filed.tip_id)
    says_yes(cast, filed)
    hand(cast, filed.tip_id, "yes")
    Notice.objects.all().delete()
    climbs(clock, 1, 3, 2, 19)
    assert {name for names in heard(cast).values() for name in names} & set(OFFICE)


def test_a_centers_own_policy_phones_nobody_outside_about_a_talk() -> None:
    steps = ((0, "external:4"), (60, "center"), (120, "call_task"), (120, "supervisor"))
    plan = within_center(Plan(tuple(PolicyStep(*one) for one in steps), 240))
    assert {target for _after, target in plan.steps} == {"center", "supervisor"}
    assert [after for after, _target in plan.steps] == [0, 60, 120]


#: What any of the staff reads of whatever they have a right on, by any column of it.
_READABLE = """
SELECT table_name, string_agg(quote_ident(column_name), ', ') FROM information_schema.columns c
WHERE table_schema = 'public' AND has_column_privilege(
    format('%I.%I', table_schema, table_name), column_name, 'SELECT')
GROUP BY table_name ORDER BY table_name
"""


def read_by(cast: Cast, name: str, marks: list[str]) -> set[str]:
    """Return in which tables somebody reads any of these texts, past every page."""
    found = set()
    with viewing(cast.viewer(name)), connection.cursor() as cursor:
        cursor.execute(_READABLE)
        for table, columns in cursor.fetchall():
            cursor.execute(
                f"SELECT count(*) FROM (SELECT {columns} FROM {table}) x"
                " WHERE x::text LIKE ANY (%s)",
                [[f"%{mark}%" for mark in marks]],
            )
            if cursor.fetchone() != (0,):
                found.add(table)
    return found


@pytest.mark.parametrize("name", ["tara", "tom", "bob", "dee", "cleo", "sol"])
def test_nobody_of_school_or_district_reads_a_row_that_names_it(cast: Cast, name: str) -> None:
    offices(cast)
    filed = a_talk(cast, tile="home", answers={"who": "me", "when": "now"})
    tip = filed.tip_id
    opened = open_tip(cast.viewer("alice"), tip)
    add_reply(opened, "I am here.")
    add_note(open_tip(cast.viewer("alice"), tip), "Sleeps badly.")
    reporter.add_message(filed.session_token, "thank you")
    assess_tip(open_tip(cast.viewer("alice"), tip), {"source": "self"}, Priority.LIFE_SAFETY)
    assess_tip(open_tip(cast.viewer("alice"), tip), {"source": "self"}, Priority.URGENT)
    other = a_tip(cast)
    claim_tip(cast.viewer("alice"), other.tip_id)
    link_tips(cast.viewer("alice"), tip, other.tip_id)
    hand_off(open_tip(cast.viewer("alice"), other.tip_id), [cast.teams["cedar"].pk], "Come.")
    marks = [str(tip), Tip.objects.get(pk=tip).reference]
    assert len(read_by(cast, "bea", marks)) > 8, "the center reads it, so it would be found"
    assert read_by(cast, name, marks) == set()


@pytest.mark.parametrize(
    "path", ["/queue", "/team", "/district", "/times", "/equity", "/search?q={reference}"]
)
@pytest.mark.parametrize("name", ["tara", "tom", "dee"])
def test_no_page_of_theirs_shows_it(cast: Cast, name: str, path: str) -> None:
    tip = Tip.objects.get(pk=a_talk(cast).tip_id)
    answer = cast.client(name).get(path.format(reference=tip.reference), follow=True)
    page = answer.content.decode()
    assert str(tip.pk) not in page
    assert tip.reference not in page or "search" in path
    for address in (f"/team/{tip.pk}", f"/tips/{tip.pk}", f"/tips/{tip.pk}/handoff"):
        assert cast.client(name).get(address, follow=True).status_code in (403, 404)
