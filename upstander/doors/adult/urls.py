"""Addresses of the desk's pages of this door."""

from django.urls import path

from upstander.doors.adult import views

app_name = "doors"

urlpatterns = [
    path("take-down", views.take_down, name="take_down"),
    path("take-down/links", views.links, name="links"),
    path(
        "take-down/links/<uuid:adult_link_id>/withdraw", views.take_link_back, name="take_link_back"
    ),
]
