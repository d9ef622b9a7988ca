"""Who may see a case: shared to named staff for a reason and a time, taken back, kept out.

Whoever a case was shared with reads it and adds to it until the time is over; the database shows
them nothing afterwards. Whoever must not see it (an accused) is excluded from it and all its tips.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.carriers.notices import tell
from upstander.cases.actions.opening import INNER, OpenCase, locked, need_team, record_on
from upstander.cases.actions.timeline import Entry, write_item
from upstander.cases.models import Case, CaseTip
from upstander.cases.named import need_asked
from upstander.cases.people import Seer, could_exclude, near, seers
from upstander.matters.exclusions import Exclusions
from upstander.matters.folders import (
    OpenFolder,
    holders_for,
    holders_of,
    keep_out,
    new_folder,
    person_holder,
    share_folder,
    withdraw_folder,
)
from upstander.matters.people_near import SHUTS_OUT, people_near, shuts_out
from upstander.people.keys import mac_holder, person_mac
from upstander.people.models import Team
from upstander.people.scope import viewing
from upstander.tips.actions.not_see import NOBODY_NEW, matter_unsettled

#: The longest that a share may last: a school year. It can be given again.
LONGEST: Final = timedelta(days=366)


def share_case(
    opened: OpenCase, person_id: int, reason: str, until: datetime, *, mentioned: str = ""
) -> None:
    """Share a case with a colleague outside its team until a time (UTC); they are told.

    ``mentioned``: how it is known that what it says of them isn't about them. Raises Http404,
    Refused.
    """
    need_team(opened)
    if not reason.strip():
        raise Refused(gettext("Say why they need to see it."))
    _ = opened.tip_words
    with viewing(opened.viewer) as now:
        locked(opened)
        if not now < until <= now + LONGEST:
            raise Refused(gettext("Choose how long they can see it: a future date, within a year."))
        _one_near(opened, person_id)
        _need_settled(opened)
        if any(one.person_id == person_id and not one.shared for one in _seers(opened)):
            raise Refused(gettext("They can already see it: they are on the team."))
        only = need_asked(opened, person_id, reason, mentioned)
        holder = person_holder(person_id)
        # The shorter time holds too: a grant alone keeps the later of two.
        withdraw_folder(opened.case.pk, holder[0])
        share_folder(opened.folder, [holder], until=until)
        words = {"person": str(person_id), "reason": reason.strip(), "until": until.isoformat()}
        words |= only
        write_item(opened, "shared", words, now=now)
        tell(person_id, "case_shared", {"reference": opened.case.reference})


def withdraw_share(opened: OpenCase, person_id: int, reason: str = "") -> None:
    """Take a case back from somebody whom it was shared with. Raises Http404, Refused."""
    need_team(opened)
    with viewing(opened.viewer) as now:
        locked(opened, closed=True)
        if not any(one.person_id == person_id and one.shared for one in _seers(opened)):
            raise Refused(gettext("It isn't shared with them."))
        withdraw_folder(opened.case.pk, mac_holder(person_id))
        if opened.inner is not None and opened.inner.opened_by != person_id:
            withdraw_folder(opened.inner.id, mac_holder(person_id))
        words = {"person": str(person_id), "reason": reason.strip()}
        write_item(opened, "withdrawn", words, now=now)


def begin_inner(opened: OpenCase) -> OpenCase:
    """Begin the narrower part of a case, if there is none: seen by its lead alone at first.

    Whoever leads the case begins it. Raises Http404, Refused.
    """
    if opened.inner is not None:
        return opened
    if not opened.leads:
        raise Refused(gettext("Only the case lead can start the restricted part."))
    with viewing(opened.viewer) as now:
        case = locked(opened)
        if case.inner_id is not None:
            raise Refused(
                gettext("Others have started it in the meantime. Ask them to give you access.")
            )
        inner = new_folder(
            opened.viewer,
            INNER,
            district_id=case.district_id,
            school_id=case.school_id,
            matter_id=case.matter_id,
        )
        case.inner_id, case.changed_at = inner.id, now
        case.save(update_fields=["inner_id", "changed_at"])
    return OpenCase(case, opened.viewer, opened.folder, inner)


def name_inner(opened: OpenCase, person_id: int, *, mentioned: str = "") -> None:
    """Let somebody who sees the case see its narrower part too; ``mentioned``: as ``share_case``.

    Raises Http404, Refused.
    """
    inner = _need_inner(opened)
    _ = opened.tip_words
    with viewing(opened.viewer) as now:
        locked(opened)
        seer = next((one for one in _seers(opened) if one.person_id == person_id), None)
        if seer is None:
            raise Refused(
                gettext("First share the case with them. Then you can give them access here.")
            )
        _need_settled(opened)
        only = need_asked(opened, person_id, "", mentioned)
        share_folder(inner, [person_holder(person_id)], until=seer.until)
        write_item(opened, "inner_named", {"person": str(person_id), **only}, now=now, inner=True)


def _need_inner(opened: OpenCase) -> OpenFolder:
    if opened.inner is None:
        raise Refused(gettext("Only the case lead and the people they named can do this."))
    return opened.inner


def keep_out_of(opened: OpenCase, person_ids: Sequence[int], reason: str) -> None:
    """Keep colleagues from a case from this moment: from it, all its tips and every count.

    Also from tips that come to it later. A team one of whose members is kept out holds the case by
    its other members, one by one. Whoever is kept out can't be let in again here. Raises Http404,
    Refused.
    """
    need_team(opened)
    people = list(dict.fromkeys(person_ids))
    if not people or not reason.strip():
        raise Refused(gettext("Choose who must not see it, and say why."))
    if opened.viewer.person_id in people:
        raise Refused(gettext("To step aside yourself, hand over the case and use the tip's page."))
    with viewing(opened.viewer) as now:
        case = locked(opened, closed=True)
        if case.owner_id in people:
            raise Refused(
                gettext("They are the case lead. Hand it over first, then keep them out.")
            )
        # Also who could never be let in: their office, center or administration may see its tips.
        if not set(people) <= {one.person_id for one in could_exclude(opened)}:
            raise Refused(gettext("Choose them from the list."))
        if shuts_out(people_near(case.district_id), people):
            raise Refused(str(SHUTS_OUT))
        keep_out(case.pk, people)
        _seal_anew(opened)
        write_item(
            opened,
            "kept_out",
            {"reason": reason.strip(), "count": str(len(people))},
            now=now,
            inner=opened.inner is not None,
        )


def _seal_anew(opened: OpenCase) -> None:
    """Give a case to its team's other members one by one, where the team's key is held by one who
    must not; call inside ``viewing``, after the exclusion."""
    team = Team.objects.get(pk=opened.case.team_id)
    holders = holders_for(opened.case.matter_id, [team])
    if (team.holder, team.holder) in holders:
        return
    own = mac_holder(opened.viewer.person_id)
    share_folder(opened.folder, [one for one in holders if one[0] != own])
    share_folder(opened.folder, [person_holder(opened.viewer.person_id)])
    withdraw_folder(opened.case.pk, team.holder)


def pass_excluded_by(opened: OpenCase) -> None:
    """Take a case's key from its team where somebody of it was excluded since, at the center, say.

    The database hides the case from them at once; this seals it to the others one by one. Done by
    whoever of the team opens the case next.
    """
    if not opened.works:
        return
    with viewing(opened.viewer):
        team = Team.objects.get(pk=opened.case.team_id)
        if (team.holder, team.holder) in holders_for(opened.case.matter_id, [team]):
            return
        if any(row["holder"] == team.holder for row in holders_of(opened.case.pk)):
            _seal_anew(opened)
            record_on(opened, "case: sealed to persons")


def hand_over(opened: OpenCase, person_id: int, reason: str = "", *, mentioned: str = "") -> None:
    """Have another member of the team lead a case; they are told. ``mentioned``: as ``share_case``.

    They come to see its narrower part if whoever hands over does. Raises Http404, Refused.
    """
    need_team(opened)
    _ = opened.tip_words
    with viewing(opened.viewer) as now:
        case = locked(opened, closed=True)
        seer = next((one for one in _seers(opened) if one.person_id == person_id), None)
        if seer is None or seer.shared:
            raise Refused(gettext("Choose someone on the team: only they can lead its cases."))
        if case.state == Case.State.REVIEW:
            raise Refused(
                gettext("A second person is reviewing the closing. Let them decide first.")
            )
        # Of the team, they see the case already; its narrower part they may not.
        if opened.inner is not None and not seer.inner:
            _need_settled(opened)
        only = need_asked(opened, person_id, reason, mentioned)
        case.owner_id, case.changed_at = person_id, now
        case.save(update_fields=["owner_id", "changed_at"])
        if opened.inner is not None:
            share_folder(opened.inner, [person_holder(person_id)])
        words = {"person": str(person_id), "reason": reason.strip(), **only}
        write_item(opened, "led_by", words, now=now)
        if person_id != opened.viewer.person_id:
            tell(person_id, "case_yours", {"reference": case.reference})


def raise_to_life_safety(opened: OpenCase, reason: str) -> None:
    """Say that a life may be in danger: it is never lowered, and two persons close such a case.

    Raises Http404, Refused.
    """
    need_team(opened)
    if not reason.strip():
        raise Refused(gettext("Say briefly what you know."))
    with viewing(opened.viewer) as now:
        case = locked(opened)
        if case.life_safety:
            raise Refused(gettext("It is already marked."))
        case.life_safety = True
        case.save(update_fields=["life_safety"])
        write_item(opened, "raised", {"reason": reason.strip()}, now=now)


def shares(entries: Sequence[Entry]) -> dict[int, str]:
    """Return why a case was shared with each person, as last said."""
    return {
        int(one.words["person"]): one.words.get("reason", "")
        for one in entries
        if one.kind == "shared" and one.words.get("person", "").isdigit()
    }


def _seers(opened: OpenCase) -> list[Seer]:
    return seers(opened, near(opened))


def _need_settled(opened: OpenCase) -> None:
    """Raise Refused while who must not see it is not settled: it may be whoever is let in."""
    tips = CaseTip.objects.filter(case_id=opened.case.pk).values_list("matter_id", flat=True)
    if any(map(matter_unsettled, {opened.case.matter_id, *tips})):
        raise Refused(str(NOBODY_NEW))


def _one_near(opened: OpenCase, person_id: int) -> None:
    """Raise Refused unless somebody is a colleague whom the matter doesn't exclude."""
    if not any(one.person_id == person_id for one in near(opened)) or person_mac(
        person_id
    ) in Exclusions.on([opened.case.matter_id]):
        raise Refused(gettext("Choose a colleague in this district from the list."))
