"""Handing a tip to a school's team, sending it back, and keeping it from whom it accuses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.decisions.actions import lapse_for
from upstander.escalations.actions.alerts import end_alerts, open_alert, step_aside, working
from upstander.intake.priority import Priority
from upstander.mandated.actions.granting import pass_over
from upstander.mandated.recipients import excluded_with, officers_of
from upstander.matters.folders import holders_for
from upstander.matters.models import Exclusion, Matter
from upstander.matters.people_near import Near, say_near
from upstander.people.keys import bound_name, person_mac
from upstander.people.models import Team
from upstander.people.roles import TeamKind
from upstander.people.scope import EVERY_NAME, Viewer, viewing
from upstander.tips.access import tip_for
from upstander.tips.actions.not_see import matter_unsettled, need_settled
from upstander.tips.actions.recipients import receive
from upstander.tips.actions.writing import move_tip, notify, record_on
from upstander.tips.envelopes import open_data, seal_data
from upstander.tips.models import Note, Recipient, Tip
from upstander.tips.opening import OpenTip, read_contents, words_of
from upstander.tips.states import TipState
from upstander.triage.actions.exclusions import excluded_from, open_matters, own_team, take_from
from upstander.triage.actions.granting import grant_handoff
from upstander.triage.actions.notes import write_brief, write_note
from upstander.triage.actions.talks import ground_for, on_ground, share
from upstander.triage.actions.unanswered import ask_named, note_asked
from upstander.triage.handed import home_of
from upstander.triage.models import Handoff
from upstander.triage.naming import named_of, names_of_near
from upstander.triage.staff import any_on_call, chosen_teams
from upstander.vault.envelopes import bind
from upstander.vault.seeds import (
    Audience,
    inbox_key_pair,
    new_secret,
    seal_to_inbox,
    seed_from,
)


def hand_off(
    opened: OpenTip,
    team_ids: Sequence[int],
    brief: str,
    *,
    with_words: bool = False,
    words_reason: str = "",
    mentioned: Collection[int] = (),
    ground: str = "",
    at_once: bool = False,
) -> Handoff:
    """Give a tip to teams of its district, with a brief for them; opens their alert.

    The teams get the dialog's and the case's seeds, so that they can talk with the reporter; what
    the reporter wrote before stays hidden from them unless ``with_words``, which needs a reason.
    Where somebody of a team is excluded from the matter, grants go to the other members as persons,
    never to the team's key, which the excluded person holds too. The district's office is granted
    the same, but may open it only once the escalation has come to it.

    Of whom the words may mean ``mentioned`` are those whom it isn't about, as somebody says by
    name; a note of the center's keeps that. The others get nothing until the center has answered
    (``unanswered.py``), and whoever is left has it at once.

    A talk goes on a ``ground`` alone, which stands on the tip, in the record and in the brief, and
    of which its reporter is told (``triage/actions/talks.py``). ``at_once``: the teams are asked
    outside of their district's hours too.

    Raises Http404, NotGranted, Refused (no brief, no team, nobody left to hand it to, nobody on
    call but whom the words may mean, the reporter said who must not see it and nobody has settled
    that, or it is a talk without a ground).
    """
    if not brief.strip():
        raise Refused(gettext("Write a brief: what happened, where, and what is needed first."))
    if with_words and not words_reason.strip():
        raise Refused(gettext("Say why the school needs the reporter's own words."))
    viewer, tip_id = opened.viewer, opened.tip.pk
    case_secret, handoff_id = new_secret(), uuid4()
    about_home = home_of(opened)
    sent_along = gettext("[Own words sent along: %(reason)s]") % {"reason": words_reason}
    text = f"{brief}\n\n{sent_along}" if with_words else brief
    said = words_of(read_contents(opened), text)
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id, lock=True)
        need_settled(tip, gettext("hand it off"))
        shared_for = ground_for(tip, ground)
        teams = chosen_teams(tip, team_ids)
        # An exclusion on the matter, set on another of its tips, comes before this or after it.
        Matter.objects.select_for_update().filter(pk=tip.matter_id).first()
        named = named_of(tip, teams, said)
        unasked = [one for one in named if one.person_id not in mentioned]
        holders = _left(tip, teams, unasked, now)
        move_tip(tip, TipState.HANDED_OFF, viewer)
        tip.changed_at = now
        if shared_for is not None:
            text = share(tip, shared_for, viewer, opened.seed(Audience.DIALOG), text, now)
        tip.save(update_fields=["state", "changed_at", "shared_for", "turns"])
        grant_handoff(opened, tip, handoff_id, case_secret, holders, but=unasked)
        names = [bound_name(holder, tip.pk) for holder, _seal_as in holders]
        receive(tip, names, now, with_words=with_words)
        case_seed = seed_from(case_secret, opened.shred_key)
        write_brief(opened, tip, handoff_id, case_seed, text, now)
        if len(named) > len(unasked):
            note_asked(opened, tip, [one for one in named if one not in unasked], now)
        handoff = _keep(opened, handoff_id, case_seed, about_home, names, now, words=with_words)
        lapse_for(tip.pk, now, handed_off=True)
        _ask(tip, teams, names, now, at_once=at_once)
        if unasked:
            ask_named(opened, handoff, case_secret, unasked, teams)
        given = {"teams": [t.pk for t in teams], "words": with_words, "at_once": at_once}
        record_on(tip, "tip handed off", viewer, **given, **on_ground(tip))
    notify(tip_id)
    return handoff


def _keep(
    opened: OpenTip,
    handoff_id: UUID,
    case_seed: bytes,
    about_home: str,
    names: list[str],
    now: datetime,
    *,
    words: bool,
) -> Handoff:
    """Write the hand-off's row, with what whoever acts must know sealed to its case."""
    tip, inbox = opened.tip, inbox_key_pair(opened.seed(Audience.CENTER)).public
    return Handoff.objects.create(
        id=handoff_id,
        sealed=seal_data(
            case_seed,
            purpose="handoff",
            tip=tip.pk,
            row=handoff_id,
            # Whoever calls the family must know, also without the reporter's own words.
            data={"center_inbox": inbox.hex(), "home_safe": about_home},
        ),
        tip_id=tip.pk,
        district_id=tip.district_id,
        holders=names,
        by=opened.viewer.person_id,
        at=now,
        with_words=words,
    )


