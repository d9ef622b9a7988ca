"""Reading tables of schools and staff: a preview first, nothing saved until it is confirmed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from upstander.administration.actions import imports as actions
from upstander.administration.imports import (
    SCHOOL_COLUMNS,
    STAFF_COLUMNS,
    judge_schools,
    judge_staff,
)
from upstander.people.importing.pages import import_page
from upstander.people.permissions import Permission, requires


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_PLACES)
def schools(request: HttpRequest) -> HttpResponse:
    """Import schools."""
    return import_page(
        request,
        title=gettext("Import schools"),
        lead=gettext(
            "A table with one school per row. If a school with that district and name already"
            " exists, it is updated; empty cells change nothing."
        ),
        columns=SCHOOL_COLUMNS,
        judge=lambda _, text: judge_schools(text),
        save=actions.import_schools,
        then="places:overview",
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_PLACES)
def staff(request: HttpRequest) -> HttpResponse:
    """Import staff: they are put forward, and each team's lead invites them."""
    return import_page(
        request,
        title=gettext("Import staff"),
        lead=gettext(
            "A table with one person per row. This does not create accounts: it suggests people to"
            " their team’s lead, who invites them."
        ),
        columns=STAFF_COLUMNS,
        judge=lambda _, text: judge_staff(text),
        save=actions.import_staff,
        then="people:teams",
    )
