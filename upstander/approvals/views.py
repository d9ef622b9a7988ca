"""The page of what waits for a second person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from upstander.approvals import actions
from upstander.approvals.models import Approval
from upstander.approvals.queries import waiting_for
from upstander.approvals.rights import ApprovalRight
from upstander.base.refused import Refused
from upstander.people.keys import Locked, NotAMember
from upstander.people.permissions import requires, viewer_of
from upstander.people.roles import Role
from upstander.people.scope import viewing
from upstander.ui.press import refusal_told
from upstander.vault.errors import VaultError


@require_GET
@requires(ApprovalRight.SEE)
def waiting(request: HttpRequest) -> HttpResponse:
    """List what waits, to be approved together, and what was decided."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        rows, over = waiting_for(viewer, now)
    context = {
        "rows": rows,
        "over": over,
        "decides": any(row.ticked and row.decides for row in rows),
        "withdraws": any(row.ticked and row.withdraws for row in rows),
        "moves": viewer.roles & {Role.ADMINISTRATOR, Role.CENTER_SUPERVISOR},
    }
    return render(request, "approvals/waiting.html", context)


@require_POST
@requires(ApprovalRight.SEE)
def decide(request: HttpRequest) -> HttpResponse:
    """Approve, refuse or withdraw all that was ticked."""
    with refusal_told(request):
        try:
            outcome = Approval.Outcome(request.POST.get("outcome", ""))
            chosen = [UUID(one) for one in request.POST.getlist("approval")]
        except ValueError as error:
            raise Refused(gettext("Nothing was changed: choose again.")) from error
        if not chosen or outcome is Approval.Outcome.OPEN:
            raise Refused(gettext("Nothing was changed: tick what you have looked at."))
        try:
            number = actions.decide(viewer_of(request), chosen, outcome)
        except (Locked, NotAMember, VaultError) as error:
            raise Refused(
                gettext("Unlock your team’s key first: sign in with your passphrase again.")
            ) from error
        said = {
            Approval.Outcome.APPROVED: ngettext(
                "%(number)s request approved.", "%(number)s requests approved.", number
            ),
            Approval.Outcome.REFUSED: ngettext(
                "%(number)s request refused. Nothing changes by it.",
                "%(number)s requests refused. Nothing changes by them.",
                number,
            ),
            Approval.Outcome.WITHDRAWN: ngettext(
                "%(number)s request withdrawn.", "%(number)s requests withdrawn.", number
            ),
        }
        messages.success(request, said[outcome] % {"number": number})
    return redirect("approvals:waiting")
