"""Somebody who hires spells a name otherwise: no letter calls its owner clear for that."""

from __future__ import annotations

from datetime import date

import pytest

from conftest import Cast
from upstander.base.refused import Refused
from upstander.mandated.register.actions import deciding, disclosing
from upstander.mandated.register.actions import entries as actions
from upstander.mandated.register.models import Disclosure
from upstander.mandated.register.tests.test_left_out import text_of
from upstander.mandated.register.tests.test_register import hand
from upstander.mandated.register.tests.test_register_pages import question
from upstander.mandated.tests.test_duties import offices
from upstander.people.models import Person

pytestmark = pytest.mark.django_db
NAME = "Paula Renner"
ALIKE = [
    "Paula Rener",
    "Paola Renner",
    "Pauline Renner",
    "Paul Renner",
    "paola rener",
    "Paul A. Renner",
]


@pytest.mark.parametrize("spelled", ALIKE)
def test_a_near_spelling_is_found_and_no_letter_says_nothing(cast: Cast, spelled: str) -> None:
    offices(cast)
    cleo = cast.viewer("cleo")
    entry = actions.file_by_hand(cleo, hand(cast, name=NAME, school_id=cast.birch.pk))
    asked = question(cast, spelled, school_id=cast.birch.pk)
    (line,) = disclosing.look(cleo, asked)
    assert (line.entry_id, line.alike) == (entry, True)
    with pytest.raises(Refused, match="left out with a reason"):
        disclosing.answer(cleo, asked, [])
    told = disclosing.answer(cleo, asked, [entry])
    assert "It is unproven" in text_of(cast, "cleo", told)


def test_alike_is_looked_for_in_that_place_and_time_alone(cast: Cast) -> None:
    offices(cast)
    cleo = cast.viewer("cleo")
    actions.file_by_hand(cleo, hand(cast, name=NAME, school_id=cast.birch.pk))
    for name, more in (
        ("Paola Renner", {"school_id": cast.cedar.pk}),
        ("Paola Renner", {"worked_until": date(2019, 6, 30)}),
        # One name in common is no near spelling.
        ("Nora Renner", {}),
        ("Paula Quill", {}),
    ):
        asked = question(cast, name, **more)
        assert not disclosing.look(cleo, asked)
        assert "Nothing." in text_of(cast, "cleo", disclosing.answer(cleo, asked, []))


def test_another_name_that_they_had_is_found_near_too(cast: Cast) -> None:
    offices(cast)
    cleo = cast.viewer("cleo")
    entry = actions.file_by_hand(cleo, hand(cast, name="Nora Quill", words={"others": NAME}))
    asked = question(cast, "Zora Vance", others="Paola Renner")
    assert [line.entry_id for line in disclosing.look(cleo, asked)] == [entry]


def test_a_letter_is_not_taken_once_an_alike_name_came(cast: Cast) -> None:
    offices(cast)
    cleo = cast.viewer("cleo")
    clean = disclosing.answer(cleo, question(cast, "Paola Renner"), [])
    assert "Nothing." in text_of(cast, "cleo", clean)
    actions.file_by_hand(cleo, hand(cast, name=NAME))
    with pytest.raises(Refused, match="answer again"):
        deciding.letter(cleo, clean)


def test_an_officer_answers_nothing_about_themselves_under_a_near_spelling(cast: Cast) -> None:
    offices(cast)
    Person.objects.filter(pk=cast.people["sol"].pk).update(name=NAME)
    with pytest.raises(Refused, match="Someone else in the office"):
        disclosing.look(cast.viewer("sol"), question(cast, "Paola Rener"))


def test_what_two_left_out_is_not_nothing(cast: Cast) -> None:
    offices(cast)
    cleo = cast.viewer("cleo")
    entry = actions.file_by_hand(cleo, hand(cast, name=NAME))
    left_out = disclosing.answer(cleo, question(cast, NAME), [], {entry: "Somebody else."})
    opened = deciding.open_disclosure(cast.viewer("sol"), left_out)
    deciding.decide(opened, agrees=True, why="")
    text = text_of(cast, "cleo", left_out)
    assert "nothing" not in text.lower()
    assert "left out" in text
    assert Disclosure.objects.get(pk=left_out).answer == "unclear"
