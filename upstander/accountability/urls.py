"""Addresses of the times."""

from django.urls import path

from upstander.accountability import views

app_name = "accountability"

urlpatterns = [
    path("times", views.times, name="times"),
    path("times.csv", views.times_csv, name="times_csv"),
]
