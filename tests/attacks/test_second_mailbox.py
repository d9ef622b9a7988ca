"""An administrator alone, with a second mailbox, gets no school's tips, and is nobody else."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import ProgrammingError, connection
from django.test import Client

from conftest import Cast
from tests.attacks.test_whose_key import a_tip
from upstander.approvals import actions
from upstander.approvals.models import Approval
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.doors.web.snapshot import Door, school_meant
from upstander.helplines.tests.setup import agency, whole
from upstander.people import keys, sessions
from upstander.people.actions import invitations, joining
from upstander.people.actions.invitations import Invitee
from upstander.people.models import Membership, Person, Team
from upstander.people.public import public_places
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import viewing
from upstander.people.tests.cast import enrol, sign_in, with_password
from upstander.people.tests.test_passwords import reset_by_mail
from upstander.places.models import School
from upstander.tips.models import Tip
from upstander.triage import staff
from upstander.vault.models import HolderKey, SealedKey

pytestmark = pytest.mark.django_db
APPROVED = Approval.Outcome.APPROVED
NAME, MAILBOX = "Cedar Middle School", "second.mailbox@example.org"
PASSWORD, PLAIN = "a lantern over quiet water", "a heron beside slow water"


def twin_of(cast: Cast) -> Team:
    """Rename Cedar, add a school of its old name, as the administrator; its team has no key."""
    ada, at = cast.client("ada"), f"/places/districts/{cast.maple.pk}/schools"
    given = {"time_zone": "America/New_York", "languages": ["en"]}
    ada.post(f"{at}/{cast.cedar.pk}/", {**given, "name": f"{NAME} (old)", "town": "Elm"})
    ada.post(f"{at}/new/", {**given, "name": NAME, "town": "Maple"})
    added = School.objects.exclude(pk=cast.cedar.pk).filter(name__startswith=NAME)
    return Team.objects.get(school__in=added, kind=TeamKind.SCHOOL)


def link_to(address: str) -> str:
    """Return the secret part of the link that was mailed to an address."""
    bodies = [str(sent.body) for sent in mail.outbox if sent.to == [address]]
    found = [re.search(r"/people/join/([\w-]+)/", body) for body in bodies]
    return next(one[1] for one in reversed(found) if one)


def invited(cast: Cast, team: Team, role: Role = Role.TEAM_LEAD) -> invitations.Sent:
    return invitations.invite(cast.viewer("ada"), team.pk, Invitee(MAILBOX, role, name="Tara"))


def join(link: str, words: str) -> joining.Joined:
    return joining.join_as_newcomer(
        link, words, name="Tara", phone="", language="en", password=PASSWORD
    )


def test_second_mailbox_alone_joins_no_twin(cast: Cast) -> None:
    twin = twin_of(cast)
    sent = invited(cast, twin)
    assert sent.waits
    link = link_to(MAILBOX)
    with pytest.raises(joining.InvitationWaits):
        join(link, sent.words)
    page: Any = Client().get(f"/people/join/{link}/")
    assert page.status_code == 409
    assert b"waits for approval" in page.content
    assert not HolderKey.objects.filter(holder=twin.holder).exists()
    # Meanwhile the child's tip and the hand-off keep the school that stands.
    meant = school_meant(public_places(), Door(), NAME)
    assert meant is not None
    assert meant.id == cast.cedar.pk
    told = {address for one in mail.outbox for address in one.to}
    assert {cast.people[who].email for who in ("sam", "dee", "tara")} <= told


def test_founding_without_approval_is_refused_in_sql(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the desk had not asked."""
    twin = twin_of(cast)
    sent = invited(cast, twin)
    plain = json.loads
    monkeypatch.setattr(json, "loads", lambda text: {**plain(text), "approved": True})
    with pytest.raises(ProgrammingError, match="second person"):
        join(link_to(MAILBOX), sent.words)


@pytest.mark.parametrize("kind", [TeamKind.SCHOOL, TeamKind.OFFICE, TeamKind.STAFF])
def test_old_team_without_key_waits_too(cast: Cast, kind: TeamKind) -> None:
    team, _ = Team.objects.get_or_create(
        kind=kind, school=cast.birch, defaults={"name": kind, "district": cast.maple}
    )
    Membership.objects.filter(team=team).delete()
    SealedKey.objects.filter(holder=team.holder).delete()
    HolderKey.objects.filter(holder=team.holder).delete()
    role = {
        TeamKind.SCHOOL: Role.TEAM_LEAD,
        TeamKind.OFFICE: Role.HEAD_OF_SCHOOL,
        TeamKind.STAFF: Role.STAFF_LEAD,
    }[kind]
    sent = invited(cast, team, role)
    with pytest.raises(joining.InvitationWaits):
        join(link_to(MAILBOX), sent.words)


