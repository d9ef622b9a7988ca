"""Duties: each is one mandated reporter's own, and nobody else's to end.

What was seen and said is sealed in the duty's folder (places/folders.py); its clocks stand in
clear, because the reminders and the ledger need them. A duty's rows are written by functions of the
database that act for its owner alone, and are never deleted.
"""

import uuid

from django.db import models
from django.db.models import Q


class Duty(models.Model):
    """One person's duty to report one suspicion. Its standing is computed (clocks.py), not kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    folder_id = models.UUIDField(unique=True)
    person_id = models.BigIntegerField(db_index=True)
    district_id = models.BigIntegerField()
    school_id = models.BigIntegerField(null=True)
    matter_id = models.UUIDField(db_index=True)
    tip_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    rule_set = models.CharField(max_length=20)
    rule = models.CharField(max_length=20)
    #: When reasonable cause arose, as its owner typed it; the server's own time is ``opened_at``.
    cause_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    #: When its owner first opened, and first noted something on, the matter (from the record).
    matter_opened_at = models.DateTimeField(null=True)
    matter_noted_at = models.DateTimeField(null=True)
    #: Whether one of the questions that only the phone answers was a yes. None: not asked yet.
    emergent = models.BooleanField(null=True)
    first_way = models.CharField(max_length=12, blank=True, default="")
    first_at = models.DateTimeField(null=True)
    first_recorded_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    written_at = models.DateTimeField(null=True)
    written_recorded_at = models.DateTimeField(null=True)
    #: The next reminder, and how many there were. The worker's columns; NULL once both are made.
    remind_at = models.DateTimeField(null=True)
    reminded = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(
                fields=("remind_at",), condition=Q(remind_at__isnull=False), name="duty_remind"
            ),
            models.Index(fields=("district_id", "-opened_at", "id"), name="duty_district"),
        )

    def __str__(self) -> str:
        return f"duty {self.id}"


class DutyEvent(models.Model):
    """One thing that its owner did about a duty, or that somebody says was done. Never changed."""

    class Kind(models.TextChoices):
        STARTED = "started", "suspicion noted"
        EMERGENT = "emergent", "questions about urgency answered"
        FIRST = "first", "first report made"
        WRITTEN = "written", "written report sent"
        SIGNED = "signed", "written report signed"
        ANSWER = "answer", "answer of the agency"
        NOTE = "note", "note"
        CORRECTED = "corrected", "typed time corrected"
        ASKED_WHY = "questions", "questioning before the report: reason given"
        SAID_REPORTED = "said", "somebody else says that it was reported"
        CONFIRMED = "confirmed", "confirmed by whose duty it is"
        DENIED = "denied", "not confirmed by whose duty it is"
        COPY = "copy", "copy sent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: `duty_event_number` begins with it.
    duty = models.ForeignKey(
        Duty, on_delete=models.PROTECT, related_name="events", db_index=False
    )  # fmt: skip
    district_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    person_id = models.BigIntegerField()
    #: When it happened, as typed; ``at`` is the server's time.
    happened_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("duty", "number"), name="duty_event_number"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.duty_id}"


class Answer(models.Model):
    """What somebody who opened an abuse tip said: "I suspect", or not and why. Silence failed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField()
    district_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    suspects = models.BooleanField()
    duty_id = models.UUIDField(null=True)
    #: Under which of the tip's seeds the reason is sealed.
    audience = models.CharField(max_length=10)
    circle = models.UUIDField()
    sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("tip_id", "person_id", "-at"), name="answer_of_tip"),)

    def __str__(self) -> str:
        return f"answer {self.id}"
