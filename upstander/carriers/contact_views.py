"""One's own ways to be reached: ``/me/contact``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from upstander.carriers import actions, push
from upstander.carriers.addresses import masked
from upstander.carriers.forms import CodeForm, EmailForm, PhoneForm, PushForm
from upstander.carriers.models import Channel, ContactMethod, Delivery
from upstander.people.permissions import Permission, open_to_strangers, requires, viewer_of
from upstander.people.scope import Viewer, viewing

_ICONS = {"sms": "message", "voice": "phone", "email": "send", "push": "bell"}
_BROKEN = {
    "bad_number": gettext_lazy(
        "The number can’t be reached: it is not in use or can’t receive texts."
    ),
    "stopped": gettext_lazy(
        "You answered STOP. Text START to the same number, or send a code again."
    ),
    "gone": gettext_lazy("The browser has turned this off. Remove it and set it up again."),
    "refused": gettext_lazy("The mail server refused this address."),
}
_FORMS: dict[str, type[forms.Form]] = {"phone": PhoneForm, "email": EmailForm, "push": PushForm}


@never_cache
@require_GET
@requires(Permission.SEE_HOME)
def contact(request: HttpRequest) -> HttpResponse:
    """Show the ways by which somebody is reached, and forms to add more."""
    return _page(request)


@require_POST
@requires(Permission.SEE_HOME)
def add(request: HttpRequest) -> HttpResponseBase:
    """Add a way; a code is sent there."""
    kind = request.POST.get("form", "")
    if kind not in _FORMS:
        raise Http404
    form = _FORMS[kind](request.POST)
    if not form.is_valid():
        return _page(request, status=422, **{kind: form})
    data = form.cleaned_data
    if kind == "phone":
        channel, address = data["use"], data["number"]
    elif kind == "email":
        channel, address = Channel.EMAIL, data["email"].lower()
    else:
        channel, address = Channel.PUSH, data["subscription"]
    try:
        actions.add_method(
            viewer_of(request),
            kind=channel,
            address=address,
            label=data["label"],
            digit=data.get("digit", ""),
        )
    except actions.AlreadyThere:
        messages.warning(request, _("You have this already."))
    except actions.TooMany:
        messages.error(request, _("Too many at once. Wait an hour or remove one you don’t use."))
    else:
        messages.info(request, _("A code is on its way. Enter it below."))
    return redirect("carriers:contact")


@require_POST
@requires(Permission.SEE_HOME)
def verify(request: HttpRequest, method_id: int) -> HttpResponseBase:
    """Prove a way with its code."""
    form = CodeForm(request.POST)
    code = form.cleaned_data["code"] if form.is_valid() else ""

    def prove(viewer: Viewer) -> None:
        try:
            actions.verify_method(viewer, method_id, code)
        except actions.WrongCode:
            messages.error(
                request,
                _(
                    "That code is wrong or has expired: a code is valid for ten minutes and "
                    "five attempts. Request a new one."
                ),
            )
        except actions.NumberTaken:
            messages.error(
                request,
                _(
                    "Someone else here uses this number for texts. A reply could come from "
                    "either of you, so each person needs their own number."
                ),
            )
        else:
            messages.success(request, _("Verified. Alerts can reach you this way now."))

    return _done(request, prove)


@require_POST
@requires(Permission.SEE_HOME)
def code(request: HttpRequest, method_id: int) -> HttpResponseBase:
    """Have a new code sent."""

    def send(viewer: Viewer) -> None:
        try:
            actions.send_code(viewer, method_id)
        except actions.TooMany:
            messages.error(request, _("You can request five codes an hour. Please wait."))
        else:
            messages.info(request, _("A new code is on its way."))

    return _done(request, send)


@require_POST
@requires(Permission.SEE_HOME)
def remove(request: HttpRequest, method_id: int) -> HttpResponseBase:
    """Remove a way."""

    def take_away(viewer: Viewer) -> None:
        actions.remove_method(viewer, method_id)
        messages.success(request, _("Removed."))

    return _done(request, take_away)


@require_GET
@open_to_strangers
def worker(request: HttpRequest) -> HttpResponse:
    """Give the browser the script that shows notifications, also when no page is open.

    At the root, since such a script may act only beneath its own address.
    """
    response = render(request, "carriers/push-worker.js", content_type="text/javascript")
    response["Service-Worker-Allowed"] = "/"
    return response


def _done(request: HttpRequest, act: Callable[[Viewer], None]) -> HttpResponseBase:
    try:
        act(viewer_of(request))
    except actions.NoSuchMethod as error:
        raise Http404 from error
    return redirect("carriers:contact")


def _page(request: HttpRequest, *, status: int = 200, **bound: forms.Form) -> HttpResponse:
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        methods = list(ContactMethod.objects.filter(person_id=viewer.person_id).order_by("pk"))
        last = {
            row.method_id: row
            for row in Delivery.objects.filter(
                person_id=viewer.person_id, for_id=None, purpose=Delivery.Purpose.VERIFY
            )
            .only("method_id", "state", "attempted_at")
            .order_by("attempted_at")
        }
    with translation.override("en"):
        context: dict[str, Any] = {
            "rows": [_row(method, last.get(method.pk), now) for method in methods],
            "account": request.user.email if request.user.is_authenticated else "",
            "vapid": push.public_key(),
            "code": CodeForm(),
            "open": next(iter(bound), ""),
            **{
                name: bound.get(name) or form(auto_id=f"{name}_%s") for name, form in _FORMS.items()
            },
        }
        return render(request, "carriers/contact.html", context, status=status)


def _row(method: ContactMethod, last: Delivery | None, now: Any) -> dict[str, Any]:
    if method.kind == Channel.EMAIL:
        shown = method.address
    else:
        shown = _("a browser") if method.kind == Channel.PUSH else masked(method.address)
    waits = (
        bool(method.code) and method.code_expires_at is not None and method.code_expires_at > now
    )
    sent = "" if last is None or not waits else Delivery.State(last.state).label
    return {
        "method": method,
        "icon": _ICONS[method.kind],
        "kind": Channel(method.kind).label.capitalize(),
        "shown": shown,
        "broken": _BROKEN.get(method.broken_reason, _("It no longer works."))
        if method.broken_at
        else "",
        "waits": waits,
        "sent": sent,
    }
