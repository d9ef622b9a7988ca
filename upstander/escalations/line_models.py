"""Turns and lines: who is next where more wait than can be served at once."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Turn(models.IntegerChoices):
    """What takes turns with its like: by its alert (``escalations_turn``)."""

    ALONE = 0, "life safety that came alone"
    CROWD = 1, "life safety in a crowd"
    REST = 2, "everything else"


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
    #: Odd and even rounds begin at the two ends of what waits.
    rounds = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person_id", "channel"), name="line_once"),)

    def __str__(self) -> str:
        return f"{self.channel} line of person {self.person_id}"
