"""What one person asked for and another agrees to, or not."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from upstander.vault.fields import SealedTextField


class Approval(models.Model):
    """One thing that was asked for; nothing changes until somebody else has agreed."""

    class Outcome(models.TextChoices):
        OPEN = "", _("waits")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        #: Where nobody decides who could: the keepers of both recovery shares did.
        SHARES = "shares", _("completed with the district’s recovery shares")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    #: One of those that manifests declare (``plug.ApprovalKind``).
    kind = models.CharField(max_length=20)
    #: What it is asked for: a kind of row and its id, such as ``team:7``.
    subject = models.CharField(max_length=60)
    #: The center whose supervisors decide; None: whom the kind's row policies name.
    center_id = models.BigIntegerField(null=True)
    #: The district that it concerns; None: a center's own.
    district_id = models.BigIntegerField(null=True)
    #: The tip that it is about: whoever agrees has opened it since, and reads the reason there.
    tip_id = models.UUIDField(null=True, db_index=True)
    #: Why, under the tip's seed, in the form of the app that declares the kind.
    sealed = models.BinaryField(null=True)
    #: The address of whom it lets in, in small letters: they don't decide.
    about = models.EmailField(blank=True, default="")
    #: What the subject is to have then, such as a new name.
    value = models.CharField(max_length=200, blank=True, default="")
    #: What was asked, in words, as it stood then.
    words = SealedTextField()
    asked_by = models.BigIntegerField()
    #: Their name, for the supervisor who is to call them: administrators are out of their view.
    asker = SealedTextField()
    asked_at = models.DateTimeField()
    #: From then on nobody can agree any more (UTC).
    lapses_at = models.DateTimeField()
    outcome = models.CharField(
        max_length=10, choices=Outcome.choices, default=Outcome.OPEN, blank=True
    )
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "subject", "about"),
                condition=Q(outcome=""),
                name="one_open_approval",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=("approved", "refused"))
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="approval_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"approval {self.id}"
