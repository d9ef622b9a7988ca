"""Addresses of the guides of a case, and of what an administrator says of their texts."""

from django.urls import path

from upstander.cases.guides import views

app_name = "guides"

urlpatterns = [
    path("cases/<uuid:case_id>/threat", views.threat, name="threat"),
    path("cases/<uuid:case_id>/suicide", views.suicide, name="suicide"),
    path("cases/<uuid:case_id>/plan", views.plan, name="plan"),
    path("cases/<uuid:case_id>/plan/<uuid:version_id>", views.plan_copy, name="plan_copy"),
    path("guides", views.texts, name="texts"),
]
