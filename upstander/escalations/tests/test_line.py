"""One phone is one phone: whatever rings, a person is told one thing at a time, and of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.base.moment import database_now
from upstander.carriers.contract import Outgoing
from upstander.carriers.models import ContactMethod, Delivery
from upstander.carriers.queries import RINGS
from upstander.carriers.sending import Outcome
from upstander.escalations.actions import answer_alert
from upstander.escalations.line import BREATH, PACE
from upstander.escalations.models import Acknowledgement, Alert, Page
from upstander.escalations.sending import claim_pages, send_page, sweep_pages
from upstander.escalations.tests.alerts import (
    LATER,
    Clock,
    an_alert,
    as_worker,
    give,
    taken_back,
)
from upstander.places.scope import Staff

HOW = ("sms", "voice", "email")


@dataclass
class Phone:
    """One person's phone and mailbox, which note what comes, and check that it may."""

    cast: Cast
    clock: Clock
    person: int
    #: What was said, and when: (way, alert).
    said: list[tuple[datetime, str, UUID]] = field(default_factory=list)
    #: Whether the provider takes what comes next.
    takes: list[bool] = field(default_factory=list)
    answered_at: datetime | None = None

    def deliver(self, method: ContactMethod, outgoing: Outgoing, **_more: object) -> Outcome:
        """Stand in for ``carriers.sending.deliver``."""
        now = database_now()
        assert outgoing.for_id is not None
        if self.takes and not self.takes.pop():
            return LATER
        if method.kind == "voice":
            assert self.ringing() is None, "two calls ring"
        elif method.kind == "sms":
            last = self.last("sms")
            assert last is None or now - last[0] >= timedelta(seconds=BREATH), "texts in a burst"
        self.check_turn(now, method.kind, outgoing.for_id)
        self.said.append((now, method.kind, outgoing.for_id))
        row = Delivery.objects.create(
            id=(pk := uuid4()),
            chain=pk,
            for_id=outgoing.for_id,
            purpose="page",
            person_id=self.person,
            channel=method.kind,
            provider="north",
            state="accepted",
            code=outgoing.code,
            attempted_at=now,
            changed_at=now,
            sealed=b"words",
        )
        return Outcome("accepted", "", False, row.chain)

    def check_turn(self, now: datetime, way: str, alert_id: UUID) -> None:
        """A school that was named twice is named again once all that waited with it were."""
        kind = self.kind(alert_id)
        before = [one for one in self.said if one[1] == way and self.kind(one[2]) == kind]
        # Last in one round and first in the next is twice in a row.
        if len(before) < 2:
            return
        since = {
            self.kind(one[2]) for one in self.said if one[1] == way and one[0] >= before[-2][0]
        }
        for other in Page.objects.filter(state="due", channel=way, due_at__lte=before[-2][0]):
            assert self.kind(other.alert_id) in since, "one school twice, another not at all"

    def kind(self, alert_id: UUID) -> tuple[int, int]:
        page = Page.objects.filter(alert_id=alert_id)[0]
        return page.school_key, page.turn

    def last(self, way: str) -> tuple[datetime, str, UUID] | None:
        of_way = [one for one in self.said if one[1] == way]
        return of_way[-1] if of_way else None

    def ringing(self) -> Delivery | None:
        since = database_now() - timedelta(seconds=RINGS)
        return Delivery.objects.filter(
            channel="voice", attempted_at__gt=since, sealed__isnull=False
        ).first()

    def hang_up(self, how: str) -> None:
        """Let the call that rings end."""
        if (call := self.ringing()) is not None:
            Delivery.objects.filter(pk=call.pk).update(state=how, sealed=None)

    def answer(self, answer: str, way: str) -> None:
        """Answer what was said last by a way."""
        if (last := self.last(way)) is None:
            return
        alert = Alert.objects.select_for_update().get(pk=last[2])
        answer_alert(
            alert,
            self.person,
            Acknowledgement.Answer(answer),
            actor=Staff(self.person),
            via="sms",
            now=database_now(),
        )

    def comes(self, school: str, way: str, *, crowded: bool) -> Alert:
        """Let an alert be about to be said to this person."""
        alert = an_alert(self.cast, school)
        Alert.objects.filter(pk=alert.pk).update(crowded=crowded)
        alert.steps.all().delete()
        Page.objects.create(
            alert_id=alert.pk,
            district_id=alert.district_id,
            step_number=1,
            person_id=self.person,
            channel=way,
            due_at=database_now(),
        )
        return alert


