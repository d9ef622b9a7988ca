"""Addresses of the reporter's site: the pages of no single app, and the reporter's own.

They meet here because the words of a closed tip are those of ``cases``, above ``tips``, and how
long it usually takes until one is read is reckoned by ``accountability``.
"""

from __future__ import annotations

from django.urls import URLPattern, path

from upstander.accountability.waits import usual_wait
from upstander.cases.dispositions import words_for_reporter
from upstander.front import views
from upstander.tips.public.urls import patterns

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("d/<slug:district>", views.safety, name="safety"),
    path("leave", views.leave, name="leave"),
    *patterns(words_for_reporter, usual_wait),
]
