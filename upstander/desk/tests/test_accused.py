"""Somebody of the team whom a tip accuses sees nothing of it, anywhere, by any way."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from conftest import Cast
from upstander.carriers.models import OutboxMail
from upstander.desk.tests.story import Handed
from upstander.escalations.models import Alert, Page
from upstander.escalations.sending import sweep_pages
from upstander.escalations.sweeps import sweep_steps
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import exclude_people, hand_off
from upstander.triage.actions.work import claim_tip
from upstander.vault.models import Grant

#: Every address of staff pages on which a tip, its alert or its record could show.
LISTS = ("/team", "/team?closed=1", "/record", "/record.jsonl", "/outbox", "/district")


def accusing(cast: Cast, *accused: str, after: bool = False) -> Handed:
    """A tip accuses people of Maple Valley, handed to Cedar's team; kept out before or later."""
    text, brief = "Somebody of the team does it.", "An adult of the school. Be discreet."
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text=text,
            language="en",
            tile="adult",
            answers={"when": "now"},
            school_id=cast.cedar.pk,
        )
    )
    alice = cast.viewer("alice")
    claim_tip(alice, filed.tip_id)
    people = [cast.people[name].pk for name in accused]
    if not after:
        exclude_people(open_tip(alice, filed.tip_id), people)
    hand_off(open_tip(alice, filed.tip_id), [cast.teams["cedar"].pk], brief)
    if after:
        exclude_people(open_tip(alice, filed.tip_id), people)
    reference = Tip.objects.get(pk=filed.tip_id).reference
    return Handed(filed.tip_id, reference, text, brief, str(filed.code), filed.session_token)


def everything(client: Client) -> str:
    return "".join(
        response.content.decode()
        for path in LISTS
        if (response := client.get(path)).status_code not in (403, 404)
    )


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("name", ["tom", "tara", "dee"])
def test_no_list_page_alert_record_or_mail(
    cast: Cast, settings: object, name: str, *, after: bool
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    tip = accusing(cast, name, after=after)
    alert = Alert.objects.exclude(state="ended").get(subject_id=tip.tip_id)
    for _ in range(4):
        for step in alert.steps.filter(state="due"):
            type(step).objects.filter(pk=step.pk).update(due_at=alert.opened_at)
        sweep_steps()
        sweep_pages()
    person = cast.people[name]
    assert not Page.objects.filter(alert_id=alert.pk, person_id=person.pk).exists()
    assert person.email not in {to for message in mail.outbox for to in message.to}

    client = cast.client(name)
    for known in (tip.reference, str(tip.tip_id), tip.text, tip.brief):
        assert known not in everything(client)
    for path in (f"/tips/{tip.tip_id}", f"/team/{tip.tip_id}"):
        final = client.get(path, follow=True)
        assert final.status_code == 404
    assert client.post(f"/alerts/{alert.pk}/answer", {"answer": "have_it"}).status_code == 404
    for act in ("next", "reply", "note", "words", "back", "close", "reopen"):
        sent = {"text": "x", "step": "visit", "disposition": "police"}
        assert client.post(f"/team/{tip.tip_id}/{act}", sent).status_code == 404

    # The others of the team have it all the same.
    uma = cast.client("uma")
    assert tip.reference in everything(uma)
    if not after:
        assert tip.brief in uma.get(f"/team/{tip.tip_id}").content.decode()


def test_the_team_s_key_opens_nothing_of_it(cast: Cast) -> None:
    """Whoever is accused holds the team's key too; so nothing was sealed to it."""
    tip = accusing(cast, "tom")
    holders = set(Grant.objects.filter(tip_id=tip.tip_id).values_list("holder", flat=True))
    assert cast.teams["cedar"].holder not in holders
    assert any(holder.startswith("own:") for holder in holders)


def test_the_district_s_office_is_granted_by_name_when_its_lead_is_accused(cast: Cast) -> None:
    tip = accusing(cast, "dee")
    holders = set(Grant.objects.filter(tip_id=tip.tip_id).values_list("holder", flat=True))
    assert cast.teams["maple"].holder not in holders
    assert cast.teams["cedar"].holder in holders


def test_the_outbox_shows_only_one_s_own_mail(cast: Cast, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    for name in ("tom", "uma"):
        OutboxMail.objects.create(
            to=cast.people[name].email, subject=f"for {name}", body="http://localhost/tips/1"
        )
    OutboxMail.objects.create(to="new@example.org", subject="invitation", body="/people/join/1-a/")
    tom = cast.client("tom").get("/outbox").content.decode()
    assert "for tom" in tom
    assert "for uma" not in tom
    ada = cast.client("ada").get("/outbox").content.decode()
    assert "invitation" in ada
    assert "for uma" not in ada
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_signin")
        cursor.execute("SELECT count(*) FROM carriers_outboxmail")
        assert cursor.fetchone() == (0,)
        cursor.execute("RESET ROLE")


def test_outside_the_demo_there_is_no_outbox(cast: Cast) -> None:
    assert cast.client("tom").get("/outbox").status_code == 404
