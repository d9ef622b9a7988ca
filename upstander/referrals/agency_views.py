"""The page behind an agency's link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from upstander.people.link_pages import link_page
from upstander.referrals import agency
from upstander.referrals.models import Referral
from upstander.vault.errors import InvitationBroken


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "referrals/agency_over.html")


@link_page(_over)
@sensitive_post_parameters("words")
@sensitive_variables("link", "words", "told")
def answer(request: HttpRequest, link: str) -> HttpResponse:
    """Ask for the four words; show what the agency may read; keep its answer."""
    one = agency.referred(link)
    context: dict[str, object] = {"one": one, "answers": Referral.Agency.choices[1:]}
    if request.method != "POST":
        return render(request, "referrals/agency_words.html", context)
    words = request.POST.get("words", "")[:200]
    try:
        told = agency.read(link, one, words)
    except InvitationBroken:
        wrong = gettext("These are not the four words. Ask the center for them by phone.")
        return render(
            request, "referrals/agency_words.html", context | {"wrong": wrong}, status=422
        )
    said = request.POST.get("said", "")
    allowed = request.POST.get("allowed") == "yes"
    if said in dict(Referral.Agency.choices[1:]):
        context["needs_yes"] = one.privileged and said != Referral.Agency.GOT and not allowed
        if not context["needs_yes"]:
            agency.answer(link, said, allowed=allowed)
            context["kept"] = Referral.Agency(said).label
    status = 422 if context.get("needs_yes") else 200
    context |= {"told": told, "words": words}
    return render(request, "referrals/agency.html", context, status=status)
