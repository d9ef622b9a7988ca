"""The center's judgement: assessments, second opinions, hand-offs."""

import uuid

from django.db import models


class Assessment(models.Model):
    """One judgement of a tip, never edited, only superseded; its reasons are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    priority = models.CharField(max_length=12)
    suggested = models.CharField(max_length=12)
    next_check_at = models.DateTimeField(null=True)
    #: JSON of every field and the reasons, under the center's seed.
    sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("tip_id", "at"), name="assessment_tip"),)

    def __str__(self) -> str:
        return f"assessment {self.id}"


class SecondOpinion(models.Model):
    """A proposal to lower a life-safety tip or call it false. Without a second it lapses."""

    class Kind(models.TextChoices):
        LOWER = "lower", "lower the priority"
        FALSE = "false", "close as false"

    class State(models.TextChoices):
        OPEN = "open", "waiting for a second person"
        AGREED = "agreed", "agreed"
        REFUSED = "refused", "refused"
        LAPSED = "lapsed", "lapsed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    to_priority = models.CharField(max_length=12, blank=True)
    disposition = models.CharField(max_length=30, blank=True)
    proposed_by = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    #: Why, under the center's seed.
    sealed = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tip_id",),
                condition=models.Q(state="open"),
                name="one_open_second_opinion",
            ),
            models.CheckConstraint(
                name="second_opinion_is_anothers",
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("proposed_by"))
                | ~models.Q(state="agreed"),
            ),
        )

    def __str__(self) -> str:
        return f"second opinion {self.id}"


class Handoff(models.Model):
    """The center gives a tip to a team. The brief itself is a sealed note."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    holder = models.CharField(max_length=80)
    by = models.BigIntegerField()
    at = models.DateTimeField()
    #: The reporter's own words go along only with a recorded reason (sealed in the brief).
    with_words = models.BooleanField(default=False)
    returned_at = models.DateTimeField(null=True)
    returned_by = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"hand-off {self.id}"
