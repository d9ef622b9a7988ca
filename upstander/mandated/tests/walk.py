"""For the walk over all addresses: somebody's own duty to report."""

from __future__ import annotations

from typing import Any

from django.db import connection

from tests.story import Owners, Story
from upstander.mandated.actions.consults import keep_consult
from upstander.mandated.actions.duties import start_duty
from upstander.mandated.leaving.actions import agree_shutting, ask_shutting
from upstander.mandated.suspicion import Suspicion
from upstander.people import factories
from upstander.people.roles import Role
from upstander.people.scope import viewing

LEADS = {"maple": "cleo", "harbor": "clara"}
MONITORS = {"maple": "moni", "harbor": "mark"}


def things(story: Story) -> dict[str, Any]:
    """Begin the team member's own duty."""
    viewer = story.viewer(story.member)
    with viewing(viewer) as now:
        pass
    return {
        "consult_id": keep_consult(
            viewer, {"facts": "Seen."}, district_id=story.place.pk, school_id=None
        ),
        "duty_id": start_duty(viewer, Suspicion("us-ct", "abuse", story.place.pk, now)),
        "watched_by": MONITORS[story.district],
        "leads_duties": LEADS[story.district],
    }


def later(story: Story) -> dict[str, Any]:
    """Shut somebody out who has an open report and a case of their own; let them come back in."""
    cast = story.cast
    fay, abe = (
        factories.make_person(f"{name}{story.district}", cast.keys) for name in ("Fay", "Abe")
    )
    factories.join(fay, cast.teams[story.school], Role.TEAM_MEMBER, cast.keys)
    factories.join(abe, cast.teams["administration"], Role.ADMINISTRATOR, cast.keys)
    viewer = factories.viewer(fay, cast.keys)
    with viewing(viewer) as now:
        pass
    start_duty(viewer, Suspicion("us-ct", "abuse", story.place.pk, now))
    asked = ask_shutting(story.viewer("ada"), fay.pk, "Suspended.")
    link = agree_shutting(factories.viewer(abe, cast.keys), asked)
    assert link is not None
    fay.set_password("a lantern over quiet water")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.take_up_way_in(p_link => %s, p_password => %s)", [link.secret, fay.password]
        )
    fay.refresh_from_db()
    cast.people[f"fay_{story.district}"] = fay
    gil = factories.make_person(f"Gil{story.district}", cast.keys)
    factories.join(gil, cast.teams[story.school], Role.TEAM_MEMBER, cast.keys)
    start_duty(factories.viewer(gil, cast.keys), Suspicion("us-ct", "abuse", story.place.pk, now))
    return {"shutting_id": asked, "leaver_id": gil.pk}


WHOSE: dict[str, Owners] = {
    "consult_id": lambda values: {values["owes"]},
    "duty_id": lambda values: {values["owes"]},
    # Whoever decides about somebody: the administrators, and the lead of the district.
    "leaver_id": lambda values: {"ada"},
    "shutting_id": lambda values: {"ada", values["leads_duties"]},
}
