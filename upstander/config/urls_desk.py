"""Addresses of the desk. Each app mounts its own; everything is closed unless a view opens it."""

from django.urls import URLPattern, URLResolver, include, path

handler400 = "upstander.ui.errors.desk_400"
handler403 = "upstander.ui.errors.desk_403"
handler404 = "upstander.ui.errors.desk_404"
handler500 = "upstander.ui.errors.desk_500"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("upstander.desk.urls")),
    path("", include("upstander.desk.team_urls")),
    path("", include("upstander.desk.dispatch_urls")),
    path("", include("upstander.triage.urls")),
    path("", include("upstander.cases.urls")),
    path("", include("upstander.cases.guides.urls")),
    path("", include("upstander.escalations.urls")),
    path("", include("upstander.oncall.urls")),
    path("", include("upstander.carriers.urls")),
    path("", include("upstander.watch.urls")),
    path("", include("upstander.accountability.urls")),
    path("", include("upstander.retention.urls")),
    path("", include("upstander.mandated.urls")),
    path("", include("upstander.mandated.written.urls")),
    path("", include("upstander.mandated.register.urls")),
    path("account/", include("upstander.places.urls.account")),
    path("", include("upstander.places.urls.people")),
]
