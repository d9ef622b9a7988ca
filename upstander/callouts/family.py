"""The family's page behind its link: who comes, when, and one press if it gets worse."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from upstander.base.languages import language_of
from upstander.base.moment import database_second
from upstander.people.link_pages import link_page
from upstander.people.links import LinkOver
from upstander.people.models import Person


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "callouts/family_over.html")


@csrf_exempt  # The link is the right to press; there is no session whose right could be misused.
@link_page(_over)
def family(request: HttpRequest, link: str) -> HttpResponse:
    """Show who comes, by first name, and when; ring the desk when it is said to be worse."""
    if request.method == "POST":
        with connection.cursor() as cursor:
            cursor.execute("SELECT api.callout_worse(p_link => %s)", [link])
            (rung,) = cursor.fetchone() or (False,)
        if not rung:
            raise LinkOver
        return redirect(request.path)
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.callout_of_link(p_link => %s)", [link])
        (found,) = cursor.fetchone() or (None,)
    if found is None:
        raise LinkOver
    told = json.loads(found)
    now, left = database_second(), None
    goes = Person.objects.filter(pk=told["who"]).first()
    told["who"] = goes.name.split()[0] if goes else ""
    for name in ("eta", "planned"):
        told[name] = datetime.fromisoformat(told[name]) if told[name] else None
    if told["eta"]:
        left = int((told["eta"] - now).total_seconds() // 60)
    language = language_of(told.pop("language")).code
    with translation.override(language), timezone.override(ZoneInfo(told.pop("zone"))):
        response = render(request, "callouts/family.html", {"one": told, "left": left})
    # The link must not travel on to wherever this page leads.
    response["Referrer-Policy"] = "no-referrer"
    return response
