"""A center's own policies: kept, taken back, and checked against who is really there."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.escalations.actions.steps import plan_of
from upstander.escalations.models import Policy
from upstander.escalations.outside_models import ExternalContact
from upstander.escalations.policy import USUAL, Plan, Situation, problems_with
from upstander.people.models import Membership, Team
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.places.models import School


def center_of(viewer: Viewer) -> int:
    """Return the center that somebody works for; StopIteration never: it is asked of no other."""
    return next(post.center_id for post in viewer.memberships if post.center_id is not None)


def kept_plan(
    center_id: int, school_id: int | None, stage: str, situation: Situation
) -> tuple[Plan, bool]:
    """Return the plan as it holds for one owner, and whether it is their own; in ``viewing``."""
    own = Policy.objects.filter(
        center_id=center_id, school_id=school_id, stage=stage, situation=situation.value
    ).first()
    if own is not None:
        return plan_of(own), True
    shared = (
        Policy.objects.filter(
            center_id=center_id, school_id=None, stage=stage, situation=situation.value
        ).first()
        if school_id is not None
        else None
    )
    return (plan_of(shared) if shared else USUAL[stage, situation]), False


def empty_steps(plan: Plan, *, center_id: int, school_id: int | None) -> list[str]:
    """Return which steps of a plan would reach nobody today; call inside ``viewing``."""
    active = Membership.objects.filter(person__is_active=True)
    center = active.filter(team__kind=TeamKind.CENTER, team__center_id=center_id)
    school = School.objects.filter(pk=school_id).first() if school_id is not None else None
    found: list[str] = []
    for step in plan.steps:
        kind, _, named = step.target.partition(":")
        if kind == "person":
            kinds = Q(team__kind__in=(TeamKind.SCHOOL, TeamKind.DISTRICT))
            near = kinds & Q(team__district__center_id=center_id)
            if school is not None:
                near = kinds & Q(team__district_id=school.district_id)
            near |= Q(team__kind=TeamKind.CENTER, team__center_id=center_id)
            if not active.filter(near, person_id=int(named)).exists():
                found.append(
                    gettext("A person in one step is no longer here. Choose someone else.")
                )
        elif kind == "external":
            if not ExternalContact.objects.filter(pk=int(named), active=True).exists():
                found.append(
                    gettext("An outside contact in one step no longer exists. Choose another.")
                )
        elif kind == "supervisor" and not center.filter(role=Role.CENTER_SUPERVISOR).exists():
            found.append(gettext("Your center has no supervisor to ask."))
        elif school is not None and kind in ("holders", "backups", "team"):
            if not active.filter(team__school_id=school.pk).exists():
                found.append(
                    gettext("%(name)s has no team yet. Set one up first.") % {"name": school.name}
                )
        elif (
            school is not None
            and kind == "district"
            and not active.filter(
                team__kind=TeamKind.DISTRICT, team__district_id=school.district_id
            ).exists()
        ):
            found.append(gettext("The district has no lead to ask."))
    return list(dict.fromkeys(found))


def keep_policy(
    viewer: Viewer, plan: Plan, *, school_id: int | None, stage: str, situation: Situation
) -> Policy:
    """Keep a plan as the center's own, for all its schools or for one: one durable transaction.

    It holds for every alert that is opened from now on. Raises Refused.
    """
    center_id = center_of(viewer)
    problems = problems_with(plan, stage, situation)
    with viewing(viewer) as now:
        if (
            school_id is not None
            and not School.objects.filter(pk=school_id, district__center_id=center_id).exists()
        ):
            problems.append(gettext("There is no such school."))
        if not problems:
            problems = empty_steps(plan, center_id=center_id, school_id=school_id)
        if problems:
            raise Refused(" ".join(problems), problems=[("", one) for one in problems])
        steps: list[dict[str, Any]] = [
            {"after": step.after, "target": step.target} for step in plan.steps
        ]
        policy, _made = Policy.objects.update_or_create(
            center_id=center_id,
            school_id=school_id,
            stage=stage,
            situation=situation.value,
            defaults={
                "steps": steps,
                "every": plan.every,
                "changed_by": viewer.person_id,
                "changed_at": now,
            },
        )
        _note(viewer, "policy changed", policy.pk, stage, situation, school_id)
    return policy


def forget_policy(
    viewer: Viewer, *, school_id: int | None, stage: str, situation: Situation
) -> None:
    """Take an own plan back, so that the shared one holds again, else the usual one."""
    with viewing(viewer):
        policy = Policy.objects.filter(
            center_id=center_of(viewer),
            school_id=school_id,
            stage=stage,
            situation=situation.value,
        ).first()
        if policy is not None:
            _note(viewer, "policy taken back", policy.pk, stage, situation, school_id)
            policy.delete()


def add_contact(viewer: Viewer, name: str, phone: str) -> ExternalContact:
    """Keep somebody outside whom a policy can name; name and number lie sealed."""
    with viewing(viewer):
        contact = ExternalContact.objects.create(
            center_id=center_of(viewer), name=name, phone=phone
        )
        record("outside contact added", actor=viewer, subject_kind="contact", subject_id=contact.pk)
    return contact


def drop_contact(viewer: Viewer, contact_id: int) -> bool:
    """Let nobody be sent to an outside contact any more; a step that names it phones the school."""
    with viewing(viewer):
        gone = ExternalContact.objects.filter(pk=contact_id, active=True).update(active=False)
        if gone:
            record(
                "outside contact removed",
                actor=viewer,
                subject_kind="contact",
                subject_id=contact_id,
            )
    return bool(gone)


def schools_of(center_id: int) -> list[School]:
    """Return the schools that a center serves; call inside ``viewing``."""
    return list(School.objects.filter(district__center_id=center_id).order_by("name"))


def people_by_team(
    center_id: int, school_id: int | None
) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return whom a policy may name: of the center, and of a school's district."""
    teams = Q(team__kind=TeamKind.CENTER, team__center_id=center_id)
    if school_id is not None:
        district = School.objects.values_list("district_id", flat=True).get(pk=school_id)
        teams |= Q(team__kind__in=(TeamKind.SCHOOL, TeamKind.DISTRICT), team__district_id=district)
    found: dict[int, list[tuple[int, str]]] = {}
    names = dict(Team.objects.values_list("pk", "name"))
    for one in Membership.objects.filter(teams, person__is_active=True).select_related("person"):
        found.setdefault(one.team_id, []).append((one.person_id, one.person.name))
    return [
        (names.get(team, ""), sorted(members, key=lambda member: member[1]))
        for team, members in sorted(found.items(), key=lambda item: names.get(item[0], ""))
    ]


def _note(
    viewer: Viewer,
    action: str,
    policy_id: int,
    stage: str,
    situation: Situation,
    school_id: int | None,
) -> None:
    record(
        action,
        actor=viewer,
        subject_kind="policy",
        subject_id=policy_id,
        detail={"stage": stage, "situation": situation.value, "school": school_id},
    )
