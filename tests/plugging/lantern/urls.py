"""Addresses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from tests.plugging.lantern.rights import LanternRight
from upstander.people.permissions import requires


@requires(LanternRight.LIGHT)
def lanterns(request: HttpRequest) -> HttpResponse:
    """Show the desk's frame around one word."""
    return render(request, "lantern/page.html")


urlpatterns = [path("lanterns", lanterns, name="lanterns")]
