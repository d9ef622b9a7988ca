"""Turns and lines: who is next where more wait than can be served at once."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Turn(models.IntegerChoices):
    """What takes turns with its like: by its alert (``escalations_turn``)."""

    ALONE = 0, _("life safety that came alone")
    CROWD = 1, _("life safety in a crowd")
    REST = 2, _("everything else")
    #: Somebody at work waits for a colleague's word; it stands before all others.
    ASKED = 3, _("a colleague asks")

    @property
    def place(self) -> int:
        """Where it stands among the others: the lower first."""
        return -1 if self is Turn.ASKED else int(self)


class TakesTurns(models.Model):
    """A step (``turns.py``) or a page (``line.py``). The database says which turn, by its alert."""

    #: Whose turn it is: the school's, or minus the district where no school is named.
    school_key = models.BigIntegerField(default=0, db_default=0)
    turn = models.PositiveSmallIntegerField(choices=Turn, default=Turn.ALONE, db_default=0)

    class Meta:
        abstract = True


class Line(models.Model):
    """What a person is told by one way, one message after the other. A row for each such pair."""

    person_id = models.BigIntegerField()
    channel = models.CharField(max_length=8)
    #: The page that is being sent, or was sent last.
    page_id = models.UUIDField(null=True)
    #: When something was last said.
    told_at = models.DateTimeField(null=True)
    #: When this round began, in which each school has a turn, and whose turn is over in it: school
    #: and ``Turn`` as one number.
    round_at = models.DateTimeField(null=True)
    served = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    #: Too much was said and nothing answered: when the next that may wait is said, with how many.
    fold_at = models.DateTimeField(null=True)
    #: They are at the desk, or heard by phone how many wait: until when what may wait is held back.
    held_until = models.DateTimeField(null=True)
    #: Odd and even rounds begin at the two ends of what waits.
    rounds = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person_id", "channel"), name="line_once"),)

    def __str__(self) -> str:
        return f"{self.channel} line of person {self.person_id}"
