"""The queue's page: what stands on it, in which order, at which cost."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.base.moment import database_now
from upstander.desk.tests.tips import WORDS, a_life_safety_tip, a_tip
from upstander.escalations.actions.tasks import open_task
from upstander.escalations.models import Alert, Task
from upstander.escalations.sweeps import sweep_next_steps
from upstander.front.flood import Flood
from upstander.people.scope import System, viewing
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.triage.actions.work import claim_tip, mark_junk
from upstander.triage.queries import CALLED, QueueFilter, queue_tips
from upstander.triage.rows import QueueRow, rows_for


def test_it_shows_what_a_counselor_needs_and_no_word_of_the_tip(cast: Cast) -> None:
    filed = a_life_safety_tip(cast)
    page = cast.client("alice").get("/queue")
    shown = page.content.decode()
    assert page.status_code == 200
    for wanted in (
        "Life safety",
        "reporter says it’s happening now",
        "Wanting to die or hurting yourself",
        "Cedar Middle School",
        "Maple Valley",
        "English",
        "Nobody has it yet",
        "Asks everyone here in",
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


def test_who_is_excluded_from_a_matter_sees_no_row_and_no_count(cast: Cast) -> None:
    from upstander.tips.opening import open_tip  # noqa: PLC0415
    from upstander.triage.actions.handoff import exclude_people  # noqa: PLC0415

    filed = a_life_safety_tip(cast)
    exclude_people(open_tip(cast.viewer("alice"), filed.tip_id), [cast.people["bea"].pk])
    page = cast.client("bea").get("/queue")
    assert filed.reference not in page.content.decode()
    assert page.context["counts"].unread == 0
    assert filed.reference in cast.client("sam").get("/queue").content.decode()


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
        a_tip(cast, text="aaaa", similarity=b"\x01" * 8)
    a_tip(cast, text="bbbb", similarity=b"\x02" * 8)
    marked, real = a_tip(cast, tile="other"), a_tip(cast)
    mark_junk(cast.viewer("alice"), marked.tip_id, junk=True)
    page = cast.client("alice").get("/queue")
    assert [row.reference for row in page.context["rows"]] == [real.reference]
    assert {(group.similarity, group.count) for group in page.context["junk"]} == {
        ("01" * 8, 3),
        ("02" * 8, 1),
        ("-", 1),
    }
    alike = cast.client("alice").get(f"/queue?similarity={'01' * 8}")
    assert len(alike.context["rows"]) == 3


def test_a_closed_tip_that_its_reporter_wrote_on_again_is_back(cast: Cast) -> None:
    from upstander.decisions.actions import close_tip  # noqa: PLC0415
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


class Made(NamedTuple):
    """What a tip's place in the order depends on."""

    rank: tuple[str, int]
    waits: int | None
    received: int
    now: bool
    soon: bool
    crowded: bool
    claimed: bool
    called: bool


@given(
    st.lists(
        st.builds(Made, ranks, waits, st.integers(0, 5), *(5 * [st.booleans()])),
        min_size=1,
        max_size=8,
    )
)
@hypothesis_settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_its_order_is_priority_alone_nobody_s_now_and_the_longest_wait(
    cast: Cast, made: list[Made]
) -> None:
    start = timezone.now().replace(microsecond=0)
    Task.objects.all().delete()
    Tip.objects.update(junk=True, rank=2)
    wanted = []
    for one in made:
        filed = a_tip(cast)
        if one.claimed:
            claim_tip(cast.viewer("bea"), filed.tip_id)
        if one.called:
            a_call(filed.tip_id)
        waiting = None if one.waits is None else start - timedelta(minutes=one.waits)
        Tip.objects.filter(pk=filed.tip_id).update(
            priority=one.rank[0],
            rank=one.rank[1],
            waiting_since=waiting,
            received_at=start - timedelta(minutes=one.received),
            happening_now=one.now,
            soon=one.soon,
            similarity=b"\x01" * 8 if one.crowded else None,
        )
        wanted.append(
            (
                one.rank[1],
                one.crowded,
                one.claimed and not one.called,
                one.claimed or one.rank[1] != 1,
                waiting is None and one.claimed and not one.called,
                not (one.now or one.called),
                not (one.now or one.called or one.soon),
                waiting or start + timedelta(days=1),
            )
        )
    alice = cast.viewer("alice")
    with viewing(alice):
        rows = rows_for(queue_tips(alice, QueueFilter()))
    keys = [
        (
            row.rank,
            row.crowded,
            not row.claimable and row.call is None,
            not row.may_be_grave,
            row.waiting_since is None and not row.claimable and row.call is None,
            not (row.happening_now or row.call),
            not (row.happening_now or row.call or row.soon),
            row.waiting_since or start + timedelta(days=1),
        )
        for row in rows
    ]
    assert keys == sorted(wanted)
    assert [row.place for row in rows] == sorted(row.place for row in rows)


