"""A call recorded by mistake: it stays, struck through with its reason, and 911 is asked anew."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection
from django.http import Http404

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.emergency.actions.help import confirm_help, record_call
from upstander.emergency.actions.mistaken import call_not_made
from upstander.emergency.models import Call, CallCorrection
from upstander.emergency.queries import flagged_calls, police_shares
from upstander.emergency.tests.story import LINES, again, claimed, handed
from upstander.escalations.actions.tasks import ReadFirst
from upstander.escalations.models import Task
from upstander.escalations.tests.alerts import Carrier, Clock, work
from upstander.people.scope import viewing
from upstander.tips.opening import NotGranted, OpenTip, open_tip

WHY = "Pressed on the wrong tip."


def made(opened: OpenTip, **more: Any) -> Call:
    said: dict[str, Any] = {"line": Call.Line.E911, "police": True, "danger_now": True}
    return record_call(opened, LINES, **said | {"why": "A knife."} | more)


def running(opened: OpenTip, kind: Task.Kind) -> list[Task]:
    return list(
        Task.objects.filter(subject_id=opened.tip.pk, kind=kind, state__in=("open", "taken"))
    )


def test_it_is_shown_struck_through_wherever_the_call_was(cast: Cast) -> None:
    opened = claimed(cast)
    handed(cast, opened, "cedar")
    call = made(opened)
    path, alice = f"/tips/{opened.tip.pk}", cast.client("alice")
    refused = alice.post(f"{path}/911/call/{call.pk}/not-made", {"why": "  "})
    assert refused.status_code == 422
    assert not CallCorrection.objects.exists()
    alice.post(f"{path}/911/call/{call.pk}/not-made", {"why": WHY})
    [one] = CallCorrection.objects.all()
    assert WHY.encode() not in bytes(one.sealed)
    for page in (alice.get(path), alice.get(f"{path}/911")):
        text = page.content.decode()
        assert "<del>911, police requested" in text
        assert f'<q dir="auto">{WHY}</q>' in text
        assert "recorded by mistake" in text
        assert "911: called" not in text, "as if it had been made"
        assert "911 was called at" not in text, "what is read out to whoever is called"
    team = cast.client("tom").get(f"/team/{opened.tip.pk}").content.decode()
    assert "Not made: recorded by mistake" in team
    assert "A call was made" not in team
    assert WHY not in team
    assert Call.objects.filter(pk=call.pk).exists()
    assert Entry.objects.filter(action="call not made").count() == 1


def test_911_is_asked_anew_and_by_phone_where_nobody_decides(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    opened = claimed(cast, tile="attack", when="now")
    work()
    call = made(opened)
    assert not running(opened, Task.Kind.DECIDE_911)
    assert running(opened, Task.Kind.CONFIRM_HELP)
    call_not_made(opened, call.pk, WHY)
    [task] = running(opened, Task.Kind.DECIDE_911)
    assert task.taken_by == opened.viewer.person_id
    assert not running(opened, Task.Kind.CONFIRM_HELP), "nobody asks for help that nobody called"
    clock.move(61)
    work()
    [task] = running(opened, Task.Kind.DECIDE_911)
    assert (task.state, task.taken_by) == ("open", None), "others are asked"
    alice = cast.client("alice").get(f"/tips/{opened.tip.pk}").content.decode()
    assert "Decide about 911" in alice
    made(opened)
    assert not running(opened, Task.Kind.DECIDE_911)


def test_a_second_call_that_was_made_stands(cast: Cast) -> None:
    opened = claimed(cast)
    first, second = made(opened), made(opened, line=Call.Line.PSAP)
    call_not_made(opened, first.pk, WHY)
    assert not running(opened, Task.Kind.DECIDE_911)
    assert running(opened, Task.Kind.CONFIRM_HELP)
    confirm_help(opened, arrived=True)
    call_not_made(opened, second.pk, WHY)
    assert running(opened, Task.Kind.DECIDE_911)


def test_a_tip_about_which_nobody_was_asked_rings_nobody(cast: Cast) -> None:
    opened = claimed(cast, tile="fight", when="past")
    call_not_made(opened, made(opened, police=False, danger_now=False).pk, WHY)
    assert not running(opened, Task.Kind.DECIDE_911)


def test_it_counts_as_no_police_and_a_supervisor_looks_at_it(cast: Cast) -> None:
    opened = claimed(cast)
    call = made(opened)
    sam = cast.viewer("sam")
    with viewing(sam) as now:
        assert police_shares(sam, now)[0].police == 1
    call_not_made(opened, call.pk, WHY)
    with viewing(sam) as now:
        assert police_shares(sam, now)[0].police == 0
        assert [one.pk for one in flagged_calls(now)] == [call.pk]
    assert Notice.objects.filter(person_id=sam.person_id, kind="call_flagged").exists()
    page = cast.client("sam").get("/supervisor").content.decode()
    assert "it was recorded by mistake: no call was made" in page


def test_who_may_and_how_often(cast: Cast) -> None:
    opened, other = claimed(cast), claimed(cast)
    call = made(opened)
    handed(cast, opened, "cedar")
    with pytest.raises(Http404):
        call_not_made(other, call.pk, WHY)
    with pytest.raises(Http404):
        call_not_made(opened, uuid4(), WHY)
    with pytest.raises(NotGranted):
        call_not_made(again(cast, opened, "tom"), call.pk, WHY)
    for words in ("", "  \n", "x" * 2001):
        with pytest.raises(Refused):
            call_not_made(opened, call.pk, words)
    call_not_made(again(cast, opened, "bea"), call.pk, WHY)
    with pytest.raises(Refused, match="already"):
        call_not_made(opened, call.pk, WHY)


def test_whoever_has_not_read_corrects_nothing(cast: Cast) -> None:
    opened = claimed(cast)
    call = made(opened)
    unread = open_tip(cast.viewer("bea"), opened.tip.pk, purpose="sheet written or taken")
    with pytest.raises(ReadFirst):
        call_not_made(unread, call.pk, WHY)
    assert not CallCorrection.objects.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM emergency_callcorrection",
        "UPDATE emergency_callcorrection SET person_id = 1",
        "UPDATE emergency_callcorrection SET at = now()",
        "UPDATE emergency_callcorrection SET sealed = ''",
        "DELETE FROM emergency_call",
    ],
)
def test_no_role_takes_it_back(cast: Cast, sql: str) -> None:
    opened = claimed(cast)
    call_not_made(opened, made(opened).pk, WHY)
    with pytest.raises(DatabaseError), viewing(opened.viewer), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_correction_is_of_its_own_tip_and_in_its_own_name(cast: Cast) -> None:
    opened, other = claimed(cast), claimed(cast)
    call = made(opened)
    for tip, person in (
        (other.tip, opened.viewer.person_id),
        (opened.tip, cast.people["bea"].pk),
    ):
        with pytest.raises(DatabaseError), viewing(opened.viewer):
            CallCorrection.objects.create(
                call=call,
                tip_id=tip.pk,
                district_id=tip.district_id,
                person_id=person,
                at=database_now(),
                sealed=b"",
            )
