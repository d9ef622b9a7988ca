"""The center's judgement: assessments and hand-offs."""

import uuid

from django.contrib.postgres.fields import ArrayField
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


class Handoff(models.Model):
    """The center gives a tip to a team. The brief itself is a sealed note."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    holders = ArrayField(models.CharField(max_length=80))
    by = models.BigIntegerField()
    at = models.DateTimeField()
    #: The reporter's own words go along only with a recorded reason (sealed in the brief).
    with_words = models.BooleanField(default=False)
    returned_at = models.DateTimeField(null=True)
    returned_by = models.BigIntegerField(null=True)
    #: The center's inbox key, sealed under the case's seed: what a team sends back is sealed to it,
    #: since a team holds no seed of the center's.
    sealed = models.BinaryField()
    #: What the center judged of home since: sealed by the dialog's seed, the only one that both
    #: hold. Written with each judgement, so that its being there tells nothing.
    home_since = models.BinaryField(null=True)

    def __str__(self) -> str:
        return f"hand-off {self.id}"
