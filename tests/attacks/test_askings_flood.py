"""Somebody asks for mobile crisis hundreds of times from one laptop: no family is buried by it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from upstander.callouts.actions.callouts import learn, open_callout
from upstander.callouts.models import Callout
from upstander.callouts.queries import PAGE
from upstander.callouts.tests.setup import Mobile, set_clock, step, sweep
from upstander.doors.tests.site import Site, hidden_in, site, text_of
from upstander.doors.web.report import FROM_A_CROWD
from upstander.escalations.models import Alert, Page
from upstander.front.flood import FEW, Flood
from upstander.front.tests.test_come import GIVEN, PATH, here

__all__ = ["here", "site"]
pytestmark = pytest.mark.django_db
#: More than a page of the board holds.
MANY = PAGE + FEW + 5
#: One asking a second from here on: pages show the newest by the database's clock.
BEGAN = datetime(2026, 12, 2, 18, tzinfo=UTC)


class Flooded:
    """The website behind a gate that knows each place, and the center's board."""

    def __init__(self, desk: tuple[str, list[str]], reporter: Site, settings: Any) -> None:
        self._site, self._settings, self._flood = reporter, settings, Flood()
        self._desk = desk
        self._public = (settings.ROOT_URLCONF, settings.MIDDLEWARE)
        self._asked = 0

    def ask(self, place: str, *, danger: str = "no") -> Callout:
        """Ask from a place, a second after the one before, in words of its own."""
        self._asked += 1
        set_clock(BEGAN + timedelta(seconds=self._asked))
        self._settings.ROOT_URLCONF, self._settings.MIDDLEWARE = self._public
        counts = partial(self._flood.is_crowd, self._flood.source(place, ""))
        environ: Any = self._site.client.defaults
        environ[FROM_A_CROWD] = counts
        fields = hidden_in(text_of(self._site.get(PATH)))
        words = {"where": f"{self._asked} Alder Lane", "danger": danger}
        assert self._site.post(PATH, {**fields, **GIVEN, **words}).status_code == 200
        return Callout.objects.latest("asked_at")

    def board(self, query: str = "") -> tuple[str, list[str]]:
        """Return the board as the supervisor reads it, and whom it shows, the first first."""
        self._settings.ROOT_URLCONF, self._settings.MIDDLEWARE = self._desk
        page = self._site.cast.client("lou").get(f"/callouts{query}").content.decode()
        return page, re.findall(r">(M-[0-9A-F]{6})</a>", page)


@pytest.fixture
def desk(settings: Any) -> tuple[str, list[str]]:
    """Return what the desk is, before the website takes its place."""
    return settings.ROOT_URLCONF, settings.MIDDLEWARE


@pytest.fixture
def flooded(desk: tuple[str, list[str]], site: Site, here: Mobile, settings: Any) -> Flooded:
    """Let the website be behind its gate."""
    return Flooded(desk, site, settings)


def alerts_of(*callouts: Callout) -> int:
    """Return how many alerts ring about any of these."""
    running = Alert.objects.exclude(state=Alert.State.ENDED)
    return running.filter(subject_id__in=[one.pk for one in callouts]).count()


def test_danger_after_a_flood_stands_first(flooded: Flooded) -> None:
    laptop = [flooded.ask("192.0.2.1") for _ in range(MANY)]
    real = flooded.ask("198.51.100.7", danger="yes")
    page, shown = flooded.board()
    assert shown == [one.reference for one in (real, *laptop[:FEW][::-1])], "the newest first"
    assert f"{MANY - FEW} more from places that sent many" in page
    assert len(flooded.board("?crowd")[1]) == PAGE, "each of them can be read"


def test_flood_without_danger_rings_once(flooded: Flooded) -> None:
    laptop = [flooded.ask("192.0.2.1") for _ in range(FEW + 10)]
    real = flooded.ask("192.0.2.1", danger="yes")
    sweep(2)
    few, crowd = laptop[:FEW], laptop[FEW:]
    assert (alerts_of(*few), alerts_of(*crowd), alerts_of(real)) == (FEW, 1, 1)
    # Whatever else was said to them, a page about a life waits behind none without danger.
    turns = Page.objects.values_list("alert__subject_id", "turn").distinct()
    assert {turn for pk, turn in turns if pk == real.pk} == {0}
    assert {turn for pk, turn in turns if pk != real.pk} == {1}
    set_clock(BEGAN + timedelta(minutes=9))
    sweep(2)
    assert (alerts_of(*crowd), alerts_of(real)) == (1, 1), "louder, and still once"


def test_crowd_rings_on_after_its_first_is_triaged(flooded: Flooded, here: Mobile) -> None:
    crowd = [flooded.ask("192.0.2.1") for _ in range(FEW + 3)][FEW:]
    sweep()
    step(here, "lou", crowd[0].pk, "phone", to_id=here.id_of("lou"))
    assert alerts_of(*crowd) == 0
    sweep()
    assert (alerts_of(crowd[1]), alerts_of(crowd[2])) == (1, 0), "nobody waits on silence"


def test_danger_from_one_place_never_folds(flooded: Flooded) -> None:
    """A place is also a school's, or a shelter's."""
    families = [flooded.ask("192.0.2.1", danger="yes") for _ in range(MANY)]
    page, shown = flooded.board()
    assert shown[0] == families[-1].reference
    assert len(shown) == PAGE
    assert f"{MANY - PAGE} more on the next page" in page
    assert "sent many" not in page
    for _ in range(3):
        sweep()
    assert alerts_of(*families) == MANY, "each rings"


def test_danger_learned_of_one_in_a_crowd_takes_it_out(flooded: Flooded, here: Mobile) -> None:
    first, one = [flooded.ask("192.0.2.1") for _ in range(FEW + 2)][FEW:]
    opened = open_callout(here.cast.viewer("lou"), one.pk)
    learn(opened, {"danger": True}, opened.words, {})
    sweep()
    assert (alerts_of(first), alerts_of(one)) == (1, 1)
    assert flooded.board()[1][0] == one.reference


def test_few_of_a_place_are_a_few_an_hour() -> None:
    now = [0.0]
    flood = Flood(clock=lambda: now[0])
    laptop, shelter = flood.source("192.0.2.1", ""), flood.source("192.0.2.2", "")
    assert [flood.is_crowd(laptop) for _ in range(FEW + 1)] == [False] * FEW + [True]
    assert not flood.is_crowd(shelter)
    now[0] = 3_600.0
    assert [flood.is_crowd(laptop) for _ in range(FEW + 1)] == [False] * FEW + [True]
