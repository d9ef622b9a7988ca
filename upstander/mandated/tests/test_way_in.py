"""The way in of somebody who was shut out: by what it opens, to what, and when it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import Error, IntegrityError, connection, transaction
from django.http import Http404
from django.test import Client

from conftest import Cast
from upstander.base.refused import Refused
from upstander.carriers.digests import sweep_notices
from upstander.carriers.models import Notice
from upstander.cases.actions.opening import NewCase, open_case
from upstander.cases.models import Case
from upstander.escalations.tests.alerts import clock
from upstander.mandated.actions import duties as actions
from upstander.mandated.leaving import actions as leaving
from upstander.mandated.leaving.models import Shutting, StandIn
from upstander.mandated.models import Duty
from upstander.mandated.tests.test_duties import right_now, suspect
from upstander.mandated.tests.test_leaving import NEW, come_back, shut, tess
from upstander.matters.models import Folder
from upstander.people import sessions
from upstander.people import sweeps as people_clock
from upstander.people.actions import way_in
from upstander.people.actions.leaving import Held, lock_out
from upstander.people.links import LinkOver
from upstander.people.models import Person, WayIn
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.people.tests.cast import PASSWORD, enrol, give_password, sign_in, with_password

__all__ = ["clock", "tess"]

pytestmark = pytest.mark.django_db


def test_a_link_alone_opens_nothing(cast: Cast, tess: Person) -> None:
    suspect(cast)
    link = shut(cast, tess)
    path = f"/people/way-in/{link.secret}/"
    client = Client(HTTP_HOST="localhost")
    assert client.get(path).status_code == 200
    wrong = {"old": "not the one at all", "password1": NEW, "password2": NEW}
    assert b"Nothing was changed" in client.post(path, wrong).content
    tess.refresh_from_db()
    assert not tess.is_active
    # The old credentials sign nobody in, and no mail gives new ones.
    give_password(client, tess)
    assert "_auth_user_id" not in client.session
    client.post("/account/password/reset/", {"email": tess.email})
    assert "/password/reset/key/" not in "".join(str(one.body) for one in mail.outbox)
    for _ in range(9):
        with pytest.raises(way_in.NotTheirs):
            way_in.take_up(link.secret, old="not the one at all", new=NEW)
    with pytest.raises(LinkOver):
        way_in.take_up(link.secret, old=PASSWORD, new=NEW)
    assert client.get(path).status_code == 410
    # The compliance lead makes another, whatever the administrators do.
    fresh = leaving.new_link(cast.viewer("cleo"), Shutting.objects.get().pk)
    assert fresh is not None
    way_in.take_up(fresh.secret, old=PASSWORD, new=NEW)
    with pytest.raises(LinkOver):
        way_in.take_up(fresh.secret, old=NEW, new=PASSWORD)
    assert leaving.new_link(cast.viewer("ada"), Shutting.objects.get().pk) is None


def test_back_in_by_new_credentials_one_finishes_ones_own_report(
    cast: Cast, tess: Person, clock: Any
) -> None:
    duty_id = suspect(cast)
    other = suspect(cast, who="tom", school_id=cast.cedar.pk)
    link = shut(cast, tess)
    client = Client(HTTP_HOST="localhost")
    sent = {"old": PASSWORD, "password1": NEW, "password2": NEW}
    assert (
        b"You can open your reports" in client.post(f"/people/way-in/{link.secret}/", sent).content
    )
    assert not Authenticator.objects.filter(user=tess).exists(), "a new second step is set up"
    tess.refresh_from_db()
    enrol(tess)
    client = sign_in(tess, NEW)
    assert client.get("/").headers["Location"] == "/duties"
    own = client.get("/duties").content.decode()
    assert str(duty_id) in own
    assert "I suspect …" not in own
    page = client.get(f"/duties/{duty_id}").content.decode()
    assert "go home" in page, "the old key still opens their own folder"
    assert client.get(f"/duties/{other}").status_code == 404
    for path in ("/people/", "/queue", "/cases", "/ledger", "/suspect", "/leaving", "/record"):
        assert client.get(path).status_code == 403, path
    viewer = come_in_again(tess, cast)
    actions.report_first(viewer, duty_id, way="careline", at=right_now(), words={})
    actions.correct_first(viewer, duty_id, at=right_now() - timedelta(minutes=5), words={})
    assert client.get(f"/duties/{duty_id}/written").status_code == 200
    assert client.get(f"/duties/{duty_id}/proofs").status_code == 200
    assert WayIn.objects.get().ends_at is None
    actions.send_written(viewer, duty_id, at=right_now(), words={})
    ends = WayIn.objects.get().ends_at
    assert ends is not None
    assert timedelta(days=29) < ends - right_now() < timedelta(days=31)
    assert client.get(f"/duties/{duty_id}/proofs").status_code == 200
    # Whoever gets the copy got it.
    assert Notice.objects.filter(person_id=cast.people["hana"].pk, kind="duty_copy").exists()


def come_in_again(tess: Person, cast: Cast) -> Viewer:
    row = sessions.read(sessions.begin(tess, cast.keys.people[tess.pk], complete=True))
    assert row is not None
    assert row.viewer.kind is TeamKind.FORMER
    return row.viewer


def test_the_way_in_ends(cast: Cast, tess: Person) -> None:
    duty_id = suspect(cast)
    viewer = come_back(cast, tess, shut(cast, tess))
    actions.report_first(viewer, duty_id, way="careline", at=right_now(), words={})
    actions.send_written(viewer, duty_id, at=right_now(), words={})
    WayIn.objects.update(ends_at=right_now() - timedelta(seconds=1))
    assert sessions.read(viewer.token) is None
    with viewing(viewer):
        assert not Duty.objects.exists()
    people_clock.sweep_run_out()
    tess.refresh_from_db()
    assert not tess.is_active


def test_nobody_alone_ends_the_way_in_either(cast: Cast, tess: Person) -> None:
    suspect(cast)
    come_back(cast, tess, shut(cast, tess))
    with pytest.raises(Held):
        lock_out(cast.viewer("ada"), tess.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=tess.pk).update(is_active=False)


def test_reminders_go_on_and_nothing_else_reaches_whoever_was_shut_out(
    cast: Cast, tess: Person
) -> None:
    suspect(cast)
    shut(cast, tess)
    Notice.objects.all().delete()
    mail.outbox.clear()
    past = right_now() - timedelta(minutes=1)
    for kind in ("duty_late", "tip_waiting"):
        detail = {"at": "2026-11-27T08:00"} if kind == "duty_late" else {"reference": "AAAA"}
        Notice.objects.create(person_id=tess.pk, kind=kind, detail=detail, due_at=past)
    sweep_notices()
    assert not Notice.objects.filter(sent_at=None).exists()
    text = "".join(str(one.body) for one in mail.outbox)
    assert "AAAA" not in text
    assert "report" in text


def test_a_case_that_they_opened_is_theirs_no_more(cast: Cast, tess: Person) -> None:
    suspect(cast, who="tom")
    case_id = open_case(
        cast.viewer("tom"), NewCase(Case.Concern.ABUSE, "Words.", cast.teams["cedar"].pk)
    )
    tom = with_password(cast, "tom")
    own = come_back(cast, tom, shut(cast, tom))
    assert case_id is not None
    with viewing(own):
        assert set(Folder.objects.values_list("kind", flat=True)) == {"duty"}
        assert (
            not Person.objects.exclude(pk=tom.pk)
            .filter(memberships__team__kind=TeamKind.SCHOOL)
            .exists()
        )


def test_an_office_answers_for_the_file_of_whoever_was_shut_out(
    cast: Cast, tess: Person, clock: Any
) -> None:
    duty_id = suspect(cast)
    matter = Duty.objects.get(pk=duty_id).matter_id
    shut(cast, tess)
    cleo = cast.viewer("cleo")
    with pytest.raises(Refused, match="a day after"):
        leaving.stand_in(cleo, duty_id)
    clock.move(25 * 3600)
    with pytest.raises(Refused, match="a day after"):
        leaving.stand_in(cast.viewer("cleo"), duty_id)
    assert ended(matter) == "mandated_duty_open"
    own = suspect(cast, who="cleo", matter_id=matter)
    actions.report_first(cast.viewer("cleo"), own, way="careline", at=right_now(), words={})
    actions.send_written(cast.viewer("cleo"), own, at=right_now(), words={})
    assert ended(matter) == "mandated_duty_open"
    for name in ("hana", "dino"):
        with pytest.raises((Refused, Http404)):
            leaving.stand_in(cast.viewer(name), duty_id)
    client = cast.client("cleo")
    assert b"For the file" in client.get(f"/duties/{duty_id}").content
    client.post(f"/duties/{duty_id}/stand-in")
    assert ended(matter) is None
    assert Duty.objects.get(pk=duty_id).written_at is None
    assert b"This report stays open" in client.get(f"/duties/{duty_id}").content
    with pytest.raises(Error), transaction.atomic():
        StandIn.objects.all().delete()


def ended(matter: UUID) -> str | None:
    """Return by which constraint an end of the matter is refused; None: it is not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT mandated_over(p_matters => ARRAY[%s]::uuid[], p_tips => '{}', "
                "p_abuse => false, p_says => '')",
                [matter],
            )
    except IntegrityError as error:
        name: str | None = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        return name
    return None
