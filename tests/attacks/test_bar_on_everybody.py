"""An exclusion that would leave nobody holds for the report at once, for the tip by two persons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.core import mail
from django.db import Error, connection, transaction
from django.http import Http404

from conftest import Cast
from tests.attacks.test_ends_unseen import new_tip
from upstander.base.refused import Refused
from upstander.carriers.digests import sweep_notices
from upstander.carriers.models import Notice
from upstander.carriers.notices import tell
from upstander.cases.actions.sharing import keep_out_of
from upstander.cases.models import Case
from upstander.cases.tests.story import begin, opened
from upstander.config.database import Role as LoginRole
from upstander.desk.tests.test_must_not_see import claimed
from upstander.mandated.actions.granting import keep_out_later
from upstander.mandated.actions.wide import decide_wide
from upstander.mandated.models import Duty, WideExclusion
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.mandated.tests.test_reminders import as_worker
from upstander.matters.models import Exclusion, FolderGrant
from upstander.people.keys import name_in, person_mac
from upstander.people.scope import viewing
from upstander.people.tests.monitor import monitor
from upstander.tips.access import tip_for
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import link_tips
from upstander.triage.tests.test_suspicion_answers import abuse_tip

type SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]

pytestmark = pytest.mark.django_db

CENTER = ("alice", "bea", "sam")


def ids(cast: Cast, *names: str) -> list[int]:
    return [cast.people[name].pk for name in names]


def handed(cast: Cast) -> tuple[UUID, UUID]:
    """Hand a tip to Cedar; return it with its matter."""
    offices(cast)
    tip = new_tip(cast)
    hand_off(open_tip(cast.viewer("alice"), tip), [cast.teams["cedar"].pk], "A brief.")
    return tip, Tip.objects.get(pk=tip).matter_id


def sees(cast: Cast, name: str, tip: UUID) -> bool:
    viewer = cast.viewer(name)
    with viewing(viewer):
        try:
            tip_for(viewer, tip)
        except Http404:
            return False
    return True


def excluding(cast: Cast, tip: UUID, matter: UUID, *names: str) -> UUID:
    """Have Tom begin his report on a tip, keeping these out of it."""
    return suspect(cast, who="tom", tip_id=tip, matter_id=matter, accused=tuple(ids(cast, *names)))


EVERYBODY = (*CENTER, "tara", "uma", "hana", "dino", "cleo", "sol", "bo", "tess")


def test_everybody_ticked_leaves_the_tip_and_takes_the_report(cast: Cast) -> None:
    tip, matter = handed(cast)
    monitor(cast)
    duty = excluding(cast, tip, matter, *EVERYBODY)
    for name in (*CENTER, "tara", "uma"):
        assert sees(cast, name, tip), name
    assert not Exclusion.objects.filter(matter_id=matter).exists()
    for name in ("cleo", "sol", "hana", "bo"):
        assert cast.client(name).get(f"/duties/{duty}").status_code == 404, name
    page = cast.client("tom").get(f"/duties/{duty}").content.decode()
    assert "a second person must decide about the tip" in page
    # None of whom it names is told, so nobody here: the outside monitor learns that there is one.
    assert not Notice.objects.filter(kind="wide_exclusion").exists()
    (told,) = Notice.objects.filter(kind="wide_nobody")
    assert told.person_id == cast.people["moni"].pk
    with as_worker():
        sweep_notices()
    told.refresh_from_db()
    assert told.sent_at is not None
    # None of whom it names decides about it.
    row = WideExclusion.objects.get()
    for name in ("sam", "cleo", "alice"):
        with pytest.raises((Http404, Error)):
            decide_wide(cast.viewer(name), row.pk, agree=True)


@pytest.mark.parametrize("agree", [True, False])
def test_a_whole_team_waits_for_a_second_person(cast: Cast, *, agree: bool) -> None:
    tip, matter = handed(cast)
    suspect(
        cast,
        who="tess",
        tip_id=None,
        matter_id=matter,
        accused=tuple(ids(cast, "tara", "tom", "uma")),
    )
    assert all(sees(cast, name, tip) for name in ("tara", "tom", "uma"))
    row = WideExclusion.objects.get()
    for name in ("tess", "alice", "tom", "sol"):
        client = cast.client(name)
        client.post("/exclusions", {"exclusion": str(row.pk), "agree": "yes"})
        assert not Exclusion.objects.exists(), name
    supervisor = cast.client("sam")
    page = supervisor.get("/exclusions").content.decode()
    assert "Tess wants to exclude 3" in page
    supervisor.post("/exclusions", {"exclusion": str(row.pk), "agree": "yes" if agree else "no"})
    for name in ("tara", "tom", "uma"):
        assert sees(cast, name, tip) is not agree, name
    assert sees(cast, "alice", tip)
    assert "Nothing is waiting" in supervisor.get("/exclusions").content.decode()
    with pytest.raises(Http404):
        decide_wide(cast.viewer("sam"), row.pk, agree=True)


def by_tess(cast: Cast, matter: UUID, *more: str) -> UUID:
    """Have Tess of the staff keep out all of Cedar's team, and these."""
    people = tuple(ids(cast, "tara", "tom", "uma", *more))
    return suspect(cast, who="tess", tip_id=None, matter_id=matter, accused=people)


