"""Addresses of people and places, mounted at the desk's root."""

from django.urls import include, path

from upstander.places.views import join, me, teams

people = [
    path("me/", me.me, name="me"),
    path("unlock/", me.unlock, name="unlock"),
    path("recovery-code/", me.recovery_code, name="recovery_code"),
    path("sign-out-everywhere/", me.sign_out_everywhere, name="sign_out_everywhere"),
    path("join/<str:link>/", join.join, name="join"),
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

urlpatterns = [
    path("people/", include((people, "people"))),
]
