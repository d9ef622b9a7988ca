"""A family asks for somebody to come: a short form, kept or not kept, and never a fake success."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from upstander.callouts.family_form import FamilyForm
from upstander.callouts.public import PublicSite, ask, goes_to, public_sites
from upstander.directory.cards import mark_of
from upstander.directory.models import Kind
from upstander.doors.web.cookie import sent_from_elsewhere
from upstander.doors.web.forms import in_another_language, token_in
from upstander.doors.web.report import FROM_A_CROWD
from upstander.doors.web.responses import OpenPage, from_another_website, page_context, rendered
from upstander.doors.web.snapshot import Door, door_to, known_places
from upstander.intake.served import PublicPlaces
from upstander.tips.reporter import NotKept, new_form_token
from upstander.ui.errors import public_page
from upstander.vault.errors import VaultError

#: What stands for the crisis lines in an address, among them the State's own for mobile crisis.
CRISIS: Final = mark_of(Kind.CRISIS)


@require_http_methods(["GET", "HEAD", "POST"])
def come(request: HttpRequest, district: str) -> HttpResponse:
    """Ask for somebody to come to a child, where somebody goes out; else say whom to phone."""
    try:
        places = known_places()
        sites = sites_near(places, district)
    except (Error, VaultError):
        return public_page(request, 503)
    door = door_to(places, district=district)
    if not sites:
        return OpenPage(rendered("front/come.html", page_context(request, door, crisis=CRISIS)))
    reached = {town: site for site in reversed(sites) for town in site.towns}
    language = get_language() or settings.LANGUAGE_CODE
    if request.method != "POST":
        form = FamilyForm(reached=reached, initial={"spoken": language})
        return OpenPage(_page(request, door, sites, form, new_form_token()))
    token = token_in(request.POST)
    typed = FamilyForm(initial=request.POST.dict(), reached=reached)
    if sent_from_elsewhere(request):
        words = from_another_website()
        page = _page(request, door, sites, typed, new_form_token(), elsewhere=words)
        return HttpResponse(page, status=403)
    if in_another_language(request.POST):
        return HttpResponse(_page(request, door, sites, typed, token))
    return _send(request, door, sites, FamilyForm(request.POST, reached=reached), token)


def _send(
    request: HttpRequest, door: Door, sites: tuple[PublicSite, ...], form: FamilyForm, token: str
) -> HttpResponse:
    if not form.is_valid():
        return HttpResponse(_page(request, door, sites, form, token), status=422)
    given, site = form.cleaned_data, form.site
    from_a_crowd = request.META.get(FROM_A_CROWD, bool)
    try:
        link = ask(
            site,
            token=token,
            language=given["spoken"],
            danger=given["danger"],
            words=form.words,
            tell=given["tell"],
            # A life in danger is in no crowd, wherever it comes from.
            crowded=not given["danger"] and from_a_crowd(),
        )
    except (NotKept, VaultError):
        page = _page(request, door, sites, form, token, away=True)
        return HttpResponse(page, status=503, headers={"Retry-After": "30"})
    context = page_context(
        request,
        door,
        link=f"{settings.DESK_URL}/c/{link}",
        danger=given["danger"],
        phone=site.phone,
    )
    return HttpResponse(rendered("front/come_asked.html", context))


def sites_near(places: PublicPlaces, district: str) -> tuple[PublicSite, ...]:
    """Return who goes out, if to a town of a district's schools; nobody otherwise.

    Raises Http404 for no such district, django.db.Error, VaultError.
    """
    found = places.district_named(district)
    if found is None:
        raise Http404
    sites = public_sites()
    towns = {school.town for school in places.schools_of(found.id)}
    return sites if goes_to(sites, towns) else ()


def offered(places: PublicPlaces, district: str) -> bool:
    """Tell whether a page offers it. Never raises: a page of help stands without it."""
    try:
        return bool(sites_near(places, district))
    except (Error, VaultError):
        return False


def _page(
    request: HttpRequest,
    door: Door,
    sites: tuple[PublicSite, ...],
    form: FamilyForm,
    token: str,
    *,
    away: bool = False,
    elsewhere: str = "",
) -> str:
    phones = dict.fromkeys(one.phone for one in sites if one.phone)
    context = page_context(
        request,
        door,
        form=form,
        token=token,
        crisis=CRISIS,
        away=away,
        elsewhere=elsewhere,
        # Where a town is chosen, its center's alone; else all that go out.
        phones=[form.site.phone] if away else list(phones),
        language_form="come-form",
        language_path=request.path,
    )
    return rendered("front/come.html", context)
