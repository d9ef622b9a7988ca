"""Whoever is asked as the second person before police is asked until somebody decides."""

from __future__ import annotations

import pytest
from django.db.models import QuerySet

from conftest import Cast
from upstander.carriers.contract import Outgoing
from upstander.emergency.actions.help import ask_for_police, decide_police, record_call
from upstander.emergency.models import Call
from upstander.emergency.tests.story import LINES, again, claimed
from upstander.escalations.actions.tasks import ReadFirst, finish_task, take_task
from upstander.escalations.actions.undone import LEFT_OPEN, UNDONE
from upstander.escalations.models import Alert, Page, Task
from upstander.escalations.task_panel import open_tasks
from upstander.escalations.tests.alerts import Carrier, Clock, an_alert, give, work
from upstander.people.scope import viewing

WHY = "He is alone there and nobody picks up."


def rings(cast: Cast, clock: Clock, seconds: int) -> set[str]:
    """Return whom phones asked as the second person within so many seconds from now."""
    before = set(_pages().values_list("pk", flat=True))
    for _ in range(seconds // 20):
        clock.move(20)
        work()
    names = {person.pk: name for name, person in cast.people.items()}
    new = _pages().exclude(pk__in=before).filter(state=Page.State.SENT)
    return {names[page.person_id] for page in new}


def _pages() -> QuerySet[Page]:
    steps = Task.objects.get(kind=Task.Kind.SECOND_POLICE).steps.values("number")
    return Page.objects.filter(cause="task", step_number__in=steps)


def asked_second(carrier: Carrier) -> list[Outgoing]:
    return [one for one in carrier.outgoing if "second person" in one.short]


def test_phones_ring_until_somebody_decides_and_never_who_asked(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    for name in ("alice", "bea", "sam"):
        give(cast.people[name], "sms", "voice")
    opened = claimed(cast)
    asked = ask_for_police(opened, WHY)
    work()
    assert rings(cast, clock, 40) == set(), "they were told a moment ago"
    assert rings(cast, clock, 100) == {"bea", "sam"}
    assert rings(cast, clock, 120) == {"bea", "sam"}, "and again"
    sheet = cast.client("alice").get(f"/tips/{opened.tip.pk}/911").content.decode()
    rung = ", ".join(cast.people[name].name for name in ("bea", "sam"))
    assert f"Phones rang for: {rung}." in " ".join(sheet.split())
    assert "alice" not in rings(cast, clock, 240)
    assert "voice" in {page.channel for page in _pages().filter(state=Page.State.SENT)}
    decide_police(again(cast, opened, "sam").viewer, opened.tip.pk, asked.pk, agree=True)
    assert rings(cast, clock, 240) == set()


def test_the_text_says_what_is_asked_and_opens_the_page_where_it_is_decided(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    give(cast.people["sam"], "sms")
    opened = claimed(cast)
    ask_for_police(opened, WHY)
    rings(cast, clock, 120)
    [told, *_more] = asked_second(carrier)
    assert opened.tip.reference in told.short
    assert told.link_path == f"/tips/{opened.tip.pk}"
    assert not told.ask, "“I have it” would answer nothing of this"
    page = cast.client("sam").get(told.link_path).content.decode()
    assert "may police be sent?" in page


def test_another_text_about_the_same_tip_says_nothing_of_it(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    give(cast.people["bea"], "sms")
    opened = claimed(cast)
    ask_for_police(opened, WHY)
    # Alice falls silent: by now the tip itself is nobody's, and rings.
    rings(cast, clock, 600)
    assert asked_second(carrier)
    assert [one for one in carrier.outgoing if one.ask]
    task = Task.objects.get(kind=Task.Kind.SECOND_POLICE)
    assert task.state == "open"


def test_who_takes_it_back_or_has_called_lets_nobody_be_asked(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    opened = claimed(cast)
    asked = ask_for_police(opened, WHY)
    decide_police(opened.viewer, opened.tip.pk, asked.pk, agree=False)
    assert Task.objects.get(kind=Task.Kind.SECOND_POLICE).outcome == "police_refused"
    Task.objects.all().delete()
    ask_for_police(opened, WHY)
    record_call(opened, LINES, line=Call.Line.POLICE, police=True, danger_now=False)
    assert Task.objects.get(kind=Task.Kind.SECOND_POLICE).state == "done"
    assert rings(cast, clock, 240) == set()


def test_nobody_takes_or_ends_it_from_a_list(cast: Cast, carrier: Carrier) -> None:
    opened = claimed(cast)
    ask_for_police(opened, WHY)
    task = Task.objects.get(kind=Task.Kind.SECOND_POLICE)
    with pytest.raises(ReadFirst):
        take_task(cast.viewer("sam"), task.pk)
    with pytest.raises(ReadFirst):
        finish_task(cast.viewer("sam"), task.pk, "not_needed")
    with viewing(cast.viewer("sam")):
        assert task.pk not in {one.pk for one in open_tasks([opened.tip.pk])}


def test_what_was_closed_over_it_asks_again_once_it_is_open() -> None:
    assert Task.Kind.SECOND_POLICE in LEFT_OPEN
    assert set(LEFT_OPEN) == set(UNDONE)


def test_it_waits_behind_no_flood_of_lives(cast: Cast, carrier: Carrier, clock: Clock) -> None:
    """Whoever answers no text hears of lives once a minute; of what a colleague asks, at once."""
    give(cast.people["sam"], "sms")
    for _ in range(12):
        alert = an_alert(cast, "cedar")
        Alert.objects.filter(pk=alert.pk).update(stage="center")
    rings_by(clock, 300)
    flood = [one for one in carrier.outgoing if one.ask]
    assert len(flood) > 3
    opened = claimed(cast)
    ask_for_police(opened, WHY)
    assert "sam" in rings(cast, clock, 80)
    assert "sam" in rings(cast, clock, 120), "and again"


def rings_by(clock: Clock, seconds: int) -> None:
    for _ in range(seconds // 20):
        clock.move(20)
        work()
