"""What stands in a tip that an adult took down, beside the child's words: by which names it lies.

It is sealed with the form's other answers: the center reads who took it down, to call them back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from upstander.tips.models import Channel, Tip

TAKEN_FROM: Final = "taken_from"
ADULT_WORDS: Final = "adult_words"
ADULT: Final = "adult"
SUSPECTS: Final = "suspects"
#: Set by us, never typed: who it was is known, not said.
SIGNED_IN: Final = "signed_in"


class Source(StrEnum):
    """Where an adult has the words from."""

    CHILD = "child"
    PAPER = "paper"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class TakenDown:
    """What the desk shows of it: who took it down, and what they say beside the child's words."""

    who: str
    text: str


def taken_down(tip: Tip, answers: Mapping[str, str], *, named: bool = True) -> TakenDown | None:
    """Return what an adult added, in words; None where none took it down.

    ``named``: with who they are and how they are reached.
    """
    # By the open form too: an adult whose link took nothing any more goes on there.
    if tip.channel != Channel.STAFF and not {TAKEN_FROM, ADULT_WORDS, ADULT, SUSPECTS} & set(
        answers
    ):
        return None
    source = answers.get(TAKEN_FROM, "")
    lines = [
        {
            Source.CHILD.value: _("A child told them."),
            Source.PAPER.value: _("From a slip of paper."),
            Source.LINE.value: _("From another line’s report."),
        }.get(source, ""),
        answers.get(ADULT_WORDS, ""),
        {
            "yes": _("They suspect abuse or neglect; the duty to report it is theirs too."),
            "no": _("They do not suspect abuse or neglect."),
            "unsure": _("They don’t know whether it is abuse or neglect."),
        }.get(answers.get(SUSPECTS, ""), ""),
        _("The child may not have the seven words: then nobody reads a reply."),
    ]
    known = SIGNED_IN in answers
    if not known:
        lines.append(_("They had no account: nothing shows who they are but what they say."))
    if named:
        lines.append(_("To ask something, call back whoever took it down."))
    who = (answers.get(ADULT, "") if named else "") or _("Whoever took it down")
    return TakenDown(
        # First, so that no name is long enough to hide it.
        who=who if known else _("Not signed in: %(who)s") % {"who": who},
        text="\n".join(filter(None, lines)),
    )
