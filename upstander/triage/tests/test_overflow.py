"""Five of a kind stand within a quarter of an hour; what is behind comes up, and never back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from upstander.triage.overflow import STAND, WITHIN, Kind, Waiting, behind_five, with_rest

START = datetime(2026, 3, 4, 9, tzinfo=UTC)
KIND = Kind(0, False, False, False, 1, 7, "threat")


def came(*seconds: int, kind: Kind = KIND, first: int = 0) -> list[Waiting]:
    return [
        Waiting(UUID(int=first + number), kind, START + timedelta(seconds=one))
        for number, one in enumerate(seconds)
    ]


def test_the_sixth_within_a_quarter_waits() -> None:
    assert behind_five(came(0, 1, 2, 3, 4)) == {}
    assert behind_five(came(0, 1, 2, 3, 4, 899, 900)) == {KIND: [UUID(int=5), UUID(int=6)]}
    assert behind_five(came(0, 1, 2, 3, 4, 900)) == {}


def test_what_differs_takes_no_place_of_another() -> None:
    others = [
        KIND._replace(**one)
        for one in (
            {"rank": 1},
            {"in_crowd": True},
            {"happening_now": True},
            {"soon": True},
            {"district_id": 2},
            {"school_id": 8},
            {"tile": "home"},
        )
    ]
    flood = came(*range(9))
    apart = [one for n, kind in enumerate(others) for one in came(9, kind=kind, first=100 + n)]
    assert set(behind_five([*flood, *apart])) == {KIND}


@given(st.lists(st.integers(0, 3600), max_size=30), st.lists(st.integers(0, 29), max_size=10))
def test_whatever_is_claimed_none_goes_behind(seconds: list[int], claimed: list[int]) -> None:
    waiting = came(*seconds)
    was = set(behind_five(waiting).get(KIND, []))
    left = [one for number, one in enumerate(waiting) if number not in claimed]
    now = set(behind_five(left).get(KIND, []))
    assert now <= was
    for one in left:
        before = [other for other in left if (other.received_at, other.tip) < one[2:] + one[:1]]
        near = [other for other in before if one.received_at - other.received_at < WITHIN]
        assert (one.tip in now) == (len(near) >= STAND)


def test_rows_of_others_stand_before_it() -> None:
    rows: list[Any] = [SimpleNamespace(rank=rank) for rank in (0, 0, 1, 2)]
    rest: list[Any] = [SimpleNamespace(rank=rank, rest=True) for rank in (0, 0, 1)]
    shown = with_rest(rows, rest)
    assert shown == [*rows[:2], *rest[:2], rows[2], rest[2], rows[3]]
    assert with_rest([], rest) == rest
    # In a surge what is being phoned about stands first, however grave.
    assert with_rest([rows[2], rows[0]], rest[:1]) == [rows[2], rows[0], rest[0]]
