"""What waits for a second person: who may agree, and that nothing holds until then."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from conftest import Cast
from upstander.approvals import actions
from upstander.approvals.models import Approval
from upstander.approvals.queries import waiting_for
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.emergency.actions.help import ask_for_police, decide_police
from upstander.emergency.actions.roster_import import NeedsSecond, ask_second, import_roster
from upstander.emergency.tests.export import export
from upstander.emergency.tests.story import claimed
from upstander.people import factories
from upstander.people.actions import invitations
from upstander.people.actions.invitations import Invitee
from upstander.people.keys import Locked
from upstander.people.models import Membership, Team
from upstander.people.roles import Role
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District, School
from upstander.plug import approval_kinds
from upstander.standards.oneroster import read_export
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.moving.actions import ask_move
from upstander.vault.models import HolderKey, SealedKey

pytestmark = pytest.mark.django_db
APPROVED, REFUSED = Approval.Outcome.APPROVED, Approval.Outcome.REFUSED
WITHDRAWN = Approval.Outcome.WITHDRAWN


def rename(cast: Cast, name: str = "Cedar Academy") -> UUID:
    """Ask, as the administrator, that Cedar gets another name."""
    cast.client("ada").post(
        f"/places/districts/{cast.maple.pk}/schools/{cast.cedar.pk}/",
        {"name": name, "town": "Maple", "time_zone": "America/New_York", "languages": ["en"]},
    )
    return Approval.objects.get(kind="school_name", outcome="").pk


def unfounded(team: Team) -> Team:
    """Take a team's members and key away, as if it were new."""
    Membership.objects.filter(team=team).delete()
    SealedKey.objects.filter(holder=team.holder).delete()
    HolderKey.objects.filter(holder=team.holder).delete()
    return team


def found(cast: Cast, email: str = "vera@example.org") -> UUID:
    """Invite, as the administrator, the first lead of Birch's team."""
    team = unfounded(cast.teams["birch"])
    invitations.invite(cast.viewer("ada"), team.pk, Invitee(email, Role.TEAM_LEAD))
    return Approval.objects.get(kind="first_key", outcome="").pk


def shrink(cast: Cast) -> UUID:
    """Ask, as the district's lead, to put one student in the place of four."""
    students = read_export(export())
    import_roster(cast.viewer("dee"), cast.maple.pk, students)
    with pytest.raises(NeedsSecond) as asked:
        import_roster(cast.viewer("dee"), cast.maple.pk, students[:1])
    ask_second(cast.viewer("dee"), cast.maple.pk, asked.value)
    return Approval.objects.get(kind="roster", outcome="").pk


def give_away(cast: Cast) -> UUID:
    """Ask, as the administrator, that another center answers for Maple Valley."""
    return ask_move(cast.viewer("ada"), cast.maple.pk, cast.harbor.center_id)


def catch_all(cast: Cast) -> UUID:
    """Ask, as the administrator, that tips that name no place come to this center's Maple."""
    District.objects.filter(pk=cast.pine.pk).update(catch_all=True)
    return ask_move(cast.viewer("ada"), cast.harbor.pk, 0, "catch_all")


def send_police(cast: Cast) -> UUID:
    """Ask, as a counselor, that police are sent where danger is not now; its second has read."""
    tip = Tip.objects.first()
    opened = open_tip(cast.viewer("alice"), tip.pk) if tip else claimed(cast)
    one = ask_for_police(opened, "Nobody answers at home.").pk
    open_tip(cast.viewer("bea"), opened.tip.pk)
    return one


def move_address(cast: Cast, address: str = "tom@example.net") -> UUID:
    """Ask, as the administrator, that Tom of Cedar's team signs in by another address."""
    tom = cast.people["tom"]
    sent = {"name": tom.name, "email": address, "phone": "", "language": "en"}
    cast.client("ada").post(f"/people/{tom.pk}/", sent)
    return Approval.objects.get(kind="address", outcome="").pk


