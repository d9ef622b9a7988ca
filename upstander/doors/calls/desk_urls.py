"""Addresses of what staff do about a call."""

from django.urls import path

from upstander.doors.calls import views

app_name = "door_calls_desk"

urlpatterns = [
    path(f"tips/<uuid:tip_id>/phone/{name}", act, name=name)
    for name, act in (
        ("take", views.take),
        ("hold", views.hold),
        ("resume", views.resume),
        ("move", views.move),
        ("end", views.end),
        ("interpreter", views.interpreter),
        ("psap", views.psap),
        ("back", views.back),
        ("settled", views.settled),
    )
]
