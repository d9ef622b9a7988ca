"""What the center's judgement shows on a tip's page: assessment, prompts, opinion, hand-offs.

The reads run inside ``viewing``; opening what is sealed needs the tip opened, which was recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from upstander.decisions.dispositions import BY_KEY
from upstander.decisions.models import Closing, SecondOpinion
from upstander.intake.priority import Priority
from upstander.intake.taxonomy import CATEGORIES
from upstander.people.models import Team
from upstander.tips.envelopes import open_words
from upstander.tips.opening import UNREADABLE, OpenTip
from upstander.triage.assessment_fields import FIELDS, UNKNOWN, AssessmentField
from upstander.triage.models import Assessment, Handoff
from upstander.triage.protocol import (
    STAGES,
    Group,
    Stage,
    about_whom,
    call_911_sheet,
    group_of,
    groups_to_offer,
    replies_for,
)
from upstander.triage.said import data_of
from upstander.ui.moments import clock_words, day_words
from upstander.vault.errors import VaultError
from upstander.vault.seeds import Audience

PRIORITY_WORDS = {
    Priority.LIFE_SAFETY: _("life safety"),
    Priority.URGENT: _("urgent"),
    Priority.ROUTINE: _("routine"),
}

type Names = Mapping[int, str]
NOBODY: Names = {}
#: Somebody whose name is out of the viewer's view.
_COLLEAGUE = _("A colleague")


@dataclass(frozen=True, slots=True)
class AssessmentShown:
    """One judgement: what was recorded, by whom, and what the system had suggested."""

    priority: Priority
    suggested: Priority
    name: str
    at: datetime
    next_check_at: datetime | None
    category: str
    category_words: str
    reason: str
    fields: Mapping[str, str]
    facts: Sequence[tuple[str, str]]
    suggested_why: Sequence[str]
    cautions: Sequence[str]
    #: When a value was first judged so, where this judgement only carries it along.
    carried: Mapping[str, datetime] = field(default_factory=dict)

    def since(self, *keys: str) -> datetime:
        """Return since when it is judged so, of several fields the newest."""
        return max(self.carried.get(key, self.at) for key in keys)


@dataclass(frozen=True, slots=True)
class OpinionShown:
    """A proposal that waits for a second person."""

    id: UUID
    words: str
    reason: str
    name: str
    proposed_at: datetime
    expires_at: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class PromptShown:
    """One reply that a key puts into the reply box, and what it means in English."""

    key: str
    id: str
    text: str
    english: str


@dataclass(frozen=True, slots=True)
class PromptList:
    """The prompts of one stage and group."""

    id: str
    title: str
    prompts: Sequence[PromptShown]


@dataclass(frozen=True, slots=True)
class HandoffShown:
    """One hand-off: to whom, when, and whether it came back."""

    to: Sequence[str]
    name: str
    at: datetime
    with_words: bool
    returned_at: datetime | None
    returned_by: str


@dataclass(frozen=True, slots=True)
class ClosingShown:
    """One closing, with its reason where the viewer may read it."""

    disposition: str
    words: str
    name: str
    #: Who agreed as the second person, where one had to.
    second: str
    at: datetime
    reopened_at: datetime | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The sealed rows around a tip, as read inside ``viewing``."""

    assessment: Assessment | None
    opinion: SecondOpinion | None
    handoffs: Sequence[Handoff]
    closings: Sequence[Closing]
    #: Who agreed to a closing, by who proposed it and when it was agreed to.
    seconds: Mapping[tuple[int, datetime], int]
    teams: Mapping[str, str]

    @property
    def people(self) -> set[int]:
        """Everybody whose name is shown."""
        found = {handoff.by for handoff in self.handoffs}
        found |= {h.returned_by for h in self.handoffs if h.returned_by}
        found |= {closing.person_id for closing in self.closings} | {*self.seconds.values()}
        if self.assessment:
            found.add(self.assessment.person_id)
        if self.opinion:
            found.add(self.opinion.proposed_by)
        return found


