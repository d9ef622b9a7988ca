"""Addresses of the reporter's site that are in no language."""

from django.urls import path

from upstander.front.views import healthz

urlpatterns = [path("healthz", healthz, name="healthz")]
