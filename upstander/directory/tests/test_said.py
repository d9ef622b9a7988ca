"""What parents and children write: none of it leads to another need first.

``said.csv`` was written for this, in the words of whoever wrote it; no native reader of Spanish
or Arabic has read it yet.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from upstander.directory.vocabulary import NEEDS, needs_meant


def test_what_is_said_leads_to_its_need_first() -> None:
    with (Path(__file__).parent / "said.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["language"], row["said"]) for row in rows}) == len(rows) >= 300
    assert {row["need"] for row in rows} <= set(NEEDS)
    found = [(row, [need.key for need in needs_meant(row["said"])[0]]) for row in rows]
    assert [(row, keys) for row, keys in found if keys[:1] != [row["need"]]] == []


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        # In doubt the gravest first, also beside what looks alike.
        ("me muero de hambre y mi hija no quiere vivir", "suicide food"),
        ("my car died and my son wants to die", "suicide transport"),
        # What looks grave and is not.
        ("my phone died", ""),
        ("my car died", "transport"),
        ("me muero de hambre", "food"),
        ("se corta la luz", "utilities"),
        # Misspelt, as it sounds, in short.
        ("my son is suicidle", "suicide"),
        ("mi ijo no kiere bibir", "suicide"),
        ("she wants 2 die n she cuts herslef", "suicide"),
        # Words of a need beside another's: the phrase is meant.
        ("salud mental para mi hijo", "crisis"),
    ],
)
def test_doubt_and_likeness(said: str, keys: str) -> None:
    assert " ".join(need.key for need in needs_meant(said)[0]) == keys
