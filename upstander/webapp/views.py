"""How the app is installed, under which of two looks, and what its worker keeps."""

from __future__ import annotations

import hashlib
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upstander.doors.web.responses import AppPage, OpenPage, page_context, rendered
from upstander.doors.web.snapshot import door_to, known_places
from upstander.webapp.scope import asks_places, scope_of, with_district
from upstander.webapp.sealed import form_page


class Look(NamedTuple):
    """The name and the icon under which the app stands on a home screen."""

    name: str | Promise
    colour: str


LOOKS: Final = {
    "named": Look("Upstander", "#14333d"),
    # Says nothing to who looks over a shoulder or picks the phone up.
    "plain": Look(gettext_lazy("Pages"), "#71767a"),
}


@require_safe
@asks_places
def choose(request: HttpRequest) -> HttpResponse:
    """What the app is, what it can't do, and its two looks."""
    return _page(request, "webapp/choose.html", looks=_looks(request))


@require_safe
@asks_places
def install(request: HttpRequest, look: str) -> HttpResponse:
    """How it is installed under one look; here alone stand its manifest and its worker."""
    if look not in LOOKS:
        raise Http404
    return _page(
        request,
        "webapp/install.html",
        lets_in="manifest-src worker-src",
        name=LOOKS[look].name,
        icon=f"webapp/{look}-192.png",
        manifest=with_district(request, reverse("app_manifest", args=[look])),
        worker=with_district(request, reverse("app_worker")),
        scope=scope_of(),
        form=with_district(request, reverse("app_report")),
    )


@require_safe
@asks_places
def numbers(request: HttpRequest) -> HttpResponse:
    """Whom to call. It is kept on the device, and shown for whatever can't be reached."""
    return _page(request, "webapp/help.html", form=with_district(request, reverse("app_report")))


@require_safe
def talk(request: HttpRequest) -> HttpResponse:
    """Lead to the conversation; without a connection the worker shows the numbers instead."""
    return HttpResponseRedirect(reverse("back"))


def share(request: HttpRequest) -> HttpResponse:
    """Lead to the form: where there is no worker a shared picture is not taken."""
    response = HttpResponseRedirect(reverse("app_report"))
    response.status_code = 303
    return response


@require_safe
@asks_places
def manifest(request: HttpRequest, look: str) -> HttpResponse:
    """The web app manifest of one look (https://www.w3.org/TR/appmanifest/)."""
    if look not in LOOKS:
        raise Http404
    form, name = with_district(request, reverse("app_report")), str(LOOKS[look].name)
    said = {
        "id": reverse("app_look", args=[look]),
        "name": name,
        "short_name": name,
        "start_url": form,
        "scope": "/",
        "display": "standalone",
        "dir": "rtl" if get_language_bidi() else "ltr",
        "lang": get_language(),
        "theme_color": LOOKS[look].colour,
        "background_color": "#ffffff",
        "icons": [
            {"src": static(f"webapp/{file}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
            | ({"purpose": "maskable"} if "maskable" in file else {})
            for size in (192, 512)
            for file in (f"{look}-{size}", f"{look}-maskable-{size}")
        ],
        "shortcuts": [
            {"name": _("Write"), "url": form},
            {"name": _("My messages"), "url": reverse("app_talk")},
            {"name": _("Help now"), "url": reverse("app_help")},
        ],
        "share_target": {
            "action": reverse("app_share"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"files": [{"name": "file", "accept": ["image/*"]}]},
        },
    }
    return OpenPage(
        JsonResponse(said, json_dumps_params={"ensure_ascii": False}).content,
        content_type="application/manifest+json",
    )


@require_safe
@asks_places
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; another one whenever anything that it keeps is another."""
    assets = [static(one) for one in ASSETS]
    pages = form_page(request) + _rendered(request, "webapp/help.html", form="")
    script = get_template("webapp/worker.js").render(
        {
            "version": hashlib.sha256((pages + " ".join(assets)).encode()).hexdigest()[:16],
            "scope": scope_of(),
            "form": with_district(request, reverse("app_report")),
            "help": reverse("app_help"),
            "share": reverse("app_share"),
            "assets": assets,
        }
    )
    return AppPage(script, lets_in="connect-src", content_type="text/javascript; charset=utf-8")


#: What the two kept pages need to look and work as they do.
ASSETS: Final = (
    "ui/public.css",
    "ui/public.js",
    "webapp/app.css",
    "webapp/hpke.js",
    "webapp/app.js",
)


@require_safe
def assetlinks(request: HttpRequest) -> HttpResponse:
    """Vouch for the district's app in Android's store, where an administrator has named one.

    https://developer.android.com/training/app-links/verify-android-applinks
    """
    if not (settings.ANDROID_PACKAGE and settings.ANDROID_CERTIFICATE):
        raise Http404
    target = {
        "namespace": "android_app",
        "package_name": settings.ANDROID_PACKAGE,
        "sha256_cert_fingerprints": [settings.ANDROID_CERTIFICATE],
    }
    vouched = [{"relation": ["delegate_permission/common.handle_all_urls"], "target": target}]
    return OpenPage(JsonResponse(vouched, safe=False).content, content_type="application/json")


def _looks(request: HttpRequest) -> list[dict[str, str]]:
    return [
        {
            "name": str(look.name),
            "icon": static(f"webapp/{key}-192.png"),
            "url": with_district(request, reverse("app_look", args=[key])),
        }
        for key, look in LOOKS.items()
    ]


def _page(request: HttpRequest, template: str, *, lets_in: str = "", **more: Any) -> HttpResponse:
    return AppPage(_rendered(request, template, **more), lets_in=lets_in)


def _rendered(request: HttpRequest, template: str, **more: Any) -> str:
    places = known_places()
    door = door_to(places, district=request.GET.get("d", ""))
    return rendered(template, page_context(request, door, **more))
