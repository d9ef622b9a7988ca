"""Addresses that providers call about reporters' texts: no language, no cookie, no page."""

from django.urls import path

from upstander.doors.texts import webhooks

app_name = "door_texts"

urlpatterns = [
    path("carriers/<slug:provider>/door/text", webhooks.text, name="text"),
    path("carriers/<slug:provider>/door/status/<uuid:order>", webhooks.status, name="status"),
]
