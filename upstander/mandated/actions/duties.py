"""What is done about a duty. Only its owner's own report ends it; nobody can cancel it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils.translation import gettext as _

from upstander.base.refused import Refused
from upstander.mandated.access import duty_for, rules_of
from upstander.mandated.actions.confirming import as_confirmed
from upstander.mandated.actions.events import (
    KIND,
    OWN_ACTION,
    call,
    move_deadlines,
    names_of_people,
    record_on,
    write_event,
)
from upstander.mandated.actions.granting import grant_and_ring, grant_what_waits, pass_over
from upstander.mandated.actions.unfiled import file_or_keep
from upstander.mandated.actions.wide import is_wide, keep_out_widely
from upstander.mandated.clocks import Times, next_reminder
from upstander.mandated.copying import give_copy
from upstander.mandated.days import days_of
from upstander.mandated.models import Duty, DutyEvent
from upstander.mandated.recipients import accused_among, excluded_with, officers_of
from upstander.mandated.register.actions.filing import Allegation
from upstander.mandated.register.models import Entry
from upstander.mandated.routing import Route, who_is_granted
from upstander.mandated.suspicion import About, Suspicion, accused_in
from upstander.mandated.words import pack_round
from upstander.mandated.written.evidence import Proof, keep_proof, store_proof
from upstander.matters.folders import (
    OpenFolder,
    keep_out,
    new_folder,
    open_folder,
)
from upstander.matters.people_near import say_near
from upstander.people.scope import Viewer, viewing
from upstander.places.law import law_of
from upstander.states import Deadline
from upstander.tips.actions.not_see import matter_unsettled


def start_duty(viewer: Viewer, suspicion: Suspicion) -> UUID:
    """Begin the viewer's own duty; returns its id. One durable transaction.

    Its offices see it from this moment, and the first of them is rung, except whoever is accused
    and those under them; nobody at the school where it is about somebody on staff and not known
    whom; and nobody but its owner while the center has not settled who must not see the matter's
    tip. Whichever: the clock runs.
    Raises Refused (a time to come, oneself accused, an unknown rule).
    """
    duty_id, event_id = uuid4(), uuid4()
    with viewing(viewer) as now:
        rules = law_of(suspicion.district_id).duties
        rule = rules.duties.get(suspicion.rule)
        if rule is None or rules.key != suspicion.rule_set:
            raise Refused(_("Choose what is suspected from the list."))
        if suspicion.cause_at > now:
            raise Refused(_("The time you had reason to suspect is in the future."))
        officers = officers_of(suspicion.district_id)
        accused = accused_in(suspicion, officers)
        if viewer.person_id in accused:
            raise Refused(
                _("You can’t report on yourself: call %s and a lawyer.") % rules.phoned.called
            )
        if suspicion.matter_id is not None:
            call("SELECT api.lock_matter(p_matter => %s)", suspicion.matter_id)
        folder = new_folder(
            viewer,
            KIND,
            district_id=suspicion.district_id,
            school_id=suspicion.school_id,
            matter_id=suspicion.matter_id,
        )
        say_near(suspicion.district_id)
        # The exclusions first: what is granted afterwards passes the accused by.
        out, wide = set[int](), False
        if accused:
            out = {*accused, *excluded_with(officers, accused)} - {viewer.person_id}
            # So many that nobody could act: for the tip a second person decides (wide.py).
            wide = is_wide(
                suspicion.district_id,
                suspicion.matter_id,
                out,
                of_tip=suspicion.matter_id is not None,
            )
            if not wide:
                keep_out(folder.id, sorted(out))
        route = Route(
            # Whoever chose somebody and doesn't know who else it is doesn't know of the office.
            past_building=suspicion.about is About.UNKNOWN or (rule.about_staff and not accused),
            waits=matter_unsettled(folder.matter_id),
        )
        # Whom the matter is kept from already, from the tip's page say, counts as they do.
        kept_from = accused_among(officers, folder.matter_id) | set(accused) | out
        told = who_is_granted(
            officers, school_id=suspicion.school_id, accused=kept_from, route=route
        )
        grant_and_ring(viewer, folder, told)
        days = days_of(suspicion.district_id)
        due = days.due(rule.first, suspicion.cause_at)
        first = next_reminder(rules, rule, Times(suspicion.cause_at, first_due=due), now)
        named = names_of_people(accused)
        words = dict(suspicion.words) | {"accused": ", ".join(named.values())}
        call(
            "SELECT api.start_duty(p_duty => %s, p_folder => %s, p_rule_set => %s, p_rule => %s, "
            "p_cause => %s, p_tip => %s, p_case => %s, p_due => %s, p_remind => %s, p_hold => %s, "
            "p_event => %s, p_sealed => %s, p_school_inquiry => %s)",
            duty_id,
            folder.id,
            suspicion.rule_set,
            suspicion.rule,
            suspicion.cause_at,
            suspicion.tip_id,
            suspicion.case_id,
            due,
            first.at if first else now,
            rule.hold,
            event_id,
            folder.seal("event", event_id, pack_round(words)),
            rule.inquiry == "school",
        )
        if wide:
            keep_out_widely(duty_id, out)
        if accused:
            # Other reports of the matter too: whoever depends on them held those until now.
            pass_over(folder.matter_id, suspicion.district_id)
        past = route.past_building
        call("SELECT api.route_duty(p_duty => %s, p_past_building => %s)", duty_id, past)
        record_on(
            viewer,
            "suspicion noted",
            duty_id,
            folder,
            rule=suspicion.rule,
            typed=suspicion.cause_at.astimezone(UTC).isoformat(),
        )
        if rule.about_staff or accused:
            allegation = Allegation(
                district_id=suspicion.district_id,
                school_id=suspicion.school_id,
                matter_id=folder.matter_id,
                duty_id=duty_id,
                happened_on=suspicion.cause_at.astimezone(ZoneInfo(days.zone)).date(),
                kind=Entry.Kind(rule.allegation),
                disability=suspicion.disability,
                restraint=suspicion.restraint,
                # Who else it may be: no word of the child's.
                words={"person": suspicion.words.get("suspected", "")},
            )
            file_or_keep(viewer, folder, allegation, named)
    return duty_id


def answer_urgency(viewer: Viewer, duty_id: UUID, answers: Mapping[str, bool]) -> bool:
    """Keep the answers that say whether only the phone will do; returns whether it is emergent.

    A question that was left out counts as a yes. Raises Http404, Refused.
    """
    with viewing(viewer):
        _rules, rule = rules_of(duty_for(viewer, duty_id))
    emergent = any(answers.get(one.key, True) for one in rule.emergent)
    words = {one.key: "yes" if answers.get(one.key, True) else "no" for one in rule.emergent}
    _add(viewer, duty_id, DutyEvent.Kind.EMERGENT, words, flag=emergent)
    return emergent


def report_first(
    viewer: Viewer,
    duty_id: UUID,
    *,
    way: str,
    at: datetime,
    words: Mapping[str, str],
    accepted: bool | None = None,
) -> bool:
    """Keep that the first report was made: to whom, when (UTC), what they said. The owner alone.

    From here the clock of the written report runs, unless it was made in a way that nobody has
    confirmed yet to be permitted: then it is kept, and every clock stays as it is. Returns whether
    it counts. Raises Http404, Refused.
    """
    with viewing(viewer) as now:
        duty = duty_for(viewer, duty_id)
        rules, rule = rules_of(duty)
        if way not in rule.ways:
            raise Refused(_("Choose how it was reported from the list."))
        chosen = as_confirmed([rules])[rules.key].ways[way]
        if chosen.only_if_not_emergent and duty.emergent is not False:
            raise Refused(
                _("An electronic report needs a “no” to every question about urgency. Or phone.")
            )
        _not_to_come(at, now)
        if at < duty.cause_at - timedelta(days=1):
            raise Refused(_("That is more than a day before you had reason to suspect. Check it."))
        due = days_of(duty.district_id).due(rule.written, at)
        after = next_reminder(rules, rule, Times(duty.cause_at, at, None, duty.first_due, due), now)
    if not chosen.runs:
        said = {"accepted": "yes" if accepted else "no"} if accepted is not None else {}
        words = {**words, "way": chosen.label, **said}
        _add(viewer, duty_id, DutyEvent.Kind.UNCOUNTED, words, happened=at, way=way)
        return False
    later = [one for one in rule.follow if one.after == way]
    _add(
        viewer,
        duty_id,
        DutyEvent.Kind.FIRST,
        words,
        happened=at,
        way=way,
        flag=accepted,
        remind=after.at if after else None,
        due=due,
        later=later,
    )
    return True


def correct_first(viewer: Viewer, duty_id: UUID, *, at: datetime, words: Mapping[str, str]) -> None:
    """Correct the typed time of the first report (UTC); both stand. The owner alone.

    What fell due after it and is not done moves with it. Raises Http404, Refused.
    """
    _duty, folder = open_duty(viewer, duty_id, purpose=DutyEvent.Kind.CORRECTED.value)
    with viewing(viewer) as now:
        duty = duty_for(viewer, duty_id)
        own_or_404(viewer, duty)
        rules, rule = rules_of(duty)
        if duty.first_at is None:
            raise Refused(_("There is no first report yet whose time could be corrected."))
        if at == duty.first_at:
            raise Refused(_("That is the time already recorded. Type the time that is right."))
        _not_to_come(at, now)
        if at < duty.cause_at - timedelta(days=1):
            raise Refused(_("That is more than a day before you had reason to suspect. Check it."))
        due = days_of(duty.district_id).due(rule.written, at)
        times = Times(duty.cause_at, at, duty.written_at, duty.first_due, due)
        after = next_reminder(rules, rule, times, now)
        write_event(
            viewer,
            folder,
            duty_id,
            DutyEvent.Kind.CORRECTED,
            words,
            happened=at,
            remind=after.at if after else None,
            due=due,
        )
        move_deadlines(duty, [one for one in rule.follow if one.after == duty.first_way], at, now)


def redate_written(
    viewer: Viewer, duty_id: UUID, *, at: datetime, words: Mapping[str, str]
) -> None:
    """Correct the typed time of the written report (UTC); both stand. Raises Http404, Refused."""
    _duty, folder = open_duty(viewer, duty_id, purpose=DutyEvent.Kind.REDATED.value)
    with viewing(viewer) as now:
        duty = duty_for(viewer, duty_id)
        own_or_404(viewer, duty)
        if duty.written_at is None:
            raise Refused(_("There is no written report yet whose time could be corrected."))
        _not_to_come(at, now)
        write_event(viewer, folder, duty_id, DutyEvent.Kind.REDATED, words, happened=at)


def send_written(
    viewer: Viewer,
    duty_id: UUID,
    *,
    at: datetime,
    words: Mapping[str, str],
    proof: Proof | None = None,
) -> None:
    """Keep that the written report was sent: how, to whom, when (UTC). Ends the duty.

    With it goes the copy: to the head of the school unless they are accused, then to the next
    outside (``recipients.copy_goes_to``), who are told. The owner alone. Raises Http404, Refused
    (no first report yet, sent already, a time to come), NotStored (no room for the proof's file).
    """
    duty, folder = open_duty(viewer, duty_id, purpose=DutyEvent.Kind.WRITTEN.value)
    if duty.person_id == viewer.person_id and duty.written_at is not None:
        raise Refused(_("It is already recorded that this was sent."))
    file_id = store_proof(folder, proof) if proof else None
    told = {"file": proof.name, "sha256": proof.digest} if proof else {}
    with viewing(viewer) as now:
        duty = duty_for(viewer, duty_id)
        if duty.first_at is None:
            raise Refused(_("Report by phone first: its time starts the clock for this one."))
        _not_to_come(at, now)
        write_event(
            viewer,
            folder,
            duty_id,
            DutyEvent.Kind.WRITTEN,
            {**words, **told},
            happened=at,
            detail={"file": proof.digest} if proof else None,
        )
        if proof and file_id:
            keep_proof(folder, duty, file_id, proof, now)
        give_copy(viewer, folder, duty)


def add_event(
    viewer: Viewer,
    duty_id: UUID,
    kind: DutyEvent.Kind,
    words: Mapping[str, str],
    *,
    at: datetime | None = None,
    accepted: bool | None = None,
) -> int:
    """Keep anything else that its owner did or learned (a note, an answer).

    Returns the event's number. Raises Http404, Refused.
    """
    if kind in OWN_ACTION:
        raise ValueError(f"{kind} has an action of its own")
    with viewing(viewer) as now:
        duty_for(viewer, duty_id)
        if at is not None:
            _not_to_come(at, now)
    return _add(viewer, duty_id, kind, words, happened=at, flag=accepted)


def say_reported(viewer: Viewer, duty_id: UUID, words: Mapping[str, str]) -> int:
    """Say of somebody else's duty that it was reported. It ends nothing until they confirm it.

    Raises Http404, Refused.
    """
    with viewing(viewer):
        if duty_for(viewer, duty_id).person_id == viewer.person_id:
            raise Refused(_("It is your own duty: record your own report."))
    return _add(viewer, duty_id, DutyEvent.Kind.SAID_REPORTED, words)


def _not_to_come(at: datetime, now: datetime) -> None:
    if at > now:
        raise Refused(_("That time is in the future: only what has happened can be recorded."))


def open_duty(viewer: Viewer, duty_id: UUID, *, purpose: str = "read") -> tuple[Duty, OpenFolder]:
    """Open a duty, recorded, for its owner or an office that sees it. Raises as open_folder.

    Opened by its owner, it is granted to whom it waited for, and what waited for the register is
    filed there, if nothing stands against that now.
    """
    with viewing(viewer):
        duty = duty_for(viewer, duty_id)
    folder = open_folder(viewer, duty.folder_id, KIND, purpose=purpose)
    if duty.person_id == viewer.person_id:
        grant_what_waits(viewer, duty, folder)
    return duty, folder


def _add(
    viewer: Viewer,
    duty_id: UUID,
    kind: DutyEvent.Kind,
    words: Mapping[str, str],
    *,
    happened: datetime | None = None,
    way: str = "",
    flag: bool | None = None,
    remind: datetime | None = None,
    due: datetime | None = None,
    later: Sequence[Deadline] = (),
) -> int:
    _duty, folder = open_duty(viewer, duty_id, purpose=kind.value)
    with viewing(viewer) as now:
        return write_event(
            viewer,
            folder,
            duty_id,
            kind,
            words,
            happened=happened,
            way=way,
            flag=flag,
            remind=remind,
            due=due,
            later=later,
            now=now,
        )


def own_or_404(viewer: Viewer, duty: Duty) -> None:
    """Raise Http404 unless the duty is the viewer's own."""
    if duty.person_id != viewer.person_id:
        raise Http404
