"""What came along with a hand-off, beside the brief: what whoever acts must know."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.escalations.actions.alerts import tell_school
from upstander.matters.people_near import Near
from upstander.people.keys import name_in
from upstander.people.scope import Viewer, viewing
from upstander.tips.envelopes import open_data, seal_data
from upstander.tips.models import Recipient, Tip
from upstander.tips.opening import OpenTip, read_contents
from upstander.triage.models import Handoff
from upstander.triage.shown import assessment_panel, judgement_on
from upstander.vault.errors import VaultError
from upstander.vault.seeds import Audience

HomeSafety = Literal["yes", "no", "unknown"]


def home_safety(opened: OpenTip, answers: Mapping[str, str]) -> HomeSafety:
    """Return whether the reporter said that a call home is safe; what is not known is unknown.

    It goes along sealed to the case, because whoever calls the family must know it even where the
    reporter's own words stayed at the center; ``answers`` are those that the viewer may read, given
    since. One "no" outweighs every "yes". A damaged or older hand-off counts as unknown.
    """
    with viewing(opened.viewer):
        row = Handoff.objects.filter(pk=opened.handoff_id).first()
    said = {answers.get("home_safe", ""), _sent_along(opened, row), _learned_since(opened, row)}
    return "no" if "no" in said else "yes" if "yes" in said else "unknown"


def _sent_along(opened: OpenTip, row: Handoff | None) -> str:
    seed = opened.seeds.get(Audience.CASE)
    if row is None or seed is None:
        return ""
    try:
        data = open_data(seed, purpose="handoff", tip=opened.tip.pk, row=row.pk, sealed=row.sealed)
    except VaultError:
        return ""
    return str(data.get("home_safe", ""))


def _learned_since(opened: OpenTip, row: Handoff | None) -> str:
    seed = opened.seeds.get(Audience.DIALOG)
    if row is None or row.home_since is None or seed is None:
        return ""
    sealed = bytes(row.home_since)
    try:
        data = open_data(seed, purpose="home", tip=opened.tip.pk, row=row.pk, sealed=sealed)
    except VaultError:
        return ""
    return str(data.get("home_safe", ""))


def handed_with(tip: Tip) -> list[Tip]:
    """Return which tips of a matter a team has, or had as they were closed; inside ``viewing``."""
    handed = Recipient.objects.values("tip_id")
    return list(Tip.objects.filter(matter_id=tip.matter_id, pk__in=handed).order_by("received_at"))


def without_any(viewer: Viewer, tips: Iterable[Tip], near: Iterable[Near]) -> frozenset[int]:
    """Return who of the viewer's teams was passed by as one of these tips was handed off."""
    own = {membership.team_id: membership.holder for membership in viewer.memberships}
    passed = set[int]()
    for tip in tips:
        with viewing(viewer):
            rows = Handoff.objects.filter(tip_id=tip.pk).values_list("holders", flat=True)
            has = {holder for holders in rows for holder in holders}
        passed |= {
            one.person_id
            for one in near
            if one.team_id in own and not has & {own[one.team_id], name_in(one.person_id, tip.pk)}
        }
    return frozenset(passed)


def let_team_know(opened: OpenTip, now: datetime, *, home_unsafe: bool, is_new: bool) -> None:
    """Tell whoever a tip was handed to what the center now judges of home; inside ``viewing``.

    Their page says it; if it is new that home is not safe, whoever has it is paged.
    """
    tip = opened.tip.pk
    for row in Handoff.objects.filter(tip_id=tip, returned_at=None):
        row.home_since = seal_data(
            opened.seed(Audience.DIALOG),
            purpose="home",
            tip=tip,
            row=row.pk,
            data={"home_safe": "no" if home_unsafe else ""},
        )
        row.save(update_fields=["home_since"])
    if home_unsafe and is_new:
        tell_school(tip, now)


def home_of(opened: OpenTip) -> HomeSafety:
    """Return what is known of home by whoever has the tip: also what the center judged of it."""
    answers = read_contents(opened).answers
    if opened.own_audience is not Audience.CENTER:
        return home_safety(opened, answers)
    said = {answers.get("home_safe", ""), "no" if judged_unsafe(opened) else ""}
    return "no" if "no" in said else "yes" if "yes" in said else "unknown"


def judged_unsafe(opened: OpenTip) -> bool:
    """Tell whether the center's last assessment says that home is not safe."""
    with viewing(opened.viewer) as now:
        row = judgement_on(opened.tip.pk, now).assessment
    last = assessment_panel(opened, row)
    return last is not None and last.fields.get("home_unsafe") == "yes"


def need_home_known(opened: OpenTip, disposition: str, ticked: Container[str]) -> None:
    """Refuse to end a tip as told to parents where nobody knows that home is safe.

    ``ticked`` holds "sure" where whoever ends it has thought of it. Raises Refused.
    """
    if disposition == "parents_told" and "sure" not in ticked and home_of(opened) != "yes":
        raise Refused(
            gettext(
                "We don’t know if home is safe. If parents are told and someone at home is "
                "causing the harm, it can get worse. Tick that you understand this, or choose "
                "another ending."
            )
        )
