"""Whoever judges by the duties' ledger reads there that the record isn't as it was sealed."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.base.moment import database_now
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.people.tests.monitor import monitor
from upstander.watch.models import Trouble

pytestmark = pytest.mark.django_db

SAYS = "entries or rows were changed by hand"


@pytest.mark.parametrize(("who", "page"), [("cleo", "/ledger"), ("moni", "/monitor")])
def test_what_was_changed_past_the_desk_is_said_at_the_head_of_the_ledger(
    cast: Cast, who: str, page: str
) -> None:
    offices(cast)
    monitor(cast)
    suspect(cast)
    assert SAYS not in cast.client(who).get(page).content.decode()
    now = database_now()
    Trouble.objects.create(kind=Trouble.Kind.RECORD, about="changed", since=now)
    Trouble.objects.create(kind=Trouble.Kind.PROVIDER, about="Texts", since=now)
    shown = cast.client(who).get(page).content.decode()
    assert SAYS in shown
    # Nor machines, nor a page that they may not see.
    assert ("may not arrive" in shown) == ("/status" in shown)
    assert who != "moni" or "/status" not in shown
