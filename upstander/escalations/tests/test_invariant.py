"""The promise itself: at every instant somebody has it, or somebody is about to be asked.

*At every instant a life-safety alert is acknowledged by "have it", or has a due row in the future
not later than its step's delay, or is being sent now.* Whatever the policy, and whatever happens.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, example, given, note, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.audit.actions import record
from upstander.base.moment import database_now
from upstander.carriers.models import ContactMethod, Delivery, Inbound
from upstander.carriers.sending import Outcome
from upstander.escalations.actions import alerts as actions
from upstander.escalations.actions.alerts import NoSuchAlert, acknowledge
from upstander.escalations.actions.judging import follow_priority
from upstander.escalations.models import Acknowledgement, Alert, News, Page, Policy, Step
from upstander.escalations.policy import (
    GAP,
    IDLE_SECONDS,
    NEXT_STEP_SECONDS,
    SCHOOL,
    TARGET_WORDS,
    Plan,
    PolicyStep,
    Situation,
    problems_with,
)
from upstander.escalations.tests.alerts import (
    LATER,
    REFUSED,
    Carrier,
    Clock,
    an_alert,
    exclude,
    give,
    taken_back,
    work,
)
from upstander.escalations.unasked import UNASKED
from upstander.intake.priority import Priority
from upstander.people.models import Person
from upstander.people.scope import Staff

NAMES = ("tara", "tom", "uma", "dee", "alice", "bea", "sam")


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a policy that a supervisor could keep."""
    now, steps = draw(st.integers(0, 60)), []
    named = [*(t for t in TARGET_WORDS if t != "decide_911"), "person:999999999"]
    for target in ["holders", *draw(st.lists(st.sampled_from(named), max_size=4)), "center"]:
        steps.append(PolicyStep(now, target))
        now += draw(st.integers(1, 150))
    # At the most, 90 s after the last gap of 150 and 60 before the first step: five minutes.
    plan = Plan(tuple(steps), max(60, now + draw(st.integers(0, 90))))
    assert problems_with(plan, SCHOOL, Situation.SOON) == []
    return plan


@dataclass
class World:
    """One alert, its people, and what can happen to them."""

    cast: Cast
    clock: Clock
    carrier: Carrier
    alert: Alert
    luck: list[str] = field(default_factory=list)

    def outcome(self, _method: ContactMethod) -> Outcome | None:
        """Let the provider do what was drawn; when nothing is left, it takes everything."""
        drawn = self.luck.pop() if self.luck else "accepted"
        return {"refused": REFUSED, "later": LATER}.get(drawn)

    def happen(self, what: str, who: str, seconds: int) -> None:
        """Let one thing happen, before the worker looks again."""
        person, now = self.cast.people[who], database_now()
        here = Person.objects.filter(pk=person.pk, is_active=True)
        if what in ("have_it", "seen", "cannot") and here.exists():
            with suppress(NoSuchAlert):
                acknowledge(self.cast.viewer(who), self.alert.pk, Acknowledgement.Answer(what))
        elif what == "acts":
            # A hand at work spares its owner's phone, and moves no step.
            record("tip claimed", actor=Staff(person.pk), subject_kind="tip", subject_id=uuid4())
        elif what in ("reply", "key"):
            Inbound.objects.create(
                kind="sms" if what == "reply" else "key",
                person_id=person.pk,
                for_id=self.alert.pk,
                answer="have_it" if what == "reply" else "seen",
                at=now,
                provider="north",
                ref=str(uuid4()),
            )
        elif what == "exclusion":
            actions.step_aside(self.alert.subject_id, person.pk, now)
            exclude(self.alert, person)
        elif what == "leave":
            here.update(is_active=False)
        elif what == "busy":
            self._calls_end(now)
        elif what == "wrote":
            News.objects.create(subject_id=self.alert.subject_id, kind="wrote", at=now)
        elif what in ("routine", "life_safety"):
            follow_priority(self.alert.subject_id, Priority(what), now)
        elif what == "progress":
            actions.progress(self.alert.subject_id)
        elif what in ("back", "forward"):
            self.clock.move(3600 if what == "forward" else -3600)
        else:
            self.clock.move(seconds)

    def _calls_end(self, now: datetime) -> None:
        """Let every call of the alert end with nobody on the line."""
        for page in Page.objects.filter(alert_id=self.alert.pk, state=Page.State.SENT):
            Delivery.objects.create(
                chain=page.delivery_id or uuid4(),
                for_id=self.alert.pk,
                purpose="page",
                person_id=page.person_id,
                channel=page.channel,
                provider="north",
                state="no_answer",
                attempted_at=now,
                changed_at=now,
            )

    def is_being_sent(self) -> bool:
        """Tell whether a step of the policy is due in this very second."""
        due = Step.objects.filter(alert_id=self.alert.pk, state=Step.State.DUE, cause="policy")
        return due.filter(due_at__lte=database_now()).exists()

    def check(self, plan: Plan) -> None:
        """Nobody waits on silence, and the watch takes nobody for silenced."""
        with connection.cursor() as cursor:
            cursor.execute(UNASKED)
            assert cursor.fetchall() == []
        alert, now = Alert.objects.get(pk=self.alert.pk), database_now()
        if alert.state == Alert.State.ACKNOWLEDGED:
            assert alert.acknowledged_by is not None
            # Who has it and then says "seen" has it still: only "can't" gives it back.
            said = alert.acknowledgements.filter(person_id=alert.acknowledged_by)
            latest = said.exclude(answer=Acknowledgement.Answer.SEEN).latest("number")
            assert latest.answer == Acknowledgement.Answer.HAVE_IT
            if alert.next_step_due_at is not None:
                most = max(
                    NEXT_STEP_SECONDS[Priority(alert.priority)],
                    IDLE_SECONDS[Priority(alert.priority)],
                )
                assert (alert.next_step_due_at - now).total_seconds() <= most
            return
        assert alert.state == Alert.State.OPEN
        if alert.priority != Priority.LIFE_SAFETY:
            return
        due = alert.steps.filter(state=Step.State.DUE, cause="policy").order_by("due_at").first()
        assert due is not None, "it has run out"
        wait = (due.due_at - now).total_seconds()
        delays = [b.after - a.after for a, b in zip(plan.steps, plan.steps[1:], strict=False)]
        delays += [plan.every - plan.steps[-1].after + plan.steps[0].after, plan.steps[0].after]
        note(f"{wait} s until {due.target}")
        assert 0 < wait <= max(delays) <= GAP


