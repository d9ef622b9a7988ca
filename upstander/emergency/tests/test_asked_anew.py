"""Who is asked about 911, and when again: by what was answered, not by a tick of "now" alone."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from conftest import Cast
from upstander.base.refused import Refused
from upstander.cases.tests.story import read_and_agree
from upstander.decisions.actions import close_tip, need_asked, reopen_tip
from upstander.decisions.models import SecondOpinion
from upstander.emergency.actions.help import confirm_help, decide_911, record_call
from upstander.emergency.models import Call
from upstander.emergency.tests.story import LINES
from upstander.escalations.actions.reading import Decision
from upstander.escalations.actions.undone import left_undone
from upstander.escalations.models import Alert, Task
from upstander.escalations.tests.alerts import Carrier, Clock, asked, work
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip

RUNNING = ("open", "taken")


def tell(cast: Cast, tile: str, **answers: str) -> tuple[UUID, str]:
    """File a tip; return it and its reporter's session."""
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="Somebody needs help.",
            language="en",
            tile=tile,
            answers=answers,
            school_id=cast.cedar.pk,
        )
    )
    return filed.tip_id, filed.session_token


def deciding(tip_id: UUID) -> list[Task]:
    """Return the decisions about 911 that are asked for."""
    return list(
        Task.objects.filter(subject_id=tip_id, kind=Task.Kind.DECIDE_911, state__in=RUNNING)
    )


def not_now(cast: Cast, tip_id: UUID, name: str = "alice") -> None:
    decide_911(open_tip(cast.viewer(name), tip_id), Decision.NOT_NOW, "She is with her mother.")


def called(cast: Cast, tip_id: UUID) -> None:
    opened = open_tip(cast.viewer("alice"), tip_id)
    record_call(opened, LINES, line=Call.Line.E911, police=True, danger_now=True, why="As it says.")


def closed(cast: Cast, tip_id: UUID) -> None:
    """Close it by two."""
    opened = open_tip(cast.viewer("alice"), tip_id)
    proposed = close_tip(opened, "support_given", "She is at the hospital.")
    assert isinstance(proposed, SecondOpinion)
    read_and_agree(cast.viewer("bea"), proposed.pk)


@pytest.mark.parametrize(
    ("tile", "answers"),
    [
        ("drugs", {"when": "soon", "awake": "no"}),
        ("drugs", {"awake": "no"}),
        ("other", {"fire": "yes"}),
        ("drugs", {"when": "now"}),
    ],
)
def test_what_asks_for_911_asks_a_person_whenever_it_happens(
    cast: Cast, carrier: Carrier, clock: Clock, tile: str, answers: dict[str, str]
) -> None:
    tip_id, _ = tell(cast, tile, **answers)
    work()
    assert deciding(tip_id)
    clock.move(61)
    work()
    assert {"alice", "bea", "sam"} <= asked(
        cast, Alert.objects.get(subject_id=tip_id), cause="task"
    )


def test_a_later_answer_asks_too_and_goes_along_to_the_school(cast: Cast, carrier: Carrier) -> None:
    tip_id, session = tell(cast, "drugs", when="soon")
    work()
    assert not deciding(tip_id)
    reporter.add_answers(session, {"awake": "no"})
    work()
    assert deciding(tip_id)
    assert not Tip.objects.get(pk=tip_id).happening_now, "nobody said now"
    claim_tip(cast.viewer("alice"), tip_id)
    hand_off(open_tip(cast.viewer("alice"), tip_id), [cast.teams["cedar"].pk], "A brief.")
    assert Alert.objects.get(subject_id=tip_id, stage="school").asks_911


