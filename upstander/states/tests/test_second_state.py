"""Avalon, an invented State: its folder alone (``av/``), and all that the law says runs by it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from conftest import Cast
from tests.attacks.test_quarantined_files import Story
from upstander.base.refused import Refused
from upstander.directory.actions.loading import load_services
from upstander.directory.queries import public_cards, services_for
from upstander.mandated.actions import duties as actions
from upstander.mandated.actions.confirming import confirm_fact, facts_of
from upstander.mandated.models import Duty
from upstander.mandated.queries import rows_of
from upstander.mandated.register.actions import entries as register
from upstander.mandated.register.models import Entry
from upstander.mandated.register.rule import register_rule, rule_in
from upstander.mandated.register.tests.test_register import change, opened
from upstander.mandated.tests.test_duties import offices, right_now, suspect
from upstander.people.scope import viewing
from upstander.places.law import law_of
from upstander.places.models import District
from upstander.retention import sweeps
from upstander.retention.models import Item
from upstander.retention.tests.setup import as_worker, closed, set_clock
from upstander.rulefiles import RuleFileWrong
from upstander.states import law, law_files, laws
from upstander.tips import storage

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 10, 15, 0, tzinfo=UTC)
#: What a page of another State must not say.
CONNECTICUTS = ("Connecticut", "DCF", "Careline", "1-800-842-2288", "CGS")


@pytest.fixture(autouse=True)
def avalon(settings: Any, cast: Cast) -> None:
    """Maple Valley lies in Avalon, Pine Hills in Connecticut."""
    settings.STATES_FOLDERS = [*settings.STATES_FOLDERS, Path(__file__).parent]
    District.objects.filter(pk=cast.maple.pk).update(state="av")
    cast.maple.refresh_from_db()


def confirm(cast: Cast, key: str, fact: str) -> None:
    (file,) = (one for one in law_files() if one.key == key)
    (found,) = (one for one in facts_of(file) if one.key == fact)
    confirm_fact(cast.viewer("ada"), key, fact, found.digest, stands=True)


def speaks_avalon(page: str) -> None:
    for words in CONNECTICUTS:
        assert words not in page


def test_each_district_has_its_states_law(cast: Cast) -> None:
    assert {"av", "us-ct"} <= {one.key for one in laws()}
    assert law_of(cast.maple).duties.agency == "Child Safety Office"
    assert law_of(cast.pine.pk).duties.name == "Connecticut"
    with pytest.raises(IntegrityError), transaction.atomic():
        # With two of them none is meant by itself.
        District.objects.create(center=cast.center, name="Nowhere", slug="nowhere")


def test_a_duty_has_its_states_clocks(cast: Cast) -> None:
    offices(cast)
    duty_id, tess = suspect(cast, rule_set="av"), cast.viewer("tess")
    duty = Duty.objects.get(pk=duty_id)
    assert duty.first_due - duty.cause_at == timedelta(hours=24)
    with viewing(tess) as now:
        (row,) = rows_of([duty], now)
    assert row.rules.agency == "Child Safety Office"
    actions.report_first(tess, duty_id, way="tower", at=right_now(), words={})
    duty.refresh_from_db()
    assert duty.written_due is not None
    assert duty.first_at is not None
    assert duty.written_due - duty.first_at == timedelta(hours=72)


def test_nobody_goes_by_another_states_law(cast: Cast) -> None:
    offices(cast)
    with pytest.raises(Refused, match="from the list"):
        suspect(cast)
    with pytest.raises(Refused, match="yourself: call the Tower Line and a lawyer"):
        suspect(cast, rule_set="av", accused=(cast.people["tess"].pk,))


def test_its_pages_say_its_agencys_words(cast: Cast) -> None:
    offices(cast)
    client = cast.client("tess")
    page = client.get("/suspect").content.decode()
    assert "A child who may have been hurt" in page
    assert "tel:1-555-010-0199" in page
    speaks_avalon(page)
    sent = client.post("/suspect", {"rule": "abuse", "since": "now", "about": "nobody"})
    assert sent.status_code == 302, sent.content.decode()[:3000]
    duty = Duty.objects.get(pk=sent["Location"].rsplit("/", 1)[1])
    assert duty.rule_set == "av"
    for path in (f"/duties/{duty.pk}", f"/duties/{duty.pk}/written", "/duties"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        speaks_avalon(answer.content.decode())
    page = client.get(f"/duties/{duty.pk}").content.decode()
    assert "Tower Line, by phone" in page
    rules = cast.client("ada").get("/rules").content.decode()
    assert 'id="set-keep-av"' in rules
    assert "Avalon Code 4-3" in rules
    assert cast.client("ada").get("/forms/av-7").status_code == 200


def test_what_is_over_goes_by_its_rules_alone(cast: Cast) -> None:
    set_clock(START)
    here, there = closed(cast), closed(cast, school="aspen")
    set_clock(START + timedelta(days=31))
    as_worker(sweeps.list_due)
    assert not Item.objects.exists()
    confirm(cast, "keep-av", "tip_any")
    as_worker(sweeps.list_due)
    assert list(Item.objects.values_list("subject", "rule")) == [(here.tip_id, "tip_any")]
    page = cast.client("ada").get(f"/retention?district={cast.maple.pk}").content.decode()
    assert "Tips, whatever they are about" in page
    assert "#set-keep-av" in page
    speaks_avalon(page)
    # Connecticut's 90 days, and nobody has confirmed them.
    assert (
        "#set-keep-us-ct"
        in cast.client("ada").get(f"/retention?district={cast.pine.pk}").content.decode()
    )
    set_clock(START + timedelta(days=400))
    as_worker(sweeps.list_due)
    assert not Item.objects.filter(subject=there.tip_id).exists()


def test_another_states_confirmed_rule_destroys_no_entry(cast: Cast) -> None:
    offices(cast)
    suspect(cast, rule_set="av", rule="employee", accused=(cast.people["tom"].pk,))
    entry = Entry.objects.get()
    change(
        cast,
        opened(cast, "cleo", entry),
        outcome=Entry.Outcome.UNSUBSTANTIATED,
        outcome_on=date(2001, 2, 28),
    )
    entry.refresh_from_db()
    assert entry.keep_until == date(2003, 2, 28)
    with viewing(cast.viewer("cleo")):
        assert rule_in(cast.maple.pk).answer_days == 10
    confirm(cast, "us-ct", "register.keep")
    with (
        pytest.raises(ProgrammingError, match="this is kept"),
        viewing(cast.viewer("cleo")),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT api.dispose_allegation(p_entry => %s, p_event => %s, p_agree => true, "
            "p_sealed => '', p_rules => 'us-ct', p_digest => %s)",
            [entry.pk, uuid4(), register_rule("us-ct").keep_digest],
        )
    with pytest.raises(Refused, match="no administrator has confirmed"):
        register.dispose(opened(cast, "cleo", entry), agree=True)
    confirm(cast, "av", "register.keep")
    assert register.dispose(opened(cast, "cleo", entry), agree=True) is False


def test_two_states_share_no_form(tmp_path: Path, settings: Any) -> None:
    copy = tmp_path / "us_nn"
    for file in law("us-ct").folder.rglob("*.*"):
        target = copy / file.relative_to(law("us-ct").folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    settings.STATES_FOLDERS = [*settings.STATES_FOLDERS, tmp_path]
    with pytest.raises(RuleFileWrong, match="two States have a file 'form-bullying'"):
        law_files()


def test_a_tips_page_says_whom_to_phone_there(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "default_storage", storage.DurableFolder(location=tmp_path))
    story = Story(cast)
    alice = cast.client("alice")
    words = "the Tower Line, 1-555-010-0199, within 24 hours"
    page = alice.get(f"/tips/{story.tip}").content.decode()
    assert words in page
    speaks_avalon(page)
    done = alice.post(f"/tips/{story.tip}/files/{story.picture}/quarantine", follow=True)
    page = done.content.decode()
    assert page.count(words) == 2, "on the notice, and beside the file"
    speaks_avalon(page)


def test_its_safety_page_lists_its_services_alone(cast: Cast) -> None:
    load_services()
    assert [card.slug for card in public_cards(cast.maple.slug, "en")] == ["av-tower-line"]
    assert [card.slug for card in services_for(cast.maple, "es")] == ["av-tower-line"]
    theirs = {card.slug for card in public_cards(cast.pine.slug, "en")}
    assert "careline" in theirs
    assert "av-tower-line" not in theirs
    assert theirs == {card.slug for card in services_for(cast.pine, "en")}


def test_a_new_district_is_asked_for_its_state_and_keeps_it(cast: Cast) -> None:
    ada, at = cast.client("ada"), f"/places/districts/{cast.maple.pk}/"
    sent = {
        "name": "Elm",
        "center": cast.center.pk,
        "time_zone": "America/Chicago",
        "languages": ["en"],
    }
    answer = ada.post("/places/districts/new/", sent)
    assert not District.objects.filter(slug="elm").exists(), "it didn't say in which State it lies"
    assert "State whose law applies" in answer.content.decode()
    ada.post("/places/districts/new/", {**sent, "state": "av"})
    assert District.objects.get(slug="elm").state == "av"
    ada.post(at, {**sent, "name": "Maple Valley", "state": "us-ct"})
    cast.maple.refresh_from_db()
    assert (cast.maple.time_zone, cast.maple.state) == ("America/Chicago", "av")
    with viewing(cast.viewer("ada")), pytest.raises(ProgrammingError), transaction.atomic():
        District.objects.filter(pk=cast.maple.pk).update(state="us-ct")
