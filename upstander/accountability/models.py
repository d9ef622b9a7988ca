"""How long each tip took from one step to the next: figures only, filled by a sweep."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Journey(models.Model):
    """One tip's times, in whole seconds; None for a step that has not come.

    Times over a quarter of an hour are kept to three figures. ``from_tip`` columns count from the
    tip and are the center's; a school may read only what counts from its own hand-off.
    """

    tip_id = models.UUIDField(primary_key=True)
    district_id = models.BigIntegerField()
    school_id = models.BigIntegerField(null=True)
    priority = models.CharField(max_length=12)
    closed = models.BooleanField()
    #: A talk: the center's times of these stand by themselves.
    to_talk = models.BooleanField(default=False, db_default=False)
    #: By which door it came, and in which language: the center's to know, who answers them.
    channel = models.CharField(max_length=8, default="web", db_default="web")
    language = models.CharField(max_length=8, default="en", db_default="en")
    #: When it came in, and the hour (0-23) and weekday (0 Monday) of its school's own clock.
    received_at = models.DateTimeField()
    hour = models.SmallIntegerField()
    weekday = models.SmallIntegerField()
    claimed = models.IntegerField(null=True)
    assessed = models.IntegerField(null=True)
    handed_off = models.IntegerField(null=True)
    paged = models.IntegerField(null=True)
    acknowledged = models.IntegerField(null=True)
    ended = models.IntegerField(null=True)
    #: The school's part: from the first hand-off on, which the school knows to the second anyway.
    handed_off_at = models.DateTimeField(null=True)
    handed_hour = models.SmallIntegerField(null=True)
    handed_weekday = models.SmallIntegerField(null=True)
    paged_after = models.IntegerField(null=True)
    acknowledged_after = models.IntegerField(null=True)
    ended_after = models.IntegerField(null=True)
    #: Whether something may still come that the next sweep must look for.
    waiting = models.BooleanField()

    class Meta:
        indexes = (
            models.Index(fields=("district_id", "received_at"), name="journey_received"),
            models.Index(
                fields=("tip_id",), condition=models.Q(waiting=True), name="journey_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"journey of {self.tip_id}"


class Gathered(models.Model):
    """How far the sweep has come through the tips (one row)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    changed_at = models.DateTimeField()
    tip_id = models.UUIDField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_gathered"),)

    def __str__(self) -> str:
        return f"gathered up to {self.changed_at}"


class Division(models.Model):
    """A way by which a district wants its outcomes compared: its name and the groups it makes."""

    district_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    groups = ArrayField(models.CharField(max_length=60))
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    #: Not asked for any more; what was answered stays.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("district_id", "name"),
                condition=models.Q(ended_at__isnull=True),
                name="division_once",
            ),
        )

    def __str__(self) -> str:
        return f"division {self.pk}"


class CaseFigures(models.Model):
    """Of whom a closed case was, for the figures alone: no name, no word. Filled in by its team."""

    case_id = models.UUIDField(primary_key=True)
    district_id = models.BigIntegerField()
    matter_id = models.UUIDField()
    #: ``pk``, ``k``, ``1`` … ``12``; empty: not known.
    grade = models.CharField(max_length=2, blank=True, default="")
    #: None: not known.
    disability = models.BooleanField(null=True)
    #: Division's id → its group.
    groups = models.JSONField(default=dict)
    person_id = models.BigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"figures of case {self.case_id}"
