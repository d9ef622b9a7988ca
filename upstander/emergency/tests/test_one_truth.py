"""Where, what, now, who: one source for script, sheet, paper, JSON and briefs."""

from __future__ import annotations

import io
import json
import re
from typing import Any
from uuid import UUID

import pikepdf
import pytest

from conftest import Cast
from upstander.emergency.actions.help import record_call, save_sheet
from upstander.emergency.models import Brief, Call, Sheet
from upstander.emergency.sheet import LINE_LIMIT, LOOK_IN_WORDS, NOT_WRITTEN_DOWN
from upstander.emergency.tests.story import LINES, claimed
from upstander.escalations.models import Alert, Task
from upstander.escalations.task_panel import show_tasks
from upstander.escalations.tests.alerts import Carrier, work
from upstander.intake.priority import Priority
from upstander.people.scope import viewing
from upstander.places.models import School
from upstander.tips import reporter
from upstander.tips.opening import OpenTip, open_tip
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import assess_tip, claim_tip

STREET = "14 Elm Street, upstairs"
ADDRESS = "12 Orchard Lane"
WORDS = "zimtstern she told me and i am scared"


@pytest.fixture(autouse=True)
def cedar(cast: Cast) -> None:
    School.objects.filter(pk=cast.cedar.pk).update(
        address=ADDRESS, town="Maple Valley", psap_phone="555-0191", psap_name="Maple Valley 911"
    )


def tell(
    cast: Cast, *, school: bool = True, tile: str = "suicide", text: str = WORDS, **answers: str
) -> UUID:
    """File a tip with these answers."""
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text=text,
            language="en",
            tile=tile,
            answers={"when": "now"} | answers,
            school_id=cast.cedar.pk if school else None,
            district_id=None if school else cast.maple.pk,
        )
    ).tip_id


def taken(cast: Cast, tip_id: UUID, name: str = "alice") -> OpenTip:
    viewer = cast.viewer(name)
    claim_tip(viewer, tip_id)
    return open_tip(viewer, tip_id)


def get(cast: Cast, path: str, name: str = "alice") -> Any:
    return cast.client(name).get(path)