def test_those_whom_it_does_not_name_are_told_by_mail_and_others_wait_for_nothing(
    cast: Cast,
) -> None:
    _tip, matter = handed(cast)
    with as_worker():
        tell(cast.people["cleo"].pk, "second_allegation")
    by_tess(cast, matter, "cleo")
    told = Notice.objects.filter(kind="wide_exclusion")
    assert set(told.values_list("person_id", flat=True)) == set(ids(cast, "sam"))
    assert not Notice.objects.filter(kind="wide_nobody").exists()
    with as_worker():
        sweep_notices()
    assert not Notice.objects.filter(sent_at=None, kind__startswith="wide").exists()
    assert not Notice.objects.filter(sent_at=None, kind="second_allegation").exists()
    (mine,) = [one for one in mail.outbox if cast.people["sam"].email in one.to]
    assert f"{cast.people['tess'].name} wants to exclude 4 people" in mine.body


def test_a_lead_who_depends_on_whom_it_names_is_not_told(cast: Cast) -> None:
    _tip, matter = handed(cast)
    by_tess(cast, matter, "sol")
    people = set(Notice.objects.filter(kind="wide_exclusion").values_list("person_id", flat=True))
    assert people == set(ids(cast, "sam"))


def test_a_lead_neither_hears_of_it_nor_decides_while_it_is_not_settled(cast: Cast) -> None:
    tip, _matter = handed(cast)
    link_tips(cast.viewer("alice"), tip, claimed(cast, tile="home"))
    by_tess(cast, Tip.objects.get(pk=tip).matter_id)
    assert set(
        Notice.objects.filter(kind="wide_exclusion").values_list("person_id", flat=True)
    ) == set(ids(cast, "sam"))
    with pytest.raises(Http404):
        decide_wide(cast.viewer("cleo"), WideExclusion.objects.get().pk, agree=True)


def test_a_few_are_kept_out_at_once_as_before(cast: Cast) -> None:
    tip, matter = handed(cast)
    excluding(cast, tip, matter, "uma", "bea", "hana")
    assert not WideExclusion.objects.exists()
    assert not sees(cast, "uma", tip)
    assert not sees(cast, "bea", tip)
    assert sees(cast, "alice", tip)


def test_the_center_is_not_emptied_by_a_lead_and_one_member_after_another(cast: Cast) -> None:
    tip, matter = handed(cast)
    duty = excluding(cast, tip, matter, *CENTER)
    row = WideExclusion.objects.get()
    with pytest.raises(Refused, match="No one at the crisis center"):
        decide_wide(cast.viewer("cleo"), row.pk, agree=True)
    keep_out_later(cast.viewer("tom"), duty, ids(cast, "alice"), "Them.")
    keep_out_later(cast.viewer("tom"), duty, ids(cast, "bea"), "Them.")
    # The last of them stays, until a second person says otherwise.
    keep_out_later(cast.viewer("tom"), duty, ids(cast, "sam"), "Them.")
    assert WideExclusion.objects.count() == 2
    assert sees(cast, "sam", tip)


def test_later_exclusions_are_looked_at_alike(cast: Cast) -> None:
    tip, matter = handed(cast)
    duty = suspect(cast, who="tom", tip_id=tip, matter_id=matter)
    assert FolderGrant.objects.filter(
        holder=name_in(ids(cast, "cleo")[0], Duty.objects.get(pk=duty).folder_id)
    ).exists()
    keep_out_later(cast.viewer("tom"), duty, ids(cast, *EVERYBODY), "All of them.")
    assert sees(cast, "alice", tip)
    for name in ("cleo", "sol", "hana"):
        assert cast.client(name).get(f"/duties/{duty}").status_code == 404, name
    # Nor does any road grant it to them again.
    cast.client("tom").get(f"/duties/{duty}")
    assert cast.client("cleo").get(f"/duties/{duty}").status_code == 404


def test_a_case_is_not_emptied_by_one_either(cast: Cast) -> None:
    tip = abuse_tip(cast)
    case = begin(
        cast, "tara", concern=Case.Concern.ABUSE, tips=[open_tip(cast.viewer("tara"), tip)]
    )
    with pytest.raises(Refused, match="would be left to act"):
        keep_out_of(opened(cast, "tara", case), ids(cast, *CENTER), "Them.")
    assert sees(cast, "alice", tip)


def test_no_exclusion_by_sql_names_everybody_at_the_center(cast: Cast) -> None:
    tip, matter = handed(cast)
    for name in CENTER:
        cast.viewer(name)  # signed in: so sessions say whose code is whose
    with (
        pytest.raises(Error, match="somebody at the center"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO matters_exclusion (matter_id, district_id, person_mac)"
            " SELECT %s, %s, mac FROM unnest(%s::bytea[]) mac",
            [matter, cast.maple.pk, [person_mac(person) for person in ids(cast, *CENTER)]],
        )
    with pytest.raises(Error), viewing(cast.viewer("tom")), connection.cursor() as cursor:
        cursor.execute("UPDATE mandated_wideexclusion SET agreed = true")
    assert sees(cast, "alice", tip)
