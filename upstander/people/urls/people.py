"""Addresses of people and their teams."""

from django.urls import path

from upstander.people.views import join, me, teams, way_in

app_name = "people"
urlpatterns = [
    path("me/", me.me, name="me"),
    path("me/address/", me.new_address, name="new_address"),
    path("active-role/", me.active_role, name="active_role"),
    path("unlock/", me.unlock, name="unlock"),
    path("recovery-code/", me.recovery_code, name="recovery_code"),
    path("sign-out-everywhere/", me.sign_out_everywhere, name="sign_out_everywhere"),
    path("join/<slug:link>/", join.join, name="join"),
    path("way-in/<slug:link>/", way_in.take_up, name="way_in"),
    path("teams/", teams.team_list, name="teams"),
    path("teams/<int:team_id>/", teams.team, name="team"),
    path("teams/<int:team_id>/invite/", teams.invite, name="invite"),
    path("teams/<int:team_id>/renew-key/", teams.renew, name="renew"),
    path(
        "teams/<int:team_id>/invitations/<uuid:invitation_id>/send/",
        teams.send_again,
        name="send_again",
    ),
    path(
        "teams/<int:team_id>/invitations/<uuid:invitation_id>/withdraw/",
        teams.withdraw,
        name="withdraw",
    ),
    path("teams/<int:team_id>/members/<int:person_id>/", teams.member, name="member"),
    path("teams/<int:team_id>/members/<int:person_id>/remove/", teams.remove, name="remove"),
]
