"""Who sees a duty, gets its copy, opens the register, is told of a second allegation: one table."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.mandated.recipients import Officer, copy_goes_to, recipients
from upstander.mandated.register.rules import readers, told_of_second
from upstander.people.roles import DISTRICT_OFFICE, Role

CEDAR, BIRCH = 1, 2
#: Everybody whom the table names, by person.
PEOPLE = {
    "head": Officer(10, Role.HEAD_OF_SCHOOL, CEDAR),
    "designee": Officer(11, Role.DESIGNEE, CEDAR),
    "lead": Officer(12, Role.COMPLIANCE_LEAD, None),
    "superintendent": Officer(13, Role.SUPERINTENDENT, None),
    "chair": Officer(14, Role.BOARD_CHAIR, None),
    "other_head": Officer(15, Role.HEAD_OF_SCHOOL, BIRCH),
}
IDS = {name: one.person_id for name, one in PEOPLE.items()} | {"teacher": 20, "teacher2": 21}
NAMES = {person: name for name, person in IDS.items()}

with (Path(__file__).parent / "recipients.csv").open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))


@pytest.mark.parametrize("row", ROWS, ids=[row["case"] for row in ROWS])
def test_the_table(row: dict[str, str]) -> None:
    officers = [PEOPLE[name] for name in row["offices"].split()] + [PEOPLE["other_head"]]
    accused = [IDS[name] for name in row["accused"].split()]

    def named(people: tuple[int, ...]) -> str:
        return " ".join(NAMES[person] for person in people)

    assert named(recipients(officers, school_id=CEDAR, accused=accused)) == row["sees the duty"]
    copy = copy_goes_to(
        officers, school_id=CEDAR, accused=accused, owner=IDS[row["owes the report"]]
    )
    assert (NAMES[copy] if copy else "") == row["copy of the written report"]
    assert named(readers(officers, accused)) == row["register opens for"]
    assert named(told_of_second(officers, accused)) == row["told of a second allegation"]


OFFICERS = st.lists(
    st.builds(
        Officer,
        st.integers(1, 8),
        st.sampled_from(
            [
                Role.HEAD_OF_SCHOOL,
                Role.DESIGNEE,
                Role.COMPLIANCE_LEAD,
                Role.SUPERINTENDENT,
                Role.BOARD_CHAIR,
            ]
        ),
        st.sampled_from([None, CEDAR, BIRCH]),
    ).filter(
        lambda one: (
            (one.school_id is None) == (one.role not in (Role.HEAD_OF_SCHOOL, Role.DESIGNEE))
        )
    ),
    max_size=8,
)


@given(OFFICERS, st.sets(st.integers(1, 8), max_size=4), st.integers(1, 8))
def test_whatever_the_offices_no_accused_is_told_and_nobody_judges_their_superior(
    officers: list[Officer], accused: set[int], owner: int
) -> None:
    seen = recipients(officers, school_id=CEDAR, accused=accused)
    copy = copy_goes_to(officers, school_id=CEDAR, accused=accused, owner=owner)
    opens, told = readers(officers, accused), told_of_second(officers, accused)
    assert not accused & {*seen, *opens, *told, copy}
    assert copy is None or (copy in seen and copy != owner)
    assert set(told) <= set(opens)
    named = {one.person_id for one in officers if one.role in DISTRICT_OFFICE}
    assert set(opens) <= named
    superintendent = any(
        one.role == Role.SUPERINTENDENT and one.person_id in accused for one in officers
    )
    if superintendent:
        leads = {one.person_id for one in officers if one.role == Role.COMPLIANCE_LEAD}
        assert not leads & {*opens, *told}
        # Everybody but the chair, or a second one beside them, depends on them: in a school too.
        over = (Role.BOARD_CHAIR, Role.SUPERINTENDENT)
        assert set(seen) <= {one.person_id for one in officers if one.role in over}
    # As long as anybody may open it, somebody is told of a second.
    assert bool(told) == bool(opens)
