"""A place in words that came after the street was written down is not passed over."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from conftest import Cast
from upstander.emergency.actions.help import save_sheet
from upstander.emergency.models import Sheet
from upstander.emergency.sheet import NOT_WRITTEN_DOWN, WRITTEN_SINCE, WRITTEN_SINCE_TO_US, Told
from upstander.emergency.tests.test_newer_answers import filed
from upstander.emergency.tests.test_one_truth import (
    STREET,
    cedar,
    get,
    said_everywhere,
    taken,
    tell,
)
from upstander.escalations.tests.alerts import Carrier, Clock
from upstander.tips import reporter

__all__ = ["cedar"]

MOVED = "she left. shes on the bridge by Mill Road now"
PIECE = "shes on the bridge by Mill Road now"
NOTICE = "They have written since"


def moved(cast: Cast, clock: Clock, words: str = MOVED) -> UUID:
    """File a tip with a street, claim it, and have the child write something later."""
    tip_id, session = filed(cast, "suicide", place=STREET, when="now")
    taken(cast, tip_id)
    clock.move(8)
    reporter.add_message(session, words)
    return tip_id


def test_newer_words_stand_beside_the_street(cast: Cast, carrier: Carrier, clock: Clock) -> None:
    tip_id = moved(cast, clock)
    for address in (f"/tips/{tip_id}", f"/tips/{tip_id}/911"):
        page = get(cast, address).content.decode()
        assert NOTICE in page, address
        assert f'dir="auto">{MOVED}</blockquote>' in page, address
        assert WRITTEN_SINCE_TO_US in page, address
        assert STREET in page, address


def test_what_leaves_the_desk_says_that_there_is_more_and_quotes_nothing(
    cast: Cast, carrier: Carrier, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip_id = moved(cast, clock)
    found = said_everywhere(cast, tip_id, monkeypatch)
    for where in ("paper", "hand-off", "brief"):
        assert WRITTEN_SINCE in found[where], where
    for where in ("paper", "brief"):
        assert "Mill Road" not in found[where], where
    (brief,) = re.findall(r'<textarea[^>]*name="facts".*?</textarea>', found["hand-off"], re.DOTALL)
    assert WRITTEN_SINCE in brief
    assert "Mill Road" not in brief


def test_a_person_takes_it_by_one_press_and_both_places_are_said(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id = moved(cast, clock)
    client = cast.client("alice")
    client.post(f"/tips/{tip_id}/911/place", {"street": PIECE, "read": "2"})
    page = get(cast, f"/tips/{tip_id}/911").content.decode()
    assert f"{PIECE}. The reporter wrote: {STREET}" in page
    assert NOTICE not in page


def test_a_person_says_that_the_place_stands(cast: Cast, carrier: Carrier, clock: Clock) -> None:
    tip_id = moved(cast, clock, "she hates the gym teacher")
    client = cast.client("alice")
    assert NOTICE in get(cast, f"/tips/{tip_id}").content.decode()
    client.post(f"/tips/{tip_id}/911/place", {"street": STREET, "read": "2"})
    page = get(cast, f"/tips/{tip_id}/911").content.decode()
    assert NOTICE not in page
    assert WRITTEN_SINCE_TO_US not in page
    assert page.count(STREET) >= 1
    assert "a counselor looked again, not verified" in page


def test_that_they_left_is_shown_beside_the_street_and_says_no_place_alone(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    page = get(cast, f"/tips/{moved(cast, clock, 'she left')}").content.decode()
    assert NOTICE in page
    assert 'dir="auto">she left</blockquote>' in page
    tip_id = tell(cast, text="she left and told me all")
    taken(cast, tip_id)
    page = get(cast, f"/tips/{tip_id}").content.decode()
    assert "No place recorded. Check what they wrote" in page


def test_last_three_newer_messages_stand_whatever_they_say(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, session = filed(cast, "suicide", place=STREET, when="now")
    taken(cast, tip_id)
    for said in ("first", "second", "third", "fourth"):
        clock.move(5)
        reporter.add_message(session, said)
    page = get(cast, f"/tips/{tip_id}").content.decode()
    notice = page[page.index(NOTICE) :]
    found = re.findall(r'dir="auto">(first|second|third|fourth)</blockquote>', notice)
    assert found == ["fourth", "third", "second"]
    client = cast.client("alice")
    client.post(f"/tips/{tip_id}/911/place", {"street": STREET, "read": "5"})
    assert NOTICE not in get(cast, f"/tips/{tip_id}").content.decode()


def test_what_came_while_a_person_wrote_the_place_down_is_not_taken_as_read(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    # The page had one turn of theirs; the second was written while it stood open.
    client = cast.client("alice")
    tip_id = moved(cast, clock)
    for path in ("place", "sheet"):
        client.post(f"/tips/{tip_id}/911/{path}", {"street": f"7 Fern Row, {path}", "read": "1"})
        assert NOTICE in get(cast, f"/tips/{tip_id}").content.decode(), path
    client.post(f"/tips/{tip_id}/911/sheet", {"street": "7 Fern Row", "read": "2"})
    assert NOTICE not in get(cast, f"/tips/{tip_id}").content.decode()


def test_words_from_before_the_street_was_written_ask_nothing(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, session = filed(cast, "suicide", when="now")
    opened = taken(cast, tip_id)
    reporter.add_message(session, "she is in the gym")
    clock.move(8)
    save_sheet(opened, {"street": "The gym"})
    page = get(cast, f"/tips/{tip_id}").content.decode()
    assert NOTICE not in page
    assert Sheet.objects.filter(tip_id=tip_id).exists()


def test_where_there_are_words_nobody_says_that_nobody_gave_a_place(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip_id = tell(cast, text="zimtstern told me everything and i am scared")
    taken(cast, tip_id)
    for address in (f"/tips/{tip_id}", f"/tips/{tip_id}/911"):
        page = get(cast, address).content.decode()
        assert "No place was given" not in page
        assert "No place recorded. Check what they wrote" in page
        assert "PLACE NOT KNOWN: look in their words" in page
    for where, text in said_everywhere(cast, tip_id, monkeypatch).items():
        if where in ("paper", "hand-off"):
            assert NOT_WRITTEN_DOWN in text, where


def test_words_of_the_very_second_in_which_a_place_is_written_down_are_newer(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    # What a reporter writes is kept to the second, and the counselor's press to a part of it.
    tip_id, session = filed(cast, "suicide", place="", when="now")
    taken(cast, tip_id)
    client = cast.client("alice")
    clock.move(5)
    client.post(f"/tips/{tip_id}/911/place", {"street": STREET, "read": "1"})
    reporter.add_message(session, MOVED)
    for address in (f"/tips/{tip_id}", f"/tips/{tip_id}/911"):
        assert NOTICE in get(cast, address).content.decode(), address


def test_words_of_the_second_of_an_assessment_are_newer() -> None:
    second = datetime(2026, 11, 27, 9, tzinfo=UTC)
    at = second.replace(microsecond=400_000)
    assert Told("assessed", at).is_before(second)
    assert not Told("assessed", at).is_before(second - timedelta(seconds=1))
    # Their own answer came with their words.
    assert not Told("reporter", second).is_before(second)
    assert Told("typed", at, 1).is_before(second, 2)
    assert not Told("typed", at, 2).is_before(second, 2)


def test_a_sheet_that_stood_open_writes_no_older_line_over_a_newer_one(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, _ = filed(cast, "suicide", place=STREET, when="now")
    taken(cast, tip_id)
    client = cast.client("alice")
    stood = get(cast, f"/tips/{tip_id}/911").content.decode()
    had = dict(re.findall(r'name="was_(\w+)" value="([^"]*)"', stood))
    assert had["street"] == STREET
    clock.move(20)
    client.post(f"/tips/{tip_id}/911/place", {"street": "The bridge by Mill Road", "read": "1"})
    clock.move(20)
    sent = {key: value for key, value in had.items() if key != "now"} | {"entrance": "South door"}
    sent |= {f"was_{key}": value for key, value in had.items()}
    client.post(f"/tips/{tip_id}/911/sheet", {**sent, "read": "1"})
    kept = get(cast, f"/tips/{tip_id}/911").content.decode()
    assert "The bridge by Mill Road" in kept
    assert "South door" in kept
