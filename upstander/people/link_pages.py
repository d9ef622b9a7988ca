"""The page behind a secret link: shown on GET, used up on POST, refused plainly once it's over."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from upstander.people.links import LinkOver
from upstander.people.permissions import open_to_strangers


def link_page[**P](
    over: Callable[[HttpRequest], HttpResponse],
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """Make a view the page that a link opens: for strangers, cached nowhere, GET and POST alone.

    Mail scanners and previews open links: the view shows a form on GET and uses the link up on POST
    only. When it raises LinkOver, ``over`` answers, with status 410.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @open_to_strangers
        @never_cache
        @sensitive_post_parameters()
        @require_http_methods(["GET", "POST"])
        @wraps(view)
        def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except LinkOver:
                answer = over(request)
                answer.status_code = 410
                return answer

        return page

    return decorate
