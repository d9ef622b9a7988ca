"""What falls due after the first report: whose it is, what begins it, and what ends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection
from django.http import Http404

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.cases.homes import FAMILIES, HOME, AboutHome
from upstander.mandated.actions import open_duty, rules_of
from upstander.mandated.events import KIND, open_deadlines
from upstander.mandated.models import Deadline, Duty, DutyEvent
from upstander.mandated.rule_sets import Deadline as DeadlineRule
from upstander.mandated.rule_sets import DutyRule
from upstander.mandated.rule_sets.said import owner_words
from upstander.mandated.words import pack
from upstander.places.roles import Role
from upstander.places.scope import Viewer, viewing

#: Which roles may meet what an owner owes, if the duty was granted to them (the database asks too).
OWNERS: Mapping[str, frozenset[Role]] = {
    "superintendent": frozenset({Role.SUPERINTENDENT, Role.BOARD_CHAIR}),
    "head_of_school": frozenset({Role.HEAD_OF_SCHOOL, Role.DESIGNEE}),
    # An agency owes it to the district, whose office writes down that it came, and asks if not.
    "agency": frozenset({Role.SUPERINTENDENT, Role.BOARD_CHAIR, Role.COMPLIANCE_LEAD}),
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


def begins(viewer: Viewer, rule: DutyRule) -> list[DutyEvent.Kind]:
    """Return the events by which the viewer can begin something that the rule knows of."""
    known = {one.after for one in rule.follow}
    return [k for k, roles in _begun_by(rule).items() if k.value in known and roles & viewer.roles]


def note_event(
    viewer: Viewer, duty_id: UUID, kind: DutyEvent.Kind, *, at: datetime, words: Mapping[str, str]
) -> None:
    """Keep that somebody was suspended or that an investigation has ended (``at``, UTC).

    What the rule says is due after it falls due from then. Raises Http404, Refused, FolderShut.
    """
    duty, folder = open_duty(viewer, duty_id, purpose=kind.value)
    rule = rules_of(duty)[1]
    if kind not in begins(viewer, rule):
        raise Http404
    event_id = uuid4()
    with viewing(viewer) as now:
        if at > now:
            raise Refused("That time lies in the future: what is written down has happened.")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT api.office_event(p_duty => %s, p_event => %s, p_kind => %s, "
                "p_happened => %s, p_sealed => %s)",
                [duty_id, event_id, kind.value, at, folder.seal("event", event_id, pack(words))],
            )
        later = [one for one in rule.follow if one.after == kind.value]
        open_deadlines(duty.district_id, event_id, later, at, now)
        _record(viewer, duty, f"duty: {kind.value}")


def meet_deadline(
    viewer: Viewer,
    duty_id: UUID,
    deadline_id: UUID,
    *,
    at: datetime,
    words: Mapping[str, str],
    homes: Mapping[str, AboutHome] | None = None,
) -> None:
    """Keep that something that fell due later was done (``at``, UTC). Its owner alone.

    ``homes``: by family, whether home is safe; asked where families are told something. Where one
    isn't told, the words say what is done instead. Raises Http404, Refused, FolderShut.
    """
    duty, folder = open_duty(viewer, duty_id, purpose="met")
    event_id, homes_id = uuid4(), uuid4()
    with viewing(viewer) as now:
        row = Deadline.objects.filter(pk=deadline_id, duty_id=duty_id).first()
        if row is None or not may_meet(viewer, duty, row.owner):
            raise Http404
        if row.met_at is not None:
            raise Refused("This is written down already.")
        if not row.since <= at <= now:
            raise Refused("That time lies in the future, or before it could have been done.")
        asked = _each_home(homes or {}, words) if row.asks_home else None
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT api.meet_deadline(p_deadline => %s, p_event => %s, p_happened => %s, "
                "p_sealed => %s, p_homes_event => %s, p_homes => %s)",
                [
                    deadline_id,
                    event_id,
                    at,
                    folder.seal("event", event_id, pack(words)),
                    homes_id,
                    folder.seal("event", homes_id, pack(asked)) if asked else None,
                ],
            )
        _record(viewer, duty, "duty: met", key=row.key)


def _each_home(homes: Mapping[str, AboutHome], words: Mapping[str, str]) -> dict[str, str]:
    """Return what was said of each family's home, in words. Raises Refused."""
    said = {key: homes.get(key, AboutHome()) for key in FAMILIES}
    if any(one.answer not in HOME for one in said.values()):
        raise Refused(
            "First answer whether home is safe, for each family: a parent may be the danger."
        )
    if not all(one.tells for one in said.values()) and not words.get("words", "").strip():
        raise Refused(
            "A family is not told. Say in the words which one, why, and what is done instead."
        )
    return {
        key: f"{HOME[one.answer]}: {'told' if one.tells else 'not told'}"
        for key, one in said.items()
    }


def _record(viewer: Viewer, duty: Duty, action: str, **detail: object) -> None:
    record(
        action,
        actor=viewer,
        subject_kind=KIND,
        subject_id=duty.pk,
        district_id=duty.district_id,
        matter_id=duty.matter_id,
        detail=detail,
    )
