"""What an unread tip's row says of whom and of the place: also what was answered after sending."""

from __future__ import annotations

from conftest import Cast
from upstander.desk.live_rows import render_rows
from upstander.desk.tests.tips import a_tip
from upstander.tips import reporter
from upstander.tips.models import Unread

HER_HOUSE = {"place": "her house, 14 Elm Street"}


def test_row_marks_follow_a_later_place(cast: Cast) -> None:
    filed = a_tip(cast, answers={"who": "someone"})
    client = cast.client("alice")
    assert "someone else, no place" in client.get("/queue").content.decode()
    reporter.add_answers(filed.session_token, HER_HOUSE)
    assert "someone else, place given" in client.get("/queue").content.decode()
    live = render_rows(cast.viewer("alice"), [filed.tip_id])[filed.tip_id]
    assert "someone else, place given" in live
    # What is answered next takes nothing of it away.
    reporter.add_answers(filed.session_token, {"when": "soon"})
    assert "someone else, place given" in client.get("/queue").content.decode()


def test_row_marks_follow_a_later_person(cast: Cast) -> None:
    filed = a_tip(cast, answers={"who": "group"})
    reporter.add_answers(filed.session_token, {"who": "me"})
    page = cast.client("alice").get("/queue").content.decode()
    assert "themselves, no place" in page
    assert "a group or school" not in page


def test_row_marks_stay_away_once_read(cast: Cast) -> None:
    filed = a_tip(cast, answers={"who": "someone"})
    cast.client("alice").get(f"/tips/{filed.tip_id}")
    reporter.add_answers(filed.session_token, HER_HOUSE)
    assert not Unread.objects.exists()
