"""Who said "I have it" by phone has it for a minute, and every page and every way says the same."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.db.models.functions import Now

from conftest import Cast
from upstander.base.moment import database_now
from upstander.carriers import texts
from upstander.carriers.models import Inbound, Notice
from upstander.carriers.notices import KINDS
from upstander.desk.tests.tips import a_life_safety_tip
from upstander.escalations.models import Alert, Page
from upstander.escalations.replies import sweep_answers
from upstander.escalations.sweeps import sweep_next_steps
from upstander.escalations.tests.alerts import as_worker
from upstander.tips.models import Tip
from upstander.triage.actions.work import claim_tip


def answered(cast: Cast, name: str, via: str) -> Tip:
    """File a life-safety tip that somebody was paged for, and said "I have it" to on this way."""
    tip = Tip.objects.get(pk=a_life_safety_tip(cast).tip_id)
    alert = Alert.objects.get(subject_id=tip.pk)
    Page.objects.create(
        alert=alert,
        district_id=alert.district_id,
        step_number=1,
        person_id=cast.people[name].pk,
        channel="sms",
        state="sent",
        due_at=database_now(),
    )
    Inbound.objects.create(
        kind=via,
        person_id=cast.people[name].pk,
        for_id=alert.pk,
        answer="have_it",
        at=database_now(),
        provider="north",
        ref=str(uuid4()),
    )
    with as_worker():
        sweep_answers()
    return tip


def page(cast: Cast, name: str, path: str) -> BeautifulSoup:
    return BeautifulSoup(cast.client(name).get(path).content, "html.parser")


def words(cast: Cast, name: str, path: str, part: str) -> str:
    found = page(cast, name, path).select_one(part)
    assert found is not None, (path, part)
    return " ".join(found.get_text(" ").split())


@pytest.mark.parametrize("via", ["sms", "key", "push", "link"])
def test_every_page_says_who_answered_until_it_lapses(cast: Cast, via: str) -> None:
    tip = answered(cast, "bea", via)
    Tip.objects.filter(pk=tip.pk).update(
        received_at=Now() - timedelta(hours=1), waiting_since=Now() - timedelta(hours=1)
    )
    said, row = f"{cast.people['bea'].name} answered, until ", f"#tip-{tip.pk}"
    for path, part in (
        ("/queue", row),
        ("/supervisor", row),
        (f"/tips/{tip.pk}", ".tip-head"),
        (f"/tips/{tip.pk}", "#alert-title"),
    ):
        shown = words(cast, "sam", path, part)
        assert said in shown, (path, part, shown)
        assert "Nobody has it yet" not in shown
        assert "has it" not in shown
    assert said in words(cast, "bea", "/queue/mine", row)
    assert page(cast, "alice", "/queue/mine").select_one(row) is None
    # A colleague who is there is not kept from it.
    assert page(cast, "alice", "/queue").select_one(f"{row} .button-primary") is not None

    Alert.objects.update(next_step_due_at=database_now() - timedelta(seconds=5))
    with as_worker():
        sweep_next_steps()
    assert "Nobody has it yet" in words(cast, "sam", "/queue", row)
    assert page(cast, "bea", "/queue/mine").select_one(row) is None
    told = Notice.objects.get(kind__startswith="answer_lapsed")
    assert (told.kind, told.person_id) == (f"answer_lapsed_{via}", cast.people["bea"].pk)
    same = {"sms": "sms", "key": "voice", "push": "push"}
    assert KINDS[told.kind].ways == ((same[via],) if via in same else ("push", "sms", "email"))


def test_who_claims_it_in_time_has_it_and_whoever_claims_at_the_desk_is_told_nothing(
    cast: Cast,
) -> None:
    tip = answered(cast, "bea", "sms")
    claim_tip(cast.viewer("bea"), tip.pk)
    for part in (f"#tip-{tip.pk}", "#alert-title"):
        path = "/queue" if part.startswith("#tip") else f"/tips/{tip.pk}"
        assert f"{cast.people['bea'].name} has it" in words(cast, "sam", path, part)
    other = a_life_safety_tip(cast)
    claim_tip(cast.viewer("alice"), other.tip_id)
    Alert.objects.filter(subject_id=other.tip_id).update(
        next_step_due_at=database_now() - timedelta(seconds=5)
    )
    with as_worker():
        sweep_next_steps()
    assert not Notice.objects.filter(kind__startswith="answer_lapsed").exists()


@pytest.mark.parametrize(
    ("language", "soon"), [("en", "within one minute"), ("es", "en un minuto")]
)
def test_each_way_says_that_it_is_held_for_a_minute(language: str, soon: str) -> None:
    assert soon in texts.reply("have_it", language, code="H6K2")
    assert soon in texts.CALL[language]["have_it"]
    assert "{until}" in texts.ANSWER_PAGE[language]["mine_until"]