def _ask(
    tip: Tip, teams: Sequence[Team], names: list[str], now: datetime, *, at_once: bool
) -> None:
    """End the center's alert and open the teams'."""
    end_alerts(tip.pk)
    open_alert(
        subject_id=tip.pk,
        matter_id=tip.matter_id,
        reference=tip.reference,
        district_id=tip.district_id,
        priority=Priority(tip.priority),
        holders=names,
        now=now,
        school_id=tip.school_id or _school_of(teams),
        happening_now=tip.happening_now,
        mandated=tip.mandated,
        # What happens now doesn't wait for the morning, whatever its priority.
        raised=tip.happening_now or at_once,
        waits_since=tip.waiting_since,
    )


def _left(
    tip: Tip, teams: Sequence[Team], unasked: Collection[Near], now: datetime
) -> list[tuple[str, str]]:
    """Return to whom it goes at once. Raises Refused: nobody, or nobody who is on call."""
    holders = holders_for(tip.matter_id, teams, but={one.person_id for one in unasked})
    if unasked and not any_on_call(teams, holders, now):
        raise Refused(
            gettext(
                "Not handed off: no one else is on call there now. Your center keeps the alert "
                "until you say whether it is about %s, or choose another team."
            )
            % names_of_near(unasked)
        )
    if not holders:
        raise Refused(gettext("Everyone on that team is kept out: choose the district office."))
    return holders


def _school_of(teams: Sequence[Team]) -> int | None:
    """Return the school of the teams that a tip without one is handed to, if it is one school.

    So a call for it has numbers to call; that anybody is there is nowhere said.
    """
    schools = {team.school_id for team in teams if team.school_id is not None}
    return schools.pop() if len(schools) == 1 else None


