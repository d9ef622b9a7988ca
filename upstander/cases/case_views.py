"""A case's page, and the wrapper of everything that is done on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from upstander.cases.access import case_for
from upstander.cases.actions.newcomers import how_many_wait
from upstander.cases.actions.opening import OpenCase, memberships_of, open_the_case
from upstander.cases.actions.sharing import pass_excluded_by
from upstander.cases.panels import read_page
from upstander.cases.queries import CaseRow, DueRow, cases_of, due_of, place_of
from upstander.cases.rights import CaseRight
from upstander.cases.whom import ask_whom
from upstander.matters.folders import FolderShut
from upstander.people.permissions import Permission, may, requires, viewer_of
from upstander.people.scope import viewing
from upstander.plug import panels_on
from upstander.ui.press import Again, Page

#: Lists of cases: key → words.
LISTS = (
    ("due", gettext_lazy("For me to do")),
    ("mine", gettext_lazy("Led by me")),
    ("team", gettext_lazy("My team’s")),
    ("shared", gettext_lazy("Shared with me")),
    ("closed", gettext_lazy("Closed")),
)


@require_GET
@requires(Permission.WORK_CASES)
def case_list(request: HttpRequest) -> HttpResponse:
    """List cases, or what the viewer has to do in them. Nothing is opened for it."""
    viewer = viewer_of(request)
    works = bool(memberships_of(viewer))
    lists = [row for row in LISTS if works or row[0] in ("due", "shared")]
    keys = [key for key, _ in lists]
    which = request.GET.get("list", "")
    if which not in keys:
        which = "team" if works else "shared"
    rows: list[CaseRow] = []
    due: list[DueRow] = []
    older = ""
    with viewing(viewer) as now:
        look_at = how_many_wait()
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
            "joined": look_at,
            "may_open": may(viewer, CaseRight.OPEN_CASES),
        },
    )


@require_GET
@requires(Permission.WORK_CASES)
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a case to whoever holds it. Raises Http404, Locked."""
    opened = open_here(request, case_id)
    if isinstance(opened, HttpResponse):
        return opened
    pass_excluded_by(opened)
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
                context |= {word: found[word] for word in one.gives}
                context[one.panel.slot.removeprefix("case.")].append((one.panel.template, found))
    return render(request, "cases/case.html", context, status=status)


def open_here(request: HttpRequest, case_id: UUID, act: str = "read") -> OpenCase | HttpResponse:
    """Open a case for its page or for an act on it; the record says for what. Raises Http404.

    Where its folder is shut for the viewer, the answer says so.
    """
    try:
        return open_the_case(viewer_of(request), case_id, purpose=act)
    except FolderShut:
        return render(request, "cases/shut.html", status=403)


def _look(request: HttpRequest, case_id: UUID) -> None:
    with viewing(viewer_of(request)):
        case_for(viewer_of(request), case_id)


def _again(request: HttpRequest, opened: OpenCase, again: Again) -> HttpResponse:
    typed = {name: str(words) for name, words in again.typed.items()}
    return show(request, opened, kept=typed, kept_in=again.act, status=again.status)


#: A case's page: it is shown again with what was typed. A GET of an act's address leads there.
CASE_PAGE = Page(
    guard=requires(Permission.WORK_CASES),
    key="case_id",
    opens=open_here,
    home="/cases/{}".format,
    again=_again,
    looks=_look,
    first=ask_whom,
)
