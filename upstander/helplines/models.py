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
    other; by the survivor's yes sealed words do (``actions/links``).
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


class Partner(models.Model):
    """Somebody at the place who may know that an advocate comes, by the client's yes.

    It is there only while somebody goes, or is there: then the copy is destroyed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    accompaniment = models.ForeignKey(
        Accompaniment, on_delete=models.CASCADE, related_name="partners"
    )
    at = models.DateTimeField()
    #: SHA-256 of the link's secret, and what the partner may read, under link and spoken words.
    link_hash = models.BinaryField(max_length=32, unique=True)
    misses = models.PositiveSmallIntegerField(default=0)
    wrapped = models.BinaryField()
    #: Who it is: the hospital's staff, the court, an officer.
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"partner {self.id}"


class Volunteer(models.Model):
    """Somebody of a center who is no staff: they take something new only on a shift with a backup.

    One row of each time; it stays once it has ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    center_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    begun_by = models.BigIntegerField()
    begun_at = models.DateTimeField()
    #: The supervisor's word that they may take contacts; none: not yet, or not any more.
    may_take_by = models.BigIntegerField(null=True)
    may_take_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("center_id", "person_id"),
                condition=Q(ended_at__isnull=True),
                name="volunteer_once",
            ),
            models.CheckConstraint(
                condition=~Q(begun_by=F("person_id"))
                & (
                    Q(may_take_by__isnull=True, may_take_at__isnull=True)
                    | Q(may_take_by__isnull=False, may_take_at__isnull=False)
                    & ~Q(may_take_by=F("person_id"))
                ),
                name="volunteer_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"volunteer {self.id}"
