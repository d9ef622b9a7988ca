"""Whoever is shown a case is compared with all that stands in it, whenever that was written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from conftest import Cast
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.cases.actions.sharing import begin_inner, hand_over, share_case
from upstander.cases.actions.timeline import add_item, read_items
from upstander.cases.models import Case, CaseItem
from upstander.cases.tests.story import begin, opened, sees, teacher
from upstander.matters.models import Exclusion
from upstander.people.models import Person
from upstander.people.scope import viewing

pytestmark = pytest.mark.django_db

WORDS = "The pupil says Terry Voss did it."


def terry(cast: Cast) -> int:
    """Name a member of staff who is in no team that has the case."""
    person = teacher(cast)
    Person.objects.filter(pk=person).update(name="Terry Voss")
    return person


def share(cast: Cast, case: UUID, person: int, **more: Any) -> Any:
    until = (database_now() + timedelta(days=2)).date().isoformat()
    sent = {"person": person, "until": until, "words": "Teaches the class."} | more
    return cast.client("tara").post(f"/cases/{case}/share", sent)


@pytest.mark.parametrize("concern", [Case.Concern.ABUSE, Case.Concern.BULLYING])
def test_a_case_is_shared_with_whom_it_names_only_after_somebody_said_that_it_isnt_about_them(
    cast: Cast, concern: Case.Concern
) -> None:
    person = terry(cast)
    case = begin(cast, "tara", concern=concern)
    add_item(opened(cast, "uma", case), "note", {"words": WORDS})
    asked = share(cast, case, person)
    assert asked.status_code == 422
    assert "Terry Voss" in asked.content.decode()
    assert not sees(cast.viewer("tess"), case)
    tara, until = opened(cast, "tara", case), database_now() + timedelta(days=2)
    with pytest.raises(Refused, match="may be about them"):
        share_case(tara, person, "Why", until)
    said = {"meant": "not", "asked_about": str(person)}
    assert share(cast, case, person, **said).status_code == 422, "how that is known is wanted"
    why = "Said it of himself as a witness"
    assert share(cast, case, person, **said, meant_why=why).status_code == 302
    assert sees(cast.viewer("tess"), case)
    with viewing(tara.viewer):
        assert read_items(tara)[-1].words["mentioned"] == why
    assert why in cast.client("tara").get(f"/cases/{case}").content.decode()


def test_whom_it_is_about_is_kept_out_and_nothing_is_shared(cast: Cast) -> None:
    person = terry(cast)
    case = begin(cast, "tara", concern=Case.Concern.BULLYING)
    add_item(opened(cast, "uma", case), "note", {"words": WORDS})
    said = {"meant": "out", "meant_people": [person], "asked_about": str(person)}
    answer = share(cast, case, person, **said)
    assert answer.status_code == 302
    assert not sees(cast.viewer("tess"), case)
    assert Exclusion.objects.count() == 1
    assert not CaseItem.objects.filter(kind="shared").exists()


def test_words_of_the_sharing_itself_and_readers_whom_they_mean_are_one_question(
    cast: Cast,
) -> None:
    person = terry(cast)
    Person.objects.filter(pk=cast.people["tom"].pk).update(name="Theo Tomson")
    case, tom = begin(cast, "tara", concern=Case.Concern.ABUSE), cast.people["tom"].pk
    words = "To ask Terry Voss about Mr. Tomson"
    asked = share(cast, case, person, words=words)
    assert asked.status_code == 422
    assert sorted(asked.context["form"].people) == sorted([person, tom])
    said = {"meant": "out", "meant_people": [tom], "asked_about": f"{person} {tom}"}
    share(cast, case, person, words=words, **said, meant_why="He saw it")
    assert not sees(cast.viewer("tom"), case)


def test_whoever_is_let_in_or_leads_next_is_compared_with_the_narrower_part(cast: Cast) -> None:
    Person.objects.filter(pk=cast.people["tom"].pk).update(name="Theo Tomson")
    tom = cast.people["tom"].pk
    case, client = begin(cast, "tara"), cast.client("tara")
    inner = begin_inner(opened(cast, "tara", case))
    add_item(inner, "note", {"words": "It was Mr. Tomson"}, inner=True)
    assert client.post(f"/cases/{case}/let-in", {"person": tom}).status_code == 422
    assert client.post(f"/cases/{case}/lead", {"person": tom}).status_code == 422
    tara = opened(cast, "tara", case)
    with pytest.raises(Refused, match="may be about them"):
        hand_over(tara, tom)
    assert Case.objects.get(pk=case).owner_id == cast.people["tara"].pk
    said = {"meant": "not", "asked_about": str(tom), "meant_why": "He heard of it"}
    assert client.post(f"/cases/{case}/let-in", {"person": tom, **said}).status_code == 302
    other = {"person": cast.people["uma"].pk}
    assert client.post(f"/cases/{case}/lead", other).status_code == 302
