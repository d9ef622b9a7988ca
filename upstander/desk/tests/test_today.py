"""Who has no queue and no team begins at what waits for them, and sees nothing of others'."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest

from conftest import Cast
from upstander.desk.context import entries
from upstander.mandated.actions.confirming import all_facts, confirm_fact
from upstander.mandated.leaving import actions as leaving
from upstander.mandated.tests.test_duties import offices, right_now, suspect
from upstander.mandated.tests.test_leaving import REASON
from upstander.people.scope import viewing
from upstander.people.tests.monitor import monitor
from upstander.plug import Group

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["sol", "bo", "cleo", "hana", "tess"])
def test_it_is_their_home(cast: Cast, name: str) -> None:
    offices(cast)
    client = cast.client(name)
    assert client.get("/")["Location"] == "/today"
    page = client.get("/today").content.decode()
    # Here no school has anybody on call: who answers for them reads that first.
    waits = "Nobody can be rung now" if name == "sol" else "Nothing is waiting for you"
    assert waits in page
    assert 'href="/duties"' in page


def test_who_has_a_queue_or_a_team_begins_there(cast: Cast) -> None:
    assert cast.client("alice").get("/")["Location"] == "/queue"
    assert cast.client("tom").get("/")["Location"] == "/team"
    assert cast.client("dee").get("/")["Location"] == "/district"
    assert cast.client("alice").get("/today").status_code == 403


def test_each_line_begins_as_a_line_does(cast: Cast) -> None:
    offices(cast)
    suspect(cast)
    page = cast.client("tess").get("/today").content.decode()
    assert ">First report due</a>" in page


def test_an_administrator_begins_at_the_rules_nobody_compared(cast: Cast) -> None:
    client = cast.client("ada")
    assert client.get("/")["Location"] == "/today"
    with viewing(cast.viewer("ada")):
        unread = [fact for fact in all_facts() if not fact.confirmed]
    page = client.get("/today").content.decode()
    assert f"Compare {len(unread)} rules with the law" in page.split('id="begin"')[0]
    assert 'href="/rules"' in page
    first = unread[0]
    confirm_fact(cast.viewer("ada"), first.rule_set, first.key, first.digest, stands=True)
    assert f"Compare {len(unread) - 1} rules" in client.get("/today").content.decode()
    assert "with the law" not in cast.client("tom").get("/today").content.decode()


@pytest.mark.parametrize("name", ["ada", "sol", "bo", "cleo", "hana", "tess", "tom", "tara", "dee"])
def test_each_page_that_it_leads_to_says_what_it_shows(cast: Cast, name: str) -> None:
    offices(cast)
    viewer = cast.viewer(name)
    page = unescape(cast.client(name).get("/today").content.decode())
    led = page.split('id="begin"')[1]
    for item in entries(viewer):
        if item.group is not Group.ME and item.path != "/today":
            assert item.shows, item.path
            assert str(item.shows) in led


def test_the_law_s_next_step_leads_and_is_nobody_else_s(cast: Cast) -> None:
    offices(cast)
    duty = suspect(cast, cause_at=right_now() - timedelta(hours=14))
    soon = suspect(cast)
    page = cast.client("tess").get("/today").content.decode()
    first, then = page.split('id="then"')
    assert f"/duties/{duty}" in first
    assert "Late" in first
    assert f"/duties/{soon}" in then
    assert "1 report is past its time" in cast.client("sol").get("/today").content.decode()
    for name in ("sol", "bo", "tom"):
        assert str(duty) not in cast.client(name).get("/today").content.decode()


@pytest.mark.parametrize("who", ["sol", "hana"])
def test_whom_it_is_about_reads_nothing_of_a_deactivation(cast: Cast, who: str) -> None:
    offices(cast)
    suspect(cast, who)
    leaving.ask_shutting(cast.viewer("ada"), cast.people[who].pk, REASON)
    told = f"deactivate {cast.people[who].name}"
    assert told not in cast.client(who).get("/today").content.decode()
    assert told in cast.client("cleo").get("/today").content.decode()


def test_monitor_begins_at_figures_and_is_led_to_checkpoints(cast: Cast) -> None:
    monitor(cast)
    client = cast.client("moni")
    assert client.get("/")["Location"] == "/monitor"
    assert 'href="/record/sealing"' in client.get("/monitor").content.decode()
    assert client.get("/today").status_code == 403
