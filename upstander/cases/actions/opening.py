"""Cases: opening one, and the only way to what stands in it.

A case is a folder (matters/folders.py): sealed to its team, or to single persons where its matter
exclusions a member. ``open_the_case`` writes the record and commits before anything is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.cases.access import case_for, case_on_hold
from upstander.cases.actions.timeline import write_item
from upstander.cases.models import Case, CaseTip
from upstander.intake.priority import Priority
from upstander.matters.folders import (
    OpenFolder,
    folder_for,
    holders_for,
    keep_out,
    new_folder,
    open_here,
    share_folder,
)
from upstander.matters.models import Folder
from upstander.matters.people_near import SHUTS_OUT, people_near, shuts_out
from upstander.people.models import Team
from upstander.people.roles import TeamKind
from upstander.people.scope import OwnMembership, Viewer, viewing
from upstander.tips.actions.writing import notify
from upstander.tips.models import Tip
from upstander.tips.opening import NotGranted, OpenTip, open_tip, read_contents, words_of
from upstander.tips.references import new_reference

#: Kinds of folder: a case, and the narrower one of what only its lead and those named see.
KIND, INNER = "case", "case_inner"
#: Teams that work cases.
WORKING = (TeamKind.SCHOOL, TeamKind.DISTRICT)


@dataclass(frozen=True)
class OpenCase:
    """A case with the folders of it that the viewer holds."""

    case: Case
    viewer: Viewer
    folder: OpenFolder
    #: The narrower folder; None when there is none, or it isn't the viewer's.
    inner: OpenFolder | None

    @cached_property
    def works(self) -> bool:
        """Whether the viewer is of the team whose case it is: others read and add to it."""
        return self.case.team_id in {membership.team_id for membership in self.viewer.memberships}

    @property
    def leads(self) -> bool:
        """Whether the viewer leads the case."""
        return self.case.owner_id == self.viewer.person_id

    @property
    def matter_ids(self) -> set[UUID]:
        """The case's own matter and those of its tips; call inside ``viewing``."""
        of_tips = CaseTip.objects.filter(case_id=self.case.pk).values_list("matter_id", flat=True)
        return {self.case.matter_id, *of_tips}

    @cached_property
    def tip_words(self) -> str:
        """All that the viewer may open of the case's tips; read once, outside ``viewing``."""
        with viewing(self.viewer):
            own = CaseTip.objects.filter(case_id=self.case.pk).values("tip_id")
            tips = list(Tip.objects.filter(pk__in=own).values_list("pk", flat=True))
        found = []
        for tip_id in tips:
            try:
                tip = open_tip(self.viewer, tip_id, purpose="case")
            except NotGranted:
                continue
            found.append(words_of(read_contents(tip)))
        return "\n".join(found)

    @property
    def on_hold(self) -> bool:
        """Whether the viewer must question nobody yet; asked anew each time, in ``viewing``."""
        return case_on_hold(self.case.pk)

    def folder_of(self, folder_id: UUID) -> OpenFolder | None:
        """Return the open folder with this id, if the viewer holds it."""
        return next((f for f in (self.folder, self.inner) if f and f.id == folder_id), None)


@dataclass(frozen=True, slots=True)
class NewCase:
    """What a case is opened with."""

    concern: Case.Concern
    #: Why it is opened, in words; ``raised_by`` says whose concern it is where it is no tip's.
    why: str
    team_id: int
    school_id: int | None = None
    raised_by: str = ""
    life_safety: bool = False
    tips: Sequence[OpenTip] = ()
    #: What was said about whether home is safe ("yes", "no"), in a tip; "" where nobody said.
    home_said: str = ""
    #: Members of staff who must never see it (an accused): persons' ids.
    keep_out: tuple[int, ...] = ()
    #: Who of the team has none of these tips: nobody has said yet whether one is about them.
    without: frozenset[int] = frozenset()


def memberships_of(viewer: Viewer) -> list[OwnMembership]:
    """Return the viewer's memberships in teams that work cases."""
    return [membership for membership in viewer.memberships if membership.kind in WORKING]