def judgement_on(tip_id: UUID, now: datetime) -> Judgement:
    """Read the latest assessment, the open second opinion, the hand-offs and the closings."""
    handoffs = list(Handoff.objects.filter(tip_id=tip_id).order_by("at"))
    team_ids = {
        int(holder[5:]) for h in handoffs for holder in h.holders if holder.startswith("team:")
    }
    return Judgement(
        Assessment.objects.filter(tip_id=tip_id).order_by("-at", "-pk").first(),
        SecondOpinion.objects.filter(
            tip_id=tip_id, state=SecondOpinion.State.OPEN, expires_at__gt=now
        ).first(),
        handoffs,
        list(Closing.objects.filter(tip_id=tip_id).order_by("at")),
        {
            (row.proposed_by, row.decided_at): row.decided_by
            for row in SecondOpinion.objects.filter(
                tip_id=tip_id, kind=SecondOpinion.Kind.CLOSE, state=SecondOpinion.State.AGREED
            )
            if row.decided_at is not None and row.decided_by is not None
        },
        {team.holder: team.name for team in Team.objects.filter(pk__in=team_ids)},
    )


def assessment_panel(
    opened: OpenTip, row: Assessment | None, names: Names = NOBODY
) -> AssessmentShown | None:
    """Return the latest judgement in words; None before the first."""
    if row is None:
        return None
    data = data_of(opened, row) or {"reason": UNREADABLE}
    fields = data.get("fields", {})
    category = data.get("category", "")
    return AssessmentShown(
        Priority(row.priority),
        Priority(row.suggested),
        names.get(row.person_id, str(_COLLEAGUE)),
        row.at,
        row.next_check_at,
        category,
        category_words(category),
        data.get("reason", ""),
        fields,
        facts_of(fields),
        data.get("suggested_why", ()),
        data.get("cautions", ()),
        {key: datetime.fromisoformat(at) for key, at in data.get("carried", {}).items()},
    )


def category_words(key: str) -> str:
    """Return a category's name in English; empty for none."""
    return CATEGORIES[key].text("en") if key in CATEGORIES else ""