def test_approval_of_another_address_lets_nobody_in(cast: Cast) -> None:
    twin = twin_of(cast)
    invited(cast, twin)
    approve(cast, "first_key")
    other = invitations.invite(
        cast.viewer("ada"), twin.pk, Invitee("third@example.org", Role.TEAM_LEAD)
    )
    with pytest.raises(joining.InvitationWaits):
        join(link_to("third@example.org"), other.words)


def test_approval_by_a_former_center_lets_nobody_in(cast: Cast) -> None:
    twin = twin_of(cast)
    sent = invited(cast, twin)
    approve(cast, "first_key")
    cast.maple.center = cast.harbor.center
    cast.maple.save()
    with pytest.raises(joining.InvitationWaits):
        join(link_to(MAILBOX), sent.words)


def test_approved_lead_joins_and_handoff_says_since_when(cast: Cast) -> None:
    twin = twin_of(cast)
    sent = invited(cast, twin)
    approve(cast, "first_key")
    joined = join(link_to(MAILBOX), sent.words)
    assert keys.newest_version(twin.holder) == 1
    assert Person.objects.get(pk=joined.person_id).email == MAILBOX
    tip = Tip.objects.get(pk=a_tip(cast))
    viewer = cast.viewer("alice")
    with viewing(viewer):
        labels = staff.team_labels(tip, database_now())
        checked = staff.who_would_get_it(tip, [twin], database_now())
    assert labels[twin.pk].startswith("Cedar Middle School (2)")
    assert f"{MAILBOX}, let in by" in labels[twin.pk]
    assert checked[0].team == labels[twin.pk]
    assert "new since" not in labels[cast.teams["cedar"].pk]


def test_twins_are_told_apart_on_the_form(cast: Cast) -> None:
    approve(cast, "school_name", f"school:{twin_of(cast).school_id}")
    found = [one for one in public_places().schools.values() if one.name == NAME]
    assert len({one.apart for one in found}) == 2


def test_first_center_needs_nobody(cast: Cast) -> None:
    """An installation's first center is founded by its own supervisor."""
    unfounded = [*Team.objects.filter(kind="center"), cast.teams["cedar"]]
    HolderKey.objects.filter(holder__in=[team.holder for team in unfounded]).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT approvals_first_key(%s, %s)", [cast.teams["lakeside"].pk, MAILBOX])
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT approvals_first_key(%s, %s)", [cast.teams["cedar"].pk, MAILBOX])
        assert cursor.fetchone() == (False,)


def test_second_center_waits_for_the_first(cast: Cast) -> None:
    ada = cast.client("ada")
    ada.post("/places/centers/new/", {"name": "Southern", "time_zone": "America/Chicago"})
    team = Team.objects.get(kind="center", name="Southern")
    sent = invited(cast, team, Role.CENTER_SUPERVISOR)
    with pytest.raises(joining.InvitationWaits):
        join(link_to(MAILBOX), sent.words)
    approve(cast, "first_key")
    join(link_to(MAILBOX), sent.words)
    assert keys.newest_version(team.holder) == 1


