"""Unless danger is now, a second person agrees before police are sent: code and database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from psycopg import errors

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.carriers.notices import KINDS
from upstander.config.database import Role as LoginRole
from upstander.emergency.actions.briefs import hand_to_police
from upstander.emergency.actions.help import (
    ask_for_police,
    confirm_help,
    decide_police,
    record_call,
    save_sheet,
)
from upstander.emergency.models import Brief, Call, PoliceRequest, Sheet
from upstander.emergency.queries import flagged_calls, police_shares
from upstander.emergency.tests.story import LINES, again, around, claimed, handed, read_and_agree
from upstander.emergency.words import opened_data
from upstander.escalations.models import Alert, Task
from upstander.matters.models import Exclusion
from upstander.people.keys import person_mac
from upstander.people.scope import viewing
from upstander.tips.opening import NotGranted, OpenTip, open_tip, read_contents

ONE_DAY = timedelta(days=1)


def call(opened: OpenTip, **more: Any) -> Call:
    given: dict[str, Any] = {"line": Call.Line.PSAP, "police": True, "danger_now": False} | more
    return record_call(opened, LINES, **given)


def test_a_call_that_was_made_alone_is_kept_and_flagged(cast: Cast) -> None:
    opened = claimed(cast)
    made = call(opened, said="They send two.")
    made.refresh_from_db()
    assert (made.police, made.danger_now, made.request_id, made.flagged) == (
        True,
        False,
        None,
        True,
    )
    assert Sheet.objects.filter(tip_id=opened.tip.pk).count() == 1
    assert Task.objects.filter(kind=Task.Kind.CONFIRM_HELP, state="open").exists()
    entry = Entry.objects.filter(action="called for help", subject_id=str(opened.tip.pk)).get()
    assert entry.detail["flagged"] is True
    sam = cast.viewer("sam")
    with viewing(sam) as now:
        assert [one.pk for one in flagged_calls(now)] == [made.pk]
        assert police_shares(sam, now)[0].flagged == 1


def test_the_brief_that_sends_police_still_needs_its_second_person(cast: Cast) -> None:
    opened = claimed(cast)
    call(opened)
    with pytest.raises(Refused, match="second person"):
        hand_to_police(
            opened, cast.teams["maple_police"].pk, "At the gym.", LINES, around(cast, opened)
        )
    assert not Brief.objects.exists()


def test_a_second_person_agrees_and_then_police_may_be_called(cast: Cast) -> None:
    opened = claimed(cast)
    request = ask_for_police(opened, "Family can't be reached; nobody nearer.")
    with pytest.raises(Refused, match="someone else has to decide"):
        decide_police(opened.viewer, opened.tip.pk, request.pk, agree=True)
    read_and_agree(cast, "bea", request)
    made = call(opened, dispatcher="Dispatcher 4", incident="24-1107", said="Sending two.")
    assert made.request_id == request.pk
    words = opened_data(again(cast, opened, "sam"), "call", made.pk, made.sealed)
    assert words == {
        "dispatcher": "Dispatcher 4",
        "incident": "24-1107",
        "said": "Sending two.",
        "why": "",
    }
    assert b"Dispatcher 4" not in bytes(made.sealed)


def told_of_flags() -> list[tuple[int, dict[str, str]]]:
    rows = Notice.objects.filter(kind="call_flagged").order_by("pk")
    return [(row.person_id, row.detail) for row in rows]


def test_the_centers_supervisors_hear_of_a_flagged_call_and_of_no_name(cast: Cast) -> None:
    opened, sam = claimed(cast), cast.people["sam"]
    call(opened, danger_now=True, why="He has a knife.")
    assert told_of_flags() == [], "nothing is wrong with that one"
    call(opened, said="They send two.", dispatcher="Officer Example")
    assert told_of_flags() == [(sam.pk, {"reference": opened.tip.reference})]
    text = KINDS["call_flagged"].en
    assert "{person}" not in text
    # Late: flagged too. Whoever made it is not told of themselves.
    with viewing(cast.viewer("sam")) as now:
        pass
    call(open_tip(cast.viewer("sam"), opened.tip.pk), police=False, called_at=now - ONE_DAY)
    assert len(told_of_flags()) == 1
    call(opened, police=False, called_at=now - ONE_DAY)
    assert len(told_of_flags()) == 2
    Exclusion.objects.create(
        matter_id=opened.tip.matter_id,
        district_id=opened.tip.district_id,
        person_mac=person_mac(sam.pk),
    )
    call(opened)
    assert len(told_of_flags()) == 2, "not whom the matter is kept from"


def test_danger_now_needs_no_second_person_but_a_reason_or_it_is_flagged(cast: Cast) -> None:
    opened = claimed(cast)
    assert call(opened, danger_now=True, why="  ").flagged
    said = call(opened, danger_now=True, why="Seen with it at the door a minute ago.")
    assert (said.danger_now, said.flagged) == (True, False)


def test_a_call_to_the_police_asked_for_police_whatever_was_ticked(cast: Cast) -> None:
    opened = claimed(cast)
    made = call(opened, line=Call.Line.POLICE, police=False, why="He is armed.")
    assert (made.police, made.flagged) == (True, True)
    words = opened_data(again(cast, opened, "sam"), "call", made.pk, made.sealed)
    assert words is not None
    assert words["why"] == "He is armed.", "what was typed is kept"


def test_medical_help_alone_needs_nobody(cast: Cast) -> None:
    assert call(claimed(cast), police=False).request_id is None


def test_a_refusal_an_old_agreement_and_another_tips_are_none(cast: Cast) -> None:
    opened, other = claimed(cast), claimed(cast)
    refused = ask_for_police(opened, "Why.")
    decide_police(cast.viewer("bea"), opened.tip.pk, refused.pk, agree=False)
    elsewhere = ask_for_police(other, "Why.")
    read_and_agree(cast, "bea", elsewhere)
    assert call(opened).flagged
    request = ask_for_police(opened, "Now there is a reason.")
    read_and_agree(cast, "bea", request)
    late = database_now() - timedelta(hours=2, seconds=1)
    PoliceRequest.objects.filter(pk=request.pk).update(decided_at=late)
    made = call(opened)
    made.refresh_from_db()
    assert (made.request_id, made.flagged) == (None, True)


def test_who_asked_may_take_it_back_and_a_decision_stands(cast: Cast) -> None:
    opened = claimed(cast)
    request = ask_for_police(opened, "Why.")
    with pytest.raises(Refused, match="already been asked"):
        ask_for_police(opened, "Again.")
    decide_police(opened.viewer, opened.tip.pk, request.pk, agree=False)
    with pytest.raises(Refused, match="decided already"):
        decide_police(cast.viewer("bea"), opened.tip.pk, request.pk, agree=True)


def test_strangers_and_schools_decide_nothing(cast: Cast) -> None:
    opened = claimed(cast)
    request = ask_for_police(opened, "Why.")
    handed(cast, opened, "cedar")
    with pytest.raises(Http404):
        decide_police(cast.viewer("cora"), opened.tip.pk, request.pk, agree=True)
    with pytest.raises(NotGranted):
        ask_for_police(open_tip(cast.viewer("tom"), opened.tip.pk), "Why.")


def test_whoever_can_second_is_told_and_who_asked_is_not(cast: Cast) -> None:
    opened = claimed(cast)
    ask_for_police(opened, "Why.")
    told = set(Notice.objects.filter(kind="second_person").values_list("person_id", flat=True))
    assert cast.people["sam"].pk in told
    assert cast.people["bea"].pk in told
    assert cast.people["alice"].pk not in told


def test_the_call_keeps_the_sheet_that_was_read_and_asks_whether_help_came(cast: Cast) -> None:
    opened = claimed(cast)
    made = call(opened, police=False, confirm_after=15)
    sheet = Sheet.objects.get(tip_id=opened.tip.pk)
    assert (sheet.number, made.sheet_number) == (1, 1)
    assert opened_data(opened, "dispatch sheet", sheet.pk, sheet.sealed) == LINES
    task = Task.objects.get(subject_id=opened.tip.pk, kind=Task.Kind.CONFIRM_HELP)
    assert task.due_at == made.called_at + timedelta(minutes=15)
    save_sheet(opened, {**LINES, "room": "Gym"})
    assert call(opened, police=False).sheet_number == 2


def test_help_that_has_not_come_is_asked_for_again(cast: Cast) -> None:
    opened = claimed(cast)
    call(opened, police=False)
    confirm_help(opened, arrived=False, words="They look for the door.")
    tasks = Task.objects.filter(subject_id=opened.tip.pk, kind=Task.Kind.CONFIRM_HELP)
    assert tasks.filter(state=Task.State.OPEN).count() == 1
    confirm_help(opened, arrived=True)
    assert not tasks.filter(state=Task.State.OPEN).exists()
    notes = [note.text for note in read_contents(opened).notes]
    assert notes == ["Help has not arrived. They look for the door.", "Help has arrived."]


def test_a_call_from_the_center_does_not_still_the_schools_clock(cast: Cast) -> None:
    opened = claimed(cast)
    handed(cast, opened, "cedar")
    call(opened, police=False)
    school = Alert.objects.get(subject_id=opened.tip.pk, holders=[cast.teams["cedar"].holder])
    assert school.state == Alert.State.OPEN
    assert school.steps.filter(state="due").exists()


def test_a_call_that_is_written_down_late_or_too_early_is_kept_with_a_flag(
    cast: Cast,
) -> None:
    opened = claimed(cast)
    with viewing(opened.viewer) as now:
        pass
    assert call(opened, police=False, called_at=now - timedelta(hours=13)).flagged
    assert not call(opened, police=False, called_at=now - timedelta(hours=11)).flagged
    to_come = call(opened, police=False, called_at=now + timedelta(hours=1))
    assert to_come.flagged
    assert to_come.called_at == to_come.at


def test_the_database_refuses_what_the_code_would(cast: Cast) -> None:
    """As the owner of the database, past every action: nothing passes for agreed that is not."""
    opened = claimed(cast)
    row = {
        "tip_id": opened.tip.pk,
        "district_id": cast.maple.pk,
        "sheet_number": 1,
        "person_id": opened.viewer.person_id,
        "line": "911",
        "police": True,
        "danger_now": False,
        "called_at": opened.at,
        "at": opened.at,
        "sealed": b"",
    }
    own = ask_for_police(opened, "Why.")
    for request in (None, own):
        made = Call.objects.create(**row, request=request)
        made.refresh_from_db()
        assert (made.request_id, made.flagged) == (None, True)
        with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
            Call.objects.filter(pk=made.pk).update(flagged=False)
    brief = {
        "tip_id": opened.tip.pk,
        "matter_id": opened.tip.matter_id,
        "district_id": cast.maple.pk,
        "team_id": cast.teams["maple_police"].pk,
        "reference": "K7Q-2MX",
        "priority": "life_safety",
        "danger_now": False,
        "by": opened.viewer.person_id,
        "at": opened.at,
    }
    for request in (None, own):
        with pytest.raises(IntegrityError, match="second person"), transaction.atomic():
            Brief.objects.create(**brief, request=request)
    # Nor can whoever asked second themselves, or an undecided request be born decided.
    with pytest.raises(IntegrityError, match="approval_by_another"), transaction.atomic():
        PoliceRequest.objects.filter(pk=own.pk).update(
            outcome="approved", decided_by=opened.viewer.person_id
        )
    PoliceRequest.objects.filter(pk=own.pk).update(outcome="withdrawn")
    own.pk, own.outcome, own.decided_by = uuid4(), "approved", cast.people["bea"].pk
    with pytest.raises(IntegrityError, match="nothing to decide"), transaction.atomic():
        own.save(force_insert=True)


def test_over_the_centers_own_role_too(
    committed_cast: Cast,
    real_database: Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]],
) -> None:
    opened = claimed(committed_cast)
    desk = real_database(LoginRole.STAFF)
    desk.execute("SET ROLE upstander_center")
    token = opened.viewer.scope
    desk.execute("SELECT set_config('upstander.token', %s, false)", [token])
    insert = (
        "INSERT INTO emergency_call (id, tip_id, district_id, sheet_number, person_id, line,"
        " police,"
        " danger_now, called_at, at, sealed) VALUES (gen_random_uuid(), %s, %s, 1, %s, '911', %s,"
        " false, now(), now(), '')"
    )
    mine = [opened.tip.pk, committed_cast.maple.pk, opened.viewer.person_id]
    desk.execute(insert, [*mine, True])
    flagged = desk.execute("SELECT flagged FROM emergency_call").fetchall()
    assert flagged == [(True,)], "kept, and whoever writes it does not choose how it looks"
    # In another's name, or to change what was said, neither.
    with pytest.raises(errors.InsufficientPrivilege):
        desk.execute(insert, [*mine[:2], committed_cast.people["bea"].pk, False])
    desk.execute(insert, [*mine, False])
    with pytest.raises(errors.InsufficientPrivilege):
        desk.execute("UPDATE emergency_call SET police = true, danger_now = true")


@pytest.mark.parametrize(
    ("values", "flagged"),
    [
        ({"danger_now": True, "why_given": True}, False),
        ({"danger_now": True, "why_given": False}, True),
        ({"danger_now": False, "why_given": True}, True),
        ({"danger_now": True, "why_given": True, "ago": timedelta(days=3)}, True),
        ({"danger_now": True, "why_given": True, "ago": timedelta(hours=11)}, False),
        ({"police": False, "danger_now": False, "ago": timedelta(hours=13)}, True),
        # Whoever writes it late says no other time than the present.
        ({"danger_now": True, "why_given": True, "ago": timedelta(days=3), "at": True}, True),
    ],
)
def test_the_database_knows_the_flag_by_itself(
    cast: Cast, values: dict[str, Any], flagged: bool
) -> None:
    opened = claimed(cast)
    given = {"police": True, **values}
    called_at = database_now() - given.pop("ago", timedelta())
    call_id = uuid4()
    with viewing(opened.viewer):
        Call.objects.create(
            id=call_id,
            tip_id=opened.tip.pk,
            district_id=cast.maple.pk,
            sheet_number=1,
            person_id=opened.viewer.person_id,
            line="911",
            flagged=False,
            called_at=called_at,
            at=called_at if given.pop("at", False) else database_now(),
            sealed=b"",
            **given,
        )
    assert Call.objects.get(pk=call_id).flagged is flagged
