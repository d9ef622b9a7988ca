"""Whom a center reaches beside its people: contacts outside, and the last phone there is."""

from django.db import models

from upstander.vault.fields import SealedTextField


class ExternalContact(models.Model):
    """Somebody outside whom a policy can name: a task asks a counselor to phone them."""

    center_id = models.BigIntegerField()
    name = SealedTextField(max_length=120)
    phone = SealedTextField(max_length=30)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"contact {self.pk}"


class FallbackPhone(models.Model):
    """Whose phone a center has named as its last one: it rings where nobody opens or decides."""

    center_id = models.BigIntegerField(unique=True)
    person_id = models.BigIntegerField()
    changed_by = models.BigIntegerField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"fallback phone of center {self.center_id}"
