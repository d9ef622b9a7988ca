"""The only ways to fetch a team, a person or a place: who may not see it gets 404."""

from __future__ import annotations

from django.db.models import Model
from django.http import Http404

from upstander.people.models import Membership, Person, Team
from upstander.people.permissions import Permission, may
from upstander.people.scope import Viewer


def is_administrator(viewer: Viewer) -> bool:
    """Tell whether the viewer keeps places and people."""
    return may(viewer, Permission.KEEP_PLACES)


def team_to_keep(viewer: Viewer, team_id: int) -> Team:
    """Return a team that the viewer leads, or any for an administrator; call inside ``viewing``.

    Raises Http404.
    """
    if team_id not in viewer.leads and not is_administrator(viewer):
        raise Http404
    team = Team.objects.select_related("center", "district", "school").filter(pk=team_id).first()
    if team is None:
        raise Http404
    return team


def member_of(team: Team, person_id: int) -> Membership:
    """Return somebody's membership in a team that the viewer may keep. Raises Http404."""
    row = Membership.objects.select_related("person").filter(team=team, person_id=person_id).first()
    if row is None:
        raise Http404
    return row


def person_to_keep(viewer: Viewer, person_id: int) -> Person:
    """Return a person for an administrator; call inside ``viewing``. Raises Http404."""
    person = Person.objects.filter(pk=person_id).first() if is_administrator(viewer) else None
    if person is None:
        raise Http404
    return person


def administrators_only(viewer: Viewer) -> None:
    """Raise Http404 for everybody else."""
    if not is_administrator(viewer):
        raise Http404


def found[M: Model](model: type[M], pk: int) -> M:
    """Return a place within the viewer's sight; call inside ``viewing``. Raises Http404."""
    row = model._default_manager.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
