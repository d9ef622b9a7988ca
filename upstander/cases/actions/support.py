"""What is done about a case: support first, each with somebody whose it is and a time.

When an action is due is computed by the database from its kind (``within`` hours). Parents are
never told by the system; telling them is an action that a person chooses, after saying whether
their home is safe (homes.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from upstander.base.refused import Refused
from upstander.cases.actions.homes import home_first, home_now, told_by
from upstander.cases.actions.opening import OpenCase, locked, need_team, record_on
from upstander.cases.actions.timeline import Entry, write_item
from upstander.cases.models import Case, CaseAction
from upstander.cases.people import may_work
from upstander.decisions.dispositions import CountsAs
from upstander.decisions.refusals import said_in_words
from upstander.people.scope import viewing
from upstander.tips.opening import UNREADABLE
from upstander.vault.errors import VaultError


class ActionKind(NamedTuple):
    """Something that can be done, and in how many hours it is due unless a guide says sooner."""

    label: Promise
    within: int
    icon: str = "check"
    #: What it counts as in published figures, once it is done.
    counts_as: CountsAs = CountsAs.OTHER

    @property
    def within_words(self) -> str:
        """By when, in words."""
        days, hours = divmod(self.within, 24)
        if days and not hours:
            return ngettext("within %(count)d day", "within %(count)d days", days) % {"count": days}
        return ngettext("within %(count)d hour", "within %(count)d hours", self.within) % {
            "count": self.within
        }


#: Support first, discipline last: the order of the form. ``follow_up`` comes with a closing.
ACTIONS: dict[str, ActionKind] = {
    "check_in": ActionKind(_("Check in with the student"), 24, "person"),
    "stay_with": ActionKind(_("Somebody stays with the student"), 1, "people"),
    "mobile_crisis": ActionKind(_("Mobile crisis"), 2, "phone", CountsAs.SUPPORT),
    "counseling": ActionKind(_("Counseling"), 72, "message", CountsAs.SUPPORT),
    "referral": ActionKind(_("Referral to a service outside"), 120, "forward", CountsAs.SUPPORT),
    "safety_plan": ActionKind(_("Safety plan with the student"), 24, "note", CountsAs.SUPPORT),
    "screening": ActionKind(_("Screening by somebody trained"), 24, "search"),
    "parents": ActionKind(_("Parents told"), 24, "home"),
    "their_parents": ActionKind(_("Parents of the other student told"), 24, "home"),
    "maker_parents": ActionKind(_("Parents of whoever said or did it told"), 24, "home"),
    "aimed_parents": ActionKind(_("Parents of whoever it was aimed at told"), 24, "home"),
    "schedule": ActionKind(_("Schedule or room changed"), 72, "clock"),
    "supervision": ActionKind(_("Closer supervision"), 24, "eye"),
    "no_contact": ActionKind(_("No-contact agreement"), 48, "close"),
    "protect_target": ActionKind(
        _("Somebody who was threatened is warned and protected"), 4, "bell"
    ),
    "child_protection": ActionKind(
        _("Reported to child protection"), 12, "send", CountsAs.CHILD_PROTECTION
    ),
    "police": ActionKind(_("Police told"), 4, "phone", CountsAs.POLICE),
    "restorative": ActionKind(_("Restorative conversation"), 168, "people", CountsAs.SUPPORT),
    "discipline": ActionKind(_("Discipline"), 120, "scale", CountsAs.DISCIPLINE),
    "review": ActionKind(_("Looked at again"), 168, "refresh"),
    "other": ActionKind(_("Something else"), 72, "note"),
    "follow_up": ActionKind(_("Follow-up after closing"), 0, "refresh"),
}
#: What can be chosen by hand.
CHOSEN: Final = tuple(key for key in ACTIONS if key != "follow_up")
#: Days after closing on which somebody looks again, whatever the ending was.
FOLLOW_UPS: Final = (7, 30, 90)


@dataclass(frozen=True, slots=True)
class Todo:
    """One action as pages show it; times are UTC."""

    action: CaseAction
    words: str
    #: The entry that says how it went, once it has ended.
    result: Entry | None
    late: bool

    @property
    def inner(self) -> bool:
        """Whether only the lead and those they named see it."""
        return self.action.folder_id != self.action.case_id

    @property
    def kind(self) -> ActionKind:
        """What it is."""
        return ACTIONS.get(self.action.kind, ACTIONS["other"])


def add_action(
    opened: OpenCase,
    kind: str,
    words: str = "",
    *,
    owner_id: int | None = None,
    within: int | None = None,
    inner: bool = False,
    sure: bool = False,
) -> CaseAction:
    """Put something on the list of what shall be done, for somebody who works on the case.

    Due ``within`` hours of now; without it, as its kind says. Telling parents can't be chosen
    before somebody answered whether their home is safe; on "unknown" only when ``sure``, on "no"
    not at all. Raises Http404, Refused.
    """
    with viewing(opened.viewer) as now:
        return write_action(
            opened, kind, words, now=now, owner_id=owner_id, within=within, inner=inner, sure=sure
        )


def write_action(
    opened: OpenCase,
    kind: str,
    words: str = "",
    *,
    now: datetime,
    owner_id: int | None = None,
    within: int | None = None,
    inner: bool = False,
    sure: bool = False,
    name: str | None = None,
) -> CaseAction:
    """Put something on the list inside a ``viewing``: a guide's steps together, or none of them.

    ``name``: whose parents, where there are several ("": of one who is not named). Else as
    ``add_action``.
    """
    chosen = ACTIONS.get(kind)
    if chosen is None or kind not in CHOSEN:
        raise Refused(gettext("Choose a next step from the list."))
    folder = opened.inner if inner else opened.folder
    if folder is None:
        raise Refused(gettext("Only the case lead and the people they named can write there."))
    action_id, owner = uuid4(), owner_id or opened.viewer.person_id
    hours = chosen.within if within is None else within
    case = locked(opened)
    if family := told_by(kind):
        home_first(home_now(opened, family, name), sure=sure)
    if owner != opened.viewer.person_id and not may_work(opened, owner, folder):
        raise Refused(gettext("Choose someone who works on this case: nobody else may see it."))
    due = now + timedelta(hours=hours)
    action = CaseAction.objects.create(
        id=action_id,
        case_id=case.pk,
        district_id=case.district_id,
        folder_id=folder.id,
        kind=kind,
        owner_id=owner,
        made_by=opened.viewer.person_id,
        from_at=now,
        within=hours,
        due_at=due,
        remind_at=due,
        sealed=folder.seal("action", action_id, words.strip()),
    )
    write_item(
        opened,
        "action",
        {"action": kind, "for": str(owner)},
        now=now,
        about=action_id,
        inner=inner,
    )
    return action


def finish_action(
    opened: OpenCase, action_id: UUID, words: str, *, ending: str = CaseAction.Ending.DONE
) -> None:
    """Say that an action is done, or not needed any more, and how it went.

    Whoever works on the case may. That child protection was told needs the report's proof. Raises
    Http404, Refused (it has ended; nothing was said; nobody has reported).
    """
    with viewing(opened.viewer) as now:
        write_finish(opened, action_id, words, ending=ending, now=now)


def write_finish(
    opened: OpenCase, action_id: UUID, words: str, *, ending: str, now: datetime
) -> None:
    """Say so inside a ``viewing``. As ``finish_action``."""
    if ending not in CaseAction.Ending.values:
        raise Refused(gettext("Choose whether it is done or no longer needed."))
    if not words.strip():
        raise Refused(gettext("Say briefly how it went, or why it is no longer needed."))
    locked(opened, closed=True)
    action = _action(opened, action_id)
    action.ended_at, action.ended_by = now, opened.viewer.person_id
    action.ending, action.remind_at = ending, None
    with said_in_words():
        action.save(update_fields=["ended_at", "ended_by", "ending", "remind_at"])
    write_item(
        opened,
        "action_ended",
        {"action": action.kind, "ending": ending, "words": words.strip()},
        now=now,
        about=action.pk,
        inner=action.folder_id != opened.case.pk,
    )


def hand_action(opened: OpenCase, action_id: UUID, owner_id: int) -> None:
    """Give an action to somebody else who works on the case. Raises Http404, Refused."""
    with viewing(opened.viewer) as now:
        locked(opened, closed=True)
        action = _action(opened, action_id)
        if action.owner_id != opened.viewer.person_id:
            need_team(opened)
        folder = opened.folder_of(action.folder_id)
        if folder is None or not may_work(opened, owner_id, folder):
            raise Refused(gettext("Choose someone who works on this case: nobody else may see it."))
        action.owner_id = owner_id
        action.save(update_fields=["owner_id"])
        write_item(
            opened,
            "action",
            {"action": action.kind, "for": str(owner_id), "handed": "yes"},
            now=now,
            about=action.pk,
            inner=action.folder_id != opened.case.pk,
        )


def _action(opened: OpenCase, action_id: UUID) -> CaseAction:
    action = (
        CaseAction.objects.select_for_update().filter(pk=action_id, case_id=opened.case.pk).first()
    )
    if action is None:
        raise Http404
    if action.ended_at is not None:
        raise Refused(gettext("This has already ended; see the timeline."))
    return action


def add_follow_ups(opened: OpenCase, case: Case, closing_id: UUID, now: datetime) -> None:
    """Put the follow-ups of a closing on its lead's list; call inside ``viewing``."""
    for days in FOLLOW_UPS:
        row, due = uuid4(), now + timedelta(days=days)
        CaseAction.objects.create(
            id=row,
            case_id=case.pk,
            district_id=case.district_id,
            folder_id=case.pk,
            kind="follow_up",
            owner_id=case.owner_id,
            made_by=opened.viewer.person_id,
            from_at=now,
            within=days * 24,
            due_at=due,
            remind_at=due,
            closing_id=closing_id,
            sealed=opened.folder.seal("action", row, str(days)),
        )
        record_on(opened, "case: follow-up", days=days)


def todos(opened: OpenCase, entries: Sequence[Entry], now: datetime) -> list[Todo]:
    """Return a case's actions, what is still to be done first; inside ``viewing``, one query."""
    results = {one.about: one for one in entries if one.kind == "action_ended"}
    shown = []
    for row in CaseAction.objects.filter(case_id=opened.case.pk).order_by("due_at", "pk"):
        folder = opened.folder_of(row.folder_id)
        if folder is None:
            continue
        try:
            words = folder.read("action", row.pk, row.sealed)
        except VaultError:
            words = UNREADABLE
        late = row.ended_at is None and row.due_at <= now
        shown.append(Todo(row, words, results.get(row.pk), late))
    return sorted(shown, key=lambda one: one.action.ended_at is not None)


def still_open(opened: OpenCase) -> bool:
    """Whether anything but follow-ups is still to be done; call inside ``viewing``."""
    waiting = CaseAction.objects.filter(case_id=opened.case.pk, ended_at__isnull=True)
    return waiting.filter(closing_id__isnull=True).exists()
