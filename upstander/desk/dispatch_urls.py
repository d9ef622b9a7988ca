"""Addresses of the dispatch sheet, of homes and rosters, and of police. All of them in English."""

from django.urls import include, path

from upstander.desk import dispatch_page
from upstander.desk.english import in_english
from upstander.dispatch import police_views, roster_views, views

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
    path("tips/<uuid:tip_id>/911", in_english(dispatch_page.sheet), name="dispatch_sheet"),
    path("tips/<uuid:tip_id>/911/sheet", in_english(dispatch_page.save), name="dispatch_save"),
    path("tips/<uuid:tip_id>/911/place", in_english(dispatch_page.place), name="dispatch_place"),
    path("tips/<uuid:tip_id>/911/call", in_english(dispatch_page.call), name="dispatch_call"),
    path("tips/<uuid:tip_id>/911/decision", in_english(dispatch_page.decide), name="decide_911"),
    path("tips/<uuid:tip_id>/911/police", in_english(dispatch_page.police), name="dispatch_police"),
    path(
        "tips/<uuid:tip_id>/911/police/<uuid:brief_id>",
        dispatch_page.police_update,
        name="dispatch_police_update",
    ),
    path("tips/<uuid:tip_id>/911.pdf", in_english(dispatch_page.pdf), name="dispatch_pdf"),
    path("tips/<uuid:tip_id>/911.json", in_english(dispatch_page.eido), name="dispatch_eido"),
    path("", include((apart, "dispatch"))),
]
