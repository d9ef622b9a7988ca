"""Addresses of cases, and of how a school's team ends a tip (its page is the desk's)."""

from django.urls import path

from upstander.cases import case_acts, case_views, views

app_name = "cases"

urlpatterns = [
    path("team/<uuid:tip_id>/close", views.close, name="close"),
    path("team/<uuid:tip_id>/reopen", views.reopen, name="reopen"),
    path("team/<uuid:tip_id>/opinions/<uuid:opinion_id>", views.opinion, name="opinion"),
    path("cases", case_views.case_list, name="list"),
    path("cases/<uuid:case_id>", case_views.case, name="case"),
    path("cases/<uuid:case_id>/note", case_acts.note, name="note"),
    path("cases/<uuid:case_id>/person", case_acts.person, name="person"),
    path("cases/<uuid:case_id>/home", case_acts.home, name="home"),
    path("cases/<uuid:case_id>/action", case_acts.action, name="action"),
    path(
        "cases/<uuid:case_id>/actions/<uuid:action_id>/end",
        case_acts.action_end,
        name="action_end",
    ),
    path(
        "cases/<uuid:case_id>/actions/<uuid:action_id>/hand",
        case_acts.action_hand,
        name="action_hand",
    ),
]
