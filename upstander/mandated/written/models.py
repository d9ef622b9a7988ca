"""What is written for a duty's second clock: a draft, what was signed, what proves the sending.

All of it is sealed in the duty's folder. The agency's own form is no secret and lies in clear.
"""

import uuid

from django.db import models
from django.db.models import Q


class Draft(models.Model):
    """What a duty's owner has filled in so far: theirs alone, replaced each time it is kept."""

    duty_id = models.UUIDField(primary_key=True)
    district_id = models.BigIntegerField()
    at = models.DateTimeField()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"draft of {self.duty_id}"


class Report(models.Model):
    """A written report as its owner signed it. Never changed; who corrects it signs another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    duty_id = models.UUIDField()
    district_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    form = models.CharField(max_length=40)
    at = models.DateTimeField()
    #: SHA-256 of the signed text, which holds a random number: nobody can guess the text by it.
    digest = models.CharField(max_length=64)
    sealed = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("duty_id", "number"), name="written_report_number"),
        )

    def __str__(self) -> str:
        return f"report {self.number} of {self.duty_id}"


class Evidence(models.Model):
    """A file that proves that the report was sent, kept byte for byte; what it is is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    duty_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    at = models.DateTimeField()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"evidence for {self.duty_id}"


class AgencyPdf(models.Model):
    """An agency's own form, as an administrator uploaded it, and which field is which."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.CharField(max_length=40)
    pdf = models.BinaryField()
    #: Our field → the PDF's field, or the PDF's field and the option that is ticked.
    fields = models.JSONField(default=dict)
    person_id = models.BigIntegerField()
    at = models.DateTimeField()
    #: Taken out of use; a newer one takes its place without it.
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("form",), condition=Q(withdrawn_at__isnull=True), name="written_one_pdf"
            ),
        )

    def __str__(self) -> str:
        return f"PDF of {self.form}"
