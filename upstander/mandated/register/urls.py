"""Addresses of the register of allegations about staff."""

from django.urls import path

from upstander.mandated.register import change_views, disclosure_views, views

app_name = "register"

urlpatterns = [
    path("register", views.listing, name="list"),
    path("register/new", views.new, name="new"),
    path("register/disclosures", disclosure_views.disclosures, name="disclosures"),
    path(
        "register/disclosures/<uuid:disclosure_id>", disclosure_views.disclosure, name="disclosure"
    ),
    path("register/disclosures/<uuid:disclosure_id>.pdf", disclosure_views.letter, name="letter"),
    path("register/<uuid:entry_id>", views.entry, name="entry"),
    path("register/<uuid:entry_id>/note", change_views.note, name="note"),
    path("register/<uuid:entry_id>/change", change_views.change, name="change"),
    path("register/<uuid:entry_id>/decide", change_views.decide, name="decide"),
    path("register/<uuid:entry_id>/settle", change_views.settle, name="settle"),
    path("register/<uuid:entry_id>/dispose", views.dispose, name="dispose"),
]
