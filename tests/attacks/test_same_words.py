"""Tips in the same words are one row: none is moved or hidden by it, and never one of oneself."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.desk.live_rows import alarms, render_rows
from upstander.desk.tests.test_queue import a_call
from upstander.desk.tests.tips import a_life_safety_tip, a_tip
from upstander.escalations.models import Alert
from upstander.escalations.tests.alerts import taken_back
from upstander.front.flood import Flood
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.triage.actions.work import claim_tip
from upstander.triage.queries import PAGE, QueueFilter, centers_of, queue_tips
from upstander.triage.together import together

SAME = "There is a gun in the gym by the stage."


def flood_of(cast: Cast, count: int, flood: Flood, **more: object) -> list[UUID]:
    return [
        a_life_safety_tip(cast, text=SAME, same_words=flood.same_words, **more).tip_id
        for _ in range(count)
    ]


def rows_on_the_queue(cast: Cast, query: str = "") -> list[UUID]:
    page = cast.client("alice").get(f"/queue{query}").content.decode()
    return [UUID(found) for found in re.findall(r'data-tip="([0-9a-f-]{36})"', page)]


def apart(*tips: UUID) -> None:
    """Let tips have come in one after the other, fewer in a quarter of an hour than stand apart."""
    start = Tip.objects.get(pk=tips[0]).received_at - len(tips) * timedelta(minutes=4)
    for number, tip in enumerate(tips):
        at = start + number * timedelta(minutes=4)
        Tip.objects.filter(pk=tip).update(received_at=at, waiting_since=at)


def in_order(cast: Cast) -> list[UUID]:
    """All of the queue, as it would stand with a row each."""
    alice = cast.viewer("alice")
    with viewing(alice):
        return [tip.pk for tip in queue_tips(alice, QueueFilter())]


def test_a_flood_in_one_text_is_a_few_rows_and_each_can_be_opened(cast: Cast) -> None:
    flood = flood_of(cast, 8, Flood())
    child = a_life_safety_tip(cast, text="He is in the gym now, please.")
    shown = rows_on_the_queue(cast)
    assert child.tip_id in shown
    assert len(shown) == 2, "all of them as one, and the child's"
    page = cast.client("alice").get("/queue").content.decode()
    [address] = re.findall(r'href="/queue(\?same=[0-9a-f]{16})"', page)
    assert re.search(r"8\s+with the same wording", page)
    assert set(rows_on_the_queue(cast, address)) == set(flood)


def test_two_children_of_one_minute_are_two_rows(cast: Cast) -> None:
    """One school, topic and minute: each has a row, and each page its own words."""
    flood = Flood()
    words = (
        "Jordan stands on the roof of the gym now.",
        "Kay has pills in her bag, now.",
    )
    two = [a_life_safety_tip(cast, text=text, same_words=flood.same_words) for text in words]
    alice = cast.client("alice")
    assert set(rows_on_the_queue(cast)) == {one.tip_id for one in two}
    assert "with the same wording" not in alice.get("/queue").content.decode()
    for one, own, other in zip(two, words, reversed(words), strict=True):
        page = alice.get(f"/tips/{one.tip_id}").content.decode()
        assert own in page
        assert other not in page


def test_in_a_flood_of_other_words_no_press_claims_what_is_not_seen(cast: Cast) -> None:
    """Five stand, one row says how many more; another school's child and one's own stand before."""
    flood = [a_life_safety_tip(cast, text=f"Number {n} of many.").tip_id for n in range(9)]
    own = a_life_safety_tip(cast, text="At Birch.", school=cast.birch).tip_id
    answers = {"who": "me", "when": "now", "hurt_today": "yes"}
    mine = [a_tip(cast, text=f"I {n}.", answers=answers).tip_id for n in range(7)]
    page = cast.client("alice").get("/queue").content.decode()
    shown = rows_on_the_queue(cast)
    assert {own, *mine} <= set(shown)
    behind = set(flood) - set(shown)
    assert len(behind) == 4
    assert re.search(r"4 more, each with words of its\s+own", page)
    assert page.index("4 more, each") > max(page.index(f'data-tip="{tip}"') for tip in shown)
    assert not any(str(tip) in page for tip in behind), "no press for what is not seen"
    assert Alert.objects.filter(subject_id__in=flood, crowded=False, state="open").count() == 9
    first = next(tip for tip in shown if tip in flood)
    cast.client("alice").post(f"/tips/{first}/claim")
    assert len(set(flood) - set(rows_on_the_queue(cast))) == 3, "the next comes up"
    assert "3 more, each" in cast.client("alice").get("/queue").content.decode()
    live = render_rows(cast.viewer("alice"), flood)
    still = {tip for tip, row in live.items() if "data-behind" in row}
    assert still == set(flood) - set(rows_on_the_queue(cast)), "an open page agrees"


def test_what_its_reporter_says_of_themselves_is_never_one_of_many(cast: Cast) -> None:
    flood = Flood()
    mine = [
        a_tip(
            cast,
            text="I want to die.",
            answers={"who": "me", "when": "now", "hurt_today": "yes"},
            same_words=flood.same_words,
        ).tip_id
        for _ in range(6)
    ]
    assert not Tip.objects.filter(same_words__isnull=False).exists()
    assert not Alert.objects.filter(crowded=True).exists()
    assert set(rows_on_the_queue(cast)) == set(mine)


def test_two_schools_and_two_rooms_are_two_matters(cast: Cast) -> None:
    flood = Flood()
    flood_of(cast, 4, flood)
    flood_of(cast, 4, flood, school=cast.birch)
    for room in (201, 305):
        for _ in range(4):
            a_life_safety_tip(cast, text=f"{SAME} Room {room}", same_words=flood.same_words)
    alice = cast.viewer("alice")
    with viewing(alice):
        assert sorted(g.size for g in together(centers_of(alice)).values()) == [4, 4, 4, 4]


def test_whoever_wrote_on_has_a_row_of_their_own(cast: Cast) -> None:
    flood = Flood()
    filed = [a_life_safety_tip(cast, text=SAME, same_words=flood.same_words) for _ in range(6)]
    last = next(one for one in filed if one.tip_id not in rows_on_the_queue(cast))
    reporter.add_message(last.session_token, "I can see him from here.")
    assert last.tip_id in rows_on_the_queue(cast)


def test_once_one_is_taken_the_next_stands_for_the_others(cast: Cast) -> None:
    flood = flood_of(cast, 6, Flood())
    alice = cast.viewer("alice")
    first = rows_on_the_queue(cast)
    with viewing(alice):
        [lead] = together(centers_of(alice))
    rows = render_rows(alice, flood)
    assert {tip for tip, row in rows.items() if row} == set(first)
    assert "with the same wording" in rows[lead]
    claim_tip(alice, lead)
    rows = render_rows(alice, [lead])
    [new] = [tip for tip, row in rows.items() if "with the same wording" in row]
    assert re.search(r"5\s+with the same wording", rows[new])
    assert set(rows_on_the_queue(cast)) == {*first, new}


def test_what_somebody_must_phone_about_stands_for_itself(cast: Cast) -> None:
    flood = flood_of(cast, 6, Flood())
    behind = next(tip for tip in flood if tip not in rows_on_the_queue(cast))
    a_call(behind)
    assert behind in rows_on_the_queue(cast)
    assert "Call the school" in cast.client("alice").get("/queue").content.decode()


def test_the_alarms_name_each_kind_once(cast: Cast) -> None:
    flood_of(cast, 8, Flood())
    assert set(alarms(cast.viewer("alice"))) == {
        (str(tip), True) for tip in rows_on_the_queue(cast)
    }


def test_in_a_surge_of_ever_other_words_another_school_s_tip_is_on_the_first_page(
    cast: Cast,
) -> None:
    first = a_life_safety_tip(cast, text="The first.").tip_id
    for number in range(PAGE):
        a_life_safety_tip(cast, text=f"Number {number} of many.")
    Tip.objects.update(waiting_since=Tip.objects.get(pk=first).received_at - timedelta(hours=1))
    child = a_life_safety_tip(cast, text="At Birch.", school=cast.birch).tip_id
    page = cast.client("alice").get("/queue").content.decode()
    assert child in rows_on_the_queue(cast)[:2], "the schools stand by turns"
    assert re.search(r"Unread life-safety tips:\s+62", page)
    assert str(child) not in cast.client("cora").get("/queue").content.decode()


def test_in_a_surge_oldest_and_newest_stand_by_turns_and_the_crowd_last(cast: Cast) -> None:
    """As pages go out (ADR 144): of a school the first and the last, and no flood before them."""
    crowd = [a_life_safety_tip(cast, similarity=bytes([n]) * 8).tip_id for n in range(1, 16)]
    alone = [a_life_safety_tip(cast, text=f"Number {n}.").tip_id for n in range(20)]
    apart(*crowd, *alone)
    shown = rows_on_the_queue(cast)
    turns = [tip for pair in zip(alone[:10], alone[:9:-1], strict=True) for tip in pair]
    assert shown[:20] == turns
    assert set(shown[20:]) == set(crowd)


def test_in_a_surge_every_one_is_on_some_page_and_on_one(cast: Cast) -> None:
    filed = {a_life_safety_tip(cast, text=f"Number {n}.").tip_id for n in range(PAGE + 9)}
    apart(*filed)
    first, second = rows_on_the_queue(cast), rows_on_the_queue(cast, "?page=2")
    assert len(first) == PAGE
    assert sorted([*first, *second]) == sorted(filed)


KINDS = st.tuples(
    st.sampled_from([f"{SAME} {what}" for what in ("A gun", "A fire", "He fell")]),
    st.sampled_from(["cedar", "birch"]),
    st.booleans(),
)


@pytest.mark.slow
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(filed=st.lists(KINDS, max_size=14), taken=st.sets(st.integers(0, 13)))
def test_no_row_moves_and_each_tip_has_one_that_shows_it(
    cast: Cast, filed: list[tuple[str, str, bool]], taken: set[int]
) -> None:
    with taken_back():
        flood, alice = Flood(), cast.viewer("alice")
        tips = []
        for text, school, oneself in filed:
            answers = {"who": "me" if oneself else "someone", "when": "now", "hurt_today": "yes"}
            one = getattr(cast, school)
            tips.append(
                a_tip(
                    cast, text=text, answers=answers, school=one, same_words=flood.same_words
                ).tip_id
            )
        for number in taken & set(range(len(tips))):
            claim_tip(alice, tips[number])
        with viewing(alice):
            groups = together(centers_of(alice))
            shown = [t.pk for t in queue_tips(alice, QueueFilter(), groups=groups)]
        everything = in_order(cast)
        assert shown == [tip for tip in everything if tip in set(shown)], "one moved"
        rows = {tip.pk: tip for tip in Tip.objects.filter(pk__in=everything)}
        for tip in set(everything) - set(shown):
            hidden = rows[tip]
            [lead] = [t for t in shown if rows[t].same_words == hidden.same_words and t in groups]
            assert everything.index(lead) < everything.index(tip), "it stood before"
            assert rows[lead].school_id == hidden.school_id
        own = {tip for tip, (_, _, oneself) in zip(tips, filed, strict=True) if oneself}
        assert own <= set(shown)
