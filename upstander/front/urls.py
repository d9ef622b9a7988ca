"""Addresses of the public pages that belong to no single app."""

from __future__ import annotations

from django.urls import URLPattern, path

from upstander.front import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("d/<slug:district>", views.safety, name="safety"),
    path("leave", views.leave, name="leave"),
]
