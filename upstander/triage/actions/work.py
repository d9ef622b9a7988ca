"""The center's work on a tip: claim, take over, assess, mark junk, link. Hand-off is beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.decisions.actions import propose, set_priority, take_from_junk
from upstander.decisions.models import SecondOpinion
from upstander.decisions.refusals import said_in_words
from upstander.emergency.actions.help import WORDS_LIMIT, decide_911
from upstander.escalations.actions.alerts import (
    hand_back,
    set_aside,
    settle_subject,
    working,
)
from upstander.escalations.actions.judging import judged
from upstander.escalations.actions.reading import Decision, asked_to_decide, need_decidable
from upstander.escalations.actions.tasks import ReadFirst
from upstander.intake.priority import Priority
from upstander.intake.taxonomy import priority_floor
from upstander.matters.joined import merge_matters
from upstander.matters.models import Matter
from upstander.people.scope import Viewer, viewing
from upstander.plug import need_may_take
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import follow_matter, move_tip, notify, record_on, write_turn
from upstander.tips.envelopes import seal_data, seal_words
from upstander.tips.models import Tip
from upstander.tips.opening import OpenTip, read_contents
from upstander.tips.queries import is_only_taken_down
from upstander.tips.states import WAITING_STATES, TipState
from upstander.triage.actions.exclusions import (
    excluded_from,
    open_matters,
    own_team,
    take_from,
    take_late,
)
from upstander.triage.assessment_fields import UNKNOWN, problems_with
from upstander.triage.handed import home_of, let_team_know
from upstander.triage.models import Assessment
from upstander.triage.said import SaidNotSee, judgements_of, names_a_person, said_of, was_said
from upstander.triage.shown import assessment_panel, judgement_on
from upstander.triage.suggestions import (
    Suggestion,
    home_is_unsafe,
    kept_as,
    of_abuse,
    suggest_priority,
)
from upstander.vault.seeds import Audience


class AlreadyClaimed(Refused):
    """Another counselor was first; ``person_id`` says who."""

    def __init__(self, person_id: int) -> None:
        super().__init__(gettext("Someone else has claimed this tip."))
        self.person_id = person_id


def claim_tip(viewer: Viewer, tip_id: UUID) -> Tip:
    """Take a waiting tip. The row's lock lets one of two win; the other gets AlreadyClaimed.

    Raises Http404, AlreadyClaimed, Refused (it is with a school or closed).
    """
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id, lock=True)
        if tip.claimed_by == viewer.person_id and tip.state == TipState.CLAIMED:
            return tip
        if tip.state == TipState.CLAIMED and tip.claimed_by is not None:
            raise AlreadyClaimed(tip.claimed_by)
        if tip.state not in WAITING_STATES:
            # From a page that stood open: a closed tip is opened again, with what that brings.
            raise Refused(
                gettext("This tip is %(tipstate)s now. Look at it again.")
                % {"tipstate": TipState(tip.state).label}
            )
        move_tip(tip, TipState.CLAIMED, viewer)
        _own(tip, viewer, now)
        record_on(tip, "tip claimed", viewer)
        restricted = Matter.objects.filter(pk=tip.matter_id, restricted=True).exists()
    if restricted and viewer.unlocked:
        take_late(viewer, tip_id)
    notify(tip_id)
    return tip


def take_over(opened: OpenTip, reason: str) -> None:
    """Take a claimed tip from another counselor. The reason becomes a note.

    Raises Http404, NotGranted, Refused without a reason or on a tip nobody has claimed.
    """
    if not reason.strip():
        raise Refused(gettext("Say briefly why you are taking over this tip."))
    viewer, row_id = opened.viewer, uuid4()
    sealed = seal_words(
        opened.seed(Audience.CENTER), purpose="note", tip=opened.tip.pk, row=row_id, words=reason
    )
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        if tip.state != TipState.CLAIMED:
            raise Refused(gettext("Nobody has claimed this tip: claim it instead."))
        previous = tip.claimed_by
        _own(tip, viewer, now)
        write_turn(tip, viewer, row_id, sealed, now)
        tip.save(update_fields=["turns"])
        record_on(tip, "tip taken over", viewer, previous=previous)
    notify(opened.tip.pk)


def _carried(opened: OpenTip, values: Mapping[str, str]) -> dict[str, str]:
    """Return since when each value stands that a judgement only carries along from the last one.

    A form begins with what was judged before: that is no older word for having been sent again.
    """
    with viewing(opened.viewer) as now:
        row = judgement_on(opened.tip.pk, now).assessment
    last = assessment_panel(opened, row)
    if last is None:
        return {}
    stood = {**last.fields, "category": last.category}
    same = [key for key, value in values.items() if value and stood.get(key, "") == value]
    return {key: last.since(key).isoformat() for key in same}


def release_tip(viewer: Viewer, tip_id: UUID) -> None:
    """Put a claimed tip back on the queue. Raises Http404, Refused."""
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id, lock=True)
        if tip.claimed_by != viewer.person_id:
            raise Refused(gettext("Only the person who claimed it can return it to the queue."))
        move_tip(tip, TipState.NEW, viewer)
        tip.claimed_by = None
        tip.claimed_at = None
        tip.changed_at = now
        tip.waiting_since = tip.waiting_since or now
        tip.save(update_fields=["state", "claimed_by", "claimed_at", "changed_at", "waiting_since"])
        hand_back(tip.pk, viewer.person_id, now)
        record_on(tip, "tip put back", viewer)
    notify(tip_id)


def assess_tip(
    opened: OpenTip,
    fields: Mapping[str, str],
    priority: Priority,
    *,
    category: str = "",
    next_check_at: datetime | None = None,
    reason: str = "",
) -> Assessment:
    """Record a judgement. It supersedes the last one; nothing is edited.

    A person decides the priority; what the system suggested stands beside it. Lowering a
    life-safety tip is only proposed: a second person must agree within ten minutes, or it stands.
    What it says about 911 is asked of whoever has read. Raises Http404, NotGranted, Refused.
    """
    problems = problems_with(fields)
    if problems:
        raise Refused(gettext("The assessment could not be saved."), problems=problems)
    _need_decidable(opened, fields)
    viewer, contents = opened.viewer, read_contents(opened)
    floor = priority_floor(opened.tip.tile, contents.answers).priority
    suggestion = suggest_priority(fields, category=category, floor=floor)
    row_id, sealed = _seal(opened, fields, category, reason, suggestion)
    home_unsafe, was_unsafe = home_is_unsafe(fields), home_of(opened) == "no"
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        if tip.state == TipState.CLOSED:
            # Judged now, a question or a call would stand open on what nobody works on.
            raise Refused(
                gettext("This tip is closed. Reopen it first, so that your assessment is acted on.")
            )
        said = said_of(opened, contents, judgements_of(tip.pk))
        lowered = tip.priority == Priority.LIFE_SAFETY and priority is not Priority.LIFE_SAFETY
        assessment = Assessment.objects.create(
            id=row_id,
            tip_id=tip.pk,
            district_id=tip.district_id,
            person_id=viewer.person_id,
            priority=priority.value,
            suggested=suggestion.priority.value,
            next_check_at=next_check_at,
            sealed=sealed,
            at=now,
        )
        if not lowered and tip.priority != priority:
            set_priority(tip, priority, viewer, now)
        tip.changed_at = now
        judged(tip.pk)
        _take_up(tip, fields, category, said)
        if tip.state == TipState.HANDED_OFF:
            let_team_know(opened, now, home_unsafe=home_unsafe, is_new=not was_unsafe)
        if tip.claimed_by == viewer.person_id and tip.state == TipState.CLAIMED:
            working(tip.pk, viewer.person_id, now)
        record_on(tip, "tip assessed", viewer, priority=priority.value)
    if lowered:
        propose(
            opened,
            SecondOpinion.Kind.LOWER,
            words=reason or gettext("See the assessment."),
            to_priority=priority.value,
        )
    _decide_911(opened, fields, reason)
    notify(opened.tip.pk)
    return assessment


def _seal(
    opened: OpenTip,
    fields: Mapping[str, str],
    category: str,
    reason: str,
    suggestion: Suggestion,
) -> tuple[UUID, bytes]:
    """Return a new judgement's id, and what it says sealed for the center."""
    row_id = uuid4()
    data = {
        "fields": dict(fields),
        "category": category,
        "reason": reason,
        "suggested_why": list(suggestion.reasons),
        "cautions": list(suggestion.cautions),
        "carried": _carried(opened, {**fields, "category": category}),
    }
    seed = opened.seed(Audience.CENTER)
    return row_id, seal_data(seed, purpose="assessment", tip=opened.tip.pk, row=row_id, data=data)


