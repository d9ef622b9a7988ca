"""The pages: one press from the tip to the script, and what is written on it."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import Cast
from upstander.emergency.actions.briefs import hand_to_police
from upstander.emergency.actions.roster_import import import_roster
from upstander.emergency.forms import CallForm
from upstander.emergency.models import Brief, Call, PoliceRequest, Sheet
from upstander.emergency.queries import PoliceShare
from upstander.emergency.sheet import LINE_LIMIT
from upstander.emergency.tests.export import DEMOGRAPHICS, ORGS, USERS, export
from upstander.emergency.tests.story import LINES, WORDS, around, claimed
from upstander.places.models import School
from upstander.standards.oneroster import read_export
from upstander.tips.opening import OpenTip

CALLED = {"line": "psap", "police": "no", "said": "On their way."}


@pytest.fixture
def opened(cast: Cast) -> OpenTip:
    School.objects.filter(pk=cast.cedar.pk).update(
        address="12 Orchard Lane",
        town="Maple Valley",
        psap_name="Maple Valley 911",
        psap_phone="555-0191",
        emergency_contact="Main office, 555-0120",
    )
    return claimed(cast)


def page(cast: Cast, name: str, path: str, data: dict[str, Any] | None = None) -> Any:
    client = cast.client(name)
    return client.get(path) if data is None else client.post(path, data, follow=True)


def test_the_script_says_the_place_first_and_that_it_is_unverified(
    cast: Cast, opened: OpenTip
) -> None:
    text = page(cast, "alice", f"/tips/{opened.tip.pk}/911").text
    said = [
        "Unverified",
        "Nobody has verified it",
        "Disability or communication needs",
        "PLACE NOT KNOWN",
        "12 Orchard Lane, Maple Valley: named in the report, not said to be there",
        "<dt>Entrance</dt>",
        "<dt>Our number</dt>",
        "<dt>What</dt>",
        "<dt>Now</dt>",
        "<dt>Who</dt>",
        "<dt>Language</dt>",
        "How we know",
        "Our report number",
    ]
    places = [text.index(words) for words in said]
    assert places == sorted(places)
    assert "555-0191" in text
    script = text[text.index('id="script"') : text.index("They may also ask")]
    assert WORDS not in script, "the reporter's own words are not read out"
    assert f"/tips/{opened.tip.pk}/911" in page(cast, "alice", f"/tips/{opened.tip.pk}").text


def test_a_missing_911_number_is_said_with_what_to_dial(cast: Cast, opened: OpenTip) -> None:
    tip = f"/tips/{opened.tip.pk}"
    assert "Number missing" not in page(cast, "alice", tip).text
    School.objects.filter(pk=cast.cedar.pk).update(psap_phone="")
    assert "Number missing: dial 911 and ask for its town" in page(cast, "alice", tip).text
    sheet = page(cast, "alice", f"{tip}/911").text
    assert "No ten-digit number is on file" in sheet
    assert "They are: Maple Valley 911." in sheet
    paper = cast.client("alice").get(f"{tip}/911.pdf")
    assert paper.status_code == 200
    assert paper["Content-Type"] == "application/pdf"


def test_i_called_is_one_form_and_nothing_left_open_refuses_it(cast: Cast, opened: OpenTip) -> None:
    path = f"/tips/{opened.tip.pk}/911/call"
    kept = page(cast, "alice", path, CALLED | {"police": "", "dispatcher": "Dispatcher 4"})
    assert "On their way." in kept.text
    assert "Dispatcher 4" in kept.text
    assert "Has help arrived?" in kept.text
    assert Sheet.objects.count() == 1
    done = page(cast, "alice", f"/tips/{opened.tip.pk}/911/arrived", {"arrived": "yes"})
    assert "Has help arrived?" not in done.text


def test_a_call_for_police_that_was_made_is_kept_with_its_flag(cast: Cast, opened: OpenTip) -> None:
    path = f"/tips/{opened.tip.pk}/911/call"
    kept = page(cast, "alice", path, CALLED | {"police": "yes"})
    assert "flagged for your supervisor" in kept.text
    assert "nobody had agreed" in kept.text
    assert "Flagged for review" in kept.text
    assert Call.objects.get().flagged
    assert "and flagged" in page(cast, "sam", "/supervisor").text
    assert "police: a second person" not in kept.text


def test_the_second_person_decides_on_the_page(cast: Cast, opened: OpenTip) -> None:
    path = f"/tips/{opened.tip.pk}/911"
    own = page(cast, "alice", f"{path}/ask", {"why": "Nobody answers at home."})
    assert "Someone else must agree." in own.text
    request = PoliceRequest.objects.get()
    assert "Nobody answers at home." in page(cast, "bea", path).text
    agreed = page(cast, "bea", f"{path}/decide/{request.pk}", {"agree": "yes"})
    assert "agreed to send police" in agreed.text
    page(cast, "alice", f"{path}/call", CALLED | {"police": "yes"})
    assert Call.objects.get().request_id == request.pk


def test_updates_are_numbered_and_what_is_not_sent_stays(cast: Cast, opened: OpenTip) -> None:
    path = f"/tips/{opened.tip.pk}/911/sheet"
    page(cast, "alice", path, {"street": "7 Fern Row"})
    text = page(cast, "alice", path, {"room": "Back door"}).text
    assert Sheet.objects.filter(tip_id=opened.tip.pk).count() == 2
    assert "7 Fern Row" in text
    assert "Back door" in text
    assert "Version 2" in text
    too_long = page(cast, "alice", path, {"room": "x" * (LINE_LIMIT + 1)})
    assert too_long.status_code == 422
    assert Sheet.objects.count() == 2


def test_one_tagged_page_of_paper_however_long_the_lines(cast: Cast, opened: OpenTip) -> None:
    long = dict.fromkeys(("street", "needs", "what", "subject"), "Long words of a line. " * 25)
    page(cast, "alice", f"/tips/{opened.tip.pk}/911/sheet", long)
    answer = page(cast, "alice", f"/tips/{opened.tip.pk}/911.pdf")
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 1
        assert bool(pdf.Root.MarkInfo.Marked)
        assert opened.tip.reference in str(pdf.docinfo.Title)


def test_a_home_is_found_and_put_into_the_sheet(cast: Cast, opened: OpenTip) -> None:
    path = f"/tips/{opened.tip.pk}/home"
    assert "No roster has been imported" in page(cast, "alice", path).text
    import_roster(cast.viewer("dee"), cast.maple.pk, read_export(export()))
    assert "Fern Row" not in page(cast, "alice", path).text
    asked = {"name": "Mara Lindqvist", "reason": "Police ask where to go."}
    several = page(cast, "alice", path, asked)
    assert "Which of these?" in several.text
    assert "Fern Row" not in several.text
    one = page(cast, "alice", path, asked | {"name": "Mara Elena Lindqvist"})
    assert "7 Fern Row, Maple Valley" in one.text
    assert "Hard of hearing" in one.text
    assert "Police ask where to go." in one.text, "who opened it, and why, is shown to colleagues"
    page(cast, "alice", f"/tips/{opened.tip.pk}/911/sheet", {"street": "7 Fern Row"})
    for bad in ({"name": "Mara", "reason": "x"}, {}, asked | {"entry": "no-id"}):
        assert page(cast, "alice", path, bad).status_code == 200


def test_a_roster_is_imported_from_files_that_touch_no_disk(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.NamedTemporaryFile", lambda *_, **__: pytest.fail("a disk"))
    padding = b"t9,,,true,1,teacher" + b"," * 17 + b"\n"
    files = [
        SimpleUploadedFile("orgs.csv", ORGS.encode()),
        SimpleUploadedFile("users.csv", USERS.encode() + padding * 72_000),
        SimpleUploadedFile("demographics.csv", DEMOGRAPHICS.encode()),
    ]
    answer = page(cast, "dee", "/roster", {"district": str(cast.maple.pk), "export": files})
    assert "4 students were encrypted and imported" in answer.text
    assert "Closed School (1)" in answer.text
    for word in ("Lindqvist", "Fern"):
        assert word not in answer.text
    wrong = SimpleUploadedFile("users.csv", b"nothing")
    refused = page(cast, "ada", "/roster", {"district": str(cast.maple.pk), "export": [wrong]})
    assert "The export is missing" in refused.text


def test_the_roster_is_guarded_against_forgery(cast: Cast) -> None:
    client = cast.client("dee")
    client.handler.enforce_csrf_checks = True
    answer = client.post("/roster", {"district": str(cast.maple.pk)})
    assert answer.status_code == 403


def test_an_officers_two_pages(cast: Cast, opened: OpenTip) -> None:
    brief = hand_to_police(
        opened,
        cast.teams["maple_police"].pk,
        "See who is at the gym door.",
        LINES,
        around(cast, opened),
        danger_now=True,
    )
    otto = cast.client("otto")
    assert otto.get("/", follow=True).redirect_chain[-1][0] == "/police"
    assert opened.tip.reference in otto.get("/police").text
    text = otto.get(f"/police/{brief.pk}").text
    assert text.index("Unverified") < text.index("See who is at the gym door.")
    assert WORDS not in text
    otto.post(f"/police/{brief.pk}/acknowledge")
    wrong = otto.post(f"/police/{brief.pk}/outcome", {"outcome": "", "words": "Kept words."})
    assert "Kept words." in wrong.text
    otto.post(f"/police/{brief.pk}/outcome", {"outcome": "safe", "words": "Spoke with them."})
    assert Brief.objects.get(pk=brief.pk).state == Brief.State.ENDED
    seen = page(cast, "alice", f"/tips/{opened.tip.pk}/911").text
    assert "Seen and safe" in seen
    assert "Spoke with them." in seen
    for path in (f"/tips/{opened.tip.pk}", "/queue", "/team", "/record", "/district", "/roster"):
        assert otto.get(path).status_code == 403, path
    assert otto.get("/people/", follow=True).status_code in (200, 403)
    assert otto.get(f"/people/teams/{cast.teams['maple_police'].pk}/").status_code == 200
    assert otto.get("/people/me/").status_code == 200


def test_a_police_team_is_added_and_its_first_officer_invited(cast: Cast) -> None:
    answer = page(
        cast, "ada", f"/places/districts/{cast.pine.pk}/police/new/", {"name": "Pine police"}
    )
    assert "Pine police" in answer.text
    assert answer.redirect_chain[-1][0].endswith("/invite/")


def test_supervisors_see_the_share_of_tips_that_led_to_police(cast: Cast, opened: OpenTip) -> None:
    page(
        cast,
        "alice",
        f"/tips/{opened.tip.pk}/911/call",
        CALLED | {"police": "yes", "danger_now": "on", "why": "Seen at the door."},
    )
    text = page(cast, "sam", "/supervisor").text
    assert "100.0%" in text
    assert "too few to compare" in text, "one tip of one is no alarm"
    assert PoliceShare("30 days", 100, 3, 2, 1).above_norm
    assert not PoliceShare("30 days", 100, 2, 2, 0).above_norm


def test_a_call_before_midnight_written_down_after_it() -> None:
    form = CallForm({**CALLED, "at": "23:58"})
    assert form.is_valid()
    zone = ZoneInfo("America/New_York")
    at = form.called_at(datetime(2026, 10, 4, 4, 3, tzinfo=UTC), zone)
    assert at is not None
    assert at.astimezone(zone).date().day == 3
    assert at.astimezone(zone).time() == time(23, 58)


def test_an_officer_keeps_their_own_ways_to_be_reached(cast: Cast) -> None:
    otto = cast.client("otto")
    for path in ("/me/contact", "/people/me/"):
        assert otto.get(path, follow=True).status_code == 200, path
    assert "Outbox" not in otto.get("/police").text