def test_each_row_says_what_is_to_be_done_however_many_wait(cast: Cast) -> None:
    filed = [a_tip(cast, answers={"who": "me"}).tip_id for _ in range(CALLED + 1)]
    for tip in filed:
        a_call(tip)
    rows = cast.client("alice").get("/queue").context["rows"]
    assert len(rows) == len(filed)
    assert all(row.call is not None for row in rows)


def test_no_number_of_nows_that_somebody_has_hides_one_that_nobody_read(cast: Cast) -> None:
    """A "now" is never taken back: what was taken hours ago must push no child off the screen."""
    for number in range(3):
        taken = a_life_safety_tip(cast, text=f"Now, {number}.").tip_id
        claim_tip(cast.viewer("bea"), taken)
    child = a_tip(cast, answers={"who": "me", "when": "soon", "hurt_today": "yes"}).tip_id
    alice = cast.viewer("alice")
    with viewing(alice):
        assert queue_tips(alice, QueueFilter())[0].pk == child


def test_of_the_urgent_what_nobody_knows_the_topic_of_stands_first(cast: Cast) -> None:
    """It came last and says nothing of when: it may be anything, and somebody has to look."""
    life = a_life_safety_tip(cast).tip_id
    known = [a_tip(cast, tile="home").tip_id for _ in range(3)]
    Tip.objects.filter(pk__in=known).update(waiting_since=Now() - timedelta(hours=1))
    Tip.objects.filter(pk=known[2]).update(happening_now=True)
    dying = a_tip(cast, tile="suicide", answers={}).tip_id
    words = a_tip(cast, tile="", answers={}).tip_id
    Tip.objects.filter(pk=dying).update(waiting_since=Now() - timedelta(minutes=1))
    routine = a_tip(cast, tile="bullying", answers={}).tip_id
    client, alice = cast.client("alice"), cast.viewer("alice")
    page = client.get("/queue")
    shown = [row.id for row in page.context["rows"]]
    assert shown[:4] == [life, dying, words, known[2]]
    assert shown[-1] == routine
    assert page.content.decode().count("no topic: read it") == 1
    assert [row.place for row in page.context["rows"]] == sorted(
        row.place for row in page.context["rows"]
    )
    # That somebody reads it takes nothing from it: it waits so until somebody has it.
    client.get(f"/tips/{words}")
    page = client.get("/queue")
    assert [row.id for row in page.context["rows"]][:4] == [life, dying, words, known[2]]
    assert page.content.decode().count("no topic: read it") == 1
    claim_tip(alice, words)
    with viewing(alice):
        shown = [tip.pk for tip in queue_tips(alice, QueueFilter())]
        assert shown.index(words) > max(map(shown.index, known))
    assert "no topic: read it" not in client.get("/queue").content.decode()


def test_the_database_reads_it_in_the_order_of_one_index(cast: Cast) -> None:
    a_tip(cast)
    alice = cast.viewer("alice")
    with viewing(alice), connection.cursor() as cursor, CaptureQueriesContext(connection) as asked:
        queue_tips(alice, QueueFilter())
        # Small tables are read whole whatever indexes they have; ask what it does with large ones.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {asked[-1]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using tip_center_queue" in plan
    presorted = "tips_tip.rank, ((tips_tip.similarity IS NOT NULL)), "
    assert f"Presorted Key: {presorted}" in plan
    assert "tips_tip.waiting_since, tips_tip.received_at\n" in plan


def a_call(tip: UUID, kind: Task.Kind = Task.Kind.CALL_SCHOOL) -> Task:
    """Let the center have to phone about a tip."""
    alert = Alert.objects.get(subject_id=tip, stage=Alert.Stage.CENTER)
    return open_task(
        kind,
        subject_id=tip,
        matter_id=alert.matter_id,
        district_id=alert.district_id,
        due_at=alert.opened_at,
        now=alert.opened_at,
        actor=System(),
        alert=alert,
    )


