"""What is due to go, what is held, and what has gone. No words but a hold's reason, sealed."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from upstander.vault.fields import SealedTextField


class Period(models.Model):
    """How many years a rule keeps in a district, as an administrator set it; the last counts."""

    district_id = models.BigIntegerField()
    rule = models.CharField(max_length=30)
    #: None: the number was taken back, and everything is kept.
    years = models.PositiveSmallIntegerField(null=True)
    set_by = models.BigIntegerField()
    set_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("district_id", "rule", "-id"), name="period_of_rule"),)

    def __str__(self) -> str:
        return f"{self.rule} in {self.district_id}"


class Hold(models.Model):
    """Nothing of it goes while this stands: a court, an investigation, an appeal.

    Of one matter, of a school, or (with neither) of a whole district.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district_id = models.BigIntegerField()
    school_id = models.BigIntegerField(null=True)
    matter_id = models.UUIDField(null=True, db_index=True)
    #: What it was asked for on: the reference of the tip or case.
    reference = models.CharField(max_length=12, blank=True, default="")
    reason = SealedTextField()
    placed_by = models.BigIntegerField()
    placed_at = models.DateTimeField()
    #: UTC; None: until somebody lifts it.
    until = models.DateTimeField(null=True)
    lifted_by = models.BigIntegerField(null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("district_id",), condition=Q(lifted_at__isnull=True), name="hold_standing"
            ),
        )

    def __str__(self) -> str:
        return f"hold {self.id}"


class Item(models.Model):
    """Something whose time is over. It goes only once two persons have said so."""

    class State(models.TextChoices):
        DUE = "due", _("retention period ended")
        PROPOSED = "proposed", _("waiting for a second person")
        AGREED = "agreed", _("destroyed after a day")
        GONE = "gone", _("gone")
        #: It was opened again, or a hold came: it is listed anew once it is due again.
        DROPPED = "dropped", _("no longer due")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    #: ``tip``, or the kind of a folder.
    kind = models.CharField(max_length=12)
    subject = models.UUIDField()
    district_id = models.BigIntegerField()
    school_id = models.BigIntegerField(null=True)
    matter_id = models.UUIDField()
    rule = models.CharField(max_length=30)
    ended_at = models.DateTimeField()
    listed_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    proposed_by = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField(null=True)
    agreed_by = models.BigIntegerField(null=True)
    agreed_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("subject",), condition=~Q(state="dropped"), name="item_once_a_subject"
            ),
            models.CheckConstraint(
                name="item_takes_two",
                condition=~Q(state__in=("agreed", "gone"))
                | Q(proposed_by__isnull=False, agreed_by__isnull=False)
                & ~Q(agreed_by=F("proposed_by")),
            ),
        )
        indexes = (
            models.Index(
                fields=("district_id", "state", "rule", "ended_at"),
                condition=Q(state__in=("due", "proposed", "agreed")),
                name="item_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Leftover(models.Model):
    """A stored file of something that has gone; the worker removes the file, then this row."""

    file = models.UUIDField(primary_key=True)

    def __str__(self) -> str:
        return f"leftover {self.file}"
