"""Addresses of cases, and of how a school's team ends a tip (its page is the desk's)."""

from django.urls import path

from upstander.cases import case_acts, case_views, file_views, newcomer_views, views

app_name = "cases"

urlpatterns = [
    path("team/<uuid:tip_id>/reopen", views.reopen, name="reopen"),
    path("team/<uuid:tip_id>/opinions/<uuid:opinion_id>", views.opinion, name="opinion"),
    path("cases", case_views.case_list, name="list"),
    path("cases/joined", newcomer_views.who_joined, name="joined"),
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
    path("cases/<uuid:case_id>/share", case_acts.share, name="share"),
    path("cases/<uuid:case_id>/unshare", case_acts.unshare, name="unshare"),
    path("cases/<uuid:case_id>/let-in", case_acts.let_in, name="let_in"),
    path("cases/<uuid:case_id>/keep-out", case_acts.keep_out, name="keep_out"),
    path("cases/<uuid:case_id>/lead", case_acts.lead, name="lead"),
    path("cases/<uuid:case_id>/danger", case_acts.danger, name="danger"),
    path("cases/<uuid:case_id>/tips", case_acts.tip, name="tip"),
    path("cases/<uuid:case_id>/links", case_acts.link, name="link"),
    path("cases/<uuid:case_id>/close", case_acts.end, name="end"),
    path("cases/<uuid:case_id>/reopen", case_acts.again, name="again"),
    path("cases/<uuid:case_id>/closings/<uuid:closing_id>", case_acts.review, name="review"),
    path("cases/<uuid:case_id>/files", file_views.add, name="add_file"),
    path("cases/<uuid:case_id>/files/<uuid:item_id>", file_views.file, name="file"),
]
