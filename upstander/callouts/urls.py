"""Addresses of callouts."""

from django.urls import path

from upstander.callouts import family, months, sites, views

app_name = "callouts"
urlpatterns = [
    path("callouts", views.board, name="board"),
    path("callouts/new", views.new, name="new"),
    path("callouts/month", months.month, name="month"),
    path("callouts/month.csv", months.month_csv, name="month_csv"),
    path("callouts/month.pdf", months.month_pdf, name="month_pdf"),
    path("callouts/sites", sites.sites, name="sites"),
    path("callouts/<uuid:callout_id>", views.callout, name="callout"),
    path("callouts/<uuid:callout_id>/do", views.do, name="do"),
    path("callouts/<uuid:callout_id>/desk", views.panic, name="panic"),
    path("c/<str:link>", family.family, name="family"),
]
