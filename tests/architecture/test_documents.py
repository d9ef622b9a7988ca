"""What the documents say of the database's functions is where they stand today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]
#: A function and the file that is said to define it.
_NAMED = re.compile(r"`(api\.[a-z_]+)` \(`([a-z_/]+\d{4}_[a-z_]+\.sql)`\)")
_NAMING = [
    (document.name, *found)
    for document in sorted((SOURCE / "docs").glob("*.md"))
    for found in _NAMED.findall(document.read_text("utf-8"))
]


def test_some_are_named() -> None:
    assert {function for _, function, _ in _NAMING} >= {"api.file_tip", "api.talk"}


@pytest.mark.parametrize(("document", "function", "file"), _NAMING)
def test_a_function_is_read_in_the_file_that_defines_it_last(
    document: str, function: str, file: str
) -> None:
    """Later migrations replace earlier ones: an auditor who reads the first reads what was."""
    defines = re.compile(rf"CREATE (OR REPLACE )?FUNCTION {re.escape(function)}\(")
    folder = (SOURCE / "upstander" / file).parent
    files = [one for one in sorted(folder.glob("*.sql")) if defines.search(one.read_text("utf-8"))]
    assert (SOURCE / "upstander" / file) == files[-1], document
