"""Where a tip stands, and who may move it on."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TipState(models.TextChoices):
    """``new`` nobody yet; ``claimed`` a counselor has it; ``handed_off`` a school's team has it."""

    NEW = "new", _("waiting")
    CLAIMED = "claimed", _("with a counselor")
    HANDED_OFF = "handed_off", _("with the school's team")
    RETURNED = "returned", _("sent back to the center")
    CLOSED = "closed", _("closed")


class Ground(models.TextChoices):
    """Why somebody outside the center gets a talk: one of these, chosen by a person."""

    YES = "yes", _("the reporter said yes")
    DANGER = "danger", _("a life may be in danger")
    DUTY = "duty", _("someone has a duty to report")


class Mover(models.TextChoices):
    CENTER = "center"
    SCHOOL = "school"
    #: Writing again on a closed tip brings it back to the center.
    REPORTER = "reporter"


#: from → to → who. Actions obey it, and the database trigger is built from the same table.
MOVES: dict[TipState, dict[TipState, frozenset[Mover]]] = {
    TipState.NEW: {
        TipState.CLAIMED: frozenset({Mover.CENTER}),
    },
    TipState.CLAIMED: {
        TipState.NEW: frozenset({Mover.CENTER}),
        TipState.HANDED_OFF: frozenset({Mover.CENTER}),
        TipState.CLOSED: frozenset({Mover.CENTER}),
    },
    TipState.HANDED_OFF: {
        TipState.RETURNED: frozenset({Mover.SCHOOL}),
        TipState.CLOSED: frozenset({Mover.SCHOOL, Mover.CENTER}),
        TipState.HANDED_OFF: frozenset({Mover.CENTER}),
    },
    TipState.RETURNED: {
        TipState.CLAIMED: frozenset({Mover.CENTER}),
        TipState.HANDED_OFF: frozenset({Mover.CENTER}),
        TipState.CLOSED: frozenset({Mover.CENTER}),
    },
    TipState.CLOSED: {
        TipState.RETURNED: frozenset({Mover.REPORTER}),
        TipState.CLAIMED: frozenset({Mover.CENTER}),
        TipState.HANDED_OFF: frozenset({Mover.SCHOOL, Mover.CENTER}),
    },
}

OPEN_STATES = (TipState.NEW, TipState.CLAIMED, TipState.HANDED_OFF, TipState.RETURNED)
WAITING_STATES = (TipState.NEW, TipState.RETURNED)


def may_move(old: TipState, new: TipState, mover: Mover) -> bool:
    """Tell whether ``mover`` may take a tip from ``old`` to ``new``."""
    return mover in MOVES[old].get(new, frozenset())