def facts_of(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what a record says, in words and in the form's order; absent fields are left out."""
    return [
        (field.label, _value(field, value))
        for field in FIELDS
        if (value := fields.get(field.key, "").strip())
    ]


def _value(field: AssessmentField, value: str) -> str:
    labels = {option.key: option.label for option in field.options}
    if field.kind in ("choice", "choices"):
        keys = value.split() if field.kind == "choices" else [value]
        return ", ".join(labels.get(key, key) for key in keys)
    if value == UNKNOWN:
        return labels[UNKNOWN]
    if field.kind == "time":
        moment = datetime.fromisoformat(value)
        local = timezone.localtime(moment) if moment.tzinfo else moment
        return f"{day_words(local)}, {clock_words(local)}"
    return value


def opinion_panel(opened: OpenTip, row: SecondOpinion | None, names: Names) -> OpinionShown | None:
    """Return the proposal that waits, with its reason; None if none does."""
    if row is None:
        return None
    if row.kind == SecondOpinion.Kind.LOWER:
        words = gettext("lower this tip from life safety to %(priority_words)s") % {
            "priority_words": PRIORITY_WORDS[Priority(row.to_priority)]
        }
    else:
        words = gettext("close this life-safety tip as “%(ending)s”") % {
            "ending": _ending(row.disposition)
        }
    return OpinionShown(
        row.pk,
        words,
        _open(opened, row.audience, "second opinion", row.pk, bytes(row.sealed)),
        names.get(row.proposed_by, str(_COLLEAGUE)),
        row.proposed_at,
        row.expires_at,
        row.proposed_by == opened.viewer.person_id,
    )


def closings_panel(opened: OpenTip, found: Judgement, names: Names) -> list[ClosingShown]:
    """Return how the tip ended, each time."""
    return [
        ClosingShown(
            _ending(row.disposition),
            _open(opened, row.audience, "closing", row.pk, bytes(row.sealed)),
            names.get(row.person_id, str(_COLLEAGUE)),
            names.get(second, str(_COLLEAGUE))
            if (second := found.seconds.get((row.person_id, row.at)))
            else "",
            row.at,
            row.reopened_at,
        )
        for row in found.closings
    ]


def _ending(key: str) -> str:
    return str(BY_KEY[key].label) if key in BY_KEY else key


def _open(opened: OpenTip, audience: str, purpose: str, row: UUID, sealed: bytes) -> str:
    """Open words of one's own side; the other side's stay theirs, and an empty one is empty."""
    seed = opened.seeds.get(Audience(audience))
    if seed is None or not sealed:
        return ""
    try:
        return open_words(seed, purpose=purpose, tip=opened.tip.pk, row=row, sealed=sealed)
    except VaultError:
        return UNREADABLE


def handoffs_panel(judgement: Judgement, names: Names) -> list[HandoffShown]:
    """Return the hand-offs, newest first. Single persons of a guarded matter are only counted."""
    return [
        HandoffShown(
            _recipients(row.holders, judgement.teams),
            names.get(row.by, str(_COLLEAGUE)),
            row.at,
            row.with_words,
            row.returned_at,
            names.get(row.returned_by or 0, ""),
        )
        for row in reversed(judgement.handoffs)
    ]


def _recipients(holders: Sequence[str], teams: Mapping[str, str]) -> list[str]:
    named = [teams.get(holder, "a team") for holder in holders if holder.startswith("team:")]
    alone = sum(holder.startswith("own:") for holder in holders)
    if alone:
        named.append(
            ngettext("%(number)d person by name", "%(number)d people by name", alone)
            % {"number": alone}
        )
    return named


_STAGE_WORDS: dict[Stage, str | Promise] = {
    "first": _("first minute"),
    "next": _("next five minutes"),
    "closing": _("closing"),
}
_GROUP_WORDS: dict[Group, str | Promise] = {
    Group.GENERAL: _("any tip"),
    Group.THREAT: _("threat or weapon"),
    Group.SUICIDE: _("suicide or self-harm"),
    Group.ABUSE: _("abuse or neglect"),
    Group.BULLYING: _("bullying or hate"),
    Group.SEXUAL: _("sexual harm"),
    Group.DRUGS: _("drugs or overdose"),
    Group.MISSING: _("missing"),
    Group.TALK: _("a talk"),
}


def prompt_lists(
    *, tile: str, category: str, answers: Mapping[str, str], language: str, **of: bool
) -> list[PromptList]:
    """Return the lists of one-key replies in the reporter's language, the closest first.

    In a ``talk`` those of talks come first, but for the line that says that a person is there.
    ``of``: ``talk`` and ``web``, as for ``replies_for``.
    """
    about = about_whom(answers)
    lists: list[PromptList] = []
    groups = groups_to_offer(category=category, tile=tile)
    if of.get("talk"):
        groups = (Group.TALK, *groups)
    for stage in STAGES:
        # The general opening line comes first of all: the child must hear that a person is there.
        ordered = (Group.GENERAL, *groups[:-1]) if stage == "first" else groups
        if stage == "closing":
            ordered = groups[:1]
        lists += [
            PromptList(
                f"{stage}-{group}",
                f"{capfirst(str(_STAGE_WORDS[stage]))}: {_GROUP_WORDS[group]}",
                [
                    PromptShown(
                        str(number),
                        f"{group}.{stage}.{prompt.key}",
                        prompt.text(language),
                        "" if language.startswith("en") else prompt.text("en"),
                    )
                    for number, prompt in enumerate(
                        replies_for(group, stage, about=about, **of), start=1
                    )
                ],
            )
            for group in ordered
        ]
    return [shown for shown in lists if shown.prompts]


def prompt_text(prompt_id: str, language: str) -> str:
    """Return the text of a prompt by the id that a page carried; empty if there is none."""
    group, _, rest = prompt_id.partition(".")
    stage, _, key = rest.partition(".")
    if group not in list(Group):
        return ""
    return next(
        (
            prompt.text(language)
            for known in STAGES
            if known == stage
            for prompt in replies_for(Group(group), known)
            if prompt.key == key
        ),
        "",
    )


def sheet_for(*, tile: str, category: str) -> tuple[str, ...]:
    """Return what to say to 911, in the order to say it."""
    return call_911_sheet(group_of(category=category, tile=tile))
