"""Addresses that the desk itself serves."""

from django.urls import path

from upstander.desk import home, queue, supervisor, tip_forms, tip_page

urlpatterns = [
    path("", home.home, name="home"),
    path("queue", queue.queue, name="queue"),
    path("queue/mine", queue.queue, {"mine": True}, name="queue_mine"),
    path("live/here", home.here, name="here"),
    path("supervisor", supervisor.supervisor, name="supervisor"),
    path("tips/<uuid:tip_id>", tip_page.tip_page, name="tip"),
    path("tips/<uuid:tip_id>/parts", tip_page.parts, name="tip_parts"),
    path("tips/<uuid:tip_id>/assess", tip_forms.assess, name="tip_assess"),
    path("tips/<uuid:tip_id>/handoff", tip_forms.handoff, name="tip_handoff"),
    path("tips/<uuid:tip_id>/keep-out", tip_forms.keep_out, name="tip_keep_out"),
    path("tips/<uuid:tip_id>/close", tip_forms.close, name="tip_close"),
]
