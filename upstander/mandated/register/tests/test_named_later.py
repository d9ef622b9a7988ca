"""Whom a duty's owner suspects only later stands in the register too, by every door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from conftest import Cast
from upstander.mandated.actions import unfiled
from upstander.mandated.actions.granting import keep_out_later, suspect_also
from upstander.mandated.models import DutyEvent
from upstander.mandated.register.actions import disclosing
from upstander.mandated.register.models import Entry
from upstander.mandated.register.tests.test_register import TODAY, accuse, opened
from upstander.mandated.register.tests.test_unfiled import seat_chair, without_chair
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.mandated.tests.test_who_of_staff import rename

pytestmark = pytest.mark.django_db

WHY = "It is about them."


def names(cast: Cast, who: str = "cleo") -> list[str]:
    return sorted(opened(cast, who, one).words.get("name", "") for one in Entry.objects.all())


def asks(cast: Cast, name: str) -> disclosing.Question:
    return disclosing.Question(cast.maple.pk, name, "Lake District", "Hiring.", TODAY)


def begun(cast: Cast, **more: Any) -> UUID:
    offices(cast)
    rename(cast, "tom", "Paula Renner")
    rename(cast, "uma", "Owen Pryce")
    return accuse(cast, "tom", **more)


@pytest.mark.parametrize("door", ["page", "words"])
def test_who_is_suspected_later_is_filed_under_their_name(cast: Cast, door: str) -> None:
    duty, client = begun(cast), cast.client("tess")
    uma = cast.people["uma"].pk
    if door == "page":
        sent = {"people": [uma], "why": WHY, "suspects": "on"}
        done = client.post(f"/duties/{duty}/keep-out", sent)
    else:
        sent = {"kind": "suspected", "words": "Owen Pryce", "meant": "out"}
        sent |= {"meant_people": [uma], "asked_about": str(uma)}
        done = client.post(f"/duties/{duty}/note", sent)
    assert done.status_code == 302
    assert names(cast) == ["Owen Pryce", "Paula Renner"]
    assert [line.name for line in disclosing.look(cast.viewer("cleo"), asks(cast, "Owen Pryce"))]
    assert not [one for one in Entry.objects.all() if one.duty_id != duty]
    # Pressed again it is one allegation still.
    suspect_also(cast.viewer("tess"), duty, "Owen Pryce", [uma])
    assert names(cast) == ["Owen Pryce", "Paula Renner"]


def test_keeping_out_without_suspecting_files_nothing(cast: Cast) -> None:
    duty = begun(cast)
    keep_out_later(cast.viewer("tess"), duty, [cast.people["uma"].pk], WHY)
    keep_out_later(cast.viewer("cleo"), duty, [cast.people["hana"].pk], WHY, suspects=True)
    assert names(cast) == ["Paula Renner"]


def test_of_a_duty_about_nobody_on_staff_whoever_is_chosen_later_is_filed(cast: Cast) -> None:
    offices(cast)
    duty = suspect(cast)
    suspect_also(cast.viewer("tess"), duty, "A neighbor", [])
    assert not Entry.objects.exists()
    keep_out_later(cast.viewer("tess"), duty, [cast.people["tom"].pk], WHY, suspects=True)
    assert names(cast) == [cast.people["tom"].name]


def test_words_that_name_nobody_of_staff_wait_for_a_name_and_nobody_is_clear(cast: Cast) -> None:
    duty = begun(cast)
    cleo, question = cast.viewer("cleo"), asks(cast, "Somebody Else")
    assert not disclosing.unsettled(cleo, question)
    sent = {"kind": "suspected", "words": "the driver of bus 7"}
    assert cast.client("tess").post(f"/duties/{duty}/note", sent).status_code == 302
    assert names(cast) == ["", "Paula Renner"]
    assert disclosing.unsettled(cleo, question)


def test_the_superintendent_suspected_later_without_a_chair_is_kept_and_filed(cast: Cast) -> None:
    team = without_chair(cast)
    duty, tess = accuse(cast, "tom"), cast.viewer("tess")
    sol = cast.people["sol"].pk
    keep_out_later(tess, duty, [sol], WHY, suspects=True)
    assert DutyEvent.objects.filter(duty_id=duty, kind="unfiled").count() == 1
    assert Entry.objects.count() == 1
    suspect_also(tess, duty, "and the man of the blue van", [])
    assert DutyEvent.objects.filter(duty_id=duty, kind="unfiled").count() == 2
    page = cast.client("tess").get(f"/duties/{duty}").content.decode()
    assert "does not have this allegation yet" in page
    seat_chair(cast, team)
    unfiled.file_again(tess, duty)
    assert DutyEvent.objects.filter(duty_id=duty, kind="filed").count() == 2
    assert Entry.objects.count() == 3
    assert not unfiled.is_unfiled(DutyEvent.objects.filter(duty_id=duty))
