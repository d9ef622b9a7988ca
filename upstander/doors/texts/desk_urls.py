"""Addresses of what staff do about a reporter's texts."""

from django.urls import path

from upstander.doors.texts import views

app_name = "door_texts_desk"

urlpatterns = [path("tips/<uuid:tip_id>/bridge", views.bridge, name="bridge")]
