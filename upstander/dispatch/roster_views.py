"""Importing a district's roster. The page shows how many there are, and nobody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from upstander.dispatch.models import Roster
from upstander.dispatch.oneroster import MOST_BYTES, RosterUnreadable, read_export
from upstander.dispatch.rights import DispatchRight
from upstander.dispatch.roster_import import districts_to_keep, import_roster
from upstander.places.models import District, School
from upstander.places.permissions import requires, viewer_of
from upstander.places.scope import viewing
from upstander.tips.uploads import InMemoryOnly


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one field."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files, each of them clean. Raises ValidationError."""
        return [super(FilesField, self).clean(one, initial) for one in data or [None]]


class RosterForm(forms.Form):
    """Which district, and its export."""

    district = forms.ChoiceField(label="District")
    export = FilesField(
        label="OneRoster export",
        widget=_Files(attrs={"multiple": True, "accept": ".zip,.csv"}),
        help_text="The ZIP archive, or orgs.csv, users.csv and demographics.csv together.",
    )

    def __init__(self, *args: Any, districts: list[District], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["district"]
        field.choices = [(str(d.pk), d.name) for d in districts]


@csrf_exempt
def roster(request: HttpRequest) -> HttpResponseBase:
    """Import a roster; what there was before is gone, and no upload touches a disk."""
    # Before anything reads the body, the check against forgery among it: hence the two decorators.
    request.upload_handlers = [InMemoryOnly(request, most=MOST_BYTES)]
    return _roster(request)


@csrf_protect
@require_http_methods(["GET", "POST"])
@requires(DispatchRight.KEEP_ROSTER)
def _roster(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    with viewing(viewer):
        districts = districts_to_keep(viewer)
        names = {s.pk: s.name for s in School.objects.filter(district__in=districts)}
        rosters = list(Roster.objects.filter(district_id__in=[d.pk for d in districts]))
    form = RosterForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        districts=districts,
    )
    if request.method == "POST" and form.is_valid():
        try:
            uploads = [(f.name or "", f.read()) for f in form.cleaned_data["export"]]
            told = import_roster(viewer, int(form.cleaned_data["district"]), read_export(uploads))
        except RosterUnreadable as error:
            form.add_error("export", str(error))
        else:
            messages.success(request, f"{told.students:,} students are sealed in.")
            if told.unknown:
                unknown = ", ".join(f"{name} ({n})" for name, n in told.unknown.most_common(5))
                messages.warning(
                    request,
                    f"The system has no school called so: {unknown}. Only the crisis center finds "
                    "these students. Add the school under Places and import again.",
                )
            return redirect("dispatch:roster")
    shown = [
        (
            district.name,
            sorted(
                (names.get(row.school_id or 0, "Schools that are not set up"), row.students)
                for row in rosters
                if row.district_id == district.pk
            ),
            max((r.imported_at for r in rosters if r.district_id == district.pk), default=None),
        )
        for district in districts
    ]
    return render(request, "dispatch/roster.html", {"form": form, "districts": shown})


roster.permission = _roster.permission  # type: ignore[attr-defined]
