"""Moving a district to another center: asked by an administrator, signed by who gives it up.

An administrator alone could found a center, move a district to it and read its new tips. So a
supervisor of the center that serves it now has to sign, unlocked; where they refuse, are silent
for seven days or are none, the district's two recovery shares do it (`upstander move`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext

from upstander.approvals.actions import ask
from upstander.approvals.models import Approval
from upstander.audit.actions import record
from upstander.base.moment import database_second
from upstander.base.refused import Refused
from upstander.carriers.notices import tell
from upstander.escalations.actions.alerts import step_aside
from upstander.people import keys
from upstander.people.access import administrators_only, found
from upstander.people.actions.recovery import holder_of
from upstander.people.models import Membership, Team
from upstander.people.queries import center_of_no_place
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import System, Viewer, viewing
from upstander.people.statements import state_as, stated, subject_of
from upstander.places.models import Center, District
from upstander.tips.actions.writing import record_on
from upstander.tips.models import Tip
from upstander.tips.states import TipState
from upstander.triage.moving.passing import check_team, getting, pass_on
from upstander.vault.errors import RecoveryBroken
from upstander.vault.recovery import join

#: So long the center that serves a district may be silent.
SILENCE: Final = timedelta(days=7)


def ask_move(
    viewer: Viewer, district_id: int, center_id: int, kind: str = "district_center"
) -> UUID:
    """Ask that another center answers for a district, or that tips without a place come to it.

    ``kind`` is ``catch_all`` for these. Nothing changes by it. Raises Http404, Refused.
    """
    with viewing(viewer) as now:
        administrators_only(viewer)
        district = found(District, district_id)
        of_center = kind == "district_center"
        center = found(Center, center_id if of_center else district.center_id)
        team = Team.objects.filter(kind=TeamKind.CENTER, center=center).first()
        giving = district.center_id if of_center else center_of_no_place()
        if team is None or giving is None or giving == center.pk:
            raise Refused(gettext("That center is already responsible for it."))
        if not keys.newest_version(team.holder):
            raise Refused(
                gettext("That center has no key yet: its first supervisor must join first.")
            )
        words = (
            gettext("%(new)s answers for %(district)s instead of %(old)s")
            if of_center
            else gettext(
                "tips that name no place come to %(district)s, so to %(new)s instead of %(old)s"
            )
        )
        names = dict(Center.objects.values_list("pk", "name"))
        mail = ask(
            viewer,
            now,
            kind,
            subject=f"district:{district.pk}",
            center_id=giving,
            district_id=district.pk,
            value=f"{center.pk}:{team.pk}",
            words=words
            % {"new": center.name, "district": district.name, "old": names.get(giving, "")},
        )
        asked = Approval.objects.get(kind=kind, subject=f"district:{district.pk}", outcome="")
        check_team(asked)
    if mail is not None:
        mail()
    return asked.pk


def move(viewer: Viewer, asked: Approval) -> Callable[[], int] | None:
    """Do what ``viewer`` has just signed for the center that gives it up; in that transaction.

    What its counselors have waits for the other center. Returns what seals the tips that the
    supervisor can open to that one. Raises Refused.
    """
    check_team(asked)
    if asked.kind == "district_center":
        _put_back(viewer, asked.district_id or 0, database_second())
    for subject, facts in _facts_after(asked).items():
        state_as(subject, facts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.move_district(p_approval => %s)", [asked.pk])
    _record("move signed", viewer, asked)
    return (lambda: pass_on(viewer, asked.pk)) if asked.kind == "district_center" else None


def force_move(district: District, center: Center, share_a: str, share_b: str) -> list[str]:
    """Do it with both recovery shares of the district, where no supervisor signs. As the owner.

    Returns whom to mail of it. Raises Refused (it was not asked for, or a supervisor may still
    sign), RecoveryBroken.
    """
    holder = holder_of(district)
    with transaction.atomic(durable=True):
        public = keys.pair_of(join(share_a, share_b)).public
        if not keys.newest_version(holder) or bytes(keys.public_key_of(holder).public) != public:
            raise RecoveryBroken(gettext("These are not this district’s shares."))
        now = database_second()
        asked = Approval.objects.select_for_update().filter(
            kind="district_center",
            district_id=district.pk,
            center_id=district.center_id,
            value__startswith=f"{center.pk}:",
        )
        last = asked.order_by("asked_at").last()
        if last is None or last.outcome not in {Approval.Outcome.OPEN, Approval.Outcome.REFUSED}:
            raise Refused(
                gettext("This was not requested. An administrator requests it under Transfers.")
            )
        if not may_be_forced(last, now):
            raise Refused(gettext("A supervisor at the current center may still sign it."))
        check_team(last)
        for subject, facts in _facts_after(last).items():
            state_as(subject, facts)
        Approval.objects.filter(pk=last.pk, outcome="").update(outcome="withdrawn")
        District.objects.filter(pk=district.pk).update(center=center)
        last.pk, last.outcome, last.decided_by, last.decided_at = uuid4(), "shares", None, now
        last.save(force_insert=True)
        _record("move done with shares", System(), last)
        return told(last, Approval.Outcome.SHARES)


def may_be_forced(asked: Approval, now: datetime) -> bool:
    """Tell whether the shares may decide: refused, silent for long, or nobody there to sign."""
    supervisors = Membership.objects.filter(
        team__kind=TeamKind.CENTER,
        team__center_id=asked.center_id or 0,
        role=Role.CENTER_SUPERVISOR,
        person__is_active=True,
    )
    refused = asked.outcome == Approval.Outcome.REFUSED
    return refused or now - asked.asked_at >= SILENCE or not supervisors.exists()


def _facts_after(asked: Approval) -> dict[str, dict[str, Any]]:
    """Return what is to be signed of districts once a move has taken effect."""
    districts = [f"district:{pk}" for pk in District.objects.values_list("pk", flat=True)]
    facts = stated([*districts, f"district:{asked.district_id}"])
    own = subject_of(District(pk=asked.district_id))
    if own not in facts:
        raise Refused(gettext("Nothing was done: this district’s signed record is missing."))
    if asked.kind == "district_center":
        center, team = getting(asked)
        return {own: {**facts[own], "center": center, "team": team}}
    others = {
        subject: {**one, "catch_all": False}
        for subject, one in facts.items()
        if one["catch_all"] and subject != own
    }
    return {**others, own: {**facts[own], "catch_all": True}}


def _put_back(viewer: Viewer, district_id: int, now: datetime) -> None:
    """Let what the center's counselors have wait for others; call inside ``viewing``."""
    claimed = Tip.objects.select_for_update().filter(
        district_id=district_id, state=TipState.CLAIMED
    )
    for tip in claimed:
        if tip.claimed_by is not None:
            step_aside(tip.pk, tip.claimed_by, now)
        tip.state, tip.claimed_by, tip.claimed_at = TipState.NEW, None, None
        tip.changed_at, tip.waiting_since = now, tip.waiting_since or now
        tip.save(update_fields=["state", "claimed_by", "claimed_at", "changed_at", "waiting_since"])
        record_on(tip, "tip put back", viewer)


def told(asked: Approval, outcome: Approval.Outcome) -> list[str]:
    """Leave word for both centers' supervisors, the district's leads and its monitors.

    Returns their addresses. Call inside ``viewing``: as far as the viewer sees these people, and
    before a move hides them.
    """
    kinds = {"": "move_asked", "approved": "move_signed", "shares": "move_signed"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, email FROM api.told_of_move(p_move => %s)", [asked.pk])
        people = cursor.fetchall()
    for person, _email in people:
        tell(person, kinds.get(outcome, "move_ended"))
    return sorted({email for _person, email in people})


def _record(action: str, actor: Any, asked: Approval) -> None:
    record(
        action,
        actor=actor,
        subject_kind="district",
        subject_id=asked.district_id or 0,
        district_id=asked.district_id,
        detail={
            "approval": str(asked.pk),
            "kind": asked.kind,
            "from": asked.center_id,
            "to": getting(asked)[0],
        },
    )
