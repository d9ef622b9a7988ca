"""Two people, one tip, the same moment: on two real connections, one of them wins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from conftest import Cast
from tests.waiting import PATIENCE
from upstander.base.refused import Refused
from upstander.cases.actions.opening import NewCase, open_case
from upstander.cases.models import Case
from upstander.config.database import Role as LoginRole
from upstander.decisions.actions import close_tip
from upstander.decisions.models import Closing
from upstander.escalations.actions.alerts import acknowledge
from upstander.escalations.models import Acknowledgement
from upstander.people.actions.leaving import change_member
from upstander.people.models import Membership
from upstander.people.roles import Role
from upstander.tips import reporter
from upstander.tips.actions.writing import add_reply
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import AlreadyClaimed, claim_tip, link_tips

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]


def a_tip(cast: Cast) -> UUID:
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="Two want it.",
            language="en",
            tile="bullying",
            school_id=cast.cedar.pk,
        )
    ).tip_id


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all at the same moment, each on a connection of its own; results, or what was raised."""
    together = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            together.wait(PATIENCE)
            return act()
        except (Refused, psycopg.Error) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_of_two_who_claim_at_once_one_has_it(committed_cast: Cast, real_database: SignIn) -> None:
    alice, bea, sam = (committed_cast.viewer(name) for name in ("alice", "bea", "sam"))
    owner = real_database(LoginRole.OWNER)
    for _ in range(10):
        tip = a_tip(committed_cast)
        results = at_once(*(partial(claim_tip, who, tip) for who in (alice, bea, sam)))
        lost = [one for one in results if isinstance(one, AlreadyClaimed)]
        assert len(lost) == 2
        (row,) = owner.execute("SELECT claimed_by FROM tips_tip WHERE id = %s", [tip]).fetchall()
        assert {one.person_id for one in lost} == {row[0]}
        claims = owner.execute(
            "SELECT count(*) FROM audit_entry WHERE action = 'tip claimed' AND subject_id = %s",
            [str(tip)],
        ).fetchone()
        assert claims == (1,)


def test_two_replies_at_once_are_both_kept_in_an_order(
    committed_cast: Cast, real_database: SignIn
) -> None:
    alice = committed_cast.viewer("alice")
    tip = a_tip(committed_cast)
    claim_tip(alice, tip)
    opened = open_tip(alice, tip)
    at_once(*(partial(add_reply, opened, f"Reply {n}.") for n in range(4)))
    turns = real_database(LoginRole.OWNER).execute(
        "SELECT turn FROM tips_message WHERE tip_id = %s ORDER BY turn", [tip]
    )
    assert [turn for (turn,) in turns.fetchall()] == [1, 2, 3, 4, 5, 6]


def test_two_who_take_an_alert_or_close_a_tip_at_once(
    committed_cast: Cast, real_database: SignIn
) -> None:
    alice, tom, uma = (committed_cast.viewer(name) for name in ("alice", "tom", "uma"))
    owner = real_database(LoginRole.OWNER)
    tip = a_tip(committed_cast)
    claim_tip(alice, tip)
    hand_off(open_tip(alice, tip), [committed_cast.teams["cedar"].pk], "A brief.")
    ((alert,),) = owner.execute(
        "SELECT id FROM escalations_alert WHERE subject_id = %s AND state = 'open'", [tip]
    ).fetchall()
    have_it = Acknowledgement.Answer.HAVE_IT
    at_once(*(partial(acknowledge, who, alert, have_it) for who in (tom, uma)))
    numbers = owner.execute(
        "SELECT number FROM escalations_acknowledgement WHERE alert_id = %s ORDER BY 1", [alert]
    )
    assert numbers.fetchall() == [(1,), (2,)]

    opened = [open_tip(who, tip) for who in (tom, uma)]
    closed = at_once(*(partial(close_tip, one, "support_given", "Done.") for one in opened))
    assert sum(isinstance(one, Closing) for one in closed) == 1
    assert sum(isinstance(one, Refused) for one in closed) == 1


