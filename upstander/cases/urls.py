"""Addresses of how a school's team ends a tip; its page is the desk's (``/team/<id>``)."""

from django.urls import path

from upstander.cases import views

app_name = "cases"

urlpatterns = [
    path("team/<uuid:tip_id>/close", views.close, name="close"),
    path("team/<uuid:tip_id>/reopen", views.reopen, name="reopen"),
    path("team/<uuid:tip_id>/opinions/<uuid:opinion_id>", views.opinion, name="opinion"),
]
