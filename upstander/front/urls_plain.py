"""Addresses of the reporter's site that are in no language."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from upstander.front.hsds import hsds
from upstander.front.views import healthz


class WhateverConverter(StringConverter):
    """Everything, line breaks too: Django's own path ends at one, and would answer in HTML."""

    regex = r"[\s\S]+"


register_converter(WhateverConverter, "whatever")

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("hsds", hsds, name="hsds"),
    path("hsds/", hsds),
    path("hsds/<whatever:rest>", hsds),
]
