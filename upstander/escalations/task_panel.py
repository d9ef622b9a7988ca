"""Tasks as the desk shows them: whom to call, on which numbers, and what to say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from upstander.base.moment import database_now
from upstander.escalations.actions.reading import READ_FIRST
from upstander.escalations.actions.tasks import OUTCOMES
from upstander.escalations.models import Task
from upstander.places.models import Center, District, School

_NUMBER = re.compile(r"\+?[\d(][\d\s().-]{5,}\d")


@dataclass(frozen=True, slots=True)
class Number:
    """Somebody to phone, in the order in which to try them."""

    who: str
    number: str

    @property
    def href(self) -> str:
        """The number as a link dials it; empty where there is none."""
        if self.number.isdigit():
            return f"tel:{self.number}"
        found = _NUMBER.search(self.number)
        return "tel:" + re.sub(r"[^\d+]", "", found.group()) if found else ""


@dataclass(frozen=True, slots=True)
class TaskShown:
    """One task, its numbers and its script."""

    id: UUID
    kind: str
    words: str
    taken_by: str
    mine: bool
    open: bool
    due_at: datetime
    #: It is past its time: the counselors' phones ring for it.
    ringing: bool
    numbers: Sequence[Number]
    script: Sequence[str]
    outcomes: Sequence[tuple[str, str]]
    #: Nobody takes it from a list, it is opened.
    read_first: bool
    #: Somebody has had the words before them.
    read: bool


def to_do() -> QuerySet[Task]:
    """Return what is to be done; in ``viewing``.

    A question to a second person is shown where it is decided.
    """
    tasks = Task.objects.filter(state__in=(Task.State.OPEN, Task.State.TAKEN))
    return tasks.exclude(kind=Task.Kind.SECOND_POLICE)


def open_tasks(tip_ids: Iterable[UUID]) -> list[Task]:
    """Return what is to be done of these tips, soonest due first; in ``viewing``."""
    tasks = to_do().filter(subject_id__in=list(tip_ids))
    return list(tasks.select_related("alert", "contact").order_by("due_at", "pk"))


def calls_of(tips: Iterable[UUID]) -> dict[UUID, bool]:
    """Return for which of these somebody must be phoned, and whether nobody has taken that."""
    return {task.subject_id: task.taken_by is None for task in open_tasks(tips)}


def show_tasks(tasks: Sequence[Task], names: Mapping[int, str], *, me: int) -> list[TaskShown]:
    """Put tasks into words; call inside ``viewing``. Four queries, however many there are."""
    if not tasks:
        return []
    schools = School.objects.in_bulk(
        {task.alert.school_id for task in tasks if task.alert and task.alert.school_id}
    )
    districts = District.objects.in_bulk({task.district_id for task in tasks})
    centers = Center.objects.in_bulk({district.center_id for district in districts.values()})
    now, shown, somebody = database_now(), [], gettext("A colleague")
    for task in tasks:
        school = schools.get(task.alert.school_id or 0) if task.alert else None
        district = districts.get(task.district_id)
        center = centers.get(district.center_id) if district else None
        reference = task.alert.reference if task.alert else ""
        shown.append(
            TaskShown(
                id=task.pk,
                kind=task.kind,
                words=_words(task),
                taken_by=names.get(task.taken_by, somebody) if task.taken_by else "",
                mine=task.taken_by == me,
                open=task.state == Task.State.OPEN,
                due_at=task.due_at,
                ringing=task.due_at <= now,
                numbers=_numbers(task, school),
                script=_script(task, school, center, reference),
                outcomes=_outcomes(task),
                read_first=task.kind in (*READ_FIRST, Task.Kind.ASK_NAMED),
                read=bool(task.detail.get("read_by")),
            )
        )
    return shown


def _words(task: Task) -> str:
    if task.kind == Task.Kind.DECIDE_911 and task.detail.get("read_by"):
        return gettext("Decide about 911")
    return str(Task.Kind(task.kind).label)


def _numbers(task: Task, school: School | None) -> list[Number]:
    """Return whom to call, in order: for a school its emergency contact, then its dispatcher.

    None where nobody has decided yet that anybody is called.
    """
    numbers: list[Number] = []
    if task.kind == Task.Kind.DECIDE_911:
        return numbers
    if task.kind == Task.Kind.CALL_CONTACT and task.contact is not None:
        return [Number(task.contact.name, task.contact.phone)]
    if school is None:
        # Without a school nobody knows whose dispatcher: 911 transfers the call.
        return [
            Number(gettext("No school is named: ask 911 to transfer you to where it is"), "911")
        ]
    if task.kind == Task.Kind.CALL_SCHOOL and school.emergency_contact:
        numbers.append(
            Number(
                gettext("%(name)s: emergency contact") % {"name": school.name},
                school.emergency_contact,
            )
        )
    if school.psap_phone:
        who = school.psap_name or gettext("police dispatcher")
        numbers.append(
            Number(
                gettext("For %(name)s: %(who)s, ten-digit line")
                % {"name": school.name, "who": who},
                school.psap_phone,
            )
        )
    else:
        numbers.append(
            Number(
                gettext("For %(name)s: number missing. Dial 911 and ask for its town")
                % {"name": school.name},
                "911",
            )
        )
    if task.kind == Task.Kind.CALL_911:
        numbers.append(Number(gettext("911, if the person is in the same area as you"), "911"))
    return numbers


def _script(task: Task, school: School | None, center: Center | None, reference: str) -> list[str]:
    """Return what to say, sentence by sentence; no word of the tip stands here.

    Where, what, when and who are the opened tip's to say (the desk's one source): a school that a
    report names is not a place at which anybody was said to be.
    """
    if task.kind in READ_FIRST:
        return []
    caller = center.name if center else gettext("a crisis center for schools")
    lines = [gettext("“This is %(caller)s.”") % {"caller": caller}]
    if center and center.callback_phone:
        lines.append(
            gettext("“My number, if we are cut off: %(callback_phone)s.”")
            % {"callback_phone": center.callback_phone}
        )
    lines.append(
        gettext("“We have an anonymous report, not verified. Its number is %(reference)s.”")
        % {"reference": reference}
    )
    if school:
        lines.append(
            gettext(
                "“The school is %(name)s. That is not where anyone was said to be, unless I say "
                "so.”"
            )
            % {"name": school.name}
        )
    lines.append(
        gettext("Then read out where, what, now and who, as they stand on the opened tip.")
    )
    match task.kind:
        case Task.Kind.CALL_SCHOOL:
            lines += [
                gettext(
                    "“It may be about a life in danger. We paged the school's team and nobody has "
                    "answered. I need you to reach someone who can act now.”"
                ),
                gettext(
                    "No answer, or nobody who can act: call the dispatcher's ten-digit line next. "
                    "Say the place that was reported. Where none was, say that it is not known."
                ),
            ]
            if school and school.address:
                where = ", ".join(filter(None, (school.address, school.town)))
                lines.append(
                    gettext("If they ask where the school itself is: %(where)s.") % {"where": where}
                )
        case Task.Kind.CONFIRM_HELP:
            lines.append(
                gettext("“Has help arrived? Who is with the student now?” If not, act again.")
            )
        case Task.Kind.CONFIRM_BRIEF:
            lines.append(
                gettext(
                    "“Your officers were sent a brief of it, and none has said that they have it. "
                    "Who acts on it now?”"
                )
            )
        case _:
            lines.append(gettext("“Can you act on this now?”"))
    return lines


def _outcomes(task: Task) -> list[tuple[str, str]]:
    if task.kind == Task.Kind.DECIDE_911:
        return []
    confirms = task.kind == Task.Kind.CONFIRM_HELP
    first = ["help_there", "no_answer"] if confirms else ["reached", "no_answer", "refused"]
    return [(code, str(OUTCOMES[code])) for code in (*first, "not_needed")]
