"""The queue's page: what stands on it, in which order, at which cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.desk.tests.tips import WORDS, a_life_safety_tip, a_tip
from upstander.escalations.clock import sweep_next_steps
from upstander.escalations.models import Alert
from upstander.places.scope import viewing
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.triage.actions import claim_tip, mark_junk
from upstander.triage.queries import QueueFilter, QueueRow, queue_tips, rows_for


def test_it_shows_what_a_counselor_needs_and_no_word_of_the_tip(cast: Cast) -> None:
    filed = a_life_safety_tip(cast)
    page = cast.client("alice").get("/queue")
    shown = page.content.decode()
    assert page.status_code == 200
    for wanted in (
        "Life safety",
        "reporter says now",
        "Wanting to die or hurting yourself",
        "Cedar Middle School",
        "Maple Valley",
        "English",
        "Nobody has it yet",
        "Asks everybody here in",
        "1 unanswered",
        filed.reference,
    ):
        assert wanted in shown, wanted
    assert WORDS not in shown


def test_it_needs_no_script_and_may_be_kept_nowhere(cast: Cast) -> None:
    filed = a_tip(cast)
    page = cast.client("alice").get("/queue")
    assert f'formaction="/tips/{filed.tip_id}/claim"' in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert page["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in page["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["cora", "tom", "dee", "ada"])
def test_others_do_not_see_it(cast: Cast, name: str) -> None:
    filed = a_tip(cast)
    page = cast.client(name).get("/queue")
    assert page.status_code == (200 if name == "cora" else 403)
    assert filed.reference not in page.content.decode()


def test_who_is_barred_from_a_matter_sees_no_row_and_no_count(cast: Cast) -> None:
    from upstander.tips.opening import open_tip  # noqa: PLC0415
    from upstander.triage.handoff import bar_people  # noqa: PLC0415

    filed = a_life_safety_tip(cast)
    bar_people(open_tip(cast.viewer("alice"), filed.tip_id), [cast.people["bea"].pk])
    page = cast.client("bea").get("/queue")
    assert filed.reference not in page.content.decode()
    assert page.context["counts"].life_safety == 0
    assert filed.reference in cast.client("sam").get("/queue").content.decode()


def queries_of_the_page(cast: Cast, client: object) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get("/queue")  # type: ignore[attr-defined]
    return len(asked)


def test_its_number_of_queries_does_not_grow(cast: Cast) -> None:
    client = cast.client("alice")
    a_tip(cast)
    claim_tip(cast.viewer("bea"), a_tip(cast).tip_id)
    few = queries_of_the_page(cast, client)
    for number in range(12):
        filed = a_tip(cast, school=(cast.birch, cast.aspen)[number % 2])
        if number % 3:
            claim_tip(cast.viewer("bea"), filed.tip_id)
    assert queries_of_the_page(cast, client) == few <= 26


def test_a_filter_narrows_it(cast: Cast) -> None:
    urgent, pine = a_tip(cast), a_tip(cast, school=cast.aspen)
    life = a_life_safety_tip(cast)
    claim_tip(cast.viewer("alice"), pine.tip_id)
    client = cast.client("alice")

    def shown(address: str) -> set[str]:
        page = client.get(address).content.decode()
        return {t.reference for t in (urgent, pine, life) if t.reference in page}

    assert shown("/queue") == {urgent.reference, pine.reference, life.reference}
    assert shown("/queue?priority=life_safety") == {life.reference}
    assert shown(f"/queue?district={cast.pine.pk}") == {pine.reference}
    assert shown("/queue?state=claimed") == {pine.reference}
    assert shown("/queue?state=unclaimed") == {urgent.reference, life.reference}
    assert shown("/queue/mine") == {pine.reference}
    assert shown("/queue?priority=nonsense&district=x&state=?&page=-1") == shown("/queue")
    assert shown(f"/queue?district={cast.harbor.pk}") == set()


def test_a_reference_leads_to_its_tip_and_a_strangers_to_nothing(cast: Cast) -> None:
    filed = a_tip(cast)
    typed = filed.reference.lower().replace("-", " ")
    found = cast.client("alice").get("/queue", {"find": typed})
    assert found["Location"] == f"/tips/{filed.tip_id}"
    missed = cast.client("cora").get("/queue", {"find": filed.reference})
    assert "There is no tip" in missed.content.decode()


def test_junk_stands_grouped_at_the_end(cast: Cast) -> None:
    for _ in range(3):
        a_tip(cast, text="aaaa", likeness=b"\x01" * 8)
    a_tip(cast, text="bbbb", likeness=b"\x02" * 8)
    marked, real = a_tip(cast, tile="other"), a_tip(cast)
    mark_junk(cast.viewer("alice"), marked.tip_id, junk=True)
    page = cast.client("alice").get("/queue")
    assert [row.reference for row in page.context["rows"]] == [real.reference]
    assert {(group.alike, group.count) for group in page.context["junk"]} == {
        ("01" * 8, 3),
        ("02" * 8, 1),
        ("-", 1),
    }
    alike = cast.client("alice").get(f"/queue?alike={'01' * 8}")
    assert len(alike.context["rows"]) == 3


def test_a_closed_tip_that_its_reporter_wrote_on_again_is_back(cast: Cast) -> None:
    from upstander.cases.actions import close_tip  # noqa: PLC0415
    from upstander.tips.opening import open_tip  # noqa: PLC0415

    filed, alice = a_tip(cast), cast.viewer("alice")
    claim_tip(alice, filed.tip_id)
    close_tip(open_tip(alice, filed.tip_id), "support_given", "Talked with her.")
    client = cast.client("alice")
    assert filed.reference not in client.get("/queue").content.decode()
    assert filed.reference in client.get("/queue?state=closed").content.decode()
    reporter.add_message(filed.session_token, "It has begun again.")
    assert filed.reference in client.get("/queue").content.decode()


ranks = st.sampled_from([("life_safety", 0), ("urgent", 1), ("routine", 2)])
waits = st.one_of(st.none(), st.integers(0, 5))


@given(st.lists(st.tuples(ranks, waits, st.integers(0, 5)), min_size=1, max_size=8))
@hypothesis_settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_its_order_is_life_safety_first_then_the_longest_wait(
    cast: Cast, made: list[tuple[tuple[str, int], int | None, int]]
) -> None:
    start = timezone.now().replace(microsecond=0)
    Tip.objects.update(junk=True, rank=2)
    for (priority, rank), waiting, received in made:
        filed = a_tip(cast)
        Tip.objects.filter(pk=filed.tip_id).update(
            priority=priority,
            rank=rank,
            waiting_since=None if waiting is None else start - timedelta(minutes=waiting),
            received_at=start - timedelta(minutes=received),
        )
    alice = cast.viewer("alice")
    with viewing(alice):
        rows = rows_for(queue_tips(alice, QueueFilter()))
    keys = [(row.rank, row.waiting_since or start + timedelta(days=1)) for row in rows]
    assert len(rows) == len(made)
    assert keys == sorted(keys)
    assert [row.place for row in rows] == sorted(row.place for row in rows)


def test_the_database_reads_it_in_the_order_of_one_index(cast: Cast) -> None:
    a_tip(cast)
    alice = cast.viewer("alice")
    with viewing(alice), connection.cursor() as cursor, CaptureQueriesContext(connection) as asked:
        queue_tips(alice, QueueFilter())
        # Small tables are read whole whatever indexes they have; ask what it does with large ones.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {asked[0]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using tip_center_queue" in plan
    presorted = "tips_tip.rank, ((tips_tip.likeness IS NOT NULL)), tips_tip.waiting_since"
    assert f"Presorted Key: {presorted}, tips_tip.received_at" in plan


def test_a_counselor_who_falls_silent_rings_the_alarm_again(cast: Cast) -> None:
    filed, alice = a_life_safety_tip(cast), cast.viewer("alice")
    claim_tip(alice, filed.tip_id)

    def row() -> QueueRow:
        with viewing(alice):
            return rows_for(queue_tips(alice, QueueFilter()))[0]

    assert (row().alarming, row().shows_alert) == (False, False)
    Alert.objects.update(next_step_due_at=Now() - timedelta(seconds=1))
    sweep_next_steps()
    assert (row().alarming, row().shows_alert) == (True, True)
    assert "data-alarm" in cast.client("bea").get("/queue").content.decode()


def test_it_is_in_one_language_whatever_the_browser_asks_for(cast: Cast) -> None:
    page = cast.client("alice").get("/queue", headers={"accept-language": "ar"})
    assert '<html lang="en" dir="ltr">' in page.content.decode()
