"""No single person ends a life-safety tip: not by the pages, not by SQL of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from conftest import Cast
from tests.attacks.test_walls_review import DatabaseRefuses, a_tip, attack
from upstander.base.refused import Refused
from upstander.cases.tests.story import read_and_agree
from upstander.config.database import Role as LoginRole
from upstander.decisions.actions import close_tip, decide
from upstander.decisions.dispositions import DISPOSITIONS
from upstander.decisions.models import SecondOpinion
from upstander.tips import reporter
from upstander.tips.opening import open_tip
from upstander.triage.actions.work import claim_tip

type SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]


def test_one_person_closes_no_life_safety_tip_by_sql(
    committed_cast: Cast, real_database: SignIn
) -> None:
    alice, tip = committed_cast.viewer("alice"), a_tip(committed_cast, now=True)
    claim_tip(alice, tip)
    staff = real_database(LoginRole.STAFF)
    forged = (
        "INSERT INTO decisions_secondopinion (id, tip_id, district_id, kind, to_priority,"
        " disposition,"
        " proposed_by, proposed_at, turn, expires_at, state, decided_by, decided_at, audience,"
        f" sealed) VALUES (gen_random_uuid(), '{tip}', {committed_cast.maple.pk}, 'false', '',"
        f" 'unfounded', {{}}, now(), 9, now() + interval '1 hour', 'agreed', {alice.person_id},"
        " date_trunc('second', now()), 'center', '')"
    )
    closed = f"UPDATE tips_tip SET state = 'closed', disposition = 'unfounded' WHERE id = '{tip}'"
    with pytest.raises(DatabaseRefuses):
        attack(staff, alice, closed)
    with pytest.raises(DatabaseRefuses):  # together with its priority
        attack(staff, alice, closed.replace("SET", "SET priority = 'routine', rank = 2,"))
    for name in ("alice", "bea"):  # a colleague's word is not hers to give
        with pytest.raises(DatabaseRefuses):
            attack(staff, alice, forged.format(committed_cast.people[name].pk))
    for one in DISPOSITIONS:  # nor however else it is said to have ended
        with pytest.raises(DatabaseRefuses):
            attack(staff, alice, closed.replace("unfounded", one.key))


def test_two_persons_may(cast: Cast) -> None:
    alice, tip = cast.viewer("alice"), a_tip(cast, now=True)
    claim_tip(alice, tip)
    opinion = close_tip(open_tip(alice, tip), "unfounded", "It was a film.")
    assert isinstance(opinion, SecondOpinion)
    read_and_agree(cast.viewer("bea"), opinion.pk)
    assert open_tip(alice, tip).tip.disposition == "unfounded"


def test_what_came_in_the_second_of_the_proposal_counts(cast: Cast) -> None:
    """Times are whole seconds; the conversation's turns are not."""
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="x",
            language="en",
            tile="attack",
            answers={"when": "now"},
            school_id=cast.cedar.pk,
        )
    )
    alice = cast.viewer("alice")
    claim_tip(alice, filed.tip_id)
    opinion = close_tip(open_tip(alice, filed.tip_id), "unfounded", "No.")
    assert isinstance(opinion, SecondOpinion)
    reporter.add_message(filed.session_token, "He has it with him.")
    with pytest.raises(Refused, match="wrote after"):
        decide(cast.viewer("bea"), opinion.pk, agree=True)
