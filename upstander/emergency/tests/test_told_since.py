"""What the center learns after a hand-off reaches whoever was told older information."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID

import pytest

from conftest import Cast
from upstander.carriers.models import Notice
from upstander.desk.tests.story import handed_off
from upstander.emergency.models import Brief, BriefPage
from upstander.escalations.actions.alerts import acknowledge
from upstander.escalations.models import Acknowledgement, Alert, News
from upstander.escalations.tests.alerts import Carrier, Clock
from upstander.intake.priority import Priority
from upstander.tips import reporter
from upstander.tips.models import Note
from upstander.tips.opening import open_tip, read_contents
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import assess_tip

OLD, NEW = "Park on Pine Street", "Gym at Birch High"
WHERE_OLD = f"WHERE: {OLD} (the reporter, not verified)"


def handed(cast: Cast, *, where: str = WHERE_OLD) -> tuple[UUID, str]:
    """A tip that Cedar's team has, with a brief that says where; Tom has it."""
    one = handed_off(cast, brief=f"{where}\nA student may hurt herself today.")
    alert = Alert.objects.get(subject_id=one.tip_id, stage=Alert.Stage.SCHOOL)
    acknowledge(cast.viewer("tom"), alert.pk, Acknowledgement.Answer.HAVE_IT)
    return one.tip_id, one.session_token


def team(cast: Cast, tip_id: UUID, name: str = "tom") -> str:
    return unescape(cast.client(name).get(f"/team/{tip_id}").content.decode())


def card(page: str) -> str:
    """The part of the team's page under "Call 911"."""
    found = page[page.index('class="facts"') :]
    return found[: found.index("</dl>")]


def write_place(cast: Cast, tip_id: UUID, where: str, read: str = "1") -> str:
    path = f"/tips/{tip_id}/911/place"
    sent = {"street": where, "sheet": "yes", "read": read}
    return unescape(cast.client("alice").post(path, sent, follow=True).content.decode())


