"""An unsafe home keeps no warning from the other family; each is asked for before it is told."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.base.refused import Refused
from upstander.cases.actions.homes import AIMED, EVERY, MAKER, AboutHome, answer_home
from upstander.cases.actions.opening import OpenCase
from upstander.cases.actions.timeline import read_items
from upstander.cases.guides import actions
from upstander.cases.guides.entries_said import left_out
from upstander.cases.guides.loading import threat_guide
from upstander.cases.guides.steps import Chosen
from upstander.cases.guides.tests.test_guides import (
    all_taken,
    case_id,
    end_all,
    post,
    tara,
    to_outcome,
)
from upstander.cases.models import CaseAction
from upstander.people.scope import viewing

__all__ = ["case_id", "tara"]

pytestmark = pytest.mark.django_db


def told(opened: OpenCase) -> set[str]:
    """Which parents are to be told, by the list."""
    with viewing(opened.viewer):
        kinds = set(
            CaseAction.objects.filter(case_id=opened.case.pk).values_list("kind", flat=True)
        )
    return kinds & {family.told_by for family in EVERY.values()}


def test_where_home_is_not_safe_no_step_tells_the_parents(tara: OpenCase) -> None:
    to_outcome(tara, "substantive", "serious")
    for family in (MAKER, AIMED):
        answer_home(tara, "no", "Said in the tip.", family=family.key)
    path = actions.settle_threat(tara, "serious", all_taken("serious"))
    assert set(path.settled.left) == {"parents", "their_parents"}
    assert told(tara) == set()


@pytest.mark.parametrize("grave", ["serious", "very_serious"])
@pytest.mark.parametrize(
    ("home", "their_home", "tells"),
    [("no", "yes", "aimed_parents"), ("yes", "no", "maker_parents")],
)
@pytest.mark.parametrize("before", [True, False])
def test_an_unsafe_home_keeps_no_warning_from_the_other_family(
    tara: OpenCase, grave: str, home: str, their_home: str, tells: str, before: bool
) -> None:
    to_outcome(tara, "substantive", grave)
    if before:  # On the case's page; else with the steps themselves.
        answer_home(tara, home, "His father, he says.", family=MAKER.key)
        answer_home(tara, their_home, "Asked her.", family=AIMED.key)
        chosen = all_taken(grave)
    else:
        chosen = all_taken(grave, home, their_home)
    path = actions.settle_threat(tara, grave, chosen)
    assert told(tara) == {tells}
    steps = {"parents": "maker_parents", "their_parents": "aimed_parents"}
    assert {steps[key] for key in path.settled.left} == set(steps.values()) - {tells}


def test_each_family_is_asked_for_before_it_is_told_anything(tara: OpenCase) -> None:
    to_outcome(tara, "substantive", "serious")
    for chosen in (all_taken("serious", "yes"), all_taken("serious", "", "yes")):
        with pytest.raises(Refused, match="for each family"):
            actions.settle_threat(tara, "serious", chosen)
    unknown = all_taken("serious", "yes", "unknown")
    with pytest.raises(Refused, match="don’t know yet if home is safe"):
        actions.settle_threat(tara, "serious", unknown)
    sure = Chosen(unknown.steps, {**unknown.homes, "aimed": [AboutHome("unknown", sure=True)]})
    actions.settle_threat(tara, "serious", sure)
    assert told(tara) == {"maker_parents", "aimed_parents"}


def test_the_page_asks_about_each_home_and_says_which_is_not_safe(
    cast: Cast, tara: OpenCase
) -> None:
    to_outcome(tara, "substantive", "serious")
    client, url = cast.client("tara"), f"/cases/{tara.case.pk}/threat"
    page = client.get(url).content.decode()
    assert 'name="maker_home"' in page
    assert 'name="aimed_home"' in page
    answer_home(tara, "no", "His father.", family=MAKER.key)
    page = client.get(url).content.decode()
    assert 'name="maker_home"' not in page
    assert 'name="aimed_home"' in page
    said = {f"words-{one.key}": "Ms. Reyes." for one in threat_guide().outcomes["serious"].steps}
    refused = client.post(url, {"do": "steps", "outcome": "serious", "aimed_home": ""} | said)
    assert refused.status_code == 422
    assert "Finish" not in refused.content.decode()
    post(client, url, do="steps", outcome="serious", aimed_home="yes", **said)
    assert told(tara) == {"aimed_parents"}
    case = client.get(f"/cases/{tara.case.pk}").content.decode()
    assert "Whoever said or did it" in case


def test_the_maker_s_home_drops_no_warning_where_the_case_is_about_the_victim(
    cast: Cast, tara: OpenCase
) -> None:
    # Whom the case is about is asked on its page, and is no answer for either part of a threat.
    answer_home(tara, "yes", "Asked her.")
    answer_home(tara, "no", "B, who said it, is beaten at home.", family="other")
    to_outcome(tara, "substantive", "very_serious")
    page = cast.client("tara").get(f"/cases/{tara.case.pk}/threat").content.decode()
    assert "Is home safe for whoever said or did it?" in page
    assert "Is home safe for whoever it was aimed at?" in page
    path = actions.settle_threat(tara, "very_serious", all_taken("very_serious", "no", "yes"))
    assert told(tara) == {"aimed_parents"}
    assert path.settled.left == {"parents": "Home is not safe. His father, he says."}


def test_one_unsafe_home_of_several_leaves_the_others_warned(cast: Cast, tara: OpenCase) -> None:
    to_outcome(tara, "substantive", "serious")
    client, url = cast.client("tara"), f"/cases/{tara.case.pk}/threat"
    said = {f"words-{one.key}": "Ms. Reyes." for one in threat_guide().outcomes["serious"].steps}
    sent = {
        "do": "steps",
        "outcome": "serious",
        "maker_home": "yes",
        "aimed_rows": "1",
        "aimed_name": "Ana",
        "aimed_home": "no",
    } | said
    more = client.post(url, sent | {"look": "aimed_"}).content.decode()
    assert 'name="aimed_2_name"' in more
    assert 'value="Ana"' in more
    assert told(tara) == set()
    both = sent | {"aimed_rows": "3", "aimed_2_name": "Ben", "aimed_2_home": "yes"}
    refused = client.post(url, both)
    assert refused.status_code == 422, "why her parents are not told is kept"
    assert 'value="Ben"' in refused.content.decode()
    post(client, url, **both, aimed_home_words="Her uncle hits her.")
    with viewing(tara.viewer):
        (one,) = CaseAction.objects.filter(case_id=tara.case.pk, kind="aimed_parents")
        words = tara.folder.read("action", one.pk, one.sealed)
    assert "Ben" in words
    assert "Ana" not in words
    page = client.get(url).content.decode()
    assert "Ana: Home is not safe. Her uncle hits her." in page
    assert "are told: Ben" in page
    case = client.get(f"/cases/{tara.case.pk}").content.decode()
    assert "Her uncle hits her." in case


def test_of_several_each_is_named_and_none_drops_out_unsaid(tara: OpenCase) -> None:
    to_outcome(tara, "substantive", "serious")
    taken = all_taken("serious", "yes")
    answer_home(tara, "yes", "Asked him.", family=AIMED.key, name="Ben")
    unnamed = [AboutHome("yes"), AboutHome("yes", name="Ana")]
    with pytest.raises(Refused, match="Name each"):
        actions.settle_threat(
            tara, "serious", Chosen(taken.steps, {**taken.homes, "aimed": unnamed})
        )
    ana = [AboutHome("no", "Her uncle.", name="Ana")]
    path = actions.settle_threat(
        tara, "serious", Chosen(taken.steps, {**taken.homes, "aimed": ana})
    )
    assert path.settled.left == {"their_parents:2": "Ana: Home is not safe. Her uncle."}
    (settled,) = [one.words for one in read_items(tara) if one.words.get("left")]
    label = "The parents of whoever it was aimed at are told"
    assert left_out(settled) == [(label, "Ana: Home is not safe. Her uncle.")]
    assert told(tara) == {"maker_parents", "aimed_parents"}


def second(opened: OpenCase) -> None:
    """Finish the assessment that is under way, and lead another one to its steps."""
    end_all(opened)
    actions.go_on(opened, {"did": "finish", "words": "They talked it over."})
    to_outcome(opened, "substantive", "serious")


def test_another_threat_asks_anew_whose_home_is_safe(cast: Cast, tara: OpenCase) -> None:
    to_outcome(tara, "substantive", "serious")
    ana = [AboutHome("no", "Her uncle hits her.", name="Ana")]
    first = all_taken("serious", "no", "yes")
    actions.settle_threat(
        tara,
        "serious",
        Chosen(first.steps, {**first.homes, "aimed": [*ana, AboutHome("yes", name="Ben")]}),
    )
    assert told(tara) == {"aimed_parents"}
    second(tara)
    client, url = cast.client("tara"), f"/cases/{tara.case.pk}/threat"
    page = client.get(url).content.decode()
    assert 'name="maker_home"' in page, "whoever said this may be somebody else"
    assert "Skipped: home is not safe" not in page
    assert 'value="Ana"' not in page, "nor need it be aimed at her"
    beside = page.split("from an earlier assessment", 1)[1]
    assert "Home is not safe. His father, he says." in beside
    assert "Ana: Home is not safe. Her uncle hits her." in beside
    for chosen in (all_taken("serious", "", "yes"), all_taken("serious", "yes", "")):
        with pytest.raises(Refused, match="for each family"):
            actions.settle_threat(tara, "serious", chosen)
    # What was said of the home of somebody else whom the first was aimed at is not said of theirs.
    path = actions.settle_threat(tara, "serious", all_taken("serious", "yes", "yes"))
    assert path.settled.left == {}
    assert told(tara) == {"maker_parents", "aimed_parents"}


def test_an_earlier_safe_home_is_no_answer_either(tara: OpenCase) -> None:
    to_outcome(tara, "substantive", "serious")
    actions.settle_threat(tara, "serious", all_taken("serious", "yes", "yes"))
    second(tara)
    with pytest.raises(Refused, match="for each family"):
        actions.settle_threat(tara, "serious", all_taken("serious"))
    path = actions.settle_threat(tara, "serious", all_taken("serious", "no", "no"))
    assert set(path.settled.left) == {"parents", "their_parents"}


def test_begun_again_it_asks_about_whoever_said_it_and_loses_nobody_whom_it_was_aimed_at(
    cast: Cast, tara: OpenCase
) -> None:
    to_outcome(tara, "substantive", "serious")
    first = all_taken("serious", "no")
    ben = [AboutHome("yes", "Asked him.", name="Ben")]
    path = actions.settle_threat(
        tara, "serious", Chosen(first.steps, {**first.homes, "aimed": ben})
    )
    again = {"did": "begin", "answer": "no", "replaces": str(path.id), "because": "It was another."}
    actions.go_on(tara, again)
    path = actions.go_on(tara, {"did": "words", "exact": "You will see.", "context": "At lunch."})
    for answer in ("substantive", "serious"):
        said = {"did": "answer", "fork": path.fork, "answer": answer, "why": "We asked all three."}
        path = actions.go_on(tara, said)
    page = cast.client("tara").get(f"/cases/{tara.case.pk}/threat").content.decode()
    assert 'name="maker_home"' in page
    assert 'value="Ben"' in page, "it is the same threat: nobody drops out unsaid"
    assert (
        "Home is not safe. His father, he says." in page.split("from an earlier assessment", 1)[1]
    )
