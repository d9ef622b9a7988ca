"""Names that a text writes out."""

from __future__ import annotations

import pytest

from upstander.mandated.naming import names_others, names_typed


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
