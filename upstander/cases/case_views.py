"""A case's page, and the wrapper of everything that is done on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from upstander.cases.access import case_for
from upstander.cases.opening import OpenCase, open_the_case, posts_of
from upstander.cases.panels import read_page
from upstander.cases.queries import CaseRow, DueRow, cases_of, due_of, place_of
from upstander.cases.rights import CaseRight
from upstander.cases.sharing import pass_barred_by
from upstander.places.folders import FolderShut
from upstander.places.permissions import Permission, may, requires, viewer_of
from upstander.places.scope import viewing
from upstander.plug import panels_on
from upstander.tips.actions import NotAllowedNow

#: Lists of cases: key → words.
LISTS = (
    ("due", gettext_lazy("For me to do")),
    ("mine", gettext_lazy("Led by me")),
    ("team", gettext_lazy("My team’s")),
    ("shared", gettext_lazy("Shared with me")),
    ("closed", gettext_lazy("Closed")),
)

type CaseAct = Callable[..., str]


@require_GET
@requires(Permission.WORK_CASES)
def case_list(request: HttpRequest) -> HttpResponse:
    """List cases, or what the viewer has to do in them. Nothing is opened for it."""
    viewer = viewer_of(request)
    works = bool(posts_of(viewer))
    lists = [row for row in LISTS if works or row[0] in ("due", "shared")]
    keys = [key for key, _ in lists]
    which = request.GET.get("list", "")
    if which not in keys:
        which = "team" if works else "shared"
    rows: list[CaseRow] = []
    due: list[DueRow] = []
    older = ""
    with viewing(viewer) as now:
        if which == "due":
            due = due_of(viewer, now)
        else:
            rows, more = cases_of(viewer, which, now, place_of(request.GET.get("after", "")))
            older = f"?{urlencode({'list': which, 'after': str(more)})}" if more else ""
    return render(
        request,
        "cases/list.html",
        {
            "lists": lists,
            "which": which,
            "rows": rows,
            "due": due,
            "older": older,
            "may_open": may(viewer, CaseRight.OPEN_CASES),
        },
    )


@require_GET
@requires(Permission.WORK_CASES)
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a case to whoever holds it. Raises Http404, Locked."""
    try:
        opened = open_the_case(viewer_of(request), case_id)
    except FolderShut:
        return render(request, "cases/shut.html", status=403)
    pass_barred_by(opened)
    return show(request, opened)


def show(
    request: HttpRequest,
    opened: OpenCase,
    *,
    kept: Mapping[str, str] | None = None,
    kept_in: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show an opened case's page, with what was typed into a form that was refused."""
    page = read_page(opened, kept=kept, kept_in=kept_in)
    context: dict[str, Any] = {"page": page, "case": page.case, "main": [], "aside": []}
    for one in panels_on("case"):
        if one.panel.permission is None or may(opened.viewer, one.panel.permission):
            found = one.show(page)
            if found is not None:
                context[one.panel.slot.removeprefix("case.")].append((one.panel.template, found))
    return render(request, "cases/case.html", context, status=status)


def case_act(act: CaseAct) -> Callable[..., HttpResponseBase]:
    """Make a view of something that is done to an opened case and returns where to go on.

    The case is opened first, and the record says for what. A refusal shows the page again with what
    was typed. A GET (after signing in again, say) shows the case.
    """

    @require_http_methods(["GET", "POST"])
    @requires(Permission.WORK_CASES)
    @wraps(act)
    def view(request: HttpRequest, /, case_id: UUID, **more: UUID) -> HttpResponseBase:
        if request.method != "POST":
            with viewing(viewer_of(request)):
                case_for(viewer_of(request), case_id)
            return redirect("cases:case", case_id=case_id)
        name = act.__name__
        try:
            opened = open_the_case(viewer_of(request), case_id, purpose=name)
        except FolderShut:
            return render(request, "cases/shut.html", status=403)
        try:
            place = act(request, opened, **more)
        except NotAllowedNow as refused:
            messages.error(request, str(refused))
            return show(request, opened, kept=request.POST.dict(), kept_in=name, status=422)
        return redirect(place if place.startswith("/") else f"/cases/{case_id}{place}")

    return view
