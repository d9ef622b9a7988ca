"""What one or more tips are about, whom it is kept from, and what is sealed to some people."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

# Django looks for an app's models here.
from upstander.matters.kept_out import Newcomer, TakenBack  # noqa: F401


class Matter(models.Model):
    """What one or more tips are about. Exclusions stand here so that all layers above obey them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district_id = models.BigIntegerField()
    #: True once somebody must not see it: from then on grants go to persons only.
    restricted = models.BooleanField(default=False)
    #: The one that took it up when their tips were linked; that one always stands for itself.
    #: Its index holds only these: every tip writes a matter.
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged", db_index=False
    )

    class Meta:
        indexes = (
            models.Index(
                fields=("merged_into",),
                condition=models.Q(merged_into__isnull=False),
                name="matter_merged",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="matter_not_into_itself"
            ),
        )

    def __str__(self) -> str:
        return f"matter {self.id}"


class Exclusion(models.Model):
    """Somebody who must not see a matter. Only a hash over their opaque code says who."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="exclusions")
    district_id = models.BigIntegerField()
    #: Written as the code itself; the database binds it to ``bound_to`` before it is stored.
    person_mac = models.BinaryField(max_length=32)
    #: The matter that it was set on: its own, or the one that it was taken over from.
    bound_to = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("matter", "person_mac"), name="exclusion_once"),
        )

    def __str__(self) -> str:
        return f"exclusion on {self.matter_id}"


class Folder(models.Model):
    """What is sealed to some people where there is no tip: a duty, a case (matters/folders.py)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12)
    district_id = models.BigIntegerField()
    school_id = models.BigIntegerField(null=True)
    matter_id = models.UUIDField(db_index=True)
    #: Who made it. Their own grant can't be taken from them.
    opened_by = models.BigIntegerField()
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class FolderGrant(models.Model):
    """A folder's secret, sealed to one holder. The database shows a folder by these rows."""

    folder_id = models.UUIDField()
    holder = models.CharField(max_length=80)
    key_version = models.PositiveIntegerField()
    blob = models.BinaryField()
    since = models.DateTimeField()
    #: A share with an end opens nothing after it. None: for good.
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("folder_id", "holder"), name="folder_grant_once"),
        )
        indexes = (
            models.Index(fields=("holder", "folder_id"), name="folder_of_holder"),
            models.Index(fields=("holder", "-id"), name="grant_of_holder"),
        )

    def __str__(self) -> str:
        return f"folder {self.folder_id} for {self.holder}"


class MatterHold(models.Model):
    """No questioning on a matter until a duty's first report is made (or a person says why).

    The layers below the duties obey it; whoever writes it stands above (mandated).
    """

    matter_id = models.UUIDField(db_index=True)
    #: What put it on hold, by its id: a duty, or a tip or case about abuse that somebody opened.
    by = models.UUIDField(unique=True)
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    #: Who gave a reason for going on all the same (recorded with the duty).
    passed_by = ArrayField(models.BigIntegerField(), default=list)

    def __str__(self) -> str:
        return f"hold on {self.matter_id}"
