"""Every address of the reporter's site. English has no prefix; the others carry theirs.

The language stands in the address and nowhere else: no cookie, and nothing read from the browser.
"""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from upstander.cases.dispositions import words_for_reporter
from upstander.front.views import healthz
from upstander.tips.public.urls import patterns

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("carriers/", include("upstander.carriers.urls_public")),
    *i18n_patterns(
        path("", include("upstander.front.urls")),
        path("", include(patterns(words_for_reporter))),
        prefix_default_language=False,
    ),
]

handler400 = "upstander.ui.errors.public_400"
handler403 = "upstander.ui.errors.public_403"
handler404 = "upstander.ui.errors.public_404"
handler500 = "upstander.ui.errors.public_500"
