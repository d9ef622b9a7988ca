"""An import that waits for a second person, because much of what stood would go."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportKind(models.TextChoices):
    """What an import replaces."""

    ROSTER = "roster", _("Roster")


class ImportProposal(models.Model):
    """Somebody wants to import a file by which less than 80 % of what stood would be left.

    At most one stands for a district and kind: a newer one takes its place. The file isn't kept,
    only what it would be known by again; once it was imported, the proposal is gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=ImportKind.choices)
    district_id = models.BigIntegerField()
    #: SHA-256 of what was read from the file, not of its bytes.
    digest = models.BinaryField(max_length=32)
    standing = models.PositiveIntegerField()
    coming = models.PositiveIntegerField()
    proposed_by = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    agreed_by = models.BigIntegerField(null=True)
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "district_id"), name="one_import_proposal"),
            models.CheckConstraint(
                condition=models.Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | models.Q(agreed_by__isnull=False, agreed_at__isnull=False)
                & ~models.Q(agreed_by=models.F("proposed_by")),
                name="import_agreed_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"import proposal {self.id}"