def decide_by_tip(viewer: Viewer, one: UUID, outcome: Approval.Outcome) -> object:
    """Decide about police, on the tip."""
    tip = Approval.objects.get(pk=one).tip_id
    assert tip
    return decide_police(viewer, tip, one, agree=outcome == APPROVED)


@dataclass(frozen=True)
class Case:
    """A kind: what asks for it, who asks and who seconds; who else sees that it waits."""

    ask: Callable[[Cast], UUID]
    asker: str = "ada"
    second: str = "sam"
    #: A role by which whoever asks could second, if somebody else had asked.
    both: tuple[str, Role] | None = ("lakeside", Role.CENTER_SUPERVISOR)
    sees: frozenset[str] = frozenset({"ada"})
    #: Who may second it as well, or instead of them.
    others: frozenset[str] = frozenset()
    decide: Callable[[Viewer, UUID, Approval.Outcome], object] = lambda viewer, one, outcome: (
        actions.decide(viewer, [one], outcome)
    )


ASKED = {
    "school_name": Case(rename),
    "first_key": Case(found),
    "district_center": Case(give_away),
    "catch_all": Case(catch_all),
    "address": Case(move_address, second="tara", both=("cedar", Role.TEAM_LEAD)),
    "roster": Case(shrink, "dee", "ada", None),
    "police": Case(
        send_police, "alice", "bea", None, frozenset(), frozenset({"sam"}), decide_by_tip
    ),
}
STAFF = ("ada", "alice", "bea", "charlie", "cora", "dee", "otto", "pia", "sam", "tara", "tom")


def test_kinds_are_all_asked_here() -> None:
    assert ASKED.keys() == approval_kinds().keys()


@pytest.mark.parametrize("kind", sorted(ASKED))
@pytest.mark.parametrize("who", STAFF)
def test_approval_is_shown_and_left_to_its_second(cast: Cast, kind: str, who: str) -> None:
    """View, action and database: nobody else decides, nor sees it but who asked."""
    case = ASKED[kind]
    one = case.ask(cast)
    if who in {case.second, *case.others}:
        return
    cast.client(who).post("/approvals/decide", {"approval": str(one), "outcome": "approved"})
    viewer = cast.viewer(who)
    for outcome in ("approved", "refused"):
        with contextlib.suppress(DatabaseError), viewing(viewer):
            seen = Approval.objects.filter(pk=one).exists()
            assert seen is (who in {case.asker, *case.sees})
            Approval.objects.filter(pk=one).update(outcome=outcome, decided_by=viewer.person_id)
    assert Approval.objects.get(pk=one).outcome == ""


@pytest.mark.parametrize("kind", sorted(ASKED))
def test_approval_by_asker_is_refused(cast: Cast, kind: str) -> None:
    """Who could second it, had somebody else asked."""
    case = ASKED[kind]
    one, asker = case.ask(cast), cast.people[case.asker]
    if case.both:
        team, role = case.both
        factories.join(asker, cast.teams[team], role, cast.keys)
    with pytest.raises(Refused, match="Nothing was changed"):
        case.decide(cast.viewer(case.asker), one, APPROVED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=one).update(outcome="approved", decided_by=asker.pk)


def test_approval_by_whom_it_lets_in_is_refused(cast: Cast) -> None:
    one = found(cast, cast.people["sam"].email.upper())
    with pytest.raises(Refused, match="Nothing was changed"):
        actions.decide(cast.viewer("sam"), [one], APPROVED)
    viewer = cast.viewer("sam")
    with viewing(viewer) as now:
        assert [row.decides for row in waiting_for(viewer, now)[0]] == [False]


@pytest.mark.parametrize("kind", sorted(ASKED))
def test_approval_with_a_locked_key_is_refused(cast: Cast, kind: str) -> None:
    one = ASKED[kind].ask(cast)
    with pytest.raises(Locked):
        actions.decide(cast.viewer(ASKED[kind].second, unlocked=False), [one], APPROVED)


