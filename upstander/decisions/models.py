"""How a tip ended, and who agreed."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Closing(models.Model):
    """One closing of a tip: its disposition, and why, sealed. Re-opening keeps it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    disposition = models.CharField(max_length=30)
    audience = models.CharField(max_length=10)
    #: Whose seed: the tip's at the center, or the hand-off that began the team's case.
    handoff_id = models.UUIDField(null=True)
    person_id = models.BigIntegerField()
    at = models.DateTimeField()
    sealed = models.BinaryField()
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"closing {self.id}"


class SecondOpinion(models.Model):
    """A proposal to lower a life-safety tip or to close it. Without a second it lapses."""

    class Kind(models.TextChoices):
        LOWER = "lower", _("lower the priority")
        #: Kept as "false": so it was called while one person could close it as anything else.
        CLOSE = "false", _("close the tip")

    class State(models.TextChoices):
        OPEN = "open", _("waiting for a second person")
        AGREED = "agreed", _("agreed")
        REFUSED = "refused", _("refused")
        LAPSED = "lapsed", _("lapsed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    to_priority = models.CharField(max_length=12, blank=True)
    disposition = models.CharField(max_length=30, blank=True)
    proposed_by = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    #: How far the conversation had come for whoever proposed it (``Tip.turns``).
    turn = models.IntegerField(default=0)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    #: Which seed the reason is sealed under: the center's, or the case's.
    audience = models.CharField(max_length=10)
    handoff_id = models.UUIDField(null=True)
    sealed = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tip_id",),
                condition=models.Q(state="open"),
                name="one_open_second_opinion",
            ),
            models.CheckConstraint(
                name="second_opinion_is_anothers",
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("proposed_by"))
                | ~models.Q(state="agreed"),
            ),
        )

    def __str__(self) -> str:
        return f"second opinion {self.id}"
