"""A talk stays at the center: nobody else gets it without a ground that is there, by any road."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils.html import strip_tags

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.desk.tests.test_asking_one_more import alert_of, is_asked, press
from upstander.desk.tests.test_must_not_see import suspects
from upstander.desk.tests.tips import a_tip
from upstander.escalations.models import Alert, Page, Step, Task
from upstander.intake.priority import Priority
from upstander.mandated.tests.test_duties import offices
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import add_reply
from upstander.tips.models import Recipient, Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.tips.states import TipState
from upstander.triage.actions.handoff import hand_off, send_back
from upstander.triage.actions.work import assess_tip, claim_tip, link_tips

pytestmark = pytest.mark.django_db

BRIEF = "A student is worn out and wants somebody to listen. Cedar."
WORDS = "I can't sleep and I don't know who to talk to."


def a_talk(cast: Cast, **more: object) -> reporter.Filed:
    """File a talk, which Alice has claimed."""
    given = {"text": WORDS, "tile": "sad", "answers": {"who": "me"}, **more}
    filed = a_tip(cast, to_talk=True, **given)  # type: ignore[arg-type]
    claim_tip(cast.viewer("alice"), filed.tip_id)
    return filed


def hand(cast: Cast, tip: UUID, ground: str = "") -> None:
    hand_off(open_tip(cast.viewer("alice"), tip), [cast.teams["cedar"].pk], BRIEF, ground=ground)


def says_yes(cast: Cast, filed: reporter.Filed) -> None:
    add_reply(open_tip(cast.viewer("alice"), filed.tip_id), "May people at your school know?")
    reporter.add_message(filed.session_token, "yes, ok")


def in_danger(cast: Cast, tip: UUID) -> None:
    assess_tip(open_tip(cast.viewer("alice"), tip), {"source": "self"}, Priority.LIFE_SAFETY)


def sees(cast: Cast, name: str, tip: UUID) -> bool:
    viewer = cast.viewer(name)
    try:
        with viewing(viewer):
            tip_for(viewer, tip)
    except Http404:
        return False
    return True


@pytest.mark.parametrize("ground", ["", "yes", "danger", "duty", "curious", "yes danger"])
def test_without_a_ground_that_is_there_it_is_not_handed_off(cast: Cast, ground: str) -> None:
    tip = a_talk(cast).tip_id
    with pytest.raises(Refused):
        hand(cast, tip, ground)
    assert Tip.objects.get(pk=tip).state == TipState.CLAIMED
    assert not Recipient.objects.exists()
    assert not any(sees(cast, name, tip) for name in ("tara", "tom", "dee"))
    assert sees(cast, "bea", tip)


def test_a_yes_is_not_there_before_they_wrote_after_being_asked(cast: Cast) -> None:
    filed = a_talk(cast)
    reporter.add_message(filed.session_token, "yes, tell them")
    with pytest.raises(Refused, match="ask them here"):
        hand(cast, filed.tip_id, "yes")
    add_reply(open_tip(cast.viewer("alice"), filed.tip_id), "May people at your school know?")
    with pytest.raises(Refused, match="ask them here"):
        hand(cast, filed.tip_id, "yes")
    reporter.add_message(filed.session_token, "yes")
    hand(cast, filed.tip_id, "yes")
    assert sees(cast, "tom", filed.tip_id)


def test_danger_is_what_somebody_judged_not_what_was_ticked(cast: Cast) -> None:
    tip = a_talk(cast, tile="suicide", answers={"who": "me", "when": "now"}).tip_id
    assert Tip.objects.get(pk=tip).priority == Priority.LIFE_SAFETY
    with pytest.raises(Refused, match="assessed"):
        hand(cast, tip, "danger")
    in_danger(cast, tip)
    hand(cast, tip, "danger")
    assert sees(cast, "tom", tip)


def test_a_duty_is_one_that_somebody_began(cast: Cast) -> None:
    offices(cast)
    tip = a_talk(cast, tile="home").tip_id
    open_tip(cast.viewer("alice"), tip)
    with pytest.raises(Refused, match="duty"):
        hand(cast, tip, "duty")
    suspects(cast, tip)
    hand(cast, tip, "duty")
    assert sees(cast, "tom", tip)


def test_a_duty_of_a_linked_tip_is_no_ground(cast: Cast) -> None:
    offices(cast)
    tip, other = a_talk(cast, tile="home").tip_id, a_tip(cast, tile="home").tip_id
    claim_tip(cast.viewer("alice"), other)
    for one in (tip, other):
        open_tip(cast.viewer("alice"), one)
    suspects(cast, other)
    link_tips(cast.viewer("alice"), tip, other)
    with pytest.raises(Refused, match="linked tip does not count"):
        hand(cast, tip, "duty")
    with (
        pytest.raises(IntegrityError, match="talk"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE tips_tip SET shared_for = 'duty' WHERE id = %s", [tip])
    assert not any(sees(cast, name, tip) for name in ("tara", "tom", "dee"))
    # One of the talk itself is one, linked or not.
    suspects(cast, tip)
    hand(cast, tip, "duty")
    assert sees(cast, "tom", tip)


@pytest.mark.parametrize(
    ("ground", "said"), [("yes", "Dijiste que sí"), ("danger", "puede estar en peligro")]
)
def test_the_ground_is_named_and_the_reporter_is_told(cast: Cast, ground: str, said: str) -> None:
    filed = a_talk(cast, language="es")
    says_yes(cast, filed)
    in_danger(cast, filed.tip_id)
    waits = Tip.objects.get(pk=filed.tip_id).waiting_since
    hand(cast, filed.tip_id, ground)
    tip = Tip.objects.get(pk=filed.tip_id)
    assert tip.shared_for == ground
    assert tip.waiting_since == waits, "being told is no answer"
    assert Entry.objects.get(action="tip handed off").detail["ground"] == ground
    dialog = reporter.dialog_for(filed.session_token)
    assert said in dialog.messages[-1].text
    assert (dialog.to_talk, dialog.shared_for) == (True, ground)
    label = str(tip.get_shared_for_display())
    for name in ("alice", "tom"):
        briefs = [n.text for n in read_contents(open_tip(cast.viewer(name), tip.pk)).notes]
        assert any(label in text and BRIEF in text for text in briefs), name
    page = cast.client("tom").get(f"/team/{tip.pk}").content.decode()
    assert "This is a talk, not a report." in page
    assert label in page
    assert label in cast.client("alice").get(f"/tips/{tip.pk}").content.decode()


def test_sent_back_it_is_the_centers_alone_again(cast: Cast) -> None:
    filed = a_talk(cast)
    says_yes(cast, filed)
    hand(cast, filed.tip_id, "yes")
    send_back(open_tip(cast.viewer("tom"), filed.tip_id), "Not our student.")
    tip = Tip.objects.get(pk=filed.tip_id)
    assert (tip.state, tip.shared_for) == (TipState.RETURNED, "")
    assert not any(sees(cast, name, tip.pk) for name in ("tara", "tom", "dee"))
    with pytest.raises(Refused, match="talk"):
        hand(cast, tip.pk)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE tips_tip SET state = 'handed_off' WHERE id = '{tip}'",
        "UPDATE tips_tip SET shared_for = 'yes' WHERE id = '{tip}'",
        "UPDATE tips_tip SET shared_for = 'danger', rank = 0 WHERE id = '{tip}'",
        "UPDATE tips_tip SET shared_for = 'duty' WHERE id = '{tip}'",
        "UPDATE tips_tip SET shared_for = 'other' WHERE id = '{tip}'",
        "UPDATE tips_tip SET shared_for = 'yes', to_talk = false WHERE id = '{tip}'",
        "INSERT INTO tips_recipient (tip_id, district_id, holder, since, since_turn, with_words)"
        " SELECT id, district_id, 'team:{team}', now(), 0, true FROM tips_tip WHERE id = '{tip}'",
        "INSERT INTO vault_grant (tip_id, district_id, audience, handoff_id, holder, key_version,"
        " blob) SELECT id, district_id, 'case', id, 'team:{team}', 1, '' FROM tips_tip"
        " WHERE id = '{tip}'",
        "INSERT INTO escalations_alert (id, subject_id, matter_id, reference, district_id,"
        " priority, holders, state, opened_at, stage) SELECT gen_random_uuid(), id, matter_id,"
        " reference, district_id, priority, ARRAY['team:{team}'], 'open', now(), 'school'"
        " FROM tips_tip WHERE id = '{tip}'",
        "INSERT INTO escalations_task (id, kind, subject_id, matter_id, district_id, alert_id,"
        " state, due_at, opened_at) SELECT gen_random_uuid(), 'call_school', subject_id, matter_id,"
        " district_id, id, 'open', now(), now() FROM escalations_alert WHERE subject_id = '{tip}'",
        "INSERT INTO escalations_page (alert_id, district_id, step_number, round, person_id,"
        " channel, state, due_at, attempts, cause) SELECT id, district_id, 1, 1, {tom}, 'sms',"
        " 'due', now(), 0, 'by_hand' FROM escalations_alert WHERE subject_id = '{tip}'",
    ],
)
def test_nor_does_the_database_let_anybody_have_it(cast: Cast, attack: str) -> None:
    tip = a_talk(cast).tip_id
    statement = attack.format(tip=tip, team=cast.teams["cedar"].pk, tom=cast.people["tom"].pk)
    # Said to the tables' owner too, whom no policy stops.
    with pytest.raises(IntegrityError, match="talk"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_nobody_outside_the_center_is_asked_or_phoned(cast: Cast) -> None:
    alert = alert_of(a_talk(cast, tile="suicide", answers={"who": "me", "when": "now"}).tip_id)
    Alert.objects.filter(pk=alert.pk).update(state="open")
    page = cast.client("alice").get(f"/alerts/{alert.pk}/add").content.decode()
    assert "Bea" in page
    assert "Tom" not in strip_tags(page)
    press(cast, alert, "tom")
    assert not is_asked(cast, alert, "tom")
    assert press(cast, alert, "bea")[0] == 302
    assert not Page.objects.filter(person_id=cast.people["tom"].pk).exists()
    assert not Task.objects.filter(kind="call_school").exists()
    assert not Step.objects.filter(alert=alert, target="call_task").exists()


def test_a_report_needs_no_ground_and_takes_none(cast: Cast) -> None:
    filed = a_tip(cast)
    claim_tip(cast.viewer("alice"), filed.tip_id)
    hand(cast, filed.tip_id, "yes")
    tip = Tip.objects.get(pk=filed.tip_id)
    assert (tip.state, tip.shared_for) == (TipState.HANDED_OFF, "")
    with pytest.raises(IntegrityError, match="talk"), connection.cursor() as cursor:
        cursor.execute("UPDATE tips_tip SET shared_for = 'danger' WHERE id = %s", [tip.pk])


def test_the_page_asks_for_the_ground_and_goes_on_it(cast: Cast) -> None:
    filed = a_talk(cast)
    alice, address = cast.client("alice"), f"/tips/{filed.tip_id}/handoff"
    given = {"teams": [cast.teams["cedar"].pk], "brief": BRIEF, "confirmed": "yes"}
    assert "Say on what ground" in alice.post(address, given).content.decode()
    page = alice.post(address, {**given, "ground": "yes"}).content.decode()
    assert "ask them here" in page
    assert BRIEF in page
    assert not Recipient.objects.exists()
    says_yes(cast, filed)
    assert alice.post(address, {**given, "ground": "yes"}).status_code == 302
    assert sees(cast, "tom", filed.tip_id)
    assert 'data-count="talks">1<' in alice.get("/queue").content.decode()
    assert str(filed.tip_id) in alice.get("/queue?state=talks").content.decode()
