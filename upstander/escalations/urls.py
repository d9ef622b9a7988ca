"""Addresses of alerts, the link of a page, tasks and policies."""

from django.urls import path

from upstander.escalations import link_views, policy_views, views

app_name = "escalations"

urlpatterns = [
    path("a/<str:token>", link_views.answer, name="link"),
    path("alerts/<uuid:alert_id>/answer", views.answer, name="answer"),
    path("alerts/<uuid:ringing_id>/now", views.now, name="now"),
    path("alerts/<uuid:ringing_id>/skip", views.skip, name="skip"),
    path("tasks/<uuid:task_id>/take", views.take, name="take"),
    path("tasks/<uuid:task_id>/finish", views.finish, name="finish"),
    path("policies", policy_views.policies, name="policies"),
    path("policies/contacts", policy_views.contact, name="contacts"),
    path("policies/fallback", policy_views.fallback, name="fallback"),
    path("policies/<slug:stage>/<slug:situation>", policy_views.policy, name="policy"),
]
