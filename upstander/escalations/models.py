"""Alerts and what becomes of them. What must happen is a row with a due time.

Subjects are named by a plain id, with no foreign key upward: this layer knows no tips.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Alert(models.Model):
    """Something that needs a person to say "I have it"."""

    class State(models.TextChoices):
        OPEN = "open", "not yet acknowledged"
        ACKNOWLEDGED = "acknowledged", "acknowledged"
        ENDED = "ended", "ended"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_id = models.UUIDField()
    matter_id = models.UUIDField()
    reference = models.CharField(max_length=12)
    district_id = models.BigIntegerField()
    priority = models.CharField(max_length=12)
    #: Who is asked: ``team:<id>``, or ``mac:<hex>`` for each person of a restricted matter.
    holders = ArrayField(models.CharField(max_length=80))
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    acknowledged_by = models.BigIntegerField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    #: By when the person who has it must have recorded a next step.
    next_step_due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("subject_id",), name="alert_subject"),
            # The worker asks each second whose next step is overdue, among all that ever were.
            models.Index(
                fields=("next_step_due_at",), condition=Q(state="acknowledged"),
                name="alert_next_step",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"alert {self.id}"


class Step(models.Model):
    """One step of an alert's policy: at ``due_at`` the next people are asked."""

    class State(models.TextChoices):
        DUE = "due", "due"
        DONE = "done", "done"
        CANCELLED = "cancelled", "cancelled"

    id = models.BigAutoField(primary_key=True)
    # No index of its own: `step_number_once` begins with it.
    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, related_name="steps", db_index=False
    )  # fmt: skip
    district_id = models.BigIntegerField()
    number = models.PositiveSmallIntegerField()
    #: Who is asked at this step: ``holders``, ``district`` or ``center``.
    target = models.CharField(max_length=12)
    due_at = models.DateTimeField()
    #: The last step asks again after so many seconds, until somebody acknowledges.
    repeat_seconds = models.PositiveIntegerField(null=True)
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("alert", "number"), name="step_number_once"),
        )
        indexes = (models.Index(fields=("due_at",), condition=Q(state="due"), name="step_due"),)

    def __str__(self) -> str:
        return f"step {self.number} of {self.alert_id}"


class Page(models.Model):
    """One attempt to reach one person on one channel, written before it is made."""

    class State(models.TextChoices):
        DUE = "due", "to be sent"
        SENT = "sent", "sent"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="pages")
    district_id = models.BigIntegerField()
    step_number = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    person_id = models.BigIntegerField()
    channel = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("alert", "step_number", "person_id", "channel", "round"),
                name="page_once",
            ),
        )
        indexes = (models.Index(fields=("due_at",), condition=Q(state="due"), name="page_due"),)

    def __str__(self) -> str:
        return f"page {self.id}"


class Acknowledgement(models.Model):
    """What a person answered to an alert. Only ``have_it`` stops it."""

    class Answer(models.TextChoices):
        HAVE_IT = "have_it", "I have it"
        SEEN = "seen", "seen"
        CANNOT = "cannot", "cannot"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="acknowledgements")
    district_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    answer = models.CharField(max_length=10, choices=Answer.choices)
    at = models.DateTimeField()
    #: Order among an alert's answers: times are whole seconds and ids are random.
    number = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("alert", "number"), name="answer_number"),)

    def __str__(self) -> str:
        return f"{self.answer} on {self.alert_id}"
