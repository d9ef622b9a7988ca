"""Importing a district's roster. The page shows how many there are, and nobody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from upstander.emergency.actions.roster_import import (
    Imported,
    NeedsSecond,
    ask_second,
    by_school,
    districts_to_keep,
    import_roster,
    standing_in,
)
from upstander.emergency.models import Roster
from upstander.emergency.rights import EmergencyRight
from upstander.people.importing.shrinking import shrinks
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District, School
from upstander.plug import approval_kinds
from upstander.standards.oneroster import MOST_BYTES, Export, look_at
from upstander.tips.uploads import InMemoryOnly
from upstander.ui.fields import Files, SeveralFiles
from upstander.ui.press import refusal_on


class RosterForm(forms.Form):
    """Which district, and its export."""

    district = forms.ChoiceField(label=_("District"))
    export = Files(
        label=_("OneRoster export"),
        widget=SeveralFiles(attrs={"multiple": True, "accept": ".zip,.csv"}),
        help_text=_("The ZIP archive, or orgs.csv, users.csv, and demographics.csv together."),
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
@requires(EmergencyRight.KEEP_ROSTER)
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
    looked: dict[str, object] | None = None
    if request.method == "POST" and form.is_valid():
        district_id = int(form.cleaned_data["district"])
        with refusal_on(form, "export"):
            export = look_at((f.name or "", f.read()) for f in form.cleaned_data["export"])
            if request.POST.get("look") == "yes":
                looked = _look(viewer, district_id, export)
            else:
                try:
                    told = import_roster(viewer, district_id, export.students)
                except NeedsSecond as asked:
                    _ask(request, viewer, district_id, asked)
                else:
                    _tell(request, told, export)
                return redirect("emergency:roster")
    shown = [
        (
            district.name,
            sorted(
                (
                    names.get(row.school_id or 0, gettext("Schools that are not set up")),
                    row.students,
                )
                for row in rosters
                if row.district_id == district.pk
            ),
            max((r.imported_at for r in rosters if r.district_id == district.pk), default=None),
        )
        for district in districts
    ]
    context = {"form": form, "districts": shown, "looked": looked}
    return render(request, "emergency/roster.html", context)


def _look(viewer: Viewer, district_id: int, export: Export) -> dict[str, object]:
    """Return what an import would bring, in numbers; nothing is saved and nobody is named."""
    with viewing(viewer):
        told = by_school(district_id, export.students)
        standing = standing_in(district_id)
    return {
        "students": told.students,
        "standing": standing,
        "shrinks": shrinks(standing, told.students),
        "by_school": sorted(told.by_school.items()),
        "unknown": told.unknown.most_common(5),
        "mistakes": export.mistakes,
    }


def _tell(request: HttpRequest, told: Imported, export: Export) -> None:
    messages.success(
        request,
        gettext("%(students)s students were encrypted and imported.")
        % {"students": f"{told.students:,}"},
    )
    if told.unknown:
        unknown = ", ".join(f"{name} ({n})" for name, n in told.unknown.most_common(5))
        messages.warning(
            request,
            gettext(
                "There is no school by this name: %(unknown)s. Only the crisis center can find "
                "these students. Add the school under Places and import again."
            )
            % {"unknown": unknown},
        )
    if export.mistakes.count:
        messages.warning(
            request,
            gettext(
                "%(mistakes)s cells of the export have errors; those students were imported with "
                "what their rows say. “Preview first” lists the errors."
            )
            % {"mistakes": f"{export.mistakes.count:,}"},
        )


def _ask(request: HttpRequest, viewer: Viewer, district_id: int, asked: NeedsSecond) -> None:
    ask_second(viewer, district_id, asked)
    messages.warning(
        request,
        gettext(
            "%(asked)s If that is right, someone else who manages this roster must approve it "
            "under Approvals within %(days)s days. Then import the same file again."
        )
        % {"asked": asked, "days": approval_kinds()["roster"][1].lapses.days},
    )


roster.permission = _roster.permission  # type: ignore[attr-defined]
