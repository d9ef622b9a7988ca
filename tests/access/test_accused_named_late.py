"""The accused whom nobody ticked: named in words alone, not known at all, or kept out only later.

As ``test_accused_walk``: the desk of the head and of their designee is walked without the report
and with it, and must be the same to the letter; each address is then filled in with its rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client

from conftest import Cast
from tests.access.test_accused_walk import (
    LATER,
    changes,
    moment,
    reached,
    seen_by,
    set_clock,
    taken_back,
    the_worker_turns,
)
from tests.matters import Matter, offices_and_staff
from upstander.base.moment import database_second
from upstander.carriers.models import Notice
from upstander.mandated.actions.duties import start_duty
from upstander.mandated.actions.granting import keep_out_later
from upstander.mandated.models import Duty, DutyEvent
from upstander.mandated.suspicion import Suspicion
from upstander.mandated.tests.test_who_of_staff import granted
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import exclude_people
from upstander.triage.actions.work import claim_tip

__all__ = ["moment"]

type Mark = Callable[[str], str]
WALKERS = ("hana", "dino")


def by_form(cast: Cast, mark: Mark, **said: Any) -> UUID:
    """Press "I suspect" as a teacher does, answering what is asked about the words."""
    client = cast.client("vera")
    typed = {
        "rule": "employee",
        "since": "now",
        "school": cast.cedar.pk,
        "first_words": mark("first words"),
        "employee": "no",
        **said,
    }
    shown = client.post("/suspect", typed)
    if shown.status_code == 200:
        # As a browser would: what is asked comes with whom it is about, ticked.
        page = shown.content.decode()
        assert "Your words name someone on staff" in page
        people = re.findall(r'name="meant_people" value="(\d+)"', page)
        [asked] = re.findall(r'name="asked_about" value="([^"]*)"', page)
        typed |= {"meant": "out", "meant_people": people, "asked_about": asked}
        shown = client.post("/suspect", typed)
    return UUID(shown["Location"].rsplit("/", 1)[1])


def begun(cast: Cast, mark: Mark, who: str = "vera", **more: Any) -> UUID:
    suspicion = Suspicion(
        "us-ct",
        "abuse",
        cast.maple.pk,
        database_second() - timedelta(minutes=1),
        cast.cedar.pk,
        words={"first_words": mark("first words"), "child": mark("child")},
        **more,
    )
    return start_duty(cast.viewer(who), suspicion)


def in_words_alone(cast: Cast, mark: Mark) -> UUID:
    return by_form(cast, mark, about="named", suspected=f"{mark('who')}, our principal")


def by_the_heads_name(cast: Cast, mark: Mark) -> UUID:
    return by_form(
        cast, mark, rule="abuse", about="nobody", facts=f"{mark('facts')} and it was Hana"
    )


def not_known(cast: Cast, mark: Mark) -> UUID:
    return by_form(cast, mark, about="unknown", suspected=mark("who"))


def misspelled(cast: Cast, mark: Mark) -> UUID:
    return by_form(
        cast, mark, rule="abuse", about="nobody", facts=f"{mark('facts')} and it was hnaa"
    )


def paraphrased(cast: Cast, mark: Mark) -> UUID:
    return by_form(
        cast, mark, rule="abuse", about="nobody", facts=f"{mark('facts')}: the boss of our school"
    )


def until_then_seen(cast: Cast, duty: UUID) -> None:
    """The head saw it and was rung, before anybody named them: that can't be unsaid."""
    hana = cast.people["hana"]
    assert "hana" in granted(cast, duty)
    Notice.objects.filter(person_id=hana.pk, kind="duty_begun").latest("pk").delete()


def in_a_later_note(cast: Cast, mark: Mark) -> UUID:
    duty = begun(cast, mark)
    until_then_seen(cast, duty)
    sent = {"kind": "note", "words": f"{mark('note')} and the princpal knew"}
    client = cast.client("vera")
    page = client.post(f"/duties/{duty}/note", sent).content.decode()
    people = re.findall(r'name="meant_people" value="(\d+)"', page)
    about = {"meant": "out", "meant_people": people, "asked_about": " ".join(people)}
    assert client.post(f"/duties/{duty}/note", sent | about).status_code == 302
    return duty


def later_by(who: str) -> Callable[[Cast, Mark], UUID]:
    def road(cast: Cast, mark: Mark) -> UUID:
        duty = begun(cast, mark)
        until_then_seen(cast, duty)
        keep_out_later(cast.viewer(who), duty, [cast.people["hana"].pk], mark("why"))
        return duty

    return road


