"""Moving a district to another center: asked by an administrator, signed by who gives it up.

An administrator alone could found a center, move a district to it and read its new tips. So a
supervisor of the center that serves it now has to sign, unlocked; where they refuse, are silent
for seven days or are none, the district's two recovery shares do it (`upstander move`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.moment import database_second
from upstander.base.refused import Refused
from upstander.carriers.notices import tell
from upstander.escalations.actions.alerts import step_aside
from upstander.people import keys
from upstander.people.access import administrators_only, found
from upstander.people.actions.invitations import send
from upstander.people.actions.recovery import holder_of
from upstander.people.models import Membership, Team
from upstander.people.queries import center_of_no_place
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import System, Viewer, viewing
from upstander.people.statements import state_as, stated, subject_of
from upstander.places.models import Center, District
from upstander.tips.actions.writing import record_on
from upstander.tips.models import Tip
from upstander.tips.states import TipState
from upstander.triage.moving.models import Move
from upstander.triage.moving.passing import check_team, gives, pass_on
from upstander.vault.errors import RecoveryBroken
from upstander.vault.recovery import join

#: So long the center that serves a district may be silent.
SILENCE: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Told:
    """Of whom an action tells: the move as its transaction left it, and who gets a mail."""

    move: Move
    district: str
    centers: tuple[str, str]
    addresses: tuple[str, ...]


def ask_move(viewer: Viewer, district_id: int, center_id: int, what: Move.What) -> UUID:
    """Ask that another center answers for a district, or that tips without a place come to it.

    Nothing changes by it. Raises Http404, Refused.
    """
    with viewing(viewer) as now:
        administrators_only(viewer)
        district = found(District, district_id)
        center = found(Center, center_id if what == Move.What.CENTER else district.center_id)
        team = Team.objects.filter(kind=TeamKind.CENTER, center=center).first()
        giving = district.center_id if what == Move.What.CENTER else center_of_no_place()
        if team is None or giving is None or giving == center.pk:
            raise Refused(gettext("That center is already responsible for it."))
        if not keys.newest_version(team.holder):
            raise Refused(
                gettext("That center has no key yet: its first supervisor must join first.")
            )
        check_team(team.pk, center.pk)
        try:
            with transaction.atomic():
                move = Move.objects.create(
                    id=uuid4(),
                    what=what,
                    district_id=district.pk,
                    from_center_id=giving,
                    to_center_id=center.pk,
                    to_team_id=team.pk,
                    asked_by=viewer.person_id,
                    asked_at=now,
                )
        except IntegrityError as error:
            raise Refused(gettext("A transfer of this district is already waiting.")) from error
        _record("move asked", viewer, move)
        told = _tell(move, "move_asked")
    mail(told, gettext("asked for"))
    return move.pk


def sign_move(viewer: Viewer, move_id: UUID) -> int:
    """Sign it, as an unlocked supervisor of the center that gives it up: it takes effect now.

    What its counselors have waits for the other center, and the tips that the supervisor can open
    are sealed to that one. Returns how many. Raises Http404, Locked, Refused.
    """
    if not viewer.unlocked:
        raise keys.Locked
    with viewing(viewer) as now:
        move = _to_decide(viewer, move_id)
        check_team(move.to_team_id, move.to_center_id)
        told = _tell(move, "move_signed")
        if move.what == Move.What.CENTER:
            _put_back(viewer, move.district_id, now)
        for subject, facts in _facts_after(move).items():
            state_as(subject, facts)
        _decide(move, "signed")
        _record("move signed", viewer, move)
    mail(told, str(Move.Outcome.SIGNED.label))
    return pass_on(viewer, move_id)


def refuse_move(viewer: Viewer, move_id: UUID) -> None:
    """Refuse it, as a supervisor of the center that would give it up. Raises Http404."""
    _end(viewer, move_id, "refused", _to_decide)


def withdraw_move(viewer: Viewer, move_id: UUID) -> None:
    """Take the question back, as an administrator. Raises Http404."""
    _end(viewer, move_id, "withdrawn", _to_withdraw)


def force_move(district: District, center: Center, share_a: str, share_b: str) -> Told:
    """Do it with both recovery shares of the district, where no supervisor signs. As the owner.

    Raises Refused (it was not asked for, or a supervisor may still sign), RecoveryBroken.
    """
    holder = holder_of(district)
    with transaction.atomic(durable=True):
        public = keys.pair_of(join(share_a, share_b)).public
        if not keys.newest_version(holder) or bytes(keys.public_key_of(holder).public) != public:
            raise RecoveryBroken(gettext("These are not this district’s shares."))
        now = database_second()
        asked = Move.objects.select_for_update().filter(
            district_id=district.pk,
            to_center_id=center.pk,
            what=Move.What.CENTER,
            from_center_id=district.center_id,
        )
        move = asked.order_by("asked_at").last()
        if move is None or move.outcome not in {Move.Outcome.OPEN, Move.Outcome.REFUSED}:
            raise Refused(
                gettext("This was not requested. An administrator requests it under Transfers.")
            )
        if not may_be_forced(move, now):
            raise Refused(gettext("A supervisor at the current center may still sign it."))
        check_team(move.to_team_id, center.pk)
        for subject, facts in _facts_after(move).items():
            state_as(subject, facts)
        District.objects.filter(pk=district.pk).update(center=center)
        move.outcome, move.decided_at = Move.Outcome.SHARES, now
        move.save(update_fields=["outcome", "decided_at"])
        _record("move done with shares", System(), move)
        return _tell(move, "move_signed")


def may_be_forced(move: Move, now: datetime) -> bool:
    """Tell whether the shares may decide: refused, silent for long, or nobody there to sign."""
    supervisors = Membership.objects.filter(
        team__kind=TeamKind.CENTER,
        team__center_id=move.from_center_id,
        role=Role.CENTER_SUPERVISOR,
        person__is_active=True,
    )
    refused = move.outcome == Move.Outcome.REFUSED
    return refused or now - move.asked_at >= SILENCE or not supervisors.exists()


def mail(told: Told, done: str) -> int:
    """Mail everybody in charge; returns how many left. Never from inside a transaction."""
    old, new = told.centers
    what = (
        gettext("that %(new)s answers for %(district)s instead of %(old)s")
        if told.move.what == Move.What.CENTER
        else gettext(
            "that tips which name no place come to %(district)s, so to %(new)s instead of %(old)s"
        )
    ) % {"old": old, "new": new, "district": told.district}
    return sum(
        send(
            EmailMessage(
                subject=gettext("Upstander: another center is to read a district's tips"),
                body=gettext(
                    "It was %(done)s %(what)s.\n\nIf you did not know of this, act now: call the "
                    "district. A supervisor of %(centers)s decides: %(desk_url)s/moves\n"
                )
                % {
                    "done": done,
                    "what": what,
                    "centers": told.centers[0],
                    "desk_url": settings.DESK_URL,
                },
                to=[address],
                headers={"Auto-Submitted": "auto-generated"},
            )
        )
        for address in told.addresses
    )


def _end(
    viewer: Viewer, move_id: UUID, outcome: str, found_by: Callable[[Viewer, UUID], Move]
) -> None:
    with viewing(viewer):
        move = found_by(viewer, move_id)
        told = _tell(move, "move_ended")
        _decide(move, outcome)
        _record(f"move {outcome}", viewer, move)
    mail(told, str(Move.Outcome(outcome).label))


def _to_decide(viewer: Viewer, move_id: UUID) -> Move:
    move = Move.objects.filter(pk=move_id, outcome="").first()
    if move is None or not gives(viewer, move):
        raise Http404
    return move


def _to_withdraw(viewer: Viewer, move_id: UUID) -> Move:
    administrators_only(viewer)
    move = Move.objects.filter(pk=move_id, outcome="").first()
    if move is None:
        raise Http404
    return move


def _decide(move: Move, outcome: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT api.decide_move(p_move => %s, p_outcome => %s)", [move.pk, outcome]
            )
    except ProgrammingError as error:
        raise Http404 from error


def _facts_after(move: Move) -> dict[str, dict[str, Any]]:
    """Return what is to be signed of districts once a move has taken effect."""
    districts = [f"district:{pk}" for pk in District.objects.values_list("pk", flat=True)]
    facts = stated([*districts, f"district:{move.district_id}"])
    own = subject_of(District(pk=move.district_id))
    if own not in facts:
        raise Refused(gettext("Nothing was done: this district’s signed record is missing."))
    if move.what == Move.What.CENTER:
        return {own: {**facts[own], "center": move.to_center_id, "team": move.to_team_id}}
    others = {
        subject: {**one, "catch_all": False}
        for subject, one in facts.items()
        if one["catch_all"] and subject != own
    }
    return {**others, own: {**facts[own], "catch_all": True}}


def _put_back(viewer: Viewer, district_id: int, now: datetime) -> None:
    """Let what the center's counselors have wait for others; call inside ``viewing``."""
    claimed = Tip.objects.select_for_update().filter(
        district_id=district_id, state=TipState.CLAIMED
    )
    for tip in claimed:
        if tip.claimed_by is not None:
            step_aside(tip.pk, tip.claimed_by, now)
        tip.state, tip.claimed_by, tip.claimed_at = TipState.NEW, None, None
        tip.changed_at, tip.waiting_since = now, tip.waiting_since or now
        tip.save(update_fields=["state", "claimed_by", "claimed_at", "changed_at", "waiting_since"])
        record_on(tip, "tip put back", viewer)


def _tell(move: Move, kind: str) -> Told:
    """Leave word for both centers' supervisors, the district's leads and its monitors.

    Call inside ``viewing``: as far as the viewer sees these people, and before a move hides them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, email FROM api.told_of_move(p_move => %s)", [move.pk])
        people = cursor.fetchall()
    for person, _email in people:
        tell(person, kind)
    names = dict(Center.objects.values_list("pk", "name"))
    district = District.objects.filter(pk=move.district_id).first()
    return Told(
        move,
        district.name if district else "",
        (names.get(move.from_center_id, ""), names.get(move.to_center_id, "")),
        tuple(sorted({email for _person, email in people})),
    )


def _record(action: str, actor: Any, move: Move) -> None:
    record(
        action,
        actor=actor,
        subject_kind="district",
        subject_id=move.district_id,
        district_id=move.district_id,
        detail={
            "move": str(move.pk),
            "what": move.what,
            "from": move.from_center_id,
            "to": move.to_center_id,
        },
    )
