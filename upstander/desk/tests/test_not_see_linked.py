"""Who must not see it, over time: of all of a matter's tips, said again, and of one that is out."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import IntegrityError, connection

from conftest import Cast
from upstander.base.refused import Refused
from upstander.decisions.actions import close_tip, reopen_tip
from upstander.desk.tests.test_asking_one_more import alert_of, press
from upstander.desk.tests.test_must_not_see import BRIEF, COACH, claimed, hand, suspects
from upstander.desk.tests.tips import a_tip
from upstander.intake.priority import Priority
from upstander.mandated.tests.test_duties import offices
from upstander.mandated.tests.test_who_of_staff import granted
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.actions.not_see import dismiss_not_see
from upstander.tips.actions.writing import add_reply
from upstander.tips.models import Recipient, Settled, Tip
from upstander.tips.opening import open_tip
from upstander.tips.states import TipState
from upstander.triage.actions.handoff import ask_for_words, hand_off
from upstander.triage.actions.work import assess_tip, claim_tip, link_tips

pytestmark = pytest.mark.django_db

LATER = "Now they say: the art teacher and whoever runs the Cedar team"


def linked(cast: Cast) -> tuple[UUID, UUID]:
    """Return a tip whose reporter named the coach, and another one's that says nobody, linked."""
    named, other = claimed(cast), claimed(cast, said="no")
    link_tips(cast.viewer("alice"), other, named)
    return named, other


def dismissed(cast: Cast, tip: UUID, why: str = "Her uncle.") -> None:
    dismiss_not_see(open_tip(cast.viewer("bea"), tip), why)


def hears(cast: Cast, tip: UUID, said: str) -> None:
    assess_tip(open_tip(cast.viewer("alice"), tip), {"must_not_see": said}, Priority.URGENT)


def given(cast: Cast) -> dict[str, object]:
    return {"teams": [cast.teams["cedar"].pk], "brief": BRIEF, "confirmed": "yes"}


def test_the_hand_off_of_a_linked_tip_waits_too_and_says_for_which(cast: Cast) -> None:
    named, other = linked(cast)
    reference = Tip.objects.get(pk=named).reference
    with pytest.raises(Refused):
        hand(cast, other)
    page = cast.client("alice").get(f"/tips/{other}/handoff").content.decode()
    assert f"/tips/{named}/keep-out" in page
    assert reference in page
    assert COACH not in page, "another reporter's words stay on their own tip"
    sent = {**given(cast), "with_words": "on", "words_reason": "They ask for it."}
    page = cast.client("alice").post(f"/tips/{other}/handoff", sent).content.decode()
    assert reference in page
    assert BRIEF in page
    assert not Recipient.objects.exists()
    page = cast.client("alice").get(f"/tips/{other}").content.decode()
    assert f"/tips/{named}/keep-out" in page
    dismissed(cast, named)
    hand(cast, other)
    hand(cast, named)


def test_nobody_is_asked_by_hand_about_a_linked_tip_meanwhile(cast: Cast) -> None:
    _named, other = linked(cast)
    alert = alert_of(other)
    _status, page = press(cast, alert, "tom")
    assert "must not see" in page
    with pytest.raises(IntegrityError), viewing(cast.viewer("alice")), connection.cursor() as sql:
        sql.execute(
            "INSERT INTO escalations_step (alert_id, number, round, target, due_at, state, cause,"
            " after_seconds) SELECT alert_id, 99, 9, %s, due_at, 'due', 'by_hand', 0"
            " FROM escalations_step WHERE alert_id = %s LIMIT 1",
            [f"person:{cast.people['tom'].pk}", alert.pk],
        )


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE tips_tip SET state = 'handed_off' WHERE id = '{tip}'",
        "INSERT INTO tips_recipient (tip_id, district_id, holder, since, since_turn, with_words)"
        " SELECT id, district_id, 'team:1', now(), 0, true FROM tips_tip WHERE id = '{tip}'",
        "INSERT INTO vault_grant (tip_id, district_id, audience, handoff_id, holder, key_version,"
        " blob) SELECT id, district_id, 'case', id, 'team:1', 1, '' FROM tips_tip WHERE id='{tip}'",
    ],
)
def test_the_database_hands_no_linked_tip_off_meanwhile(cast: Cast, attack: str) -> None:
    _named, other = linked(cast)
    with (
        pytest.raises(IntegrityError) as refused,
        viewing(cast.viewer("alice")),
        connection.cursor() as cursor,
    ):
        cursor.execute(attack.format(tip=other))
    assert "who must not see this" in str(refused.value)


def test_linking_one_that_a_school_has_says_so_and_nothing_more_is_granted(cast: Cast) -> None:
    other = claimed(cast, said="no")
    hand(cast, other)
    named = claimed(cast)
    alice = cast.client("alice")
    reference = Tip.objects.get(pk=named).reference
    page = alice.post(f"/tips/{other}/link", {"reference": reference}, follow=True)
    assert "is already with a school" in page.content.decode()
    # What the team has it keeps; it works on, and answers.
    tom = open_tip(cast.viewer("tom"), other)
    add_reply(tom, "I am here.")
    # No words, no other team, nobody by hand.
    with pytest.raises(Refused, match="Call the center") as refused:
        ask_for_words(tom, "To know more")
    assert "must not see" not in str(refused.value), "whoever is meant may be one of the team"
    with pytest.raises(IntegrityError), viewing(cast.viewer("tom")), connection.cursor() as cursor:
        cursor.execute("UPDATE tips_recipient SET with_words = true")
    with pytest.raises(Refused):
        hand_off(open_tip(cast.viewer("alice"), other), [cast.teams["birch"].pk], BRIEF)
    dismissed(cast, named)
    ask_for_words(open_tip(cast.viewer("tom"), other), "To know more")