def open_case(viewer: Viewer, new: NewCase) -> UUID:
    """Open a case for a team of the viewer's; whoever opens it leads it. Returns its id.

    It takes the first tip's matter; the exclusions of each of its tips and its own hold for all of
    them. It is granted to the team, or to its members one by one where one of them is excluded.
    Raises Http404 (no such team of theirs), Refused.
    """
    membership = next(
        (membership for membership in memberships_of(viewer) if membership.team_id == new.team_id),
        None,
    )
    if membership is None or membership.district_id is None:
        raise Http404
    if viewer.person_id in new.keep_out:
        raise Refused(
            gettext("The person who opens a case can see it. Have a colleague open it without you.")
        )
    if not new.why.strip():
        raise Refused(gettext("Say briefly why this case is opened."))
    tips = list(new.tips)
    if any(opened.tip.district_id != membership.district_id for opened in tips):
        raise Refused(gettext("One of these tips belongs to another district."))
    school_id = tips[0].tip.school_id if tips else (new.school_id or membership.school_id)
    with viewing(viewer) as now:
        folder = new_folder(
            viewer,
            KIND,
            district_id=membership.district_id,
            school_id=school_id,
            matter_id=tips[0].tip.matter_id if tips else None,
        )
        case = Case.objects.create(
            id=folder.id,
            district_id=folder.district_id,
            school_id=folder.school_id,
            matter_id=folder.matter_id,
            team_id=membership.team_id,
            reference=f"C{new_reference()}",
            concern=new.concern,
            life_safety=new.life_safety
            or any(opened.tip.priority == Priority.LIFE_SAFETY for opened in tips),
            owner_id=viewer.person_id,
            opened_by=viewer.person_id,
            opened_at=now,
            changed_at=now,
        )
        opened = OpenCase(case, viewer, folder, None)
        # The exclusions first: what is granted afterwards passes the excluded by.
        if new.keep_out:
            if tips and shuts_out(people_near(membership.district_id), new.keep_out):
                raise Refused(str(SHUTS_OUT))
            keep_out(folder.id, new.keep_out)
        for one in tips:
            take_tip(opened, one, now)
        team = Team.objects.get(pk=membership.team_id)
        share_folder(folder, holders_for(folder.matter_id, [team], but=new.without))
        words = {"why": new.why.strip(), "raised_by": new.raised_by.strip()}
        if new.home_said in ("yes", "no"):
            words["home"] = new.home_said
        record_on(opened, "case begun", tips=len(tips), concern=case.concern)
        write_item(opened, "begun", words, now=now)
    for one in tips:
        notify(one.tip.pk)
    return case.pk


def open_the_case(viewer: Viewer, case_id: UUID, *, purpose: str = "read") -> OpenCase:
    """Open a case: record it, commit, then decrypt. Raises Http404, Locked, FolderShut."""
    with viewing(viewer):
        case = case_for(viewer, case_id)
        record(
            "case opened",
            actor=viewer,
            subject_kind=KIND,
            subject_id=case.pk,
            district_id=case.district_id,
            matter_id=case.matter_id,
            detail={"purpose": purpose},
        )
    with viewing(viewer):
        folder = open_here(viewer, folder_for(case.pk, KIND))
        inner = Folder.objects.filter(pk=case.inner_id).first() if case.inner_id else None
        return OpenCase(case, viewer, folder, open_here(viewer, inner) if inner else None)


def locked(opened: OpenCase, *, closed: bool = False) -> Case:
    """Hold an opened case's row until the transaction ends, as it is now.

    Raises Http404 when it isn't the viewer's any more; Refused when it is closed, unless
    ``closed`` allows that.
    """
    case = case_for(opened.viewer, opened.case.pk, lock=True)
    if case.state == Case.State.CLOSED and not closed:
        raise Refused(gettext("This case is closed. Reopen it to continue."))
    return case


def need_team(opened: OpenCase) -> None:
    """Raise Refused unless the viewer is of the team whose case it is."""
    if not opened.works:
        raise Refused(
            gettext("Only the team that has the case can do this; you can read it and add to it.")
        )


def take_tip(opened: OpenCase, tip: OpenTip, now: datetime) -> None:
    """Put an opened tip into a case: each takes the other's exclusions; call inside ``viewing``."""
    CaseTip.objects.create(
        case_id=opened.case.pk,
        tip_id=tip.tip.pk,
        district_id=opened.case.district_id,
        matter_id=tip.tip.matter_id,
        person_id=opened.viewer.person_id,
        at=now,
    )


def record_on(opened: OpenCase, action: str, **detail: object) -> None:
    """Record something done to a case; call inside ``viewing``. ``detail``: codes, no words."""
    record(
        action,
        actor=opened.viewer,
        subject_kind=KIND,
        subject_id=opened.case.pk,
        district_id=opened.case.district_id,
        matter_id=opened.case.matter_id,
        detail=detail,
    )
