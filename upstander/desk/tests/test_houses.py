"""Everybody's rail and home are what their team is for, and lead to no page of another's work."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from conftest import Cast
from upstander.callouts.tests.setup import mobile
from upstander.desk.context import FULL, entries
from upstander.helplines.tests.setup import agency, legal_office
from upstander.mandated.tests.test_duties import offices
from upstander.people import factories
from upstander.people.roles import Role, TeamKind
from upstander.people.tests.monitor import monitor
from upstander.places.models import Center, District

pytestmark = pytest.mark.django_db

#: Who, where they land, and what their rail begins with.
HOMES = {
    "alice": "/queue",
    "sam": "/queue",
    "mia": "/callouts",
    "wren": "/clients",
    "ines": "/clients",
    "nell": "/clients",
    "hal": "/contacts",
    "tom": "/team",
    "tara": "/team",
    "dee": "/district",
    "ada": "/today",
    "otto": "/police",
    "hana": "/today",
    "cleo": "/today",
    "sol": "/today",
    "bo": "/today",
    "tess": "/today",
    "moni": "/monitor",
}
#: What a page says that is another's.
NOT_THEIRS = ("Your center is no agency of advocates", "No team of your center goes out")


@pytest.fixture
def everybody(cast: Cast) -> Cast:
    """The cast with an office, a monitor, mobile crisis, advocates, legal aid and a helpline."""
    offices(cast)
    monitor(cast)
    mobile(cast)
    agency(cast)
    legal_office(cast)
    center = Center.objects.create(name="Grove Helpline", slug="grove")
    District.objects.create(center=center, name="Grove Helpline", slug="grove", state="us-ct")
    team = factories.make_team(TeamKind.CENTER, "Grove", cast.keys, center=center)
    cast.people["hal"] = factories.make_person("Hal", cast.keys)
    factories.join(cast.people["hal"], team, Role.COUNSELOR, cast.keys)
    return cast


@pytest.mark.parametrize("name", HOMES)
def test_house_is_what_the_team_is_for(everybody: Cast, name: str) -> None:
    client = everybody.client(name)
    assert client.get("/")["Location"] == HOMES[name]
    page = BeautifulSoup(client.get(HOMES[name]).content, "html.parser")
    rail = [str(one["href"]) for one in page.select(".rail nav a")]
    assert rail[0] == HOMES[name]
    assert len(rail) <= FULL
    more = BeautifulSoup(client.get("/more").content, "html.parser").select("main a")
    others = [str(one["href"]) for one in more] if "/more" in rail else []
    every = [item.path for item in entries(everybody.viewer(name))]
    assert sorted({*rail, *others} - {"/more"}) == sorted(every)
    for path in every:
        answer = client.get(path, follow=True)
        assert answer.status_code == 200, path
        assert not [words for words in NOT_THEIRS if words in answer.content.decode()], path


def test_supervisor_of_another_house_has_no_queue(everybody: Cast) -> None:
    theirs = {item.path for item in entries(everybody.viewer("ines"))}
    assert not theirs & {"/queue", "/queue/mine", "/supervisor", "/callouts", "/take-down"}
    assert {"/clients", "/volunteers"} <= theirs


def test_house_of_a_center_that_took_a_tip_has_a_queue(everybody: Cast) -> None:
    District.objects.filter(slug="grove").update(catch_all=True)
    assert everybody.client("hal").get("/")["Location"] == "/queue"
