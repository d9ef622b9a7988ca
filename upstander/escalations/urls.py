"""Addresses of alerts."""

from django.urls import path

from upstander.escalations import views

app_name = "escalations"

urlpatterns = [
    path("alerts/<uuid:alert_id>/answer", views.answer, name="answer"),
]
