"""Addresses of an agency's clients, and of going along."""

from django.urls import path

from upstander.helplines import (
    counts,
    going,
    hand_views,
    legal,
    partner_views,
    views,
    volunteer_views,
)

app_name = "helplines"
urlpatterns = [
    path("clients", views.clients, name="clients"),
    path("clients/figures", counts.figures, name="figures"),
    path("clients/figures.csv", counts.figures, {"file": True}, name="figures_csv"),
    path("clients/new", views.new, name="new"),
    path("clients/<uuid:client_id>", views.client, name="client"),
    path("clients/<uuid:client_id>/note", views.note, name="note"),
    path("clients/<uuid:client_id>/plan", views.plan, name="plan"),
    path("clients/<uuid:client_id>/link", views.link, name="link"),
    path("clients/<uuid:client_id>/end", views.end, name="end"),
    path("clients/<uuid:client_id>/along", going.ask, name="ask"),
    path("handovers/<uuid:handed_id>", hand_views.handover, name="handover"),
    path("volunteers", volunteer_views.volunteers, name="volunteers"),
    path("volunteers/<int:volunteer_id>", volunteer_views.change, name="volunteer"),
    path("clients/<uuid:client_id>/legal", legal.aid, name="legal"),
    path("clients/<uuid:client_id>/intake", legal.intake, name="intake"),
    path("clients/<uuid:client_id>/deadlines", legal.note, name="deadlines"),
    path("clients/<uuid:client_id>/deadlines/<uuid:deadline_id>", legal.done, name="done"),
    path("legal-intakes", legal.opened_intake, name="opened_intake"),
    path("accompaniments/<uuid:accompaniment_id>", going.accompaniment, name="accompaniment"),
    path("accompaniments/<uuid:accompaniment_id>/do", going.do, name="do"),
    path("accompaniments/<uuid:accompaniment_id>/partners", partner_views.tell, name="tell"),
    path(
        "accompaniments/<uuid:accompaniment_id>/partners/<uuid:partner_id>/take-back",
        partner_views.take_back,
        name="untell",
    ),
    path("n/<str:link>", partner_views.partner, name="partner"),
]
