"""Nothing about abuse ends before everybody who opened it has answered and every report is made."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import Error, connection, transaction

from conftest import Cast
from tests.attacks.test_walls_review import DatabaseRefuses, attack
from upstander.base.refused import Refused
from upstander.cases.actions.ending import close_case, review_closing
from upstander.cases.actions.support import add_action, finish_action
from upstander.cases.actions.timeline import QuestionsWait, add_item
from upstander.cases.models import Case, CaseAction
from upstander.cases.tests.story import begin, opened, read_and_agree
from upstander.config.database import Role as LoginRole
from upstander.decisions.actions import close_tip, decide
from upstander.decisions.dispositions import DISPOSITIONS
from upstander.decisions.models import SecondOpinion
from upstander.mandated.actions import duties as actions
from upstander.mandated.actions.answers import answer_suspicion, read_answer
from upstander.mandated.models import Answer, Asked, Duty, DutyEvent
from upstander.mandated.tests.test_duties import offices, right_now, suspect
from upstander.mandated.written.evidence import Proof
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.tips.states import TipState
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip, link_tips, mark_junk
from upstander.triage.tests.test_suspicion_answers import abuse_tip

type SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]


def new_tip(cast: Cast, tile: str = "home", **more: Any) -> UUID:
    """File a tip and have Alice claim it."""
    said: dict[str, Any] = {"text": "Words.", "language": "en", "school_id": cast.cedar.pk}
    filed = reporter.file_tip(
        reporter.NewTip(token=reporter.new_form_token(), tile=tile, **said | more)
    )
    claim_tip(cast.viewer("alice"), filed.tip_id)
    return filed.tip_id


def no_by(cast: Cast, tip: UUID, *names: str) -> None:
    """Have them all answer no, each one's read by the next of them."""
    for name in names:
        answer_suspicion(open_tip(cast.viewer(name), tip), suspects=False, why="No.", duty_id=None)
    for place, name in enumerate(names):
        answer = Answer.objects.get(tip_id=tip, person_id=cast.people[name].pk)
        reader = names[(place + 1) % len(names)]
        read_answer(open_tip(cast.viewer(reader), tip), answer.pk, agrees=True)


def report(cast: Cast, who: str, duty: UUID, *, written: bool = True) -> None:
    """Write down both reports (or the first) with what proves them."""
    viewer = cast.viewer(who)
    spoke = {"worker": "Ms. Reed"}
    actions.report_first(viewer, duty, way="careline", at=right_now(), words=spoke)
    if written:
        sent(cast, who, duty)


def sent(cast: Cast, who: str, duty: UUID) -> None:
    """Write down that the written report went, with how, where to and a file."""
    went = {"how": "Fax", "to": "The area office"}
    proof = Proof("fax.txt", b"Sent.")
    actions.send_written(cast.viewer(who), duty, at=right_now(), words=went, proof=proof)


def state(tip: UUID) -> str:
    return str(Tip.objects.get(pk=tip).state)


@pytest.mark.parametrize("disposition", ["unfounded", "child_protection", "support_given", "junk"])
def test_a_counselor_alone_ends_no_tip_about_abuse(cast: Cast, disposition: str) -> None:
    tip = new_tip(cast)
    alice = cast.client("alice")
    said = {"disposition": disposition, "words": "The principal said she called."}
    page = alice.post(f"/tips/{tip}/close", said | {"unanswered": "yes"})
    assert page.status_code == 422
    assert "not everyone who opened it has answered" in page.content.decode()
    assert state(tip) == TipState.CLAIMED
    # Not by her own no either, until another has read why.
    answer_suspicion(open_tip(cast.viewer("alice"), tip), suspects=False, why="No.", duty_id=None)
    with pytest.raises(Refused, match="second person"):
        close_tip(open_tip(cast.viewer("alice"), tip), disposition, "Over.")


def test_a_team_ends_none_either_while_the_center_owes_an_answer(cast: Cast) -> None:
    tip = abuse_tip(cast)
    no_by(cast, tip, "tom", "tara")
    client = cast.client("tom")
    said = {"disposition": "unfounded", "text": "We asked.", "unanswered": "yes"}
    client.post(f"/team/{tip}/close", said)
    assert state(tip) == TipState.HANDED_OFF
    no_by(cast, tip, "alice", "bea")
    close_tip(open_tip(cast.viewer("tom"), tip), "unfounded", "We asked.")
    assert state(tip) == TipState.CLOSED


