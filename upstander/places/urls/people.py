"""Addresses of people and places, mounted at the desk's root."""

from django.urls import include, path

from upstander.places.views import district, imports, join, me, places, posters, teams, way_in
from upstander.places.views import people as accounts

people = [
    path("", accounts.index, name="index"),
    path("import/", imports.staff, name="import"),
    path("<int:person_id>/", accounts.person, name="person"),
    path("<int:person_id>/shut/", accounts.shut, name="shut"),
    path("<int:person_id>/reopen/", accounts.reopen, name="reopen"),
    path("<int:person_id>/reset-second-factor/", accounts.reset_second_factor, name="reset_2fa"),
    path("me/", me.me, name="me"),
    path("hat/", me.hat, name="hat"),
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

kept_places = [
    path("", places.overview, name="overview"),
    path("import/", imports.schools, name="import"),
    path("centers/new/", places.center, name="new_center"),
    path("centers/<int:pk>/", places.center, name="center"),
    path("districts/new/", places.district, name="new_district"),
    path("districts/<int:pk>/", places.district, name="district"),
    path("districts/<int:district_id>/tiles/", places.tiles, name="tiles"),
    path("districts/<int:district_id>/police/new/", places.police_team, name="new_police"),
    path("districts/<int:district_id>/monitor/new/", places.monitor_team, name="new_monitor"),
    path("districts/<int:district_id>/schools/new/", places.school, name="new_school"),
    path("districts/<int:district_id>/schools/<int:pk>/", places.school, name="school"),
]

urlpatterns = [
    path("people/", include((people, "people"))),
    path("places/", include((kept_places, "places"))),
    path("district/teams", district.teams, name="district_teams"),
    path("posters", posters.index, name="posters"),
    path("posters/<int:school_id>/<str:language>/<str:paper>", posters.poster, name="poster"),
]
