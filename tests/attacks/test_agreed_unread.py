"""A second person who agrees has opened what they agree to: a press made by hand agrees to nothing.

The press opens it too, for what it keeps, and shows nobody a word. Each is pressed in the second in
which it was proposed and later, past the page and past the code that asks.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection

from conftest import Cast
from tests.attacks.test_walls_review import a_tip
from upstander.base.refused import Refused
from upstander.cases.actions.ending import close_case, review_closing
from upstander.cases.actions.opening import open_the_case
from upstander.cases.models import CaseClosing
from upstander.cases.tests.story import begin, opened, pass_time
from upstander.decisions.actions import close_tip
from upstander.decisions.models import SecondOpinion
from upstander.emergency.actions.help import ask_for_police, decide_police
from upstander.emergency.models import PoliceRequest
from upstander.mandated.actions.answers import answer_suspicion, read_answer
from upstander.mandated.models import Answer, AnswerRead
from upstander.mandated.register.actions import deciding
from upstander.mandated.register.actions import entries as actions
from upstander.mandated.register.models import Decision, Entry, Proposal
from upstander.mandated.register.reasons import Reason
from upstander.mandated.register.rule import register_rule
from upstander.mandated.register.tests.test_changes_by_two import CLEAN, filed, propose
from upstander.mandated.register.tests.test_left_out import left_out
from upstander.mandated.register.tests.test_register import change, confirm_keep
from upstander.mandated.register.tests.test_register import opened as read_entry
from upstander.mandated.tests.test_duties import offices
from upstander.people.scope import viewing
from upstander.tips.opening import open_tip
from upstander.triage.actions.work import claim_tip
from upstander.triage.tests.test_suspicion_answers import abuse_tip

pytestmark = pytest.mark.django_db


def by_sql(cast: Cast, who: str, statement: str, *values: Any) -> None:
    """Do it as this person's session, past the code; the database must refuse."""
    with (
        pytest.raises(DatabaseError),
        viewing(cast.viewer(who)),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


def test_of_a_life_safety_case(cast: Cast) -> None:
    case = begin(cast, "tara", life_safety=True)
    opened(cast, "tom", case)  # read before there was anything to agree to
    pass_time(minutes=1)
    closing = close_case(opened(cast, "tara", case), "resolved", "Over.")
    pass_time(minutes=2)
    client = cast.client("tom")
    at = f"/cases/{case}/closings/{closing.pk}"
    page = client.post(at, {"agree": "yes", "words": "Agreed."})
    assert page.status_code == 422
    assert "read it first" in page.content.decode()
    by_sql(
        cast,
        "tom",
        "UPDATE cases_caseclosing SET state = 'standing', reviewed_by = %s,"
        " reviewed_at = api.clock_now() WHERE id = %s",
        cast.people["tom"].pk,
        closing.pk,
    )
    assert CaseClosing.objects.get(pk=closing.pk).state == "waiting"
    assert client.get(f"/cases/{case}").status_code == 200
    client.post(at, {"agree": "yes", "words": "Agreed."})
    assert CaseClosing.objects.get(pk=closing.pk).state == "standing"


def test_of_a_case_it_is_sent_back_unread(cast: Cast) -> None:
    case = begin(cast, "tara", life_safety=True)
    closing = close_case(opened(cast, "tara", case), "resolved", "Over.")
    press = open_the_case(cast.viewer("tom"), case, purpose="review")
    review_closing(press, closing.pk, agree=False, words="Not yet.")
    assert CaseClosing.objects.get(pk=closing.pk).state == "refused"


def test_of_a_change_in_the_register(cast: Cast) -> None:
    offices(cast)
    entry = filed(cast)
    sol = cast.client("sol")
    actions.give_reason(cast.viewer("sol"), entry.pk, Reason.NEW, "To look at it.")
    assert sol.get(f"/register/{entry.pk}").status_code == 200
    pass_time(minutes=1)
    propose(cast, "cleo", entry, **CLEAN)
    pass_time(minutes=2)
    row = Proposal.objects.get()
    press = {"proposal": str(row.pk), "agree": "yes", "second-why": ""}
    page = sol.post(f"/register/{entry.pk}/decide", press)
    assert page.status_code == 422
    assert "read it first" in page.content.decode()
    # Nor does having looked at its name for an answer, nor having given a reason anew.
    actions.open_all(cast.viewer("sol"), [entry], Reason.HIRING)
    actions.give_reason(cast.viewer("sol"), entry.pk, Reason.NEW, "Again.")
    assert sol.post(f"/register/{entry.pk}/decide", press).status_code == 422
    by_sql(
        cast,
        "sol",
        "SELECT api.decide_change(p_proposal => %s, p_event => %s, p_agree => true,"
        " p_sealed_event => 'x', p_tell => '{}')",
        row.pk,
        uuid4(),
    )
    assert Entry.objects.get(pk=entry.pk).outcome == "unproven"
    page = sol.get(f"/register/{entry.pk}")
    assert "A change is waiting for a second person" in page.content.decode()
    sol.post(f"/register/{entry.pk}/decide", press)
    assert Entry.objects.get(pk=entry.pk).outcome == "unsubstantiated"


def test_of_an_answer_to_those_who_hire(cast: Cast) -> None:
    disclosure_id = left_out(cast)
    pass_time(minutes=1)
    sol, at = cast.client("sol"), f"/register/disclosures/{disclosure_id}"
    page = sol.post(at, {"agree": "yes"})
    assert page.status_code == 422
    assert "read it first" in page.content.decode()
    sol.get(f"{at}.pdf")  # a letter that is none yet
    by_sql(
        cast,
        "sol",
        "SELECT api.decide_disclosure(p_id => %s, p_disclosure => %s, p_agrees => true,"
        " p_sealed => 'x')",
        uuid4(),
        disclosure_id,
    )
    assert not Decision.objects.exists()
    assert sol.get(at).status_code == 200
    sol.post(at, {"agree": "yes"})
    assert deciding.standing(deciding.open_disclosure(cast.viewer("sol"), disclosure_id).row) == (
        "stands"
    )


def test_of_an_entry_whose_time_has_run_out(cast: Cast) -> None:
    offices(cast)
    entry = filed(cast)
    change(cast, read_entry(cast, "cleo", entry), **{**CLEAN, "outcome_on": date(2001, 2, 28)})
    confirm_keep(cast)
    read_entry(cast, "sol", entry)
    pass_time(minutes=1)
    assert not actions.dispose(read_entry(cast, "cleo", entry), agree=True)
    pass_time(minutes=2)
    sol = cast.client("sol")
    page = sol.post(f"/register/{entry.pk}/dispose", {"agree": "yes"}, follow=True)
    assert "read it first" in page.content.decode()
    pass_time(minutes=4)
    assert not actions.dispose(read_entry(cast, "cleo", entry), agree=False)
    assert not actions.dispose(read_entry(cast, "cleo", entry), agree=True)
    by_sql(
        cast,
        "sol",
        "SELECT api.dispose_allegation(p_entry => %s, p_event => %s, p_agree => true,"
        " p_sealed => 'x', p_rules => 'us-ct', p_digest => %s)",
        entry.pk,
        uuid4(),
        register_rule("us-ct").keep_digest,
    )
    assert sol.get(f"/register/{entry.pk}").status_code == 200
    sol.post(f"/register/{entry.pk}/dispose", {"agree": "yes"})
    assert Entry.objects.get(pk=entry.pk).disposed_at is not None


def test_of_police(cast: Cast) -> None:
    tip = a_tip(cast, now=True)
    claim_tip(cast.viewer("alice"), tip)
    open_tip(cast.viewer("bea"), tip)
    pass_time(minutes=1)
    request = ask_for_police(open_tip(cast.viewer("alice"), tip), "Nobody nearer.")
    pass_time(minutes=2)
    with pytest.raises(Refused, match="read it first"):
        decide_police(cast.viewer("bea"), tip, request.pk, agree=True)
    by_sql(
        cast,
        "bea",
        "UPDATE approvals_approval SET outcome = 'approved', decided_by = %s WHERE id = %s",
        cast.people["bea"].pk,
        request.pk,
    )
    assert PoliceRequest.objects.get(pk=request.pk).outcome == ""
    assert cast.client("bea").get(f"/tips/{tip}/911").status_code == 200
    assert decide_police(cast.viewer("bea"), tip, request.pk, agree=True).agreed


def test_of_a_life_safety_tip_by_sql(cast: Cast) -> None:
    tip = a_tip(cast, now=True)
    claim_tip(cast.viewer("alice"), tip)
    opinion = close_tip(open_tip(cast.viewer("alice"), tip), "unfounded", "It was a film.")
    assert isinstance(opinion, SecondOpinion)
    by_sql(
        cast,
        "bea",
        "WITH agreed AS (UPDATE decisions_secondopinion SET state = 'agreed', decided_by = %s,"
        " decided_at = date_trunc('second', api.clock_now()) WHERE id = %s RETURNING tip_id)"
        " UPDATE tips_tip SET state = 'closed', disposition = 'unfounded'"
        " WHERE id = (SELECT tip_id FROM agreed)",
        cast.people["bea"].pk,
        opinion.pk,
    )


def test_of_a_no_to_suspecting_abuse(cast: Cast) -> None:
    tip = abuse_tip(cast)
    for who in ("tara", "tom"):
        one = open_tip(cast.viewer(who), tip)
        answer_suspicion(one, suspects=False, why="It was a game.", duty_id=None, read_to=9)
        pass_time(minutes=1 if who == "tara" else 2)
    answer = Answer.objects.get(person_id=cast.people["tom"].pk)
    tara = cast.client("tara")
    press = {"of": str(answer.pk), "agrees": "yes"}
    tara.post(f"/tips/{tip}/suspicion", press)
    assert not AnswerRead.objects.exists()
    by_sql(
        cast,
        "tara",
        "INSERT INTO mandated_answerread (answer_id, district_id, person_id, agrees, at)"
        " VALUES (%s, %s, %s, true, api.clock_now())",
        answer.pk,
        answer.district_id,
        cast.people["tara"].pk,
    )
    read_answer(open_tip(cast.viewer("tara"), tip), answer.pk, agrees=True)
    assert AnswerRead.objects.get().agrees
