"""A session begins only with aftercare, goes one way, and is seen by its leader and offices."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404

from conftest import Cast
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.lessons.actions.leading import Aftercare, begin_session, end_session, plan_session
from upstander.lessons.models import Session
from upstander.mandated.tests.test_duties import offices
from upstander.people.scope import viewing
from upstander.training.days import day_in
from upstander.training.tests.setup import approve

pytestmark = pytest.mark.django_db
COURSE = "students-6-8"


@pytest.fixture
def planned(cast: Cast) -> int:
    offices(cast)
    approve(cast.viewer("ada"), COURSE)
    today = day_in(cast.maple.pk, database_now())
    return plan_session(cast.viewer("tess"), cast.cedar.pk, COURSE, "en", 7, today)


def ready(cast: Cast) -> Aftercare:
    today = day_in(cast.maple.pk, database_now())
    return Aftercare("Ms. Fell", "Room 12", "Reading in the library", today, knows_duty=True)


@pytest.mark.parametrize(
    "missing",
    [
        {"adult": " "},
        {"room": ""},
        {"opt_out": ""},
        {"families_told_on": None},
        {"knows_duty": False},
    ],
)
def test_session_without_aftercare(cast: Cast, planned: int, missing: dict[str, object]) -> None:
    tess = cast.viewer("tess")
    with pytest.raises(Refused):
        begin_session(tess, planned, replace(ready(cast), **missing))  # type: ignore[arg-type]
    with pytest.raises(DatabaseError), transaction.atomic():
        Session.objects.filter(pk=planned).update(begun_at=database_now())


def test_session_led_and_counted(cast: Cast, planned: int) -> None:
    tess = cast.viewer("tess")
    begin_session(tess, planned, ready(cast))
    end_session(tess, planned, present=21, made_up=2, opted_out=1, captions=False)
    row = Session.objects.get(pk=planned)
    assert (row.present, row.made_up, row.opted_out) == (21, 2, 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Session.objects.filter(pk=planned).update(present=20)


def test_session_by_who_sees_it(cast: Cast, planned: int) -> None:
    for who in ("tess", "hana", "dino", "cleo", "sol", "tara", "bo"):
        with viewing(cast.viewer(who)):
            seen = Session.objects.filter(pk=planned).count()
        assert seen == (who in {"tess", "hana", "dino", "cleo", "sol"}), who
    with pytest.raises(Http404):
        begin_session(cast.viewer("tara"), planned, ready(cast))
    today = day_in(cast.maple.pk, database_now())
    with pytest.raises(Http404):
        plan_session(cast.viewer("tess"), cast.birch.pk, COURSE, "en", 7, today)


def test_session_columns_without_students() -> None:
    names = {one.name for one in Session._meta.get_fields()}
    assert not [n for n in names if "student" in n or "pupil" in n or "class" in n]


def test_session_led_by_its_pages(cast: Cast) -> None:
    """Plan, refused without aftercare, begin, slides, count; a colleague finds nothing there."""
    offices(cast)
    approve(cast.viewer("ada"), COURSE)
    day = ready(cast).families_told_on
    tess = cast.client("tess")
    plan = {"school": cast.cedar.pk, "text": f"{COURSE}:en", "grade": 7, "day": day}
    there = tess.post("/student-sessions", plan)["Location"]
    assert tess.get(f"{there}/slides/1").status_code == 404, "not before it has begun"
    care = {"adult": "Ms. Fell", "room": "12", "opt_out": "Reading", "families_told_on": day}
    tess.post(there, care)
    assert Session.objects.get().begun_at is None
    tess.post(there, care | {"knows_duty": "on"})
    assert Session.objects.get().begun_at is not None
    assert "Ms. Fell" in tess.get(f"{there}/slides/1").content.decode()
    assert tess.get(f"{there}/slides/99").status_code == 404
    tess.post(there, {"present": 21, "made_up": 0, "opted_out": 1})
    assert "21 present" in tess.get(there).content.decode()
    assert "/suspect" in tess.get(there).content.decode()
    assert cast.client("tara").get(there).status_code == 404