def _take_up(
    tip: Tip, fields: Mapping[str, str], category: str, said: Sequence[SaidNotSee]
) -> None:
    """Save on a tip what a judgement says of it: abuse, how long it is kept, who must not see."""
    # Judged a matter of abuse: from here whoever opens it is asked whether they suspect.
    tip.mandated = tip.mandated or of_abuse(fields, category)
    tip.kept_as = kept_as(category) or tip.kept_as
    # Heard by the counselor: the hand-off waits for it as for the reporter's own answer, and
    # waits anew where something else had been settled.
    heard = fields.get("must_not_see", "")
    if names_a_person(heard) and not was_said(said, heard):
        tip.turns += 1
        tip.not_see, tip.not_see_turn = True, tip.turns
    tip.save(
        update_fields=["changed_at", "kept_as", "mandated", "not_see", "not_see_turn", "turns"]
    )


def _need_decidable(opened: OpenTip, fields: Mapping[str, str]) -> None:
    """Refuse an assessment whose word about 911 would be, before any of it is kept."""
    decision = _DECISIONS.get(fields.get("call_911", ""))
    with viewing(opened.viewer):
        if decision is None or not asked_to_decide(opened.tip.pk):
            return
        try:
            need_decidable(opened.viewer, opened.tip.pk, decision)
        except ReadFirst as first:
            raise Refused(
                gettext(
                    "Nothing is saved yet: you must read what they wrote before you decide about "
                    "911. Read it here, then save again."
                )
            ) from first


