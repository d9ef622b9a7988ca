"""What left the building: kept by the demo's outbox so that one can see what would be sent."""

from django.db import models


class OutboxMail(models.Model):
    """An email that the demo shows instead of sending."""

    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.subject
