"""Addresses of what waits for a second person."""

from django.urls import path

from upstander.approvals import views

app_name = "approvals"
urlpatterns = [
    path("approvals", views.waiting, name="waiting"),
    path("approvals/decide", views.decide, name="decide"),
]
