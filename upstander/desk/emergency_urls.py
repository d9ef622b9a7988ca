"""Addresses of the dispatch sheet, of homes and rosters, and of police. All of them in English."""

from django.urls import include, path

from upstander.desk import emergency_page, newer_views
from upstander.desk.english import in_english
from upstander.desk.meant_911 import meant
from upstander.emergency import police_views, roster_views, views

apart = [
    path("tips/<uuid:tip_id>/911/ask", views.ask, name="ask"),
    path("tips/<uuid:tip_id>/911/decide/<uuid:request_id>", views.decide, name="decide"),
    path("tips/<uuid:tip_id>/911/arrived", views.arrived, name="arrived"),
    path("tips/<uuid:tip_id>/home", in_english(views.home), name="home"),
    path("roster", in_english(roster_views.roster), name="roster"),
    path("police", in_english(police_views.brief_list), name="briefs"),
    path("police/<uuid:brief_id>", in_english(police_views.brief), name="brief"),
    path("police/<uuid:brief_id>/acknowledge", police_views.acknowledge, name="acknowledge"),
    path("police/<uuid:brief_id>/outcome", in_english(police_views.outcome), name="outcome"),
]

urlpatterns = [
    path("tips/<uuid:tip_id>/911", in_english(emergency_page.sheet), name="emergency_sheet"),
    path("tips/<uuid:tip_id>/911/sheet", in_english(emergency_page.save), name="emergency_save"),
    path("tips/<uuid:tip_id>/911/place", in_english(emergency_page.place), name="emergency_place"),
    path("tips/<uuid:tip_id>/911/newer", in_english(newer_views.newer), name="emergency_newer"),
    path("tips/<uuid:tip_id>/911/call", in_english(emergency_page.call), name="emergency_call"),
    path(
        "tips/<uuid:tip_id>/911/call/<uuid:call_id>/not-made",
        in_english(emergency_page.not_made),
        name="emergency_not_made",
    ),
    path("tips/<uuid:tip_id>/911/meant", in_english(meant), name="meant_911"),
    path("tips/<uuid:tip_id>/911/decision", in_english(emergency_page.decide), name="decide_911"),
    path(
        "tips/<uuid:tip_id>/911/police", in_english(emergency_page.police), name="emergency_police"
    ),
    path(
        "tips/<uuid:tip_id>/911/police/<uuid:brief_id>",
        emergency_page.police_update,
        name="emergency_police_update",
    ),
    path("tips/<uuid:tip_id>/911.pdf", in_english(emergency_page.pdf), name="emergency_pdf"),
    path("", include((apart, "emergency"))),
]
