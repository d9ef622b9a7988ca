"""Addresses of the on-call pages."""

from django.urls import path

from upstander.oncall.views import calendars, layers, me, overrides, plans, swaps

app_name = "oncall"

urlpatterns = [
    path("oncall", plans.overview, name="overview"),
    path("oncall/<int:team_id>", plans.plan, name="plan"),
    path("oncall/<int:team_id>/rules/new", layers.layer, name="new_layer"),
    path("oncall/<int:team_id>/rules/<int:layer_id>", layers.layer, name="layer"),
    path("oncall/<int:team_id>/rules/<int:layer_id>/remove", layers.remove, name="remove_layer"),
    path("oncall/<int:team_id>/rules/<int:layer_id>/up", layers.move, name="move_layer"),
    path("oncall/<int:team_id>/zone", layers.zone, name="zone"),
    path("oncall/<int:team_id>/changes/new", overrides.override, name="new_override"),
    path(
        "oncall/<int:team_id>/changes/<int:override_id>/remove",
        overrides.remove,
        name="remove_override",
    ),
    path("oncall/<int:team_id>/import", calendars.import_shifts, name="import"),
    path("oncall/<int:team_id>/swaps/new", swaps.ask, name="ask_swap"),
    path("oncall/swaps/<uuid:swap_id>/answer", swaps.answer, name="answer_swap"),
    path("oncall/districts/<int:district_id>", calendars.district, name="district"),
    path("oncall/centers/<int:center_id>", calendars.center, name="center"),
    path("oncall/feed/<str:secret>.ics", me.feed, name="feed"),
    path("oncall/break", me.take_break, name="break"),
    path("me/rules", me.rules, name="rules"),
    path("me/calendar", me.calendar, name="calendar"),
]
