"""Addresses of an agency's clients, and of going along."""

from django.urls import path

from upstander.helplines import going, hand_views, views, volunteer_views

app_name = "helplines"
urlpatterns = [
    path("clients", views.clients, name="clients"),
    path("clients/new", views.new, name="new"),
    path("clients/<uuid:client_id>", views.client, name="client"),
    path("clients/<uuid:client_id>/note", views.note, name="note"),
    path("clients/<uuid:client_id>/plan", views.plan, name="plan"),
    path("clients/<uuid:client_id>/end", views.end, name="end"),
    path("clients/<uuid:client_id>/along", going.ask, name="ask"),
    path("handovers/<uuid:handed_id>", hand_views.handover, name="handover"),
    path("volunteers", volunteer_views.volunteers, name="volunteers"),
    path("volunteers/<int:volunteer_id>", volunteer_views.change, name="volunteer"),
    path("accompaniments/<uuid:accompaniment_id>", going.accompaniment, name="accompaniment"),
    path("accompaniments/<uuid:accompaniment_id>/do", going.do, name="do"),
]
