"""The path of a threat assessment, as a machine without a database.

What was said is a row of entries that are only ever added to; ``after`` says where the path stands
after one more, or refuses it. Both the page and the write go through it, so that what is stored can
always be told again. Nothing in here decides: each answer is a person's, with their reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.cases.actions.homes import AIMED, MAKER, AboutHome, homes_known
from upstander.cases.actions.timeline import Entry
from upstander.cases.guides.loading import Fork, ThreatGuide
from upstander.cases.guides.steps import Settled, check_settled, settled_from

KIND = "threat"


class Stage(StrEnum):
    """Where a path stands."""

    WORDS = "words"
    FORK = "fork"
    STEPS = "steps"
    UNDER_WAY = "under_way"
    FINISHED = "finished"
    REPLACED = "replaced"
    #: Begun with an older file of the path, whose forks are gone: only a new one goes on.
    OUTDATED = "outdated"


#: Stages in which nothing more is expected.
ENDED = frozenset({Stage.FINISHED, Stage.REPLACED})


@dataclass(frozen=True, slots=True)
class Answered:
    """One fork as it was answered: the words that stood there, and the reason."""

    fork: str
    asked: str
    answered: str
    why: str
    #: ``fork:…`` or ``outcome:…``
    leads_to: str


@dataclass(frozen=True, slots=True)
class Path:
    """One assessment. Its id is that of its first entry."""

    id: UUID
    stage: Stage
    exact: str = ""
    context: str = ""
    answers: tuple[Answered, ...] = ()
    #: The fork to answer next; "" when there is none.
    fork: str = ""
    outcome: str = ""
    settled: Settled = field(default_factory=lambda: Settled({}, {}))
    finish: str = ""
    #: Why it replaces the one before.
    because: str = ""

    @property
    def live(self) -> bool:
        """Whether somebody has to go on with it."""
        return self.stage not in ENDED


type Paths = tuple[Path, ...]


def after(
    paths: Paths,
    said: Mapping[str, str],
    guide: ThreatGuide,
    *,
    entry: UUID,
    ended: Collection[UUID] | None = None,
) -> Paths:
    """Return the case's paths after one more thing was said. Raises Refused.

    ``ended``: the actions that have ended, asked for when a path is finished. None: the entry
    stands already, and says itself where it led, whatever the path's file says by now.
    """
    did = said.get("did", "")
    last = paths[-1] if paths else None
    if did == "begin":
        return _begin(paths, last, said, _choice(guide.danger, said, ended), entry)
    if last is None or not last.live:
        raise Refused(gettext("No assessment is in progress."))
    match did, last.stage:
        case "words", Stage.WORDS:
            path = _words(last, said)
        case "answer", Stage.FORK:
            path = _answer(last, said, _choice(guide.forks.get(last.fork), said, ended))
        case "steps", Stage.STEPS:
            path = _steps(last, said, guide if ended is not None else None)
        case "finish", Stage.UNDER_WAY:
            path = _finish(last, said, ended)
        case _:
            raise Refused(
                gettext("Someone else has continued in the meantime. Check where it is now.")
            )
    return (*paths[:-1], path)


def _choice(
    fork: Fork | None, said: Mapping[str, str], ended: Collection[UUID] | None
) -> Answered | None:
    """Return what was answered at a fork, or None where it isn't one of its answers."""
    if ended is None and "leads_to" in said:
        told = (said.get(name, "") for name in ("asked", "answered", "why", "leads_to"))
        return Answered(said.get("fork", ""), *told)
    choice = fork.answer(said.get("answer", "")) if fork else None
    if fork is None or choice is None:
        return None
    why = said.get("why", "").strip()
    return Answered(fork.key, fork.ask, choice.label, why, choice.leads_to)


def _begin(
    paths: Paths,
    last: Path | None,
    said: Mapping[str, str],
    answered: Answered | None,
    entry: UUID,
) -> Paths:
    if last is not None and last.live:
        if said.get("replaces") != str(last.id):
            raise Refused(gettext("An assessment is in progress. Continue it, or replace it."))
        if not said.get("because", "").strip():
            raise Refused(
                gettext(
                    "Say why you are starting over: what was recorded before stays in the record."
                )
            )
        paths = (*paths[:-1], replace(last, stage=Stage.REPLACED))
    if answered is None:
        raise Refused(gettext("First say whether anyone is in danger now."))
    path = Path(entry, Stage.FORK, answers=(answered,), because=said.get("because", ""))
    path = _led(path, answered)
    # The words come before the first fork: nobody judges what nobody wrote down.
    return (*paths, replace(path, stage=Stage.WORDS) if path.stage is Stage.FORK else path)


