"""A tip asks the database for the same few rows, however many tips there are."""

from __future__ import annotations

from django.db import connection

from conftest import Cast
from upstander.tips import reporter
from upstander.tips.models import Tip


def file_one(cast: Cast, token: str, text: str = "The door by the gym does not lock.") -> Tip:
    new = reporter.NewTip(token=token, text=text, language="en", school_id=cast.cedar.pk)
    return Tip.objects.get(pk=reporter.file_tip(new).tip_id)


def rows_fetched() -> int:
    """Rows of tips and return codes that this transaction has looked at so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(seq_tup_read + idx_tup_fetch)::int FROM pg_stat_xact_user_tables"
            " WHERE relname IN ('tips_tip', 'tips_returncode')"
        )
        [row] = cursor.fetchall()
    return int(row[0])


def test_a_tip_looks_at_no_more_rows_when_there_are_many(cast: Cast) -> None:
    costs = []
    for number in range(120):
        before = rows_fetched()
        reporter.file_tip(reporter.NewTip(token=f"page {number}", text="Again.", language="en"))
        costs.append(rows_fetched() - before)
    assert costs[-1] <= costs[0] + 2


def test_an_edited_text_from_the_same_page_joins_the_first_one_s_matter(cast: Cast) -> None:
    first = file_one(cast, "one page")
    second = file_one(cast, "one page", "The door by the gym does not lock. Nor does door 4.")
    third = file_one(cast, "one page", "And it is dark there.")
    other = file_one(cast, "another page")
    assert second.matter_id == third.matter_id == first.matter_id
    assert second.resent_from_id == third.resent_from_id == first.pk
    assert other.matter_id != first.matter_id
    assert other.resent_from_id is None
