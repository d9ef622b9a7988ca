"""What was published of a half-year that is over."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class PublishedEdition(models.Model):
    """All tables of one subject, half-year and audience as they were published: never changed.

    A correction that came later would show as the difference of two editions, and one child in it.
    """

    district_id = models.BigIntegerField()
    #: The figure that it publishes, such as ``outcomes.cases``.
    subject = models.CharField(max_length=40)
    #: ``2026-1``: January to June.
    half = models.CharField(max_length=6)
    #: Who may read it: ``center``, ``district``, or who leads a team of one school: ``school:12``.
    audience = models.CharField(max_length=30)
    #: Empty: of all of them; else one person's own, who was excluded from some matter (HMAC).
    person_mac = models.BinaryField(max_length=32)
    #: Who was excluded from some matter of the district when it was published (HMACs).
    excluded = ArrayField(models.BinaryField(max_length=32))
    #: Counts alone, none under ten; null: hidden.
    tables = models.JSONField()
    #: What is told of groups beside counts, such as times: none of fewer than ten.
    measures = models.JSONField()
    #: Over all of it (HMAC): what a session was made to write by itself has none.
    seal = models.BinaryField(max_length=32)
    published_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("district_id", "subject", "half", "audience", "person_mac"),
                name="one_edition",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} of {self.half} for {self.audience}"
