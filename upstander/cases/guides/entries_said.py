"""What the guides' entries say in a case's timeline, and what its page says of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.cases.actions.timeline import Entry
from upstander.cases.guides import plan, screening, threat
from upstander.cases.guides.loading import Outcome, levels, threat_guide
from upstander.cases.guides.plan import versions_of
from upstander.cases.guides.screening import screenings_of
from upstander.cases.guides.steps import settled_from
from upstander.cases.guides.threat import Stage, paths_of

if TYPE_CHECKING:
    from upstander.cases.panels import CasePage

KINDS = frozenset({threat.KIND, screening.KIND, plan.KIND})
ANSWER_WORDS = {"yes": "yes", "no": "no", screening.UNCLEAR: _("didn’t say, or isn’t clear")}


def lines(entry: Entry) -> list[str]:
    """Return an entry's words as lines for people."""
    said = entry.words
    if entry.kind == plan.KIND:
        if said.get("declined"):
            return [gettext("The student does not want a plan."), said["declined"]]
        return [gettext("A version of the school’s copy was saved, as agreed with the student.")]
    found = []
    if said.get("asked"):
        found.append(f"{said['asked']} — {said.get('answered', '')}")
    elif said.get("answered"):
        found.append(said["answered"])
    found += [
        f"{one['asked']} — {ANSWER_WORDS.get(one['answer'], one['answer'])}"
        for one in json.loads(said.get("answers") or "[]")
    ]
    found += [said[key] for key in ("because", "exact", "context", "who", "why") if said.get(key)]
    found += [said["words"]] if said.get("words") else []
    return found + [
        gettext("Skipped: %(label)s. %(why)s") % {"label": label, "why": why}
        for label, why in left_out(said)
    ]


def left_out(said: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return which steps an entry left out, by their labels, and why."""
    outcome = outcome_of(said)
    found = []
    for key, why in settled_from(said).left.items():
        # "their_parents:2": a step of one of several families.
        step = outcome.step(key.partition(":")[0]) if outcome else None
        found.append((step.label if step else key, why))
    return found


def outcome_of(said: Mapping[str, str]) -> Outcome | None:
    """Return the outcome or level that an entry settles, if the files still have it."""
    return threat_guide().outcomes.get(said.get("outcome", "")) or levels().get(
        said.get("level", "")
    )


def unfinished(entries: Sequence[Entry]) -> str:
    """Return what a guide still waits for before the case can be closed; "" for nothing."""
    paths = paths_of(entries, threat_guide())
    if paths and paths[-1].live:
        return gettext("Not closed: the threat assessment is not finished.")
    if any(one.waits for one in screenings_of(entries)):
        return gettext("Not closed: nobody has set a level of suicide risk yet.")
    return ""


def gather(page: CasePage) -> dict[str, Any]:
    """Return what the case's page says of its guides."""
    guide = threat_guide()
    paths = paths_of(page.entries, guide)
    known = screenings_of(page.entries)
    versions = versions_of(page.entries)
    return {
        "path": paths[-1] if paths else None,
        "outcome": guide.outcomes.get(paths[-1].outcome) if paths else None,
        "next": paths[-1].stage if paths else None,
        "stages": Stage,
        "screening": known[-1] if known else None,
        "waits": any(one.waits for one in known),
        "level": levels().get(known[-1].level) if known else None,
        "plan": versions[-1] if versions else None,
    }
