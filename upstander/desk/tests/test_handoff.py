"""Handing a tip to a school's team: who is suggested, who would get it, who is kept out."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from conftest import Cast
from upstander.base.moment import database_now
from upstander.cases.tests.story import read_and_agree
from upstander.decisions.models import Closing, SecondOpinion
from upstander.desk.tests.story import TICKED
from upstander.desk.tests.tips import WORDS, a_life_safety_tip, a_tip
from upstander.escalations.models import Alert
from upstander.escalations.policy import BEGINS
from upstander.intake.priority import Priority
from upstander.oncall.models import QuietHours
from upstander.tips import reporter
from upstander.tips.actions.writing import save_draft
from upstander.tips.models import Recipient, Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.tips.states import TipState
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import assess_tip, claim_tip
from upstander.triage.models import Handoff

BRIEF = "A student may be in danger tonight. Cedar, library. First: find her."


def claimed(cast: Cast, **more: object) -> reporter.Filed:
    filed = a_tip(cast, **more)  # type: ignore[arg-type]
    claim_tip(cast.viewer("alice"), filed.tip_id)
    return filed


def test_the_schools_own_team_is_suggested_and_no_other_districts_is_offered(cast: Cast) -> None:
    filed = claimed(cast)
    page = cast.client("alice").get(f"/tips/{filed.tip_id}/handoff")
    form = page.context["form"]
    assert form["teams"].value() == [str(cast.teams["cedar"].pk)]
    offered = {int(key) for key, _ in form.fields["teams"].choices}
    assert offered == {cast.teams[name].pk for name in ("cedar", "birch", "maple")}


def test_where_the_building_may_be_the_danger_the_districts_office_is_suggested(cast: Cast) -> None:
    filed = claimed(cast, tile="adult")
    page = cast.client("alice").get(f"/tips/{filed.tip_id}/handoff")
    assert page.context["form"]["teams"].value() == [str(cast.teams["maple"].pk)]
    assert "The danger may be an adult at the school" in page.content.decode()


def test_it_shows_who_would_get_it_before_it_goes(cast: Cast) -> None:
    filed, alice = claimed(cast), cast.client("alice")
    given = {"teams": [cast.teams["cedar"].pk], "brief": BRIEF}
    check = alice.post(f"/tips/{filed.tip_id}/handoff", given)
    shown = check.content.decode()
    for name in ("Tara", "Tom", "Uma"):
        assert name in shown
    assert "Asked first:" in shown
    assert not Handoff.objects.exists()

    sent = alice.post(f"/tips/{filed.tip_id}/handoff", {**given, "confirmed": "yes"}, follow=True)
    assert "Handed off." in sent.content.decode()
    assert "Team: not yet acknowledged" in sent.content.decode()
    assert Tip.objects.get(pk=filed.tip_id).state == TipState.HANDED_OFF
    seen = read_contents(open_tip(cast.viewer("tom"), filed.tip_id))
    [note] = seen.notes
    assert note.text.startswith("WHERE: ")
    assert note.text.endswith(f"\n\n{BRIEF}")
    assert WORDS not in str(seen)


@pytest.fixture
def at_night(cast: Cast) -> None:
    """Let it be outside of the district's hours, whatever hour it is."""
    hour = timezone.localtime(timezone=ZoneInfo(cast.maple.time_zone)).hour
    opens = 20 if hour < 12 else 3
    QuietHours.objects.update_or_create(
        district_id=cast.maple.pk, defaults={"opens": time(opens), "closes": time(opens + 1)}
    )


@pytest.mark.parametrize("judged", [None, Priority.URGENT, Priority.ROUTINE])
@pytest.mark.usefixtures("at_night")
def test_what_waits_for_the_morning_is_said_before_and_after_it_goes(
    cast: Cast, judged: Priority | None
) -> None:
    filed, alice = claimed(cast, tile="drugs"), cast.client("alice")
    if judged:
        opened = open_tip(cast.viewer("alice"), filed.tip_id)
        assess_tip(opened, {}, judged, reason="As it reads.")
    address, given = f"/tips/{filed.tip_id}/handoff", {"teams": [cast.teams["cedar"].pk]}
    page = alice.get(address)
    assert page.context["form"]["at_once"].value() is (judged is not Priority.ROUTINE)
    assert "No one is asked before" in page.content.decode()
    for ask in ({}, {"at_once": "on"}):
        check = alice.post(address, {**given, **ask, "brief": BRIEF}).content.decode()
        assert ("No one is asked before" in check) is not ("at_once" in ask)
    sent = alice.post(
        address, {**given, "brief": BRIEF, "confirmed": "yes"}, follow=True
    ).content.decode()
    assert "Handed off. No one is asked before" in sent
    assert "Ask now" in sent
    assert "Ask again now" not in sent
    alert = Alert.objects.get(subject_id=filed.tip_id, stage=Alert.Stage.SCHOOL)
    due = alert.steps.order_by("due_at").values_list("due_at", flat=True)
    assert all(one > database_now() for one in due)


