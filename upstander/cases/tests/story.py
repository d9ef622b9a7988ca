"""What the tests of cases share: a case of Cedar's team, who sees it, and time that passes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import ProgrammingError, connection

from conftest import Cast
from upstander.base.moment import database_now
from upstander.cases.actions.opening import NewCase, OpenCase, open_case, open_the_case
from upstander.cases.models import Case
from upstander.decisions.actions import decide
from upstander.decisions.models import SecondOpinion
from upstander.people import factories
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.tips.opening import open_tip


def begin(cast: Cast, who: str = "tara", **more: Any) -> UUID:
    """Open a case for Cedar's team."""
    values: dict[str, Any] = {
        "concern": Case.Concern.WELLBEING,
        "why": "A teacher is worried.",
        "team_id": cast.teams["cedar"].pk,
    } | more
    return open_case(cast.viewer(who), NewCase(**values))


def sees(viewer: Viewer, case: UUID) -> bool:
    try:
        with viewing(viewer):
            return Case.objects.filter(pk=case).exists()
    except ProgrammingError:  # no right on the table at all
        return False


def who_sees(cast: Cast, case: UUID) -> set[str]:
    return {name for name in cast.people if sees(cast.viewer(name), case)}


def opened(cast: Cast, who: str, case: UUID) -> OpenCase:
    return open_the_case(cast.viewer(who), case)


def pass_time(**by: float) -> datetime:
    """Let the database's clock run ahead, for this test's transaction."""
    seconds = int(timedelta(**by).total_seconds())
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION api.clock_now() RETURNS timestamptz LANGUAGE sql STABLE"
            f" AS $$ SELECT now() + interval '{seconds} seconds' $$"
        )
        # Nobody is signed out by it.
        cursor.execute(
            "UPDATE people_staffsession SET used_at = api.clock_now(), started_at = api.clock_now()"
        )
    return database_now()


def teacher(cast: Cast) -> int:
    """Give Cedar a member of staff who is in no team that works cases."""
    staff = factories.make_team(
        TeamKind.STAFF, "Cedar's staff", cast.keys, district=cast.maple, school=cast.cedar
    )
    cast.people["tess"] = factories.make_person("Tess", cast.keys)
    factories.join(cast.people["tess"], staff, Role.STAFF_MEMBER, cast.keys)
    return cast.people["tess"].pk


def read_and_agree(viewer: Viewer, opinion_id: UUID) -> SecondOpinion:
    """Agree as the second person, having opened the tip since it was proposed."""
    open_tip(viewer, SecondOpinion.objects.get(pk=opinion_id).tip_id)
    return decide(viewer, opinion_id, agree=True)
