"""Nothing ends by another matter's answers, nor while a question or a report is being written."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import Error, connection, transaction

from conftest import Cast
from tests.attacks.test_ends_unseen import new_tip, no_by, state
from tests.attacks.test_races import at_once
from tests.attacks.test_walls_review import DatabaseRefuses, attack
from tests.waiting import until
from upstander.base.refused import Refused
from upstander.config.database import Role as LoginRole
from upstander.decisions.actions import close_tip
from upstander.escalations.models import Alert
from upstander.mandated.tests.test_duties import suspect
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.tips.states import TipState
from upstander.triage.actions.handoff import exclude_people
from upstander.triage.actions.work import link_tips, mark_junk

type SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]


def test_no_session_moves_a_tip_to_another_matter(
    committed_cast: Cast, real_database: SignIn
) -> None:
    cast = committed_cast
    answered, silent, excluded = new_tip(cast), new_tip(cast), new_tip(cast)
    no_by(cast, answered, "alice", "bea")
    open_tip(cast.viewer("alice"), silent)
    exclude_people(open_tip(cast.viewer("alice"), excluded), [cast.people["bea"].pk])
    other = Tip.objects.get(pk=answered).matter_id
    staff, alice, bea = real_database(LoginRole.STAFF), cast.viewer("alice"), cast.viewer("bea")
    close = ", state = 'closed', disposition = 'unfounded'"
    for tip, more in ((silent, close), (silent, ""), (excluded, "")):
        with pytest.raises(DatabaseRefuses):
            attack(
                staff,
                alice,
                f"UPDATE tips_tip SET matter_id = '{other}'{more} WHERE id = '{tip}'",
            )
    with pytest.raises(DatabaseRefuses):
        attack(staff, alice, f"UPDATE escalations_alert SET matter_id = '{other}'")
    # Asked to follow, only what is one matter already goes: not what isn't, nor for the excluded.
    attack(staff, alice, f"SELECT api.follow_matter(p_matter => '{other}')")
    attack(staff, bea, f"SELECT api.follow_matter(p_matter => '{other}')")
    assert Tip.objects.get(pk=silent).matter_id != other
    assert Tip.objects.get(pk=excluded).matter_id != other


@pytest.mark.django_db
def test_whatever_moved_it_a_tips_own_questions_are_looked_at(cast: Cast) -> None:
    answered, silent = new_tip(cast), new_tip(cast)
    no_by(cast, answered, "alice", "bea")
    open_tip(cast.viewer("alice"), silent)
    other = Tip.objects.get(pk=answered).matter_id
    with pytest.raises(Error, match="has not answered"), transaction.atomic():
        Tip.objects.filter(pk=silent).update(
            matter_id=other, state="closed", disposition="unfounded"
        )
    Tip.objects.filter(pk=silent).update(matter_id=other)
    with pytest.raises(Refused, match="not everyone"):
        close_tip(open_tip(cast.viewer("alice"), silent), "unfounded", "No.")


@pytest.mark.django_db
def test_linking_moves_tips_and_alerts_as_before(cast: Cast) -> None:
    one, two = new_tip(cast, tile="other"), new_tip(cast, tile="other")
    link_tips(cast.viewer("alice"), one, two)
    matters = set(Tip.objects.filter(pk__in=(one, two)).values_list("matter_id", flat=True))
    assert len(matters) == 1
    assert set(Alert.objects.values_list("matter_id", flat=True)) == matters


@pytest.mark.django_db
def test_what_is_linked_to_a_matter_of_abuse_is_not_set_aside_by_one(cast: Cast) -> None:
    abuse, other = new_tip(cast), new_tip(cast, tile="other")
    open_tip(cast.viewer("alice"), abuse)
    link_tips(cast.viewer("alice"), abuse, other)
    assert not Tip.objects.get(pk=other).mandated
    with pytest.raises(Refused, match="not everyone"):
        mark_junk(cast.viewer("alice"), other, junk=True)
    with pytest.raises(Refused, match="not everyone"):
        close_tip(open_tip(cast.viewer("alice"), other), "unfounded", "No.")
    assert not Tip.objects.get(pk=other).junk
    no_by(cast, abuse, "alice", "bea")
    mark_junk(cast.viewer("alice"), other, junk=True)


# --- At the same moment ---------------------------------------------------------------------------


def _ended(owner: psycopg.Connection[tuple[Any, ...]], tip: UUID) -> None:
    owner.execute(
        "UPDATE tips_tip SET state = 'closed', disposition = 'unfounded' WHERE id = %s", [tip]
    )


@pytest.mark.parametrize("then", ["a duty begins", "somebody opens it"])
def test_what_begins_while_it_ends_waits_for_the_end(
    committed_cast: Cast, real_database: SignIn, then: str
) -> None:
    cast, owner = committed_cast, real_database(LoginRole.OWNER)
    tip = new_tip(cast)
    no_by(cast, tip, "alice", "bea")
    matter, sam = Tip.objects.get(pk=tip).matter_id, cast.viewer("sam")
    begin: Callable[[], object] = (
        partial(suspect, cast, who="sam", tip_id=tip, matter_id=matter)
        if then == "a duty begins"
        else partial(open_tip, sam, tip)
    )

    def apart() -> object:
        try:
            return begin()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with owner.transaction():
            _ended(owner, tip)
            begun = threads.submit(apart)
            with pytest.raises(TimeoutError):
                begun.result(0.7)
        begun.result(20)


@pytest.mark.parametrize("first", ["duty", "opening"])
def test_what_ends_while_a_report_or_question_begins_is_refused(
    committed_cast: Cast, real_database: SignIn, first: str
) -> None:
    cast, owner, other = (
        committed_cast,
        real_database(LoginRole.OWNER),
        real_database(LoginRole.OWNER),
    )
    tip = new_tip(cast)
    no_by(cast, tip, "alice", "bea")
    sam = cast.people["sam"].pk
    matter = Tip.objects.get(pk=tip).matter_id
    with ThreadPoolExecutor(1) as threads:
        with owner.transaction():
            if first == "duty":
                owner.execute("SELECT api.lock_matter(p_matter => %s)", [matter])
            owner.execute(
                "INSERT INTO mandated_asked (tip_id, matter_id, district_id, center, person_id,"
                " asked_at, remind_at, reminded, climb_since, climb_at, climbed)"
                " SELECT id, matter_id, district_id, true, %s, now(), now(), 0, now(), now(), 0"
                " FROM tips_tip WHERE id = %s",
                [sam, tip],
            )
            ending = threads.submit(_ended, other, tip)
            with pytest.raises(TimeoutError):
                ending.result(0.7)
        with pytest.raises(psycopg.Error, match="has not answered"):
            ending.result(20)
    other.rollback()
    assert state(tip) == TipState.CLAIMED


def test_many_who_open_begin_link_and_end_at_once_never_lock_each_other_out(
    committed_cast: Cast,
) -> None:
    cast = committed_cast
    for _ in range(4):
        tips = [new_tip(cast) for _ in range(2)]
        for tip in tips:
            no_by(cast, tip, "alice", "bea")
        alice, bea, sam = (cast.viewer(name) for name in ("alice", "bea", "sam"))
        ready = [open_tip(alice, tip) for tip in tips]
        matter = Tip.objects.get(pk=tips[0]).matter_id
        results = at_once(
            partial(close_tip, ready[0], "unfounded", "No."),
            partial(close_tip, ready[1], "unfounded", "No."),
            partial(link_tips, bea, *tips),
            partial(open_tip, sam, tips[0]),
            partial(suspect, cast, who="sam", tip_id=tips[0], matter_id=matter),
        )
        wrong = [one for one in results if isinstance(one, psycopg.Error)]
        assert not wrong, wrong
        for tip in tips:
            # Closed before the report began, or not at all.
            assert state(tip) in (TipState.CLOSED, TipState.CLAIMED)


def test_who_waits_for_a_matter_that_is_linked_meanwhile_holds_none_of_them(
    committed_cast: Cast, real_database: SignIn
) -> None:
    cast = committed_cast
    looking = real_database(LoginRole.OWNER)
    for _ in range(3):
        tips = [new_tip(cast) for _ in range(2)]
        first, second = sorted(Tip.objects.get(pk=tip).matter_id for tip in tips)
        one, other, linking = (real_database(LoginRole.OWNER) for _ in range(3))

        for each in (one, other, linking):
            each.autocommit = False

        def held(by: psycopg.Connection[tuple[Any, ...]], matters: list[UUID]) -> UUID:
            found = by.execute("SELECT mandated_lock(%s)", [matters]).fetchone()
            by.rollback()
            assert found is not None
            return UUID(str(found[0][0]))

        linking.execute("SELECT matters_merge(p_gone => %s, p_kept => %s)", [second, first])
        with ThreadPoolExecutor() as pool:
            # One waits for the second alone, one for the first and then the second.
            waiting = [pool.submit(held, one, [second]), pool.submit(held, other, [first, second])]
            assert until(partial(_two_wait, looking), pause=0.02)
            linking.commit()
            assert {each.result(60) for each in waiting} <= {first, second}
        for each in (one, other, linking):
            each.close()


def _two_wait(looking: psycopg.Connection[tuple[Any, ...]]) -> bool:
    found = looking.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND datname = current_database()"
    ).fetchone()
    return found == (2,)
