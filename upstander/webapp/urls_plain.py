"""Addresses of the app that are in no language."""

from __future__ import annotations

from django.urls import URLPattern, path

from upstander.webapp import views

urlpatterns: list[URLPattern] = [
    path(".well-known/assetlinks.json", views.assetlinks, name="assetlinks"),
]
