"""Whatever the office does with an entry, in any order: nobody changes it alone, all is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error
from django.http import Http404
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.audit.models import Entry as RecordEntry
from upstander.base.refused import Refused
from upstander.escalations.tests.alerts import Clock, clock, taken_back
from upstander.mandated.register.actions import disclosing
from upstander.mandated.register.models import BlindIndex, Entry, Event, Proposal
from upstander.mandated.register.tests.test_changes_by_two import DECIDE, NAME, by_sql, propose
from upstander.mandated.register.tests.test_register import agree
from upstander.mandated.register.tests.test_register_pages import question
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.people import factories
from upstander.people.models import Membership
from upstander.people.roles import Role

__all__ = ["clock"]

KEEPERS = ("cleo", "sol", "bo")
#: How a step is refused; who is in no team any more can't even sign in.
NOT_THEIRS = (Refused, Http404, Error, RuntimeError)
NAMES = (NAME, "Nora Quill", "Mr. R.")
STEPS = ("clean", "prove", "rename", "half", "agree", "refuse", "sql", "month", "leave", "come")


class Story:
    """An unnamed allegation at a school, and what its keepers do with it."""

    def __init__(self, cast: Cast, clock: Clock) -> None:
        self.cast, self.clock = cast, clock
        offices(cast)
        self.teams = {name: Membership.objects.get(person=cast.people[name]) for name in KEEPERS}
        suspect(cast, rule="employee", words={"suspected": "The new coach"})
        self.entry = Entry.objects.get()
        self.in_office = set(KEEPERS)
        #: Who proposed what waits; None: nothing does.
        self.by: str | None = None
        self.said: dict[str, Any] = {}
        self.stands: dict[str, Any] = {"name": "", "outcome": "unproven"}
        self.steps = 0

    def do(self, who: str, step: str) -> None:
        """Do a step, if that is theirs to do, and tell what must be so afterwards."""
        if step == "month":
            self.clock.move(timedelta(days=31).total_seconds())
            self.by = None
            return
        if step in ("leave", "come"):
            self._move(who, step)
            return
        if step in ("agree", "refuse", "sql"):
            self._decide(who, step)
            return
        changes: dict[str, dict[str, Any]] = {
            "clean": {"outcome": Entry.Outcome.UNSUBSTANTIATED, "outcome_on": date(2021, 3, 9)},
            "prove": {"outcome": Entry.Outcome.SUBSTANTIATED, "outcome_on": date(2021, 3, 9)},
            "rename": {"name": NAMES[self.steps % 2]},
            "half": {"name": NAMES[2]},
        }
        said = changes[step]
        try:
            propose(self.cast, who, self.entry, **said)
        except NOT_THEIRS:
            return
        assert who in self.in_office
        assert self.by is None or self.by not in self.in_office
        self.by = who
        self.said = {**self.stands, **{k: v for k, v in said.items() if k != "outcome_on"}}
        self.steps += 1

    def _decide(self, who: str, step: str) -> None:
        proposal = Proposal.objects.filter(state="waits").first()
        if proposal is None:
            return
        try:
            if step == "sql":
                if not by_sql(self.cast.viewer(who), DECIDE, proposal.pk, uuid4()):
                    return
            else:
                agree(self.cast, who, self.entry, agrees=step == "agree")
        except NOT_THEIRS:
            return
        assert who in self.in_office
        assert self.by is not None
        self.steps += 1
        if step != "refuse":
            assert who != self.by, "one person alone"
            assert self.by in self.in_office, "someone who left"
            self.stands = self.said
        self.by = None

    def _move(self, who: str, step: str) -> None:
        if step == "leave" and who in self.in_office:
            Membership.objects.filter(person=self.cast.people[who]).delete()
            self.in_office.remove(who)
        elif step == "come" and who not in self.in_office:
            seat = self.teams[who]
            factories.join(self.cast.people[who], seat.team, Role(seat.role), self.cast.keys)
            self.in_office.add(who)

    def holds(self) -> None:
        """Compare what stands with what two agreed to, and what letters say of it."""
        self.entry.refresh_from_db()
        assert self.entry.outcome == self.stands["outcome"]
        named = BlindIndex.objects.filter(entry=self.entry, strength__gte=3).exists()
        assert named == (self.stands["name"] in NAMES[:2])
        done = RecordEntry.objects.filter(action__startswith="register change").count()
        events = Event.objects.filter(kind__in=("asked", "agreed", "refused", "back")).count()
        assert done == events == self.steps
        agreed = Proposal.objects.filter(state="agreed")
        assert all(one.decided_by not in (None, one.person_id) for one in agreed)
        if "bo" not in self.in_office:
            return
        told = self.stands["outcome"] != "unsubstantiated"
        # Half a name is as good as none, and changes for nobody whether they are clear.
        whole = [
            one["name"] if one["name"] in NAMES[:2] else ""
            for one in (self.said, self.stands)
            if one
        ]
        renames = self.by is not None and whole[0] != whole[1]
        for name in NAMES[:2]:
            asked = question(self.cast, name, school_id=self.cast.cedar.pk)
            bo = self.cast.viewer("bo")
            clear = not disclosing.look(bo, asked) and not disclosing.unsettled(bo, asked)
            theirs = self.stands["name"] == name
            waits = self.by is not None and name in (self.stands["name"], self.said["name"])
            assert clear == (not (told and (theirs or not named)) and not renames and not waits)


@pytest.mark.django_db
@settings(
    max_examples=15,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.tuples(st.sampled_from(KEEPERS), st.sampled_from(STEPS)), max_size=10))
@example(steps=[("cleo", "clean"), ("cleo", "agree"), ("cleo", "sql"), ("sol", "agree")])
@example(steps=[("cleo", "rename"), ("cleo", "leave"), ("sol", "sql"), ("sol", "agree")])
@example(steps=[("cleo", "half"), ("sol", "agree"), ("bo", "rename"), ("sol", "agree")])
@example(steps=[("sol", "clean"), ("bo", "month"), ("bo", "sql"), ("bo", "prove")])
@example(
    steps=[
        ("sol", "clean"),
        ("sol", "leave"),
        ("sol", "come"),
        ("bo", "agree"),
        ("cleo", "rename"),
        ("bo", "refuse"),
    ]
)
def test_no_order_of_steps_changes_an_entry_by_one_person(
    cast: Cast, clock: Clock, steps: list[tuple[str, str]]
) -> None:
    ahead = clock.ahead
    with taken_back():
        story = Story(cast, clock)
        for who, step in steps:
            story.do(who, step)
            story.holds()
    clock.move(ahead - clock.ahead)
