"""A team's page for its lead: who is in it, who is asked, and its key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upstander.base.refused import Refused
from upstander.people import queries
from upstander.people.access import is_administrator, member_of, team_to_keep
from upstander.people.actions import invitations, leaving
from upstander.people.actions.monitors import end_monitor
from upstander.people.forms.team import InviteForm, MemberForm, MonitorForm
from upstander.people.keys import NotAMember
from upstander.people.models import Membership, Team
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.roles import LEADING, TeamKind
from upstander.people.scope import viewing
from upstander.ui.press import refusal_on, refusal_told


@require_GET
@requires(Permission.LEAD_TEAM)
def team_list(request: HttpRequest) -> HttpResponse:
    """The teams I lead; for an administrator all of them."""
    viewer = viewer_of(request)
    with viewing(viewer):
        teams = queries.teams_to_keep(viewer)
    if len(teams) == 1:
        return redirect("people:team", team_id=teams[0].team.pk)
    return render(request, "people/teams.html", {"teams": teams})


@require_GET
@requires(Permission.LEAD_TEAM)
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """One team."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        found = team_to_keep(viewer, team_id)
        context = {
            "report": queries.team_report(found),
            "invitations": queries.open_invitations(found, now),
            "me": viewer.person_id,
            "leads": found.pk in viewer.leads,
            "administrator": is_administrator(viewer),
        }
    return render(request, "people/team.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.LEAD_TEAM)
def invite(request: HttpRequest, team_id: int) -> HttpResponse:
    """Ask somebody in; the answer shows the words to be said by phone, once."""
    viewer = viewer_of(request)
    with viewing(viewer):
        found = team_to_keep(viewer, team_id)
        has_key = queries.has_key(found)
    only = None if has_key else LEADING
    form = InviteForm(found, request.POST if request.method == "POST" else None, only=only)
    if request.method == "POST" and form.is_valid():
        with refusal_on(form):
            if has_key and found.pk not in viewer.leads:
                invitations.propose(viewer, team_id, form.invitee())
                messages.success(
                    request, gettext("Suggested. The team’s lead can send the invitation.")
                )
                return redirect("people:team", team_id=team_id)
            sent = invitations.invite(viewer, team_id, form.invitee())
            return render(request, "people/invited.html", {"sent": sent, "team": found})
    context = {"form": form, "team": found, "has_key": has_key, "leads": found.pk in viewer.leads}
    return render(request, "people/invite.html", context)


@never_cache
@require_POST
@requires(Permission.LEAD_TEAM)
def send_again(request: HttpRequest, team_id: int, invitation_id: UUID) -> HttpResponse:
    """Send an invitation with a new link and new words."""
    viewer = viewer_of(request)
    with refusal_told(request):
        sent = invitations.send_again(viewer, team_id, invitation_id)
        with viewing(viewer):
            found = team_to_keep(viewer, team_id)
        return render(request, "people/invited.html", {"sent": sent, "team": found})
    return redirect("people:team", team_id=team_id)


@require_POST
@requires(Permission.LEAD_TEAM)
def withdraw(request: HttpRequest, team_id: int, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    invitations.withdraw(viewer_of(request), team_id, invitation_id)
    messages.success(request, gettext("Withdrawn. Its link no longer works."))
    return redirect("people:team", team_id=team_id)


@require_http_methods(["GET", "POST"])
@requires(Permission.LEAD_TEAM)
def member(request: HttpRequest, team_id: int, person_id: int) -> HttpResponse:
    """Change a membership, or take somebody out."""
    viewer = viewer_of(request)
    with viewing(viewer):
        found = team_to_keep(viewer, team_id)
        row = member_of(found, person_id)
    form = MemberForm(
        found,
        request.POST if request.method == "POST" else None,
        initial={"role": row.role, "reachable_at_night": row.reachable_at_night},
    )
    if found.kind == TeamKind.MONITOR:
        return _monitor(request, found, row)
    if request.method == "POST" and form.is_valid():
        with refusal_on(form, "role"):
            leaving.change_member(viewer, team_id, person_id, **form.cleaned_data)
            messages.success(request, gettext("Saved."))
            return redirect("people:team", team_id=team_id)
    context = {
        "form": form,
        "team": found,
        "row": row,
        "may_remove": found.pk in viewer.leads and person_id != viewer.person_id,
    }
    return render(request, "people/member.html", context)


def _monitor(request: HttpRequest, team: Team, row: Membership) -> HttpResponse:
    """Show an outside monitor's membership; an administrator sets when it ends."""
    form = MonitorForm(
        request.POST if request.method == "POST" else None,
        initial={"until": row.until and row.until.date()},
    )
    if request.method == "POST" and form.is_valid():
        end_monitor(viewer_of(request), team.pk, row.person_id, form.moment())
        messages.success(request, gettext("Saved. Their access ends automatically."))
        return redirect("people:team", team_id=team.pk)
    context = {"form": form, "team": team, "row": row, "may_remove": False}
    return render(request, "people/member.html", context)


@require_POST
@requires(Permission.LEAD_TEAM)
def remove(request: HttpRequest, team_id: int, person_id: int) -> HttpResponse:
    """Take somebody out and renew the team's key."""
    with refusal_told(request):
        with _has_key():
            renewed = leaving.remove_member(viewer_of(request), team_id, person_id)
        messages.success(
            request,
            gettext("They were removed and signed out everywhere, and the team has a new key."),
        )
        _warn(request, renewed)
    return redirect("people:team", team_id=team_id)


@require_POST
@requires(Permission.LEAD_TEAM)
def renew(request: HttpRequest, team_id: int) -> HttpResponse:
    """Make a new key for the team."""
    with refusal_told(request):
        with _has_key():
            renewed = leaving.renew_key(viewer_of(request), team_id)
        messages.success(
            request, gettext("The team has a new key. New tips are encrypted with it.")
        )
        _warn(request, renewed)
    return redirect("people:team", team_id=team_id)


def _warn(request: HttpRequest, renewed: leaving.Renewed) -> None:
    if renewed.left_out:
        messages.warning(
            request,
            gettext(
                "Not everyone on the list got it: people marked “no key” were not "
                "invited by someone who held it. Find out why they are on the list, then "
                "invite them."
            ),
        )


@contextmanager
def _has_key() -> Iterator[None]:
    """Refuse in words what takes a key of the team. Raises Refused."""
    try:
        yield
    except NotAMember as error:
        raise Refused(
            gettext("You don’t hold this team’s key, so you can’t renew it. Ask another lead.")
        ) from error
