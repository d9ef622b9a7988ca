"""What the demo's readers find: published half-years, and a center that is ready."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import cast as typed

import pytest

from conftest import Cast
from tests.matters import offices_and_staff
from upstander.accountability.tests.test_equity_page import closed_cases
from upstander.accountability.tests.test_gathering import a_tip, settled_half
from upstander.base.moment import database_now
from upstander.carriers import health
from upstander.carriers.queries import provider_states
from upstander.command import demo_data, demo_year, demo_year_rest
from upstander.command.demo_phones import INTERPRETERS
from upstander.command.demo_stage import Stage
from upstander.command.demo_year_plan import ZONE
from upstander.editions.halves import SETTLES, halves
from upstander.editions.models import PublishedEdition
from upstander.people.scope import Viewer
from upstander.places.models import Center

pytestmark = pytest.mark.django_db


class OnStage:
    """The demo's stage with the tests' own people, at the time that it is."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self.waited = 0

    def wait_for_others(self) -> None:
        self.waited += 1

    def desk(self) -> AbstractContextManager[None]:
        return nullcontext()

    def worker(self) -> AbstractContextManager[None]:
        return nullcontext()

    def signed_in(self, email: str) -> Viewer:
        played_by = {"dana@maple.example": "dee", "ruth@lakeside.example": "sam"}
        return self._cast.viewer(played_by.get(email, "tara"))


def played(stage: OnStage) -> Iterator[None]:
    ends = database_now()
    for one in demo_year_rest.publishing(
        typed("Stage", stage), ends - timedelta(weeks=52), ends - timedelta(minutes=30)
    ):
        for at in one:
            assert ends - timedelta(weeks=52) < at < ends
            yield


def test_the_superintendent_reads_figures_without_anybody_opening_them_first(cast: Cast) -> None:
    offices_and_staff(cast)
    closed_cases(cast, cast.cedar, 30)
    stage = OnStage(cast)
    assert len(list(played(stage))) in (1, 2)
    assert stage.waited, "the other half of the year is in the figures too"
    for path in ("/equity", "/times", "/times.csv"):
        assert "Not published yet" not in cast.client("sol").get(path).content.decode()


def test_all_readers_of_a_half_year_find_it_published_on_the_same_day(cast: Cast) -> None:
    offices_and_staff(cast)
    closed_cases(cast, cast.cedar, 30)
    for _ in range(12):
        a_tip(cast, came=settled_half(), claimed=41, handed=170, had=200)
    list(played(OnStage(cast)))
    published = set(PublishedEdition.objects.values_list("half", "audience"))
    latest = max(half for half, _ in published)
    told = {audience for half, audience in published if half == latest}
    assert told == {"center", "district", f"school:{cast.cedar.pk}"}
    for name in ("sam", "dee", "tara"):
        times = cast.client(name).get("/times", {"half": latest})
        assert "Too few to show" not in times.content.decode(), "gathered before it is published"
    assert set(PublishedEdition.objects.values_list("half", "audience")) == published


def test_each_half_year_is_published_once_it_has_settled() -> None:
    ends = database_now()
    begins = ends - timedelta(weeks=80)
    moments = [next(one) for one in demo_year_rest.publishing(typed("Stage", None), begins, ends)]
    settled = [half.span(ZONE)[1] + SETTLES for half in halves(ends, ZONE)]
    assert moments == sorted(moments, reverse=True)
    for at, since in zip(moments, settled, strict=False):
        assert since <= at <= ends


def test_no_provider_is_good_since_a_day_before_the_demo_began() -> None:
    health.note("outbox", "email", ok=True)
    assert provider_states()
    demo_year.forget_how_it_was_carried()
    assert not provider_states()


def test_the_demos_center_has_its_interpreters(monkeypatch: pytest.MonkeyPatch) -> None:
    class Made(Exception):
        pass

    made: dict[str, str] = {}

    def create(**values: str) -> None:
        made.update(values)
        raise Made

    monkeypatch.setattr(Center.objects, "create", create)
    with pytest.raises(Made):
        demo_data._make_places_and_people(None)
    assert made["interpreter_phone"] == INTERPRETERS
