"""While the center settles who must not see a matter, nobody new is let in to its case."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from conftest import Cast
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.cases.actions import newcomers
from upstander.cases.actions.sharing import begin_inner, hand_over, name_inner, share_case
from upstander.cases.actions.together import add_tip
from upstander.cases.models import Case
from upstander.cases.tests.story import begin, opened, sees, teacher
from upstander.desk.tests.test_must_not_see import claimed, hand
from upstander.desk.tests.test_not_see_linked import dismissed, hears
from upstander.people import factories
from upstander.people.roles import Role
from upstander.people.scope import viewing
from upstander.tips.opening import open_tip

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> tuple[UUID, UUID]:
    """A case and its tip: the team had it when its reporter named somebody."""
    tip = claimed(cast, said="no")
    hand(cast, tip)
    of_tip = begin(cast, concern=Case.Concern.ABUSE)
    tara = opened(cast, "tara", of_tip)
    add_tip(tara, open_tip(tara.viewer, tip))
    begin_inner(opened(cast, "tara", of_tip))
    hears(cast, tip, "The coach")
    return of_tip, tip


def test_no_case_is_shared_before_it_is_settled(cast: Cast, case: tuple[UUID, UUID]) -> None:
    of_tip, tip = case
    person, until = teacher(cast), database_now() + timedelta(days=2)
    with pytest.raises(Refused, match="must settle first"):
        share_case(opened(cast, "tara", of_tip), person, "Teaches the class.", until)
    assert not sees(cast.viewer("tess"), of_tip)
    dismissed(cast, tip)
    share_case(opened(cast, "tara", of_tip), person, "Teaches the class.", until)
    assert sees(cast.viewer("tess"), of_tip)


def test_nobody_comes_into_its_narrower_part_meanwhile(cast: Cast, case: tuple[UUID, UUID]) -> None:
    of_tip, tip = case
    tom = cast.people["tom"].pk
    for let_in in (name_inner, hand_over):
        with pytest.raises(Refused, match="must settle first"):
            let_in(opened(cast, "tara", of_tip), tom)
    dismissed(cast, tip)
    hand_over(opened(cast, "tara", of_tip), tom)
    assert Case.objects.get(pk=of_tip).owner_id == tom


def test_whoever_joins_the_team_meanwhile_is_not_let_in(
    cast: Cast, case: tuple[UUID, UUID]
) -> None:
    of_tip, tip = case
    person = cast.people["nina"] = factories.make_person("Nina Quill", cast.keys)
    factories.join(person, cast.teams["cedar"], Role.TEAM_MEMBER, cast.keys)
    tara = cast.viewer("tara")
    with viewing(tara):
        matter = Case.objects.get(pk=of_tip).matter_id
    assert newcomers.compare(tara, person.pk) == 0
    with pytest.raises(Refused, match="must settle first"):
        newcomers.let_in(tara, person.pk, matter, "Nobody calls her a coach.")
    assert not sees(cast.viewer("nina"), of_tip)
    dismissed(cast, tip)
    assert newcomers.compare(tara, person.pk) > 0
    assert sees(cast.viewer("nina"), of_tip)
