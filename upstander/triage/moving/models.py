"""What was asked to be moved from one center to another, and who decided it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Move(models.Model):
    """Something goes from one center to another once a supervisor of the first signs it."""

    class What(models.TextChoices):
        CENTER = "center", _("another center takes over the district")
        CATCH_ALL = "catch_all", _("tips that name no place come to the district")

    class Outcome(models.TextChoices):
        OPEN = "", _("waits")
        SIGNED = "signed", _("signed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        SHARES = "shares", _("completed with the district's recovery shares")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    what = models.CharField(max_length=10, choices=What.choices)
    district_id = models.BigIntegerField()
    from_center_id = models.BigIntegerField()
    to_center_id = models.BigIntegerField()
    #: Its team, whose place whoever signs compares with what is signed.
    to_team_id = models.BigIntegerField()
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    outcome = models.CharField(
        max_length=10, choices=Outcome.choices, default=Outcome.OPEN, blank=True
    )
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("district_id",), condition=Q(outcome=""), name="one_move_at_once"
            ),
        )

    def __str__(self) -> str:
        return f"move of district {self.district_id}"