@pytest.mark.parametrize("kind", sorted(ASKED))
@pytest.mark.parametrize("outcome", [APPROVED, REFUSED, WITHDRAWN])
def test_approval_is_decided_once(cast: Cast, kind: str, outcome: Approval.Outcome) -> None:
    case = ASKED[kind]
    one = case.ask(cast)
    case.decide(cast.viewer(case.asker if outcome == WITHDRAWN else case.second), one, outcome)
    assert Approval.objects.get(pk=one).outcome == outcome
    if case.decide is not decide_by_tip:  # What is about a tip, the tip's record says.
        decided = Entry.objects.filter(action=f"approval {outcome}", subject_id=str(one))
        assert decided.count() == 1
    for again in (APPROVED, REFUSED):
        with pytest.raises(Refused, match="Nothing was changed"):
            case.decide(cast.viewer(case.second), one, again)


@pytest.mark.parametrize("kind", sorted(ASKED))
def test_approval_lapses_after_its_days(cast: Cast, kind: str) -> None:
    one = ASKED[kind].ask(cast)
    row = Approval.objects.get(pk=one)
    row.lapses_at -= approval_kinds()[kind][1].lapses + timedelta(seconds=1)
    row.save()
    with pytest.raises(Refused, match="Nothing was changed"):
        ASKED[kind].decide(cast.viewer(ASKED[kind].second), one, APPROVED)
    ASKED[kind].ask(cast)
    assert Approval.objects.get(pk=one).outcome == WITHDRAWN, "asked again, it waits anew"


def test_name_stays_until_it_is_approved(cast: Cast) -> None:
    one = rename(cast)
    cedar = School.objects.get(pk=cast.cedar.pk)
    assert (cedar.name, cedar.town) == ("Cedar Middle School", "Maple"), "all else is saved"
    actions.decide(cast.viewer("sam"), [one], APPROVED)
    assert School.objects.get(pk=cast.cedar.pk).name == "Cedar Academy"


def test_name_is_changed_by_no_administrator_in_sql(cast: Cast) -> None:
    with pytest.raises(ProgrammingError), viewing(cast.viewer("ada")):
        School.objects.filter(pk=cast.cedar.pk).update(name="Cedar (old)")
    one = rename(cast)
    with (
        pytest.raises(ProgrammingError),
        viewing(cast.viewer("sam")),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT api.rename_school(%s)", [one])


def test_list_is_approved_by_one_press(cast: Cast) -> None:
    ones = [rename(cast), found(cast)]
    page = cast.client("sam").get("/approvals").content.decode()
    assert all(str(one) in page for one in ones)
    done: Any = cast.client("sam").post(
        "/approvals/decide", {"approval": [str(one) for one in ones], "outcome": "approved"}
    )
    assert done.status_code == 302
    assert not Approval.objects.filter(outcome="").exists()


def test_leads_are_mailed_when_asked_and_decided(cast: Cast) -> None:
    one = rename(cast)
    told = {cast.people[who].email for who in ("sam", "dee", "tara")}
    assert {address for sent in mail.outbox for address in sent.to} == told
    mail.outbox.clear()
    actions.decide(cast.viewer("sam"), [one], REFUSED)
    assert {address for sent in mail.outbox for address in sent.to} == told
    assert School.objects.get(pk=cast.cedar.pk).name == "Cedar Middle School"


def test_nothing_ticked_is_said_in_words(cast: Cast) -> None:
    rename(cast)
    answer: Any = cast.client("sam").post("/approvals/decide", {"outcome": "approved"}, follow=True)
    assert b"tick what you have looked at" in answer.content
    cast.client("sam").post("/approvals/decide", {"approval": "x", "outcome": "approved"})
    assert Approval.objects.filter(outcome="").count() == 1


def test_supervisor_s_page_says_that_something_waits(cast: Cast) -> None:
    rename(cast)
    page = cast.client("sam").get("/supervisor").content.decode()
    assert "1 request waits for your approval" in page
