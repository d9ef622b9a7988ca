"""Addresses of contacts and referrals."""

from django.urls import path

from upstander.referrals import agency_views, unmet_views, views

app_name = "referrals"
urlpatterns = [
    path("contacts", views.contacts, name="contacts"),
    path("contacts/new", views.new, name="new"),
    path("contacts/<uuid:contact_id>", views.contact, name="contact"),
    path("contacts/<uuid:contact_id>/end", views.end, name="end"),
    path("contacts/<uuid:contact_id>/refer/<uuid:service_id>", views.refer, name="refer"),
    path(
        "contacts/<uuid:contact_id>/referrals/<uuid:referral_id>/helped",
        views.helped,
        name="helped",
    ),
    path(
        "contacts/<uuid:contact_id>/referrals/<uuid:referral_id>/not-reached",
        views.not_reached,
        name="not_reached",
    ),
    path(
        "contacts/<uuid:contact_id>/referrals/<uuid:referral_id>/take-back",
        views.take_back,
        name="take_back",
    ),
    path(
        "contacts/<uuid:contact_id>/referrals/<uuid:referral_id>/place", views.place, name="place"
    ),
    path("unmet", unmet_views.unmet, name="unmet"),
    path("unmet.csv", unmet_views.unmet_csv, name="unmet_csv"),
    path("r/<str:link>", agency_views.answer, name="agency"),
]
