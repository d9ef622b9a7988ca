"""Quick replies fit the door: a phone has no page to stay on, and no seven words."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.desk.tests.tips import a_tip
from upstander.tips.models import Tip
from upstander.triage.protocol import _OF_WEB, REPLIES

OF_WEB = ("stay on this page", "Keep your seven words")


@pytest.mark.parametrize(("channel", "offered"), [("web", True), ("sms", False), ("voice", False)])
def test_replies_fit_the_door(cast: Cast, channel: str, offered: bool) -> None:
    filed = a_tip(cast)
    Tip.objects.filter(pk=filed.tip_id).update(channel=channel)
    page = cast.client("alice").get(f"/tips/{filed.tip_id}").content.decode()
    assert [words in page for words in OF_WEB] == [offered, offered]
    kept = {(one.group, one.stage, one.key) for one in REPLIES} - _OF_WEB
    said = [one.text("en") for one in REPLIES if (one.group, one.stage, one.key) in kept]
    assert not [one for one in said if "seven words" in one or "this page" in one]
    assert "Take your time. Short answers are fine." in page
