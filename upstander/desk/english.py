"""Staff's working pages exist in English: said so to browsers and screen readers, never mixed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation


def in_english[**P, R: HttpResponseBase](
    view: Callable[Concatenate[HttpRequest, P], R],
) -> Callable[Concatenate[HttpRequest, P], R]:
    """Show a view's page in English whatever the browser asks for.

    Its parts come from many hands, some translated already; a page that changes its language from
    line to line is read out wrongly.
    """

    @functools.wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R:
        translation.activate("en")
        request.LANGUAGE_CODE = "en"
        return view(request, *args, **kwargs)

    return shown