@pytest.fixture
def phone(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Phone:
    """Give Alice's phone."""
    person = cast.people["alice"]
    give(person, "sms", "voice")
    made = Phone(cast, clock, person.pk)
    monkeypatch.setattr("upstander.escalations.sending.deliver", made.deliver)
    return made


def sweep() -> None:
    with as_worker():
        sweep_pages()


EVENTS = st.one_of(
    st.tuples(
        st.just("comes"),
        st.sampled_from(["cedar", "birch"]),
        st.sampled_from(HOW),
        st.booleans(),
    ),
    st.tuples(st.just("time"), st.integers(1, 20)),
    st.tuples(st.just("hang_up"), st.sampled_from(["busy", "no_answer", "answered", "machine"])),
    st.tuples(
        st.just("answer"), st.sampled_from(["have_it", "seen", "cannot"]), st.sampled_from(HOW)
    ),
    st.tuples(st.just("refuses")),
)


@pytest.mark.slow
@settings(
    max_examples=40,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(events=st.lists(EVENTS, min_size=5, max_size=30))
def test_one_thing_at_a_time_each_in_its_turn_and_none_lost(
    phone: Phone, clock: Clock, events: list[tuple[object, ...]]
) -> None:
    with taken_back():
        began = clock.ahead
        phone.said, phone.takes = [], []
        for what, *how in events:
            if what == "comes":
                school, way, crowded = how
                phone.comes(str(school), str(way), crowded=bool(crowded))
            elif what == "time":
                clock.move(int(str(how[0])))
            elif what == "hang_up":
                phone.hang_up(str(how[0]))
            elif what == "answer":
                phone.answer(str(how[0]), str(how[1]))
            else:
                phone.takes.append(False)
            sweep()
        # From now on nobody answers at all: each is said all the same, one after the other.
        phone.takes = []
        left = Page.objects.filter(state="due").count()
        for _ in range(2 * left + 4):
            clock.move(PACE)
            phone.hang_up("no_answer")
            sweep()
        assert not Page.objects.filter(state="due").exists()
        said = {alert for _, _, alert in phone.said}
        unsaid = Page.objects.exclude(alert_id__in=said).exclude(state="cancelled")
        assert not unsaid.exists(), "nobody is taken for told who was not"
        clock.move(began - clock.ahead)


def test_a_text_names_one_alert_and_says_how_many_wait(phone: Phone, clock: Clock) -> None:
    alerts = [phone.comes("cedar", "sms", crowded=False) for _ in range(4)]
    words: list[str] = []
    deliver, phone_says = phone.deliver, words.append

    def heard(method: ContactMethod, outgoing: Outgoing, **_more: object) -> Outcome:
        phone_says(outgoing.short)
        return deliver(method, outgoing)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("upstander.escalations.sending.deliver", heard)
        sweep()
        assert len(phone.said) == 1
        assert words[0].endswith("3 more wait for you.")
        clock.move(PACE)
        sweep()
    assert words[1].endswith("2 more wait for you.")
    assert {one[2] for one in phone.said} < {alert.pk for alert in alerts}


def test_after_an_answer_the_next_one_goes_out(phone: Phone, clock: Clock) -> None:
    for _ in range(2):
        phone.comes("cedar", "sms", crowded=False)
    sweep()
    clock.move(BREATH)
    sweep()
    assert len(phone.said) == 1, "unanswered it rests"
    phone.answer("have_it", "sms")
    sweep()
    assert len({one[2] for one in phone.said}) == 2


def test_another_school_is_named_within_a_breath_of_a_flood_s_text(
    phone: Phone, clock: Clock
) -> None:
    for _ in range(30):
        phone.comes("cedar", "sms", crowded=False)
    sweep()
    child = phone.comes("birch", "sms", crowded=False)
    clock.move(BREATH)
    sweep()
    assert phone.last("sms") is not None
    assert phone.said[-1][2] == child.pk


def test_what_came_alone_is_said_before_a_crowd_of_the_same_school(
    phone: Phone, clock: Clock
) -> None:
    for _ in range(30):
        phone.comes("cedar", "sms", crowded=True)
    sweep()
    child = phone.comes("cedar", "sms", crowded=False)
    clock.move(BREATH)
    sweep()
    assert phone.said[-1][2] == child.pk


def test_what_several_steps_say_of_one_alert_is_said_once(phone: Phone) -> None:
    alert = phone.comes("cedar", "sms", crowded=False)
    Page.objects.create(
        alert_id=alert.pk,
        district_id=alert.district_id,
        step_number=2,
        person_id=phone.person,
        channel="sms",
        due_at=database_now(),
    )
    sweep()
    assert len(phone.said) == 1
    assert {(p.state, p.delivery_id is None) for p in Page.objects.all()} == {("sent", False)}


def test_of_one_line_two_senders_take_one_page(phone: Phone, clock: Clock) -> None:
    for _ in range(3):
        phone.comes("cedar", "sms", crowded=False)
    with as_worker():
        [page] = claim_pages(mine := uuid4())
        assert claim_pages(uuid4()) == [], "while it is being sent"
        send_page(page, mine)
        clock.move(PACE)
        assert len(claim_pages(uuid4())) == 1
