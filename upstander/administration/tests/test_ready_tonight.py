"""An administrator's home says first what is missing to be ready tonight."""

from __future__ import annotations

import html

import pytest
from msgspec import structs

from conftest import Cast
from tests.matters import offices_and_staff
from upstander.administration import todo
from upstander.base.moment import database_second
from upstander.carriers import interpreters
from upstander.carriers.models import Channel, ContactMethod
from upstander.carriers.providers import Line
from upstander.people.models import Membership
from upstander.people.roles import TeamKind
from upstander.people.scope import viewing
from upstander.places.models import Center, School
from upstander.plug import ToDo, to_do
from upstander.rulefiles import RuleFileWrong

pytestmark = pytest.mark.django_db
CALLS = Line(number="+18605550170", provider="north", calls=True)


def waiting(cast: Cast, name: str = "ada") -> list[ToDo]:
    viewer = cast.viewer(name)
    with viewing(viewer) as now:
        return to_do(viewer, now)


def rung(*, but: School | None = None) -> None:
    """Give everybody of each school's team a phone that rings."""
    members = Membership.objects.filter(team__kind=TeamKind.SCHOOL)
    for one in members.exclude(team__school=but):
        ContactMethod.objects.create(
            person_id=one.person_id,
            kind=Channel.VOICE,
            address="+18605550101",
            address_mac=one.person_id.to_bytes(32),
            verified_at=database_second(),
            created_at=database_second(),
        )


def test_a_missing_interpreter_stands_before_the_rules_and_leads_to_its_setting(cast: Cast) -> None:
    found = waiting(cast)
    words = [one.words for one in found]
    at = next(n for n, one in enumerate(words) if cast.center.name in one)
    assert "interpreters" in words[at]
    assert at < next(n for n, one in enumerate(words) if one.startswith("Compare"))
    assert cast.client("ada").get(found[at].path).status_code == 200
    Center.objects.update(interpreter_phone="+18605550173")
    assert not any("interpreters" in one.words for one in waiting(cast))


def test_each_school_where_nothing_rings_is_counted_and_a_single_one_named(cast: Cast) -> None:
    schools = School.objects.count()
    [said] = [one for one in waiting(cast) if "rung now" in one.words]
    assert f"{schools} schools" in said.words
    assert cast.client("ada").get(said.path).status_code == 200
    rung(but=cast.cedar)
    with_team = School.objects.filter(team__kind=TeamKind.SCHOOL)
    School.objects.exclude(pk__in=with_team).delete()
    [said] = [one for one in waiting(cast) if "rung now" in one.words]
    assert said.words == f"Nobody can be rung now at {cast.cedar.name}"


def test_a_number_for_calls_without_a_last_phone_is_named(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for line, missing in (
        (CALLS, True),
        (structs.replace(CALLS, fallback="+18605550172"), False),
        (structs.replace(CALLS, calls=False), False),
    ):
        monkeypatch.setattr(todo, "lines", lambda line=line: (line,))
        assert any(CALLS.number in one.words for one in waiting(cast)) is missing


def test_a_file_that_cannot_be_read_leaves_the_home_page_standing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> tuple[Line, ...]:
        raise RuleFileWrong("providers.toml", "", "broken")

    for module in (todo, interpreters):
        monkeypatch.setattr(module, "lines", broken)
    assert any("interpreters" in one.words for one in waiting(cast))
    assert cast.client("ada").get("/today").status_code == 200


@pytest.mark.parametrize("name", ["dee", "tom", "tara", "cleo", "hana"])
def test_nobody_else_is_told(cast: Cast, name: str) -> None:
    offices_and_staff(cast)
    viewer = cast.viewer(name)
    with viewing(viewer) as now:
        assert todo.to_do(viewer, now) == []


def test_a_superintendent_reads_where_nobody_can_be_rung_and_whom_to_ask(cast: Cast) -> None:
    """Of their own district alone; the plan itself and what else is missing are not theirs."""
    offices_and_staff(cast)
    rung(but=cast.cedar)
    School.objects.exclude(team__kind=TeamKind.SCHOOL).delete()
    [said] = [one for one in waiting(cast, "sol") if "rung" in one.words]
    email = cast.people["ada"].email
    assert said.words == (
        f"Nobody can be rung now at {cast.cedar.name}: ask Ada (system administrator), {email}"
    )
    assert said.path == f"mailto:{email}"
    assert said.words in html.unescape(cast.client("sol").get("/today").content.decode())
    viewer = cast.viewer("sol")
    with viewing(viewer) as now:
        assert len(todo.to_do(viewer, now)) == 1
    ContactMethod.objects.all().delete()
    rung()
    assert not [one for one in waiting(cast, "sol") if "rung" in one.words]
