"""Addresses of duties."""

from django.urls import path

from upstander.mandated import views

app_name = "mandated"

urlpatterns = [
    path("suspect", views.suspect, name="suspect"),
    path("duties", views.own, name="own"),
    path("duties/<uuid:duty_id>", views.duty, name="duty"),
    path("duties/<uuid:duty_id>/urgency", views.urgency, name="urgency"),
    path("duties/<uuid:duty_id>/first", views.first, name="first"),
    path("duties/<uuid:duty_id>/written", views.written, name="written"),
    path("duties/<uuid:duty_id>/note", views.note, name="note"),
    path("duties/<uuid:duty_id>/confirm", views.confirm, name="confirm"),
    path("duties/<uuid:duty_id>/said", views.said, name="said"),
]
