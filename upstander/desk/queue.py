"""The queue: who waits, in which order, and who has it. Works without JavaScript."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from upstander.doors.calls.cards import live_cards
from upstander.doors.calls.rights import CallRight
from upstander.emergency.queries import told_to
from upstander.intake.priority import Priority
from upstander.people.permissions import Permission, may, requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District
from upstander.tips.models import Tip
from upstander.tips.states import TipState
from upstander.triage.overflow import rest_of, rest_rows, with_rest
from upstander.triage.queries import (
    COUNT_LIMIT,
    MAX_PAGES,
    PAGE,
    STATES,
    QueueFilter,
    centers_of,
    counts_for,
    junk_groups,
    queue_tips,
    tip_by_reference,
)
from upstander.triage.rows import rows_for
from upstander.triage.together import together
from upstander.watch.look import SURGE


@require_GET
@requires(Permission.SEE_QUEUE)
def queue(request: HttpRequest, *, mine: bool = False) -> HttpResponseBase:
    """Show the queue as the address asks for it; ``find`` goes to a tip by its reference."""
    viewer = viewer_of(request)
    wanted = _filter_of(request, mine=mine)
    page = _number(request.GET.get("page")) or 1
    find = request.GET.get("find", "").strip()
    with viewing(viewer) as now:
        found = tip_by_reference(find) if find else None
        if found is not None:
            return redirect("tip", tip_id=found.pk)
        # Whoever asked to see each of them does.
        each = wanted.similarity or wanted.same or wanted.mine
        centers = centers_of(viewer)
        groups = {} if each else together(centers)
        rest = {} if wanted.narrows else rest_of(centers, groups)
        late = [tip for tips in rest.values() for tip in tips]
        counts = counts_for(viewer, wanted)
        surge = counts.unread >= SURGE
        tips = queue_tips(viewer, wanted, page=page, groups=groups, rest=late, surge=surge)
        rows = with_rest(rows_for(tips[:PAGE], groups), rest_rows(rest) if page == 1 else ())
        cards = live_cards() if may(viewer, CallRight.TAKE_CALLS) else []
        answered = _answered(viewer, now)
        junk = junk_groups(viewer) if page == 1 and not wanted.narrows else []
        districts = list(
            District.objects.filter(
                center_id__in=[p.center_id for p in viewer.memberships]
            ).order_by("name")
        )
    context = {
        "rows": rows,
        "cards": cards,
        "answered": answered,
        "counts": counts,
        "limit": COUNT_LIMIT,
        "surge": surge,
        "junk": junk,
        "junk_count": sum(group.count for group in junk),
        "junk_alarm": any(group.priority is Priority.LIFE_SAFETY for group in junk),
        "districts": districts,
        "states": STATES,
        "priorities": list(reversed(Priority)),
        "wanted": wanted,
        "not_found": find,
        "newer": _page_link(request, page - 1) if page > 1 else "",
        "older": _page_link(request, page + 1) if len(tips) > PAGE and page < MAX_PAGES else "",
        "first_page": page == 1,
        "now": now,
        "me": viewer.person_id,
    }
    return render(request, "desk/queue.html", context)


def _answered(viewer: Viewer, now: datetime) -> list[tuple[Tip, bool]]:
    """Return the tips for which the viewer asked for police, and whether somebody agreed."""
    said = told_to(viewer, now)
    tips = Tip.objects.exclude(state=TipState.CLOSED).in_bulk([one.tip_id for one in said])
    return [(tips[one.tip_id], one.agreed) for one in said if one.tip_id in tips]


def _filter_of(request: HttpRequest, *, mine: bool) -> QueueFilter:
    """Read the filter from the address; what makes no sense is left out, never an error."""
    asked = request.GET
    priority, similarity = asked.get("priority", ""), asked.get("similarity", "")
    same = asked.get("same", "")
    return QueueFilter(
        district_id=_number(asked.get("district")),
        priority=Priority(priority) if priority in list(Priority) else None,
        state=asked.get("state", "") if asked.get("state", "") in STATES else "",
        mine=mine,
        similarity=similarity if similarity == "-" or _is_hex(similarity) else "",
        same=same if _is_hex(same) else "",
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _is_hex(text: str) -> bool:
    return 0 < len(text) <= 16 and len(text) % 2 == 0 and not set(text) - set("0123456789abcdef")


def _page_link(request: HttpRequest, page: int) -> str:
    kept = {k: str(v) for k, v in request.GET.items() if k not in ("page", "find")}
    return "?" + urlencode({**kept, "page": str(page)})
