"""What somebody makes the database keep by SQL is refused or never shown, and the page says so."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from conftest import Cast
from upstander.accountability.tests.test_equity_page import closed_cases, row
from upstander.editions.halves import Half, halves
from upstander.editions.models import PublishedEdition
from upstander.people import factories
from upstander.people.models import Team
from upstander.people.roles import Role
from upstander.people.scope import viewing

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/New_York")
TABLE = {"name": "School", "whole": [40, {"police": 20}], "groups": [["Elm", None, {}]]}


def latest(back: int = 0) -> Half:
    return halves(datetime.now(UTC), ZONE)[back]


def keep(
    cast: Cast,
    name: str,
    tables: Any,
    *,
    half: str | None = None,
    school: int = 0,
    subject: str = "outcomes.cases",
    seal: bytes = bytes(32),
) -> None:
    """Keep an edition as somebody would who runs SQL in this person's session."""
    with viewing(cast.viewer(name)), connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM api.keep_edition(p_district => %s, p_school => %s, p_subject => %s,"
            " p_half => %s, p_tables => %s::jsonb, p_measures => '[]', p_seal => %s)",
            [
                cast.maple.pk,
                school,
                subject,
                half or latest().key,
                json.dumps(tables),
                seal,
            ],
        )


@pytest.mark.parametrize(
    ("half", "words"),
    [
        ("2999-1", "thirty days after its end"),
        ("2024-3", "is written 2026-1"),
        ("soon", "is written 2026-1"),
        ("1999-2", "only the last eight"),
    ],
)
def test_the_database_keeps_no_half_year_that_the_pages_do_not_offer(
    cast: Cast, half: str, words: str
) -> None:
    with pytest.raises(DatabaseError, match=words):
        keep(cast, "dee", [], half=half)


def test_the_database_and_the_pages_offer_the_same_half_years(cast: Cast) -> None:
    offered = halves(datetime.now(UTC), ZONE)
    for half in (offered[0].next(), *offered, offered[-1].before()):
        with viewing(cast.viewer("dee")), connection.cursor() as cursor:
            try:
                with transaction.atomic():
                    cursor.execute(
                        "SELECT * FROM api.keep_edition(p_district => %s, p_school => 0,"
                        " p_subject => 'outcomes.cases', p_half => %s, p_tables => '[]',"
                        " p_measures => '[]', p_seal => sha256(''))",
                        [cast.maple.pk, half.key],
                    )
                kept = True
            except DatabaseError:
                kept = False
        assert kept is (half in offered), half


def test_a_half_year_begins_and_ends_by_the_districts_clock(cast: Cast) -> None:
    half = latest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM editions_half_span(p_district => %s, p_half => %s)",
            [cast.maple.pk, half.key],
        )
        assert cursor.fetchone() == half.span(ZONE)


WRONG: tuple[Any, ...] = (
    {},
    [1],
    ["x"],
    [{}],
    [{**TABLE, "whole": [9, {}]}],
    [{**TABLE, "whole": [40, {"police": 9}]}],
    [{**TABLE, "whole": [40, {"police": 41}]}],
    [{**TABLE, "whole": [40, {"police": "20"}]}],
    [{**TABLE, "whole": [40.5, {}]}],
    [{**TABLE, "whole": [40]}],
    [{**TABLE, "whole": ["many", {}]}],
    [{**TABLE, "groups": [["Elm", 4, {}]]}],
    [{**TABLE, "groups": [["Elm", 41, {}]]}],
    [{**TABLE, "groups": [["Elm", 20, {"police": 21}]]}],
    [{**TABLE, "groups": [["Elm", None, {"police": 41}]]}],
    [{**TABLE, "groups": [["Elm"]]}],
    [{**TABLE, "groups": [[1, 40, {}]]}],
    [{**TABLE, "groups": {"Elm": 40}}],
    [{**TABLE, "name": 40}],
)


@pytest.mark.parametrize("tables", WRONG)
def test_the_database_keeps_no_other_shape_and_no_small_number(cast: Cast, tables: Any) -> None:
    with pytest.raises(DatabaseError, match="not the shape"):
        keep(cast, "dee", tables)
    assert not PublishedEdition.objects.exists()


def test_the_database_keeps_no_other_subject_and_no_other_seal(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="not the shape"):
        keep(cast, "dee", [TABLE], subject="Outcomes; cases")
    with pytest.raises(DatabaseError, match="not the shape"):
        keep(cast, "dee", [TABLE], seal=b"")


numbers = st.none() | st.integers(-5, 60) | st.floats(0, 60, allow_nan=False) | st.text(max_size=2)
loose = st.recursive(
    numbers | st.booleans(),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=2), one, max_size=3),
    max_leaves=8,
)
nearly = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.just("School") | loose,
            "whole": st.tuples(numbers, st.dictionaries(st.just("police"), numbers)) | loose,
            "groups": st.lists(
                st.tuples(
                    st.just("Elm"), numbers, st.dictionaries(st.just("police"), numbers) | loose
                ),
                max_size=2,
            )
            | loose,
        }
    ),
    max_size=2,
)


