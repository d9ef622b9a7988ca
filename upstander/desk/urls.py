"""Addresses that the desk itself serves."""

from django.urls import path

from upstander.desk import handoff_who, home, keep_out, queue, supervisor, tip_forms, tip_page
from upstander.desk.english import in_english

urlpatterns = [
    path("", home.home, name="home"),
    path("queue", in_english(queue.queue), name="queue"),
    path("queue/mine", in_english(queue.queue), {"mine": True}, name="queue_mine"),
    path("today", in_english(home.today), name="today"),
    path("live/here", home.here, name="here"),
    path("supervisor", in_english(supervisor.supervisor), name="supervisor"),
    path("tips/<uuid:tip_id>", in_english(tip_page.tip_page), name="tip"),
    path("tips/<uuid:tip_id>/parts", in_english(tip_page.parts), name="tip_parts"),
    path("tips/<uuid:tip_id>/assess", in_english(tip_forms.assess), name="tip_assess"),
    path("tips/<uuid:tip_id>/handoff", in_english(tip_forms.handoff), name="tip_handoff"),
    path(
        "tips/<uuid:tip_id>/handoff/who",
        in_english(handoff_who.shown),
        name="tip_handoff_who",
    ),
    path("tips/<uuid:tip_id>/keep-out", in_english(keep_out.keep_out), name="tip_keep_out"),
    path("tips/<uuid:tip_id>/close", in_english(tip_forms.close), name="tip_close"),
]
