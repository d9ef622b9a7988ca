"""The synthetic tip: the whole path, marked by where it lies, and nowhere among what is real."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from conftest import Cast
from upstander.base.moment import database_second
from upstander.carriers import texts
from upstander.carriers.models import ContactMethod, Delivery, Inbound
from upstander.carriers.queries import methods_of
from upstander.doors.tests.site import Site, site
from upstander.escalations.actions.alerts import end_alerts
from upstander.escalations.models import Acknowledgement, Alert, Page, Step
from upstander.intake.priority import Priority
from upstander.intake.taxonomy import priority_floor
from upstander.people import public
from upstander.people.models import Membership, Person, Team
from upstander.people.public import public_places
from upstander.people.scope import viewing
from upstander.places.models import Center, District
from upstander.tips import reporter
from upstander.tips.models import Message, Tip
from upstander.watch import trial
from upstander.watch.models import Probe, ProbePlace
from upstander.watch.place import ensure_place
from upstander.watch.queries import probe_shown
from upstander.watch.trial import ANSWERS, Stopped, Trial, clear_up

__all__ = ["site"]

PHONE = "+18605550170"


@pytest.fixture
def place(cast: Cast) -> ProbePlace:
    made = ensure_place(PHONE)
    assert made is not None
    public._kept.clear()
    return made


def slug_of(place: ProbePlace) -> str:
    return str(District.objects.values_list("slug", flat=True).get(pk=place.district_id))


def a_probe_tip(place: ProbePlace) -> reporter.Filed:
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text=trial.TEXT,
            language="en",
            tile="suicide",
            answers=dict(ANSWERS),
            district_id=place.district_id,
        )
    )


# --- The place -----------------------------------------------------------------------------------


def test_it_is_made_once_and_its_phone_can_be_changed_and_taken_away(
    cast: Cast, place: ProbePlace
) -> None:
    assert ensure_place("+1 860 555 0171") == place
    [method] = ContactMethod.objects.filter(person_id=place.person_id)
    assert method.address == "+18605550171"
    assert list(methods_of([place.person_id]).values()) == [[method]], "nobody's mail is no way"
    ensure_place("")
    assert not ContactMethod.objects.filter(person_id=place.person_id).exists()
    assert not Membership.objects.filter(team_id=place.team_id).exists()
    assert ProbePlace.objects.count() == 1


def test_there_is_none_before_there_is_a_center(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Center.objects, "exists", lambda: False)
    assert ensure_place(PHONE) is None
    assert not ProbePlace.objects.exists()


def test_its_phone_gets_no_answer_to_its_answers(place: ProbePlace) -> None:
    language = Person.objects.get(pk=place.person_id).language
    assert texts.reply("have_it", language, code="H6K2") == ""


def test_its_answers_make_it_life_safety_by_the_same_rules_as_a_childs() -> None:
    assert priority_floor(ANSWERS["tile"], ANSWERS).priority is Priority.LIFE_SAFETY


def test_nobody_comes_upon_it(site: Site, place: ProbePlace) -> None:
    slug = slug_of(place)
    places = public_places(fresh=True)
    assert place.district_id not in places.districts
    for path in ("/", "/report", f"/report?d={site.cast.maple.slug}"):
        page = site.get(path).content.decode()
        assert slug not in page
        assert "Self-test" not in page
    assert len(slug) > 30


def test_no_real_tip_ever_goes_there(cast: Cast, place: ProbePlace) -> None:
    # Made first, it would be the first district; an unknown place must not lead to it.
    District.objects.filter(pk=place.district_id).update(name="AAA")
    public._kept.clear()
    for district in (None, 999_999):
        filed = reporter.file_tip(
            reporter.NewTip(
                token=reporter.new_form_token(), text="x", language="en", district_id=district
            )
        )
        assert Tip.objects.get(pk=filed.tip_id).district_id != place.district_id


def test_an_administrator_cannot_put_anybody_into_its_team(cast: Cast, place: ProbePlace) -> None:
    with viewing(cast.viewer("ada")):
        assert not Center.objects.filter(pk=place.center_id).exists()
        assert not District.objects.filter(pk=place.district_id).exists()
        assert not Team.objects.filter(pk=place.team_id).exists()
        assert not Person.objects.filter(pk=place.person_id).exists()
        assert not Membership.objects.filter(team_id=place.team_id).exists()
        assert Center.objects.filter(pk=cast.center.pk).update(name="New name") == 1


# --- The way -------------------------------------------------------------------------------------


class Path:
    """Lets a trial go through the public site's own views, and everything else happen as told."""

    def __init__(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site, self.looks = site, 0
        self.after: dict[int, Any] = {}
        monkeypatch.setattr(
            Trial, "_http", lambda _trial, stage, url, body=None: self._ask(stage, url, body)
        )

    def _ask(self, stage: str, url: str, body: bytes | None) -> bytes:
        path = url.split("://", 1)[1].split("/", 1)[1]
        if body is None:
            return bytes(self.site.get(f"/{path}").content)
        answer = self.site.post(f"/{path}", dict(parse_qsl(body.decode())))
        if answer.status_code != 200:
            raise Stopped(stage, f"answered {answer.status_code}")
        return bytes(answer.content)

    def sleep(self, _seconds: float) -> None:
        """Between two looks something happens."""
        self.looks += 1
        if happens := self.after.pop(self.looks, None):
            happens()


@pytest.fixture
def path(site: Site, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(trial, "PATIENCE", dict.fromkeys(trial.PATIENCE, 0.5))
    return Path(site, monkeypatch)


def page_it(place: ProbePlace, **how: Any) -> None:
    alert = Alert.objects.get(district_id=place.district_id, state="open")
    due = alert.opened_at + timedelta(seconds=60)
    Page.objects.create(
        alert=alert,
        district_id=alert.district_id,
        step_number=2,
        person_id=place.person_id,
        channel="sms",
        state="sent",
        due_at=due,
        sent_at=due,
        **how,
    )


def have_it(place: ProbePlace) -> None:
    alert = Alert.objects.get(district_id=place.district_id, state="open")
    Acknowledgement.objects.create(
        alert=alert,
        district_id=alert.district_id,
        person_id=place.person_id,
        answer="have_it",
        at=database_second(),
        number=1,
    )


def test_it_comes_through_and_ends(place: ProbePlace, path: Path) -> None:
    path.after = {1: lambda: page_it(place), 3: lambda: have_it(place)}
    probe = Trial(place, path.sleep).run()
    assert (probe.state, probe.failed_at, probe.reason) == ("well", "", "")
    assert None not in (probe.form_ms, probe.filed_ms, probe.queued_ms, probe.paged_ms)
    assert probe.acknowledged_ms is not None
    assert probe.tip_id is not None
    alert = Alert.objects.get(subject_id=probe.tip_id)
    # Nothing goes on asking for it.
    assert alert.state == "ended"
    assert not Step.objects.filter(alert=alert, state="due").exists()
    shown = probe_shown(probe)
    assert shown.answered_in is not None
    assert len(shown.stages) >= 4


@pytest.mark.parametrize(("answered", "stage"), [(False, "paged"), (True, "acknowledged")])
def test_it_says_where_it_got_stuck(
    place: ProbePlace, path: Path, answered: bool, stage: str
) -> None:
    if answered:
        path.after = {1: lambda: page_it(place)}
    probe = Trial(place, path.sleep).run()
    assert (probe.state, probe.failed_at, probe.reason) == ("failed", stage, "too slow")
    assert probe.tip_id is not None
    assert Alert.objects.get(subject_id=probe.tip_id).state == "ended"
    assert stage in ("paged", "acknowledged")
    assert "too slow" in probe_shown(probe).failed_words


def test_a_site_that_does_not_take_it_is_said(
    place: ProbePlace, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Trial, "_http", lambda *_: b"another page")
    probe = Trial(place, path.sleep).run()
    assert (probe.state, probe.failed_at, probe.tip_id) == ("failed", "form", None)


def test_a_page_without_its_styles_and_scripts_is_said(
    place: ProbePlace, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def broken(_trial: Trial, stage: str, url: str, body: bytes | None = None) -> bytes:
        asked.append(url)
        if url.endswith(".js"):
            raise Stopped(stage, "answered 404")
        return path._ask(stage, url, body)

    monkeypatch.setattr(Trial, "_http", broken)
    probe = Trial(place, path.sleep).run()
    assert (probe.state, probe.failed_at, probe.reason) == ("failed", "form", "answered 404")
    assert any(url.startswith(f"{settings.PUBLIC_URL}/static/ui/public") for url in asked), asked


def test_without_a_phone_it_is_followed_as_far_as_the_queue(place: ProbePlace, path: Path) -> None:
    ensure_place("")
    probe = Trial(place, path.sleep).run()
    assert (probe.state, probe.reason, probe.paged_ms) == ("well", "no test phone", None)


# --- What is left --------------------------------------------------------------------------------


def older(place: ProbePlace, **how: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tips_tip SET received_at = received_at - make_interval(secs => %s)",
            [timedelta(**how).total_seconds()],
        )


def tables_with(tip: Any, alert: Any) -> dict[str, int]:
    """Count what any table holds that names a tip or its alert, but for the record."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND udt_name = 'uuid' AND table_name <> 'audit_entry'"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE {column} IN (%s, %s)",
                [tip, alert],
            )
            [(count,)] = cursor.fetchall()
            if count:
                found[f"{table}.{column}"] = count
    return found


def test_old_ones_leave_nothing_but_their_entry_in_the_record(place: ProbePlace) -> None:
    tip = a_probe_tip(place).tip_id
    page_it(place)
    have_it(place)
    alert = Alert.objects.get(subject_id=tip)
    delivery = Delivery.objects.create(
        for_id=alert.pk,
        purpose="page",
        person_id=place.person_id,
        channel="sms",
        provider="north",
        attempted_at=database_second(),
        changed_at=database_second(),
    )
    delivery.receipts.create(provider="north", key="k", status="delivered", at=database_second())
    Inbound.objects.create(
        kind="sms",
        person_id=1,
        for_id=alert.pk,
        answer="have_it",
        at=database_second(),
        provider="north",
        ref="r",
    )
    end_alerts(tip)
    assert len(tables_with(tip, alert.pk)) > 8
    older(place, minutes=14)
    assert clear_up(place) == 0
    older(place, minutes=2)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_worker")
        assert clear_up(place) == 1
        cursor.execute("RESET ROLE")
        cursor.execute("SELECT count(*) FROM audit_entry WHERE subject_id = %s", [str(tip)])
        assert cursor.fetchall() == [(1,)]
    # And that its key is gone, lest an old backup bring it back.
    assert tables_with(tip, alert.pk) == {"vault_tombstone.subject": 1}


def test_no_real_tip_is_ever_removed(cast: Cast, place: ProbePlace) -> None:
    real = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(), text="x", language="en", school_id=cast.cedar.pk
        )
    ).tip_id
    a_probe_tip(place)
    older(place, days=9)
    assert clear_up(place) == 1
    assert Tip.objects.filter(pk=real).exists()
    assert Message.objects.filter(tip_id=real).count() == 2
    assert Alert.objects.filter(subject_id=real, state="open").exists()


def test_an_interrupted_one_is_ended_by_the_next(place: ProbePlace) -> None:
    tip = a_probe_tip(place).tip_id
    Probe.objects.create(began_at=database_second(), tip_id=tip)
    Probe.objects.create(id=uuid4(), began_at=datetime.fromisoformat("2025-01-01T00:00+00:00"))
    clear_up(place)
    assert not Probe.objects.exists()
    assert Alert.objects.get(subject_id=tip).state == "ended"
