"""Addresses of the team member's pages, the district's page and the record."""

from django.urls import path

from upstander.desk import district, record, team, team_acts

urlpatterns = [
    path("team", team.team_list, name="team"),
    path("team/<uuid:tip_id>", team.team_tip, name="team_tip"),
    path("team/<uuid:tip_id>/next", team_acts.next_step, name="team_next"),
    path("team/<uuid:tip_id>/reply", team_acts.reply, name="team_reply"),
    path("team/<uuid:tip_id>/note", team_acts.note, name="team_note"),
    path("team/<uuid:tip_id>/words", team_acts.words, name="team_words"),
    path("team/<uuid:tip_id>/back", team_acts.back, name="team_back"),
    path("team/<uuid:tip_id>/aside", team_acts.step_aside, name="team_aside"),
    path("district", district.district, name="district"),
    path("record", record.record_list, name="record"),
    path("record.jsonl", record.export, name="record_export"),
    path("record/check", record.check, name="record_check"),
]
