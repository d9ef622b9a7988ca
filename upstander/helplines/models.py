"""A client of an agency of advocates, what was written of them, and going along with them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

# Django looks for an app's models here.
from upstander.helplines.legal_models import Deadline, Intake  # noqa: F401


class Client(models.Model):
    """Somebody whom an agency helps. A sealed folder; its id is the folder's.

    Whoever loves a survivor is a client of their own: no row and no column leads from one to the
    other.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    district_id = models.BigIntegerField()
    matter_id = models.UUIDField()
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: The name they chose, and how they may be reached without harm.
    sealed = models.BinaryField()
    #: Their safety plan, if they want it kept.
    plan = models.BinaryField(null=True)
    #: What legal aid asks first, if they want it kept.
    legal = models.BinaryField(null=True)

    class Meta:
        indexes = (models.Index(fields=("ended_at", "id"), name="client_ended"),)

    def __str__(self) -> str:
        return f"client {self.id}"


class Note(models.Model):
    """What an advocate wrote. Nobody changes or removes one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="notes")
    person_id = models.BigIntegerField()
    at = models.DateTimeField()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"note {self.id}"


class Accompaniment(models.Model):
    """An advocate goes along: to a hospital, a court, a police station."""

    class State(models.TextChoices):
        #: It is asked about a day before.
        PLANNED = "planned", _("planned")
        WAITING = "waiting", _("somebody is being asked")
        ACCEPTED = "accepted", _("somebody goes")
        ARRIVED = "arrived", _("there")
        LEFT = "left", _("on the way home")
        SAFE = "safe", _("safe home")
        OFF = "off", _("called off")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="accompaniments")
    district_id = models.BigIntegerField()
    matter_id = models.UUIDField()
    #: Of which team advocates are asked.
    team_id = models.BigIntegerField()
    #: When they are wanted there (UTC).
    begins_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    #: Who goes.
    held_by = models.BigIntegerField(null=True)
    #: The alert by which people are asked to go.
    alert_id = models.UUIDField(null=True)
    #: When the worker looks next (UTC): to ask, or to ring the desk as nobody said what is awaited.
    due_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    safe_at = models.DateTimeField(null=True)
    #: Where, in which language, who may know, and with whom the client lets us work.
    sealed = models.BinaryField()

    class Meta:
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(due_at__isnull=False), name="accompaniment_due"
            ),
            models.Index(fields=("state",), name="accompaniment_state"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("planned", "waiting", "off"), held_by__isnull=True)
                | Q(state__in=("accepted", "arrived", "left", "safe"), held_by__isnull=False),
                name="accompaniment_has_its_owner",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=False, arrived_at__gte=F("accepted_at"))
                | Q(arrived_at__isnull=True) & ~Q(state__in=("arrived", "left", "safe")),
                name="accompaniment_arrived_in_order",
            ),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=False, left_at__gte=F("arrived_at"))
                | Q(left_at__isnull=True) & ~Q(state__in=("left", "safe")),
                name="accompaniment_left_in_order",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=False, safe_at__gte=F("left_at"), state="safe")
                | Q(safe_at__isnull=True) & ~Q(state="safe"),
                name="accompaniment_safe_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"accompaniment {self.id}"

    @property
    def reference(self) -> str:
        """What pages and phones call it: it says of nobody anything."""
        return f"A-{self.id.hex[:6].upper()}"