@pytest.mark.usefixtures("at_night")
def test_whoever_hands_it_off_can_have_them_asked_at_once(cast: Cast) -> None:
    filed, alice = claimed(cast, tile="drugs"), cast.client("alice")
    given = {"teams": [cast.teams["cedar"].pk], "brief": BRIEF, "at_once": "on"}
    sent = alice.post(f"/tips/{filed.tip_id}/handoff", {**given, "confirmed": "yes"}, follow=True)
    assert "Below you can see who has been asked" in sent.content.decode()
    alert = Alert.objects.get(subject_id=filed.tip_id, stage=Alert.Stage.SCHOOL)
    begins = alert.steps.order_by("due_at").values_list("due_at", flat=True)[0]
    assert begins <= database_now() + timedelta(seconds=BEGINS[Priority(alert.priority)])


def test_what_is_asked_at_once_asks_nothing_more(cast: Cast) -> None:
    filed = a_life_safety_tip(cast)
    page = cast.client("alice").get(f"/tips/{filed.tip_id}/handoff")
    assert "at_once" not in page.context["form"].fields
    assert "No one is asked before" not in page.content.decode()


def test_changing_it_goes_back_to_the_form_with_all_that_was_written(cast: Cast) -> None:
    filed = claimed(cast)
    back = cast.client("alice").post(
        f"/tips/{filed.tip_id}/handoff",
        {"teams": [cast.teams["birch"].pk], "brief": BRIEF, "change": "yes"},
    )
    assert back.context["form"]["brief"].value() == BRIEF
    assert "who" not in back.context


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"brief": "", "facts": ""}, "Write a brief"),
        ({"teams": []}, "Choose at least one team"),
        ({"with_words": "on"}, "Say why the school needs"),
    ],
)
def test_it_says_what_is_missing(cast: Cast, given: dict[str, object], told: str) -> None:
    filed = claimed(cast)
    page = cast.client("alice").post(
        f"/tips/{filed.tip_id}/handoff",
        {"teams": [cast.teams["cedar"].pk], "brief": BRIEF, "confirmed": "yes", **given},
    )
    assert told in page.content.decode()
    assert not Handoff.objects.exists()


def test_a_team_of_another_district_is_refused(cast: Cast) -> None:
    filed = claimed(cast)
    cast.client("alice").post(
        f"/tips/{filed.tip_id}/handoff",
        {"teams": [cast.teams["quay"].pk], "brief": BRIEF, "confirmed": "yes"},
    )
    assert not Handoff.objects.exists()


def test_who_must_not_see_it_is_named_marked_and_left_out(cast: Cast) -> None:
    filed, alice = claimed(cast, answers={"not_see": "Mr. T., who coaches"}), cast.client("alice")
    page = alice.get(f"/tips/{filed.tip_id}").content.decode()
    assert "Must not see this, according to the reporter" in page
    meant = {"people": [cast.people["tom"].pk], "is_meant": "yes"}
    alice.post(f"/tips/{filed.tip_id}/keep-out", meant)
    alice.post(f"/tips/{filed.tip_id}/keep-out", meant | {"sure": str(cast.people["tom"].pk)})

    form = alice.get(f"/tips/{filed.tip_id}/handoff").content.decode()
    assert "without those who must not see it" in form
    given = {"teams": [cast.teams["cedar"].pk], "brief": BRIEF}
    check = alice.post(f"/tips/{filed.tip_id}/handoff", given).content.decode()
    assert "1 person on the team is kept out" in check
    assert "Tara, Uma" in check
    # Her name begins so too.
    given |= {"confirmed": "yes", "meant": "not", "asked_about": str(cast.people["tara"].pk)}
    alice.post(f"/tips/{filed.tip_id}/handoff", given)
    holders = set(Recipient.objects.filter(tip_id=filed.tip_id).values_list("holder", flat=True))
    assert cast.teams["cedar"].holder not in holders
    assert cast.client("tom").get(f"/team/{filed.tip_id}").status_code == 404
    assert cast.client("uma").get(f"/team/{filed.tip_id}").status_code == 200


def test_it_is_closed_with_a_disposition_and_opened_again(cast: Cast) -> None:
    filed, alice = claimed(cast), cast.client("alice")
    assert (
        "Choose how it ended"
        in alice.post(f"/tips/{filed.tip_id}/close", {"words": "x"}).content.decode()
    )
    alice.post(
        f"/tips/{filed.tip_id}/close",
        TICKED | {"disposition": "support_given", "words": "Talked with her."},
    )
    closing = Closing.objects.get(tip_id=filed.tip_id)
    assert (closing.disposition, closing.reopened_at) == ("support_given", None)
    shown = alice.get(f"/tips/{filed.tip_id}").content.decode()
    assert "Support given, by Alice" in shown
    assert "Talked with her." in shown
    alice.post(f"/tips/{filed.tip_id}/reopen")
    assert Tip.objects.get(pk=filed.tip_id).state == TipState.CLAIMED