def tip_of(cast: Cast, mark: Mark, **answers: str) -> Tip:
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text=mark("tip"),
            language="en",
            tile="home",
            answers=answers,
            school_id=cast.cedar.pk,
        )
    )
    claim_tip(cast.viewer("bea"), filed.tip_id)
    return Tip.objects.get(pk=filed.tip_id)


def later_by_the_center(cast: Cast, mark: Mark) -> UUID:
    tip = tip_of(cast, mark)
    duty = begun(cast, mark, "bea", tip_id=tip.pk, matter_id=tip.matter_id)
    until_then_seen(cast, duty)
    exclude_people(open_tip(cast.viewer("bea"), tip.pk), [cast.people["hana"].pk])
    return duty


def said_by_the_reporter(cast: Cast, mark: Mark) -> UUID:
    tip = tip_of(cast, mark, not_see=mark("must not see it"))
    return begun(cast, mark, "bea", tip_id=tip.pk, matter_id=tip.matter_id)


ROADS: dict[str, Callable[[Cast, Mark], UUID]] = {
    "named in words alone": in_words_alone,
    "named in words of a report that is about nobody on staff": by_the_heads_name,
    "misspelled": misspelled,
    "paraphrased": paraphrased,
    "named in a later note": in_a_later_note,
    "not known": not_known,
    "kept out later by whose report it is": later_by("vera"),
    "kept out later by the compliance lead": later_by("cleo"),
    "kept out later by the center": later_by_the_center,
    "said by the reporter, and not settled yet": said_by_the_reporter,
}


@pytest.mark.slow
def test_whoever_was_not_ticked_finds_the_desk_as_if_there_were_no_report(
    cast: Cast, settings: Any, moment: datetime
) -> None:
    """One walk without, then one on each road, which is taken back."""
    settings.DEMO = True  # the outbox is a page of the demo only
    offices_and_staff(cast)
    set_clock(moment)
    control = begun(cast, lambda place: f"another matter: {place}", "tess")
    clients = {walker: cast.client(walker) for walker in WALKERS}
    with taken_back():
        set_clock(moment + LATER)
        the_worker_turns()
        without = {walker: seen_by(cast, walker, clients[walker]) for walker in WALKERS}
    for walker in WALKERS:
        assert str(control) in without[walker]["mandated:ledger"], f"{walker} has much to see"
        assert "office_duty_late" in without[walker]["what was sent"]
    wrong = []
    for name, road in ROADS.items():
        with taken_back():
            found = faults(cast, road, moment + LATER, without, clients)
            wrong += [f"{name}: {fault}" for fault in found]
    assert not wrong, "\n".join(wrong)


def faults(
    cast: Cast,
    road: Callable[[Cast, Mark], UUID],
    later: datetime,
    without: dict[str, dict[str, str]],
    clients: dict[str, Client],
) -> list[str]:
    """Go one road; return whatever tells the walkers of it."""
    said: dict[str, str] = {}

    def mark(place: str) -> str:
        return said.setdefault(place, f"zimtstern{uuid4().hex}")

    duty = Duty.objects.get(pk=road(cast, mark))
    set_clock(later)
    the_worker_turns()
    matter = Matter({"duty_id": duty.pk, "number": 1}, said, set(said.values()))
    matter.traces |= {str(duty.pk), str(duty.folder_id), str(duty.matter_id)}
    matter.traces |= {str(one.pk) for one in DutyEvent.objects.filter(duty=duty)}
    if duty.tip_id is not None:
        matter.values["tip_id"] = duty.tip_id
        matter.traces |= {str(duty.tip_id), Tip.objects.get(pk=duty.tip_id).reference}
    wrong = []
    for walker, client in clients.items():
        seen = seen_by(cast, walker, client)
        traces = {(name, trace) for name, text in seen.items() for trace in matter.found_in(text)}
        told = [*traces, *changes(without[walker], seen), *reached(client, cast, walker, matter)]
        wrong += [f"{walker}: {fault}" for fault in told]
    with connection.cursor() as cursor:
        # Its owner is there and is reminded, whoever else may see it.
        cursor.execute("SELECT reminded FROM mandated_duty WHERE id = %s", [duty.pk])
        assert cursor.fetchone() != (0,)
    return wrong
