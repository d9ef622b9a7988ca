"""Coming back with the seven words. A wrong code learns nothing, by content or by time."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upstander.tips.public.cookie import open_session, sent_from_elsewhere
from upstander.tips.public.forms import text_problem
from upstander.tips.public.responses import (
    OpenPage,
    from_another_website,
    page_context,
    rendered,
)
from upstander.tips.public.snapshot import any_door
from upstander.tips.public.words import clean
from upstander.tips.reporter import NotKept, add_message, open_with_code
from upstander.vault.wordlists import CODE_WORDS

#: Seven words are far shorter; more than this is no try at a code.
MOST_TYPED = 500


@require_http_methods(["GET", "HEAD", "POST"])
def back(request: HttpRequest) -> HttpResponse:
    """Type the return code; with it a message that could not be sent when the page had closed."""
    if request.method != "POST":
        return OpenPage(_page(request))
    typed = clean(request.POST.get("code", ""))
    text = clean(request.POST.get("text", ""))
    if sent_from_elsewhere(request):
        # The words of the code may be somebody else's, who wants to read what is written next.
        page = _page(request, text=text, problem=from_another_website())
        return HttpResponse(page, status=403)
    try:
        token = open_with_code(typed[:MOST_TYPED])
        if token is None:
            page = _page(request, typed=typed, text=text, problem=_wrong(typed))
            return HttpResponse(page, status=422)
        if text and not text_problem(text):
            add_message(token, text, once=uuid4())
    except NotKept:
        page = _page(
            request,
            typed=typed,
            text=text,
            problem=_(
                "We can’t reach our records right now. Your words may be right. "
                "Try again in a minute."
            ),
        )
        return HttpResponse(page, status=503)
    response = HttpResponseRedirect(reverse("talk"))
    response.status_code = 303
    open_session(response, token)
    return response


def _wrong(typed: str) -> str:
    """Say why nothing opens: how many words were typed, which anybody can count, and no more.

    One answer for every seven words that open nothing, whatever is wrong with them.
    """
    count = len(typed.replace("-", " ").split())
    if count == CODE_WORDS:
        return _("These words open nothing here. Check each of the seven and try again.")
    return _("Words you typed: %(count)d. It takes all seven. Check them and try again.") % {
        "count": count
    }


def _page(request: HttpRequest, *, typed: str = "", text: str = "", problem: str = "") -> str:
    context = page_context(request, any_door(), typed=typed, text=text, problem=problem)
    return rendered("tips/public/back.html", context)


class Unsent(NamedTuple):
    """What the last step carried, to be kept in the page when it did not arrive."""

    text: str = ""
    once: str = ""
    answers: Mapping[str, str] = MappingProxyType({})


NOTHING = Unsent()


def unsent_page(
    request: HttpRequest, unsent: Unsent, *, status: int, problem: str = "", code: str = ""
) -> HttpResponse:
    """Say that the last step did not arrive, with all of it still in the page to send again.

    Without a ``problem`` it is that the page has been closed meanwhile, and the code is asked for.
    """
    context = page_context(request, any_door(), unsent=unsent, problem=problem, code=code)
    return HttpResponse(rendered("tips/public/unsent.html", context), status=status)
