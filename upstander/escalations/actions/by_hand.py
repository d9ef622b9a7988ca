"""What a counselor does to a running alert: ask again now, skip ahead, add somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.escalations.actions.alerts import NoSuchAlert
from upstander.escalations.actions.steps import add_steps, advance
from upstander.escalations.models import Alert, Cause, Step
from upstander.escalations.policy import GAP
from upstander.matters.exclusions import Exclusions
from upstander.people.keys import person_mac
from upstander.people.models import Membership, Team
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District


def page_now(viewer: Viewer, alert_id: UUID) -> None:
    """Ask everybody again who was asked so far, at once; whoever is next, if nobody was.

    It does not wait for the district's hours any more. Raises NoSuchAlert, Refused.
    """
    with _open_alert(viewer, alert_id, "asked again by hand") as (alert, now):
        if not alert.raised:
            alert.raised = True
            alert.save(update_fields=["raised"])
            # Whom this doesn't ask again is not left to the morning either.
            advance(alert, now + timedelta(seconds=GAP))
        targets = dict.fromkeys(
            alert.steps.filter(cause=Cause.POLICY, round__gt=1, state=Step.State.DUE)
            .order_by("after_seconds", "number")
            .values_list("target", flat=True)
        )
        if not targets:
            advance(alert, now)
        add_steps(alert, [_step(target, now) for target in targets])


def skip_ahead(viewer: Viewer, alert_id: UUID) -> None:
    """Ask the next people now; those after them keep their distance.

    Raises NoSuchAlert, Refused.
    """
    with _open_alert(viewer, alert_id, "skipped ahead") as (alert, now):
        if not alert.raised:
            alert.raised = True
            alert.save(update_fields=["raised"])
        if not advance(alert, now):
            raise Refused(
                gettext("The steps of this alert are not ready yet. Try again in a second.")
            )


def add_person(viewer: Viewer, alert_id: UUID, person_id: int) -> None:
    """Ask one more person now, of the tip's district or of the center.

    Raises NoSuchAlert, Refused: the person is kept out of the matter, or out of view.
    """
    with _open_alert(viewer, alert_id, "person added") as (alert, now):
        # The same words for both: who is excluded is nobody's to find out by trying.
        excluded = person_mac(person_id) in Exclusions.on([alert.matter_id])
        members = Membership.objects.filter(person_id=person_id, person__is_active=True)
        if alert.center_only:
            members = members.filter(team__kind=TeamKind.CENTER)
        known = members.exists()
        if excluded or not known:
            raise Refused(gettext("This person can't be asked about this tip."))
        add_steps(alert, [_step(f"person:{person_id}", now)])


def _step(target: str, now: datetime) -> Step:
    return Step(target=target, due_at=now, cause=Cause.BY_HAND)


@contextmanager
def _open_alert(viewer: Viewer, alert_id: UUID, action: str) -> Iterator[tuple[Alert, datetime]]:
    """Lock an alert that nobody has yet, and record what is done to it."""
    with viewing(viewer) as now:
        alert = Alert.objects.select_for_update().filter(pk=alert_id).first()
        if alert is None:
            raise NoSuchAlert
        if alert.state != Alert.State.OPEN:
            raise Refused(gettext("Someone has it, or it is over: nobody needs to be asked."))
        yield alert, now
        record(
            action,
            actor=viewer,
            subject_kind="tip",
            subject_id=alert.subject_id,
            district_id=alert.district_id,
            matter_id=alert.matter_id,
        )


def people_to_add(alert: Alert) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return who can be asked besides, by team; call inside ``viewing``.

    Whoever is kept out of the matter is not offered, as if they did not exist; nor, while it is
    about a talk that the center keeps to itself, is anybody else than its own.
    """
    district = District.objects.get(pk=alert.district_id)
    near = Q(kind=TeamKind.CENTER, center_id=district.center_id)
    if not alert.center_only:
        near |= Q(kind__in=(TeamKind.SCHOOL, TeamKind.DISTRICT), district_id=district.pk)
    teams = list(Team.objects.filter(near).order_by("kind", "name"))
    # The school that it is about stands first.
    teams.sort(key=lambda team: team.school_id is None or team.school_id != alert.school_id)
    excluded = Exclusions.on([alert.matter_id])
    members: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for one in Membership.objects.filter(team__in=teams, person__is_active=True).select_related(
        "person"
    ):
        if person_mac(one.person_id) not in excluded:
            members[one.team_id].append((str(one.person_id), one.person.name))
    return [
        (team.name, sorted(members[team.pk], key=lambda choice: choice[1]))
        for team in teams
        if members[team.pk]
    ]
