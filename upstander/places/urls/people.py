"""Addresses of people and places, mounted at the desk's root."""

from django.urls import include, path

from upstander.places.views import me

people = [
    path("me/", me.me, name="me"),
    path("unlock/", me.unlock, name="unlock"),
    path("recovery-code/", me.recovery_code, name="recovery_code"),
    path("sign-out-everywhere/", me.sign_out_everywhere, name="sign_out_everywhere"),
]

urlpatterns = [
    path("people/", include((people, "people"))),
]