def test_nothing_ends_while_a_report_is_open_whoever_owes_it(cast: Cast) -> None:
    offices(cast)
    tip = new_tip(cast)
    no_by(cast, tip, "alice", "bea")
    duty = suspect(cast, who="tess", matter_id=Tip.objects.get(pk=tip).matter_id)
    alice = open_tip(cast.viewer("alice"), tip)
    with pytest.raises(Refused, match="not finished"):
        close_tip(alice, "support_given", "Over.")
    report(cast, "tess", duty, written=False)
    with pytest.raises(Refused, match="not finished"):
        close_tip(alice, "child_protection", "Over.")
    sent(cast, "tess", duty)
    close_tip(alice, "child_protection", "Over.")
    assert state(tip) == TipState.CLOSED


def test_reported_is_said_with_a_reports_proof_alone_of_any_tip(cast: Cast) -> None:
    offices(cast)
    tip = new_tip(cast, tile="sad")
    alice = open_tip(cast.viewer("alice"), tip)
    with pytest.raises(Refused, match="I suspect"):
        close_tip(alice, "child_protection", "The principal said she called.")
    # A report of bullying goes to no child protection.
    bullying = suspect(
        cast, who="tess", rule="bullying", matter_id=Tip.objects.get(pk=tip).matter_id
    )
    actions.report_first(cast.viewer("tess"), bullying, way="climate", at=right_now(), words={})
    actions.send_written(cast.viewer("tess"), bullying, at=right_now(), words={})
    with pytest.raises(Refused, match="I suspect"):
        close_tip(alice, "child_protection", "Over.")


def test_one_about_abuse_is_not_set_aside_as_junk_meanwhile(cast: Cast) -> None:
    tip = new_tip(cast)
    open_tip(cast.viewer("alice"), tip)
    with pytest.raises(Refused, match="not everyone"):
        mark_junk(cast.viewer("alice"), tip, junk=True)
    assert not Tip.objects.get(pk=tip).junk
    no_by(cast, tip, "alice", "bea")
    mark_junk(cast.viewer("alice"), tip, junk=True)
    assert Tip.objects.get(pk=tip).junk


def test_linked_tips_end_together(cast: Cast) -> None:
    tip, other = new_tip(cast), new_tip(cast)
    no_by(cast, tip, "alice", "bea")
    open_tip(cast.viewer("bea"), other)
    link_tips(cast.viewer("alice"), tip, other)
    with pytest.raises(Refused, match="not everyone"):
        close_tip(open_tip(cast.viewer("alice"), tip), "duplicate", "The same as the other.")


def test_no_login_ends_one_by_sql(committed_cast: Cast, real_database: SignIn) -> None:
    tip = new_tip(committed_cast)
    alice, staff = committed_cast.viewer("alice"), real_database(LoginRole.STAFF)
    open_tip(alice, tip)
    worker = real_database(LoginRole.WORKER)
    closed = f"UPDATE tips_tip SET state = 'closed', disposition = 'unfounded' WHERE id = '{tip}'"
    for statement in (
        closed,
        closed.replace("SET", "SET mandated = false,"),
        f"UPDATE tips_tip SET mandated = false WHERE id = '{tip}'",
        "UPDATE mandated_asked SET answered_at = now()",
        "DELETE FROM mandated_asked",
        "INSERT INTO mandated_fileanswer (asked_id, district_id, person_id, ground, at)"
        " SELECT id, district_id, 1, 'reported', now() FROM mandated_asked",
        "SELECT api.answer_for_file(p_asked => 1, p_ground => 'reported')",
    ):
        with pytest.raises(DatabaseRefuses):
            attack(staff, alice, statement)
    for statement in (
        "UPDATE mandated_asked SET climb_at = NULL",
        "UPDATE mandated_asked SET answered_at = now()",
    ):
        with pytest.raises(psycopg.Error):
            worker.execute(statement.encode())


# Cases.


def abuse_case(cast: Cast, who: str = "tara", **more: Any) -> UUID:
    return begin(cast, who, concern=Case.Concern.ABUSE, **more)


