"""An electronic first report counts once an administrator has confirmed that it may: not before."""

from __future__ import annotations

from uuid import UUID

import pytest

from conftest import Cast
from upstander.audit.models import Entry
from upstander.mandated.actions import duties as actions
from upstander.mandated.models import Deadline, Duty, DutyEvent
from upstander.mandated.tests.test_duties import (
    electronic_may,
    offices,
    right_now,
    suspect,
    typed_now,
)
from upstander.matters.holds import on_hold
from upstander.people.scope import viewing
from upstander.states import law

pytestmark = pytest.mark.django_db

NOTHING_URGENT = dict.fromkeys(
    ("immediate_harm", "urgent_care", "again_in_a_day", "out_of_reach"), False
)
CARELINE = law("us-ct").duties.ways["careline"]


def not_urgent(cast: Cast) -> UUID:
    """Begin Tess's duty in which nothing is urgent."""
    offices(cast)
    duty_id = suspect(cast)
    assert not actions.answer_urgency(cast.viewer("tess"), duty_id, NOTHING_URGENT)
    return duty_id


def report(cast: Cast, duty_id: UUID) -> bool:
    words = {"worker": "M. Example", "reference": "E-1"}
    at = right_now()
    return actions.report_first(
        cast.viewer("tess"), duty_id, way="electronic", at=at, words=words, accepted=True
    )


def test_unconfirmed_it_is_kept_and_stops_no_clock(cast: Cast) -> None:
    duty_id = not_urgent(cast)
    before = Duty.objects.get(pk=duty_id)
    assert not report(cast, duty_id)
    after = Duty.objects.get(pk=duty_id)
    assert (after.first_at, after.first_way, after.accepted, after.written_due) == (
        None,
        "",
        None,
        None,
    )
    assert (after.first_due, after.remind_at) == (before.first_due, before.remind_at)
    assert after.remind_at is not None
    assert not after.says_whom, "it proves no report that counts"
    with viewing(cast.viewer("hana")):
        assert on_hold(after.matter_id), "nobody is questioned before a report that counts"
    kept = DutyEvent.objects.get(duty_id=duty_id, kind=DutyEvent.Kind.UNCOUNTED)
    assert kept.happened_at is not None
    assert Entry.objects.get(action="duty: uncounted").detail["way"] == "electronic"
    assert not Deadline.objects.filter(duty_id=duty_id).exists()


def test_the_page_says_so_and_what_to_do(cast: Cast) -> None:
    duty_id = not_urgent(cast)
    client, page = cast.client("tess"), f"/duties/{duty_id}"
    before = client.get(page).content.decode()
    assert "doesn’t count yet" in before, "said before anybody goes that way"
    sent = client.post(
        f"{page}/first",
        {"way": "electronic", "at": typed_now(), "reference": "E-1", "accepted": "yes"},
        follow=True,
    ).content.decode()
    assert "It stops no clock" in sent
    assert "Your electronic report is saved, but it doesn’t count yet" in sent
    notice = sent.split("Your electronic report is saved, but it doesn’t count yet", 1)[1]
    assert f"tel:{CARELINE.phone}" in notice.split("</div>", 1)[0]
    assert "E-1" in sent
    assert "Reported in a way that does not count yet" in sent
    assert "its clock runs from this report" not in sent
    # The office that sees it reads that it is still due.
    assert "Reported in a way that does not count yet" in (
        cast.client("hana").get(page).content.decode()
    )
    # By phone it is over, and the notice goes.
    client.post(f"{page}/first", {"way": "careline", "at": typed_now()})
    assert Duty.objects.get(pk=duty_id).first_way == "careline"
    assert "it doesn’t count yet" not in client.get(page).content.decode()


def test_no_answer_about_urgency_sends_anybody_to_it(cast: Cast) -> None:
    offices(cast)
    duty_id, client = suspect(cast), cast.client("tess")
    answers = dict.fromkeys(NOTHING_URGENT, "no")
    unconfirmed = client.post(f"/duties/{duty_id}/urgency", answers, follow=True).content.decode()
    assert "Saved. Phone, or report electronically" not in unconfirmed
    assert "Saved. Phone: an electronic report doesn’t count yet." in unconfirmed
    electronic_may(cast)
    confirmed = client.post(f"/duties/{duty_id}/urgency", answers, follow=True).content.decode()
    assert "Saved. Phone, or report electronically" in confirmed


def test_once_confirmed_it_counts_and_what_was_kept_is_written_down_again(cast: Cast) -> None:
    duty_id = not_urgent(cast)
    assert not report(cast, duty_id)
    kept = DutyEvent.objects.get(duty_id=duty_id, kind=DutyEvent.Kind.UNCOUNTED).happened_at
    electronic_may(cast)
    page = cast.client("tess").get(f"/duties/{duty_id}").content.decode()
    assert "it doesn’t count yet" not in page
    assert "It can count now" in page
    assert report(cast, duty_id)
    duty = Duty.objects.get(pk=duty_id)
    assert (duty.first_way, duty.first_at) == ("electronic", kept)


def test_taken_back_it_counts_no_more_and_one_that_counted_stays(cast: Cast) -> None:
    duty_id = not_urgent(cast)
    electronic_may(cast)
    assert report(cast, duty_id)
    electronic_may(cast, stands=False)
    assert Duty.objects.get(pk=duty_id).first_way == "electronic"
    other = suspect(cast)
    actions.answer_urgency(cast.viewer("tess"), other, NOTHING_URGENT)
    assert not report(cast, other)


def test_the_rules_page_says_that_it_does_nothing_until_then(cast: Cast) -> None:
    page = cast.client("ada").get("/rules").content.decode()
    row = page.split("DCF&#x27;s electronic report", 1)[1].split("</li>", 1)[0]
    assert "No effect until then" in row
    careline = page.split("DCF Careline, by phone", 1)[1].split("</li>", 1)[0]
    assert "No effect until then" not in careline
