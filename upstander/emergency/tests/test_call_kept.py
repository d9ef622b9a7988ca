"""A call that was made is kept, whatever was ticked, typed or left out: flagged, never refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup

from conftest import Cast
from upstander.emergency.actions.help import WORDS_LIMIT, confirm_help, record_call
from upstander.emergency.forms import CallForm
from upstander.emergency.models import Call
from upstander.emergency.tests.story import claimed
from upstander.emergency.tests.test_read_then_call import to_decide
from upstander.escalations.tests.alerts import Carrier, work
from upstander.tips.opening import OpenTip

ZONE = ZoneInfo("America/New_York")


def called(cast: Cast, opened: OpenTip, **sent: str) -> tuple[Call, str]:
    """Send the form as a browser does; return the call and the page that follows."""
    path = f"/tips/{opened.tip.pk}/911/call"
    answer = cast.client("alice").post(path, sent, follow=True)
    assert answer.status_code == 200, sent
    return Call.objects.get(tip_id=opened.tip.pk), answer.content.decode()


def test_an_empty_call_is_refused_at_the_top_with_a_link(cast: Cast) -> None:
    opened = claimed(cast)
    path = f"/tips/{opened.tip.pk}/911/call"
    page = cast.client("alice").post(path, {}).content.decode()
    assert not Call.objects.exists()
    summary = page.index("data-summary")
    assert "Not saved: your call is not recorded yet." in page[summary:]
    assert summary < page.index("<h1")
    for at in re.findall(r'<a href="#([^"]+)"', page[summary : page.index("<h1")]):
        assert f'id="{at}"' in page


@pytest.mark.parametrize("line", ["911", "psap", "police", "other"])
@pytest.mark.parametrize("police", ["", "perhaps"])
def test_what_was_asked_for_may_be_left_open(cast: Cast, line: str, police: str) -> None:
    call, page = called(cast, claimed(cast), line=line, police=police)
    assert call.flagged
    if line == "police":
        # Whoever phoned the police asked for police.
        assert call.police is True
        return
    assert call.police is None
    done = page[page.index('id="done"') :]
    assert "what was asked for is not recorded" in done
    assert "medical help only" not in done
    assert "police requested" not in done


def test_what_was_asked_for_is_said_to_nobody_who_does_not_know_it(cast: Cast) -> None:
    from upstander.emergency.tests.story import handed  # noqa: PLC0415

    opened = claimed(cast)
    handed(cast, opened, "cedar")
    called(cast, opened, line="911", police="")
    team = cast.client("tom").get(f"/team/{opened.tip.pk}").content.decode()
    tip = cast.client("alice").get(f"/tips/{opened.tip.pk}").content.decode()
    sheet = cast.client("alice").get(f"/tips/{opened.tip.pk}/911").content.decode()
    for page in (team, tip, sheet):
        assert "what was asked for is not recorded" in page
    # Help is asked after all the same.
    assert "Has help arrived?" in sheet


def test_an_empty_press_is_no_call(cast: Cast) -> None:
    """Nothing is chosen beforehand, so a press on the form as it comes says nothing."""
    opened, client = claimed(cast), cast.client("alice")
    page = BeautifulSoup(client.get(f"/tips/{opened.tip.pk}/911").content, "html.parser")
    form = page.select_one("#call form")
    assert form is not None
    sent = {
        str(one["name"]): str(one.get("value", ""))
        for one in form.select("input:not([type=checkbox])")
    }
    for choice in form.select("select"):
        chosen = choice.select_one("option[selected]") or choice.select_one("option")
        sent[str(choice["name"])] = str(chosen["value"]) if chosen else ""
    answer = client.post(f"/tips/{opened.tip.pk}/911/call", sent)
    assert answer.status_code == 422
    assert "say whom you called" in answer.content.decode()
    assert not Call.objects.exists()
    # Its strip has a shape of its own: the queue's bar of one line would burst.
    called(cast, opened, line="911")
    after = BeautifulSoup(client.get(f"/tips/{opened.tip.pk}/911").content, "html.parser")
    strip = after.select_one("#arrived")
    assert strip is not None
    assert strip["class"] == ["help-there"]


SLIPS: list[dict[str, str]] = [
    {"at": "when I came in"},
    {"at": "25:99"},
    {"confirm_after": "7"},
    {"confirm_after": "soon"},
    {"line": ""},
    {"line": "the neighbors"},
    {"dispatcher": "d" * 130, "incident": "i" * 90},
    {"said": "s" * (WORDS_LIMIT + 40)},
    {"why": "w" * (WORDS_LIMIT + 40), "danger_now": "on"},
    {"dispatcher": "a\x00b"},
]


@pytest.mark.parametrize("slip", SLIPS, ids="-".join)
def test_no_slip_of_the_hand_loses_it(cast: Cast, slip: dict[str, str]) -> None:
    call, page = called(cast, claimed(cast), **{"line": "911", "police": "no"} | slip)
    assert abs(call.called_at - call.at) < timedelta(minutes=1)
    if "at" in slip:
        assert call.flagged
        assert f"“{slip['at']}” could not be read as a time" in page
    if "dispatcher" in slip:
        assert slip["dispatcher"].replace("\x00", "") in page


@pytest.mark.parametrize("typed", ["9am", "9 AM", "9:00 a.m.", "09:00", "9:00 am"])
def test_a_time_is_read_as_people_write_it(typed: str) -> None:
    form = CallForm({"line": "911", "police": "no", "at": typed})
    assert form.is_valid()
    facts: dict[str, Any] = form.facts(datetime(2026, 10, 4, 14, 3, tzinfo=UTC), ZONE)
    assert facts["called_at"] == datetime(2026, 10, 4, 13, 0, tzinfo=UTC)
    assert facts["at_typed"] == ""


def test_a_time_of_day_that_has_not_come_is_no_call_of_yesterday(cast: Cast) -> None:
    form = CallForm({"line": "911", "police": "no", "at": "23:59"})
    assert form.is_valid()
    # At 17:10: the team would read "called 911 17 hours ago".
    facts = form.facts(datetime(2026, 10, 4, 21, 10, tzinfo=UTC), ZONE)
    assert (facts["called_at"], facts["at_typed"]) == (None, "23:59")
    # Shortly after midnight it was yesterday.
    facts = form.facts(datetime(2026, 10, 4, 4, 3, tzinfo=UTC), ZONE)
    assert facts["called_at"] == datetime(2026, 10, 4, 3, 59, tzinfo=UTC)


def test_a_time_that_has_not_come_is_kept_with_the_time_of_writing(cast: Cast) -> None:
    opened = claimed(cast)
    call = record_call(
        opened,
        {},
        line=Call.Line.E911,
        police=False,
        danger_now=False,
        called_at=opened.at + timedelta(hours=2),
    )
    assert call.flagged
    assert call.called_at == call.at


def test_lines_of_the_sheet_that_are_too_long_are_cut_for_it(cast: Cast) -> None:
    opened = claimed(cast)
    call = record_call(
        opened, {"street": "y" * 900}, line=Call.Line.E911, police=False, danger_now=False
    )
    assert call.sheet_number == 1


def test_that_help_has_not_come_is_kept_however_long_the_words(cast: Cast) -> None:
    opened = claimed(cast)
    called(cast, opened, line="911", police="no")
    confirm_help(opened, arrived=False, words="x" * (WORDS_LIMIT + 1))
    page = cast.client("alice").get(f"/tips/{opened.tip.pk}").content.decode()
    assert "Help has not arrived." in page


def test_a_call_by_somebody_who_has_not_read_is_kept_and_the_decision_stays_open(
    cast: Cast, carrier: Carrier
) -> None:
    from upstander.emergency.tests.story import a_tip  # noqa: PLC0415

    tip_id = a_tip(cast, tile="attack", when="now")
    work()
    client = cast.client("alice")
    answer = client.post(f"/tips/{tip_id}/911/call", {"line": "911", "police": "no"})
    assert answer.status_code == 302
    assert Call.objects.filter(tip_id=tip_id).exists()
    assert to_decide(tip_id).state == "open"
    page = client.get(answer["Location"]).content.decode()
    assert "“Decide about 911” is still open: read what they wrote" in page
