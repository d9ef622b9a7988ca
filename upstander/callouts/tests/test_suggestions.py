"""The board asks the planner: whom it suggests, what is recorded of it, and what overrules it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection
from pytest_django import Settings

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.moment import database_now
from upstander.callouts.actions import callouts as actions
from upstander.callouts.models import Event, Site
from upstander.callouts.queries import Suggested, open_ones, ranked, rows_of, teams
from upstander.callouts.suggestions import suggest, travel, why_none
from upstander.callouts.tests.setup import Mobile, asked, going, mobile, step
from upstander.callouts.travel import OVERHEAD, SPEED, ByFactors, ByRouting
from upstander.directory.models import Town
from upstander.people import factories
from upstander.people.scope import Viewer, viewing

pytestmark = pytest.mark.django_db
#: A degree of latitude is 111 km: Birch lies some 22 minutes from Alder.
TOWNS = {"alder": 41.5, "birch": 41.6}


def placed(cast: Cast) -> Mobile:
    """Let the center go out, and say where its towns are."""
    here = mobile(cast)
    Town.objects.bulk_create(
        Town(name=n, latitude=north, longitude=-72.0) for n, north in TOWNS.items()
    )
    return here


def waiting(here: Mobile, **facts: Any) -> UUID:
    one = asked(here, **facts)
    step(here, "lou", one, "go")
    return one


def plans(viewer: Viewer) -> dict[UUID, Suggested]:
    """Return what the viewer's board suggests."""
    with viewing(viewer) as now:
        rows = open_ones()
        near = teams(Site.objects.order_by("name"), now)
    return suggest(viewer, rows, near, now)


def opened(here: Mobile) -> int:
    return Entry.objects.filter(action="callout towns read").count()


def test_board_suggests_who_is_near(cast: Cast) -> None:
    here = placed(cast)
    one = waiting(here)
    found = plans(cast.viewer("lou"))[one]
    assert found.person in {here.id_of(name) for name in ("mia", "max", "lou")}
    assert "own site" in found.why
    page = cast.client("lou").get("/callouts").content.decode()
    assert f"Offer it to {found.name}" in page
    assert found.why in page
    assert 'data-key="o"' in page, "nobody was asked yet: a key offers it"


def test_two_callouts_get_two_people(cast: Cast) -> None:
    here = placed(cast)
    ones = [waiting(here) for _ in range(3)]
    found = plans(cast.viewer("lou"))
    assert set(found) == set(ones)
    assert len({one.person for one in found.values()}) == 3


def test_town_opened_is_one_entry_for_all(cast: Cast) -> None:
    here = placed(cast)
    for _ in range(3):
        waiting(here)
    for _ in range(2):
        plans(cast.viewer("lou"))
    assert opened(here) == 1
    plans(cast.viewer("mia"))
    assert opened(here) == 2, "of each who opens"
    waiting(here)
    plans(cast.viewer("lou"))
    assert opened(here) == 3, "and of what came to wait since"


def test_board_without_a_key_says_so(cast: Cast) -> None:
    here = placed(cast)
    waiting(here)
    viewer = replace(factories.viewer(cast.people["lou"], cast.keys), private_seed=None)
    assert plans(viewer) == {}
    assert opened(here) == 0
    with viewing(viewer):
        assert "stated order" in why_none(viewer, open_ones(), {})


def test_unplaced_town_leaves_the_stated_order(cast: Cast) -> None:
    here = mobile(cast)
    waiting(here)
    assert plans(cast.viewer("lou")) == {}
    page = cast.client("lou").get("/callouts").content.decode()
    assert "where these towns are" in page.replace("&#x27;", "’")


def test_whoever_said_no_is_not_suggested(cast: Cast) -> None:
    here = placed(cast)
    one = waiting(here)
    for name in ("mia", "max", "lou"):
        actions.cannot(cast.viewer(name), one, "far")
    found = plans(cast.viewer("lou"))[one]
    assert found.person == here.id_of("noor")
    assert "from another site" in found.why


