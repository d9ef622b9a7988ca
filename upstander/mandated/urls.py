"""Addresses of duties."""

from django.urls import path

from upstander.mandated import (
    answer_views,
    consult_views,
    exclusion_views,
    later_views,
    ledger_views,
    rules_views,
    views,
)
from upstander.mandated.leaving import views as leaving

app_name = "mandated"

urlpatterns = [
    path("suspect", views.suspect, name="suspect"),
    path("consults", consult_views.consults, name="consults"),
    path("consults/<uuid:consult_id>", consult_views.consult, name="consult"),
    path("duties", views.own, name="own"),
    path("duties/<uuid:duty_id>", views.duty, name="duty"),
    path("duties/<uuid:duty_id>/urgency", views.urgency, name="urgency"),
    path("duties/<uuid:duty_id>/first", views.first, name="first"),
    path("duties/<uuid:duty_id>/note", views.note, name="note"),
    path("duties/<uuid:duty_id>/file", later_views.file, name="file"),
    path("duties/<uuid:duty_id>/confirm", views.confirm, name="confirm"),
    path("duties/<uuid:duty_id>/said", views.said, name="said"),
    path("duties/<uuid:duty_id>/correct", later_views.correct, name="correct"),
    path("duties/<uuid:duty_id>/event", later_views.event, name="event"),
    path("duties/<uuid:duty_id>/keep-out", later_views.keep_out, name="keep_out"),
    path("duties/<uuid:duty_id>/known", later_views.known, name="known"),
    path("duties/<uuid:duty_id>/stand-in", leaving.stand_in, name="stand_in"),
    path("duties/<uuid:duty_id>/met", later_views.meet, name="meet"),
    path("tips/<uuid:tip_id>/suspicion", answer_views.suspicion, name="suspicion"),
    path(
        "cases/<uuid:case_id>/suspicion", answer_views.suspicion_of_case, name="suspicion_of_case"
    ),
    path("answers", answer_views.for_the_file, name="for_file"),
    path("exclusions", exclusion_views.wide_exclusions, name="exclusions"),
    path("ledger", ledger_views.ledger_page, name="ledger"),
    path("ledger.csv", ledger_views.ledger_csv, name="ledger_csv"),
    path("monitor", ledger_views.monitor_page, name="monitor"),
    path("monitor.csv", ledger_views.monitor_csv, name="monitor_csv"),
    path("duties/<uuid:duty_id>/proofs", ledger_views.proofs, name="proofs"),
    path("duties/<uuid:duty_id>/proofs/<int:number>", ledger_views.proof_file, name="proof"),
    path("leaving", leaving.leaving, name="leaving"),
    path("leaving/<int:leaver_id>", leaving.leaver, name="leaver"),
    path("leaving/<uuid:shutting_id>/agree", leaving.agree, name="agree_shutting"),
    path("leaving/<uuid:shutting_id>/refuse", leaving.refuse, name="refuse_shutting"),
    path("leaving/<uuid:shutting_id>/link", leaving.link, name="way_in_link"),
    path("rules", rules_views.rules, name="rules"),
    path("rules/confirm", rules_views.confirm, name="confirm_rule"),
]
