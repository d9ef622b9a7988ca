"""The page of a table whose rows are added or changed: a preview, and saved once confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.people.importing.preview import Judged, Preview
from upstander.people.permissions import viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.standards.csv_tables import MAX_ROWS, as_text
from upstander.ui.press import refusal_on


class Row(Protocol):
    """A row of the table, judged; what is more of it is for whoever saves."""

    @property
    def judged(self) -> Judged: ...


class CsvForm(forms.Form):
    """A table to be read: uploaded, or on its way back from the preview."""

    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        help_text=_(
            "In your spreadsheet program, choose “Save as CSV”. Commas or semicolons, UTF-8."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    table = forms.CharField(
        required=False, strip=False, max_length=900_000, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        """Need one of the two."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("file") and not data.get("table"):
            self.add_error("file", _("Choose a file."))
        return data


def import_page(
    request: HttpRequest,
    *,
    title: str,
    lead: str,
    columns: Sequence[str],
    judge: Callable[[Viewer, str], tuple[Iterator[Row], tuple[str, ...]]],
    save: Callable[[Viewer, str], Counter[str]],
    then: str,
) -> HttpResponse:
    """Show what a table would change, or save it and go ``then`` (the name of an address).

    ``judge`` is called inside ``viewing`` and also returns unknown columns; ``save`` judges anew.
    """
    viewer = viewer_of(request)
    form = CsvForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form, "title": title, "lead": lead, "columns": columns}
    if request.method == "POST" and form.is_valid():
        with refusal_on(form, "file"):
            upload = form.cleaned_data["file"]
            text = as_text(upload.read()) if upload else form.cleaned_data["table"]
            if request.POST.get("confirm") == "yes" and not upload:
                counts = save(viewer, text)
                messages.success(request, _told(counts))
                return redirect(then)
            with viewing(viewer):
                rows, unknown = judge(viewer, text)
                shown = Preview.of((row.judged for row in rows), show=MAX_ROWS)
            # What comes back on confirming is judged anew: the page is only a picture.
            context |= {
                "rows": shown.rows,
                "table": text,
                "unknown": unknown,
                "counts": shown.counts,
            }
    return render(request, "people/import.html", context)


def _told(counts: Counter[str]) -> str:
    return gettext("%(new)s added, %(changed)s changed, %(wrong)s skipped.") % {
        "new": counts["new"],
        "changed": counts["changed"],
        "wrong": counts["wrong"],
    }
