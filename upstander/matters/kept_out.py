"""Rows that keep somebody out beside exclusions: who joined a team later, what was taken back."""

from __future__ import annotations

from django.db import models


class Newcomer(models.Model):
    """A matter that a team had before somebody joined: hidden until a colleague has looked."""

    matter_id = models.UUIDField()
    person_id = models.BigIntegerField()
    team_id = models.BigIntegerField()
    since = models.DateTimeField()
    let_in_at = models.DateTimeField(null=True)
    let_in_by = models.BigIntegerField(null=True)

    class Meta:
        unique_together = ("person_id", "matter_id", "team_id")

    def __str__(self) -> str:
        return f"{self.person_id} waits on {self.matter_id}"


class TakenBack(models.Model):
    """A folder's grant that was taken back: so that an older backup, restored, gives it to nobody.

    Under the name that it stood under, which is bound to its folder.
    """

    folder_id = models.UUIDField()
    holder = models.CharField(max_length=80)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"folder {self.folder_id} taken back from {self.holder}"