def test_a_place_that_is_written_down_after_the_hand_off_is_with_the_team(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, _ = handed(cast, where="WHERE: PLACE NOT KNOWN")
    assert "PLACE NOT KNOWN" in card(team(cast, tip_id))
    clock.move(60)
    said = write_place(cast, tip_id, "9 Harbor Lane, apartment 2")
    assert "The school’s team was told" in said
    page = team(cast, tip_id)
    assert "9 Harbor Lane, apartment 2" in card(page)
    assert "PLACE NOT KNOWN" not in card(page)
    # It stands above the brief too, with its time and who says it.
    needed = page[page.index('id="brief"') : page.index("A student may hurt")]
    assert "9 Harbor Lane, apartment 2" in needed
    assert "Alice" in needed
    # Whoever has it is paged: they may be on their way to the older place.
    assert News.objects.filter(subject_id=tip_id, kind=News.Kind.LEARNED).exists()
    assert Note.objects.filter(tip_id=tip_id, kind="update").count() == 2


def test_the_newer_place_stands_first_and_the_older_is_said_to_be_older(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, _ = handed(cast)
    clock.move(60)
    write_place(cast, tip_id, NEW)
    found = card(team(cast, tip_id))
    assert found.index(NEW) < found.index(f"Before that: {OLD}")


def test_newer_words_that_may_say_another_place_are_said_on_the_team_s_card(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, session = handed(cast)
    assert "has written since" not in card(team(cast, tip_id))
    clock.move(60)
    reporter.add_message(session, "she is now in the gym at Birch High")
    assert "The reporter has written since, and it may say another place" in card(
        team(cast, tip_id)
    )
    clock.move(60)
    write_place(cast, tip_id, NEW, read="2")
    found = card(team(cast, tip_id))
    assert NEW in found
    assert "has written since" not in found


def test_that_the_place_still_stands_is_told_too(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, session = handed(cast, where="WHERE: PLACE NOT KNOWN")
    write_place(cast, tip_id, OLD)
    clock.move(60)
    reporter.add_message(session, "she hates the gym teacher")
    assert "has written since" in card(team(cast, tip_id))
    clock.move(60)
    write_place(cast, tip_id, OLD, read="2")
    found = card(team(cast, tip_id))
    assert "has written since" not in found
    assert "a counselor looked again" in found or "written by a counselor" in found


def test_a_place_that_was_taken_out_is_known_no_more(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, _ = handed(cast, where="WHERE: PLACE NOT KNOWN")
    write_place(cast, tip_id, OLD)
    clock.move(60)
    cast.client("alice").post(f"/tips/{tip_id}/911/sheet", {"street": "", "read": "1"})
    assert "PLACE NOT KNOWN any more" in card(team(cast, tip_id))


def test_what_else_is_newer_waits_for_one_press(cast: Cast, carrier: Carrier, clock: Clock) -> None:
    tip_id, _ = handed(cast)
    clock.move(60)
    fields = {"imminence": "now", "means": "at_hand", "subject": "Two girls of eighth grade"}
    assess_tip(open_tip(cast.viewer("alice"), tip_id), fields, Priority.LIFE_SAFETY)
    alice = cast.client("alice")
    for path in (f"/tips/{tip_id}", f"/tips/{tip_id}/911"):
        page = unescape(alice.get(path).content.decode())
        asked = page[page.index("Cedar's team was told older information") :]
        for words in ("Two girls of eighth grade", "A counselor: Yes, now", "Means of harm"):
            assert words in asked, (path, words)
    assert "Two girls" not in team(cast, tip_id)
    page = unescape(alice.post(f"/tips/{tip_id}/911/newer", follow=True).content.decode())
    assert "told older information" not in page
    told = team(cast, tip_id)
    for words in (
        "WHO: Two girls of eighth grade",
        "WEAPONS OR SUBSTANCES: Means of harm",
        "Yes, now",
    ):
        assert words in told, words


def two_teams(cast: Cast, tip_id: UUID, clock: Clock) -> None:
    """Hand the tip to the district's office too, with a brief that says all that is known."""
    clock.move(60)
    alice = cast.viewer("alice")
    page = unescape(cast.client("alice").get(f"/tips/{tip_id}/911").content.decode())
    known = page[page.index("told older information") :]
    told = "\n".join(re.findall(r'<p>([^<]*: <strong dir="auto">[^<]*)</strong></p>', known))
    told = told.replace('<strong dir="auto">', "")
    brief = f"{WHERE_OLD}\n{told}"
    opened = open_tip(alice, tip_id)
    hand_off(opened, [cast.teams["maple"].pk], brief)


def test_a_second_hand_off_leaves_standing_what_the_first_team_was_not_told(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, _ = handed(cast)
    clock.move(60)
    fields = {"imminence": "now", "means": "at_hand", "subject": "Two girls of eighth grade"}
    assess_tip(open_tip(cast.viewer("alice"), tip_id), fields, Priority.LIFE_SAFETY)
    two_teams(cast, tip_id, clock)
    alice = cast.client("alice")
    for path in (f"/tips/{tip_id}", f"/tips/{tip_id}/911"):
        page = unescape(alice.get(path).content.decode())
        # Whoever was told is not named with whoever was not.
        assert page.count("was told older information") == 1, path
        assert "Cedar's team was told older information" in page, path
        assert "Two girls of eighth grade" in page, path
    assert "Two girls" not in team(cast, tip_id)
    page = unescape(alice.post(f"/tips/{tip_id}/911/newer", follow=True).content.decode())
    assert "told older information" not in page
    assert "WHO: Two girls of eighth grade" in team(cast, tip_id)


def test_a_place_that_was_answered_between_two_hand_offs_is_still_asked_about(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, session = handed(cast, where="WHERE: PLACE NOT KNOWN")
    clock.move(60)
    reporter.add_answers(session, {"place": NEW})
    two_teams(cast, tip_id, clock)
    page = unescape(cast.client("alice").get(f"/tips/{tip_id}/911").content.decode())
    behind = page[page.index("Cedar's team was told older information") :]
    assert NEW in behind[: behind.index("</form>")]


def test_one_press_tells_each_team_that_is_behind(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, _ = handed(cast)
    clock.move(60)
    said = write_place(cast, tip_id, "In Tara’s office")
    assert "told older information" in said
    two_teams(cast, tip_id, clock)
    clock.move(60)
    fields = {"subject": "Two girls of eighth grade"}
    assess_tip(open_tip(cast.viewer("alice"), tip_id), fields, Priority.LIFE_SAFETY)
    alice = cast.client("alice")
    page = unescape(alice.get(f"/tips/{tip_id}/911").content.decode())
    behind = re.findall(r"(\S+ \S+) was told older information", page)
    assert len(behind) == 2
    first = page[page.index("Cedar's team was told") :]
    assert "Tara’s office" in first[: first.index("</form>")]
    asked = alice.post(f"/tips/{tip_id}/911/newer")
    about = re.search(r'name="asked_about" value="([^"]*)"', asked.content.decode())
    assert about is not None
    sent = {"meant": "not", "asked_about": about[1]}
    page = unescape(alice.post(f"/tips/{tip_id}/911/newer", sent, follow=True).content.decode())
    assert "told older information" not in page
    told = team(cast, tip_id)
    assert "Tara’s office" in card(told)
    assert "WHO: Two girls of eighth grade" in told


def test_a_place_that_was_judged_after_the_hand_off_is_sent_too(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, _ = handed(cast)
    clock.move(60)
    sent = {"place_now": NEW, "priority": "life_safety", "category": ""}
    page = cast.client("alice").post(f"/tips/{tip_id}/assess", sent, follow=True)
    assert page.status_code == 200
    assert NEW in card(team(cast, tip_id))


def test_whom_the_words_may_mean_is_asked_about_first(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, _ = handed(cast)
    clock.move(60)
    said = write_place(cast, tip_id, "In Tara’s office")
    assert "told older information" in said
    assert "Tara’s office" not in team(cast, tip_id)
    alice = cast.client("alice")
    asked = alice.post(f"/tips/{tip_id}/911/newer")
    assert asked.status_code == 422
    assert "Tara" in asked.content.decode()
    about = re.search(r'name="asked_about" value="([^"]*)"', asked.content.decode())
    assert about is not None
    alice.post(f"/tips/{tip_id}/911/newer", {"meant": "not", "asked_about": about[1]})
    assert "Tara’s office" in team(cast, tip_id)


def test_nothing_goes_to_a_team_that_gave_it_back_or_to_another(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, _ = handed(cast)
    tom = cast.client("tom")
    tom.post(f"/team/{tip_id}/back", {"text": "Not ours."})
    clock.move(60)
    said = write_place(cast, tip_id, NEW)
    assert "was told" not in said
    assert not Note.objects.filter(tip_id=tip_id, kind="update").exists()
    for name in ("tom", "cora", "dee"):
        assert cast.client(name).post(f"/tips/{tip_id}/911/newer").status_code in (403, 404), name


def test_only_the_center_and_the_team_read_it(cast: Cast, carrier: Carrier, clock: Clock) -> None:
    tip_id, _ = handed(cast)
    clock.move(60)
    write_place(cast, tip_id, NEW)
    notes = read_contents(open_tip(cast.viewer("tom"), tip_id)).notes
    assert any(NEW in note.text for note in notes if note.kind == "update")
    row = Note.objects.filter(tip_id=tip_id, kind="update").first()
    assert row is not None
    assert NEW.encode() not in bytes(row.sealed)


class TestPolice:
    def brief(self, cast: Cast, tip_id: UUID) -> Brief:
        sent = {"team": str(cast.teams["maple_police"].pk), "words": "Look.", "danger_now": "on"}
        cast.client("alice").post(f"/tips/{tip_id}/911/police", sent)
        return Brief.objects.get(tip_id=tip_id)

    def page(self, cast: Cast, brief: Brief) -> str:
        return unescape(cast.client("otto").get(f"/police/{brief.pk}").content.decode())

    def test_a_place_that_is_written_down_after_their_brief_is_with_them(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        tip_id, _ = handed(cast)
        brief = self.brief(cast, tip_id)
        assert "PLACE NOT KNOWN" in self.page(cast, brief)
        clock.move(60)
        before = Notice.objects.filter(kind="police_brief").count()
        said = write_place(cast, tip_id, "22 Oak Road")
        assert "Police contacts were told" in said
        page = self.page(cast, brief)
        assert "22 Oak Road" in page
        assert "PLACE NOT KNOWN" not in page
        assert "Update 2" in page
        assert Notice.objects.filter(kind="police_brief").count() > before

    def test_newer_words_are_said_to_them_by_one_press(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        tip_id, session = handed(cast)
        write_place(cast, tip_id, "22 Oak Road")
        brief = self.brief(cast, tip_id)
        clock.move(60)
        reporter.add_message(session, "she is now in the gym at Birch High")
        alice = cast.client("alice")
        sheet = unescape(alice.get(f"/tips/{tip_id}/911").content.decode())
        assert "They were told older information" in sheet
        alice.post(f"/tips/{tip_id}/911/police/{brief.pk}", {"newer": "yes"})
        page = self.page(cast, brief)
        assert "The reporter has written since, and it may say another place" in page
        assert "gym at Birch High" not in page
        sheet = unescape(alice.get(f"/tips/{tip_id}/911").content.decode())
        assert "They were told older information" not in sheet

    def test_a_brief_that_has_ended_is_phoned_about(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        tip_id, _ = handed(cast)
        brief = self.brief(cast, tip_id)
        otto = cast.client("otto")
        otto.post(f"/police/{brief.pk}/acknowledge")
        otto.post(f"/police/{brief.pk}/outcome", {"outcome": "safe", "words": ""})
        clock.move(60)
        write_place(cast, tip_id, "22 Oak Road")
        assert BriefPage.objects.filter(brief=brief).count() == 1


@pytest.mark.parametrize("name", ["tom", "tara"])
def test_nobody_of_a_team_writes_what_the_center_says(cast: Cast, name: str) -> None:
    tip_id, _ = handed(cast)
    answer = cast.client(name).post(f"/tips/{tip_id}/911/newer")
    assert answer.status_code in (403, 404)
