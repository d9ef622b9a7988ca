"""A time ends with a full stop of its own ("4:08 a.m."): no text sets another behind it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
#: A time that ends a sentence, in a template and in a text that code fills.
_TWO_STOPS = re.compile(
    r"\{\{ ?(at|when|since|until|moment|clock|[a-z]+_at)( ?\|[^}]*)? ?\}\}\.(?=\s|<|$)"
    r"|\{% ago [^%]* ?%\}\.(?=\s|<|$)"
    r"|%\((at|when|since|until|moment|clock|[a-z]+_at)\)s\.(?=\s|\"|$)"
)
#: Days, not times of day.
_DAYS = {"{{ made_at }}.", "{{ published_at }}."}


@pytest.mark.parametrize("kind", ["*.html", "*.py"])
def test_no_sentence_ends_with_a_time_and_a_second_full_stop(kind: str) -> None:
    wrong = [
        f"{path.relative_to(HERE)}: {found[0]}"
        for path in sorted(HERE.rglob(kind))
        if "tests" not in path.parts
        for found in _TWO_STOPS.finditer(path.read_text())
        if found[0] not in _DAYS
    ]
    assert wrong == []