@pytest.mark.parametrize("how", ["heard", "answered"])
def test_what_is_said_after_it_was_settled_waits_anew_and_stands_above_it(
    cast: Cast, how: str
) -> None:
    filed = a_tip(cast, answers={"not_see": COACH})
    tip = filed.tip_id
    claim_tip(cast.viewer("alice"), tip)
    dismissed(cast, tip)
    # The same words again are no news.
    if how == "heard":
        hears(cast, tip, COACH)
    else:
        reporter.add_answers(filed.session_token, {"not_see": COACH})
    hand_off_works = not _waits(cast, tip)
    assert hand_off_works
    if how == "heard":
        hears(cast, tip, LATER)
    else:
        reporter.add_answers(filed.session_token, {"not_see": LATER})
    with pytest.raises(Refused):
        hand(cast, tip)
    for address in ("", "/keep-out", "/handoff"):
        page = cast.client("alice").get(f"/tips/{tip}{address}").content.decode()
        assert LATER in page, address
        assert page.index(LATER) < page.index(COACH), address
    dismissed(cast, tip, "Read once more: nobody at school.")
    assert Settled.objects.filter(tip_id=tip).count() == 2
    hand(cast, tip)


def _waits(cast: Cast, tip: UUID) -> bool:
    with viewing(cast.viewer("alice")), connection.cursor() as cursor:
        matter = Tip.objects.get(pk=tip).matter_id
        cursor.execute("SELECT api.matter_unsettled(%s)", [matter])
        row = cursor.fetchone()
    return bool(row and row[0])


def test_an_answer_to_what_a_page_showed_settles_nothing_that_was_said_since(cast: Cast) -> None:
    filed = a_tip(cast, answers={"not_see": COACH})
    tip, alice = filed.tip_id, cast.client("alice")
    claim_tip(cast.viewer("alice"), tip)
    at, why = f"/tips/{tip}/keep-out", "Her uncle."
    said = Tip.objects.get(pk=tip).not_see_turn
    first = alice.post(at, {"did": "dismiss", "reason": why, "said": said})
    assert f'name="said" value="{said}"' in first.content.decode()
    reporter.add_answers(filed.session_token, {"not_see": LATER})
    sure = {"did": "dismiss", "reason": why, "sure": "yes", "said": said}
    page = alice.post(at, sure).content.decode()
    assert LATER in page
    assert not Settled.objects.exists()


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE tips_tip SET not_see_turn = 0",
        "INSERT INTO tips_settled (tip_id, district_id, how, person_id, note_id, turn, at)"
        " SELECT n.tip_id, n.district_id, 'dismissed', n.person_id, n.id, 30000, now()"
        " FROM tips_note n WHERE n.audience = 'center'",
    ],
)
def test_nobody_settles_what_is_said_only_later(cast: Cast, attack: str) -> None:
    tip = claimed(cast)
    dismissed(cast, tip)
    with (
        pytest.raises(Exception, match=r"must not see|keep out"),
        connection.cursor() as cursor,
    ):
        cursor.execute(attack)


@pytest.mark.parametrize("by", ["team", "center"])
def test_a_closed_tip_that_a_school_had_opens_again_although_it_waits(cast: Cast, by: str) -> None:
    tip = claimed(cast, said="no")
    hand(cast, tip)
    hears(cast, tip, LATER)
    close_tip(open_tip(cast.viewer("tom"), tip), "welfare_check", "All is well.")
    before = Recipient.objects.count()
    name, at = ("tom", f"/team/{tip}") if by == "team" else ("alice", f"/tips/{tip}")
    assert cast.client(name).post(f"{at}/reopen").status_code == 302
    assert Tip.objects.get(pk=tip).state == TipState.HANDED_OFF
    assert Recipient.objects.count() == before
    with pytest.raises(Refused):
        ask_for_words(open_tip(cast.viewer("tom"), tip), "To know more")


def test_a_closed_tip_that_no_school_had_is_not_handed_off_by_opening_it(cast: Cast) -> None:
    tip = claimed(cast)
    close_tip(open_tip(cast.viewer("alice"), tip), "welfare_check", "All is well.")
    with (
        pytest.raises(IntegrityError),
        viewing(cast.viewer("alice")),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE tips_tip SET state = 'handed_off' WHERE id = %s", [tip])
    reopen_tip(cast.viewer("alice"), tip)
    assert Tip.objects.get(pk=tip).state == TipState.CLAIMED


def test_a_report_that_begins_after_it_was_said_again_is_its_owners_alone(cast: Cast) -> None:
    offices(cast)
    tip = claimed(cast)
    dismissed(cast, tip)
    hears(cast, tip, LATER)
    assert granted(cast, suspects(cast, tip, rule="abuse")) == ["alice"]
