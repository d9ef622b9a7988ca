"""An unsafe home keeps no warning from the other family; each is asked for before it is told."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.base.refused import Refused
from upstander.cases.guides import actions
from upstander.cases.guides.loading import threat_guide
from upstander.cases.guides.steps import Chosen
from upstander.cases.guides.tests.test_guides import all_taken, case_id, post, tara, to_outcome
from upstander.cases.homes import FAMILIES, OTHER, AboutHome, answer_home
from upstander.cases.models import CaseAction
from upstander.cases.opening import OpenCase
from upstander.places.scope import viewing

__all__ = ["case_id", "tara"]

pytestmark = pytest.mark.django_db


def told(opened: OpenCase) -> set[str]:
    """Which parents are to be told, by the list."""
    with viewing(opened.viewer):
        kinds = set(
            CaseAction.objects.filter(case_id=opened.case.pk).values_list("kind", flat=True)
        )
    return kinds & {family.told_by for family in FAMILIES.values()}


def test_where_home_is_not_safe_no_step_tells_the_parents(tara: OpenCase) -> None:
    to_outcome(tara, "substantive", "serious")
    for family in FAMILIES:
        answer_home(tara, "no", "Said in the tip.", family=family)
    path = actions.settle_threat(tara, "serious", all_taken("serious"))
    assert set(path.settled.left) == {"parents", "their_parents"}
    assert told(tara) == set()


@pytest.mark.parametrize("grave", ["serious", "very_serious"])
@pytest.mark.parametrize(
    ("home", "their_home", "tells"),
    [("no", "yes", "their_parents"), ("yes", "no", "parents")],
)
@pytest.mark.parametrize("before", [True, False])
def test_an_unsafe_home_keeps_no_warning_from_the_other_family(
    tara: OpenCase, grave: str, home: str, their_home: str, tells: str, before: bool
) -> None:
    to_outcome(tara, "substantive", grave)
    if before:  # On the case's page; else with the steps themselves.
        answer_home(tara, home, "His father, he says.")
        answer_home(tara, their_home, "Asked her.", family=OTHER.key)
        chosen = all_taken(grave)
    else:
        chosen = all_taken(grave, home, their_home)
    path = actions.settle_threat(tara, grave, chosen)
    assert told(tara) == {tells}
    assert set(path.settled.left) == {"parents", "their_parents"} - {tells}


def test_each_family_is_asked_for_before_it_is_told_anything(tara: OpenCase) -> None:
    to_outcome(tara, "substantive", "serious")
    for chosen in (all_taken("serious", "yes"), all_taken("serious", "", "yes")):
        with pytest.raises(Refused, match="for each family"):
            actions.settle_threat(tara, "serious", chosen)
    unknown = all_taken("serious", "yes", "unknown")
    with pytest.raises(Refused, match="nobody knows yet"):
        actions.settle_threat(tara, "serious", unknown)
    sure = Chosen(unknown.steps, {**unknown.homes, "other": AboutHome("unknown", sure=True)})
    actions.settle_threat(tara, "serious", sure)
    assert told(tara) == {"parents", "their_parents"}


def test_the_page_asks_about_each_home_and_says_which_is_not_safe(
    cast: Cast, tara: OpenCase
) -> None:
    to_outcome(tara, "substantive", "serious")
    client, url = cast.client("tara"), f"/cases/{tara.case.pk}/threat"
    page = client.get(url).content.decode()
    assert 'name="home"' in page
    assert 'name="their_home"' in page
    answer_home(tara, "no", "His father.")
    page = client.get(url).content.decode()
    assert 'name="home"' not in page
    assert 'name="their_home"' in page
    said = {f"words-{one.key}": "Ms. Reyes." for one in threat_guide().outcomes["serious"].steps}
    refused = client.post(url, {"do": "steps", "outcome": "serious", "their_home": ""} | said)
    assert refused.status_code == 422
    assert "Finish" not in refused.content.decode()
    post(client, url, do="steps", outcome="serious", their_home="yes", **said)
    assert told(tara) == {"their_parents"}
    case = client.get(f"/cases/{tara.case.pk}").content.decode()
    assert "The other student" in case