def said_everywhere(cast: Cast, tip_id: UUID, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return what each way out says of a tip, as text."""
    printed: dict[str, str] = {}

    def compiled(_source: Any, **more: Any) -> bytes:
        printed["paper"] = more["sys_inputs"]["sheet"]
        return b"%PDF-1.7"

    monkeypatch.setattr("typst.compile", compiled)
    get(cast, f"/tips/{tip_id}/911.pdf")
    found = {
        "page": _script_of(get(cast, f"/tips/{tip_id}/911").content.decode()),
        "tip": get(cast, f"/tips/{tip_id}").content.decode(),
        "paper": json.dumps(json.loads(printed["paper"]), ensure_ascii=False),
        "hand-off": get(cast, f"/tips/{tip_id}/handoff").content.decode(),
    }
    cast.client("alice").post(
        f"/tips/{tip_id}/911/police",
        {
            "team": str(cast.teams["maple_police"].pk),
            "words": "Please look.",
            "danger_now": "on",
        },
    )
    found["brief"] = get(
        cast, f"/police/{Brief.objects.get(tip_id=tip_id).pk}", "otto"
    ).content.decode()
    return found


def _script_of(html: str) -> str:
    """Return the part of the sheet's page that is read out."""
    return html[html.index('id="script"') : html.index("They may also ask")]


def test_a_street_is_said_everywhere_and_the_school_s_address_nowhere_as_the_place(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip_id = tell(cast, place=STREET, subject="Maya, eighth grade")
    taken(cast, tip_id)
    for where, text in said_everywhere(cast, tip_id, monkeypatch).items():
        assert STREET in text, where
        assert text.index(STREET) < text.index(ADDRESS), where
        assert "named in the report, not said to be there" in text, where
        assert "The reporter says now; not checked" in text, where
        assert "Maya, eighth grade" in text, where
        assert "PLACE NOT KNOWN" not in text, where
        assert "Wanting to die or hurting yourself" in text, where
        for wrong in ("Happening now: Not known", "At hand", "at_hand", "Not known whether"):
            assert wrong not in text, (where, wrong)


def test_a_place_that_nobody_gave_is_unknown_large_and_never_the_school(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip_id = tell(cast)
    taken(cast, tip_id)
    for where, text in said_everywhere(cast, tip_id, monkeypatch).items():
        assert "PLACE NOT KNOWN" in text, where
        assert f"{ADDRESS}, Maple Valley: named in the report, not said to be there" in text, where
    sheet = get(cast, f"/tips/{tip_id}/911").content.decode()
    assert 'class="script-street script-gap"' in sheet
    # What is kept with "I called" has no place either.
    client = cast.client("alice")
    client.post(f"/tips/{tip_id}/911/call", {"line": "911", "police": "no"})
    kept = get(cast, f"/tips/{tip_id}/911").content.decode()
    assert Sheet.objects.filter(tip_id=tip_id).exists()
    assert "PLACE NOT KNOWN" in kept


def test_each_line_says_who_says_it_and_since_when(cast: Cast) -> None:
    tip_id = tell(cast, place=STREET)
    opened = taken(cast, tip_id)
    page = get(cast, f"/tips/{tip_id}/911").content.decode()
    assert "the reporter, not verified, " in page
    assess_tip(
        opened,
        {"condition": "not_waking", "means": "at_hand", "imminence": "day"},
        Priority.LIFE_SAFETY,
    )
    cast.client("alice").post(f"/tips/{tip_id}/911/sheet", {"what": "She has taken pills."})
    page = _script_of(get(cast, f"/tips/{tip_id}/911").content.decode())
    assert "She has taken pills." in page
    assert "written by a counselor, not verified, " in page
    assert "Means of harm are within their reach" in page
    assert "a counselor&#x27;s note, not verified, " in page
    assert "The reporter says now; not checked" in page
    assert "A counselor: Not now, but within 24 hours" in page


def test_the_child_s_words_stand_beside_the_line_and_go_nowhere_else(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip_id = tell(cast, place=STREET)
    taken(cast, tip_id)
    html = get(cast, f"/tips/{tip_id}/911").content.decode()
    beside = html[html.index('id="reported"') : html.index('id="script"')]
    assert WORDS in beside
    assert 'name="what"' in beside
    found = said_everywhere(cast, tip_id, monkeypatch)
    # The tip's own page and its forms are where the conversation stands.
    for where in ("page", "paper", "brief"):
        assert WORDS not in found[where], where


def test_a_place_that_comes_later_is_not_passed_over(cast: Cast) -> None:
    tip_id = tell(cast)
    opened = taken(cast, tip_id)
    record_call(opened, {}, line=Call.Line.PSAP, police=False, danger_now=False)
    assess_tip(opened, {"place_now": "The parking deck, level 2"}, Priority.LIFE_SAFETY)
    page = _script_of(get(cast, f"/tips/{tip_id}/911").content.decode())
    assert "The parking deck, level 2" in page
    assert "PLACE NOT KNOWN" not in page


def test_two_places_are_both_said(cast: Cast) -> None:
    tip_id = tell(cast, place=STREET)
    opened = taken(cast, tip_id)
    save_sheet(opened, {"street": "7 Fern Row"})
    page = _script_of(get(cast, f"/tips/{tip_id}/911").content.decode())
    assert f"7 Fern Row. The reporter wrote: {STREET}" in page


def test_a_line_that_was_taken_out_stays_out(cast: Cast) -> None:
    tip_id = tell(cast, subject="A name that nobody needs")
    taken(cast, tip_id)
    cast.client("alice").post(f"/tips/{tip_id}/911/sheet", {"subject": ""})
    page = _script_of(get(cast, f"/tips/{tip_id}/911").content.decode())
    assert "A name that nobody needs" not in page


def test_what_was_left_empty_is_filled_once_somebody_knows(cast: Cast) -> None:
    tip_id = tell(cast)
    opened = taken(cast, tip_id)
    empty = {"street": "", "now": "unknown", "subject": "", "what": "A line."}
    cast.client("alice").post(f"/tips/{tip_id}/911/sheet", empty)
    assess_tip(opened, {"place_now": "The gym", "imminence": "now"}, Priority.LIFE_SAFETY)
    page = _script_of(get(cast, f"/tips/{tip_id}/911").content.decode())
    assert "The gym" in page
    assert "A counselor: Yes, now" in page


@pytest.mark.parametrize("length", [LINE_LIMIT + 1, 2000])
def test_a_call_that_was_made_is_kept_however_long_the_lines(cast: Cast, length: int) -> None:
    opened = taken(cast, tell(cast))
    assess_tip(
        opened, {"exact_words": "x" * length, "place_now": "y" * length}, Priority.LIFE_SAFETY
    )
    client = cast.client("alice")
    client.post(f"/tips/{opened.tip.pk}/911/call", {"line": "911", "police": "yes"})
    assert Call.objects.get(tip_id=opened.tip.pk).flagged


def test_a_task_of_a_tip_without_a_school_has_the_numbers_of_the_team_it_was_handed_to(
    cast: Cast, carrier: Carrier
) -> None:
    tip_id = tell(cast, school=False)
    opened = taken(cast, tip_id)
    assert opened.tip.school_id is None
    hand_off(opened, [cast.teams["cedar"].pk], "A brief.")
    alert = Alert.objects.get(subject_id=tip_id, stage="school")
    assert alert.school_id == cast.cedar.pk
    with viewing(cast.viewer("alice")) as now:
        task = Task(kind="call_school", subject_id=tip_id, district_id=cast.maple.pk, alert=alert)
        task.due_at = now
        [shown] = show_tasks([task], {}, me=1)
    assert "555-0191" in [number.number for number in shown.numbers]
    page = _script_of(get(cast, f"/tips/{tip_id}/911").content.decode())
    assert "None is named in the report. It was handed to the team of Cedar Middle School" in page
    assert "PLACE NOT KNOWN" in page


def test_two_schools_teams_leave_it_open_which(cast: Cast) -> None:
    tip_id = tell(cast, school=False)
    hand_off(taken(cast, tip_id), [cast.teams["cedar"].pk, cast.teams["birch"].pk], "A brief.")
    assert Alert.objects.get(subject_id=tip_id, stage="school").school_id is None


def test_no_task_s_script_reads_the_school_s_address_as_the_place(
    cast: Cast, carrier: Carrier
) -> None:
    tip_id = tell(cast, place=STREET)
    taken(cast, tip_id)
    work()
    alert = Alert.objects.get(subject_id=tip_id)
    for kind in Task.Kind:
        with viewing(cast.viewer("alice")) as now:
            task = Task(kind=kind, subject_id=tip_id, district_id=cast.maple.pk, alert=alert)
            task.due_at = now
            [shown] = show_tasks([task], {}, me=1)
        spoken = [line for line in shown.script if "“" in line]
        assert not [line for line in spoken if ADDRESS in line], kind
        assert not [line for line in spoken if "calling about" in line], kind


def test_the_paper_is_one_page_and_says_the_place_is_unknown(cast: Cast) -> None:
    opened = claimed(cast)
    answer = get(cast, f"/tips/{opened.tip.pk}/911.pdf")
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 1
    save_sheet(opened, LINES)
    assert get(cast, f"/tips/{opened.tip.pk}/911.pdf").status_code == 200


def test_place_in_their_words_is_written_down_by_a_person(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "she told me at 9 pm. she is at Birch Road 9, upstairs. i am in 7th grade"
    tip_id = tell(cast, text=words)
    taken(cast, tip_id)
    for address in (f"/tips/{tip_id}", f"/tips/{tip_id}/911"):
        page = get(cast, address).content.decode()
        assert "No place recorded. Check what they wrote." in page, address
    # It is a gap until a person writes it down, and what leaves the desk quotes no word of theirs.
    for where, text in said_everywhere(cast, tip_id, monkeypatch).items():
        ours = where in ("page", "tip")
        assert (LOOK_IN_WORDS if ours else NOT_WRITTEN_DOWN) in text, where
        # The form of a hand-off stands on the tip's page, where the words are open.
        assert ours or where == "hand-off" or LOOK_IN_WORDS not in text, where
    handoff = get(cast, f"/tips/{tip_id}/handoff").content.decode()
    (brief,) = re.findall(r"<textarea[^>]*name=\"facts\".*?</textarea>", handoff, re.DOTALL)
    assert "Birch Road" not in brief
    police = Brief.objects.get(tip_id=tip_id)
    assert "Birch Road" not in get(cast, f"/police/{police.pk}", "otto").content.decode()
    client = cast.client("alice")
    empty = client.post(f"/tips/{tip_id}/911/place", {"street": "  "}, follow=True)
    assert "the place was left empty" in empty.content.decode()
    long = client.post(f"/tips/{tip_id}/911/place", {"street": "x" * (LINE_LIMIT + 1)})
    assert long.status_code == 422
    assert "x" * (LINE_LIMIT + 1) in long.content.decode()
    client.post(f"/tips/{tip_id}/911/place", {"street": "Birch Road 9, upstairs", "read": "1"})
    for where, text in said_everywhere(cast, tip_id, monkeypatch).items():
        if where == "brief":  # What police were given stands as it was given.
            continue
        assert "Birch Road 9, upstairs" in text, where
        assert "written by a counselor, not verified" in text, where
        assert LOOK_IN_WORDS not in text, where


def test_whoever_has_not_claimed_or_is_of_another_center_writes_no_place(cast: Cast) -> None:
    tip_id = tell(cast)
    refused = cast.client("tara").post(f"/tips/{tip_id}/911/place", {"street": "Nowhere 1"})
    assert refused.status_code in (403, 404)
    assert not Sheet.objects.filter(tip_id=tip_id).exists()
