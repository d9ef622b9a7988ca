"""That child protection was told is said by a report that proves it, never by somebody's word."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, connection, transaction

from conftest import Cast
from tests.attacks.test_ends_unseen import new_tip, no_by, state
from upstander.base.refused import Refused
from upstander.decisions.actions import close_tip
from upstander.mandated.actions import duties as actions
from upstander.mandated.models import Duty, DutyEvent
from upstander.mandated.tests.test_duties import offices, right_now, suspect, typed_now
from upstander.mandated.written.evidence import Proof
from upstander.people.scope import viewing
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.tips.states import TipState

pytestmark = pytest.mark.django_db


def ends(cast: Cast, tip: UUID, how: str = "child_protection") -> None:
    close_tip(open_tip(cast.viewer("alice"), tip), how, "She called.")


def a_report(cast: Cast) -> tuple[UUID, UUID]:
    """Have a tip with everybody's answer and Tess's report, both written down, with no words."""
    offices(cast)
    tip = new_tip(cast, tile="adult")
    no_by(cast, tip, "alice", "bea")
    duty = suspect(cast, who="tess", matter_id=Tip.objects.get(pk=tip).matter_id)
    tess = cast.viewer("tess")
    # At night, out of breath: never refused.
    actions.report_first(tess, duty, way="careline", at=right_now(), words={})
    actions.send_written(tess, duty, at=right_now(), words={"how": " ", "to": ""})
    return tip, duty


def test_what_was_pressed_with_nothing_in_it_proves_nothing(cast: Cast) -> None:
    tip, duty = a_report(cast)
    with pytest.raises(Refused, match="not who was spoken to"):
        ends(cast, tip)
    client = cast.client("tess")
    page = client.get(f"/duties/{duty}").content.decode()
    assert "not proved yet" in page
    assert "whom you spoke with, or a reference number" in page
    assert "Until then, nothing in this matter can be closed" in page
    add = f"/duties/{duty}/written/proof"
    assert client.post(add, {}).status_code == 422
    client.post(add, {"reference": "4711"})
    with pytest.raises(Refused, match="not signed here"):
        ends(cast, tip)
    receipt = SimpleUploadedFile("fax.txt", b"Sent, one page.")
    client.post(add, {"file": receipt})
    with pytest.raises(Refused, match="how the written report was sent"):
        ends(cast, tip)
    client.post(add, {"how": "Fax"})
    with pytest.raises(Refused, match="how the written report was sent"):
        ends(cast, tip)
    client.post(add, {"how": "Fax", "to": "The area office"})
    assert "not proved yet" not in client.get(f"/duties/{duty}").content.decode()
    ends(cast, tip)
    assert state(tip) == TipState.CLOSED


def test_a_first_report_with_a_name_and_a_written_one_with_its_way_prove_it(cast: Cast) -> None:
    offices(cast)
    tip = new_tip(cast, tile="adult")
    no_by(cast, tip, "alice", "bea")
    duty = suspect(cast, who="tess", matter_id=Tip.objects.get(pk=tip).matter_id)
    client = cast.client("tess")
    client.post(
        f"/duties/{duty}/first", {"way": "careline", "at": typed_now(), "worker": "Ms. Reed"}
    )
    client.post(
        f"/duties/{duty}/written/sent",
        {
            "at": typed_now(),
            "how": "Fax",
            "to": "The area office",
            "file": SimpleUploadedFile("fax.txt", b"Sent."),
        },
    )
    row = Duty.objects.get(pk=duty)
    assert (row.says_whom, row.has_paper, row.says_where) == (True, True, True)
    ends(cast, tip)


def test_no_session_says_by_sql_that_it_is_proved(cast: Cast) -> None:
    tip, duty = a_report(cast)
    for name in ("tess", "alice"):
        for column in ("says_whom", "has_paper", "says_where"):
            with pytest.raises(Error), viewing(cast.viewer(name)), connection.cursor() as cursor:
                cursor.execute(f"UPDATE mandated_duty SET {column} = true")
    # An event of another kind says nothing of not who was spoken to.
    for kind in ("note", "signed"):
        with viewing(cast.viewer("tess")), connection.cursor() as cursor:
            cursor.execute(
                "SELECT api.add_to_duty(p_duty => %s, p_event => gen_random_uuid(), p_kind => %s,"
                " p_happened => NULL, p_way => '', p_flag => NULL, p_remind => NULL,"
                " p_sealed => '', p_whom => true, p_where => true)",
                [duty, kind],
            )
    row = Duty.objects.get(pk=duty)
    assert (row.says_whom, row.has_paper, row.says_where) == (False, False, False)
    closed = "UPDATE tips_tip SET state = 'closed', disposition = 'child_protection' WHERE id = %s"
    with (
        pytest.raises(Error, match="proved") as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(closed, [tip])
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == "mandated_nobody_named"
    # The table's owner neither says it in place of an event, nor takes it back.
    with pytest.raises(Error), transaction.atomic():
        Duty.objects.filter(pk=duty).update(says_whom=True)
    with viewing(cast.viewer("tess")), connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.add_to_duty(p_duty => %s, p_event => gen_random_uuid(), p_kind => 'proof',"
            " p_happened => NULL, p_way => '', p_flag => NULL, p_remind => NULL,"
            " p_sealed => '', p_whom => true, p_where => false)",
            [duty],
        )
    with pytest.raises(Error), transaction.atomic():
        Duty.objects.filter(pk=duty).update(says_whom=False)


def test_only_whose_report_it_is_adds_to_it(cast: Cast) -> None:
    _tip, duty = a_report(cast)
    for name in ("cleo", "tom", "alice"):
        answer = cast.client(name).post(f"/duties/{duty}/written/proof", {"reference": "1"})
        assert answer.status_code in (403, 404)
    assert not Duty.objects.get(pk=duty).says_whom


@pytest.mark.parametrize("accepted", [True, False, None])
def test_what_was_not_accepted_is_reported_and_its_end_says_so(
    cast: Cast, accepted: bool | None
) -> None:
    offices(cast)
    tip = new_tip(cast, tile="adult")
    no_by(cast, tip, "alice", "bea")
    tess, matter = cast.viewer("tess"), Tip.objects.get(pk=tip).matter_id
    with pytest.raises(Refused, match="once a report"):
        ends(cast, tip, "not_accepted")
    duty = suspect(cast, who="tess", matter_id=matter)
    words = {"worker": "Ms. Reed"}
    actions.report_first(tess, duty, way="careline", at=right_now(), words=words, accepted=accepted)
    receipt = Proof("fax.txt", b"Sent.")
    sent = {"how": "Fax", "to": "The area office"}
    actions.send_written(tess, duty, at=right_now(), words=sent, proof=receipt)
    # The duty is met whatever they answered.
    assert Duty.objects.get(pk=duty).remind_at is None
    right, wrong = ("not_accepted", "child_protection")[:: 1 if accepted is False else -1]
    with pytest.raises(Refused, match="not accept"):
        ends(cast, tip, wrong)
    if accepted is False:
        # Until they take it after all.
        actions.add_event(tess, duty, DutyEvent.Kind.ANSWER, {}, accepted=True)
        right = "child_protection"
    ends(cast, tip, right)
    assert state(tip) == TipState.CLOSED
