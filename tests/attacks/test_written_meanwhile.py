"""What a reporter adds while somebody decides is read before the decision stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from conftest import Cast
from upstander.base.refused import Refused
from upstander.config.database import Role as LoginRole
from upstander.decisions.actions import close_tip, decide, propose
from upstander.decisions.models import SecondOpinion
from upstander.tips import reporter
from upstander.tips.opening import open_tip
from upstander.triage.actions.work import claim_tip

type Line = psycopg.Connection[tuple[Any, ...]]
type SignIn = Callable[[LoginRole], Line]


def test_no_second_person_agrees_to_what_the_reporter_has_since_added_to(
    committed_cast: Cast, real_database: SignIn
) -> None:
    alice, bea = committed_cast.viewer("alice"), committed_cast.viewer("bea")
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="x",
            language="en",
            tile="attack",
            answers={"when": "now"},
            school_id=committed_cast.cedar.pk,
        )
    )
    opinion = propose(
        open_tip(alice, filed.tip_id), SecondOpinion.Kind.LOWER, words="No.", to_priority="routine"
    )
    real_database(LoginRole.OWNER).execute(
        "UPDATE decisions_secondopinion SET proposed_at = proposed_at - interval '5 seconds'"
    )
    reporter.add_message(filed.session_token, "He has it with him.")
    with pytest.raises(Refused):
        decide(bea, opinion.pk, agree=True)
    assert open_tip(bea, filed.tip_id).tip.priority == "life_safety"


def test_no_tip_is_closed_over_words_that_came_while_it_was_read(
    committed_cast: Cast, real_database: SignIn
) -> None:
    alice = committed_cast.viewer("alice")
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="x",
            language="en",
            school_id=committed_cast.cedar.pk,
        )
    )
    claim_tip(alice, filed.tip_id)
    opened = open_tip(alice, filed.tip_id)
    reporter.add_message(filed.session_token, "Wait, there is more.")
    with pytest.raises(Refused):
        close_tip(opened, "support_given", "Done.")
