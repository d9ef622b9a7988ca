"""Agencies' own forms: an administrator uploads one and says once which field is which."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from upstander.mandated.actions.confirming import as_it_stands
from upstander.mandated.written.acro import MOST_BYTES, fields_of
from upstander.mandated.written.actions import form_in_use, map_fields, upload_form, withdraw_form
from upstander.mandated.written.forms import MapForm, UploadForm
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing
from upstander.states import agency_form, laws
from upstander.tips.uploads import InMemoryOnly
from upstander.ui.press import refusal_on


@require_GET
@requires(Permission.CONFIRM_RULES)
def listing(request: HttpRequest) -> HttpResponse:
    """List the forms, and which of them are filled into an agency's own."""
    viewer = viewer_of(request)
    with viewing(viewer):
        rows = [
            (as_it_stands(form.file, form), form_in_use(form))
            for one in laws()
            for form in one.forms
        ]
    return render(request, "written/forms.html", {"rows": rows})


@csrf_exempt
def mapping(request: HttpRequest, form_key: str) -> HttpResponseBase:
    """Upload an agency's form, map its fields, or take it out of use."""
    request.upload_handlers = [InMemoryOnly(request, most=MOST_BYTES + 100_000)]
    return _mapping(request, form_key)


@csrf_protect
@require_http_methods(["GET", "POST"])
@requires(Permission.CONFIRM_RULES)
def _mapping(request: HttpRequest, form_key: str) -> HttpResponse:
    viewer, form = viewer_of(request), agency_form(form_key)
    if form is None:
        raise Http404
    with viewing(viewer):
        template = form_in_use(form)
    targets = fields_of(bytes(template.pdf)) if template else []
    what = request.POST.get("what") if request.method == "POST" else ""
    upload = UploadForm(*((request.POST, request.FILES) if what == "upload" else ()))
    mapped = MapForm(
        request.POST if what == "map" else None,
        form=form,
        targets=targets,
        initial=MapForm.initial_of(form, template.fields if template else {}),
    )
    if what == "upload" and upload.is_valid():
        with refusal_on(upload, "pdf"):
            upload_form(viewer, form, upload.cleaned_data["pdf"].read())
            messages.success(request, gettext("Saved. Now say which field is which."))
            return redirect(request.path)
    elif what == "map" and template and mapped.is_valid():
        map_fields(viewer, form, mapped.mapping())
        messages.success(request, gettext("Saved. Reports are filled into this form from now on."))
        return redirect("written:forms")
    elif what == "withdraw":
        withdraw_form(viewer, form)
        messages.success(request, gettext("Our own layout is used from now on."))
        return redirect("written:forms")
    context = {"form": form, "template": template, "upload": upload, "mapped": mapped}
    status = 422 if upload.errors or mapped.errors else 200
    return render(request, "written/mapping.html", context, status=status)


mapping.permission = Permission.CONFIRM_RULES  # type: ignore[attr-defined]
