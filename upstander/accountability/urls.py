"""Addresses of the times."""

from django.urls import path

from upstander.accountability import equity_views, views

app_name = "accountability"

urlpatterns = [
    path("times", views.times, name="times"),
    path("times.csv", views.times_csv, name="times_csv"),
    path("equity", equity_views.equity, name="equity"),
    path("equity/divisions", equity_views.add, name="add_division"),
    path("equity/divisions/<int:division_id>/end", equity_views.end, name="end_division"),
    path("equity/cases", equity_views.cases, name="case_figures"),
    path("equity/cases/<uuid:case_id>", equity_views.fill, name="fill_in"),
]
