"""One of everything that an address can name, in two districts with nothing in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from conftest import Cast
from tests.access.offices import add_offices
from tests.access.reports import a_report, an_agency_form, an_allegation
from upstander.accountability.models import Division
from upstander.accountability.outcomes import add_division
from upstander.base.moment import database_second
from upstander.carriers.actions import add_method
from upstander.cases.actions import propose
from upstander.cases.ending import close_case
from upstander.cases.guides.actions import keep_plan
from upstander.cases.models import Case, SecondOpinion
from upstander.cases.opening import NewCase, open_case, open_the_case
from upstander.cases.support import add_action
from upstander.cases.together import add_file
from upstander.dispatch.actions import ask_for_police
from upstander.dispatch.briefs import hand_to_police
from upstander.dispatch.sheet import around_of
from upstander.escalations.models import Alert, Task
from upstander.escalations.tasks import open_task
from upstander.mandated.actions import Suspicion, start_duty
from upstander.oncall.actions.plans import add_override, save_layer
from upstander.oncall.actions.swaps import ask_swap
from upstander.oncall.tests.setup import phones, weekly
from upstander.places import factories
from upstander.places.actions.invitations import Invitee, invite
from upstander.places.models import District
from upstander.places.posters import Paper
from upstander.places.roles import Role, TeamKind
from upstander.places.scope import Viewer, viewing
from upstander.retention.actions import place_hold
from upstander.tips import reporter
from upstander.tips.files import store_upload
from upstander.tips.opening import open_tip
from upstander.tips.subjects import name_subject
from upstander.tips.tests.samples import jpeg
from upstander.triage.actions import claim_tip
from upstander.triage.handoff import hand_off
from upstander.watch.drills import begin_drill

WORDS, BRIEF = "Nobody but those who were asked.", "A brief of one school."


@dataclass
class Side:
    """One district's things, by the names that addresses have for them; and whose they are."""

    values: dict[str, Any]
    sees_tip: set[str]
    reads_tip: set[str]
    asked: set[str]
    center: set[str]
    leads: set[str]
    prints: set[str]
    briefed: set[str]
    owes: str


def make_sides(cast: Cast, settings: Any) -> dict[str, Side]:
    """The same story in two districts whose people have nothing to do with each other."""
    settings.DEMO = True  # the outbox is a page of the demo only
    for team, kind in (("harbor", TeamKind.DISTRICT), ("harbor_police", TeamKind.POLICE)):
        cast.teams[team] = factories.make_team(kind, team, cast.keys, district=cast.harbor)
    for name, team, role in (
        ("quinn", "quay", Role.TEAM_LEAD),
        ("hal", "harbor", Role.DISTRICT_LEAD),
        ("hugo", "harbor_police", Role.OFFICER),
    ):
        cast.people[name] = factories.make_person(name.capitalize(), cast.keys)
        factories.join(cast.people[name], cast.teams[team], role, cast.keys)
    found = {
        "maple": Side(
            things(cast, "maple", "cedar", counselor="alice", lead="tara", member="tom"),
            sees_tip={"alice", "bea", "sam", "tara", "tom", "uma", "dee"},
            reads_tip={"alice", "bea", "sam", "tara", "tom", "uma"},
            asked={"tara", "tom", "uma"},
            center={"alice", "bea", "sam"},
            leads={"tara", "ada"},
            prints={"tara", "tom", "uma", "dee", "ada"},
            briefed={"otto"},
            owes="tom",
        ),
        "harbor": Side(
            things(cast, "harbor", "quay", counselor="cora", lead="quinn", member="charlie"),
            sees_tip={"cora", "charlie", "quinn", "hal"},
            reads_tip={"cora", "charlie", "quinn"},
            asked={"charlie", "quinn"},
            center={"cora"},
            leads={"quinn", "ada"},
            prints={"charlie", "quinn", "hal", "ada"},
            briefed={"hugo"},
            owes="charlie",
        ),
    }
    # After the duties were begun: they hold none of them.
    add_offices(cast)
    an_agency_form(cast.people["ada"].pk)
    for where, keeper in (("maple", "cleo"), ("harbor", "clara")):
        found[where].values.update(a_hold_and_a_division(cast, where))
        kept = an_allegation(cast.viewer(keeper), getattr(cast, where).pk, WORDS)
        found[where].values.update(kept, keeps_register={keeper})
        found[where].values["watched_by"] = {"maple": "moni", "harbor": "mark"}[where]
    return found


