"""Where a tip stands, in words for its reporter that tell nothing about anybody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext as _

from upstander.tips.reporter import Dialog
from upstander.tips.states import TipState

#: Gives the reporter's words for a disposition's key (the app of cases, above this one, has them).
ClosingWords = Callable[[str], str]
#: Gives the whole minutes in which half of a district's tips are read at this hour, or None (the
#: app of accountability, above this one, reckons them).
UsualWait = Callable[[int], int | None]


class Told(NamedTuple):
    """A state in words, how it looks (ui: state), and what it means for the reporter."""

    words: str
    tone: str
    meaning: str


def waits(dialog: Dialog) -> bool:
    """Tell whether nobody has opened the words of ``dialog`` yet, and somebody is going to.

    Also of one that was closed: what they wrote since is as unread as a new message.
    """
    if dialog.ended:
        return False
    return dialog.unread_again or (
        not dialog.first_read and dialog.state in (TipState.NEW, TipState.CLAIMED)
    )


def told(dialog: Dialog, closing_words: ClosingWords) -> Told:
    """Say where ``dialog`` stands, in the active language."""
    state = TipState(dialog.state)
    if dialog.ended:
        words = (
            _("You ended this conversation."),
            "closed",
            _("Staff keep what you wrote and still act on it. Write again whenever you want."),
        )
    elif state is TipState.CLOSED:
        words = (
            _("Closed: %(how)s") % {"how": closing_words(dialog.disposition)},
            "closed",
            _("If it is not over, or if you know more, write here. It opens again."),
        )
    elif state is TipState.HANDED_OFF and not (dialog.taken or dialog.disposition):
        words = (
            _("We are contacting your school’s team."),
            "waiting",
            _("As soon as somebody there has it, this page says so."),
        )
    elif state is TipState.HANDED_OFF:
        # What it does with it, where it works on it as a case; nothing about anybody else.
        done = closing_words(dialog.disposition) if dialog.disposition else ""
        words = (
            done or _("Your school’s team has it."),
            "working",
            _("They can write to you here. The people you told us to leave out can’t see it."),
        )
    elif state is TipState.RETURNED and not dialog.unread_again:
        words = (
            _("It’s back with the crisis center."),
            "working",
            _("It is finding the right people to help."),
        )
    elif dialog.first_read and not dialog.unread_again:
        words = (_("A counselor has read it."), "working", _("They may ask you something here."))
    elif state is TipState.CLAIMED:
        words = (_("A counselor has your message."), "working", _("They will read it next."))
    else:
        words = (
            _("Waiting for a counselor."),
            "waiting",
            _("A real person will open it, day or night."),
        )
    return Told(*words)
