"""Addresses of the retention page."""

from django.urls import path

from upstander.retention import views

app_name = "retention"

urlpatterns = [
    path("retention", views.retention, name="retention"),
    path("retention/holds", views.hold, name="hold"),
    path("retention/holds/<uuid:hold_id>/lift", views.lift, name="lift"),
    path("retention/years", views.years, name="years"),
    path("retention/items", views.items, name="items"),
]
