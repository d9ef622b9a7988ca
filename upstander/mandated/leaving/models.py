"""That somebody with open reports is shut out: what is kept of it."""

import uuid

from django.db import models
from django.db.models import Q

from upstander.vault.fields import SealedTextField


class StandIn(models.Model):
    """An office has answered for the file in place of an owner who was shut out and stays silent.

    Their duty stays open and is shown as that; it keeps the matter open no more. Written by a
    function alone.
    """

    duty_id = models.UUIDField(primary_key=True)
    district_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"answered for the file of {self.duty_id}"


class Shutting(models.Model):
    """Somebody with open reports of their own is to be shut out: one asks, another agrees.

    Where somebody else has the account (``taken``), one is enough. Written by functions alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.BigIntegerField()
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    reason = SealedTextField(max_length=500)
    taken = models.BooleanField()
    agreed_by = models.BigIntegerField(null=True)
    agreed_at = models.DateTimeField(null=True)
    #: When it was done, or refused or taken back.
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    #: When somebody is told of it next. The worker's column; NULL: nobody is.
    tell_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person_id",),
                condition=Q(done_at__isnull=True, ended_at__isnull=True),
                name="one_shutting_at_once",
            ),
            models.CheckConstraint(
                name="shutting_takes_two",
                condition=Q(done_at__isnull=True)
                | Q(taken=True)
                | (Q(agreed_by__isnull=False) & ~Q(agreed_by=models.F("asked_by"))),
            ),
        )
        indexes = (
            models.Index(fields=("person_id", "-done_at"), name="shutting_of_person"),
            models.Index(
                fields=("tell_at",), condition=Q(tell_at__isnull=False), name="shutting_tell"
            ),
        )

    def __str__(self) -> str:
        return f"shutting out person {self.person_id}"
