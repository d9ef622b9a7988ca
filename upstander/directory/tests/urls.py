"""The directory's own addresses, so that its pages are tested without the rest of the desk."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def _elsewhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("services/", include("upstander.directory.urls")),
    path("account/login/", _elsewhere, name="account_login"),
]