def test_who_is_out_is_soon_free(cast: Cast) -> None:
    here = placed(cast)
    one = going(here, "mia")
    step(here, "mia", one, "arrived")
    with viewing(cast.viewer("lou")) as now:
        near = teams(Site.objects.order_by("name"), now)
    [mia] = [one for _, some in near for one in some if one.name == "Mia"]
    assert mia.free_at is not None
    assert 79 < (mia.free_at - now).total_seconds() / 60 <= 80
    assert "free at about" in cast.client("lou").get("/callouts").content.decode()


def test_what_will_be_late_stands_first(cast: Cast) -> None:
    here = placed(cast)
    near, far = waiting(here), waiting(here)
    with viewing(cast.viewer("lou")) as now:
        late = {far: Suggested(1, "Mia", now.replace(year=now.year + 1), "")}
        assert [one.pk for one in ranked(open_ones())] == [near, far]
        found = ranked(open_ones(), late)
        assert [one.pk for one in found] == [far, near]
        [row, _] = rows_of(found, now, late)
    assert row.since_go is not None
    assert row.since_go.standing == "will_be_late"


def test_offer_of_the_suggestion_is_one_press(cast: Cast) -> None:
    here = placed(cast)
    one = waiting(here)
    do = {"act": "offer", "to": str(here.id_of("max")), "code": "suggested"}
    cast.client("lou").post(f"/callouts/{one}/do", do)
    offered = Event.objects.filter(kind="offered").order_by("-pk")[0]
    assert (offered.to_id, offered.code) == (here.id_of("max"), "suggested")


def test_overruling_asks_for_a_reason(cast: Cast) -> None:
    here = placed(cast)
    one = waiting(here)
    lou, do = cast.client("lou"), {"act": "offer", "to": str(here.id_of("noor"))}
    assert 'name="code" required' in lou.get(f"/callouts/{one}").content.decode()
    before = Event.objects.count()
    lou.post(f"/callouts/{one}/do", do)
    assert Event.objects.count() == before
    lou.post(f"/callouts/{one}/do", {**do, "code": "knows"})
    assert Event.objects.order_by("-pk")[0].code == "knows"


def test_bad_roads_make_ways_longer(cast: Cast) -> None:
    here = placed(cast)
    one = waiting(here)
    for name in ("mia", "max", "lou"):
        actions.cannot(cast.viewer(name), one, "far")
    before = plans(cast.viewer("lou"))[one].at - database_now()
    snow = {"slow": "3.0", "why": "snow", "hours": "4"}
    lou = cast.client("lou")
    lou.post("/callouts", snow)
    after = plans(cast.viewer("lou"))[one].at - database_now()
    assert after - before > timedelta(minutes=20), "two ways of some 16 minutes more"
    assert "Travel takes longer today" in lou.get("/callouts").content.decode()
    site = Site.objects.get(pk=here.north.pk)
    assert (site.slow, site.slow_code) == (3.0, "snow")
    assert Entry.objects.filter(action="callout roads said").get().detail["why"] == "snow"
    lou.post("/callouts", {**snow, "slow": "1.0"})
    assert Site.objects.get(pk=here.north.pk).slow_until is None


def test_routing_server_is_asked_where_one_is_set(settings: Settings) -> None:
    assert isinstance(travel(1.0), ByFactors)
    settings.ROUTING_URL = "http://127.0.0.1:9"
    assert travel(2.0) == ByRouting("http://127.0.0.1:9", ByFactors(SPEED, 2.0, overhead=OVERHEAD))


def test_desk_says_roads_and_nothing_else(cast: Cast) -> None:
    mobile(cast)
    with pytest.raises(ProgrammingError), viewing(cast.viewer("lou")):
        connection.cursor().execute("UPDATE callouts_site SET towns = '{}'")