@pytest.mark.parametrize("who", ["", "tom"])
def test_second_administrator_waits(cast: Cast, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    """One alone can't be two, by a new mailbox or by another account that they read the mail of."""
    office = cast.teams["administration"]
    address = cast.people[who].email if who else MAILBOX
    invitee = Invitee(address, Role.ADMINISTRATOR, name="Tara")
    sent = invitations.invite(cast.viewer("ada"), office.pk, invitee)
    assert sent.waits
    assert [cast.people["sam"].email] in [one.to for one in mail.outbox]
    link, before = link_to(address), set(office.memberships.values_list("pk"))

    viewer = cast.viewer(who) if who else None

    def accept() -> joining.Joined:
        if viewer:
            return joining.join_as(viewer, cast.people[who], link, sent.words)
        return join(link, sent.words)

    with pytest.raises(joining.InvitationWaits):
        accept()
    assert Client().get(f"/people/join/{link}/").status_code == 409
    with pytest.raises(Refused):
        actions.decide(cast.viewer("ada"), Approval.objects.values_list("pk", flat=True), APPROVED)
    plain = json.loads
    with monkeypatch.context() as patched:
        patched.setattr(json, "loads", lambda text: {**plain(text), "approved": True})
        with pytest.raises(ProgrammingError, match="second person"):
            accept()
    assert set(office.memberships.values_list("pk")) == before
    approve(cast, "first_key")
    assert office.memberships.filter(person_id=accept().person_id).exists()


def test_second_administrator_before_supervisors(cast: Cast) -> None:
    centers = [team.holder for team in Team.objects.filter(kind="center")]
    HolderKey.objects.filter(holder__in=centers).delete()
    with pytest.raises(Refused, match="upstander administrator"):
        invited(cast, cast.teams["administration"], Role.ADMINISTRATOR)


@pytest.mark.parametrize("name", [NAME, "cedar  MIDDLE school", "Cedar, Middle School"])
def test_twin_school_waits_for_its_name(cast: Cast, name: str) -> None:
    ada, at = cast.client("ada"), f"/places/districts/{cast.maple.pk}/schools"
    given = {"name": name, "time_zone": "America/New_York", "languages": ["en"]}
    page: Any = ada.post(f"{at}/new/", {**given, "town": "Elm"}, follow=True)
    meant = school_meant(public_places(), Door(), NAME)
    assert meant is not None
    assert meant.id == cast.cedar.pk
    assert b"(2) until a supervisor" in page.content
    with pytest.raises(ProgrammingError), viewing(cast.viewer("ada")):
        School.objects.create(district=cast.maple, name=name, slug="twin")
    table = f'district,name,town\nMaple Valley,"{name}",Oak\n'
    ada.post("/places/import/", {"table": table, "confirm": "yes"})
    assert School.objects.filter(district=cast.maple, town="Oak").get() == cast.cedar
    approve(cast, "school_name")
    assert School.objects.get(town="Elm").name == name


def approve(cast: Cast, kind: str, subject: str = "") -> None:
    """Agree, as the center's supervisor, to what waits of a kind."""
    rows = Approval.objects.filter(kind=kind, outcome="", subject__startswith=subject)
    ones = list(rows.values_list("pk", flat=True))
    actions.decide(cast.viewer("sam"), ones, Approval.Outcome.APPROVED)


def entered(cast: Cast, name: str, address: str) -> Person:
    """Enter, as the administrator, another sign-in address of somebody who has a password."""
    person = with_password(cast, name)
    sent = {"name": person.name, "email": address, "phone": "", "language": "en"}
    cast.client("ada").post(f"/people/{person.pk}/", sent)
    cast.client("ada").post(f"/people/{person.pk}/reset-second-factor/")
    mail.outbox.clear()
    return person


@pytest.mark.parametrize("name", ["sam", "tara", "dee", "alice", "otto"])
def test_entered_address_gets_no_reset(cast: Cast, name: str) -> None:
    """The supervisor's sign-in by a mailbox of the administrator's ends at its first step."""
    person = entered(cast, name, MAILBOX)
    for address in (MAILBOX, person.email):
        Client().post("/account/password/reset/", {"email": address})
    assert {address for one in mail.outbox for address in one.to} == {person.email}
    refused: Any = Client().post(
        "/account/login/", {"login": MAILBOX, "password": PASSWORD}, follow=True
    )
    assert not refused.wsgi_request.user.is_authenticated


def test_reader_of_mail_decides_nothing(cast: Cast) -> None:
    """Whoever reads the old mailbox as well: joined with a new key, they have no role of before."""
    one = rename_asked(cast)
    sam = with_password(cast, "sam")
    cast.client("ada").post(f"/people/{sam.pk}/reset-second-factor/")
    reset_by_mail(sam, PLAIN)
    enrol(sam)
    thief = sign_in(sam, PLAIN)
    for path in ("/record", "/queue", "/supervisor", "/approvals", "/people/teams/", "/team"):
        assert thief.get(path).headers.get("Location", "").startswith("/people/unlock/"), path
    sent = invitations.invite(
        cast.viewer("tara"), cast.teams["cedar"].pk, Invitee(sam.email, Role.TEAM_MEMBER)
    )
    link = link_to(sam.email)
    joined: Any = thief.post(f"/people/join/{link}/", {"words": sent.words, "password": PLAIN})
    assert joined.status_code == 200
    for kind in ("school", "center"):
        thief.post("/people/active-role/", {"kind": kind})
        thief.post("/approvals/decide", {"approval": str(one), "outcome": "approved"})
        assert Approval.objects.get(pk=one).outcome == ""
    assert thief.get("/record").headers["Location"] == "/people/me/"
    assert b"opens no key of your team" in thief.get("/people/me/").content
    row = sessions.read(thief.cookies[sessions.COOKIE].value)
    assert row
    assert row.viewer.unlocked
    with viewing(row.viewer), connection.cursor() as cursor:
        cursor.execute("SELECT api.supervised_centers(), api.center_districts()")
        assert cursor.fetchone() == ([], [])


def test_locked_advocate_sees_no_entry_of_the_agency(cast: Cast) -> None:
    """Not when somebody came, and no half-year's figures: by the mailbox alone."""
    whole(agency(cast))
    for name in ("wren", "ines"):
        person = with_password(cast, name)
        reset_by_mail(person, PLAIN)
        thief = sign_in(person, PLAIN)
        for path in ("/record", "/clients", "/clients/figures"):
            answer = thief.get(path)
            assert b"Took on a client" not in answer.content
            assert answer.headers.get("Location", "").startswith("/people/unlock/"), (name, path)


def rename_asked(cast: Cast) -> UUID:
    """Ask, as the administrator, that Cedar gets another name."""
    at = f"/places/districts/{cast.maple.pk}/schools/{cast.cedar.pk}/"
    given = {"time_zone": "America/New_York", "languages": ["en"]}
    cast.client("ada").post(at, {**given, "name": "Cedar Academy", "town": "Elm"})
    return Approval.objects.get(kind="school_name", outcome="").pk
