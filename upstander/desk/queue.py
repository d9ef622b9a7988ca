"""The queue: who waits, in which order, and who has it. Works without JavaScript."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from upstander.escalations.task_panel import TaskShown, open_tasks, show_tasks
from upstander.places.models import District
from upstander.places.permissions import Permission, requires, viewer_of
from upstander.places.priority import Priority
from upstander.places.scope import Viewer, viewing
from upstander.tips.queries import names_of
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
    rows_for,
    tip_by_reference,
)
from upstander.triage.together import newest_of_schools, together
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
        groups = {} if wanted.alike or wanted.same else together(centers_of(viewer))
        tips = queue_tips(viewer, wanted, page=page, groups=groups)
        rows = rows_for(tips[:PAGE], groups)
        counts = counts_for(viewer)
        surge = counts.unread >= SURGE and page == 1 and not wanted.narrows
        newest = rows_for(newest_of_schools(centers_of(viewer))) if surge else []
        tasks = _tasks(viewer) if page == 1 else []
        junk = junk_groups(viewer) if page == 1 and not wanted.narrows else []
        districts = list(
            District.objects.filter(center_id__in=[p.center_id for p in viewer.posts]).order_by(
                "name"
            )
        )
    context = {
        "rows": rows,
        "counts": counts,
        "limit": COUNT_LIMIT,
        "surge": surge,
        "newest": newest,
        "tasks": tasks,
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


@require_GET
@requires(Permission.SEE_QUEUE)
def queue_tasks(request: HttpRequest) -> HttpResponseBase:
    """Give the tasks alone, for a queue that is open while they come and go."""
    viewer = viewer_of(request)
    with viewing(viewer):
        context = {"tasks": _tasks(viewer)}
    return render(request, "escalations/task_rows.html", context)


def _tasks(viewer: Viewer) -> list[TaskShown]:
    """Return what is to be done by hand now; call inside ``viewing``."""
    tasks = open_tasks()
    return show_tasks(tasks, names_of({task.taken_by for task in tasks}), me=viewer.person_id)


def _filter_of(request: HttpRequest, *, mine: bool) -> QueueFilter:
    """Read the filter from the address; what makes no sense is left out, never an error."""
    asked = request.GET
    priority, alike = asked.get("priority", ""), asked.get("alike", "")
    same = asked.get("same", "")
    return QueueFilter(
        district_id=_number(asked.get("district")),
        priority=Priority(priority) if priority in list(Priority) else None,
        state=asked.get("state", "") if asked.get("state", "") in STATES else "",
        mine=mine,
        alike=alike if alike == "-" or _is_hex(alike) else "",
        same=same if _is_hex(same) else "",
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _is_hex(text: str) -> bool:
    return 0 < len(text) <= 16 and len(text) % 2 == 0 and not set(text) - set("0123456789abcdef")


def _page_link(request: HttpRequest, page: int) -> str:
    kept = {k: str(v) for k, v in request.GET.items() if k not in ("page", "find")}
    return "?" + urlencode({**kept, "page": str(page)})
