"""Addresses that providers call about calls: no language, no cookie, no page."""

from django.urls import path

from upstander.doors.calls import webhooks

app_name = "door_calls"

_DOOR = "carriers/<slug:provider>/door"

urlpatterns = [
    path(f"{_DOOR}/call", webhooks.call, name="call"),
    path(f"{_DOOR}/call/on", webhooks.on, name="on"),
    path(f"{_DOOR}/call/on/own/<uuid:call>", webhooks.own, name="own"),
    path(f"{_DOOR}/call/status", webhooks.status, name="status"),
    path(f"{_DOOR}/leg/<uuid:leg>", webhooks.leg, name="leg"),
    path(f"{_DOOR}/leg/<uuid:leg>/status", webhooks.leg_status, name="leg_status"),
    path(f"{_DOOR}/back/<uuid:call>", webhooks.back, name="back"),
    path(f"{_DOOR}/back/<uuid:call>/status", webhooks.back_status, name="back_status"),
]
