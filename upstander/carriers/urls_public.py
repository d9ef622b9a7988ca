"""Addresses that providers call, in the public process: no language, no cookie, no page."""

from django.urls import path

from upstander.carriers import webhooks

app_name = "carriers"

urlpatterns = [
    path("<slug:provider>/status/<uuid:delivery>", webhooks.status, name="status"),
    path("<slug:provider>/voice/<uuid:delivery>", webhooks.voice, name="voice"),
    path("<slug:provider>/sms", webhooks.sms, name="sms"),
]
