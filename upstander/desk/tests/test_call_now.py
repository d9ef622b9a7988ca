"""What runs late says whom to call: who is on call, by name, and the center's own line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from conftest import Cast
from upstander.base.moment import database_second
from upstander.desk.call_now import call_now
from upstander.desk.context import _call_now
from upstander.watch.models import Trouble

LINE = "(555) 010-0177"


def late(seconds: int) -> None:
    since = database_second() - timedelta(seconds=seconds)
    Trouble.objects.create(kind="queue", about="pages", since=since)


def test_whom_to_call_stands_beside_it_once_it_has_lasted(cast: Cast) -> None:
    cast.center.callback_phone = LINE
    cast.center.save()
    alice, number = cast.client("alice"), f'href="tel:{LINE}"'
    assert number not in alice.get("/queue").content.decode(), "nothing is wrong"
    late(30)
    page = alice.get("/queue").content.decode()
    assert "call them yourself" not in page, "it may catch up"
    Trouble.objects.update(since=database_second() - timedelta(seconds=61))
    page = alice.get("/queue").content.decode()
    assert "call them yourself" in page
    assert number in page
    assert f"On call now: {', '.join(call_now(cast.viewer('alice')).people)}" in page


def test_a_page_made_within_a_change_stands_without_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A district's page is made as its reader: nobody looks as somebody within that again."""
    monkeypatch.setattr(settings, "VIEWING_ALIAS", "viewing")
    assert _call_now(cast.viewer("alice")) is None


@pytest.mark.parametrize(
    ("name", "mates"),
    [("alice", {"bea", "sam"}), ("tom", {"tara", "uma"}), ("bea", {"alice", "sam"})],
)
def test_nobody_is_told_to_call_themselves_or_another_team(
    cast: Cast, name: str, mates: set[str]
) -> None:
    told = call_now(cast.viewer(name))
    assert {*told.people} == {cast.people[one].name for one in mates}
    assert told.line == cast.center.callback_phone
