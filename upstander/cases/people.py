"""Who is in a case: those it is about, and those who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.base.refused import Refused
from upstander.cases.actions.opening import OpenCase
from upstander.cases.actions.timeline import Entry, add_item
from upstander.matters.exclusions import Exclusions
from upstander.matters.folders import OpenFolder, holders_of
from upstander.matters.people_near import Near, people_near
from upstander.people.keys import name_in, person_mac
from upstander.people.models import Membership
from upstander.people.roles import TeamKind

ROLES: dict[str, Promise] = {
    "in_need": _("Needs help"),
    "harmed": _("Was harmed or threatened"),
    "maker": _("Said or did it"),
    "witness": _("Saw or heard it"),
    "parent": _("Parent or guardian"),
    "staff": _("Member of staff"),
    "outside": _("Somebody from outside"),
}
SURE: dict[str, Promise] = {
    "said": _("Somebody says so"),
    "likely": _("Likely"),
    "sure": _("Sure"),
    "not": _("Not, after all"),
}
#: Teams whose members a case can be shared with. The center sees its state on the tip, no more.
_SHARED_WITH = (TeamKind.SCHOOL, TeamKind.DISTRICT, TeamKind.OFFICE, TeamKind.STAFF)


@dataclass(frozen=True, slots=True)
class Involved:
    """Somebody a case is about, as last written down (UTC)."""

    id: UUID
    name: str
    role: str
    sure: str
    words: str
    inner: bool
    by: int
    at: datetime

    @property
    def role_words(self) -> Promise | str:
        """Their part in it."""
        return ROLES.get(self.role, self.role)

    @property
    def sure_words(self) -> Promise | str:
        """How sure it is."""
        return SURE.get(self.sure, self.sure)


@dataclass(frozen=True, slots=True)
class Seer:
    """A colleague who may see a case: of its team, or until a time (UTC)."""

    person_id: int
    name: str
    team: str
    shared: bool
    until: datetime | None
    inner: bool


def add_person(
    opened: OpenCase,
    name: str,
    *,
    role: str,
    sure: str,
    words: str = "",
    inner: bool = False,
) -> UUID:
    """Write down somebody whom a case is about. ``inner``: for the lead and those named only.

    Raises Http404, Refused.
    """
    if not name.strip() or role not in ROLES or sure not in SURE:
        raise Refused(gettext("Enter a name, their role, and how certain this is."))
    said = {"name": name.strip(), "role": role, "sure": sure, "words": words.strip()}
    return add_item(opened, "person", said, inner=inner)


def change_person(
    opened: OpenCase,
    entries: Sequence[Entry],
    person: UUID,
    *,
    role: str,
    sure: str,
    words: str = "",
) -> UUID:
    """Write down what is known now of somebody; what was written before stays in the timeline.

    Raises Http404, Refused.
    """
    known = next((one for one in involved(entries) if one.id == person), None)
    if known is None or role not in ROLES or sure not in SURE:
        raise Refused(gettext("Choose their role, and how certain this is."))
    said = {"name": known.name, "role": role, "sure": sure, "words": words.strip()}
    return add_item(opened, "person_changed", said, about=person, inner=known.inner)


def involved(entries: Iterable[Entry]) -> list[Involved]:
    """Return those a case is about, each as last written down."""
    found: dict[UUID, Involved] = {}
    for one in entries:
        if one.kind not in ("person", "person_changed"):
            continue
        key = one.id if one.kind == "person" else one.about
        if key is None or (one.kind == "person_changed" and key not in found):
            continue
        w = one.words
        found[key] = Involved(
            key,
            w.get("name", ""),
            w.get("role", ""),
            w.get("sure", ""),
            w.get("words", ""),
            one.inner,
            one.person_id,
            one.at,
        )
    return list(found.values())


def near(opened: OpenCase) -> list[Membership]:
    """Return the memberships of everybody in the district a case may be shown to; inside
    ``viewing``."""
    return list(
        Membership.objects.filter(
            team__kind__in=_SHARED_WITH, team__district_id=opened.case.district_id
        )
        .select_related("person", "team")
        .order_by("person__name", "pk")
    )


def could_exclude(opened: OpenCase) -> list[Near]:
    """Return everybody who could come to see a case and is not its lead or viewer; inside
    ``viewing``. Also those who are kept out already: who that is isn't told here."""
    stays = {opened.viewer.person_id, opened.case.owner_id}
    return [one for one in people_near(opened.case.district_id) if one.person_id not in stays]


def seers(opened: OpenCase, members: Sequence[Membership]) -> list[Seer]:
    """Return which of ``members`` may see a case now, its team first; call inside ``viewing``.

    Three queries at most. Nobody is named here whom the matter excludes, whatever key they hold.
    """
    excluded = Exclusions.on([opened.case.matter_id])
    holds = {row["holder"]: row["until"] for row in holders_of(opened.case.pk)}
    within = {row["holder"] for row in holders_of(opened.inner.id)} if opened.inner else set()
    inner_maker = opened.inner.opened_by if opened.inner else 0
    found: dict[int, Seer] = {}
    for one in members:
        person = one.person_id
        if person_mac(person) in excluded:
            continue
        of_team = one.team_id == opened.case.team_id
        own = name_in(person, opened.case.pk)
        by_team = of_team and one.team.holder in holds
        if person == opened.folder.opened_by or by_team or own in holds:
            seer = Seer(
                person,
                one.person.name,
                one.team.name,
                shared=not of_team and person != opened.folder.opened_by,
                until=holds.get(own) if not of_team else None,
                inner=(opened.inner is not None and name_in(person, opened.inner.id) in within)
                or person == inner_maker,
            )
            if person not in found or of_team:
                found[person] = seer
    return sorted(found.values(), key=lambda seer: (seer.shared, seer.name.casefold()))


def may_work(opened: OpenCase, person_id: int, folder: OpenFolder) -> bool:
    """Whether a colleague holds a folder of a case, to be given something to do in it."""
    seen = seers(opened, [one for one in near(opened) if one.person_id == person_id])
    return any(seer.inner or folder.id == opened.case.pk for seer in seen)
