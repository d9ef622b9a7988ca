"""Where a tip stands, in words for its reporter that tell nothing about anybody else."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upstander.decisions.for_reporter import words_for_reporter, words_of_having
from upstander.intake.routing import names_somebody
from upstander.people.roles import TeamKind
from upstander.tips.reporter import Dialog
from upstander.tips.states import Ground, TipState

#: Why people beside the center know of a talk, by the ground on which the center shared it.
_SHARED: dict[str, Promise] = {
    Ground.YES: gettext_lazy("%(people)s know now, because you said yes."),
    Ground.DANGER: gettext_lazy("%(people)s know now, because a life may be in danger."),
    Ground.DUTY: gettext_lazy("%(people)s know now, because somebody has to report this."),
}
#: Which people these are, and whom we ask for others: by the kind of team that has it.
_PEOPLE: dict[str, Promise] = {
    TeamKind.SCHOOL: gettext_lazy("People at your school"),
    TeamKind.DISTRICT: gettext_lazy("People at your district’s office"),
}
_CONTACTING: dict[str, Promise] = {
    TeamKind.SCHOOL: gettext_lazy("We are contacting your school’s team."),
    TeamKind.DISTRICT: gettext_lazy("We are contacting your district’s office."),
}


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
        not (dialog.first_read or dialog.talked)
        and dialog.state in (TipState.NEW, TipState.CLAIMED)
    )


def told(dialog: Dialog) -> Told:
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
            _("Closed: %(how)s") % {"how": words_for_reporter(dialog.disposition)},
            "closed",
            _(
                "Nobody is working on it now. If it is not over, or if you know more, write here. "
                "It opens again."
            ),
        )
    elif state is TipState.HANDED_OFF and dialog.to_talk:
        people = _PEOPLE.get(dialog.had_by) or _("People outside the crisis center")
        words = (
            str(_SHARED[dialog.shared_for]) % {"people": people},
            "working",
            _("They can write to you here."),
        )
    elif state is TipState.HANDED_OFF and not (dialog.taken or dialog.in_case):
        words = (
            str(
                _CONTACTING.get(dialog.had_by)
                or _("We are contacting people whose job it is to help.")
            ),
            "waiting",
            _("As soon as somebody there has it, this page says so."),
        )
    elif state is TipState.HANDED_OFF:
        words = (
            words_of_having(dialog.had_by, dialog.in_case),
            "working",
            # Whoever named nobody would wonder whom they are said to have named.
            _("They can write to you here. The people you told us to leave out can’t see it.")
            if names_somebody(dialog.answers.get("not_see", ""))
            else _("They can write to you here."),
        )
    elif state is TipState.RETURNED and not dialog.unread_again:
        words = (
            _("It’s back with the crisis center."),
            "working",
            # Of a talk it looks for nobody else.
            _("They can write to you here.")
            if dialog.to_talk
            else _("It is finding the right people to help."),
        )
    elif dialog.talked and not dialog.unread_again:
        # Of a call there are no words to be read: it was heard.
        words = (
            _("You talked with the crisis center by phone."),
            "working",
            _("They can write to you here."),
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
