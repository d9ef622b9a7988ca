"""Whoever leaves stays named in the legal record, for those who may read it and nobody else."""

from __future__ import annotations

import csv
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection

from conftest import Cast
from tests.attacks.test_ends_unseen import new_tip
from upstander.mandated.actions import duties as actions
from upstander.mandated.actions.answers import suspicion_panel
from upstander.mandated.named import names_in_duties, names_of_asked
from upstander.mandated.tests.test_duties import right_now, suspect
from upstander.mandated.tests.test_leaving import shut, tess
from upstander.people.actions.leaving import lock_out
from upstander.people.models import Person
from upstander.people.scope import viewing
from upstander.people.tests.monitor import monitor
from upstander.tips.opening import open_tip

__all__ = ["tess"]

pytestmark = pytest.mark.django_db


def left(cast: Cast, tess: Person) -> UUID:
    """Have Tess shut out after her first report."""
    duty = suspect(cast)
    viewer = cast.viewer("tess")
    actions.report_first(viewer, duty, way="careline", at=right_now(), words={})
    shut(cast, tess)
    return duty


def test_the_ledger_the_page_and_the_file_name_whose_report_it_is(cast: Cast, tess: Person) -> None:
    duty = left(cast, tess)
    with viewing(cast.viewer("cleo")):
        assert not Person.objects.filter(pk=tess.pk).exists(), "in no list of colleagues any more"
    client = cast.client("cleo")
    for page in ("/ledger", f"/duties/{duty}"):
        assert "Tess" in client.get(page).content.decode(), page
    line = next(csv.DictReader(client.get("/ledger.csv").content.decode().splitlines()))
    assert line["owner"] == "Tess"


def test_the_file_says_when_the_matter_was_opened_to_all_but_a_monitor(
    cast: Cast, tess: Person
) -> None:
    left(cast, tess)
    cast.people["mona"] = monitor(cast)
    opened = right_now()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE mandated_duty DISABLE TRIGGER USER")
        cursor.execute("UPDATE mandated_duty SET matter_opened_at = %s", [opened])
        cursor.execute("ALTER TABLE mandated_duty ENABLE TRIGGER USER")
    said = {}
    for who, page in (("cleo", "/ledger.csv"), ("mona", "/monitor.csv")):
        text = cast.client(who).get(page).content.decode()
        line = next(csv.DictReader(text.splitlines()))
        said[who] = (line["owner"], bool(line["matter opened (record)"]))
    assert said == {"cleo": ("Tess", True), "mona": ("", False)}


def test_the_tip_names_who_opened_it_and_has_left(cast: Cast) -> None:
    tip = new_tip(cast, tile="adult")
    open_tip(cast.viewer("alice"), tip)
    open_tip(cast.viewer("bea"), tip)
    lock_out(cast.viewer("ada"), cast.people["bea"].pk)
    panel = suspicion_panel(open_tip(cast.viewer("alice"), tip))
    assert panel is not None
    assert {one.who for one in panel.openers} == {"Alice", "Bea"}


def test_nobody_is_named_to_whom_it_was_not_granted(cast: Cast, tess: Person) -> None:
    duty = left(cast, tess)
    cast.people["mona"] = monitor(cast)
    people = [person.pk for person in cast.people.values()]
    for name in ("hana", "cleo"):
        with viewing(cast.viewer(name)):
            assert names_in_duties([duty], people) == {tess.pk: "Tess"}
    for name in ("uma", "dee", "alice", "charlie"):
        with viewing(cast.viewer(name)):
            assert names_in_duties([duty], people) == {}, name
            assert names_of_asked([1, 2, 3], people) == {}, name
    for name in ("ada", "mona"):
        with pytest.raises(ProgrammingError), viewing(cast.viewer(name)):
            names_in_duties([duty], people)
