"""For the walk over all addresses: a session that a member of staff has begun."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story
from upstander.base.moment import database_now
from upstander.lessons.actions.leading import Aftercare, begin_session, plan_session
from upstander.people import factories
from upstander.people.roles import Role, TeamKind
from upstander.training.days import day_in
from upstander.training.tests.setup import approve


def later(story: Story) -> dict[str, Any]:
    """Let somebody of the school's staff begin a session."""
    cast, where = story.cast, story.district
    school = getattr(cast, story.school)
    staff = factories.make_team(
        TeamKind.STAFF, f"{where} leads", cast.keys, district=story.place, school=school
    )
    name = f"leader_{where}"
    cast.people[name] = factories.make_person(name.capitalize(), cast.keys)
    factories.join(cast.people[name], staff, Role.STAFF_MEMBER, cast.keys)
    approve(story.viewer("ada"), "students-6-8")
    today, viewer = day_in(story.place.pk, database_now()), story.viewer(name)
    made = plan_session(viewer, school.pk, "students-6-8", "en", 7, today)
    begin_session(viewer, made, Aftercare("Ms. Fell", "12", "Reading", today, knows_duty=True))
    return {"session_id": made, "led_at": where}


WHOSE: dict[str, Owners] = {"session_id": lambda values: {f"leader_{values['led_at']}"}}