def test_a_call_is_a_column_of_its_tip_s_row_and_leads_the_list(cast: Cast) -> None:
    others = [a_tip(cast, tile="attack", answers={}) for _ in range(2)]
    filed, client = a_tip(cast, tile="attack", answers={}), cast.client("alice")
    task = a_call(filed.tip_id)
    page = client.get("/queue")
    assert page.context["rows"][0].id == filed.tip_id
    assert len(page.context["rows"]) == len(others) + 1
    assert "Call the school" in page.content.decode()
    assert [row.id for row in client.get("/queue?state=claimed").context["rows"]] == []
    claim_tip(cast.viewer("bea"), filed.tip_id)
    assert f"/tasks/{task.pk}/take" in client.get("/queue").content.decode()
    client.post(f"/tasks/{task.pk}/take")
    name = cast.people["alice"].name
    assert f"School: {name} calls" in client.get("/queue").content.decode()


def test_a_counselor_who_falls_silent_rings_the_alarm_again(cast: Cast) -> None:
    filed, alice = a_life_safety_tip(cast), cast.viewer("alice")
    claim_tip(alice, filed.tip_id)

    def row() -> QueueRow:
        with viewing(alice):
            return rows_for(queue_tips(alice, QueueFilter()))[0]

    assert (row().alarming, row().shows_alert) == (False, False)
    Alert.objects.update(next_step_due_at=database_now() - timedelta(seconds=1))
    sweep_next_steps()
    assert (row().alarming, row().shows_alert) == (True, True)
    assert "data-alarm" in cast.client("bea").get("/queue").content.decode()


def test_it_is_in_one_language_whatever_the_browser_asks_for(cast: Cast) -> None:
    page = cast.client("alice").get("/queue", headers={"accept-language": "ar"})
    assert '<html lang="en" dir="ltr"' in page.content.decode()


def test_a_row_says_soon_whatever_its_priority_and_stands_before_what_has_days(
    cast: Cast,
) -> None:
    """Nobody at home is safe tonight: that stands on the row, and is read before "in days"."""
    said = {"who": "me", "home_safe": "no"}
    days = a_tip(cast, tile="home", answers={**said, "when": "days"})
    soon = a_tip(cast, tile="home", answers={**said, "when": "soon"})
    Tip.objects.filter(pk=days.tip_id).update(waiting_since=Now() - timedelta(minutes=5))
    client = cast.client("alice")

    def rows() -> dict[UUID, bool]:
        shown = client.get("/queue").context["rows"]
        assert {str(row.priority) for row in shown} == {"urgent"}
        assert [row.place for row in shown] == sorted(row.place for row in shown)
        return {row.id: row.soon for row in shown}

    assert list(rows().items()) == [(soon.tip_id, True), (days.tip_id, False)]
    assert client.get("/queue").content.decode().count("<strong>Soon</strong>") == 1
    # What a reporter adds later counts as what they sent at first.
    reporter.add_answers(days.session_token, {"when": "soon"})
    assert list(rows().items()) == [(days.tip_id, True), (soon.tip_id, True)]
    assert "<strong>Soon</strong>" in client.get(f"/tips/{soon.tip_id}").content.decode()


@pytest.mark.parametrize(
    ("when", "soon"), [("", True), ("soon", True), ("past", True), ("days", False), ("now", False)]
)
def test_a_life_in_danger_is_soon_unless_its_reporter_says_days(
    cast: Cast, when: str, soon: bool
) -> None:
    told = {"who": "me", "hurt_today": "yes"} | ({"when": when} if when else {})
    tip = Tip.objects.get(pk=a_tip(cast, answers=told).tip_id)
    assert (tip.rank, tip.soon) == (0, soon)


def test_what_is_soon_folds_with_nothing_that_has_days(cast: Cast) -> None:
    said = Flood().same_words
    for when in ("soon", "days", "soon", "days"):
        a_tip(cast, tile="drugs", answers={"who": "someone", "when": when}, same_words=said)
    shown = cast.client("alice").get("/queue").context["rows"]
    assert [(row.soon, row.together.size if row.together else 1) for row in shown] == [
        (True, 2),
        (False, 2),
    ]