def test_a_case_about_abuse_is_neither_closed_nor_ticked_as_reported(cast: Cast) -> None:
    offices(cast)
    case = abuse_case(cast)
    action = add_action(opened(cast, "tara", case), "child_protection")
    client = cast.client("tara")
    page = client.post(
        f"/cases/{case}/actions/{action.pk}/end", {"ending": "done", "words": "She called."}
    )
    assert page.status_code == 422
    assert "not everyone who opened it has answered" in page.content.decode()
    assert CaseAction.objects.get(pk=action.pk).ended_at is None
    finish_action(opened(cast, "tara", case), action.pk, "Not ours.", ending="not_needed")
    for how in ("resolved", "child_protection"):
        with pytest.raises(Refused, match="not everyone"):
            close_case(opened(cast, "tara", case), how, "Over.")
    assert b"Yes, I suspect" in client.get(f"/cases/{case}").content
    client.post("/suspect", {"rule": "abuse", "since": "now", "about": "nobody", "case": str(case)})
    duty = Duty.objects.get()
    second = add_action(opened(cast, "tara", case), "child_protection")
    with pytest.raises(Refused, match="not finished"):
        finish_action(opened(cast, "tara", case), second.pk, "I called.")
    report(cast, "tara", duty.pk)
    finish_action(opened(cast, "tara", case), second.pk, "I called.")
    close_case(opened(cast, "tara", case), "child_protection", "With them now.")
    assert Case.objects.get(pk=case).state == "closed"


def test_a_case_of_no_abuse_is_called_reported_with_proof_alone(cast: Cast) -> None:
    case = begin(cast, "tara")
    action = add_action(opened(cast, "tara", case), "child_protection")
    with pytest.raises(Refused, match="I suspect"):
        finish_action(opened(cast, "tara", case), action.pk, "The principal said she called.")
    finish_action(opened(cast, "tara", case), action.pk, "Nothing to it.", ending="not_needed")
    with pytest.raises(Refused, match="I suspect"):
        close_case(opened(cast, "tara", case), "child_protection", "Over.")


def test_two_who_say_no_end_a_case(cast: Cast) -> None:
    case = abuse_case(cast)
    for name in ("tara", "tom"):
        answer_suspicion(opened(cast, name, case), suspects=False, why="A game.", duty_id=None)
    with pytest.raises(Refused, match="not everyone"):
        close_case(opened(cast, "tara", case), "resolved", "Over.")
    for reader, of in (("tara", "tom"), ("tom", "tara")):
        answer = Answer.objects.get(case_id=case, person_id=cast.people[of].pk)
        page = cast.client(reader).get(f"/cases/{case}").content.decode()
        assert "A game." in page
        cast.client(reader).post(
            f"/cases/{case}/suspicion", {"of": str(answer.pk), "agrees": "yes"}
        )
    close_case(opened(cast, "tara", case), "resolved", "Over.")
    assert Case.objects.get(pk=case).state == "closed"


@pytest.mark.parametrize("road", ["case", "tip"])
def test_nobody_questions_before_the_report_or_a_reason(cast: Cast, road: str) -> None:
    offices(cast)
    if road == "case":
        case = abuse_case(cast)
    else:
        tip = open_tip(cast.viewer("tara"), abuse_tip(cast))
        case = begin(cast, "tara", tips=(tip,))
    for name in ("tara", "tom"):
        with pytest.raises(QuestionsWait):
            add_item(opened(cast, name, case), "questioning", {"words": "I asked him."})
    add_item(opened(cast, "tara", case), "asked_why", {"words": "She began to tell by herself."})
    add_item(opened(cast, "tara", case), "questioning", {"words": "I asked her where."})
    # A reason is its writer's.
    with pytest.raises(QuestionsWait):
        add_item(opened(cast, "tom", case), "questioning", {"words": "I asked him."})
    duty = suspect(cast, who="tom", case_id=case, matter_id=Case.objects.get(pk=case).matter_id)
    actions.add_event(cast.viewer("tom"), duty, DutyEvent.Kind.ASKED_WHY, {"why": "He wept."})
    add_item(opened(cast, "tom", case), "questioning", {"words": "I asked him."})
    with pytest.raises(QuestionsWait):
        add_item(opened(cast, "uma", case), "questioning", {"words": "I asked him."})
    report(cast, "tom", duty)
    add_item(opened(cast, "uma", case), "questioning", {"words": "I asked him."})


# What a child wrote is never set aside by one.


def danger(cast: Cast) -> UUID:
    return new_tip(cast, "attack", answers={"when": "now"})