def exclude_people(opened: OpenTip, person_ids: Iterable[int]) -> None:
    """Keep a matter from those it accuses, from this moment: no view, list, count or page.

    The center's own grants of all the matter's tips move from its team's key to persons when one
    of its staff is excluded. What was handed to a school's team before stays granted to that team's
    key: policies hide it from whom the exclusion names; a hand-off after the exclusion grants to
    persons. Tips that are in a case with one of the matter's are kept from them too (cases/0012).

    Whether they are whom the reporter meant is said apart (``tips/actions/not_see.py``).

    Raises Http404, Locked, Refused.
    """
    viewer = opened.viewer
    named = set(person_ids)
    if viewer.person_id in named:
        raise Refused(gettext("To step aside yourself, use “Conflict of interest: reassign.”"))
    with viewing(viewer):
        of_center = bool(own_team(viewer).members & named)
    matter_id = opened.tip.matter_id
    known = open_matters(viewer, [matter_id], opened) if of_center else {opened.tip.pk: opened}
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        named |= excluded_with(officers_of(tip.district_id), named)
        # The matter's lock: no hand-off and no link of another of its tips meanwhile.
        Matter.objects.filter(pk=tip.matter_id).update(restricted=True)
        _exclude(tip, map(person_mac, sorted(named)))
        excluded, team = excluded_from([tip.matter_id]) | named, own_team(viewer)
        for one in Tip.objects.filter(matter_id=tip.matter_id):
            take_from(one, known.get(one.pk), team, frozenset(excluded), viewer, now)
        pass_over(tip.matter_id, tip.district_id)
        record_on(tip, "matter restricted", viewer)
    notify(opened.tip.pk)


def _exclude(tip: Tip, codes: Iterable[bytes]) -> None:
    say_near(tip.district_id)
    Exclusion.objects.bulk_create(
        [
            Exclusion(matter_id=tip.matter_id, district_id=tip.district_id, person_mac=code)
            for code in codes
        ],
        # Also: no RETURNING, for the row can't be read back by whom it excludes.
        ignore_conflicts=True,
    )


def recuse(viewer: Viewer, tip_id: UUID) -> None:
    """Step aside from a matter for good; the next people are asked about each of its tips.

    At the center what they had claimed waits again, and the team's key to the matter's tips gives
    way to the others' own. Raises Http404, Locked, Refused when nobody else could read it.
    """
    known: dict[UUID, OpenTip] = {}
    if viewer.kind is TeamKind.CENTER:
        with viewing(viewer):
            matter_id = tip_for(viewer, tip_id).matter_id
        known = open_matters(viewer, [matter_id])
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id)
        if viewer.kind is TeamKind.CENTER:
            _leave_to_others(tip, known, viewer, now)
        else:
            # Whatever they had of it: afterwards they see none of the matter's alerts.
            of_matter = Tip.objects.filter(matter_id=tip.matter_id).order_by("pk")
            for one in of_matter.values_list("pk", flat=True):
                step_aside(one, viewer.person_id, now)
        record_on(tip, "recused themselves", viewer)
        _exclude(tip, [viewer.person_mac])
    notify(tip_id)


def _leave_to_others(
    tip: Tip, known: Mapping[UUID, OpenTip], viewer: Viewer, now: datetime
) -> None:
    Matter.objects.filter(pk=tip.matter_id).update(restricted=True)
    team, excluded = own_team(viewer), excluded_from([tip.matter_id]) | {viewer.person_id}
    if not team.members - excluded:
        raise Refused(gettext("Then nobody else at your center could read it. Add someone first."))
    for one in Tip.objects.filter(matter_id=tip.matter_id):
        take_from(one, known.get(one.pk), team, excluded, viewer, now)


