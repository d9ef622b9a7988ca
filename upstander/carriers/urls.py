"""Addresses on the desk: one's own ways to be reached, the demo's outbox."""

from django.urls import path

from upstander.carriers import contact_views, views

app_name = "carriers"

urlpatterns = [
    path("outbox", views.outbox, name="outbox"),
    path("push-worker.js", contact_views.worker, name="push_worker"),
    path("me/contact", contact_views.contact, name="contact"),
    path("me/contact/add", contact_views.add, name="add"),
    path("me/contact/<int:method_id>/verify", contact_views.verify, name="verify"),
    path("me/contact/<int:method_id>/code", contact_views.code, name="code"),
    path("me/contact/<int:method_id>/remove", contact_views.remove, name="remove"),
]