@pytest.mark.parametrize(
    "disposition",
    # Those need a report's proof: see above.
    [one.key for one in DISPOSITIONS if one.key not in ("child_protection", "not_accepted")],
)
def test_one_person_closes_no_life_safety_tip_however_it_ended(
    cast: Cast, disposition: str
) -> None:
    tip = danger(cast)
    alice = cast.viewer("alice")
    proposed = close_tip(open_tip(alice, tip), disposition, "Over.")
    assert isinstance(proposed, SecondOpinion)
    assert state(tip) == TipState.CLAIMED
    with pytest.raises(Refused, match="second person"):
        decide(alice, proposed.pk, agree=True)
    read_and_agree(cast.viewer("bea"), proposed.pk)
    assert state(tip) == TipState.CLOSED


def test_a_team_closes_one_by_two_too_and_nobody_sets_it_aside(cast: Cast) -> None:
    tip = danger(cast)
    with pytest.raises(Refused, match="set aside a life-safety tip"):
        mark_junk(cast.viewer("alice"), tip, junk=True)
    assert Tip.objects.filter(pk=tip).update(junk=True)
    assert not Tip.objects.get(pk=tip).junk
    hand_off(open_tip(cast.viewer("alice"), tip), [cast.teams["cedar"].pk], "A brief.")
    client = cast.client("tom")
    said = {"disposition": "support_given", "text": "We spoke."}
    page = client.post(f"/team/{tip}/close", said, follow=True).content.decode()
    assert "waiting for a reply" in page
    page = client.post(
        f"/team/{tip}/close", said | {"unanswered": "yes"}, follow=True
    ).content.decode()
    assert "nobody at the center has assessed" in page
    client.post(f"/team/{tip}/close", said | {"unanswered": "yes", "unassessed": "yes"})
    assert state(tip) == TipState.HANDED_OFF
    opinion = SecondOpinion.objects.get(tip_id=tip)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tips_tip SET state = 'closed', disposition = 'support_given' WHERE id = %s",
            [tip],
        )
    read_and_agree(cast.viewer("tara"), opinion.pk)
    assert state(tip) == TipState.CLOSED
    shown = client.get(f"/team/{tip}").content.decode()
    assert "Nobody has it" not in shown
    assert re.search(r"Closed: [^,<]+, by Tom", shown), "who closed it, and when"


def test_a_case_whose_tip_became_life_safety_is_closed_by_two(cast: Cast) -> None:
    tip = new_tip(cast, "sad")
    hand_off(open_tip(cast.viewer("alice"), tip), [cast.teams["cedar"].pk], "A brief.")
    case = begin(cast, "tara", tips=(open_tip(cast.viewer("tara"), tip),))
    assert not Case.objects.get(pk=case).life_safety
    Tip.objects.filter(pk=tip).update(priority="life_safety", rank=0)
    closing = close_case(opened(cast, "tara", case), "resolved", "Over.")
    found = Case.objects.get(pk=case)
    assert (found.state, found.life_safety) == ("review", True)
    review_closing(opened(cast, "tom", case), closing.pk, agree=True)
    assert Case.objects.get(pk=case).state == "closed"


def test_closing_asks_whether_the_reporter_stays_without_an_answer(cast: Cast) -> None:
    tip = new_tip(cast, "sad")
    client = cast.client("alice")
    assert b"The reporter is waiting for a reply" in client.get(f"/tips/{tip}/close").content
    said = {"disposition": "support_given", "words": "Done."}
    page = client.post(f"/tips/{tip}/close", said)
    assert b"Reply first" in page.content
    assert state(tip) == TipState.CLAIMED
    client.post(f"/tips/{tip}/close", said | {"unanswered": "yes"})
    assert state(tip) == TipState.CLOSED


def test_a_closed_tip_says_that_nobody_has_it(cast: Cast) -> None:
    tip = new_tip(cast, "sad")
    open_tip(cast.viewer("alice"), tip)
    assert b"Alice has it" in cast.client("bea").get(f"/tips/{tip}").content
    close_tip(open_tip(cast.viewer("alice"), tip), "support_given", "Done.")
    page = cast.client("bea").get(f"/tips/{tip}").content.decode()
    assert "Alice has it" not in page
    assert "obody has it" in page


def test_nobody_opened_it_is_no_way_past(cast: Cast) -> None:
    tip = new_tip(cast)
    assert not Asked.objects.filter(tip_id=tip).exists()
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tips_tip SET state = 'closed', disposition = 'junk' WHERE id = %s", [tip]
        )
