"""What a text says of staff: asked about rather too often than too seldom."""

from __future__ import annotations

import pytest

from upstander.mandated.naming import names_others, names_typed, offices_met, people_met
from upstander.places.people_near import Near
from upstander.places.roles import Role, TeamKind

HEAD, DESIGNEE = Role.HEAD_OF_SCHOOL, Role.DESIGNEE


def near(person_id: int, name: str) -> Near:
    return Near(person_id, name, Role.STAFF_MEMBER, 1, "Staff", TeamKind.STAFF, 1, 1)


PAULA, WILL, TOM, JOSE = (
    near(1, "Paula Renner"),
    near(2, "Will Young"),
    near(3, "Tom"),
    near(4, "José Peña-Ruiz"),
)


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("Paula Renner, our principal", [1]),
        ("it was ms renner", [1]),
        ("RENNER did it", [1]),
        ("Paula said so", [1]),
        ("paula", []),
        ("A young child will tell", []),
        ("a man, Mr. Young", [2]),
        ("jose pena ruiz", [4]),
        ("Mr. Ruiz’s room", [4]),
        ("Tom hurt him", [3]),
        ("The custodian", []),
        ("", []),
    ],
)
def test_a_colleague_is_met_by_name(text: str, met: list[int]) -> None:
    assert people_met(text, [PAULA, WILL, TOM, JOSE]) == met


@pytest.mark.parametrize(
    ("text", "offices"),
    [
        ("our Principal", {HEAD, DESIGNEE}),
        ("the vice principal", {DESIGNEE}),
        ("the headmaster", {HEAD, DESIGNEE}),
        ("the head of our school", {HEAD, DESIGNEE}),
        ("Dean Marlow", {HEAD, DESIGNEE}),
        ("el director de la escuela", {HEAD, DESIGNEE}),
        ("المدير قال لي", {HEAD, DESIGNEE}),
        ("the superintendent himself", {Role.SUPERINTENDENT}),
        ("the chair of the board", {Role.BOARD_CHAIR}),
        ("He hit his head on a chair", set()),
        ("Her uncle", set()),
    ],
)
def test_an_office_is_met_by_its_word(text: str, offices: set[Role]) -> None:
    assert offices_met(text) == offices


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Paula Renner, our principal", ["Paula Renner"]),
        ("Mr. Ray Marlow and J. Doe Smith", ["Ray Marlow", "J Doe Smith"]),
        ("The driver of bus 7", []),
        ("Coach Rey", []),
        ("it was Anna-Lena O’Neil", ["Anna-Lena O’Neil"]),
    ],
)
def test_a_name_that_is_written_out(text: str, names: list[str]) -> None:
    assert names_typed(text) == names


def test_somebody_beside_those_who_were_chosen() -> None:
    assert not names_others("Paula Renner, our principal", ["Paula Renner"])
    assert names_others("Paula Renner and Ray Marlow", ["Paula Renner"])
    assert not names_others("our principal", [])
