"""One press hands a tip off: whoever pressed has seen who gets it, and the brief warns."""

from __future__ import annotations

import re

import pytest

from conftest import Cast
from upstander.desk.tests.tips import a_tip
from upstander.tips import reporter
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import exclude_people
from upstander.triage.actions.work import claim_tip
from upstander.triage.models import Handoff


def claimed(cast: Cast, **answers: str) -> reporter.Filed:
    filed = a_tip(cast, answers=answers)
    claim_tip(cast.viewer("alice"), filed.tip_id)
    return filed


def form_of(cast: Cast, filed: reporter.Filed) -> dict[str, object]:
    """Return what a browser would send of the form as it was shown."""
    page = cast.client("alice").get(f"/tips/{filed.tip_id}/handoff")
    seen = re.search(r'name="who_seen" value="(\w+)"', page.content.decode())
    assert seen
    form = page.context["form"]
    return {
        "teams": form["teams"].value(),
        "facts": form["facts"].value(),
        "facts_mark": form["facts_mark"].value(),
        "brief": "",
        "who_seen": seen[1],
        "confirmed": "yes",
    }


def test_one_press_sends_it_to_whom_the_form_showed(cast: Cast) -> None:
    filed, alice = claimed(cast), cast.client("alice")
    shown = alice.get(f"/tips/{filed.tip_id}/handoff").content.decode()
    assert "Tara, Tom, Uma" in shown
    assert alice.post(f"/tips/{filed.tip_id}/handoff", form_of(cast, filed)).status_code == 302
    assert Handoff.objects.count() == 1


def test_other_teams_than_were_shown_are_read_first(cast: Cast) -> None:
    filed, alice = claimed(cast), cast.client("alice")
    given = form_of(cast, filed) | {"teams": [cast.teams["birch"].pk]}
    told = alice.post(f"/tips/{filed.tip_id}/handoff", given)
    assert "Not handed off yet: read who gets it." in told.content.decode()
    assert not Handoff.objects.exists()
    again = re.search(r'name="who_seen" value="(\w+)"', told.content.decode())
    assert again
    assert (
        alice.post(f"/tips/{filed.tip_id}/handoff", given | {"who_seen": again[1]}).status_code
        == 302
    )


def test_somebody_kept_out_meanwhile_is_read_first(cast: Cast) -> None:
    filed = claimed(cast)
    given = form_of(cast, filed)
    exclude_people(open_tip(cast.viewer("bea"), filed.tip_id), [cast.people["tom"].pk])
    told = cast.client("alice").post(f"/tips/{filed.tip_id}/handoff", given).content.decode()
    assert "Not handed off yet: read who gets it." in told
    assert "1 person on the team is kept out" in told
    assert not Handoff.objects.exists()


def test_while_teams_are_chosen_it_says_who_gets_it(cast: Cast) -> None:
    filed, alice = claimed(cast), cast.client("alice")
    address = f"/tips/{filed.tip_id}/handoff/who"
    cedar, quay = cast.teams["cedar"].pk, cast.teams["quay"].pk
    assert "Tara, Tom, Uma" in alice.get(address, {"teams": [cedar]}).content.decode()
    assert "nobody gets it" in alice.get(address, {"teams": [quay]}).content.decode()
    assert "nobody gets it" in alice.get(address).content.decode()
    assert cast.client("cora").get(address).status_code == 404


@pytest.mark.parametrize(
    ("said", "warns"),
    [
        ("no", "HOME: Don't call home: it would not be safe"),
        ("yes", "HOME: The reporter says that a call home is safe, not verified"),
        ("", "HOME: not known whether a call home is safe: don't call yet"),
    ],
)
def test_the_brief_begins_with_what_is_known_and_says_what_is_not(
    cast: Cast, said: str, warns: str
) -> None:
    brief = str(form_of(cast, claimed(cast, home_safe=said))["facts"])
    assert brief.startswith("WHERE: ")
    assert brief.index("WHAT: ") < brief.index("NOW: ") < brief.index("WHO: ")
    assert brief.count("not verified, ") == 1, "who says so stands once"
    assert brief.endswith(warns)


def test_the_brief_says_that_someone_must_not_see_it_and_never_who(cast: Cast) -> None:
    brief = str(form_of(cast, claimed(cast, not_see="Mr. Tanner, my stepfather"))["facts"])
    assert "WARNING: the reporter says that someone must not see this" in brief
    assert "Tanner" not in brief


def test_words_alone_go_only_with_what_and_911(cast: Cast) -> None:
    """Who goes at night reads what it is about; and somebody has thought of 911."""
    words = "She is going to hurt herself tonight."
    filed, alice = a_tip(cast, text=words, tile="", answers={}), cast.client("alice")
    claim_tip(cast.viewer("alice"), filed.tip_id)
    given, there = form_of(cast, filed), f"/tips/{filed.tip_id}/handoff"
    refused = alice.post(there, given).content.decode()
    assert "Write one line: what is it about?" in refused
    assert "Say why 911 is not called, or call first." in refused
    assert not Handoff.objects.exists()
    copied = alice.post(there, given | {"copy": "yes"})
    assert copied.context["form"]["what"].value() == words
    said = {"what": "A student may harm herself", "not_911": "Her mother is with her."}
    assert alice.post(there, given | said).status_code == 302
    page = cast.client("tara").get(f"/team/{filed.tip_id}").context["brief"].text
    assert "WHAT: A student may harm herself" in page
    assert "911: the center has not called: Her mother is with her." in page
    assert "WHAT: not known" not in page
