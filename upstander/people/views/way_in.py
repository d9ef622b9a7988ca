"""The page behind the link that lets somebody who was shut out back in to their own reports."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from upstander.people.actions import way_in
from upstander.people.forms.way_in import WayInForm
from upstander.people.link_pages import link_page
from upstander.vault.errors import RecoveryBroken
from upstander.vault.passwords import new_passphrase


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "people/way_in_over.html")


@link_page(_over)
@sensitive_variables("link")
def take_up(request: HttpRequest, link: str) -> HttpResponse:
    """Prove by the old passphrase, or the recovery code, that it is theirs; choose a new one."""
    person = way_in.owner_of(link)
    if request.user.is_authenticated:
        logout(request)
        return redirect(request.path)
    form = WayInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            code = way_in.take_up(link, old=data["old"], code=data["code"], new=data["password1"])
        except way_in.NotTheirs:
            form.add_error(
                None,
                _(
                    "That didn’t work. Enter your old passphrase or your printed recovery "
                    "code. Nothing was changed."
                ),
            )
        except RecoveryBroken as error:
            form.add_error("code", str(error))
        else:
            return render(request, "people/way_in_done.html", {"code": code, "person": person})
    offer = "" if request.method == "POST" else new_passphrase("en")
    return render(request, "people/way_in.html", {"form": form, "offer": offer})
