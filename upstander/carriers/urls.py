"""Addresses of what was sent."""

from django.urls import path

from upstander.carriers import views

app_name = "carriers"

urlpatterns = [path("outbox", views.outbox, name="outbox")]