@pytest.mark.parametrize("on", [0, 1, 2])
def test_a_exclusion_that_comes_while_two_matters_are_linked_is_on_both(
    committed_cast: Cast, real_database: SignIn, on: int
) -> None:
    owner, other = real_database(LoginRole.OWNER), real_database(LoginRole.OWNER)
    tips = [a_tip(committed_cast) for _ in range(3)]
    of_tip = "SELECT matter_id FROM tips_tip WHERE id = %s"
    matters = [row[0] for tip in tips for row in owner.execute(of_tip, [tip])]
    link_tips(committed_cast.viewer("alice"), tips[0], tips[1])
    with ThreadPoolExecutor(1) as threads:
        with owner.transaction():
            owner.execute("SELECT matters_merge(%s, %s)", [matters[1], matters[2]])
            excluding = threads.submit(
                other.execute,
                "INSERT INTO matters_exclusion (matter_id, district_id, person_mac)"
                " VALUES (%s, %s, %s)",
                [matters[on], committed_cast.maple.pk, b"m" * 32],
            )
            with pytest.raises(TimeoutError):
                excluding.result(0.5)
        excluding.result(10)
    excluded = {row[0] for row in owner.execute("SELECT matter_id FROM matters_exclusion")}
    assert excluded == set(matters)


def test_two_leads_who_end_each_others_lead_at_once_leave_one(committed_cast: Cast) -> None:
    cast, team = committed_cast, committed_cast.teams["cedar"].pk
    tara, uma = cast.people["tara"].pk, cast.people["uma"].pk
    leads = Membership.objects.filter(team=team, role=Role.TEAM_LEAD)
    for _ in range(5):
        Membership.objects.filter(team=team, person__in=(tara, uma)).update(role=Role.TEAM_LEAD)
        viewers = ((cast.viewer("tara"), uma), (cast.viewer("uma"), tara))
        results = at_once(
            *(
                partial(
                    change_member,
                    viewer,
                    team,
                    whom,
                    role=Role.TEAM_MEMBER,
                    reachable_at_night=True,
                )
                for viewer, whom in viewers
            )
        )
        assert leads.count() == 1
        assert len([one for one in results if isinstance(one, Refused)]) == 1


@pytest.mark.parametrize("first", ["the tip comes", "the exclusion comes"])
def test_a_exclusion_that_comes_while_a_tip_comes_to_a_case_is_on_all_its_tips(
    committed_cast: Cast, real_database: SignIn, first: str
) -> None:
    """Neither sees what the other has not finished: so whoever comes second must wait."""
    owner, other = real_database(LoginRole.OWNER), real_database(LoginRole.OWNER)
    alice, tara = committed_cast.viewer("alice"), committed_cast.viewer("tara")
    tips = [a_tip(committed_cast) for _ in range(3)]
    for tip in tips:
        claim_tip(alice, tip)
        hand_off(open_tip(alice, tip), [committed_cast.teams["cedar"].pk], "A brief.")
    new = NewCase(
        Case.Concern.ABUSE,
        "Why.",
        committed_cast.teams["cedar"].pk,
        tips=[open_tip(tara, tip) for tip in tips[:2]],
    )
    case = open_case(tara, new)
    of_tip = "SELECT matter_id FROM tips_tip WHERE id = %s"
    matters = [row[0] for tip in tips for row in owner.execute(of_tip, [tip])]
    maple = committed_cast.maple.pk
    acts: list[tuple[LiteralString, list[object]]] = [
        (
            "INSERT INTO cases_casetip (case_id, tip_id, district_id, matter_id, person_id, at)"
            " VALUES (%s, %s, %s, %s, %s, now())",
            [case, tips[2], maple, matters[2], tara.person_id],
        ),
        (
            "INSERT INTO matters_exclusion (matter_id, district_id, person_mac)"
            " VALUES (%s, %s, %s)",
            [matters[2], maple, b"m" * 32],
        ),
    ]
    if first == "the exclusion comes":
        acts.reverse()
    with ThreadPoolExecutor(1) as threads:
        with owner.transaction():
            owner.execute(*acts[0])
            second = threads.submit(lambda: other.execute(*acts[1]))
            with pytest.raises(TimeoutError):
                second.result(0.5)
        second.result(10)
    excluded = {row[0] for row in owner.execute("SELECT matter_id FROM matters_exclusion")}
    assert excluded == set(matters)
