"""Addresses of callouts."""

from django.urls import path

from upstander.callouts import family, sites, views

app_name = "callouts"
urlpatterns = [
    path("callouts", views.board, name="board"),
    path("callouts/new", views.new, name="new"),
    path("callouts/sites", sites.sites, name="sites"),
    path("callouts/<uuid:callout_id>", views.callout, name="callout"),
    path("callouts/<uuid:callout_id>/do", views.do, name="do"),
    path("c/<str:link>", family.family, name="family"),
]