def fits(tables: Any) -> bool:
    """Say in other words which tables may be kept."""

    def count(value: Any, of: Any) -> bool:
        if value is None:
            return True
        small = isinstance(value, bool) or not isinstance(value, int | float) or value < 10
        return not small and value == int(value) and (of is None or value <= of)

    try:
        for table in tables:
            assert isinstance(table["name"], str)
            whole, answers = table["whole"][:2]
            assert isinstance(table["whole"], list | tuple)
            assert isinstance(table["groups"], list)
            for group in (("", whole, answers), *table["groups"]):
                name, of, yes = group[:3]
                assert isinstance(group, list | tuple)
                assert isinstance(name, str)
                assert count(of, whole)
                assert isinstance(yes, dict)
                assert all(count(one, whole if of is None else of) for one in yes.values())
    except (AssertionError, TypeError, ValueError, KeyError, IndexError):
        return False
    return True


@given(nearly | loose.filter(lambda one: not isinstance(one, list)))
def test_whatever_is_handed_in_is_judged_and_breaks_nothing(tables: Any) -> None:
    with connection.cursor() as cursor:
        written = json.dumps(tables).replace("\\u0000", "")
        cursor.execute("SELECT editions_edition_fits(p_tables => %s::jsonb)", [written])
        [kept] = cursor.fetchone() or [None]
    assert kept in (True, False)
    if kept:
        assert fits(json.loads(written))
    elif isinstance(tables, list) and fits(tables):
        raise AssertionError(f"refused without a reason: {tables}")


@pytest.mark.parametrize("name", ["pia", "tara", "alice", "bob", "tom"])
def test_nobody_publishes_or_reads_for_a_district_that_is_not_theirs(cast: Cast, name: str) -> None:
    for school in (0, cast.birch.pk):
        with pytest.raises(DatabaseError, match=r"nothing of this district|permission denied"):
            keep(cast, name, [], school=school)


def test_somebody_of_two_kinds_reads_as_what_they_act_as(cast: Cast) -> None:
    closed_cases(cast, cast.cedar, 30)
    team = Team.objects.get(kind="center", center=cast.center)
    factories.join(cast.people["dee"], team, Role.CENTER_SUPERVISOR, cast.keys)
    client, seen = cast.client("dee"), set[str]()
    for kind in ("center", "district"):
        client.post("/people/active-role/", {"kind": kind})
        assert row(client.get("/equity").content.decode(), "Total")[0] == "30"
        audiences = {one.audience for one in PublishedEdition.objects.all()}
        assert audiences - seen == {kind}
        seen = audiences


@pytest.mark.parametrize("subject", ["outcomes.cases", "outcomes.tips", "times.median"])
@pytest.mark.parametrize("tables", [[], [TABLE], [{**TABLE, "name": ""}]])
def test_a_forged_edition_is_never_shown_and_is_named(
    cast: Cast, subject: str, tables: Any
) -> None:
    closed_cases(cast, cast.cedar, 30)
    keep(cast, "dee", tables, subject=subject)
    client = cast.client("dee")
    for path in ("/equity", "/times", "/times.csv"):
        answer = client.get(path)
        assert answer.status_code == 409
        assert f"{subject} of {latest().key}" in answer.content.decode()
        assert "40" not in answer.content.decode().partition("<main")[2].partition("</main")[0]
        # Another half-year, and another audience, are as they were.
        assert client.get(path, {"half": latest(1).key}).status_code == 200
    html = cast.client("sam").get("/equity").content.decode()
    assert row(html, "Total")[0] == "30"


def test_a_genuine_edition_put_in_another_place_is_a_forged_one(cast: Cast) -> None:
    closed_cases(cast, cast.cedar, 30)
    cast.client("dee").get("/equity")
    one = PublishedEdition.objects.get(subject="outcomes.cases")
    keep(cast, "dee", one.tables, half=latest(1).key, seal=bytes(one.seal))
    assert cast.client("dee").get("/equity", {"half": latest(1).key}).status_code == 409
    keep(cast, "sam", one.tables, seal=bytes(one.seal))
    assert cast.client("sam").get("/equity").status_code == 409


def test_numbers_changed_beneath_the_guards_are_not_shown(cast: Cast) -> None:
    closed_cases(cast, cast.cedar, 30)
    client = cast.client("dee")
    assert client.get("/equity").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE editions_publishededition DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE editions_publishededition SET tables ="
            " replace(tables::text, '30', '31')::jsonb WHERE subject = 'outcomes.cases'"
        )
        cursor.execute("ALTER TABLE editions_publishededition ENABLE TRIGGER USER")
    assert client.get("/equity").status_code == 409


def test_what_was_published_is_never_changed_or_removed(cast: Cast) -> None:
    cast.client("dee").get("/equity")
    for statement in (
        "UPDATE editions_publishededition SET tables = '[1]'",
        "DELETE FROM editions_publishededition",
        "TRUNCATE editions_publishededition",
    ):
        with (
            pytest.raises(DatabaseError, match="never changed or removed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    for name in ("dee", "sam", "tara", "ada"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            viewing(cast.viewer(name)),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT * FROM editions_publishededition")