EVENTS = st.tuples(
    st.sampled_from(
        [
            "time",
            "time",
            "time",
            "have_it",
            "seen",
            "cannot",
            "reply",
            "key",
            "acts",
            "exclusion",
            "leave",
            "busy",
            "wrote",
            "routine",
            "life_safety",
            "progress",
            "back",
            "forward",
        ]
    ),
    st.sampled_from(NAMES),
    st.integers(1, 200),
)


@pytest.mark.slow
@settings(
    max_examples=12,
    # A story of a few seconds is not worth minutes of making it shorter.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    plan=plans(),
    events=st.lists(EVENTS, min_size=4, max_size=12),
    luck=st.lists(st.sampled_from(["accepted", "refused", "later"]), max_size=30),
    phones=st.sets(st.sampled_from(NAMES)),
)
# The clock went back by a second more than the time last written down could show.
@example(
    plan=Plan(
        (PolicyStep(28, "holders"), PolicyStep(87, "district"), PolicyStep(135, "center")), 200
    ),
    events=[("time", "tom", 1), ("have_it", "tara", 71), ("back", "alice", 4)],
    luck=[],
    phones=set(),
)
def test_at_every_instant_somebody_has_it_or_is_about_to_be_asked(
    cast: Cast,
    carrier: Carrier,
    clock: Clock,
    plan: Plan,
    events: list[tuple[str, str, int]],
    luck: list[str],
    phones: set[str],
) -> None:
    with taken_back():
        began = clock.ahead
        Policy.objects.create(
            center_id=cast.center.pk,
            school_id=cast.cedar.pk,
            stage="school",
            situation="soon",
            steps=[step._asdict() for step in plan.steps],
            every=plan.every,
            changed_by=1,
            changed_at=database_now(),
        )
        for name in phones:
            give(cast.people[name], "sms", "voice")
        world = World(cast, clock, carrier, an_alert(cast, "cedar"), list(luck))
        carrier.says = world.outcome
        work()
        for what, who, seconds in events:
            world.happen(what, who, seconds)
            work(2)
            # Whom nobody can reach passes it on in the next second: at most once for each step.
            for _ in plan.steps:
                if not world.is_being_sent():
                    break
                work()
            world.check(plan)
        clock.move(began - clock.ahead)
