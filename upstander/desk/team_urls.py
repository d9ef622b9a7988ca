"""Addresses of the team member's pages, the district's page and the record."""

from django.urls import path

from upstander.desk import access, district, record, sealed, team, team_acts, team_cases

urlpatterns = [
    path("team", team.team_list, name="team"),
    path("team/<uuid:tip_id>", team.team_tip, name="team_tip"),
    path("team/<uuid:tip_id>/next", team_acts.next_step, name="team_next"),
    path("team/<uuid:tip_id>/reply", team_acts.reply, name="team_reply"),
    path("team/<uuid:tip_id>/note", team_acts.note, name="team_note"),
    path("team/<uuid:tip_id>/words", team_acts.words, name="team_words"),
    path("team/<uuid:tip_id>/back", team_acts.back, name="team_back"),
    path("team/<uuid:tip_id>/close", team_acts.close, name="team_close"),
    path("team/<uuid:tip_id>/aside", team_acts.step_aside, name="team_aside"),
    path("cases/new", team_cases.new_case, name="new_case"),
    path("district", district.district, name="district"),
    path("record", record.record_list, name="record"),
    path("record.jsonl", record.export, name="record_export"),
    path("record/check", record.check, name="record_check"),
    path("record/access", access.access, name="record_access"),
    path("record/sealing", sealed.sealing, name="sealing"),
    path("record/checkpoint", sealed.checkpoint_file, name="record_checkpoint"),
    path("record/key", sealed.key_file, name="record_public_key"),
    path("record/verifier.py", sealed.verifier_file, name="record_verifier"),
    path("record/proof", sealed.proof_file, name="record_proof"),
    path("record/sealed.jsonl", sealed.export, name="record_sealed"),
    path("record/consistency", sealed.consistency_file, name="record_consistency"),
]
