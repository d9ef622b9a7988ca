"""Addresses of the app. All that works offline lies beneath ``app/``, the worker's scope."""

from __future__ import annotations

from django.urls import URLPattern, path

from upstander.webapp import sealed, views

urlpatterns: list[URLPattern] = [
    path("app", views.choose, name="app"),
    # Its end says to the gate that what is sent there is a new tip (front/gate.py).
    path("app/report", sealed.report, name="app_report"),
    path("app/help", views.numbers, name="app_help"),
    path("app/talk", views.talk, name="app_talk"),
    path("app/share", views.share, name="app_share"),
    path("app/worker.js", views.worker, name="app_worker"),
    path("app/<slug:look>", views.install, name="app_look"),
    path("app/<slug:look>.webmanifest", views.manifest, name="app_manifest"),
]
