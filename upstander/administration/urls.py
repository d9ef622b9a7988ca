"""Addresses of the administrator's pages, mounted at the desk's root."""

from django.urls import include, path

from upstander.administration.views import district, imports, places, posters
from upstander.administration.views import people as accounts

accounts_kept = [
    path("", accounts.index, name="index"),
    path("import/", imports.staff, name="import"),
    path("<int:person_id>/", accounts.person, name="person"),
    path("<int:person_id>/shut/", accounts.shut, name="shut"),
    path("<int:person_id>/reopen/", accounts.reopen, name="reopen"),
    path("<int:person_id>/reset-second-factor/", accounts.reset_second_factor, name="reset_2fa"),
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
    path("people/", include((accounts_kept, "accounts"))),
    path("places/", include((kept_places, "places"))),
    path("district/teams", district.teams, name="district_teams"),
    path("posters", posters.index, name="posters"),
    path("posters/<int:school_id>/<str:language>/<str:paper>", posters.poster, name="poster"),
]
