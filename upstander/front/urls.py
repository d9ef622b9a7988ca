"""Addresses of the reporter's site that are of no single door."""

from __future__ import annotations

from django.urls import URLPattern, path

from upstander.front import come, finding, views, worried

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("d/<slug:district>", views.safety, name="safety"),
    path("d/<slug:district>/help/<slug:mark>", views.helping, name="help"),
    path("d/<slug:district>/help/<slug:mark>/failed", views.failed, name="failed"),
    path("d/<slug:district>/ask", worried.worried, name="worried"),
    path("d/<slug:district>/ask/paper", worried.paper, name="worried_paper"),
    path("d/<slug:district>/come", come.come, name="come"),
    path("find", finding.finding, name="find"),
    path("leave", views.leave, name="leave"),
]
