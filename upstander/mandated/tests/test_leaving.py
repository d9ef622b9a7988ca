"""Somebody with open reports is shut out by two, and keeps a way in to these and nothing else."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import Error, IntegrityError, connection, transaction
from django.http import Http404

from conftest import Cast
from upstander.approvals.actions import decide
from upstander.approvals.models import Approval
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.escalations.tests.alerts import clock
from upstander.mandated.actions import duties
from upstander.mandated.leaving import actions as leaving
from upstander.mandated.leaving.models import Shutting
from upstander.mandated.leaving.notices import sweep_leaving
from upstander.mandated.models import Duty
from upstander.mandated.tests.test_duties import offices, right_now, suspect
from upstander.matters.folders import keep_out
from upstander.people import factories, keys, sessions
from upstander.people.actions import way_in
from upstander.people.actions.leaving import Held, lock_out, remove_member
from upstander.people.actions.people import confirm_address
from upstander.people.models import Membership, Person, StaffSession, WayIn
from upstander.people.roles import Role
from upstander.people.scope import Viewer, viewing
from upstander.people.tests.cast import PASSWORD, with_password
from upstander.people.tests.monitor import monitor

__all__ = ["clock"]

pytestmark = pytest.mark.django_db

REASON = "Suspended with pay from today."
NEW = "five quiet herons over the marsh"


@pytest.fixture
def tess(cast: Cast) -> Person:
    """Somebody on staff with an open report of their own, two administrators and the offices."""
    offices(cast)
    cast.people["abe"] = factories.make_person("Abe", cast.keys)
    factories.join(cast.people["abe"], cast.teams["administration"], Role.ADMINISTRATOR, cast.keys)
    return with_password(cast, "tess")


def shut(cast: Cast, tess: Person, *, by: str = "abe") -> leaving.Link:
    asked = leaving.ask_shutting(cast.viewer("ada"), tess.pk, REASON)
    link = leaving.agree_shutting(cast.viewer(by), asked)
    assert link is not None
    return link


def come_back(cast: Cast, tess: Person, link: leaving.Link) -> Viewer:
    """Take the way in up, and sign in; returns the viewer of that session."""
    way_in.take_up(link.secret, old=PASSWORD, new=NEW)
    tess.refresh_from_db()
    token = sessions.begin(tess, cast.keys.people[tess.pk], complete=True)
    row = sessions.read(token)
    assert row is not None
    return row.viewer


def is_in(person: Person) -> bool:
    return Membership.objects.filter(person=person).exists()


def test_one_administrator_alone_shuts_nobody_out(cast: Cast, tess: Person) -> None:
    duty_id = suspect(cast)
    ada = cast.viewer("ada")
    with pytest.raises(Held) as held:
        lock_out(ada, tess.pk)
    assert held.value.path == f"/leaving/{tess.pk}"
    with pytest.raises(Error, match="one person"), viewing(ada), connection.cursor() as cursor:
        cursor.execute("SELECT api.lock_out(%s, %s)", [tess.pk, keys.person_mac(tess.pk)])
    with pytest.raises(IntegrityError), viewing(ada):
        Person.objects.filter(pk=tess.pk).update(is_active=False)
    asked = leaving.ask_shutting(ada, tess.pk, REASON)
    with pytest.raises(Refused, match="someone else"):
        leaving.agree_shutting(ada, asked)
    with pytest.raises(Error, match="second person"), viewing(ada), connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM api.agree_shutting(p_id => %s, p_mac => %s)",
            [asked, keys.person_mac(tess.pk)],
        )
    tess.refresh_from_db()
    assert tess.is_active
    assert is_in(tess)
    # Not even whoever owns the tables.
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=tess.pk).update(is_active=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(person=tess).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Shutting.objects.filter(pk=asked).update(
            done_at=right_now(), agreed_by=cast.people["ada"].pk
        )
    assert Duty.objects.get(pk=duty_id).written_at is None


def test_a_reason_is_asked_and_the_duties_are_named_without_what_they_are_about(
    cast: Cast, tess: Person
) -> None:
    duty_id = suspect(cast)
    client = cast.client("ada")
    page = client.get(f"/people/{tess.pk}/").content.decode()
    assert f"/leaving/{tess.pk}" in page
    assert "Deactivate this account" not in page
    answer = client.post(f"/people/{tess.pk}/shut/")
    assert answer.headers["Location"] == f"/leaving/{tess.pk}"
    text = client.get(f"/leaving/{tess.pk}").content.decode()
    assert str(duty_id)[:8] in text
    assert "due by" in text
    for hidden in ("go home", "abuse", "Cedar Middle", str(duty_id)):
        assert hidden not in text
    assert client.post(f"/leaving/{tess.pk}", {"reason": " "}).status_code == 200
    assert not Shutting.objects.exists()
    client.post(f"/leaving/{tess.pk}", {"reason": REASON})
    row = Shutting.objects.get()
    assert (row.reason, row.taken, row.done_at) == (REASON, False, None)
    again = client.post(f"/leaving/{tess.pk}", {"reason": "Once more."})
    assert b"Someone has already requested that" in again.content
    assert Shutting.objects.count() == 1


def test_a_lead_does_not_take_somebody_out_of_their_last_team(cast: Cast, tess: Person) -> None:
    suspect(cast, who="tom")
    tom, tara = cast.people["tom"], cast.viewer("tara")
    with pytest.raises(Refused, match="last team"):
        remove_member(tara, cast.teams["cedar"].pk, tom.pk)
    assert is_in(tom)
    factories.join(tom, cast.teams["birch"], Role.TEAM_MEMBER, cast.keys)
    remove_member(tara, cast.teams["cedar"].pk, tom.pk)
    assert Membership.objects.get(person=tom).team == cast.teams["birch"]
    # Without a report nothing is asked.
    remove_member(tara, cast.teams["cedar"].pk, cast.people["uma"].pk)
    assert not is_in(cast.people["uma"])


@pytest.mark.parametrize("second", ["abe", "cleo"])
def test_a_second_person_agrees_and_all_are_told(cast: Cast, tess: Person, second: str) -> None:
    duty_id = suspect(cast)
    moni = monitor(cast)
    asked = leaving.ask_shutting(cast.viewer("ada"), tess.pk, REASON)
    sweep_leaving()
    told = Notice.objects.filter(kind="shutting_asked").values_list("person_id", flat=True)
    assert set(told) == {cast.people["abe"].pk, cast.people["cleo"].pk}
    link = leaving.agree_shutting(cast.viewer(second), asked)
    assert link is not None
    assert link.mailed
    tess.refresh_from_db()
    assert not tess.is_active
    assert not is_in(tess)
    assert not StaffSession.objects.filter(person_id=tess.pk).exists()
    sweep_leaving()
    kinds = {(row.person_id, row.kind) for row in Notice.objects.exclude(kind="shutting_asked")}
    assert (cast.people["cleo"].pk, "shutting_done") in kinds
    assert (tess.pk, "own_shut") in kinds
    monitors = {person for person, kind in kinds if kind == "shutting_monitor"}
    assert monitors == {moni.pk}
    assert link.secret in mail.outbox[-1].body
    assert mail.outbox[-1].to == [tess.email]
    entry = Entry.objects.get(action="account shut")
    assert entry.detail == {"open_reports": 1, "taken": False}
    assert Entry.objects.get(action="duty: owner left").subject_id == str(duty_id)
    # The duty's page and the ledger say why; what was seen stays with those who hold it.
    for path in (f"/duties/{duty_id}", "/ledger"):
        text = cast.client("cleo").get(path).content.decode()
        assert "account was deactivated on" in text
        assert REASON in text
    with pytest.raises(Refused):
        lock_out(cast.viewer("ada"), cast.people["ada"].pk)


def test_the_monitor_reads_that_and_when_but_no_reason(cast: Cast, tess: Person) -> None:
    suspect(cast)
    monitor(cast)
    shut(cast, tess)
    text = cast.client("moni").get("/monitor").content.decode()
    assert "account was deactivated on" in text
    assert REASON not in text
    assert "Tess" not in text


def test_whoever_the_report_is_kept_from_decides_nothing_and_learns_nothing(
    cast: Cast, tess: Person
) -> None:
    duty_id = suspect(cast)
    with viewing(cast.viewer("tess")):
        folder = Duty.objects.get(pk=duty_id).folder_id
        keep_out(folder, [cast.people["abe"].pk, cast.people["cleo"].pk])
    asked = leaving.ask_shutting(cast.viewer("ada"), tess.pk, REASON)
    sweep_leaving()
    told = Notice.objects.filter(kind="shutting_asked").values_list("person_id", flat=True)
    assert list(told) == [cast.people["sol"].pk], "the next office"
    for name in ("abe", "cleo"):
        client = cast.client(name)
        assert b"Tess" not in client.get("/leaving").content
        # An administrator's page is the same for all of them (test_leaving_alike.py).
        assert client.get(f"/leaving/{tess.pk}").status_code == (200 if name == "abe" else 404)
        with pytest.raises(Http404):
            leaving.agree_shutting(cast.viewer(name), asked)
        with (
            pytest.raises(Error, match="second person"),
            viewing(cast.viewer(name)),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "SELECT * FROM api.agree_shutting(p_id => %s, p_mac => %s)", [asked, b"x" * 32]
            )
    assert str(duty_id)[:8] not in cast.client("abe").get(f"/leaving/{tess.pk}").content.decode()
    with pytest.raises(Held):
        lock_out(cast.viewer("abe"), tess.pk)
    with pytest.raises(Refused, match="another administrator"):
        leaving.shut_taken(cast.viewer("abe"), tess.pk, REASON)
    # Whoever is next in the office is told in the compliance lead's place.
    with transaction.atomic():
        row = Shutting.objects.get(pk=asked)
    assert row.done_at is None
    leaving.shut_taken(cast.viewer("ada"), tess.pk, "Their phone was stolen.")
    sweep_leaving()
    told = Notice.objects.filter(kind="shutting_taken").values_list("person_id", flat=True)
    assert list(told) == [cast.people["sol"].pk]


def test_of_two_who_agree_at_once_one_does_it(cast: Cast, tess: Person) -> None:
    suspect(cast)
    asked = leaving.ask_shutting(cast.viewer("ada"), tess.pk, REASON)
    assert leaving.agree_shutting(cast.viewer("abe"), asked) is not None
    with pytest.raises(Refused, match="already been decided"):
        leaving.agree_shutting(cast.viewer("cleo"), asked)
    assert Entry.objects.filter(action="account shut").count() == 1


def test_refused_or_taken_back_nothing_was_done(cast: Cast, tess: Person) -> None:
    suspect(cast)
    for who in ("cleo", "ada"):
        asked = leaving.ask_shutting(cast.viewer("ada"), tess.pk, REASON)
        leaving.refuse_shutting(cast.viewer(who), asked)
        with pytest.raises((Refused, Http404)):
            leaving.agree_shutting(cast.viewer("abe"), asked)
    tess.refresh_from_db()
    assert tess.is_active
    assert is_in(tess)


def test_a_taken_account_ends_at_once_with_no_way_in(cast: Cast, tess: Person) -> None:
    suspect(cast)
    monitor(cast)
    leaving.ask_shutting(cast.viewer("ada"), tess.pk, REASON)
    thief = cast.client("tess")
    answer = cast.client("abe").post(
        f"/leaving/{tess.pk}", {"reason": "Their phone was stolen.", "taken": "yes"}
    )
    assert answer.status_code == 302
    tess.refresh_from_db()
    assert not tess.is_active
    assert not WayIn.objects.exists()
    assert thief.get("/duties").status_code == 302
    sweep_leaving()
    kinds = set(Notice.objects.values_list("person_id", "kind"))
    assert {(cast.people["cleo"].pk, "shutting_taken"), (tess.pk, "own_taken")} <= kinds
    assert "shutting_monitor" in {kind for _, kind in kinds}
    one = Shutting.objects.get(taken=True)
    assert leaving.new_link(cast.viewer("cleo"), one.pk) is None
    assert b"someone else had" in cast.client("cleo").get("/ledger").content


def test_nobody_else_changes_the_address_of_somebody_with_open_reports(
    cast: Cast, tess: Person
) -> None:
    suspect(cast)
    ada, old = cast.client("ada"), tess.email
    sent = {"name": "Tess Teal", "email": "away@example.org", "phone": "", "language": "en"}
    page = ada.post(f"/people/{tess.pk}/", sent)
    assert "until it is done" in page.content.decode()
    tess.refresh_from_db()
    assert tess.email == old
    assert cast.client("tess").get("/duties").status_code == 200, "still signed in"
    with pytest.raises(IntegrityError, match="one person"), transaction.atomic():
        Person.objects.filter(pk=tess.pk).update(email="away@example.org")
    # A lead's yes does not do it either, while they may confirm it themselves.
    assert ada.post(f"/people/{tess.pk}/", sent | {"name": tess.name}).status_code == 302
    one = Approval.objects.get(kind="address", outcome="")
    cast.people["lena"] = factories.make_person("Lena", cast.keys)
    team = tess.memberships.get().team
    factories.join(cast.people["lena"], team, Role.STAFF_LEAD, cast.keys)
    with pytest.raises(Refused, match="confirm an address themselves"):
        decide(cast.viewer("lena"), [one.pk], Approval.Outcome.APPROVED)
    # What is none of it is changed as ever.
    plain = sent | {"name": tess.name, "email": old, "phone": "860-555-0100"}
    assert ada.post(f"/people/{tess.pk}/", plain).status_code == 302
    confirm_address(cast.viewer("tess"), str(one.pk))
    tess.refresh_from_db()
    assert tess.email == "away@example.org"


def test_nobody_else_renames_somebody_with_open_reports(cast: Cast, tess: Person) -> None:
    duty, name = suspect(cast), tess.name
    ada = cast.client("ada")
    sent = {"name": "Nora Quill", "email": tess.email, "phone": "", "language": "en"}
    page = ada.post(f"/people/{tess.pk}/", sent)
    assert "until it is done" in page.content.decode()
    with (
        pytest.raises(IntegrityError, match="one person"),
        viewing(cast.viewer("ada")),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE people_person SET name = 'x' WHERE id = %s", [tess.pk])
    tess.refresh_from_db()
    assert tess.name == name
    # Once it is done an administrator changes it, and the earlier name stays beside it.
    viewer = cast.viewer("tess")
    duties.report_first(viewer, duty, way="careline", at=right_now(), words={})
    duties.send_written(viewer, duty, at=right_now(), words={})
    assert ada.post(f"/people/{tess.pk}/", sent).status_code == 302
    tess.refresh_from_db()
    assert tess.name == "Nora Quill"


def test_a_second_step_taken_off_is_told_and_stands_in_each_report(
    cast: Cast, tess: Person
) -> None:
    duty_id = suspect(cast)
    cast.people["mona"] = monitor(cast)
    assert Authenticator.objects.filter(user=tess).exists()
    Authenticator.objects.create(user=tess, type=Authenticator.Type.RECOVERY_CODES, data={})
    Notice.objects.all().delete()
    assert cast.client("ada").post(f"/people/{tess.pk}/reset-second-factor/").status_code == 302
    names = {person.pk: name for name, person in cast.people.items()}
    told = {(names[one.person_id], one.kind) for one in Notice.objects.all()}
    assert told == {
        ("cleo", "step_taken_off"),
        ("mona", "step_taken_off"),
        ("tess", "own_step_taken_off"),
    }
    assert Notice.objects.count() == 3
    entry = Entry.objects.get(action="duty: second step reset")
    assert entry.subject_id == str(duty_id)
    assert "second step" in cast.client("cleo").get(f"/duties/{duty_id}/proofs").content.decode()


@pytest.mark.parametrize(
    ("out", "asked"),
    [((), "cleo"), (("cleo",), "sol"), (("cleo", "sol"), "bo"), (("cleo", "sol", "bo"), "mona")],
)
def test_where_the_lead_is_kept_out_and_there_is_one_administrator_the_next_office_decides(
    cast: Cast, tess: Person, out: tuple[str, ...], asked: str
) -> None:
    Membership.objects.filter(person=cast.people["abe"]).delete()
    duty = Duty.objects.get(pk=suspect(cast))
    cast.people["mona"] = monitor(cast)
    with viewing(cast.viewer("tess")):
        keep_out(duty.folder_id, [cast.people[name].pk for name in out])
    request = leaving.ask_shutting(cast.viewer("ada"), tess.pk, REASON)
    Notice.objects.all().delete()
    sweep_leaving()
    told = Notice.objects.get()
    assert told.person_id == cast.people[asked].pk
    assert told.kind == ("shutting_nobody" if asked == "mona" else "shutting_asked")
    if asked != "mona":
        assert leaving.agree_shutting(cast.viewer(asked), request) is not None
