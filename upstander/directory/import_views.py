"""Importing services: what a source would change is looked at before anything does."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from upstander.audit.actions import record
from upstander.directory.actions.applying import choose, say_no, say_yes
from upstander.directory.actions.importing import (
    add_feed,
    delete_source,
    empty_source,
    has_brought,
    read_feed,
    take_files,
)
from upstander.directory.exporting import exported
from upstander.directory.forms import AgainForm, SourceForm
from upstander.directory.models import Service
from upstander.directory.needless import coming_without_need, without_need
from upstander.directory.sources import Incoming, Source, Verdict
from upstander.people.models import Person
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.ui.press import refusal_on, refusal_told

#: So many differences stand on the page; all of them in its file.
_SHOWN: Final = 50
_FILES: Final = {"json": "services.json", "tables": "services.zip"}


@require_http_methods(["GET", "POST"])
@requires(Permission.CONFIRM_SERVICES)
def sources(request: HttpRequest) -> HttpResponse:
    """All sources, and a new one."""
    viewer = viewer_of(request)
    sent = request.method == "POST"
    form = SourceForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        with refusal_on(form, "upload" if form.cleaned_data["upload"] else "url"):
            name, files = form.cleaned_data["name"], form.cleaned_data["upload"]
            if files:
                named = [(one.name or "", one.file) for one in files]
                key = take_files(viewer, named, name=name, source_id=None)
            else:
                key = add_feed(viewer, name, form.cleaned_data["url"])
            return redirect("directory:source", key)
    with viewing(viewer):
        found = [(one, _count(one)) for one in Source.objects.order_by("name", "pk")]
    status = 422 if sent else 200
    context = {"form": form, "sources": found}
    return render(request, "directory/desk_import.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Permission.CONFIRM_SERVICES)
def source(request: HttpRequest, source: UUID) -> HttpResponseBase:
    """What waits of a source, field by field, and the yes or no to it."""
    viewer = viewer_of(request)
    again = "act" not in request.POST and request.method == "POST"
    form = AgainForm(request.POST if again else None, request.FILES if again else None)
    if again and form.is_valid():
        with refusal_on(form, "upload"):
            named = [(one.name or "", one.file) for one in form.cleaned_data["upload"]]
            take_files(viewer, named, name="", source_id=source)
            return redirect("directory:source", source)
    elif request.method == "POST" and not again:
        with refusal_told(request):
            if request.POST["act"] == "delete":
                delete_source(viewer, source)
                messages.success(request, gettext("The source is deleted."))
                return redirect("directory:import")
            _act(request, viewer, source)
        return redirect("directory:source", source)
    with viewing(viewer):
        row = get_object_or_404(Source, pk=source)
        waits = row.incoming.exclude(verdict=Verdict.DISPUTED).order_by("pk")
        disputed = list(row.incoming.filter(verdict=Verdict.DISPUTED).order_by("pk")[:_SHOWN])
        context = {
            "source": row,
            "counts": _count(row),
            # All that a yes would do is to take out.
            "takes_out": not waits.exclude(verdict=Verdict.GONE).exists(),
            "needless_coming": coming_without_need(row),
            "needless": without_need(Service.objects.filter(source=row)).count(),
            "rows": list(waits[:_SHOWN]),
            "disputed": disputed,
            "struck": list(row.incoming.exclude(struck=[]).order_by("pk")[:_SHOWN]),
            "first": Person.objects.filter(pk=row.first_yes).first() if row.first_yes else None,
            "own_yes": row.first_yes == viewer.person_id,
            "brought": has_brought(row),
            "form": form,
        }
    status = 422 if again else 200
    return render(request, "directory/desk_source.html", context, status=status)


def _act(request: HttpRequest, viewer: Viewer, source: UUID) -> None:
    """Do what was pressed. Raises Http404, Refused."""
    act, _, number = request.POST.get("act", "").partition(":")
    if act == "yes":
        counts = say_yes(viewer, source)
        if counts is None:
            said = gettext("You said yes. Someone else must say it too, on this page.")
        else:
            said = gettext("Services: %(new)s new, %(changed)s changed, %(gone)s gone.") % {
                key: f"{counts[key]:,}" for key in ("new", "changed", "gone")
            }
    elif act == "no":
        say_no(viewer, source)
        said = gettext("Nothing was changed.")
    elif act in ("theirs", "ours") and number.isdecimal() and len(number) < 19:
        choose(viewer, source, int(number), theirs=act == "theirs")
        said = gettext("That holds now.")
    elif act == "empty":
        empty_source(viewer, source)
        said = gettext("Nothing is gone yet: say yes to it below.")
    elif act in ("read", "stop"):
        read_feed(viewer, source, on=act == "read")
        reads = gettext("It is being read. You are told when it says something else.")
        said = reads if act == "read" else gettext("It is read no more. What it brought stays.")
    else:
        raise Http404
    messages.success(request, said)


@require_GET
@requires(Permission.CONFIRM_SERVICES)
def whole(request: HttpRequest, source: UUID) -> FileResponse:
    """All that a source says otherwise, as a table."""
    file = TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115 - the answer closes it
    with viewing(viewer_of(request)):
        row = get_object_or_404(Source, pk=source)
        writer = csv.writer(file)
        writer.writerow(("what", "kind", "id", "name", "field", "stands", "comes"))
        for one in row.incoming.order_by("pk").iterator():
            writer.writerows(map(_cells, _lines(one)))
    file.seek(0)
    return FileResponse(file.detach(), as_attachment=True, filename="preview.csv")


def _lines(one: Incoming) -> Iterator[tuple[str, ...]]:
    head = (one.verdict, one.kind, str(one.key), one.name)
    comes = [[key, "", json.dumps(it)] for key, it in (one.record or {}).items() if key != "id"]
    for field, stands, said in one.changes or comes or [["", "", ""]]:
        yield (*head, field, stands, said)


def _cells(line: tuple[str, ...]) -> tuple[str, ...]:
    """Return cells that no spreadsheet takes for a formula."""
    return tuple(f"'{one}" if one[:1] in "=+-@\t\r" and one else one for one in line)


@require_GET
@requires(Permission.CONFIRM_SERVICES)
def export(request: HttpRequest, form: str) -> FileResponse:
    """All services but confidential ones, as the standard has them."""
    if form not in _FILES:
        raise Http404
    viewer = viewer_of(request)
    with viewing(viewer):
        file = exported(form)
        record("export services", actor=viewer, subject_kind="directory", subject_id="services")
    return FileResponse(file, as_attachment=True, filename=_FILES[form])


def _count(row: Source) -> dict[str, int]:
    """Return how many services are of each verdict, and how many other records differ."""
    found = row.incoming.values_list("verdict", "kind").annotate(number=Count("pk"))
    of = {verdict: number for verdict, kind, number in found if kind == "service"}
    other = sum(number for _, kind, number in found if kind != "service")
    return {one: of.get(one, 0) for one in Verdict.values} | {"other": other}
