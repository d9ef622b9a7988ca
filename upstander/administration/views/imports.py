"""Reading tables of schools and staff: a preview first, nothing saved until it is confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from upstander.administration.actions import imports as actions
from upstander.administration.forms.places import CsvForm
from upstander.administration.imports import (
    SCHOOL_COLUMNS,
    STAFF_COLUMNS,
    judge_schools,
    judge_staff,
)
from upstander.people.importing.preview import Judged, Preview
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.standards.csv_tables import MAX_ROWS, as_text
from upstander.ui.press import refusal_on


class _Row(Protocol):
    @property
    def judged(self) -> Judged: ...


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_PLACES)
def schools(request: HttpRequest) -> HttpResponse:
    """Import schools."""
    return _import(request, "schools", SCHOOL_COLUMNS, judge_schools, actions.import_schools)


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_PLACES)
def staff(request: HttpRequest) -> HttpResponse:
    """Import staff: they are put forward, and each team's lead invites them."""
    return _import(request, "staff", STAFF_COLUMNS, judge_staff, actions.import_staff)


def _import(
    request: HttpRequest,
    what: str,
    columns: Sequence[str],
    judge: Callable[[str], tuple[Iterator[_Row], tuple[str, ...]]],
    save: Callable[[Viewer, str], Counter[str]],
) -> HttpResponse:
    viewer = viewer_of(request)
    form = CsvForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form, "what": what, "columns": columns}
    if request.method == "POST" and form.is_valid():
        with refusal_on(form, "file"):
            upload = form.cleaned_data["file"]
            text = as_text(upload.read()) if upload else form.cleaned_data["table"]
            if request.POST.get("confirm") == "yes" and not upload:
                counts = save(viewer, text)
                messages.success(request, _told(counts))
                return redirect("places:overview" if what == "schools" else "people:teams")
            with viewing(viewer):
                rows, unknown = judge(text)
                shown = Preview.of((row.judged for row in rows), show=MAX_ROWS)
            # What comes back on confirming is judged anew: the page is only a picture.
            context |= {
                "rows": shown.rows,
                "table": text,
                "unknown": unknown,
                "counts": shown.counts,
            }
    return render(request, "administration/import.html", context)


def _told(counts: Counter[str]) -> str:
    return gettext("%(new)s added, %(changed)s changed, %(wrong)s skipped.") % {
        "new": counts["new"],
        "changed": counts["changed"],
        "wrong": counts["wrong"],
    }
