"""Addresses of what a counselor does to a tip; its page is the desk's (``/tips/<id>``)."""

from django.urls import path

from upstander.triage import adding, away_views, file_views, subject_views, views, written
from upstander.triage.moving import views as moving

app_name = "triage"

urlpatterns = [
    path("moves", moving.moves, name="moves"),
    path("moves/<uuid:move_id>/pass-on", moving.pass_on, name="pass_on"),
    path("alerts/<uuid:ringing_id>/add", adding.add, name="add"),
    path("answers/away/<uuid:tip_id>", away_views.answer, name="answer_away"),
    path("tips/suggest", views.suggest, name="suggest"),
    path("duties/<uuid:duty_id>/written/assessment", written.take_over, name="take_over"),
    path("tips/<uuid:tip_id>/claim", views.claim, name="claim"),
    path("tips/<uuid:tip_id>/claim-alike", views.claim_with, name="claim_alike"),
    path("tips/<uuid:tip_id>/named", views.answer_named, name="answer_named"),
    path("tips/<uuid:tip_id>/take", views.take, name="take"),
    path("tips/<uuid:tip_id>/release", views.release, name="release"),
    path("tips/<uuid:tip_id>/aside", views.aside, name="aside"),
    path("tips/<uuid:tip_id>/reply", views.reply, name="reply"),
    path("tips/<uuid:tip_id>/note", views.note, name="note"),
    path("tips/<uuid:tip_id>/draft", views.draft, name="draft"),
    path("tips/<uuid:tip_id>/junk", views.junk, name="junk"),
    path("tips/<uuid:tip_id>/link", views.link, name="link"),
    path("tips/<uuid:tip_id>/subjects", subject_views.name, name="name_subject"),
    path(
        "tips/<uuid:tip_id>/subjects/<uuid:subject_id>/remove",
        subject_views.remove,
        name="remove_subject",
    ),
    path("tips/<uuid:tip_id>/reopen", views.reopen, name="reopen"),
    path("tips/<uuid:tip_id>/opinions/<uuid:opinion_id>", views.opinion, name="opinion"),
    path("tips/<uuid:tip_id>/files/<uuid:file_id>", file_views.file, name="file"),
    path("tips/<uuid:tip_id>/files/<uuid:file_id>/small", file_views.thumbnail, name="thumbnail"),
    path("tips/<uuid:tip_id>/files/<uuid:file_id>/quarantine", views.quarantine, name="quarantine"),
]
