"""What the documents say of the database's functions is where they stand today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]
#: A function and the file that is said to define it.
_NAMED = re.compile(r"`((?:api\.)?[a-z_]+)` \(`([a-z_/]+/sql/functions/[a-z_.]+\.sql)`\)")
_NAMING = [
    (document.name, *found)
    for document in sorted((SOURCE / "docs").glob("*.md"))
    for found in _NAMED.findall(document.read_text("utf-8"))
]


def test_some_are_named() -> None:
    assert {function for _, function, _ in _NAMING} >= {"api.file_tip", "api.talk"}


@pytest.mark.parametrize(("document", "function", "file"), _NAMING)
def test_a_function_is_read_in_the_file_that_defines_it(
    document: str, function: str, file: str
) -> None:
    """There is one: an auditor who opens it reads what is in force."""
    text = (SOURCE / "upstander" / file).read_text("utf-8")
    assert f"CREATE OR REPLACE FUNCTION {function}(" in text, document


def test_migrations_hold_no_function_trigger_policy_or_grant() -> None:
    """These have one text, beside the app. None is called there either: it may be another one now.

    A migration that called a function would do something else on each release it is run by.
    """
    kept = re.compile(r"\b(FUNCTION|TRIGGER|POLICY|GRANT|REVOKE|PERFORM)\b|\bapi\.")
    for file in (SOURCE / "upstander").rglob("migrations/*.py"):
        assert not kept.search(file.read_text("utf-8")), file
    assert not list((SOURCE / "upstander").rglob("migrations/*.sql"))