def _decide_911(opened: OpenTip, fields: Mapping[str, str], reason: str) -> None:
    """Let what an assessment says about 911 answer the question that waits on the desk.

    An assessment repeats what the one before it said: where nothing waits, it decides nothing anew.
    """
    decision = _DECISIONS.get(fields.get("call_911", ""))
    with viewing(opened.viewer):
        waits = asked_to_decide(opened.tip.pk)
    if decision is None or not waits:
        return
    why = fields.get("call_911_why", "")
    words = " ".join(part for part in (why if why != UNKNOWN else "", reason) if part.strip())
    decide_911(opened, decision, words[:WORDS_LIMIT] or gettext("See the assessment."))


_DECISIONS: Mapping[str, Decision] = {
    "now": Decision.CALL,
    "not_now": Decision.NOT_NOW,
    "one_more_fact": Decision.FACT,
}


def mark_junk(viewer: Viewer, tip_id: UUID, *, junk: bool) -> None:
    """Mark a tip as junk or not. It moves to the end of the queue; it is never dropped.

    Who marks it is at work on it, so nobody's phone rings for it; taken back, it asks anew.
    Raises Http404, Refused on a life-safety tip (no single person calls one a prank), on one that
    is not theirs by who may take nothing, and on one about abuse while somebody owes an answer or
    a report.
    """
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id, lock=True)
        if junk and tip.priority == Priority.LIFE_SAFETY:
            raise Refused(
                gettext(
                    "One person can't set aside a life-safety tip. Close it as “not a report,” "
                    "and a second person will be asked."
                )
            )
        if junk and tip.claimed_by != viewer.person_id:
            need_may_take(viewer.person_id)
        tip.junk = junk
        tip.changed_at = now
        with said_in_words():
            tip.save(update_fields=["junk", "changed_at"])
        if junk:
            set_aside(tip.pk, viewer.person_id, now)
            record_on(tip, "marked as junk", viewer)
        else:
            take_from_junk(tip, viewer, now)
    notify(tip_id)


def link_tips(viewer: Viewer, tip_id: UUID, other_id: UUID) -> None:
    """Put a tip on the same matter as another. Each reporter still gets their own answers.

    Exclusions of either matter then hold for all of it, and holds too, whatever still names the one
    that was (``matters/joined.py``): whoever of the center is excluded loses the team's key to all
    its tips, and whatever alert they had. Raises Http404, Locked, Refused across districts.
    """
    with viewing(viewer):
        matters = [tip_for(viewer, one).matter_id for one in (tip_id, other_id)]
        needed = own_team(viewer).members & excluded_from(matters)
    known = open_matters(viewer, matters) if needed else {}
    with viewing(viewer) as now:
        # In one order, so that two who link the same pair do not wait for each other.
        # All tips of both: a tip's row comes before its matter, whoever else ends one of them.
        list(Tip.objects.filter(matter_id__in=matters).order_by("pk").select_for_update())
        locked = {one: tip_for(viewer, one, lock=True) for one in sorted((tip_id, other_id))}
        tip, other = locked[tip_id], locked[other_id]
        if tip.pk == other.pk or tip.matter_id == other.matter_id:
            return
        if tip.district_id != other.district_id:
            raise Refused(gettext("These tips belong to different districts."))
        kept = merge_matters(tip.matter_id, other.matter_id)
        for one in Tip.objects.filter(pk__in=follow_matter(kept)).order_by("pk"):
            record_on(one, "linked to another tip", viewer, other=str(other.pk))
        excluded, team = excluded_from([kept]), own_team(viewer)
        if excluded:
            for one in Tip.objects.filter(matter_id=kept):
                take_from(one, known.get(one.pk), team, excluded, viewer, now)
    notify(tip_id)


def _own(tip: Tip, viewer: Viewer, now: datetime) -> None:
    tip.claimed_by = viewer.person_id
    tip.claimed_at = now
    tip.changed_at = now
    if is_only_taken_down(tip):
        # No child waits for an answer that they may have no words to read by.
        tip.waiting_since = None
    tip.save(update_fields=["state", "claimed_by", "claimed_at", "changed_at", "waiting_since"])
    settle_subject(tip.pk, viewer.person_id, now, waits_since=tip.waiting_since)
