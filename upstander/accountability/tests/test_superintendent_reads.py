"""A superintendent reads what is published to the district's leads, and publishes nothing."""

from __future__ import annotations

import re

import pytest
from django.db import DatabaseError, connection

from conftest import Cast
from tests.matters import offices_and_staff
from upstander.accountability.tests.test_equity_page import closed_cases, page, row
from upstander.accountability.tests.test_forged_editions import keep, latest
from upstander.editions.models import PublishedEdition
from upstander.matters.models import Exclusion
from upstander.people import factories
from upstander.people.keys import person_mac
from upstander.people.roles import Role
from upstander.people.scope import viewing

pytestmark = pytest.mark.django_db


def without_who_reads(html: str) -> str:
    """Return what a page says in its main part, without what only a lead does on it."""
    main = html[html.index('class="page-head"') : html.index("</main>")]
    return re.sub(r"<details.*?</details>|<form.*?</form>", "", main, flags=re.DOTALL)


def functions_say(cast: Cast, name: str) -> list[int]:
    """How many rows each counting function gives to a session of this person."""
    found = []
    with viewing(cast.viewer(name)), connection.cursor() as cursor:
        for call in (
            "api.times_before_handoff(p_district => %s, p_school => 0, p_half => %s)",
            "api.edition(p_district => %s, p_school => 0, p_subject => 'outcomes.cases',"
            " p_half => %s)",
        ):
            cursor.execute(f"SELECT count(*) FROM {call}", [cast.maple.pk, latest().key])
            found.append(cursor.fetchone()[0])
    return found


@pytest.mark.slow
def test_a_superintendent_reads_the_leads_figures_and_never_publishes_them(cast: Cast) -> None:
    offices_and_staff(cast)
    for school, count in ((cast.cedar, 30), (cast.birch, 25)):
        closed_cases(cast, school, count)
    # Whoever looks first would publish what they may count, which for an office is nothing.
    for path in ("/equity", "/times", "/times.csv"):
        answer = cast.client("sol").get(path)
        assert answer.status_code == 200
        assert "Not published yet" in answer.content.decode()
    assert not PublishedEdition.objects.exists()
    leads = page(cast)
    assert row(leads, "Total")[0] == "55"
    assert without_who_reads(page(cast, "sol")) == without_who_reads(leads)
    kept = PublishedEdition.objects.count()
    times = [cast.client(name).get("/times").content.decode() for name in ("dee", "sol")]
    assert without_who_reads(times[1]) == without_who_reads(times[0])
    assert PublishedEdition.objects.count() == kept
    assert functions_say(cast, "sol") == [0, 1]


@pytest.mark.parametrize("name", ["cleo", "bo", "hana", "vera"])
def test_nobody_else_of_an_office_reads_them(cast: Cast, name: str) -> None:
    offices_and_staff(cast)
    closed_cases(cast, cast.cedar, 30)
    page(cast)
    for path in ("/equity", "/times", "/times.csv"):
        assert cast.client(name).get(path).status_code == 403
    assert functions_say(cast, name) == [0, 0]


def test_the_database_keeps_nothing_from_a_superintendent_and_no_other_districts_is_read(
    cast: Cast,
) -> None:
    offices_and_staff(cast)
    closed_cases(cast, cast.cedar, 30)
    with pytest.raises(DatabaseError, match="nothing of this district is published here"):
        keep(cast, "sol", [])
    page(cast)
    page(cast, "pia")
    with viewing(cast.viewer("sol")), connection.cursor() as cursor:
        for district, school in ((cast.pine.pk, 0), (cast.maple.pk, cast.cedar.pk)):
            cursor.execute(
                "SELECT count(*) FROM api.edition(p_district => %s, p_school => %s,"
                " p_subject => 'outcomes.cases', p_half => %s)",
                [district, school, latest().key],
            )
            assert cursor.fetchone() == (0,)
    other = cast.client("sol").get("/equity", {"district": cast.pine.pk}).content.decode()
    assert "Maple Valley" in other
    assert "Pine Hills" not in other


def test_what_a_superintendent_reads_does_not_tell_that_they_are_excluded(cast: Cast) -> None:
    offices_and_staff(cast)
    matter = closed_cases(cast, cast.cedar, 30)
    Exclusion.objects.create(
        matter_id=matter, district_id=cast.maple.pk, person_mac=person_mac(cast.people["sol"].pk)
    )
    leads = page(cast)
    assert without_who_reads(page(cast, "sol")) == without_who_reads(leads)


def test_who_leads_the_district_too_has_no_second_edition_to_compare(cast: Cast) -> None:
    offices_and_staff(cast)
    closed_cases(cast, cast.cedar, 30)
    page(cast)
    factories.join(cast.people["sol"], cast.teams["maple"], Role.DISTRICT_LEAD, cast.keys)
    # However they act, only one of the two is theirs.
    seen = {kind: functions_say_as(cast, kind) for kind in ("office", "district")}
    assert seen == {"office": 0, "district": 1}


def functions_say_as(cast: Cast, kind: str) -> int:
    """How many editions sol's session reads, acting as this kind."""
    with connection.cursor() as cursor:
        viewer = cast.viewer("sol")
        cursor.execute(
            "UPDATE people_staffsession SET kind = %s WHERE person_id = %s",
            [kind, cast.people["sol"].pk],
        )
    with viewing(viewer), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM api.edition(p_district => %s, p_school => 0,"
            " p_subject => 'outcomes.cases', p_half => %s)",
            [cast.maple.pk, latest().key],
        )
        found: int = cursor.fetchone()[0]
    return found
