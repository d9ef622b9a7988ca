"""An app plugs in by its manifest alone, and one that doesn't fit keeps the system from starting.

The app is ``lantern``, beside this file; nothing of the project names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings

from conftest import Cast
from tests.plugging.lantern import manifest as lantern
from tests.plugging.lantern import sweeps
from tests.plugging.lantern.rights import LanternRight
from upstander.config.checking import faults, faults_of_addresses, faults_of_code
from upstander.config.mounting import mounted
from upstander.config.sweeps import lanes
from upstander.people.permissions import Permission, Right
from upstander.people.roles import Role
from upstander.plug import Act, Column, Group, Manifest, Mount, NavItem, Sweep, Table, gives
from upstander.tips import reporter
from upstander.triage.actions.work import claim_tip
from upstander.watch import manifest as watch

INSTALLED = [*settings.INSTALLED_APPS[:-1], "tests.plugging.lantern", settings.INSTALLED_APPS[-1]]


@contextmanager
def plugged_in() -> Iterator[Any]:
    """Start with the app among the installed ones, as a new process would; gives the URLconf."""
    with override_settings(INSTALLED_APPS=INSTALLED):
        urlconf: Any = ModuleType("urls_with_lantern")
        urlconf.urlpatterns = mounted("desk")
        with override_settings(ROOT_URLCONF=urlconf):
            yield urlconf


def a_claimed_tip(cast: Cast) -> str:
    tip = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="Made up.",
            language="en",
            tile="attack",
            answers={"when": "now"},
            school_id=cast.cedar.pk,
        )
    )
    claim_tip(cast.viewer("alice"), tip.tip_id)
    return str(tip.tip_id)


def test_all_that_is_installed_fits() -> None:
    assert faults() == []
    assert faults_of_code("test") == []
    assert faults_of_addresses("upstander.config.urls_desk", rail=True) == []
    assert faults_of_addresses("upstander.config.urls_public") == []


def test_its_page_is_in_the_rail_and_closed_to_all_but_its_roles(cast: Cast) -> None:
    with plugged_in():
        page = cast.client("alice").get("/lanterns")
        assert page.status_code == 200
        assert "Lit" in page.text
        assert re.search(r'href="/lanterns"[^>]*>.*?Lanterns', page.text, re.DOTALL)
        for name in ("sam", "tara", "dee", "ada"):
            assert cast.client(name).get("/lanterns").status_code == 403, name
        assert "/lanterns" not in cast.client("tara").get("/team").text
        stranger = Client(HTTP_HOST="localhost").get("/lanterns")
        assert stranger.headers["Location"].startswith("/account/login/")
    assert cast.client("alice").get("/lanterns").status_code == 404


def test_its_panel_is_on_the_tips_page_and_in_what_an_open_page_gets_anew(cast: Cast) -> None:
    tip = a_claimed_tip(cast)
    with plugged_in():
        for address in (f"/tips/{tip}", f"/tips/{tip}/parts"):
            assert "Burns for Alice." in cast.client("alice").get(address).text, address
    assert "Burns for" not in cast.client("alice").get(f"/tips/{tip}").text


def test_a_panel_that_asks_for_a_right_is_hidden_from_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = a_claimed_tip(cast)
    panel = replace(lantern.MANIFEST.panels[0], permission=LanternRight.LIGHT)
    monkeypatch.setattr(lantern, "MANIFEST", replace(lantern.MANIFEST, panels=(panel,)))
    with plugged_in():
        assert "Burns for" in cast.client("alice").get(f"/tips/{tip}").text
        assert "Burns for" not in cast.client("sam").get(f"/tips/{tip}").text


def test_its_sweep_is_the_workers_from_then_on() -> None:
    before = lanes()
    with plugged_in():
        assert lanes()["rest"] == [*before["rest"], sweeps.sweep_oil]
    assert lanes() == before


class _Theirs(Right):
    NOBODYS = "not declared by anybody"


RAIL, PANEL = lantern.MANIFEST.rail[0], lantern.MANIFEST.panels[0]
BROKEN: dict[str, Manifest] = {
    "two entries of the rail have one place": Manifest(rail=(replace(RAIL, order=10),)),
    "lead to one page: /queue": Manifest(rail=(replace(RAIL, path="/queue"),)),
    "asks for an unknown permission": Manifest(rail=(replace(RAIL, permission=_Theirs.NOBODYS),)),
    "needs a path like /drills": Manifest(rail=(replace(RAIL, path="lanterns/"),)),
    "in a lane that there is not: fast": Manifest(sweeps=(Sweep("fast", 1, "sweeps.sweep_oil"),)),
    "a sweep is named twice": Manifest(
        sweeps=(Sweep("rest", 500, "sweeps.sweep_oil"), Sweep("rest", 510, "sweeps.sweep_oil"))
    ),
    "two sweeps of a lane have one turn: rest, 10": Manifest(
        sweeps=(Sweep("rest", 10, "sweeps.sweep_oil"),)
    ),
    "sweeps.sweep_water can't be found": Manifest(sweeps=(Sweep("rest", 9, "sweeps.sweep_water"),)),
    "water.sweep can't be found": Manifest(sweeps=(Sweep("rest", 500, "water.sweep"),)),
    "a page that has no panels: queue": Manifest(panels=(replace(PANEL, slot="queue.side"),)),
    "a part that the page has not: tip.left": Manifest(panels=(replace(PANEL, slot="tip.left"),)),
    "an act of the record is declared twice: tip opened": Manifest(acts=(Act("tip opened"),)),
    "two panels have one place: tip.side, 10": Manifest(panels=(replace(PANEL, order=10),)),
    "two panels of a page have one name": Manifest(
        panels=(PANEL, replace(PANEL, order=510)),
    ),
    "there is no template lantern/none.html": Manifest(
        panels=(replace(PANEL, template="lantern/none.html"),)
    ),
    "must be like account/: /lanterns": Manifest(mounts=(Mount("desk", "urls", "/lanterns"),)),
    "must be a Right of the app's own": Manifest(
        permissions={Permission.WORK_TIPS: frozenset({Role.MONITOR})}
    ),
    "needs roles of people/roles.py": Manifest(permissions={LanternRight.LIGHT: frozenset()}),
    "a table is described that there is not: lantern_oil": Manifest(
        tables=(Table("lantern_oil", "tip", (Column("id", "random"),)),)
    ),
}


@pytest.mark.parametrize("words", BROKEN)
def test_a_broken_manifest_is_refused_at_start_in_plain_words(
    words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lantern, "MANIFEST", BROKEN[words])
    with pytest.raises(ImproperlyConfigured, match=re.escape(words)) as refused, plugged_in():
        pass
    assert "lantern" in str(refused.value), "it says whose it is"
    assert faults() == [], "nothing is left of it"


TABLES = watch.MANIFEST.tables


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        (TABLES[1:], f"no retention rule and no line of the threat model: {TABLES[0].name}"),
        ((replace(TABLES[0], goes=""), *TABLES[1:]), "has no retention rule: watch_beat"),
        ((replace(TABLES[0], clear=()), *TABLES[1:]), "watch_beat.at stands in clear, and nothing"),
        (
            (replace(TABLES[0], clear=(*TABLES[0].clear, Column("name", "x"))), *TABLES[1:]),
            "watch_beat.name is no column that stands in clear",
        ),
        ((*TABLES, TABLES[0]), "a table is described twice: watch_beat"),
    ],
)
def test_a_table_of_which_an_app_says_nothing_is_refused(
    tables: tuple[Table, ...], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "MANIFEST", replace(watch.MANIFEST, tables=tables))
    with pytest.raises(ImproperlyConfigured, match=re.escape(words)), plugged_in():
        pass


def test_an_address_that_is_mounted_twice_and_a_rail_that_leads_nowhere_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = Manifest(
        rail=(NavItem(Group.ME, 296, "Oil", "/oil", "bell", Permission.SEE_HOME),),
        mounts=(Mount("desk", "urls"), Mount("desk", "urls")),
    )
    monkeypatch.setattr(lantern, "MANIFEST", broken)
    with plugged_in() as urlconf:
        found = faults_of_addresses(urlconf, rail=True)
    assert found == ["an address is mounted twice: /lanterns", "the rail leads nowhere: /oil"]


def test_two_panels_that_give_the_page_one_word_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.plugging.lantern.panels.lantern", gives("row")(lambda _: {"row": 1}))
    with (
        pytest.raises(ImproperlyConfigured, match=r"panels\.lantern and .*head: row"),
        plugged_in(),
    ):
        pass
