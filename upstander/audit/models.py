"""The record. Entries are inserted, never changed; the table's triggers see to both."""

from django.db import models


class Entry(models.Model):
    """One read or write of something that matters, without its content.

    ``id``, ``xid``, ``at``, ``canonical`` and ``leaf`` are set by the database's insert trigger, so
    no writer can choose them. ``leaf`` is the RFC 6962 leaf hash of ``canonical``; entries commit
    out of id order, so sealing will go by ``xid``.
    """

    id = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField(editable=False)
    at = models.DateTimeField(editable=False)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=40)
    district_id = models.BigIntegerField(null=True)
    matter_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
    canonical = models.TextField(editable=False)
    leaf = models.BinaryField(editable=False)

    class Meta:
        indexes = (
            models.Index(fields=("subject_kind", "subject_id", "id"), name="audit_subject"),
            models.Index(fields=("district_id", "-id"), name="audit_district"),
            # What is not about tips is little, and a district's lead looks for it apart.
            models.Index(
                fields=("district_id", "-id"),
                condition=~models.Q(subject_kind="tip"),
                name="audit_not_tips",
            ),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.subject_kind} {self.subject_id}"
