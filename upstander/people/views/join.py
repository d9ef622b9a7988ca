"""Joining by invitation: open to strangers who hold its link."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.debug import sensitive_variables

from upstander.people import sessions
from upstander.people.actions import accounts, joining
from upstander.people.forms.team import JoinForm, WordsForm
from upstander.people.link_pages import link_page
from upstander.people.permissions import viewer_of
from upstander.people.turns import turn
from upstander.vault.errors import InvitationBroken, KeySwapped
from upstander.vault.passwords import new_passphrase


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "people/join_over.html")


@link_page(_over)
@sensitive_variables("link")
def join(request: HttpRequest, link: str) -> HttpResponse:
    """Join a team: as somebody new, or with the account that has the invited address."""
    try:
        asked = joining.open_invitation(link)
        if asked.person_id is None:
            if request.user.is_authenticated:
                logout(request)
                return redirect(request.path)
            return _as_newcomer(request, asked)
        return _with_account(request, asked)
    except joining.InvitationWaits:
        return render(request, "people/join_waits.html", status=409)
    except joining.AccountShut:
        return render(request, "people/join_over.html", {"shut": True}, status=409)
    except KeySwapped:
        return render(request, "people/join_refused.html", status=409)


def _as_newcomer(request: HttpRequest, asked: joining.OpenInvitation) -> HttpResponse:
    form = JoinForm(
        asked.row.email,
        request.POST if request.method == "POST" else None,
        initial={
            "name": asked.row.name,
            "phone": asked.row.phone,
            "language": asked.row.language,
        },
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            joined = joining.join_as_newcomer(
                asked.link,
                data["words"],
                name=data["name"],
                phone=data["phone"],
                language=data["language"],
                password=data["password1"],
            )
        except InvitationBroken as error:
            form.add_error("words", str(error))
        else:
            return _welcome(request, joined)
    offer = "" if request.method == "POST" else new_passphrase(get_language() or "en")
    context = {"form": form, "asked": asked, "offer": offer, "new": True}
    return render(request, "people/join.html", context)


def _with_account(request: HttpRequest, asked: joining.OpenInvitation) -> HttpResponse:
    if not request.user.is_authenticated or request.user.pk != asked.person_id:
        return render(request, "people/join_sign_in.html", {"asked": asked, "back": request.path})
    viewer, person = viewer_of(request), accounts.person_of(request)
    form = WordsForm(
        request.POST if request.method == "POST" else None, ask_password=not viewer.unlocked
    )
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data.get("password", "")
        with turn():
            known = viewer.unlocked or person.check_password(password)
        if not known:
            form.add_error("password", gettext("This is not your account’s password."))
        else:
            try:
                joined = joining.join_as(
                    viewer, person, asked.link, form.cleaned_data["words"], password
                )
            except InvitationBroken as error:
                form.add_error("words", str(error))
            else:
                sessions.begin_anew(request, person, joined.seed or viewer.private_seed)
                return _welcome(request, joined)
    context = {"form": form, "asked": asked, "locked": not viewer.unlocked}
    return render(request, "people/join.html", context)


def _welcome(request: HttpRequest, joined: joining.Joined) -> HttpResponse:
    return render(request, "people/joined.html", {"joined": joined, "code": joined.recovery_code})
