"""One's own account: details, keys, devices."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from upstander.people import queries, sessions
from upstander.people.actions import accounts
from upstander.people.actions.people import address_asked, confirm_address
from upstander.people.forms.account import MeForm, UnlockForm
from upstander.people.limits import too_many
from upstander.people.permissions import Permission, may, requires, viewer_of
from upstander.people.roles import TeamKind
from upstander.people.scope import viewing
from upstander.ui.press import refusal_on, refusal_told
from upstander.vault.errors import RecoveryBroken


@require_http_methods(["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def me(request: HttpRequest) -> HttpResponse:
    """What I keep about myself, and the ways I sign in."""
    viewer, person = viewer_of(request), accounts.person_of(request)
    form = MeForm(
        request.POST if request.method == "POST" else None,
        initial={"name": person.name, "phone": person.phone, "language": person.language},
    )
    if request.method == "POST" and form.is_valid():
        with refusal_on(form, "name"):
            accounts.change_me(viewer, **form.cleaned_data)
            messages.success(request, gettext("Saved."))
            return redirect("people:me")
    with viewing(viewer):
        asked = address_asked(viewer.person_id)
    context = {
        "form": form,
        "person": person,
        "sessions": queries.open_sessions(viewer),
        "asked": asked,
        "is_called": may(viewer, Permission.SEE_ON_CALL),
    }
    return render(request, "people/me.html", context)


@require_POST
@requires(Permission.OWN_ACCOUNT)
def new_address(request: HttpRequest) -> HttpResponse:
    """Sign in by the address that an administrator asked for; every device is signed out."""
    with refusal_told(request):
        confirm_address(viewer_of(request), request.POST.get("approval", ""))
        logout(request)
        messages.success(request, gettext("Confirmed. Sign in with your new address."))
    return redirect("account_login" if request.user.is_anonymous else "people:me")


@require_POST
@requires(Permission.OWN_ACCOUNT)
def active_role(request: HttpRequest) -> HttpResponse:
    """Act in another kind of one's teams. Its work lies elsewhere, so it begins at its home."""
    viewer, wanted = viewer_of(request), request.POST.get("kind", "")
    if wanted not in viewer.active_roles or not sessions.change_active_role(
        viewer.token, TeamKind(wanted)
    ):
        messages.error(request, gettext("You are not in a team of that kind."))
        return redirect("people:me")
    messages.success(
        request, gettext("You now act as: %(team)s.") % {"team": TeamKind(wanted).label}
    )
    return redirect("/")


@never_cache
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def unlock(request: HttpRequest) -> HttpResponse:
    """Get one's keys back with the printed recovery code; says what else helps."""
    viewer = viewer_of(request)
    way_back = _safe_next(request)
    if viewer.unlocked:
        return redirect(way_back)
    form = UnlockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if too_many("unlock", viewer.person_id):
            return render(request, "429.html", status=429)
        try:
            fresh = accounts.unlock_by_code(
                request, form.cleaned_data["code"], form.cleaned_data["password"]
            )
        except accounts.WrongPassword:
            form.add_error("password", gettext("This is not your account’s password."))
        except accounts.WrongCode:
            form.add_error(
                "code",
                gettext("This code doesn’t work: it’s an old one or someone else’s."),
            )
        except RecoveryBroken as error:
            form.add_error("code", str(error))
        else:
            shown = {"code": fresh, "next": way_back, "back": True}
            return render(request, "people/recovery_code.html", shown)
    context = {"form": form, "next": way_back, "viewer": viewer}
    return render(request, "people/unlock.html", context)


@never_cache
@require_POST
@requires(Permission.OWN_ACCOUNT)
def recovery_code(request: HttpRequest) -> HttpResponse:
    """Create a new recovery code and show it once."""
    code = accounts.renew_recovery_code(viewer_of(request))
    return render(request, "people/recovery_code.html", {"code": code, "next": "/people/me/"})


@require_POST
@requires(Permission.OWN_ACCOUNT)
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End my sessions on all devices."""
    accounts.sign_out_everywhere(viewer_of(request))
    logout(request)
    messages.success(request, gettext("You are signed out on all devices."))
    response = redirect("account_login")
    sessions.put_cookie(request, response, None)
    return response


def _safe_next(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # What is no path would be taken for the name of a page, of which there is none.
    return asked if ours and asked.startswith("/") else "/"
