"""Today's "next" is the gravest and soonest of all that waits for somebody, tips among it."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.cases.actions.support import add_action
from upstander.cases.tests.story import begin, opened
from upstander.desk.tests.story import handed_off
from upstander.emergency.tests.story import claimed, handed
from upstander.escalations.actions.alerts import acknowledge
from upstander.escalations.models import Acknowledgement, Alert
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.people.scope import viewing
from upstander.plug import ToDo, to_do

pytestmark = pytest.mark.django_db


def waiting(cast: Cast, name: str) -> list[ToDo]:
    viewer = cast.viewer(name)
    with viewing(viewer) as now:
        return to_do(viewer, now)


def test_a_life_safety_tip_of_the_team_stands_before_all_else(cast: Cast) -> None:
    offices(cast)
    suspect(cast, "tom")
    opened = claimed(cast)
    assert "/team/" not in waiting(cast, "tom")[0].path
    handed(cast, opened, "cedar")
    first = waiting(cast, "tom")[0]
    assert (first.path, first.grave) == (f"/team/{opened.tip.pk}", True)
    assert first.words.startswith("Nobody has it yet")
    page = cast.client("tom").get("/today").content.decode().split('id="then"')[0]
    assert opened.tip.reference in page
    assert "Life safety" in page

    alert = Alert.objects.get(subject_id=opened.tip.pk, stage=Alert.Stage.SCHOOL)
    acknowledge(cast.viewer("tom"), alert.pk, Acknowledgement.Answer.HAVE_IT)
    first = waiting(cast, "tom")[0]
    assert first.words.startswith("You have it, and its next step is due")
    assert first.due is not None
    # A colleague has it: nothing of it waits for the others.
    assert all(opened.tip.reference not in one.words for one in waiting(cast, "tara"))


def test_a_district_lead_reads_that_nobody_has_a_tip_of_a_school(cast: Cast) -> None:
    assert waiting(cast, "dee") == []
    opened = claimed(cast)
    handed(cast, opened, "cedar")
    [one] = waiting(cast, "dee")
    assert (one.path, one.grave) == ("/district", True)
    assert "1 tip" in one.words
    assert "Nothing is waiting for you" not in cast.client("dee").get("/today").content.decode()


def test_a_compliance_lead_reads_of_a_report_before_it_is_late(cast: Cast) -> None:
    offices(cast)
    assert waiting(cast, "cleo") == []
    suspect(cast, "tess")
    [one] = waiting(cast, "cleo")
    assert (one.path, one.late) == ("/ledger", False)
    assert one.due is not None


def test_what_nobody_has_stands_above_follow_ups_that_are_due_in_weeks(cast: Cast) -> None:
    offices(cast)
    case = begin(cast, "tom")
    add_action(opened(cast, "tom", case), "check_in", within=21 * 24)
    assert [one.path for one in waiting(cast, "tom")] == [f"/cases/{case}"]
    tip = handed_off(cast, tile="bullying", when="past")
    paths = [one.path for one in waiting(cast, "tom")]
    assert paths == [f"/team/{tip.tip_id}", f"/cases/{case}"]
    # A routine tip has no time of its own that a school may know: it counts as due now.
    assert waiting(cast, "tom")[0].due is None
