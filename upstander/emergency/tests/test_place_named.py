"""What a child wrote of a place is never denied, in whichever field; the newest note is said."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from conftest import Cast
from upstander.emergency.actions.help import save_sheet
from upstander.emergency.sheet import PLACE_NOT_KNOWN
from upstander.emergency.tests.story import handed
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
from upstander.intake.priority import Priority
from upstander.tips import reporter
from upstander.tips.opening import open_tip
from upstander.triage.actions.work import assess_tip

__all__ = ["cedar"]


def named(cast: Cast, typed: str) -> UUID:
    """File a tip whose reporter wrote this under "Which school or town?"; no list has it."""
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="please come",
            language="en",
            tile="suicide",
            answers={"when": "now", "school": typed},
            school_id=None,
            district_id=cast.maple.pk,
        )
    ).tip_id


@pytest.mark.parametrize(
    "typed", ["Lincoln Academy in Hartford", "Old mill on River Road, Maple Valley"]
)
def test_a_school_or_town_that_is_on_no_list_is_said_as_they_wrote_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    tip_id = named(cast, typed)
    taken(cast, tip_id)
    said = f"Named by the reporter, not in our list: “{typed}”"
    for where, text in said_everywhere(cast, tip_id, monkeypatch).items():
        assert said in text, where
        assert "None is named in the report" not in text, where
        assert PLACE_NOT_KNOWN in text, where


def test_it_stands_beside_the_team_that_it_was_handed_to(cast: Cast) -> None:
    tip_id = named(cast, "Lincoln Academy")
    handed(cast, taken(cast, tip_id), "cedar")
    page = get(cast, f"/tips/{tip_id}/911").content.decode()
    assert "Named by the reporter, not in our list: “Lincoln Academy”" in page
    assert "It was handed to the team of Cedar Middle School" in page


def test_an_answer_that_may_say_another_place_and_came_later_is_not_passed_over(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, session = filed(cast, "suicide", place=STREET, when="now")
    opened = taken(cast, tip_id)
    clock.move(5)
    save_sheet(opened, {"street": "7 Fern Row"})
    clock.move(5)
    reporter.add_answers(session, {"subject": "The boy at the Elm Court building"})
    page = get(cast, f"/tips/{tip_id}").content.decode()
    assert "They have written since" in page
    assert 'dir="auto">The boy at the Elm Court building</blockquote>' in page


def assessed(cast: Cast, tip_id: UUID, **fields: str) -> None:
    assess_tip(open_tip(cast.viewer("alice"), tip_id), fields, Priority.LIFE_SAFETY)


class TestAJudgementThatIsNewerThanATypedLine:
    PARK, ROOM = "Park on Pine Street", "Room 12 at Birch High"

    def typed(self, cast: Cast, clock: Clock) -> UUID:
        tip_id, _ = filed(cast, "suicide", when="now")
        taken(cast, tip_id)
        cast.client("alice").post(f"/tips/{tip_id}/911/place", {"street": self.PARK, "read": "1"})
        clock.move(8)
        return tip_id

    def test_its_place_stands_beside_everywhere(
        self, cast: Cast, carrier: Carrier, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tip_id = self.typed(cast, clock)
        assessed(cast, tip_id, place_now=self.ROOM)
        said = f"{self.PARK}. A counselor has since noted: {self.ROOM}"
        for where, text in said_everywhere(cast, tip_id, monkeypatch).items():
            assert said in text, where

    def test_every_line_says_it(self, cast: Cast, carrier: Carrier, clock: Clock) -> None:
        tip_id = self.typed(cast, clock)
        typed = {"subject": "A boy", "what": "A worry.", "weapons": "None", "now": "no"}
        cast.client("alice").post(f"/tips/{tip_id}/911/sheet", typed)
        clock.move(8)
        assessed(cast, tip_id, subject="Two girls", means="at_hand", imminence="now")
        page = get(cast, f"/tips/{tip_id}/911").content.decode()
        assert "A boy. A counselor has since noted: Two girls" in page
        assert "None. A counselor has since noted: Means of harm are within their reach" in page
        # One choice: the newer judgement is the judgement.
        assert "A counselor: Yes, now" in page
        assert "A counselor: No" not in page

    def test_what_a_later_judgement_only_carries_along_is_no_newer_than_it_was(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        tip_id, _ = filed(cast, "suicide", when="now")
        taken(cast, tip_id)
        assessed(cast, tip_id, place_now=self.ROOM)
        clock.move(8)
        cast.client("alice").post(f"/tips/{tip_id}/911/place", {"street": self.PARK, "read": "1"})
        clock.move(8)
        assessed(cast, tip_id, place_now=self.ROOM, means="no")
        page = get(cast, f"/tips/{tip_id}/911").content.decode()
        assert self.PARK in page
        assert f"has since noted: {self.ROOM}" not in page
        clock.move(8)
        assessed(cast, tip_id, place_now="The bridge", means="no")
        page = get(cast, f"/tips/{tip_id}/911").content.decode()
        assert f"{self.PARK}. A counselor has since noted: The bridge" in page

    def test_a_typed_line_that_is_later_stands_alone(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        tip_id = self.typed(cast, clock)
        assessed(cast, tip_id, place_now=self.ROOM)
        clock.move(8)
        client = cast.client("alice")
        client.post(f"/tips/{tip_id}/911/place", {"street": "The bridge", "read": "1"})
        page = get(cast, f"/tips/{tip_id}/911").content.decode()
        assert "The bridge" in page
        assert "has since noted" not in page

    def test_an_assessment_that_is_older_than_the_sheet_says_so(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        tip_id, _ = filed(cast, "suicide", when="now")
        taken(cast, tip_id)
        assessed(cast, tip_id, place_now=self.ROOM)
        clock.move(8)
        cast.client("alice").post(f"/tips/{tip_id}/911/place", {"street": self.PARK, "read": "1"})
        page = get(cast, f"/tips/{tip_id}").content.decode()
        card = page[page.index('id="assessment"') :]
        assert re.search(rf"Newer than this\. Where: <strong dir=\"auto\">{self.PARK}", card)

    def test_the_form_begins_with_the_place_that_is_known(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        tip_id = self.typed(cast, clock)
        form = cast.client("alice").get(f"/tips/{tip_id}/assess").context["form"]
        assert form["place_now"].value() == self.PARK


def test_that_they_left_stands_beside_the_place(cast: Cast, carrier: Carrier, clock: Clock) -> None:
    tip_id, session = filed(cast, "suicide", place="Bus stop on Main Street", when="now")
    taken(cast, tip_id)
    clock.move(8)
    reporter.add_message(session, "She left.")
    for address in (f"/tips/{tip_id}", f"/tips/{tip_id}/911"):
        page = get(cast, address).content.decode()
        assert 'dir="auto">She left.</blockquote>' in page, address
    client = cast.client("alice")
    client.post(f"/tips/{tip_id}/911/place", {"street": "Bus stop on Main Street", "read": "2"})
    page = get(cast, f"/tips/{tip_id}").content.decode()
    assert 'dir="auto">She left.</blockquote>' not in page


def test_police_read_that_the_center_is_looking(cast: Cast) -> None:
    from upstander.emergency.models import Brief  # noqa: PLC0415

    tip_id = tell(cast, text="zimtstern told me everything and i am scared")
    taken(cast, tip_id)
    sent = {"team": str(cast.teams["maple_police"].pk), "words": "Look.", "danger_now": "on"}
    cast.client("alice").post(f"/tips/{tip_id}/911/police", sent)
    brief = Brief.objects.get(tip_id=tip_id)
    page = get(cast, f"/police/{brief.pk}", "otto").content.decode()
    assert "PLACE NOT KNOWN: not written down; the center is looking" in page


def test_the_number_of_the_named_school_s_911_is_said_to_be_that(cast: Cast) -> None:
    tip_id = tell(cast, place=STREET)
    taken(cast, tip_id)
    page = get(cast, f"/tips/{tip_id}").content.decode()
    assert "Who answers 911 there" not in page
    assert "Who answers 911 at the named school" in page
    sheet = get(cast, f"/tips/{tip_id}/911").content.decode()
    assert "the named school" in sheet[sheet.index('id="numbers"') : sheet.index('id="reported"')]
