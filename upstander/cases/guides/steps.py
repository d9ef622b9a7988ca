"""What an outcome or a level asks for: each step is taken, or left out with a reason.

The rules are plain functions; ``write_steps`` puts on the case's list what was taken.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.cases.actions.homes import AboutHome, write_home
from upstander.cases.actions.opening import OpenCase, locked
from upstander.cases.actions.support import ACTIONS, write_action
from upstander.cases.actions.timeline import write_item
from upstander.cases.guides.loading import Outcome, Step
from upstander.cases.models import Case


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person chose for one step: who does it and the words asked for, or why it is left."""

    owner: int | None = None
    words: str = ""
    left: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person chose for all steps, with what they said of each family's home, by its key.

    A family of which there can be several has one for each of them, by name.
    """

    steps: Mapping[str, Wanted] = field(default_factory=dict)
    homes: Mapping[str, Sequence[AboutHome]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """Each step's end of the choosing: its action on the list, or the reason why it is left out."""

    taken: Mapping[str, UUID]
    left: Mapping[str, str]

    def words(self) -> dict[str, str]:
        """Return it as an entry of the timeline keeps it."""
        taken = {key: str(action) for key, action in self.taken.items()}
        return {
            "taken": json.dumps(taken) if taken else "",
            "left": json.dumps(self.left, ensure_ascii=False) if self.left else "",
        }


def settled_from(said: Mapping[str, str]) -> Settled:
    """Return what an entry keeps. Raises ValueError for what is no such entry."""
    taken = json.loads(said.get("taken") or "{}")
    left = json.loads(said.get("left") or "{}")
    return Settled({key: UUID(action) for key, action in taken.items()}, left)


def check_settled(outcome: Outcome, settled: Settled) -> None:
    """Raise Refused unless each step is taken, or left out with a reason where it may be."""
    for step in outcome.steps:
        if step.key in settled.taken:
            continue
        if step.leave == "never":
            raise Refused(gettext("“%(step)s”: this can’t be skipped.") % {"step": step.label})
        if not settled.left.get(step.key, "").strip():
            raise Refused(gettext("“%(step)s”: say why it is skipped.") % {"step": step.label})
    if set(settled.taken) & set(settled.left):
        raise Refused(gettext("A step is either taken or skipped."))


def check_wanted(
    outcome: Outcome, chosen: Chosen, homes: Mapping[str, Sequence[AboutHome]]
) -> None:
    """Raise Refused unless what was chosen settles every step.

    ``homes``: what is known of whether each home is safe, by the family's key; none: never asked.
    """
    for step in outcome.steps:
        want = chosen.steps.get(step.key, Wanted())
        if step.family:
            _each_asked(homes.get(step.family.key, ()))
        if left_for_home(step, homes):
            continue
        if want.left:
            if step.leave == "never":
                raise Refused(gettext("“%(step)s”: this can’t be skipped.") % {"step": step.label})
            if not want.why.strip():
                raise Refused(gettext("“%(step)s”: say why it is skipped.") % {"step": step.label})
        elif step.ask and not want.words.strip():
            raise Refused(f"“{step.label}”: {step.ask}")


def _each_asked(homes: Sequence[AboutHome]) -> None:
    if not homes or not all(one.answer for one in homes):
        raise Refused(
            gettext(
                "First answer whether home is safe, for each family: a parent may be the danger."
            )
        )
    if len(homes) > 1 and not all(one.name.strip() for one in homes):
        raise Refused(
            gettext("Name each person who was targeted: answer for each home separately.")
        )


def left_for_home(step: Step, homes: Mapping[str, Sequence[AboutHome]]) -> bool:
    """Whether a step is left out because no home of those whom it tells is safe."""
    known = homes.get(step.family.key, ()) if step.family else ()
    return bool(known) and all(one.answer == "no" for one in known)


def of_step(key: str) -> str:
    """Return a step's own key, where it was settled for each of several families."""
    return key.partition(":")[0]


def write_steps(
    opened: OpenCase,
    outcome: Outcome,
    chosen: Chosen,
    *,
    homes: Mapping[str, Sequence[AboutHome]],
    now: datetime,
) -> Settled:
    """Put an outcome's steps on the case's list inside a ``viewing``: all of them, or none.

    Raises Refused.
    """
    homes = dict(homes)
    for family in outcome.families:
        given = [one for one in chosen.homes.get(family.key, ()) if one.answer or one.name.strip()]
        homes[family.key] = _with_known(homes.get(family.key, ()), given)
        _each_asked(homes[family.key])
        for one in given:
            write_home(opened, one.answer, one.words, family=family.key, name=one.name, now=now)
    check_wanted(outcome, chosen, homes)
    taken: dict[str, UUID] = {}
    left: dict[str, str] = {}
    for step in outcome.steps:
        want = chosen.steps.get(step.key, Wanted())
        told = homes[step.family.key] if step.family else (AboutHome(),)
        for place, about in enumerate(told):
            key = step.key if place == 0 else f"{step.key}:{place + 1}"
            if about.answer == "no":
                left[key] = _because_of_home(about, want)
            elif want.left:
                left[key] = want.why.strip()
            else:
                taken[key] = _put_on_list(opened, step, want, about, now)
    settled = Settled(taken, left)
    check_settled(outcome, settled)
    return settled


def _with_known(known: Sequence[AboutHome], given: Sequence[AboutHome]) -> tuple[AboutHome, ...]:
    """Return what is known of homes with what was said now: nobody drops out of it unsaid."""
    said = {one.name.strip().casefold() for one in given}
    kept = [one for one in known if one.name.strip() and one.name.strip().casefold() not in said]
    return (*kept, *given) if given else tuple(known)


def _because_of_home(about: AboutHome, want: Wanted) -> str:
    name = f"{about.name.strip()}: " if about.name.strip() else ""
    why = about.words.strip() or want.why.strip()
    return (name + gettext("Home is not safe. %(why)s") % {"why": why}).strip()


def _put_on_list(
    opened: OpenCase, step: Step, want: Wanted, about: AboutHome, now: datetime
) -> UUID:
    # What the list says of itself needs no second line.
    label = "" if step.label == str(ACTIONS[step.kind].label) else step.label
    words = "\n".join(filter(None, (label, about.name.strip(), want.words.strip())))
    action = write_action(
        opened,
        step.kind,
        words,
        now=now,
        owner_id=want.owner,
        within=step.within,
        sure=about.sure,
        name=about.name if step.family and step.family.several else None,
    )
    return action.pk


def raise_life_safety(opened: OpenCase, why: str, *, now: datetime) -> None:
    """Mark the case as one where a life may be in danger, inside a ``viewing``; never lowered."""
    case = locked(opened)
    if not case.life_safety:
        Case.objects.filter(pk=case.pk).update(life_safety=True)
        write_item(opened, "raised", {"reason": why}, now=now)