def test_a_graver_answer_overrides_not_now_within_its_ten_minutes(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, session = tell(cast, "suicide", who="me", when="now")
    work()
    not_now(cast, tip_id)
    clock.move(30)
    work()
    assert not deciding(tip_id)
    reporter.add_answers(session, {"means": "no"})
    work()
    assert not deciding(tip_id), "this one says nothing graver"
    clock.move(30)
    reporter.add_answers(session, {"hurt_today": "yes"})
    work()
    [task] = deciding(tip_id)
    assert task.state == "open", "who read before has not read this"
    clock.move(61)
    work()
    assert {"bea", "sam"} <= asked(cast, Alert.objects.get(subject_id=tip_id), cause="task")
    not_now(cast, tip_id)
    reporter.add_answers(session, {"hurt_today": "yes"})
    work()
    assert not deciding(tip_id), "the same answer again is nothing new"


def test_on_a_closed_tip_a_graver_answer_asks_at_once(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, session = tell(cast, "suicide", who="me", when="now")
    claim_tip(cast.viewer("alice"), tip_id)
    work()
    not_now(cast, tip_id)
    closed(cast, tip_id)
    work()
    clock.move(60)
    reporter.add_answers(session, {"hurt_today": "yes"})
    assert Tip.objects.get(pk=tip_id).state == "returned"
    work()
    assert deciding(tip_id)
    clock.move(61)
    work()
    assert {"bea", "sam"} <= asked(cast, Alert.objects.get(subject_id=tip_id), cause="task")


def test_new_words_ask_again_only_where_nobody_has_it(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, session = tell(cast, "attack", when="now")
    work()
    not_now(cast, tip_id)
    # Who decided works on it, and has not claimed it: nobody else does.
    clock.move(180)
    reporter.add_message(session, "He is in the hall.")
    work()
    assert deciding(tip_id)
    not_now(cast, tip_id)
    claim_tip(cast.viewer("alice"), tip_id)
    clock.move(180)
    reporter.add_message(session, "And now he has gone.")
    work()
    assert not deciding(tip_id), "a question for each line would be pressed away unread"
    clock.move(181)
    work(2)
    assert asked(cast, Alert.objects.get(subject_id=tip_id), cause="unanswered")


class TestACallThatWasMade:
    def test_nobody_is_asked_again_while_help_is_awaited_or_has_come(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        tip_id, _ = tell(cast, "attack", when="now")
        claim_tip(cast.viewer("alice"), tip_id)
        hand_off(open_tip(cast.viewer("alice"), tip_id), [cast.teams["cedar"].pk], "A brief.")
        work(2)
        called(cast, tip_id)
        for _minute in range(25):
            clock.move(60)
            work(2)
            assert not deciding(tip_id)
        confirm_help(open_tip(cast.viewer("alice"), tip_id), arrived=True)
        for _minute in range(25):
            clock.move(60)
            work(2)
            assert not deciding(tip_id)

    def test_something_graver_asks_whether_to_call_again(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        tip_id, session = tell(cast, "suicide", who="someone", when="now")
        claim_tip(cast.viewer("alice"), tip_id)
        work()
        called(cast, tip_id)
        clock.move(120)
        reporter.add_answers(session, {"hurt_today": "yes"})
        work()
        assert deciding(tip_id)
        page = cast.client("alice").get(f"/tips/{tip_id}").content.decode()
        assert "Something more serious has come in since: call again?" in page
        assert "Nobody has decided yet" not in page


def panel(cast: Cast, tip_id: UUID, name: str = "alice") -> str:
    """Return how the panel of where, what, now and who stands on the page: "open" or ""."""
    page = cast.client(name).get(f"/tips/{tip_id}").content.decode()
    found = re.search(
        r"<details\s+class=\"section section-folded\"([^>]*)>\s*<summary>\s*<h2>W", page
    )
    assert found, "the panel"
    return " ".join(found[1].split())


def test_the_panel_folds_when_it_is_decided_and_opens_again_for_something_graver(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, session = tell(cast, "suicide", who="someone", when="now")
    claim_tip(cast.viewer("alice"), tip_id)
    work()
    assert panel(cast, tip_id) == "open", "nobody has decided"
    not_now(cast, tip_id)
    assert panel(cast, tip_id) == ""
    clock.move(120)
    reporter.add_answers(session, {"means": "no"})
    work()
    assert panel(cast, tip_id) == "", "nothing graver"
    reporter.add_answers(session, {"hurt_today": "yes"})
    work()
    for name in ("alice", "bea"):
        assert panel(cast, tip_id, name) == "open"
    not_now(cast, tip_id)
    assert panel(cast, tip_id) == ""


class TestClosingOverIt:
    def test_it_asks_tells_the_second_person_and_comes_back(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        tip_id, _ = tell(cast, "suicide", who="someone", when="now")
        claim_tip(cast.viewer("alice"), tip_id)
        work()
        called(cast, tip_id)
        alice = cast.client("alice")
        cast.client("alice").post(f"/tips/{tip_id}/claim")
        shown = alice.get(f"/tips/{tip_id}/close").content.decode()
        assert "nobody has confirmed that it arrived" in shown
        opened = open_tip(cast.viewer("alice"), tip_id)
        with pytest.raises(Refused, match="nobody has confirmed"):
            need_asked(opened, {"unanswered", "unassessed"})
        need_asked(opened, {"unanswered", "unassessed", "undone"})
        proposed = close_tip(opened, "support_given", "She is at the hospital.")
        second = cast.client("bea").get(f"/tips/{tip_id}").content.decode()
        assert "Still open: help was called, and nobody has confirmed that it arrived." in second
        read_and_agree(cast.viewer("bea"), proposed.pk)
        work()
        assert Task.objects.get(subject_id=tip_id, kind="confirm_help").state == "dropped"
        banner = cast.client("alice").get(f"/tips/{tip_id}").content.decode()
        assert "Bea" in banner[banner.index("Closed.") :]
        assert "agreed" in banner
        clock.move(60)
        reopen_tip(cast.viewer("alice"), tip_id)
        work()
        again = Task.objects.get(subject_id=tip_id, kind="confirm_help")
        assert (again.state, again.taken_by) == ("open", None)
        assert deciding(tip_id)
        clock.move(900)
        work(2)
        assert asked(cast, Alert.objects.get(subject_id=tip_id), cause="task")

    def test_however_often_it_is_closed_and_opened_none_is_there_twice(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        tip_id, session = tell(cast, "suicide", who="someone", when="now")
        claim_tip(cast.viewer("alice"), tip_id)
        work()
        called(cast, tip_id)
        for _ in range(3):
            closed(cast, tip_id)
            clock.move(5)
            reporter.add_message(session, "It is not over.")
            clock.move(5)
            work(2)
            assert Task.objects.filter(subject_id=tip_id, kind="confirm_help").count() == 1
            assert len(deciding(tip_id)) == 1
            cast.client("alice").post(f"/tips/{tip_id}/claim")

    def test_a_school_knows_what_is_open_and_others_nothing(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        tip_id, _ = tell(cast, "suicide", who="someone", when="now")
        claim_tip(cast.viewer("alice"), tip_id)
        hand_off(open_tip(cast.viewer("alice"), tip_id), [cast.teams["cedar"].pk], "A brief.")
        work()
        called(cast, tip_id)

        def seen_by(name: str) -> list[str]:
            with viewing(cast.viewer(name)):
                return left_undone(tip_id)

        assert seen_by("tom") == ["help was called, and nobody has confirmed that it arrived"]
        assert seen_by("alice") == seen_by("tom")
        assert seen_by("tara") == seen_by("tom")
        for name in ("uma", "bob"):
            if name in cast.people:
                assert seen_by(name) in ([], seen_by("tom"))
        page = cast.client("tom").get(f"/team/{tip_id}").content.decode()
        assert "I am closing it anyway" in page


def test_a_fact_is_asked_for_twice_in_a_row_at_most(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id, _ = tell(cast, "attack", when="now")
    work()
    path = f"/tips/{tip_id}/911/decision"
    for name in ("alice", "bea", "sam"):
        cast.client(name).get(f"/tips/{tip_id}")

    def fact(name: str) -> Any:
        return cast.client(name).post(path, {"decision": "fact", "words": "Which building?"})

    fact("alice")
    assert deciding(tip_id)[0].state == "taken"
    fact("alice")
    assert deciding(tip_id)[0].state == "open", "others are asked meanwhile"
    work()
    assert {"bea", "sam"} <= asked(cast, Alert.objects.get(subject_id=tip_id), cause="task")
    refused = fact("alice")
    assert refused.status_code == 422
    assert "You have asked for a fact twice" in refused.content.decode()
    fact("bea")
    assert deciding(tip_id)[0].taken_by == cast.people["bea"].pk
    assert fact("alice").status_code == 302, "somebody else's turn came in between"


def test_a_reopened_tip_tells_its_reporter_that_it_waits_until_somebody_opens_it(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    from upstander.doors.web.told import told, waits  # noqa: PLC0415

    tip_id, session = tell(cast, "suicide", who="me", when="now")
    claim_tip(cast.viewer("alice"), tip_id)
    closed(cast, tip_id)
    reporter.add_message(session, "It is worse.")
    dialog = reporter.dialog_for(session)
    assert waits(dialog)
    assert told(dialog).words == "Waiting for a counselor."
    open_tip(cast.viewer("bea"), tip_id)
    dialog = reporter.dialog_for(session)
    assert not waits(dialog)
    assert "back with the crisis center" in told(dialog).words
