"""What this app's panels show on a case's page; which stand where is in the manifests.

A panel's template gets ``panel`` (what its function returned), ``page`` (the whole page) and
``case``. One that has nothing to show returns None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext

from upstander.cases.actions.ending import OUTCOMES, Ended, endings
from upstander.cases.actions.homes import (
    AIMED,
    EVERY,
    FAMILIES,
    HOME,
    MAKER,
    OTHER,
    STUDENT,
    Family,
    home_entries,
    home_entry,
    homes_said,
    told_by,
)
from upstander.cases.actions.opening import KIND, OpenCase
from upstander.cases.actions.sharing import shares
from upstander.cases.actions.support import ACTIONS, CHOSEN, Todo, todos
from upstander.cases.actions.timeline import KINDS, Entry, read_items
from upstander.cases.actions.together import files_of, links_of, other_tips, tips_of
from upstander.cases.guides import entries_said
from upstander.cases.models import Case, CaseClosing
from upstander.cases.people import ROLES, SURE, Seer, could_exclude, involved, near, seers
from upstander.cases.rights import CaseRight
from upstander.escalations.actions.undone import left_undone
from upstander.matters.people_near import Near, grouped
from upstander.people.models import Membership
from upstander.people.permissions import may
from upstander.people.scope import viewing
from upstander.places.models import District, School
from upstander.tips.models import Tip
from upstander.tips.queries import names_in_record
from upstander.tips.shown import tile_words
from upstander.tips.states import TipState

#: Cases of what one student goes through, or of none, such as a door that stands open: another has
#: to do with it only where one is named.
OF_ONE_STUDENT = frozenset(
    {
        Case.Concern.SELF_HARM,
        Case.Concern.SUBSTANCE,
        Case.Concern.HOME,
        Case.Concern.WELLBEING,
        Case.Concern.OTHER,
    }
)


@dataclass(frozen=True, slots=True)
class CasePage:
    """An opened case with what its panels show, read once. Times are UTC."""

    opened: OpenCase
    case: Case
    now: datetime
    zone: str
    school: str
    entries: Sequence[Entry]
    todos: Sequence[Todo]
    #: Everybody it could be shown to, and those who may see it now.
    members: Sequence[Membership]
    seers: Sequence[Seer]
    #: Everybody who could come to see it by any rule, for choosing who must not.
    could_exclude: Sequence[Near]
    #: Questioning waits for a report.
    on_hold: bool
    endings: Sequence[Ended]
    tips: Sequence[Tip]
    #: Tips of the team that could be added.
    other_tips: Sequence[Tip]
    links: Sequence[Case]
    #: What about 911 and police is still to be done of its tips, in words.
    undone: Sequence[str] = ()
    names: Mapping[int, str] = field(default_factory=dict)
    #: What was typed into a form that was refused, and which one (its action's name).
    kept: Mapping[str, str] = field(default_factory=dict)
    kept_in: str = ""

    @property
    def me(self) -> int:
        """The viewer."""
        return self.opened.viewer.person_id

    @property
    def is_open(self) -> bool:
        """Whether it is still worked on."""
        return self.case.state != Case.State.CLOSED

    @property
    def lead(self) -> str:
        """Who leads the case."""
        return self.name(self.case.owner_id)

    @property
    def why(self) -> str:
        """Why it was opened."""
        return self.entries[0].words.get("why", "") if self.entries else ""

    @property
    def may_begin_inner(self) -> bool:
        """Whether the viewer may begin the narrower part: whoever leads, while there is none."""
        return self.case.inner_id is None and self.opened.leads

    @property
    def inner_names(self) -> str:
        """Who sees what only some see."""
        return ", ".join(one.name for one in self.seers if one.inner) or self.lead

    def name(self, person: int | str | None) -> str:
        """Return a colleague's name."""
        try:
            return self.names.get(int(person or 0), gettext("Someone who is no longer here"))
        except ValueError:
            return ""


