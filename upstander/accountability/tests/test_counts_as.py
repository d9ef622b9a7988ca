"""What each ending, and each thing done, counts as in published figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection

from conftest import Cast
from upstander.accountability.equity import _rows
from upstander.accountability.tests.test_equity_page import ZONE, closed_cases
from upstander.cases.actions.ending import OUTCOMES
from upstander.cases.models import Case, CaseAction
from upstander.decisions.dispositions import BY_KEY, CountsAs
from upstander.editions.halves import halves
from upstander.people.scope import viewing
from upstander.tips import reporter

#: The columns of a case's line, in the order in which ``_rows`` gives them.
COLUMNS = ("support", "police", "discipline", "child_protection", "nothing")


def _columns(*counts: CountsAs) -> tuple[bool, ...]:
    return tuple(column in counts for column in COLUMNS)


def _untriggered(table: str, work: Callable[[], object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        work()
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.django_db
def test_a_case_counts_by_its_ending_and_by_what_was_done(cast: Cast) -> None:
    half = halves(datetime.now(UTC), ZONE)[0]
    for key in OUTCOMES:
        closed_cases(cast, cast.cedar, 1, key)
    with viewing(cast.viewer("dee")):
        found = sorted(
            tuple(row[6:11])
            for row in _rows("case_outcomes", cast.maple, half)
            for _ in range(row[11])
        )
    assert found == sorted(_columns(one.counts_as) for one in OUTCOMES.values())
    closed_cases(cast, cast.birch, 1, "child_protection")
    case = Case.objects.get(school_id=cast.birch.pk)

    def write() -> None:
        for kind, ending in (
            ("counseling", "done"),
            ("police", "not_needed"),
            ("parents", "done"),
        ):
            CaseAction.objects.create(
                id=uuid4(),
                case_id=case.pk,
                district_id=case.district_id,
                folder_id=case.pk,
                kind=kind,
                owner_id=1,
                made_by=1,
                from_at=case.opened_at,
                within=1,
                due_at=case.opened_at,
                ended_at=case.closed_at,
                ended_by=1,
                ending=ending,
                sealed=b"",
            )

    _untriggered("cases_caseaction", write)
    with viewing(cast.viewer("dee")):
        [row] = [r for r in _rows("case_outcomes", cast.maple, half) if r[0] == cast.birch.pk]
    assert row[6:11] == _columns(CountsAs.SUPPORT, CountsAs.CHILD_PROTECTION)


@pytest.mark.django_db
def test_a_tip_counts_by_its_ending_and_what_is_no_tip_does_not(cast: Cast) -> None:
    half = halves(datetime.now(UTC), ZONE)[0]
    at, _until = half.span(ZONE)
    keys = iter(sorted(BY_KEY))
    filed = [
        reporter.file_tip(
            reporter.NewTip(
                token=reporter.new_form_token(),
                text="Words of a child.",
                language="en",
                tile="bullying",
                school_id=cast.cedar.pk,
            )
        )
        for _ in BY_KEY
    ]

    def close() -> None:
        with connection.cursor() as cursor:
            for tip in filed:
                cursor.execute(
                    "UPDATE tips_tip SET state = 'closed', disposition = %s, changed_at = %s"
                    " WHERE id = %s",
                    [next(keys), at, tip.tip_id],
                )

    _untriggered("tips_tip", close)
    with viewing(cast.viewer("sam")):
        rows = [row for row in _rows("tip_outcomes", cast.maple, half) for _ in range(row[6])]
    columns = ("support", "police", "child_protection", "nothing")
    assert sorted(tuple(row[2:6]) for row in rows) == sorted(
        tuple(column == one.counts_as for column in columns)
        for one in BY_KEY.values()
        if one.counts_as is not CountsAs.NO_TIP
    )
