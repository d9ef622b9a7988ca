"""What is done with a guide. Each is one durable transaction that holds the case's row.

So two colleagues who answer at the same moment come one after the other, and the second is told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.cases.actions.homes import homes_known
from upstander.cases.actions.opening import OpenCase, locked, need_team, record_on
from upstander.cases.actions.support import write_action, write_finish
from upstander.cases.actions.timeline import (
    QUESTIONS_WAIT,
    Entry,
    QuestionsWait,
    read_items,
    write_item,
)
from upstander.cases.guides import plan, screening, threat
from upstander.cases.guides.loading import levels, threat_guide
from upstander.cases.guides.screening import Screening, check_answers, screenings_of, suggest
from upstander.cases.guides.steps import Chosen, raise_life_safety, write_steps
from upstander.cases.guides.texts import instruments
from upstander.cases.guides.threat import Path, Stage, paths_of
from upstander.cases.models import CaseAction
from upstander.people.scope import viewing

#: Hours within which a level is set once a student was asked, or somebody told of one.
LEVEL_WITHIN = 1


def go_on(opened: OpenCase, said: Mapping[str, str]) -> Path:
    """Go one step along a threat assessment: begin, words, answer or finish.

    ``said``: ``did`` and what belongs to it (see ``threat.after``). Raises Http404, Refused.
    """
    need_team(opened)
    guide, entry = threat_guide(), uuid4()
    with viewing(opened.viewer) as now:
        locked(opened)
        paths = paths_of(read_items(opened), guide)
        moved = threat.after(paths, said, guide, entry=entry, ended=_ended(opened))
        path, kept = moved[-1], dict(said)
        if said["did"] in ("begin", "answer"):
            # The words that stood there: the record doesn't change when the path's file does.
            last = path.answers[-1]
            kept |= {
                "fork": last.fork,
                "asked": last.asked,
                "answered": last.answered,
                "leads_to": last.leads_to,
                "why": last.why,
                "guide": guide.version,
            }
        write_item(
            opened,
            threat.KIND,
            kept,
            now=now,
            item_id=entry,
            about=None if path.id == entry else path.id,
        )
        if path.stage is Stage.STEPS and guide.outcomes[path.outcome].life_safety:
            raise_life_safety(opened, guide.outcomes[path.outcome].label, now=now)
    return path


def settle_threat(opened: OpenCase, outcome: str, chosen: Chosen) -> Path:
    """Put the steps of an assessment's outcome on the list, or leave one out with a reason.

    Raises Http404, Refused.
    """
    need_team(opened)
    guide, entry = threat_guide(), uuid4()
    with viewing(opened.viewer) as now:
        locked(opened)
        entries = read_items(opened)
        paths = paths_of(entries, guide)
        if not paths or paths[-1].stage is not Stage.STEPS or paths[-1].outcome != outcome:
            raise Refused(
                gettext("Someone else has continued in the meantime. Check where it is now.")
            )
        homes, _before = threat.homes_in(paths, entries)
        settled = write_steps(opened, guide.outcomes[outcome], chosen, homes=homes, now=now)
        said = {"did": "steps", "outcome": outcome, **settled.words()}
        path = threat.after(paths, said, guide, entry=entry, ended=())[-1]
        said["answered"] = guide.outcomes[outcome].label
        write_item(opened, threat.KIND, said, now=now, item_id=entry, about=path.id)
    return path


def keep_answers(
    opened: OpenCase, instrument: str, answers: Mapping[str, str], *, language: str, words: str
) -> UUID:
    """Keep what a student answered, with the level that it suggests. Returns the screening's id.

    Whoever asked has an hour to set the level, and is reminded. The fixed questions may be asked at
    any time; ``words`` beside them wait where questioning does. Raises Http404, QuestionsWait,
    Refused.
    """
    used = instruments().get(instrument)
    if used is None or language not in used.languages:
        raise Refused(gettext("Choose which questions you asked, and in which language."))
    check_answers(used, answers)
    if words.strip():
        with viewing(opened.viewer):
            if opened.on_hold:
                raise QuestionsWait(str(QUESTIONS_WAIT))
    found = suggest(used, answers)
    asked = [
        {"asked": one.texts[language], "answer": answers[one.key]}
        for one in screening.asked_questions(used, answers)
    ]
    weighed = {one.key: one.texts[language] for one in used.questions}
    return _begin_screening(
        opened,
        {
            "did": "asked",
            "instrument": f"{used.name}, {used.version}",
            "language": language,
            "answers": json.dumps(asked, ensure_ascii=False),
            "suggested": found.level,
            "because": found.because,
            "weighed": json.dumps([weighed[key] for key in found.weighed], ensure_ascii=False),
            "open": json.dumps([weighed[key] for key in found.open], ensure_ascii=False),
            "words": words.strip(),
        },
    )


def keep_told(opened: OpenCase, exact: str, who: str) -> UUID:
    """Keep what somebody else saw or heard of a student. It suggests no level.

    Raises Http404, Refused.
    """
    if not exact.strip() or not who.strip():
        raise Refused(gettext("Record what was seen or heard, and who reported it."))
    return _begin_screening(opened, {"did": "told", "exact": exact.strip(), "who": who.strip()})


def _begin_screening(opened: OpenCase, said: dict[str, str]) -> UUID:
    entry = uuid4()
    with viewing(opened.viewer) as now:
        locked(opened)
        nag = write_action(
            opened,
            "screening",
            gettext("Set the level of suicide risk."),
            now=now,
            within=LEVEL_WITHIN,
        )
        said["nag"] = str(nag.pk)
        write_item(opened, screening.KIND, said, now=now, item_id=entry)
    return entry


def set_level(
    opened: OpenCase, screening_id: UUID, level: str, why: str, chosen: Chosen
) -> Screening:
    """Set a level, with the reason, and settle each step that follows from it.

    Can be set anew later: what stood before stays in the record. Raises Http404, Refused.
    """
    need_team(opened)
    entry, known_levels = uuid4(), levels()
    with viewing(opened.viewer) as now:
        locked(opened)
        entries = read_items(opened)
        known = screenings_of(entries)
        before = next((one for one in known if one.id == screening_id), None)
        if before is None:
            raise Refused(gettext("There is no such screening in this case."))
        screening.check_level(known_levels, level, why)
        settled = write_steps(
            opened, known_levels[level], chosen, homes=homes_known(entries), now=now
        )
        said = {"did": "level", "level": level, "why": why.strip(), **settled.words()}
        said["answered"] = known_levels[level].label
        item = Entry(
            entry, 0, screening.KIND, screening_id, opened.viewer.person_id, now, said, inner=False
        )
        after = screening.after(known, item, known_levels)
        write_item(opened, screening.KIND, said, now=now, item_id=entry, about=screening_id)
        if known_levels[level].life_safety:
            risk = gettext("Suicide risk: %(level)s") % {"level": known_levels[level].label}
            raise_life_safety(opened, risk, now=now)
        _end_nag(opened, before, now)
    return next(one for one in after if one.id == screening_id)


def _end_nag(opened: OpenCase, done: Screening, now: datetime) -> None:
    nag = done.entry.words.get("nag", "")
    if nag and CaseAction.objects.filter(pk=nag, ended_at__isnull=True).exists():
        write_finish(opened, UUID(nag), gettext("The level is set."), ending="done", now=now)


def keep_plan(opened: OpenCase, said: Mapping[str, str]) -> UUID:
    """Keep a version of the school's copy of a safety plan, or that the student wants none.

    Raises Http404, Refused.
    """
    kept = {key: text.strip() for key, text in said.items() if text.strip()}
    plan.check_plan(kept)
    with viewing(opened.viewer) as now:
        locked(opened)
        return write_item(opened, plan.KIND, kept, now=now)


def record_printing(opened: OpenCase, *, students: bool) -> None:
    """Record that a copy of a safety plan was printed: that, and nothing of what stands in it."""
    with viewing(opened.viewer):
        locked(opened, closed=True)
        record_on(opened, "case: safety plan printed", copy="student" if students else "school")


def _ended(opened: OpenCase) -> frozenset[UUID]:
    rows = CaseAction.objects.filter(case_id=opened.case.pk, ended_at__isnull=False)
    return frozenset(rows.values_list("pk", flat=True))
