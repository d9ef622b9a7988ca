"""How a tip ended. The school's case work grows here."""

import uuid

from django.db import models


class Closing(models.Model):
    """One closing of a tip: its disposition, and why, sealed. Re-opening keeps it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    disposition = models.CharField(max_length=30)
    audience = models.CharField(max_length=10)
    person_id = models.BigIntegerField()
    at = models.DateTimeField()
    sealed = models.BinaryField()
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"closing {self.id}"
