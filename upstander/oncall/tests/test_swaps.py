"""Swaps: nothing changes before a yes, and only the two people can say anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection
from django.http import Http404

from conftest import Cast
from upstander.base.moment import database_second
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.oncall.actions.plans import save_layer
from upstander.oncall.actions.swaps import answer_swap, ask_swap, withdraw_swap
from upstander.oncall.models import Override, Swap
from upstander.oncall.queries import on_call
from upstander.oncall.tests.setup import phones, weekly
from upstander.people.scope import viewing


@pytest.fixture
def cedar(cast: Cast) -> int:
    phones(cast, "tara", "tom", "uma")
    team = cast.teams["cedar"].pk
    people = cast.people["tom"].pk, cast.people["uma"].pk
    save_layer(cast.viewer("tara"), team, weekly(*people, every=4))
    return team


def asked(cast: Cast, team: int, *, back: bool = False) -> tuple[UUID, datetime]:
    """Tom, who is on call now, asks Uma for the next hours, perhaps for an hour in five weeks."""
    now = database_second()
    later = now + timedelta(weeks=4)
    swap = ask_swap(
        cast.viewer("tom"),
        team,
        duty="primary",
        taker_id=cast.people["uma"].pk,
        gives=(now, now + timedelta(hours=5)),
        takes=(later, later + timedelta(hours=1)) if back else None,
    )
    return swap, now


def told(cast: Cast, name: str) -> list[str]:
    return list(
        Notice.objects.filter(person_id=cast.people[name].pk).values_list("kind", flat=True)
    )


def test_only_a_yes_changes_the_plan_and_both_are_told(cast: Cast, cedar: int) -> None:
    swap, now = asked(cast, cedar, back=True)
    tom, uma = cast.people["tom"].pk, cast.people["uma"].pk
    assert told(cast, "uma") == ["swap_asked"]
    assert on_call(cedar, now).primary == (tom,)
    answer_swap(cast.viewer("uma"), swap, accept=True)
    assert on_call(cedar, now).primary == (uma,)
    assert on_call(cedar, now + timedelta(hours=5)).primary == (tom,)
    assert on_call(cedar, now + timedelta(weeks=4)).primary == (tom,)
    assert on_call(cedar, now + timedelta(weeks=4, hours=1)).primary == (uma,)
    assert told(cast, "tom") == ["swap_answered"]


def test_a_no_and_a_withdrawal_change_nothing(cast: Cast, cedar: int) -> None:
    swap, _now = asked(cast, cedar)
    answer_swap(cast.viewer("uma"), swap, accept=False)
    with pytest.raises(Refused, match="already"):
        answer_swap(cast.viewer("uma"), swap, accept=True)
    again, _now = asked(cast, cedar)
    withdraw_swap(cast.viewer("tom"), again)
    with pytest.raises(Refused, match="already"):
        answer_swap(cast.viewer("uma"), again, accept=True)
    assert not Override.objects.exists()


def test_nobody_else_answers(cast: Cast, cedar: int) -> None:
    swap, _now = asked(cast, cedar)
    for name in ("tara", "bob", "dee", "ada", "charlie", "alice"):
        with pytest.raises(Http404):
            answer_swap(cast.viewer(name), swap, accept=True)
    with pytest.raises(Refused, match="Only the person who was asked"):
        answer_swap(cast.viewer("tom"), swap, accept=True)
    with pytest.raises(Refused, match="Only the person who asked"):
        withdraw_swap(cast.viewer("uma"), swap)


def test_the_database_itself_lets_no_asker_answer_for_the_other(cast: Cast, cedar: int) -> None:
    """Tom's session, with SQL of its own: no yes in Uma's name, and no override without one."""
    swap, now = asked(cast, cedar)
    forged = Override(
        schedule_id=Swap.objects.get(pk=swap).schedule_id,
        duty="primary",
        on_person_id=cast.people["uma"].pk,
        off_person_id=cast.people["tom"].pk,
        starts_at=now,
        ends_at=now + timedelta(hours=5),
        swap_id=swap,
        made_by=cast.people["tom"].pk,
        made_at=now,
    )
    tom = cast.viewer("tom")
    with pytest.raises(ProgrammingError), viewing(tom):
        Swap.objects.filter(pk=swap).update(state="accepted")
    with pytest.raises(ProgrammingError), viewing(tom):
        forged.save()
    answer_swap(cast.viewer("uma"), swap, accept=True)
    forged.ends_at = now + timedelta(hours=50)
    uma = cast.viewer("uma")
    forged.made_by = uma.person_id
    with pytest.raises(ProgrammingError), viewing(uma):
        forged.save()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_what_can_not_be_asked(cast: Cast, cedar: int) -> None:
    now = database_second()
    gives = (now, now + timedelta(hours=1))
    tom = cast.viewer("tom")
    for taker, reason in (("bob", "no longer on your team"), ("tom", "no longer on your team")):
        with pytest.raises(Refused, match=reason):
            ask_swap(tom, cedar, duty="primary", taker_id=cast.people[taker].pk, gives=gives)
    cast.people["uma"].contact_methods.all().delete()
    with pytest.raises(Refused, match="no verified phone"):
        ask_swap(tom, cedar, duty="primary", taker_id=cast.people["uma"].pk, gives=gives)
    with pytest.raises(Http404):
        ask_swap(
            cast.viewer("bob"), cedar, duty="primary", taker_id=cast.people["uma"].pk, gives=gives
        )
