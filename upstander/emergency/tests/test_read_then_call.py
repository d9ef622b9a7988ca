"""A ticked "now" orders no call: a named person reads and decides, or phones ring ever further."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from conftest import Cast
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.cases.tests.story import read_and_agree
from upstander.decisions.models import SecondOpinion
from upstander.emergency.actions.help import decide_911, record_call
from upstander.emergency.models import Call
from upstander.emergency.tests.story import LINES, a_tip
from upstander.escalations.actions.reading import Decision, name_fallback
from upstander.escalations.actions.tasks import ReadFirst, finish_task, open_task, take_task
from upstander.escalations.models import Alert, Page, Step, Task
from upstander.escalations.outside_models import FallbackPhone
from upstander.escalations.tests.alerts import Carrier, Clock, asked, give, taken_back, work
from upstander.intake.priority import Priority
from upstander.people.scope import viewing
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import assess_tip, claim_tip

ORDER = ("call 911", "what to say", "i am calling")


@pytest.fixture
def now_ticked(cast: Cast) -> UUID:
    """A tip that its reporter ticked as happening now."""
    return a_tip(cast, tile="attack", when="now")


def alert_of(tip_id: UUID) -> Alert:
    return Alert.objects.filter(subject_id=tip_id).latest("opened_at")


def to_decide(tip_id: UUID) -> Task:
    return Task.objects.get(subject_id=tip_id, kind=Task.Kind.DECIDE_911)


def staff_page(cast: Cast, name: str, path: str, data: dict[str, Any] | None = None) -> str:
    client = cast.client(name)
    answer = client.get(path) if data is None else client.post(path, data, follow=True)
    return str(answer.content.decode())


def test_no_order_to_call_stands_before_anybody_has_read(
    cast: Cast, carrier: Carrier, clock: Clock, now_ticked: UUID
) -> None:
    work()
    assert to_decide(now_ticked).state == "open"
    assert not Task.objects.filter(kind=Task.Kind.CALL_911).exists()
    for path in ("/queue", "/supervisor"):
        name = "sam" if path == "/supervisor" else "alice"
        shown = staff_page(cast, name, path).lower()
        assert not [words for words in ORDER if words in shown], path
        assert 'href="tel:' not in shown
    assert "911: decide" in staff_page(cast, "alice", "/queue")
    clock.move(301)
    work(2)
    assert carrier.outgoing
    for sent in carrier.outgoing:
        told = f"{sent.title} {sent.short} {sent.spoken} {sent.long}".lower()
        # As a word: an address in it holds a random identifier, which may hold these digits.
        assert not re.search(r"\b911\b", told)
        assert "happening now" not in told.replace("says it is happening now", "")


def test_unopened_for_sixty_seconds_it_climbs_and_then_the_last_phone_rings(
    cast: Cast, carrier: Carrier, clock: Clock, now_ticked: UUID
) -> None:
    for name in ("alice", "bea", "sam", "bob"):
        give(cast.people[name], "voice")
    name_fallback(cast.viewer("sam"), cast.people["bea"].pk)
    work()
    alert = alert_of(now_ticked)
    clock.move(59)
    work()
    assert not asked(cast, alert)
    clock.move(2)
    work()
    assert {"alice", "bea", "sam"} <= asked(cast, alert, cause="task")
    last = Step.objects.get(alert_id=alert.pk, target="fallback")
    assert not Page.objects.filter(alert_id=alert.pk, step_number=last.number).exists()
    clock.move(60)
    work()
    rung = Page.objects.filter(alert_id=alert.pk, step_number=last.number, state=Page.State.SENT)
    assert {page.person_id for page in rung} == {cast.people["bea"].pk}
    assert "voice" in {page.channel for page in rung}, "the last phone rings at once"
    clock.move(60)
    work()
    rounds = Page.objects.filter(alert_id=alert.pk, cause="task").values_list("round", flat=True)
    assert max(rounds) > 1, "after 181 seconds all of them again"


def test_where_no_last_phone_is_named_everybody_of_the_center_is_rung(
    cast: Cast, carrier: Carrier, clock: Clock, now_ticked: UUID
) -> None:
    work()
    clock.move(121)
    work()
    alert = alert_of(now_ticked)
    last = Step.objects.get(alert_id=alert.pk, target="fallback")
    rung = Page.objects.filter(alert_id=alert.pk, step_number=last.number)
    assert {page.person_id for page in rung} == {
        cast.people[name].pk for name in ("alice", "bea", "sam")
    }


def test_a_claim_is_not_reading_and_silences_nothing(
    cast: Cast, carrier: Carrier, clock: Clock, now_ticked: UUID
) -> None:
    claim_tip(cast.viewer("alice"), now_ticked)
    work()
    clock.move(61)
    work()
    assert {"bea", "sam"} <= asked(cast, alert_of(now_ticked), cause="task")
    for name in ("alice", "bea"):
        with pytest.raises(ReadFirst):
            take_task(cast.viewer(name), to_decide(now_ticked).pk)
        with pytest.raises(ReadFirst):
            finish_task(cast.viewer(name), to_decide(now_ticked).pk, "not_needed")
    shown = staff_page(cast, "bea", f"/tasks/{to_decide(now_ticked).pk}/take", {})
    assert "Read it first" in shown


def test_opening_takes_it_for_one_minute_and_no_reload_takes_it_again(
    cast: Cast, carrier: Carrier, clock: Clock, now_ticked: UUID
) -> None:
    work()
    clock.move(30)
    shown = staff_page(cast, "alice", f"/tips/{now_ticked}")
    assert "You have read it. You decide." in shown
    task = to_decide(now_ticked)
    assert (task.state, task.taken_by) == ("taken", cast.people["alice"].pk)
    assert 58 <= (task.due_at - database_now()).total_seconds() <= 60
    clock.move(45)
    work()
    assert not asked(cast, alert_of(now_ticked), cause="task")
    for _ in range(3):
        clock.move(20)
        work()
        staff_page(cast, "alice", f"/tips/{now_ticked}")
        staff_page(cast, "alice", f"/tips/{now_ticked}/911")
    assert to_decide(now_ticked).state == "open", "a page that is loaded anew decides nothing"
    assert {"bea", "sam"} <= asked(cast, alert_of(now_ticked), cause="task")


def test_an_open_page_that_keeps_itself_up_to_date_is_nobody_reading(
    cast: Cast, carrier: Carrier, now_ticked: UUID
) -> None:
    work()
    staff_page(cast, "alice", f"/tips/{now_ticked}/parts")
    assert to_decide(now_ticked).state == "open"


def test_whoever_read_before_the_task_came_has_it(
    cast: Cast, carrier: Carrier, now_ticked: UUID
) -> None:
    staff_page(cast, "alice", f"/tips/{now_ticked}")
    work()
    task = to_decide(now_ticked)
    assert (task.state, task.taken_by) == ("taken", cast.people["alice"].pk)


def test_who_decides_to_call_has_the_script_and_rings_others_if_silent(
    cast: Cast, carrier: Carrier, clock: Clock, now_ticked: UUID
) -> None:
    work()
    staff_page(cast, "alice", f"/tips/{now_ticked}")
    shown = staff_page(cast, "alice", f"/tips/{now_ticked}/911/decision", {"decision": "call"})
    assert "Say this" in shown
    assert "nobody has called yet" in shown
    assert "notice-success" not in shown, "nothing is done by deciding to call"
    assert "Record my call" in shown, "what the words name stands there"
    assert to_decide(now_ticked).outcome == "decided_call"
    call = Task.objects.get(subject_id=now_ticked, kind=Task.Kind.CALL_911)
    assert (call.state, call.taken_by) == ("taken", cast.people["alice"].pk)
    work()
    assert to_decide(now_ticked).state == "done", "what was decided is not asked again"
    clock.move(181)
    work(2)
    assert {"bea", "sam"} <= asked(cast, alert_of(now_ticked), cause="task")
    opened = open_tip(cast.viewer("alice"), now_ticked)
    record_call(opened, LINES, line=Call.Line.PSAP, police=False, danger_now=False)
    call.refresh_from_db()
    assert (call.state, call.outcome) == ("done", "reached")


def test_not_now_needs_its_reason_and_one_fact_leaves_it_open(
    cast: Cast, carrier: Carrier, clock: Clock, now_ticked: UUID
) -> None:
    work()
    path = f"/tips/{now_ticked}/911/decision"
    client = cast.client("alice")
    client.get(f"/tips/{now_ticked}")
    for decision in ("not_now", "fact"):
        refused = client.post(path, {"decision": decision, "words": "  "})
        assert refused.status_code == 422
    assert client.post(path, {"decision": "send everybody"}).status_code == 404
    client.post(path, {"decision": "fact", "words": "Which building?"})
    task = to_decide(now_ticked)
    assert (task.state, task.taken_by) == ("taken", cast.people["alice"].pk)
    clock.move(121)
    work(2)
    assert to_decide(now_ticked).state == "open", "the fact did not come: others are asked"
    client.post(path, {"decision": "not_now", "words": "It was a film, says the school."})
    assert to_decide(now_ticked).outcome == "decided_not_now"
    notes = [note.text for note in read_contents(open_tip(cast.viewer("bea"), now_ticked)).notes]
    assert "911: not now. It was a film, says the school." in notes
    clock.move(121)
    work(2)
    assert to_decide(now_ticked).state == "done", "it is not asked again the next round"


def test_an_order_to_call_that_is_not_needed_any_more_rings_nobody(
    cast: Cast, carrier: Carrier, clock: Clock, now_ticked: UUID
) -> None:
    work()
    path = f"/tips/{now_ticked}/911/decision"
    for name in ("alice", "bea"):
        staff_page(cast, name, f"/tips/{now_ticked}")
    staff_page(cast, "alice", path, {"decision": "call"})
    staff_page(cast, "bea", path, {"decision": "not_now", "words": "Seen and safe."})
    call = Task.objects.get(subject_id=now_ticked, kind=Task.Kind.CALL_911)
    assert (call.state, call.outcome, call.done_by) == (
        "done",
        "decided_not_now",
        cast.people["bea"].pk,
    )
    clock.move(300)
    work(2)
    assert not asked(cast, alert_of(now_ticked), cause="task")


def test_what_two_have_lowered_can_still_be_decided(
    cast: Cast, carrier: Carrier, now_ticked: UUID
) -> None:
    work()
    claim_tip(cast.viewer("alice"), now_ticked)
    opened = open_tip(cast.viewer("alice"), now_ticked)
    assess_tip(opened, {"condition": "well"}, Priority.URGENT, reason="A film, says the school.")
    second = SecondOpinion.objects.get(tip_id=now_ticked)
    read_and_agree(cast.viewer("bea"), second.pk)
    assert Tip.objects.get(pk=now_ticked).rank == 1
    assert "I need a fact first" in staff_page(cast, "alice", f"/tips/{now_ticked}")


def test_an_assessment_answers_what_waits(cast: Cast, carrier: Carrier, now_ticked: UUID) -> None:
    work()
    claim_tip(cast.viewer("alice"), now_ticked)
    opened = open_tip(cast.viewer("alice"), now_ticked)
    fields = {"call_911": "not_now", "call_911_why": "Seen and safe in the office."}
    assess_tip(opened, fields, Priority.LIFE_SAFETY)
    assert to_decide(now_ticked).outcome == "decided_not_now"


def test_after_a_hand_off_too_it_is_read_first(
    cast: Cast, carrier: Carrier, clock: Clock, now_ticked: UUID
) -> None:
    claim_tip(cast.viewer("alice"), now_ticked)
    opened = open_tip(cast.viewer("alice"), now_ticked)
    hand_off(opened, [cast.teams["cedar"].pk], "A brief.")
    work(2)
    assert not Task.objects.filter(kind=Task.Kind.CALL_911).exists()
    assert Task.objects.filter(kind=Task.Kind.DECIDE_911).count() == 1


def test_nobody_decides_from_the_queue(cast: Cast, carrier: Carrier, now_ticked: UUID) -> None:
    work()
    client = cast.client("alice")
    answer = client.post(f"/tips/{now_ticked}/911/decision", {"decision": "call"}, follow=True)
    page = answer.content.decode()
    assert "Nothing is decided yet: first read what they wrote." in page
    assert not Task.objects.filter(kind=Task.Kind.CALL_911).exists()
    # They stand there now.
    client.post(f"/tips/{now_ticked}/911/decision", {"decision": "call"})
    assert Task.objects.filter(kind=Task.Kind.CALL_911).exists()


class TestTheDatabaseItself:
    """Past every action, as the owner: a call needs somebody who has opened the words."""

    def call(self, tip_id: UUID, taken_by: int | None) -> Task:
        tip, now = Tip.objects.get(pk=tip_id), database_now()
        return open_task(
            Task.Kind.CALL_911,
            subject_id=tip_id,
            matter_id=tip.matter_id,
            district_id=tip.district_id,
            due_at=now,
            now=now,
            taken_by=taken_by,
        )

    @pytest.mark.parametrize("name", [None, "alice", "bea"])
    def test_nobody_orders_it_unread(self, cast: Cast, now_ticked: UUID, name: str | None) -> None:
        # Sam has read it; that is no reading of Alice's.
        open_tip(cast.viewer("sam"), now_ticked)
        person = cast.people[name].pk if name else None
        with pytest.raises(IntegrityError), transaction.atomic():
            self.call(now_ticked, person)

    def test_the_press_that_decides_is_no_reading(
        self, cast: Cast, carrier: Carrier, now_ticked: UUID
    ) -> None:
        work()
        alice = cast.people["alice"].pk
        open_tip(cast.viewer("alice"), now_ticked, purpose="decide about 911")
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.filter(kind=Task.Kind.DECIDE_911).update(state="done", done_by=alice)

    def test_nobody_decides_it_unread(self, cast: Cast, carrier: Carrier, now_ticked: UUID) -> None:
        work()
        alice = cast.people["alice"].pk
        for values in ({"state": "taken", "taken_by": alice}, {"state": "done", "done_by": alice}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Task.objects.filter(kind=Task.Kind.DECIDE_911).update(**values)
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.filter(kind=Task.Kind.DECIDE_911).update(
                kind=Task.Kind.CALL_911, state="taken", taken_by=alice
            )
        open_tip(cast.viewer("alice"), now_ticked)
        assert self.call(now_ticked, alice).state == "taken"

    def test_the_worker_learns_who_opened_and_no_desk_does(
        self, cast: Cast, now_ticked: UUID
    ) -> None:
        ask = "SELECT api.opened_by(p_subject => %s, p_since => '-infinity')"
        open_tip(cast.viewer("alice"), now_ticked, purpose="restrict")
        with connection.cursor() as cursor:
            cursor.execute(ask, [now_ticked])
            assert cursor.fetchone() == (None,), (
                "what was opened for an exclusion was read by nobody"
            )
        alice = cast.viewer("alice")
        with pytest.raises(DatabaseError), taken_back(), viewing(alice):
            connection.cursor().execute(ask, [now_ticked])


def test_only_a_supervisor_names_the_last_phone_and_only_of_their_center(cast: Cast) -> None:
    with pytest.raises(Refused):
        name_fallback(cast.viewer("sam"), cast.people["cora"].pk)
    assert cast.client("alice").post("/policies/fallback", {"person": ""}).status_code == 403
    with pytest.raises(DatabaseError), taken_back():
        name_fallback(cast.viewer("alice"), cast.people["alice"].pk)
    page = staff_page(cast, "sam", "/policies/fallback", {"person": str(cast.people["alice"].pk)})
    assert "Saved. From now on it rings" in page
    assert FallbackPhone.objects.get().person_id == cast.people["alice"].pk
    staff_page(cast, "sam", "/policies/fallback", {"person": ""})
    assert not FallbackPhone.objects.exists()


def test_a_decision_by_somebody_who_has_not_read_is_refused(
    cast: Cast, carrier: Carrier, now_ticked: UUID
) -> None:
    """Another center's counselor and a school's team decide nothing."""
    work()
    opened = open_tip(cast.viewer("alice"), now_ticked)
    hand_off_to = cast.teams["cedar"].pk
    claim_tip(cast.viewer("alice"), now_ticked)
    hand_off(opened, [hand_off_to], "A brief.")
    for name in ("tom", "cora"):
        answer = cast.client(name).post(f"/tips/{now_ticked}/911/decision", {"decision": "call"})
        assert answer.status_code in (403, 404), name
    with pytest.raises(Exception):  # noqa: B017, PT011 - whichever wall is the first
        decide_911(open_tip(cast.viewer("tom"), now_ticked), Decision.CALL)
