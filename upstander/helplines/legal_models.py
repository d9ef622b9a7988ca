"""What falls due for a client, and what is on its way to a legal aid office."""

import uuid

from django.db import models
from django.db.models import Q


class Deadline(models.Model):
    """Something falls due for a client. What it is, is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(
        "helplines.Client", on_delete=models.CASCADE, related_name="deadlines"
    )
    district_id = models.BigIntegerField()
    #: Who noted it, and is told.
    person_id = models.BigIntegerField()
    #: UTC.
    due_at = models.DateTimeField()
    #: When they are told next (UTC); None: not any more.
    remind_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    sealed = models.BinaryField()

    class Meta:
        indexes = (
            models.Index(
                fields=("remind_at",), condition=Q(remind_at__isnull=False), name="deadline_told"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(remind_at__isnull=True),
                name="deadline_done_reminds_nobody",
            ),
        )

    def __str__(self) -> str:
        return f"deadline {self.id}"


class Intake(models.Model):
    """What a client sends to a legal aid office, until the office opens it. Nobody's row.

    No column leads to whoever sent it, and none to whoever will open it: the link does.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    #: SHA-256 of the link's secret.
    link_hash = models.BinaryField(max_length=32, unique=True)
    misses = models.PositiveSmallIntegerField(default=0)
    #: From then on it opens no more: a midnight (UTC), which tells no hour of its sending.
    until = models.DateTimeField()
    #: Both sides' names; and all else, which nobody is given before they said "no conflict".
    names = models.BinaryField()
    rest = models.BinaryField()

    def __str__(self) -> str:
        return f"intake {self.id}"
