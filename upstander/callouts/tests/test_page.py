"""A callout's page shows no more to fill in than its step needs."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.callouts.tests.setup import asked, going, mobile

pytestmark = pytest.mark.django_db


def test_entry_of_the_rail_is_for_who_goes_or_asked(cast: Cast) -> None:
    entry = 'href="/callouts"'
    alice = cast.client("alice")
    assert entry not in alice.get("/queue").content.decode()
    here = mobile(cast)
    assert entry not in alice.get("/queue").content.decode(), "another center goes out"
    assert entry in cast.client("lou").get("/people/me/").content.decode()
    asked(here, "alice", way="tip")
    assert entry in alice.get("/queue").content.decode()


def test_presses_ask_only_what_they_need(cast: Cast) -> None:
    here = mobile(cast)
    page = cast.client("lou").get(f"/callouts/{asked(here)}").content.decode()
    assert page.count('name="until"') == 1, "of a planned visit alone"
    assert 'name="minutes"' not in page
    page = cast.client("mia").get(f"/callouts/{going(here)}").content.decode()
    assert page.count('name="minutes"') == 1
    assert 'name="until"' not in page
