"""Checking what was kept: an entry against itself, a saved file against the record."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Cast
from upstander.audit.actions import record
from upstander.audit.models import Entry
from upstander.audit.queries import Wanted, check_lines, entries, is_whole, leaf_of
from upstander.audit.tickets import number_of, ticket_of

KEY = b"k" * 32


@dataclass(frozen=True)
class Somebody:
    actor_kind: str = "staff"
    actor_id: int | None = 7


def an_entry(cast: Cast) -> Entry:
    record(
        "tip filed",
        actor=Somebody(),
        subject_kind="tip",
        subject_id=uuid4(),
        district_id=cast.maple.pk,
        matter_id=uuid4(),
        detail={"priority": "urgent"},
    )
    return Entry.objects.latest("pk")


def line_of(entry: Entry, /, **changed: object) -> str:
    whole = {
        "entry": ticket_of(KEY, entry.pk),
        "canonical": entry.canonical,
        "leaf": bytes(entry.leaf).hex(),
    }
    return json.dumps(whole | changed)


def verdicts(*lines: str) -> list[str]:
    return [checked.verdict for checked in check_lines(lines, KEY)]


def test_an_entry_agrees_with_itself(cast: Cast) -> None:
    assert is_whole(an_entry(cast))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "nothing"),
        ("actor_id", 5),
        ("subject_id", "other"),
        ("district_id", None),
        ("detail", {"priority": "routine"}),
        ("canonical", "{}"),
        ("canonical", "no json"),
        ("leaf", b"\0" * 32),
        ("at", None),
    ],
)
def test_any_changed_column_shows(cast: Cast, column: str, value: object) -> None:
    entry = an_entry(cast)
    setattr(entry, column, entry.at.replace(year=2001) if column == "at" else value)
    assert not is_whole(entry)


def test_a_saved_file_stands(cast: Cast) -> None:
    entry = an_entry(cast)
    without_text = json.dumps(
        {"entry": ticket_of(KEY, entry.pk), "leaf": bytes(entry.leaf).hex(), "when": "…"}
    )
    assert verdicts(line_of(entry), "", without_text, '{"more_before": "0"}') == ["same", "same"]


def test_what_was_changed_in_the_file_or_in_the_record_shows(cast: Cast) -> None:
    entry = an_entry(cast)
    changed = entry.canonical.replace("tip filed", "tip foiled")
    assert verdicts(line_of(entry, canonical=changed)) == ["altered"]
    # As if the record had been changed after the file was saved: text and hash fit each other.
    assert verdicts(line_of(entry, canonical=changed, leaf=leaf_of(changed).hex())) == ["differs"]
    assert verdicts(line_of(entry, entry=ticket_of(KEY, 10**9))) == ["unseen"]


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        "1",
        "null",
        '"x"',
        "{}",
        '{"entry": 1, "leaf": "x"}',
        "[" * 5000,
        '{"entry": "zz", "leaf": ""}',
        '{"entry": "0000000000000000", "leaf": 1}',
        '{"entry": "x", "leaf": "x", "canonical": 5}',
        "NaN",
    ],
)
def test_hostile_lines_are_just_no_lines(cast: Cast, line: str) -> None:
    assert verdicts(line) == ["unread"]


def test_half_a_character_is_an_altered_text(cast: Cast) -> None:
    line = line_of(an_entry(cast)).replace("tip filed", "\\ud800")
    assert verdicts(line) == ["altered"]


def test_filters_narrow(cast: Cast) -> None:
    first, second = an_entry(cast), an_entry(cast)
    everything = list(entries(Wanted()))
    assert everything[0] == second
    assert next(iter(entries(Wanted(before=second.pk, action="tip filed")))) == first
    assert list(entries(Wanted(subject_id=first.subject_id))) == [first]
    assert not entries(Wanted(actor_kind="system", subject_id=first.subject_id)).exists()


@given(st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_ticket_leads_back(number: int, key: bytes) -> None:
    assert number_of(key, ticket_of(key, number)) == number


def test_tickets_tell_no_order() -> None:
    tickets = [ticket_of(KEY, number) for number in range(1, 400)]
    assert len(set(tickets)) == len(tickets)
    rising = sum(a < b for a, b in itertools.pairwise(tickets))
    assert 140 < rising < 260


@pytest.mark.parametrize("ticket", ["", "1", "g" * 16, "0" * 17, "ABCDEF0123456789", "\0" * 16])
def test_what_is_no_ticket(ticket: str) -> None:
    assert number_of(KEY, ticket) is None