def send_back(opened: OpenTip, reason: str) -> None:
    """Send a tip back to the center: "not our student", with the reason as a note.

    The team sees it no more. Raises Http404, NotGranted, Refused.
    """
    if not reason.strip():
        raise Refused(gettext("Say why you are sending it back, for example: not our student."))
    viewer, tip_id, row_id = opened.viewer, opened.tip.pk, uuid4()
    case_seed = opened.seed(Audience.CASE)
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id, lock=True)
        handoff = Handoff.objects.get(pk=opened.handoff_id)
        inbox = open_data(
            case_seed, purpose="handoff", tip=tip.pk, row=handoff.pk, sealed=handoff.sealed
        )["center_inbox"]
        move_tip(tip, TipState.RETURNED, viewer)
        tip.changed_at = now
        tip.waiting_since = now
        tip.turns += 1
        tip.save(update_fields=["state", "changed_at", "waiting_since", "turns"])
        end_alerts(tip.pk)
        Handoff.objects.filter(pk=handoff.pk).update(returned_at=now, returned_by=viewer.person_id)
        Note.objects.bulk_create(
            [
                Note(
                    id=row_id,
                    tip_id=tip.pk,
                    district_id=tip.district_id,
                    audience=Audience.CENTER,
                    handoff_id=tip.pk,
                    kind=Note.Kind.RETURNED,
                    person_id=viewer.person_id,
                    sealed=seal_to_inbox(
                        bytes.fromhex(inbox),
                        reason.encode(),
                        aad=bind(tip.pk, row_id, "returned"),
                    ),
                    at=now,
                    turn=tip.turns,
                )
            ]
        )
        record_on(tip, "tip sent back to the center", viewer)
        Recipient.objects.filter(tip_id=tip.pk, holder__in=EVERY_NAME).delete()
    notify(tip_id)


def ask_for_words(opened: OpenTip, reason: str) -> None:
    """Show the team what the reporter wrote before the hand-off; the reason is kept as a note.

    While who must not see it is not settled, a team reads no more than it had: whoever is meant may
    be one of them, so they are not told why. Raises Http404, NotGranted, Refused.
    """
    if not reason.strip():
        raise Refused(gettext("Say why your team needs the reporter's own words."))
    viewer, seed = opened.viewer, opened.seed(Audience.CASE)
    text = gettext("Asked for the reporter's own words: %(reason)s") % {"reason": reason}
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        if matter_unsettled(tip.matter_id):
            raise Refused(gettext("They can't be shown right now. Call the center for details."))
        Recipient.objects.filter(tip_id=tip.pk, holder__in=EVERY_NAME).update(with_words=True)
        write_note(tip, viewer, Audience.CASE, opened.handoff_id, seed, text, Note.Kind.NOTE, now)
        record_on(tip, "own words asked for", viewer)
    notify(opened.tip.pk)


def record_next_step(opened: OpenTip, step: str, words: str) -> None:
    """Write down what is done next (911, visit, family, …); stills the clock that asks for it.

    Whoever does something has it: an alert that is still open is taken by them. Raises Http404,
    NotGranted, Refused for a step that is not on the list or a wait without its reason.
    """
    if step not in NEXT_STEPS:
        raise Refused(gettext("Choose the next step from the list."))
    if step == "wait" and not words.strip():
        raise Refused(gettext("Say why you are waiting."))
    viewer, seed = opened.viewer, opened.seed(Audience.CASE)
    text = NEXT_STEPS[step] + (f": {words.strip()}" if words.strip() else "")
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        write_note(
            tip, viewer, Audience.CASE, opened.handoff_id, seed, text, Note.Kind.NEXT_STEP, now
        )
        working(tip.pk, viewer.person_id, now)
        tip.changed_at = now
        tip.save(update_fields=["changed_at"])
        record_on(tip, "next step recorded", viewer, step=step)
    notify(opened.tip.pk)


#: What a team member can do next, at two in the morning, in one tap.
NEXT_STEPS: dict[str, str] = {
    "call_911": "Called 911",
    "visit": "Going to the student now",
    "look": "Going there to look now",
    "repair": "Told whoever repairs or runs it",
    "family": "Calling the family",
    "mobile_crisis": "Asked mobile crisis to come",
    "colleague": "Asked a colleague who is closer",
    "wait": "Waiting, because",
}
