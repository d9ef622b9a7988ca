"""Addresses of an agency's clients, and of going along."""

from django.urls import path

from upstander.helplines import going, legal, views

app_name = "helplines"
urlpatterns = [
    path("clients", views.clients, name="clients"),
    path("clients/new", views.new, name="new"),
    path("clients/<uuid:client_id>", views.client, name="client"),
    path("clients/<uuid:client_id>/note", views.note, name="note"),
    path("clients/<uuid:client_id>/plan", views.plan, name="plan"),
    path("clients/<uuid:client_id>/end", views.end, name="end"),
    path("clients/<uuid:client_id>/along", going.ask, name="ask"),
    path("clients/<uuid:client_id>/legal", legal.aid, name="legal"),
    path("clients/<uuid:client_id>/intake", legal.intake, name="intake"),
    path("clients/<uuid:client_id>/deadlines", legal.note, name="deadlines"),
    path("clients/<uuid:client_id>/deadlines/<uuid:deadline_id>", legal.done, name="done"),
    path("legal-intakes", legal.opened_intake, name="opened_intake"),
    path("accompaniments/<uuid:accompaniment_id>", going.accompaniment, name="accompaniment"),
    path("accompaniments/<uuid:accompaniment_id>/do", going.do, name="do"),
]
