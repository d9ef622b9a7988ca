"""What falls due after the first report: whose it is, what begins it, and what ends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from upstander.mandated.models import Deadline, Duty, DutyEvent
from upstander.people.roles import DISTRICT_OFFICE, SCHOOL_OFFICE, Role
from upstander.people.scope import Viewer
from upstander.states import Deadline as DeadlineRule
from upstander.states import DutyRule
from upstander.states.said import owner_words

#: Which roles may meet what an owner owes, if the duty was granted to them (the database asks too).
OWNERS: Mapping[str, frozenset[Role]] = {
    "superintendent": frozenset({Role.SUPERINTENDENT, Role.BOARD_CHAIR}),
    "head_of_school": frozenset(SCHOOL_OFFICE),
    # An agency owes it to the district, whose office writes down that it came, and asks if not.
    "agency": frozenset(DISTRICT_OFFICE),
}
OF_AN_OFFICE: frozenset[Role] = frozenset().union(*OWNERS.values())


def _begun_by(rule: DutyRule) -> Mapping[DutyEvent.Kind, frozenset[Role]]:
    # That an agency's investigation has ended no school's office says.
    own = OWNERS["head_of_school"] if rule.inquiry == "school" else frozenset()
    return {
        DutyEvent.Kind.SUSPENDED: OWNERS["agency"],
        DutyEvent.Kind.INQUIRY_OVER: OWNERS["agency"] | own,
    }


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline of a duty as its page shows it; ``over`` zero or less: in time."""

    row: Deadline
    rule: DeadlineRule
    over: timedelta
    mine: bool
    #: The district's time zone; "" where nothing is shown in it.
    zone: str = ""

    @property
    def owner(self) -> str:
        """Whose it is, in words."""
        return owner_words(self.rule.owner)

    @property
    def late(self) -> bool:
        """Whether it is, or was met, past its time."""
        return self.over > timedelta(0)


def dues_of(viewer: Viewer, duty: Duty, rule: DutyRule, now: datetime) -> list[Due]:
    """Return what falls due later in a duty, by time, with its clock at ``now`` (UTC)."""
    rules = {one.key: one for one in rule.follow}
    return [
        Due(
            row,
            rules[row.key],
            (row.met_at or now) - row.due_at,
            may_meet(viewer, duty, row.owner),
        )
        for row in Deadline.objects.filter(duty_id=duty.pk).order_by("due_at", "key")
        if row.key in rules
    ]


def may_meet(viewer: Viewer, duty: Duty, owner: str) -> bool:
    """Tell whether the viewer is, in this duty, whose a later duty is."""
    if owner == "reporter":
        return duty.person_id == viewer.person_id
    return bool(OWNERS.get(owner, frozenset()) & viewer.roles)


def begins(viewer: Viewer, duty: Duty, rule: DutyRule) -> list[DutyEvent.Kind]:
    """Return the events by which the viewer can begin something that a duty's rule knows of."""
    known = {one.after for one in rule.follow}
    # A head of a school is one at that school alone (as the function `mandated_is` asks).
    there = any(one.school_id in (None, duty.school_id) for one in viewer.memberships)
    return [
        kind
        for kind, roles in _begun_by(rule).items()
        if there and kind.value in known and roles & viewer.roles
    ]