def _words(path: Path, said: Mapping[str, str]) -> Path:
    exact, context = said.get("exact", "").strip(), said.get("context", "").strip()
    if not exact or not context:
        raise Refused(gettext("Record what was said, word for word, and the context."))
    return replace(path, exact=exact, context=context, stage=Stage.FORK)


def _answer(path: Path, said: Mapping[str, str], answered: Answered | None) -> Path:
    if said.get("fork") != path.fork:
        raise Refused(gettext("Someone has answered this in the meantime. Check where it is now."))
    if answered is None:
        raise Refused(gettext("Choose one of the answers."))
    if not answered.why:
        raise Refused(gettext("Say why: a reason is saved with each answer."))
    return _led(replace(path, answers=(*path.answers, answered)), answered)


def _led(path: Path, answered: Answered) -> Path:
    where, _, key = answered.leads_to.partition(":")
    if where == "fork":
        return replace(path, stage=Stage.FORK, fork=key)
    return replace(path, stage=Stage.STEPS, fork="", outcome=key)


def _steps(path: Path, said: Mapping[str, str], guide: ThreatGuide | None) -> Path:
    if said.get("outcome") != path.outcome:
        raise Refused(gettext("Someone else has continued in the meantime. Check where it is now."))
    settled = settled_from(said)
    if guide is not None:
        check_settled(guide.outcomes[path.outcome], settled)
    return replace(path, stage=Stage.UNDER_WAY, settled=settled)


def _finish(path: Path, said: Mapping[str, str], ended: Collection[UUID] | None) -> Path:
    words = said.get("words", "").strip()
    if not words:
        raise Refused(gettext("Say briefly how it ended."))
    if ended is not None and (waiting := len(set(path.settled.taken.values()) - set(ended))):
        raise Refused(
            gettext(
                "%(waiting)s of its steps are still to be done. Do them, or say on the list why a "
                "step is no longer needed."
            )
            % {"waiting": waiting}
        )
    return replace(path, stage=Stage.FINISHED, finish=words)


def paths_of(entries: Iterable[Entry], guide: ThreatGuide) -> Paths:
    """Return the assessments that a case's entries tell, oldest first; the last may be live."""
    paths: Paths = ()
    for one in entries:
        if one.kind != KIND:
            continue
        try:
            paths = after(paths, one.words, guide, entry=one.id)
        except (Refused, ValueError):
            # An entry that doesn't open, say: shown as a path that stopped, never passed over.
            live = bool(paths) and paths[-1].live
            lost = paths[-1] if live else Path(one.id, Stage.OUTDATED)
            paths = (*(paths[:-1] if live else paths), replace(lost, stage=Stage.OUTDATED))
    if paths and (
        (paths[-1].stage is Stage.FORK and paths[-1].fork not in guide.forks)
        or (paths[-1].stage is Stage.STEPS and paths[-1].outcome not in guide.outcomes)
    ):
        paths = (*paths[:-1], replace(paths[-1], stage=Stage.OUTDATED))
    return paths


def homes_in(
    paths: Paths, entries: Sequence[Entry]
) -> tuple[dict[str, tuple[AboutHome, ...]], dict[str, tuple[AboutHome, ...]]]:
    """Return what is known of homes in the last assessment, and what was answered before it.

    Another threat may be somebody else's, aimed at others: an earlier answer about their parts in
    it is no answer now. One that replaces another is about the same threat, so whom that was aimed
    at is still named in it; but who said it may be what was wrong.
    """
    begun = first = len(paths) - 1
    while first > 0 and paths[first - 1].stage is Stage.REPLACED:
        first -= 1
    known, before = homes_known(entries), dict[str, tuple[AboutHome, ...]]()
    for family, path in ((MAKER, paths[begun]), (AIMED, paths[first])):
        at = next(place for place, one in enumerate(entries) if one.id == path.id)
        known[family.key] = homes_known(entries[at:])[family.key]
        before[family.key] = homes_known(entries[:at])[family.key]
    return known, before
