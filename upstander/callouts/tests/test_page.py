"""A callout's page shows no more to fill in than its step needs."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.callouts.models import Callout
from upstander.callouts.tests.setup import asked, going, mobile
from upstander.cases.actions.support import add_action
from upstander.cases.tests.story import begin, opened

pytestmark = pytest.mark.django_db


def test_presses_ask_only_what_they_need(cast: Cast) -> None:
    here = mobile(cast)
    page = cast.client("lou").get(f"/callouts/{asked(here)}").content.decode()
    assert page.count('name="until"') == 1, "of a planned visit alone"
    assert 'name="minutes"' not in page
    page = cast.client("mia").get(f"/callouts/{going(here)}").content.decode()
    assert page.count('name="minutes"') == 1
    assert 'name="until"' not in page


def test_case_action_leads_to_asking(cast: Cast) -> None:
    case = begin(cast, "tara")
    add_action(opened(cast, "tara", case), "mobile_crisis")
    tara, ask = cast.client("tara"), f"/callouts/new?case={case}"
    assert ask not in tara.get(f"/cases/{case}").content.decode(), "nobody goes out yet"
    mobile(cast)
    assert tara.get(f"/cases/{case}").content.decode().count(ask) == 2, "action and panel"
    sent = {"danger": "no", "where": "Room 2", "story": "Cries.", "language": "en"}
    town = f"{cast.teams['north'].pk}:Alder"
    assert tara.post(ask, {**sent, "town": town}).status_code == 302
    one = Callout.objects.get()
    assert (one.way, one.subject_id) == ("case", case)
    page = tara.get(f"/cases/{case}").content.decode()
    assert page.count(f"{one.reference}: waits for triage") == 2
