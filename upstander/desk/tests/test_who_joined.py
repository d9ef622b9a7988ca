"""Whoever joins a team later reads nothing of before until a colleague has compared their name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import Error, connection

from conftest import Cast
from upstander.cases.actions.timeline import add_item
from upstander.cases.models import Case
from upstander.cases.tests.story import begin, opened
from upstander.desk.tests.story import handed_off
from upstander.matters.exclusions import Exclusions
from upstander.matters.kept_out import Newcomer
from upstander.people import factories
from upstander.people.keys import person_mac
from upstander.people.models import Membership
from upstander.people.roles import Role
from upstander.people.scope import viewing
from upstander.tips.models import Tip

pytestmark = pytest.mark.django_db

BRIEF = "Rolf Brandt grabs pupils by the arm."


def join(cast: Cast, name: str = "Rolf Brandt", team: str = "cedar") -> int:
    """Have somebody join a team who had no account when the words were written."""
    cast.people["rolf"] = factories.make_person(name, cast.keys)
    factories.join(cast.people["rolf"], cast.teams[team], Role.TEAM_MEMBER, cast.keys)
    factories.sign_what_stands()
    return cast.people["rolf"].pk


def read(cast: Cast, who: str, tip: UUID) -> int:
    return cast.client(who).get(f"/team/{tip}").status_code


def press(cast: Cast, who: str, do: str, **sent: Any) -> Any:
    sent = {"person": cast.people["rolf"].pk, "do": do} | sent
    return cast.client(who).post("/cases/joined", sent, follow=True)


def test_what_was_handed_over_before_waits_and_only_what_meets_nothing_is_let_in(
    cast: Cast,
) -> None:
    named, other = handed_off(cast, brief=BRIEF), handed_off(cast)
    rolf = join(cast)
    for tip in (named, other):
        assert read(cast, "rolf", tip.tip_id) == 404
        assert tip.reference not in cast.client("rolf").get("/team").content.decode()
        assert read(cast, "tom", tip.tip_id) == 200
    assert b"wait" in cast.client("tom").get("/team").content
    page = cast.client("tom").get("/cases/joined").content.decode()
    assert "Rolf Brandt" in page
    assert named.reference in page
    assert "They see 1 now" in press(cast, "tom", "compare").content.decode()
    assert read(cast, "rolf", other.tip_id) == 200
    assert read(cast, "rolf", named.tip_id) == 404
    matter = Tip.objects.get(pk=named.tip_id).matter_id
    press(cast, "tom", "in", matter=matter)
    assert read(cast, "rolf", named.tip_id) == 404, "how that is known is wanted"
    press(cast, "tom", "out", matter=matter)
    assert person_mac(rolf) in Exclusions.on([matter])
    assert read(cast, "rolf", named.tip_id) == 404
    assert read(cast, "uma", named.tip_id) == 200


def test_that_it_isnt_about_them_is_said_by_name_and_kept(cast: Cast) -> None:
    named = handed_off(cast, brief=BRIEF)
    join(cast)
    matter = Tip.objects.get(pk=named.tip_id).matter_id
    press(cast, "tom", "in", matter=matter, why="A namesake who left in May")
    assert read(cast, "rolf", named.tip_id) == 200
    assert "A namesake who left in May" in cast.client("uma").get(f"/team/{named.tip_id}").text
    row = Newcomer.objects.get(matter_id=matter)
    assert row.let_in_by == cast.people["tom"].pk


def test_cases_of_before_wait_too(cast: Cast) -> None:
    case = begin(cast, "tara", concern=Case.Concern.BULLYING)
    calm = begin(cast, "tara")
    add_item(opened(cast, "uma", case), "note", {"words": BRIEF})
    join(cast)
    client = cast.client("rolf")
    assert client.get(f"/cases/{case}").status_code == 404
    assert client.get(f"/cases/{calm}").status_code == 404
    press(cast, "tara", "compare")
    assert client.get(f"/cases/{case}").status_code == 404
    assert client.get(f"/cases/{calm}").status_code == 200


def test_nobody_lets_themselves_in_nor_does_who_waits_themselves(cast: Cast) -> None:
    tip = handed_off(cast)
    rolf = join(cast)
    matter = Tip.objects.get(pk=tip.tip_id).matter_id
    other = factories.make_person("Pat", cast.keys)
    factories.join(other, cast.teams["cedar"], Role.TEAM_LEAD, cast.keys)
    cast.people["pat"] = other
    assert "Nobody is waiting" in cast.client("pat").get("/cases/joined").content.decode()
    for who, person in (("rolf", rolf), ("pat", rolf), ("bob", rolf)):
        viewer = cast.viewer(who)
        with pytest.raises(Error), viewing(viewer), connection.cursor() as cursor:
            cursor.execute("SELECT api.let_newcomer_in(%s, %s)", [matter, person])
    assert press(cast, "bob", "compare").status_code == 404


def test_what_comes_later_is_seen_at_once_and_coming_back_waits_anew(cast: Cast) -> None:
    before = handed_off(cast)
    rolf = join(cast)
    assert read(cast, "rolf", handed_off(cast).tip_id) == 200
    press(cast, "tom", "compare")
    assert read(cast, "rolf", before.tip_id) == 200
    Membership.objects.filter(person_id=rolf).delete()
    assert not Newcomer.objects.filter(person_id=rolf).exists()
    factories.join(cast.people["rolf"], cast.teams["cedar"], Role.TEAM_MEMBER, cast.keys)
    assert read(cast, "rolf", before.tip_id) == 404


def test_who_read_it_in_another_team_goes_on_reading(cast: Cast) -> None:
    tip = handed_off(cast, teams=("cedar", "birch"))
    factories.join(cast.people["tom"], cast.teams["birch"], Role.TEAM_MEMBER, cast.keys)
    assert read(cast, "tom", tip.tip_id) == 200
