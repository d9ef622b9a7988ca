"""What this app brings: how a reporter comes in, and reads what became of it."""

from django.utils.translation import gettext_lazy as _

from upstander.doors.adult.rights import CARRIED_BY, AdultRight
from upstander.doors.calls.rights import CARRIED_BY as CALLS_CARRIED_BY
from upstander.doors.declared import FIGURES
from upstander.doors.recorded import ACTS
from upstander.doors.stored import TABLES
from upstander.plug import CenterKind, Group, Manifest, Mount, NavItem, Panel, Sweep

MANIFEST = Manifest(
    rail=(
        NavItem(
            Group.WORK,
            115,
            _("Record a disclosure"),
            "/take-down",
            "note",
            AdultRight.TAKE_DOWN,
            shows=_("For what a child told you, in their exact words. The center gets it."),
            serves=frozenset({CenterKind.CRISIS}),
            more=3,
        ),
        NavItem(
            Group.PEOPLE,
            175,
            _("Links for adults"),
            "/take-down/links",
            "link",
            AdultRight.MAKE_LINK,
            shows=_("For a driver, a substitute or a coach without an account."),
            serves=frozenset({CenterKind.CRISIS}),
            more=4,
        ),
    ),
    sweeps=(
        Sweep("rest", 65, "waits.sweep_waits"),
        Sweep("rest", 66, "texts.sweeps.sweep_over"),
        Sweep("doors", 10, "texts.sweeps.sweep_texts"),
        Sweep("doors", 20, "texts.sweeps.sweep_pictures"),
        Sweep("doors", 30, "texts.sweeps.sweep_copies"),
        Sweep("doors", 40, "texts.unheard.sweep_unheard"),
        Sweep("calls", 10, "calls.sweeps.sweep_orders"),
        Sweep("calls", 20, "calls.sweeps.sweep_rings"),
        Sweep("calls", 30, "calls.sweeps.sweep_taken"),
        Sweep("calls", 40, "calls.sweeps.sweep_silence"),
        Sweep("calls", 50, "calls.sweeps.sweep_past"),
    ),
    mounts=(
        Mount("public", "web.urls", languages=True),
        Mount("public", "texts.urls"),
        Mount("public", "calls.urls"),
        Mount("desk", "adult.urls"),
        Mount("desk", "texts.desk_urls"),
        Mount("desk", "calls.desk_urls"),
    ),
    panels=(
        Panel("tip.foot", 8, "calls.panels.on_the_phone", "doors/calls/panel.html"),
        Panel("tip.foot", 10, "texts.panels.by_text", "doors/by_text.html"),
    ),
    acts=ACTS,
    waits={
        "texts": "SELECT due_at AS at FROM doors_textorder"
        " WHERE state = 'due' AND due_at <= api.clock_now()",
        "pictures": "SELECT due_at AS at FROM doors_picture WHERE due_at <= api.clock_now()",
        "calls": "SELECT due_at AS at FROM doors_leg WHERE todo = 'dial'"
        " AND due_at <= api.clock_now() AND state <> 'over'",
        # Three minutes, and the center's own phone rings too: somebody has to go there.
        "callers": "SELECT waits_since + interval '200 seconds' AS at FROM doors_call"
        " WHERE state = 'waiting' AND waits_since <= api.clock_now() - interval '200 seconds'",
        # As long as a provider may take to delete: then somebody has to ask there.
        "copies at providers": "SELECT since + interval '14 days' AS at FROM doors_providercopy"
        " WHERE since <= api.clock_now() - interval '14 days'",
    },
    # No phone rings longer, and no call lasts longer: what nothing is heard of keeps back no page.
    rings="SELECT person_id FROM doors_leg WHERE person_id IS NOT NULL AND state <> 'over'"
    " AND at > api.clock_now() - CASE WHEN state = 'joined' THEN interval '6 hours'"
    " ELSE interval '60 seconds' END",
    carries="actions.texts.carry_reply",
    marks="calls.shown.wishes_on",
    permissions={**CARRIED_BY, **CALLS_CARRIED_BY},
    tables=TABLES,
    figures=FIGURES,
    walk="tests.walk",
)