def read_page(
    opened: OpenCase, *, kept: Mapping[str, str] | None = None, kept_in: str = ""
) -> CasePage:
    """Read everything that a case's page shows. The same number of queries for every case."""
    with viewing(opened.viewer) as now:
        case = Case.objects.get(pk=opened.case.pk)
        entries = read_items(opened)
        to_do = todos(opened, entries, now)
        members = near(opened)
        seen_by = seers(opened, members)
        exclusions = could_exclude(opened)
        held = opened.on_hold
        ended, tips, links = endings(opened), tips_of(opened), links_of(opened)
        others, undone = other_tips(opened, tips), left_undone(*(tip.pk for tip in tips))
        district = District.objects.get(pk=case.district_id)
        school = School.objects.filter(pk=case.school_id).first() if case.school_id else None
        people = {one.person_id for one in entries} | {one.action.owner_id for one in to_do}
        people |= {one.closing.proposed_by for one in ended}
        people |= {one.closing.reviewed_by for one in ended if one.closing.reviewed_by}
        names = {one.person_id: one.person.name for one in members}
        names |= names_in_record(KIND, case.pk, (people | {case.owner_id}) - names.keys())
    return CasePage(
        opened,
        case,
        now,
        (school or district).time_zone,
        school.name if school else "",
        entries,
        to_do,
        members,
        seen_by,
        exclusions,
        held,
        ended,
        tips,
        others,
        links,
        undone,
        names,
        kept or {},
        kept_in,
    )


def doing(page: CasePage) -> dict[str, Any]:
    said = homes_said(page.entries)
    asked = _families(page)
    homes = [_home(page, family, home_entry(page.entries, family)) for family in asked]
    # Those of a threat are asked about on its path, and answered again here.
    homes += [
        _home(page, family, entry)
        for family in (MAKER, AIMED)
        for entry in home_entries(page.entries, family)
    ]
    return {
        "todos": [{"todo": todo, "owner": page.name(todo.action.owner_id)} for todo in page.todos],
        # No parents are told of whom nobody has said whether their home is safe, or where it isn't.
        "kinds": [
            (key, ACTIONS[key])
            for key in CHOSEN
            if (of := told_by(key)) is None or said[of.key] in ("yes", "unknown")
        ],
        "homes": homes,
        "one_family": len(asked) < len(FAMILIES),
        "unsure": "unknown" in said.values(),
        "answers": HOME.items(),
    }


def _families(page: CasePage) -> list[Family]:
    """Return whose homes are asked about here. Of what one student goes through there is no other,
    until somebody names one or has answered for one."""
    one = page.case.concern in OF_ONE_STUDENT and not any(
        person.role in ("harmed", "maker") for person in involved(page.entries)
    )
    return [
        family
        for family in FAMILIES.values()
        if family is not OTHER or not one or home_entry(page.entries, OTHER)
    ]


def _home(page: CasePage, family: Family, entry: Entry | None) -> dict[str, Any]:
    """Return what is known of whether a family's home is safe, and who said so."""
    said = entry.words.get("home", "unknown") if entry else ""
    begun = page.entries[0].words.get("home", "") if page.entries else ""
    return {
        "family": family,
        "said": said,
        "words": HOME.get(said, ""),
        "entry": entry,
        "by": page.name(entry.person_id) if entry else "",
        # The tip's reporter was asked about a call home to the student whom it is about.
        "reporter": begun if family is STUDENT else "",
    }


def people(page: CasePage) -> dict[str, Any]:
    return {"people": involved(page.entries), "roles": ROLES.items(), "sure": SURE.items()}


def writing(page: CasePage) -> dict[str, Any]:
    return {"kinds": [(key, kind) for key, kind in KINDS.items() if kind.note]}


def timeline(page: CasePage) -> dict[str, Any]:
    return {
        "entries": [
            {"entry": one, "who": page.name(one.person_id), "lines": lines_of(page, one)}
            for one in reversed(page.entries)
        ]
    }


def ending(page: CasePage) -> dict[str, Any]:
    closes = may(page.opened.viewer, CaseRight.CLOSE_CASES)
    waiting = next((e for e in page.endings if e.closing.state == CaseClosing.State.WAITING), None)
    mine = waiting is not None and page.me in (
        waiting.closing.owner_id,
        waiting.closing.proposed_by,
        page.case.owner_id,
    )
    return {
        "waiting": waiting,
        "proposer": page.name(waiting.closing.proposed_by) if waiting else "",
        "may_review": waiting is not None and not mine and closes,
        "may_close": page.opened.works and page.is_open and closes,
        "endings": [
            {
                "ended": one,
                "by": page.name(one.closing.proposed_by),
                "reviewer": page.name(one.closing.reviewed_by) if one.closing.reviewed_by else "",
            }
            for one in page.endings
            if one is not waiting
        ],
        "outcomes": [(key, one.label) for key, one in OUTCOMES.items()],
        "undone": page.undone,
        # A case ends without its tips: each waits on its own until somebody closes it.
        "open_tips": [tip for tip in page.tips if tip.state != TipState.CLOSED],
        "beside": _beside(page) if page.is_open and closes else [],
        "in_part": page.case.inner_id is not None and page.opened.inner is None,
        "to_do": any(
            todo.action.ended_at is None and todo.action.closing_id is None for todo in page.todos
        ),
    }


