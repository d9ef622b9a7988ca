"""One whole matter about a member of staff: tip, case, guides, duties, register, written report.

For tests that search for it where it must not be. Every word that anybody types in it is a mark
that stands nowhere else, and every row that an address can name is among its ``values``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from conftest import Cast
from upstander.cases.actions.homes import answer_home
from upstander.cases.actions.opening import NewCase, OpenCase, open_case, open_the_case
from upstander.cases.actions.sharing import begin_inner, share_case
from upstander.cases.actions.support import add_action
from upstander.cases.actions.timeline import add_item
from upstander.cases.actions.together import add_file
from upstander.cases.guides import actions as guides
from upstander.cases.models import Case, CaseItem
from upstander.cases.people import add_person
from upstander.cleaning.tests.samples import jpeg
from upstander.emergency.actions.briefs import hand_to_police
from upstander.emergency.actions.help import ask_for_police, record_call, save_sheet
from upstander.emergency.models import Call
from upstander.emergency.sheet import around_of
from upstander.escalations.models import Alert, Task
from upstander.mandated.actions import duties
from upstander.mandated.models import DutyEvent
from upstander.mandated.register.models import Entry as Allegation
from upstander.mandated.suspicion import Suspicion
from upstander.mandated.tests.test_duties import electronic_may
from upstander.mandated.written import actions as written
from upstander.mandated.written.evidence import Proof
from upstander.mandated.written.models import Evidence
from upstander.people import factories
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.actions.subjects import name_subject
from upstander.tips.actions.writing import add_note, add_reply
from upstander.tips.files import store_upload
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import exclude_people, hand_off
from upstander.triage.actions.work import claim_tip


@dataclass
class Matter:
    """What a story left behind."""

    #: By the names that addresses have for them.
    values: dict[str, Any]
    #: Where it was typed → the word, which stands nowhere else.
    said: dict[str, str]
    #: Everything that would tell somebody that there is such a matter: ids, references, words.
    traces: set[str] = field(default_factory=set)

    def found_in(self, text: str) -> set[str]:
        """Return which traces of the matter a page or a file holds."""
        return {trace for trace in self.traces if trace in text}


@dataclass(frozen=True)
class Told:
    """Who tells a matter, and about whom."""

    accused: Sequence[str]
    #: A counselor, two of Cedar's team, and two who owe a report: one makes it, one is late.
    counselor: str = "bea"
    lead: str = "tara"
    colleague: str = "uma"
    reports: str = "vera"
    late: str = "wes"


def offices_and_staff(cast: Cast) -> None:
    """Give Cedar and Maple Valley their offices, and Cedar three members of staff."""
    keys = cast.keys
    for name, kind, school in (
        ("cedar_office", TeamKind.OFFICE, cast.cedar),
        ("maple_office", TeamKind.OFFICE, None),
        ("cedar_staff", TeamKind.STAFF, cast.cedar),
    ):
        place: dict[str, Any] = {"district": cast.maple} | ({"school": school} if school else {})
        cast.teams[name] = factories.make_team(kind, name, keys, **place)
    for name, team, role in (
        ("hana", "cedar_office", Role.HEAD_OF_SCHOOL),
        ("dino", "cedar_office", Role.DESIGNEE),
        ("cleo", "maple_office", Role.COMPLIANCE_LEAD),
        ("sol", "maple_office", Role.SUPERINTENDENT),
        ("bo", "maple_office", Role.BOARD_CHAIR),
        ("tess", "cedar_staff", Role.STAFF_MEMBER),
        ("vera", "cedar_staff", Role.STAFF_MEMBER),
        ("wes", "cedar_staff", Role.STAFF_MEMBER),
    ):
        cast.people[name] = factories.make_person(name.capitalize(), keys)
        factories.join(cast.people[name], cast.teams[team], role, keys)


def tell_matter(cast: Cast, told: Told) -> Matter:
    """Let a tip about staff come in, be read, handed to Cedar, worked as a case, and reported."""
    told_about = tuple(cast.people[name].pk for name in told.accused)
    said: dict[str, str] = {}

    def mark(place: str) -> str:
        return said.setdefault(place, f"zimtstern{uuid4().hex}")

    values = _tip(cast, told, told_about, mark) | {"school_id": cast.cedar.pk}
    values |= _case(cast, told, told_about, mark, values["tip_id"])
    values |= _duties(cast, told, told_about, mark, values)
    matter = Matter(values, said, set(said.values()))
    ids = [one for one in values.values() if isinstance(one, UUID)]
    matter.traces |= {str(one) for one in (*ids, *_ids_around(values))}
    matter.traces |= {
        Tip.objects.get(pk=values["tip_id"]).reference,
        Case.objects.get(pk=values["case_id"]).reference,
    }
    return matter


def _tip(cast: Cast, told: Told, accused: tuple[int, ...], mark: Any) -> dict[str, Any]:
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text=mark("tip"),
            language="en",
            tile="adult",
            answers={"subject": mark("answer")},
            school_id=cast.cedar.pk,
        )
    )
    tip_id = filed.tip_id
    file_id = store_upload(filed.session_token, mark("file name") + ".jpg", [jpeg()]).id
    viewer = cast.viewer(told.counselor)
    claim_tip(viewer, tip_id)
    exclude_people(open_tip(viewer, tip_id), list(accused))
    opened = open_tip(viewer, tip_id)
    add_reply(opened, mark("reply"))
    add_note(opened, mark("note"))
    save_sheet(opened, {"street": mark("sheet"), "what": mark("sheet, what")})
    request = ask_for_police(opened, mark("request for police"))
    subject = name_subject(opened, mark("subject"))
    hand_off(open_tip(viewer, tip_id), [cast.teams["cedar"].pk], mark("brief"))
    place = around_of(
        reference=opened.tip.reference,
        came_in=opened.tip.received_at,
        center=cast.center,
        district=cast.maple,
        school=cast.cedar,
    )
    brief = hand_to_police(
        open_tip(viewer, tip_id),
        cast.teams["maple_police"].pk,
        mark("for police"),
        {"what": mark("line for police")},
        place,
        danger_now=True,
    )
    call = record_call(opened, {}, line=Call.Line.PSAP, police=False, danger_now=False)
    alert = Alert.objects.filter(subject_id=tip_id).order_by("-opened_at", "-pk")[0]
    return {
        "tip_id": tip_id,
        "file_id": file_id,
        "subject_id": subject.pk,
        "request_id": request.pk,
        "alert_id": alert.pk,
        "ringing_id": alert.pk,
        "brief_id": brief.pk,
        "call_id": call.pk,
        "task_id": Task.objects.filter(subject_id=tip_id)
        .exclude(kind=Task.Kind.SECOND_POLICE)
        .values_list("pk", flat=True)[0],
    }


def _case(
    cast: Cast, told: Told, accused: tuple[int, ...], mark: Any, tip_id: UUID
) -> dict[str, Any]:
    viewer = cast.viewer(told.lead)
    new = NewCase(
        Case.Concern.ABUSE,
        mark("case"),
        cast.teams["cedar"].pk,
        raised_by=mark("raised by"),
        tips=[open_tip(viewer, tip_id)],
        keep_out=accused,
    )
    case_id = open_case(viewer, new)

    def opened() -> OpenCase:
        return open_the_case(viewer, case_id)

    add_item(opened(), "note", {"words": mark("case note")})
    add_person(
        opened(), mark("person involved"), role="staff", sure="said", words=mark("about the person")
    )
    begin_inner(opened())
    add_item(opened(), "note", {"words": mark("inner note")}, inner=True)
    answer_home(opened(), "unknown", mark("home"))
    item = add_file(opened(), mark("case file") + ".jpg", [jpeg()])
    colleague = cast.people[told.colleague].pk
    action = add_action(opened(), "check_in", mark("action"), owner_id=colleague)
    until = datetime.now(UTC) + timedelta(days=3)
    share_case(opened(), cast.people[told.reports].pk, mark("share"), until)
    return {
        "case_id": case_id,
        "item_id": item.id,
        "action_id": action.pk,
        **_guides(opened(), mark),
    }


def _guides(opened: OpenCase, mark: Any) -> dict[str, Any]:
    guides.go_on(opened, {"did": "begin", "answer": "no"})
    path = guides.go_on(
        opened, {"did": "words", "exact": mark("threat"), "context": mark("around the threat")}
    )
    said = {"did": "answer", "fork": path.fork, "answer": "transient", "why": mark("why at fork")}
    guides.go_on(opened, said)
    guides.keep_told(opened, mark("told by another"), mark("who told"))
    plan = guides.keep_plan(
        opened, {"language": "en", "agreed": "yes", "signs": mark("safety plan"), "made_with": "us"}
    )
    return {"version_id": plan}


def _duties(
    cast: Cast, told: Told, accused: tuple[int, ...], mark: Any, values: dict[str, Any]
) -> dict[str, Any]:
    """Two owe a report: one has made it and sent the form with a proof, one is late with it."""
    matter_id = Tip.objects.get(pk=values["tip_id"]).matter_id
    with viewing(cast.viewer(told.reports)) as now:
        pass

    def begun(who: str) -> UUID:
        return duties.start_duty(
            cast.viewer(who),
            Suspicion(
                "us-ct",
                "employee",
                cast.maple.pk,
                now - timedelta(hours=1),
                cast.cedar.pk,
                tip_id=values["tip_id"],
                case_id=values["case_id"],
                matter_id=matter_id,
                accused=accused,
                words={"first_words": mark(f"first words, {who}"), "child": mark(f"child, {who}")},
            ),
        )

    late, duty = begun(told.late), begun(told.reports)
    viewer = cast.viewer(told.reports)
    words = {"worker": mark("worker"), "reference": mark("reference")}
    nothing = ("immediate_harm", "urgent_care", "again_in_a_day", "out_of_reach")
    duties.answer_urgency(viewer, duty, dict.fromkeys(nothing, False))
    # Electronically: then the agency's questions are owed an answer within a day.
    electronic_may(cast)
    duties.report_first(viewer, duty, way="electronic", at=now, words=words)
    duties.add_event(viewer, duty, DutyEvent.Kind.NOTE, {"words": mark("duty note")})
    writing = written.open_writing(viewer, duty)
    written.keep_draft(writing, {**writing.values, "nature": mark("written report")})
    report = written.sign_report(written.open_writing(viewer, duty), told.reports.capitalize())
    proof = Proof(mark("proof") + ".pdf", b"%PDF-1.4 a fax's receipt")
    duties.send_written(viewer, duty, at=now, words={"how": mark("sent how")}, proof=proof)
    return {
        "duty_id": duty,
        "late_duty_id": late,
        "report_id": report,
        "number": 1,
        "evidence_id": Evidence.objects.get(duty_id=duty).pk,
        "entry_id": Allegation.objects.filter(matter_id=matter_id).values_list("pk", flat=True)[0],
    }


def _ids_around(values: dict[str, Any]) -> Iterator[object]:
    """Give the ids of rows around a matter that no address names, but a page could show."""
    matter = Tip.objects.get(pk=values["tip_id"]).matter_id
    yield matter
    yield from Allegation.objects.filter(matter_id=matter).values_list("pk", flat=True)
    yield from CaseItem.objects.filter(case_id=values["case_id"]).values_list("pk", flat=True)
    yield from DutyEvent.objects.filter(duty_id=values["duty_id"]).values_list("pk", flat=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM matters_folder WHERE matter_id = %s", [matter])
        yield from (row[0] for row in cursor.fetchall())
