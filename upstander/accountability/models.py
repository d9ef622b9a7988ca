"""How long each tip took from one step to the next: figures only, filled by a sweep."""

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