def _beside(page: CasePage) -> list[str]:
    """Return what a case can end without and mostly doesn't, for whoever closes or reviews it.

    It refuses nothing: whether it was needed a person judges.
    """
    concern, tiles = page.case.concern, {tip.tile for tip in page.tips}
    found = []
    if all(todo.action.closing_id is not None for todo in page.todos):
        found.append(gettext("No action was ever on its list."))
    if not involved(page.entries):
        found.append(gettext("Nobody is named whom it is about."))
    guides = entries_said.gather(page)
    if not guides["screening"] and (concern == Case.Concern.SELF_HARM or "suicide" in tiles):
        found.append(gettext("Suicide risk: not asked."))
    if not guides["path"] and concern in (Case.Concern.THREAT, Case.Concern.WEAPON):
        found.append(gettext("Threat assessment: not started."))
    # A threat asks about homes by each one's part in it.
    if not any(home_entries(page.entries, family) for family in (MAKER, AIMED)):
        found += [
            gettext("Nobody said whether home is safe: %(whose)s.") % {"whose": str(family.of)}
            for family in _families(page)
            if not home_entry(page.entries, family)
        ]
    return found


def together(page: CasePage) -> dict[str, Any]:
    return {
        "files": [(one, page.name(one.by)) for one in files_of(page.entries)],
        "tips": [(tip, tile_words(tip)) for tip in page.tips],
        "links": page.links,
        "others": [(tip, tile_words(tip)) for tip in page.other_tips],
    }


def access(page: CasePage) -> dict[str, Any]:
    seen_by = {one.person_id for one in page.seers}
    team = [one for one in page.seers if not one.shared]
    others = {
        one.person_id: f"{one.person.name} ({one.team.name})"
        for one in page.members
        if one.person_id not in seen_by and one.team_id != page.case.team_id
    }
    reasons = shares(page.entries)
    return {
        "seers": [(one, reasons.get(one.person_id, "")) for one in page.seers],
        "others": sorted(others.items(), key=lambda one: one[1].casefold()),
        "leads": [one for one in team if one.person_id != page.case.owner_id],
        "outside_inner": [one for one in page.seers if not one.inner],
        "could_exclude": grouped(page.could_exclude, school_id=page.case.school_id),
        "kept_out": any(one.kind == "kept_out" for one in page.entries),
        "tomorrow": (page.now + timedelta(days=1)).date().isoformat(),
    }


def lines_of(page: CasePage, entry: Entry) -> list[str]:
    """Return an entry's words as lines for people: keys of lists become what they mean."""
    if entry.kind in entries_said.KINDS:
        return entries_said.lines(entry)
    w = entry.words
    lines = []
    if "name" in w:
        lines.append(w["name"])
    meanings: list[Any] = [
        ROLES.get(w.get("role", "")),
        SURE.get(w.get("sure", "")),
        family.of if entry.kind == "home" and (family := EVERY.get(w.get("family", ""))) else None,
        HOME.get(w.get("home", "")),
        ACTIONS[w["action"]].label if w.get("action") in ACTIONS else None,
    ]
    lines += [str(one) for one in meanings if one]
    if w.get("ending") == "not_needed":
        lines.append(gettext("No longer needed"))
    for key in ("for", "person"):
        if key in w:
            lines.append(page.name(w[key]))
    if w.get("disposition") in OUTCOMES:
        lines.append(str(OUTCOMES[w["disposition"]].label))
    if "mentioned" in w:
        lines.append(gettext("Named here, and it is not about them: %s") % w["mentioned"])
    lines += [w[key] for key in ("why", "words", "raised_by", "reason", "outcome") if key in w]
    return lines
