"""What the child answers last is what 911 is told, whatever was noted before it."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.desk.answered import SAYS
from upstander.desk.one_source import Facts, facts_of, places_around
from upstander.emergency.actions.help import record_call, save_sheet
from upstander.emergency.models import Call
from upstander.emergency.queries import standing_of
from upstander.emergency.sheet import Told
from upstander.emergency.tests.test_one_truth import (
    ADDRESS,
    STREET,
    cedar,
    get,
    said_everywhere,
    taken,
    tell,
)
from upstander.escalations.tests.alerts import Carrier, Clock
from upstander.intake.floors import RULES
from upstander.intake.priority import Priority
from upstander.intake.taxonomy import QUESTIONS_BY_KEY, TILES, priority_floor, questions_for
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.opening import OpenTip, open_tip, read_contents
from upstander.triage import shown as panel
from upstander.triage.actions.handoff import hand_off, record_next_step
from upstander.triage.actions.work import assess_tip

__all__ = ["cedar"]

NOTED = {
    "condition": "Not hurt",
    "weapons": "None",
    "hazards": "None",
    "what": "A quarrel",
    "subject": "A boy in a red jacket",
}


def filed(cast: Cast, tile: str, **answers: str) -> tuple[UUID, str]:
    one = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="Words.",
            language="en",
            tile=tile,
            answers=answers,
            school_id=cast.cedar.pk,
        )
    )
    return one.tip_id, one.session_token


def facts(opened: OpenTip) -> Facts:
    contents = read_contents(opened)
    with viewing(opened.viewer) as now:
        standing, around = standing_of(opened.tip, now), places_around(opened.tip, contents)
        row = panel.judgement_on(opened.tip.pk, now).assessment
    shown = panel.assessment_panel(opened, row)
    return facts_of(opened, opened.tip, contents, shown, standing, around)


def test_a_graver_answer_after_an_assessment_comes_first(
    cast: Cast, carrier: Carrier, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip_id, session = filed(cast, "drugs", who="someone", when="soon")
    opened = taken(cast, tip_id)
    assess_tip(opened, {"condition": "well"}, Priority.LIFE_SAFETY)
    clock.move(20)
    reporter.add_answers(session, {"awake": "no"})
    want = "The reporter has since answered: not awake or not breathing well. Before that: Not hurt"
    for where, text in said_everywhere(cast, tip_id, monkeypatch).items():
        assert want in text, where


def test_a_graver_answer_after_a_typed_line_comes_first(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, session = filed(cast, "fight", who="me", when="soon")
    opened = taken(cast, tip_id)
    cast.client("alice").post(f"/tips/{tip_id}/911/sheet", {"weapons": "None"})
    clock.move(20)
    reporter.add_answers(session, {"means": "yes"})
    line = facts(opened).lines["weapons"]
    assert line.startswith("The reporter has since answered: they can get a gun, a knife")
    assert line.endswith("Before that: None")
    # Kept again unchanged, it stays so; typed anew, it is theirs.
    cast.client("alice").post(f"/tips/{tip_id}/911/sheet", {"weapons": line})
    assert facts(opened).lines["weapons"] == line
    clock.move(20)
    cast.client("alice").post(f"/tips/{tip_id}/911/sheet", {"weapons": "A knife in a pocket"})
    assert facts(opened).lines["weapons"] == "A knife in a pocket"


def test_a_judgement_that_is_written_down_anew_hides_no_graver_answer(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, session = filed(cast, "drugs", who="someone", when="soon")
    opened = taken(cast, tip_id)
    reporter.add_answers(session, {"awake": "no"})
    clock.move(20)
    assess_tip(opened, {"condition": "well"}, Priority.LIFE_SAFETY)
    said = "The reporter answered: not awake or not breathing well. A counselor noted: Not hurt"
    assert facts(opened).lines["condition"] == said


def test_a_calmer_answer_stands_after_what_was_noted(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, session = filed(cast, "drugs", who="someone", when="soon")
    opened = taken(cast, tip_id)
    save_sheet(opened, {"condition": "Hurt at the arm"}, {"condition": Told("typed", opened.at)})
    clock.move(20)
    reporter.add_answers(session, {"awake": "yes"})
    said = "Hurt at the arm. The reporter has since answered: awake and breathing well"
    assert facts(opened).lines["condition"] == said


GRAVE = sorted(
    {
        (tile.key, one.question, answer)
        for tile in TILES
        for one in SAYS
        for answer in QUESTIONS_BY_KEY[one.question].options
        if one.question in {q.key for q in questions_for(tile.key, {}, step="follow_up")}
        and priority_floor(tile.key, {one.question: answer}).priority
        > priority_floor(tile.key, {}).priority
    }
)


def test_every_question_that_can_raise_a_floor_is_said_on_a_line() -> None:
    asked = {rule.question for rule in RULES} - {""}
    assert asked <= {one.question for one in SAYS}
    for rule in RULES:
        for one in SAYS:
            if one.question == rule.question != "who":
                assert rule.answers <= set(one.words), rule.reason
                assert rule.answers <= one.grave, rule.reason


@pytest.mark.parametrize(("tile", "question", "answer"), GRAVE)
@pytest.mark.parametrize("how", ["typed", "assessed", "call"])
def test_no_later_answer_that_raises_the_floor_is_missing(
    cast: Cast, carrier: Carrier, clock: Clock, tile: str, question: str, answer: str, how: str
) -> None:
    tip_id, session = filed(cast, tile, who="someone", when="days")
    opened = taken(cast, tip_id)
    if how == "typed":
        save_sheet(opened, NOTED, {key: Told("typed", opened.at) for key in NOTED})
    elif how == "assessed":
        noted = {"condition": "well", "means": "no", "exact_words": "x" * 700}
        assess_tip(opened, noted, Priority.LIFE_SAFETY)
    else:
        record_call(opened, NOTED, line=Call.Line.E911, police=False, danger_now=False)
    clock.move(5)
    reporter.add_answers(session, {question: answer})
    [says] = [one for one in SAYS if one.question == question]
    line = facts(open_tip(opened.viewer, tip_id)).lines[says.line]
    plain = says.words[answer].removeprefix("the reporter says: ")
    assert plain.removeprefix("the reporter says that ").casefold() in line.casefold()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(length=st.integers(min_value=1, max_value=600))
def test_however_long_the_note_the_place_is_not_cut_away(length: int) -> None:
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415
    from types import SimpleNamespace  # noqa: PLC0415

    from upstander.desk.answered import add_newer  # noqa: PLC0415
    from upstander.emergency.sheet import LINE_LIMIT  # noqa: PLC0415

    at = datetime(2026, 11, 1, tzinfo=UTC)
    lines, told = {"street": "y" * length}, {"street": Told("typed", at)}
    later = SimpleNamespace(answers={"place": STREET}, answered={"place": at + timedelta(1)})
    add_newer(later, SimpleNamespace(received_at=at), lines, told)  # type: ignore[arg-type]
    assert STREET in lines["street"]
    assert len(lines["street"]) <= LINE_LIMIT


class TestHowItIsSaid:
    def test_no_sentence_makes_the_caller_the_one_in_danger(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tip_id = tell(cast, who="me", place=STREET)
        taken(cast, tip_id)
        for where, text in said_everywhere(cast, tip_id, monkeypatch).items():
            if where == "tip":  # There the form's own questions stand besides.
                continue
            assert "Who needs help? Me" not in text, where
            assert "It is about the reporter themselves" in text, where
        facts_now = facts(open_tip(cast.viewer("alice"), tip_id))
        assert facts_now.lines["subject"] == "The reporter themselves"

    def test_a_brief_warns_of_weapons_condition_and_hazards_and_tells_no_minute(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        tip_id, session = filed(cast, "fight", who="someone", when="now", place=STREET)
        opened = taken(cast, tip_id)
        reporter.add_answers(session, {"means": "yes"})
        assess_tip(opened, {"condition": "not_waking"}, Priority.LIFE_SAFETY)
        save_sheet(opened, {"hazards": "A dog"})
        brief = facts(open_tip(opened.viewer, tip_id)).brief()
        for words in ("WEAPONS", "can get a gun", "CONDITION: Not awake", "HAZARDS: A dog", STREET):
            assert words in brief
        times = re.findall(r"\d\d?:\d\d", brief)
        assert times
        assert all(one.endswith("0") for one in times), times

    def test_a_kept_call_is_said_to_police_and_names_its_school(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cast.cedar.emergency_contact = "Main office, 555-0142"
        cast.cedar.save()
        tip_id = tell(cast, place=STREET)
        opened = taken(cast, tip_id)
        record_call(opened, {}, line=Call.Line.E911, police=True, danger_now=True, why="Pills.")
        found = said_everywhere(cast, tip_id, monkeypatch)
        for where in ("page", "paper", "brief"):
            assert re.search(r"911 was called at \d+:\d\d [ap]\.m\. on", found[where]), where
        sheet = get(cast, f"/tips/{tip_id}/911").content.decode()
        assert "Cedar Middle School: Main office, 555-0142" in sheet


class TestTheTeamsPage:
    def page(self, cast: Cast, tip_id: UUID) -> str:
        html = cast.client("tom").get(f"/team/{tip_id}").content.decode()
        return html[html.index('id="next"') :]

    def handed(self, cast: Cast, tip_id: UUID, brief: str | None = None) -> OpenTip:
        opened = taken(cast, tip_id)
        hand_off(opened, [cast.teams["cedar"].pk], brief or facts(opened).brief())
        record_next_step(open_tip(cast.viewer("tom"), tip_id), "visit", "")
        return opened

    def test_where_is_what_was_said_and_never_the_school_s_address(self, cast: Cast) -> None:
        tip_id = tell(cast, place=STREET, who="someone")
        self.handed(cast, tip_id)
        page = self.page(cast, tip_id)
        assert STREET in page
        assert ADDRESS not in page
        assert "Cedar Middle School: named in the report, not said to be there" in page

    def test_a_place_that_nobody_gave_is_not_known(self, cast: Cast) -> None:
        tip_id = tell(cast, who="someone")
        self.handed(cast, tip_id)
        page = self.page(cast, tip_id)
        assert "PLACE NOT KNOWN: read the brief" in page
        assert ADDRESS not in page

    def test_a_place_that_came_after_the_hand_off_is_said_too(self, cast: Cast) -> None:
        tip_id, session = filed(cast, "suicide", who="someone", when="now")
        self.handed(cast, tip_id)
        reporter.add_answers(session, {"place": "Behind the library"})
        assert "Behind the library (the reporter, not verified)" in self.page(cast, tip_id)

    def test_a_call_that_was_made_stands_before_another(self, cast: Cast) -> None:
        tip_id = tell(cast, place=STREET, who="someone")
        opened = self.handed(cast, tip_id)
        assert "<span>Call 911</span>" in self.page(cast, tip_id)
        record_call(opened, {}, line=Call.Line.E911, police=False, danger_now=False)
        page = self.page(cast, tip_id)
        assert re.search(r"911: by the crisis center, at \d?\d:\d\d", page)
        assert "m.." not in page
        assert "Call 911 again only if it got worse" in page
        assert "<span>Call 911</span>" not in page
        record_next_step(open_tip(cast.viewer("tom"), tip_id), "call_911", "")
        assert re.search(r"911: by your team, at \d?\d:\d\d", self.page(cast, tip_id))

    def test_a_closing_that_was_refused_comes_back_as_it_was(self, cast: Cast) -> None:
        tip_id = tell(cast, place=STREET, who="someone")
        self.handed(cast, tip_id)
        said = {"disposition": "support_given", "text": "With her mother.", "unanswered": "yes"}
        refused = cast.client("tom").post(f"/team/{tip_id}/close", said, follow=True)
        page = refused.content.decode()
        form = page[page.index('id="close"') : page.index('id="back"')]
        assert re.search(r'value="support_given" required\s+checked', form)
        assert "With her mother." in form
        assert 'name="unanswered" value="yes" checked' in form
        assert "With her mother." not in page[page.index('id="notes"') : page.index('id="close"')]
        assert "nobody at the center has assessed" in page


def test_no_page_prints_the_school_s_address_as_the_place() -> None:
    """Wherever a template prints it, it is one that lists or edits schools."""
    from pathlib import Path  # noqa: PLC0415

    import upstander  # noqa: PLC0415

    root = Path(upstander.__file__).parent
    found = {
        str(one.relative_to(root))
        for one in root.rglob("*.html")
        if re.search(r"\bschool\.address\b|school_address", one.read_text())
    }
    assert not {name for name in found if not name.startswith("places/")}, found