def things(
    cast: Cast, district: str, school: str, *, counselor: str, lead: str, member: str
) -> dict[str, Any]:
    """Make one of everything that an address can name, with a life-safety tip in the middle."""
    place = getattr(cast, school)
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text=WORDS,
            language="en",
            tile="attack",
            answers={"when": "now"},
            school_id=place.pk,
        )
    )
    file_id = store_upload(filed.session_token, "a.jpg", [jpeg()]).id
    viewer = cast.viewer(counselor)
    claim_tip(viewer, filed.tip_id)
    opened = open_tip(viewer, filed.tip_id)
    hand_off(opened, [cast.teams[school].pk], BRIEF)
    subject = name_subject(open_tip(viewer, filed.tip_id), "Somebody Named")
    asked = ask_for_police(open_tip(viewer, filed.tip_id), "A reason.")
    around = around_of(
        reference="",
        came_in=opened.at,
        center=getattr(cast, district).center,
        district=getattr(cast, district),
        school=place,
    )
    brief = hand_to_police(
        open_tip(viewer, filed.tip_id),
        cast.teams[f"{district}_police"].pk,
        "For police.",
        {},
        around,
        danger_now=True,
    )
    opinion = propose(
        open_tip(cast.viewer(member), filed.tip_id),
        SecondOpinion.Kind.FALSE,
        words="A reason.",
        disposition="unfounded",
    )
    with viewing(viewer):
        alert = Alert.objects.get(
            subject_id=filed.tip_id, holders__contains=[cast.teams[school].holder]
        )
    invitee = Invitee(f"new@{school}.example", Role.TEAM_MEMBER)
    sent = invite(cast.viewer(lead), cast.teams[school].pk, invitee)
    kept = add_method(cast.viewer(member), kind="email", address=f"{member}@home.example")
    duty = a_duty(cast.viewer(member), getattr(cast, district))
    return {
        "method_id": kept.pk,
        "method_of": member,
        "drill_id": begin_drill(cast.viewer(lead), cast.teams[school].pk).pk,
        "tip_id": filed.tip_id,
        "file_id": file_id,
        "subject_id": subject.pk,
        "request_id": asked.pk,
        "brief_id": brief.pk,
        "opinion_id": opinion.pk,
        "duty_id": duty,
        **a_report(cast.viewer(member), duty, BRIEF),
        "alert_id": alert.pk,
        "ringing_id": alert.pk,
        "stage": "school",
        "situation": "soon",
        "task_id": a_call(alert, viewer),
        "team_id": cast.teams[school].pk,
        "invitation_id": sent.id,
        "person_id": cast.people[member].pk,
        "center_id": getattr(cast, district).center_id,
        "district_id": getattr(cast, district).pk,
        "school_id": place.pk,
        "language": "en",
        "number": 1,
        "paper": Paper.LETTER,
        "link": "no-such-link",
        "pk": 0,
        **a_plan(cast, school, lead, member),
        **a_case(cast.viewer(member), cast.teams[school].pk),
        "center_of": {"ada", "sam"} if district == "maple" else {"ada"},
    }


def a_plan(cast: Cast, school: str, lead: str, member: str) -> dict[str, Any]:
    """Put a team on call by turns, with an override, and a swap that one asks the other for."""
    phones(cast, lead, member)
    team, boss, other = cast.teams[school].pk, cast.viewer(lead), cast.viewer(member)
    soon = database_second() + timedelta(hours=1), database_second() + timedelta(hours=2)
    people = boss.person_id, other.person_id
    return {
        "swap_of": {lead, member},
        "layer_id": save_layer(boss, team, weekly(*people)),
        "override_id": add_override(
            boss, team, duty="primary", on=people[0], off=None, start=soon[0], end=soon[1]
        ),
        "swap_id": ask_swap(other, team, duty="primary", taker_id=people[0], gives=soon),
    }


def a_call(alert: Alert, viewer: Viewer) -> UUID:
    """Ask the center's desk to phone a school."""
    with viewing(viewer) as now:
        return open_task(
            Task.Kind.CALL_SCHOOL,
            subject_id=alert.subject_id,
            matter_id=alert.matter_id,
            district_id=alert.district_id,
            due_at=now,
            now=now,
            actor=viewer,
        ).pk


def a_case(viewer: Viewer, team: int) -> dict[str, Any]:
    """Open a life-safety case that waits for a second person, with a file and something to do."""
    case = open_case(viewer, NewCase(Case.Concern.OTHER, WORDS, team, life_safety=True))
    plan = keep_plan(
        open_the_case(viewer, case), {"language": "en", "agreed": "yes", "alone": WORDS}
    )
    closing = close_case(open_the_case(viewer, case), "resolved", WORDS)
    file = add_file(open_the_case(viewer, case), "a.jpg", [jpeg()])
    action = add_action(open_the_case(viewer, case), "check_in")
    return {
        "case_id": case,
        "item_id": file.id,
        "action_id": action.pk,
        "closing_id": closing.pk,
        "version_id": plan,
    }


def a_hold_and_a_division(cast: Cast, district: str) -> dict[str, Any]:
    """Hold a whole district, and let it compare outcomes by something."""
    lead = {"maple": "dee", "harbor": "hal"}[district]
    place, viewer = getattr(cast, district), cast.viewer(lead)
    add_division(viewer, place.pk, "Lunch", ["Free", "Paid"])
    return {
        "hold_id": place_hold(viewer, place.pk, reason="A court asked.").pk,
        "division_id": Division.objects.get(district_id=place.pk).pk,
        "keeps_records": {lead, "ada"} | ({"sam"} if district == "maple" else set()),
        "compares": {lead},
    }


def a_duty(viewer: Viewer, district: District) -> UUID:
    """Begin somebody's own duty to report."""
    with viewing(viewer) as now:
        pass
    return start_duty(viewer, Suspicion("us-ct", "abuse", district.pk, now))