def test_nobody_alone_calls_a_life_safety_tip_false(cast: Cast) -> None:
    filed = a_life_safety_tip(cast)
    claim_tip(cast.viewer("alice"), filed.tip_id)
    told = cast.client("alice").post(
        f"/tips/{filed.tip_id}/close",
        {"disposition": "false_harm", "words": "A prank, she says."} | TICKED,
        follow=True,
    )
    assert "A second person has been asked" in told.content.decode()
    assert SecondOpinion.objects.get(tip_id=filed.tip_id).state == SecondOpinion.State.OPEN
    assert Tip.objects.get(pk=filed.tip_id).state == TipState.CLAIMED


def test_nobody_ends_a_life_safety_tip_that_nobody_has_judged(cast: Cast) -> None:
    filed, alice = a_life_safety_tip(cast), cast.client("alice")
    claim_tip(cast.viewer("alice"), filed.tip_id)
    address = f"/tips/{filed.tip_id}/close"
    ended = {"disposition": "support_given", "words": "Talked with the family."} | TICKED
    told = alice.post(address, ended, follow=True).content.decode()
    assert "Nobody has assessed this tip" in told
    assert "Talked with the family." in told, "what was typed is there still"
    assert Tip.objects.get(pk=filed.tip_id).state == TipState.CLAIMED
    assess_tip(open_tip(cast.viewer("alice"), filed.tip_id), {}, Priority.LIFE_SAFETY)
    alice.post(address, ended)
    # However it ended, a second person agrees.
    assert Tip.objects.get(pk=filed.tip_id).state == TipState.CLAIMED
    read_and_agree(cast.viewer("bea"), SecondOpinion.objects.get(tip_id=filed.tip_id).pk)
    assert Tip.objects.get(pk=filed.tip_id).state == TipState.CLOSED


def test_handed_to_a_team_again_with_the_words_that_it_was_not_given_before(cast: Cast) -> None:
    filed, cedar = claimed(cast), [cast.teams["cedar"].pk]
    alice, tom = cast.viewer("alice"), cast.viewer("tom")
    hand_off(open_tip(alice, filed.tip_id), cedar, BRIEF)
    assert WORDS not in str(read_contents(open_tip(tom, filed.tip_id)))
    hand_off(
        open_tip(alice, filed.tip_id), cedar, BRIEF, with_words=True, words_reason="For police."
    )
    assert WORDS in str(read_contents(open_tip(tom, filed.tip_id)))


def test_an_unsent_reply_is_said_before_it_is_handed_off_and_is_still_there_afterwards(
    cast: Cast,
) -> None:
    filed, alice = claimed(cast), cast.client("alice")
    given = {"teams": [cast.teams["cedar"].pk], "brief": BRIEF}
    warning = "You have a reply to the reporter that was not sent"
    assert warning not in alice.get(f"/tips/{filed.tip_id}/handoff").content.decode()
    save_draft(open_tip(cast.viewer("alice"), filed.tip_id), "reply", "Are you safe to")
    for answer in (
        alice.get(f"/tips/{filed.tip_id}/handoff"),
        alice.post(f"/tips/{filed.tip_id}/handoff", given),
    ):
        assert warning in answer.content.decode()
    alice.post(f"/tips/{filed.tip_id}/handoff", {**given, "confirmed": "yes"})
    assert Handoff.objects.exists()
    assert "Are you safe to</textarea>" in alice.get(f"/tips/{filed.tip_id}").content.decode()


def test_whoever_cannot_read_a_tips_language_is_told_what_to_do_beside_it(cast: Cast) -> None:
    said = "They write in Arabic."
    for language, told in (("ar", True), ("en", False)):
        filed = claimed(cast, language=language)
        page = cast.client("alice").get(f"/tips/{filed.tip_id}").content.decode()
        assert (said in page) is told
        assert ("interpreter line" in page) is told
    # The number that an administrator has set for the center stands beside it, ready to be dialed.
    ada, at = cast.client("ada"), f"/places/centers/{cast.center.pk}/"
    center = {
        "name": cast.center.name,
        "time_zone": "America/New_York",
        "callback_phone": "860-555-0100",
    }
    for wrong in ("call the desk", "860 555 0144 ext. 3"):
        ada.post(at, {**center, "interpreter_phone": wrong})
    filed = claimed(cast, language="ar")
    page = cast.client("alice").get(f"/tips/{filed.tip_id}").content.decode()
    assert "an administrator can add it to the center" in page
    ada.post(at, {**center, "interpreter_phone": "(860) 555-0144"})
    page = cast.client("alice").get(f"/tips/{filed.tip_id}").content.decode()
    assert '<a href="tel:+18605550144">' in page.split('id="interpreter"')[1][:600]
    filed = claimed(cast, language="ar")
    sheet = cast.client("alice").get(f"/tips/{filed.tip_id}/911").content.decode()
    assert "eporter writes Arabic" in sheet
