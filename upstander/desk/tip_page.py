"""The tip's page at the center: the dialog beside the judgement, on which everything is done.

Each app brings its panels, one line each in its manifest; what one shows is its app's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import is_valid_path
from django.views.decorators.http import require_GET

from upstander.people.permissions import Permission, may, requires, viewer_of
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.plug import panels_on
from upstander.retention.tombstones import gone_at
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import drafts_of
from upstander.tips.opening import (
    NotGranted,
    OpenTip,
    note_read,
    open_tip,
    read_contents,
    words_shown,
)
from upstander.tips.page import TipPage
from upstander.tips.queries import names_in_record
from upstander.triage.actions.alike import claim_held
from upstander.triage.actions.exclusions import pass_excluded_by
from upstander.triage.rows import rows_for

#: The page's parts; what stands in them is in the apps' manifests, one line a panel.
SLOTS = ("top", "dialog", "foot", "side", "more")
#: The forms that are opened beside the words.
FORMS = {
    "assess": "desk/assess.html",
    "handoff": "desk/handoff.html",
    "keep_out": "desk/keep_out.html",
    "close": "desk/close.html",
}


@require_GET
@requires(Permission.OPEN_TIPS)
def tip_page(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Show a tip to the center's staff; a school's team has a page of its own for it."""
    viewer = viewer_of(request)
    if viewer.kind is not TeamKind.CENTER:
        if not is_valid_path(f"/team/{tip_id}"):
            raise Http404
        return redirect(f"/team/{tip_id}")
    return _opened_page(request, tip_id, purpose="read")


@require_GET
@requires(Permission.WORK_TIPS)
def parts(request: HttpRequest, tip_id: UUID) -> HttpResponse:
    """Give the panels alone, for a page that is open while the tip changes.

    What is being typed and the forms are not among them, so nothing is lost by a refresh.
    """
    response = _opened_page(request, tip_id, purpose="refresh", template="desk/tip_parts.html")
    if response.status_code == 200:
        # Asked for before the page itself was, it shows the words all the same.
        note_read(viewer_of(request), tip_id)
    return response


def _opened_page(
    request: HttpRequest, tip_id: UUID, *, purpose: str, template: str = "desk/tip.html"
) -> HttpResponse:
    viewer = viewer_of(request)
    try:
        opened = open_tip(viewer, tip_id, purpose=purpose)
    except NotGranted:
        return not_granted(request, viewer, tip_id)
    pass_excluded_by(opened)
    return show(request, opened, template=template)


def open_form(request: HttpRequest, tip_id: UUID, purpose: str) -> OpenTip:
    """Open a tip for a form beside its words: to be shown they are read, to be sent they are not.

    A press shows nobody a word. Raises Http404, NotGranted.
    """
    viewer = viewer_of(request)
    shown = request.method == "GET"
    return open_tip(viewer, tip_id, purpose="read" if shown else purpose)


def show(
    request: HttpRequest,
    opened: OpenTip,
    *,
    template: str = "desk/tip.html",
    mode: str = "",
    more: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show an opened tip's page; ``mode`` names the form beside the dialog. Raises Http404."""

    def page() -> HttpResponse:
        context = page_context(opened, mode) | dict(more or {})
        return render(request, template, context, status=status)

    response = page()
    # The words are before a person now, not before a page that keeps itself up to date.
    if opened.purpose == "read":
        again = words_shown(opened)
        # What was claimed together with others is theirs from here on, and its clock stops.
        if claim_held(opened.viewer, opened.tip) or again:
            return page()
    return response


def not_granted(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> HttpResponse:
    """Say that this tip was granted to others, or has gone: its line may be seen, no word of it."""
    with viewing(viewer):
        row = rows_for([tip_for(viewer, tip_id)])[0]
        gone = gone_at(tip_id)
    return render(request, "desk/not_granted.html", {"row": row, "gone": gone}, status=403)


def page_context(opened: OpenTip, mode: str = "") -> dict[str, Any]:
    """Return everything that the page shows of an opened tip; ``mode`` as for ``show``."""
    contents, drafts = read_contents(opened), drafts_of(opened)
    viewer = opened.viewer
    panels = [
        one
        for one in panels_on("tip")
        if one.panel.permission is None or may(viewer, one.panel.permission)
    ]
    with viewing(viewer) as now:
        # Read anew: an action may have changed it since it was opened.
        page = TipPage(opened, contents, drafts, tip_for(viewer, opened.tip.pk), now)
        for one in panels:
            if one.read:
                page.found[one.panel.key] = one.read(page)
        page.names = names_in_record("tip", page.tip.pk, page.wanted)
        shown = {one.panel.key: one.show(page) for one in panels if one.within}
    # The others open transactions of their own, or none.
    shown |= {one.panel.key: one.show(page) for one in panels if not one.within}
    context: dict[str, Any] = {
        "tip": page.tip,
        "read_to": opened.tip.turns,
        "now": now,
        "me": page.me,
        "own_draft": page.own_drafts,
        "others_drafts": page.others_drafts,
        "parts": [],
        "mode": mode,
        "beside": FORMS.get(mode),
    } | {slot: [] for slot in SLOTS}
    for one in panels:
        found = shown[one.panel.key]
        if found is None:
            continue
        context |= {word: found[word] for word in one.gives}
        _, _, slot = one.panel.slot.partition(".")
        context[slot].append((one.panel.template, found))
        if not one.panel.still:
            context["parts"].append((one.panel.part or one.panel.template, found))
    return context
